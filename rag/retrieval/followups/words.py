"""The words that tell whether a question stands alone. Closed classes of English, and short lists of open ones."""

import re
from functools import lru_cache

from rag.transcripts.word_set import word_set

DETERMINERS = word_set("a an the some any each every no another both all most many much more few several other others")
DEMONSTRATIVES = word_set("this that these those such")
PREPOSITIONS = word_set(
    """about above across after against along among around as at before behind below beneath beside besides between
    beyond by despite down during except for from in inside into like near of off on onto out over per since than
    through throughout to toward towards under until up upon versus vs via with within without"""
)
CONJUNCTIONS = word_set("and or but nor so yet because although though while whereas if when whether unless")
QUESTION_WORDS = word_set("what what's who who's whom whose which when where where's why how how's")
BE = word_set("is are was were am be been being isn't aren't wasn't weren't 's 're")
DO = word_set("do does did don't doesn't didn't")
HAVE = word_set("has have had hasn't haven't hadn't having")
MODALS = word_set(
    "can could will would should shall may might must can't couldn't won't wouldn't shouldn't cannot ought"
)
AUXILIARIES = BE | DO | HAVE | MODALS
THINGS = word_set("it its it's itself they them their theirs themselves")
MEN_AND_WOMEN = word_set("he him his himself she her hers herself he's she's")
SPEAKER_AND_READER = word_set("i i'm i'd i've i'll me my mine you you're your yours we we're us our ours myself")
PRONOUNS = THINGS | MEN_AND_WOMEN | SPEAKER_AND_READER | word_set("one ones someone anyone everyone something anything")
ADVERBS = word_set(
    """actually again ago almost already also always anyway apart away basically better both currently easily
    either else enough even ever exactly far furthermore generally here however instead just kind largely later
    least less likely mainly maybe meanwhile moreover mostly naturally nearby never next not now nowadays often once
    only originally other perhaps please possibly pretty previously primarily probably quickly quite rather really
    recently right same simply so sometimes soon specifically still suddenly then there there's therefore thus today
    together too traditionally typically usually very well whatever worth yes yet"""
)
IMPERATIVES = word_set(
    """tell describe explain list give show compare name discuss define summarise summarize find help elaborate outline
    suggest provide clarify expand talk say let recommend contrast continue go write"""
)
PREDICATES = word_set(
    """able ago alive available aware bad based best better big cheap clear common compatible considered correct
    dangerous dead different difficult done due easy effective ethical expensive famous free good hard harmful healthy
    high illegal important independent interesting involved known large legal likely live long low made married
    necessary needed new normal okay old popular possible real red related reliable responsible right safe same secure
    significant similar small strong successful sure treatable true typical unique used useful valid wrong younger"""
)
"""What a thing may be said to be: no part of the thing's name where it ends a clause."""
RELATIONAL = word_set(
    """advantage aim alternative answer application approach argument aspect author background basis benefit cause
    challenge change characteristic competitor component concept concern conclusion condition consequence contribution
    cost criticism date definition detail difference difficulty disadvantage drawback downside effect element evidence
    example experience factor feature finding founder function future goal history idea impact implication importance
    influence ingredient invention issue kind lesson level limit limitation main meaning member message method model
    name nature objective one option origin outcome part pattern people phase place plan point population position
    price pro con problem process product project purpose question rate reason recommendation relation relationship
    requirement result risk role rule sign significance similarity site size solution sort source stage step story
    strategy strength structure style symptom technique term theme thing time tip topic treatment trend type use
    character creator writer leader artist winner
    usage value variation variety version view way weakness year upside number amount detail group variant diagnosis"""
)
"""Nouns that are of something: "the symptoms" of what?"""
IRREGULAR_PLURALS = {"criteria": "criterion", "people": "person", "children": "child", "men": "man", "women": "woman"}
EVALUATIVE = word_set(
    """popular famous important good best typical common main key other similar different major top notable great known
    most more further additional other alternative modern early usual bad worst positive negative special recent"""
)
"""Adjectives that rank or sort what a question does not name: "What are popular ones", "the main dishes"."""
PLACEHOLDERS = word_set(
    """approach area aspect book case change city company concept condition country disease event experiment feature
    field film group idea initiative issue kind language law matter method model movie place plan point practice
    problem process product programme program project question reason region result rule scheme show situation song
    species standard state story study subject system team technique technology term theory thing time tool topic town
    tradition type version way work"""
)
"""Nouns that "this", "that" and "the" put in the place of a longer name."""
VERBS = word_set(
    """accept achieve act adapt add admit adopt advise affect agree allow apply approach argue arrive ask avoid bear
    become begin believe belong benefit bring build buy call care carry cause celebrate change charge check choose
    claim clean close collect come communicate compare compete complain complete concern connect consider contain
    continue contribute control convert cook cope cost count cover create cure cut damage deal decide decline decrease
    define deliver depend describe design destroy detect determine develop die differ disagree discover discuss drink
    drive earn eat educate elect embed emerge employ enable encounter encourage end enjoy ensure enter establish evolve
    exist expand expect experience explain express fail fall feel fight fill find finish fit fix fly follow forget form
    found gain get give go grow handle happen harm hear help hide hire hold hope hurt identify ignore impact implement
    improve include increase influence inform inspire install integrate introduce invent invest involve join keep kill
    know lack last launch lead learn leave lend let lie like limit link listen live look lose love maintain make manage
    market mean measure meet mention mind miss monitor motivate move need notice obtain occur offer open operate order
    organise organize originate owe own participate pass pay perform plan play point practise predict prefer prepare
    prevent produce promote propose protect prove provide publish pull purchase push put raise reach read realise
    receive recognise recommend recover reduce refer reflect refuse regulate reject relate release rely remain remember
    remove repair replace report represent require resolve respond rest result return reveal rise run save say scale see
    seek seem select sell send serve set settle share shift show shut sit sleep smoke solve speak spend split spread
    stand start stay steal stop store study succeed suffer suggest supply support surprise survive take talk teach tell
    test think train transfer transform travel treat trust try turn understand update use vary view visit vote wait walk
    want warn wash watch wear weigh win wish wonder work worry write
    abolish ban catch discriminate enforce feed gather generate handle hunt measure migrate reproduce ship treat"""
)
PAST_FORMS = word_set(
    """became began brought built bought came caught chose cut did drew drove ate fell felt fought found flew forgot
    froze gave got grew had heard held hid hit hurt kept knew laid led left lent let lost made meant met paid put ran
    read rose said sang sat saw sent set shot showed shut slept sold spent spoke spread stood stole struck swam taught
    thought threw told took understood went woke won wore wrote been born broken chosen done drawn driven eaten fallen
    flown forgotten frozen given gone grown hidden known lain ridden risen rung sung seen shaken shown spoken stolen
    sworn swum taken thrown torn woken worn written"""
)


COUNTRIES = frozenset(
    name.strip()
    for name in """
    afghanistan, albania, algeria, america, angola, argentina, armenia, australia, austria, azerbaijan, bahrain,
    bangladesh, belarus, belgium, benin, bolivia, bosnia, botswana, brazil, britain, bulgaria, burundi, cambodia,
    cameroon, canada, chad, chile, china, colombia, congo, costa rica, croatia, cuba, cyprus, czechia, denmark, ecuador,
    egypt, england, eritrea, estonia, ethiopia, europe, fiji, finland, france, gabon, gambia, georgia, germany, ghana,
    great britain, greece, guatemala, guinea, guyana, haiti, honduras, hong kong, hungary, iceland, india, indonesia,
    iran, iraq, ireland, israel, italy, ivory coast, jamaica, japan, jordan, kazakhstan, kenya, kosovo, kuwait, laos,
    latvia, lebanon, lesotho, liberia, libya, lithuania, luxembourg, madagascar, malawi, malaysia, mali, malta,
    mauritius, mexico, moldova, mongolia, montenegro, morocco, mozambique, myanmar, namibia, nepal, netherlands,
    new zealand, nicaragua, niger, nigeria, northern ireland, north korea, north macedonia, norway, oman, pakistan,
    palestine, panama, papua new guinea, paraguay, peru, philippines, poland, portugal, qatar,
    republic of ireland, romania, russia, rwanda,
    saudi arabia, scandinavia, scotland, senegal, serbia, sierra leone, singapore, slovakia, slovenia, somalia,
    south africa, south korea, spain, sri lanka, sudan, sweden, switzerland, syria, taiwan, tanzania, thailand, togo,
    tunisia, turkey, u.k., u.s., uae, uganda, uk, ukraine, united arab emirates, united kingdom, united states, uruguay,
    us, usa, uzbekistan, venezuela,
    vietnam, wales, yemen, zambia, zimbabwe
    """.split(",")
)
"""Countries, and what is spoken of like one; one takes another's place in a question ("And in Wales?")."""
ALSO_WORDS = frozenset({"chad", "china", "guinea", "jordan", "turkey", "us"})
"""Countries only with a capital."""

OWNED = re.compile(r"['’].*")
"""What follows the owner in "Kenya's wards"."""


def is_country(name: str) -> bool:
    """Say whether a name is a country's, as people say it."""
    return name.lower() in COUNTRIES and name not in ALSO_WORDS


@lru_cache(maxsize=4096)
def singular(word: str) -> str:
    """Return a noun's singular, by the regular endings; other words come back as they are."""
    if word in IRREGULAR_PLURALS:
        return IRREGULAR_PLURALS[word]
    if word.endswith("ies") and len(word) > 4:  # noqa: PLR2004 - "ties", "pies"
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def is_plural(word: str) -> bool:
    """Say whether a noun's form is plural."""
    return singular(word) != word


def is_verb(word: str) -> bool:
    """Say whether a word can be a form of a common verb."""
    if word in VERBS or word in PAST_FORMS:
        return True
    for ending, instead in (
        ("ies", "y"),
        ("es", ""),
        ("s", ""),
        ("ied", "y"),
        ("ed", ""),
        ("ed", "e"),
        ("d", ""),
        ("ing", ""),
        ("ing", "e"),
    ):
        if word.endswith(ending):
            stem = word[: -len(ending)] + instead
            if stem in VERBS or (len(stem) > 3 and stem[-1] == stem[-2] and stem[:-1] in VERBS):  # noqa: PLR2004
                return True
    return False
