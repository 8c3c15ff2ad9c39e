"""The content of a reply: the answer, what to know about it, its sources; and where the citations stand in it.

Most chat clients show the content and drop everything else, so what a reader has to know is in it.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from api.schemas.answers import AskResponse, CitationOut
from api.schemas.chat import (
    MODEL,
    AnnotationOut,
    ChatCompletion,
    ChatMessageOut,
    ChoiceOut,
    UrlCitationOut,
    UsageOut,
)
from rag.answering.composition import spell_date
from rag.chunking import count_tokens

SOURCES = "\n\nSources:\n\n"
"""What stands between an answer and its list of sources."""
_FIRST_SOURCE = f"{SOURCES}- ["


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer as a chat's reply."""

    response: AskResponse
    tail: str
    """What follows the answer in the content."""
    annotations: tuple[AnnotationOut, ...]
    usage: UsageOut

    @classmethod
    def of(cls, response: AskResponse, *, base_url: str, prompt: Iterable[str]) -> "Reply":
        """Make the reply that gives an answer.

        Args:
            response: The answer.
            base_url: Scheme and host under which the client reaches this server, without a slash at the end.
            prompt: The texts of the conversation, to be counted.
        """
        tail = tail_of(response, base_url)
        asked, said = sum(map(count_tokens, prompt)), count_tokens(response.answer + tail)
        return cls(
            response=response,
            tail=tail,
            annotations=tuple(annotations(response, base_url)),
            usage=UsageOut(prompt_tokens=asked, completion_tokens=said, total_tokens=asked + said),
        )

    def completion(self) -> ChatCompletion:
        """Return it whole."""
        message = ChatMessageOut(content=self.response.answer + self.tail, annotations=self.annotations)
        return ChatCompletion(
            id=completion_id(self.response.request_id),
            created=int(time.time()),
            model=MODEL,
            choices=(ChoiceOut(message=message),),
            usage=self.usage,
            system_fingerprint=self.response.index_version,
        )


def completion_id(request_id: str) -> str:
    """Return the id of the reply to a request."""
    return f"chatcmpl-{request_id}"


def annotations(response: AskResponse, base_url: str) -> Iterator[AnnotationOut]:
    """Yield each citation with the place of its marker, in the order of the answer.

    The markers follow a sentence's text, so the last place in the sentence counts: a quote may hold "[1]" itself.
    """
    cited = {citation.n: citation for citation in response.citations}
    places = []
    for sentence in response.sentences:
        for n in dict.fromkeys(sentence.citations):
            start = response.answer.rfind(f"[{n}]", sentence.start, sentence.end)
            if start >= 0:
                places.append((start, n))
    for start, n in sorted(places):
        yield AnnotationOut(
            url_citation=UrlCitationOut(
                start_index=start,
                end_index=start + len(f"[{n}]"),
                url=f"{base_url}{cited[n].link}",
                title=cited[n].title,
            )
        )


def tail_of(response: AskResponse, base_url: str) -> str:
    """Return what follows the answer: the notice, and a line for each source with its address."""
    note = f"\n\nNote: {response.notice}" if response.notice else ""
    if not response.citations:
        return note
    return note + SOURCES + "\n".join(_source(citation, base_url) for citation in response.citations)


def without_tail(content: str) -> str:
    """Return a reply that a client sends back without its list of sources."""
    answer, found, _ = content.rpartition(_FIRST_SOURCE)
    return answer if found else content


def _source(citation: CitationOut, base_url: str) -> str:
    who = citation.speaker or "A speaker whom the transcript does not name"
    when = f", {spell_date(citation.date)}" if citation.date else ""
    return f"- [{citation.n}] {who}, “{citation.title}”{when}: {base_url}{citation.link}"
