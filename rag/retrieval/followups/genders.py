"""Whether a person is spoken of as "he" or as "she", where a title or a first name tells; mostly nothing does."""

from collections.abc import Iterable
from enum import Enum

from rag.transcripts.names import HONORIFICS, fold
from rag.transcripts.word_set import word_set


class Gender(Enum):
    """How a person is spoken of."""

    HE = "he"
    SHE = "she"


PRONOUNS_OF_MEN = word_set("he him his himself he's")
TITLES = {
    **dict.fromkeys(("sir", "mr", "lord", "father"), Gender.HE),
    **dict.fromkeys(("dame", "lady", "baroness", "mrs", "ms", "miss"), Gender.SHE),
}
MEN = word_set(
    """adam adrian alan albert alexander alfred andrew anthony antony arthur barry benjamin bernard brian bruce
    charles christopher clive colin craig daniel darren david dennis derek dominic donald douglas duncan edward
    edwin eric ernest frank frederick gareth gary geoffrey george gerald giles gordon graham gregory harold harry
    henry howard hugh ian ivan jack jacob james jason jeffrey jeremy john jonathan joseph joshua julian keith
    kenneth kevin lawrence leonard luke malcolm marcus mark martin matthew michael mohammed muhammad neil nicholas
    nigel norman oliver oscar patrick paul peter philip phillip ralph raymond richard robert roger roland ronald
    rory roy russell samuel sean sebastian simon stephen steven stewart stuart terence theodore thomas timothy
    trevor victor vincent walter wayne william"""
)
WOMEN = word_set(
    """abigail agnes alexandra alice alison amanda amelia amy angela anita ann anna anne annette audrey barbara
    beatrice belinda bernadette beverley brenda bridget carol caroline catherine celia charlotte cheryl christina
    christine claire clare deborah denise diana diane donna doreen dorothy edith eileen elaine eleanor elizabeth
    ellen emily emma esther fatima felicity fiona florence frances geraldine gillian grace hannah harriet hazel
    heather helen henrietta ida imogen irene isabel isabella jacqueline jane janet janice jennifer jessica joanna
    joanne josephine joyce judith julia julie karen katherine kathleen kathryn laura lauren linda lisa lorraine
    louise lucy margaret maria marilyn marjorie martha mary maureen megan melanie michelle miranda miriam monica
    nancy natalie natasha olivia pamela patricia paula pauline penelope penny philippa priscilla rachel rebecca
    rosemary ruth sandra sarah sharon sheila shirley sophia sophie stella stephanie susan suzanne sylvia teresa
    theresa tracey ursula valerie vanessa veronica victoria virginia vivien wendy yvonne zoe"""
)
"""First names that in Britain one gender bears nearly alone: no Sam, Chris, Alex, Kim, Robin or Leslie."""


def gender_of(names: Iterable[str]) -> Gender | None:
    """Return what the names of one person tell, titles before first names; None where they tell nothing, or both."""
    spelled = [fold(name).replace(".", " ").split() for name in names]
    titles = {TITLES[word] for words in spelled for word in words[:-1] if word in TITLES}
    firsts = {found for words in spelled if (found := _of_first(words)) is not None}
    told = titles or firsts
    return next(iter(told)) if len(told) == 1 else None


def _of_first(words: list[str]) -> Gender | None:
    named = [word for word in words if word not in HONORIFICS]
    first = named[0] if len(named) > 1 else ""
    return Gender.HE if first in MEN else Gender.SHE if first in WOMEN else None
