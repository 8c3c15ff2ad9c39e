"""Words that say what somebody is, and not who: "Ward sister Jo Bly" is called Jo Bly, and nobody is called "ward"."""

import re

from rag.transcripts.names import HONORIFICS, fold
from rag.transcripts.word_set import word_set

PERSON_NOUNS = word_set(
    "academic accountant administrator adviser advisor advocate ambassador anaesthetist analyst announcer apprentice "
    "architect assistant attendee audience author barrister broadcaster brother caller captain caregiver carer "
    "ceo chair chairman chairperson chairwoman chaplain chef cleaner clerk clinician co-chair co-host coach "
    "colleague columnist commissioner commentator constable consultant contributor convener convenor cook coo "
    "coordinator co-ordinator correspondent councillor counsel counsellor curator daughter delegate dentist deputy "
    "designer developer dietitian director doctor economist editor educator engineer epidemiologist executive expert "
    "facilitator farmer father fellow founder gentleman governor gp grandfather grandmother guest head "
    "historian host husband inspector intern interpreter interviewee interviewer journalist judge lady lawyer lead "
    "leader lecturer librarian listener man manager matron mayor member midwife minister moderator mother mum narrator "
    "nurse observer officer operator organiser owner paediatrician panel panelist panellist paramedic parent "
    "participant partner pastor patient person pharmacist physician physiotherapist porter practitioner presenter "
    "president principal producer professor psychiatrist psychologist psychotherapist questioner radiographer reader "
    "receptionist recruit registrar relative reporter representative researcher resident scientist secretary sergeant "
    "sister solicitor son speaker specialist spokesman spokesperson spokeswoman statistician student supervisor "
    "surgeon teacher technician therapist trainee trainer translator treasurer trustee tutor user vicar visitor "
    "volunteer widow wife witness woman worker"
)
"""Nouns with which the name of a role ends. None that things have as often: a driver is drawn in a diagram."""
OF_ROLES = word_set(
    "acting advanced chief clinical community corporate deputy executive external finance first former general "
    "guest honorary independent interim joint junior lay lead managing medical new night nursing office operations "
    "podcast policy practice principal programme program project public quality regional retired safety second "
    "senior service show staff team third unidentified unknown vice ward"
)
"""Words that stand before them. What else may stand there has no end; see `rag.transcripts.common_words`."""
ROLE_WORDS = PERSON_NOUNS | OF_ROLES


def role_before(label: str) -> tuple[str, str]:
    """Return the role before the name in a label, and the name: "Programme lead" and "Ishbel Tan"; else "" and all.

    A role is known by a noun for people in lower case, or by its first word. Of the last word nothing is left out: it
    may be a surname ("Nora Cook").
    """
    words = list(re.finditer(r"[\w'’-]+", label))
    nouns = [word for word in words[:-1] if fold(word.group()) in PERSON_NOUNS]
    known = [word for word in nouns if word.group().islower() or is_role_word(fold(words[0].group()))]
    rest = label[known[-1].end() :].strip() if known else ""
    # Of "Mother of Ann Lee" it is somebody else who is named.
    return (label[: known[-1].end()], rest) if rest[:1].isupper() else ("", label)


def is_role_word(word: str) -> bool:
    """Say whether a word says what people are or how one addresses them, whatever its case."""
    return word.lower() in ROLE_WORDS or word.lower() in HONORIFICS
