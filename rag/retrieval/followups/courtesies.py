"""What is said before a question and asks nothing: "Thank you. That is fine."."""

import re

_JUDGED = (
    r"(?:(?:all|very|really|so|quite|just|pretty)\ )*"
    r"(?:fine|good|great|nice|ok|okay|right|true|clear|perfect|excellent|enough|helpful|useful|interesting|important|"
    r"amazing|awesome|wonderful|lovely|sad|fair|brilliant|understandable)"
)
_COURTESY = re.compile(
    rf"""(?:(?:
    ok|okay|oh|ah|aha|wow|h+m+|well|yes|yeah|yep|no|sure|right|great|good|nice|perfect|excellent|fine|cool|cheers
    | (?:thanks|thank\ you)(?:\ very\ much|\ so\ much|\ a\ lot)?(?:\ for\ (?:that|this|(?:the|your)\ [\w-]+))?
    | i\ see|i\ understand|i\ get\ it|got\ it|understood|noted|sounds\ good|good\ to\ know
    | never\ ?mind|no\ problem|no\ worries|(?:i(?:['’]m|\ am)\ )?sorry
    | (?:that|this|it)(?:['’]s|\ is|\ was|\ sounds)\ {_JUDGED}(?:\ to\ know|\ information|\ news)?
    )(?:[,\ ]+|$))+""",
    re.IGNORECASE | re.VERBOSE,
)
_SENTENCE = re.compile(r"(?P<said>[^.!?]+)[.!]+\s+(?=\S)")
_END = re.compile(r"[.!]+\s*")


def is_courtesy(text: str) -> bool:
    """Say whether a text only thanks or agrees."""
    return all(_COURTESY.fullmatch(said) for said in _END.split(text) if said)


def without_courtesies(question: str) -> str:
    """Return a question without the sentences before it that only thank or agree; as it is where it has no others."""
    while (first := _SENTENCE.match(question)) and _COURTESY.fullmatch(first["said"]):
        question = question[first.end() :]
    return question
