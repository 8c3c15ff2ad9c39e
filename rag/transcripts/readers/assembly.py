"""From what a reader found to a transcript: repair, turns, people, and the names that it goes by."""

from collections.abc import Sequence
from dataclasses import replace

from rag.transcripts.identity import title_from_stem, transcript_id
from rag.transcripts.labels_with_roles import positions_in
from rag.transcripts.readers.header import Header
from rag.transcripts.readers.numbered import shown_label
from rag.transcripts.readers.participants import with_participants
from rag.transcripts.readers.source import SourceFile
from rag.transcripts.repair import repair_labels
from rag.transcripts.roles import Position, own_position, stated_positions
from rag.transcripts.speakers import name_of, under_one_name, with_aliases
from rag.transcripts.stretches import Stretch, join_stretches
from rag.transcripts.types import DEFAULT_COLLECTION, Speaker, Transcript

INTRODUCTION_STRETCHES = 6
"""Stretches from the start in which people are introduced."""


def assemble(source: SourceFile, header: Header, stretches: Sequence[Stretch], *, repair: bool) -> list[Transcript]:
    """Return the one transcript of a source.

    Args:
        source: What was read.
        header: What its head states.
        stretches: Its speech in order, one entry for each label.
        repair: Whether paragraphs may have lost their labels.

    Raises:
        ReadError: There is no speech in it.
    """
    found = source.provenance
    listed = [person.name for person in header.people]
    header = with_participants(header, found, [stretch.speaker for stretch in stretches])
    # A label with nothing under it ("Break") still parts the labels around it.
    named, positions = _named(header, stretches)
    named, aliases = under_one_name(named, listed, header.prose)
    positions = {name_of(label, aliases): position for label, position in positions.items()}
    turns = join_stretches(repair_labels(named) if repair else named)
    if not turns:
        raise source.error(
            "no speech was found in it", mend='Mark who speaks, for instance as "Ann Smith: Good morning."'
        )
    stem_title, stem_date = title_from_stem(source.stem)
    title = source.options.title or found.title or header.title or stem_title
    date = source.options.date or found.date or header.date or stem_date
    labels = list(dict.fromkeys(turn.speaker for turn in turns if turn.speaker))
    transcript = Transcript(
        id=transcript_id(title, date),
        title=title,
        date=date,
        collection=source.options.collection or header.collection or DEFAULT_COLLECTION,
        url=found.url or header.url or found.fetched_url or source.url,
        source=source.name,
        speakers=with_aliases(
            _speakers(header, labels, positions, [stretch for stretch in named if stretch.paragraphs]), aliases
        ),
        turns=turns,
    )
    return [transcript]


def override(transcript: Transcript, source: SourceFile) -> Transcript:
    """Return a transcript that states its own particulars with those that the owner stated instead."""
    options, found = source.options, source.provenance
    return replace(
        transcript,
        title=options.title or found.title or transcript.title,
        date=options.date or found.date or transcript.date,
        collection=options.collection or transcript.collection,
        url=found.url or transcript.url or found.fetched_url or source.url,
        source=source.name,
    )


def _named(header: Header, stretches: Sequence[Stretch]) -> tuple[list[Stretch], dict[str, Position]]:
    """Return the stretches under their speakers' names, and the positions that stood in the labels."""
    positions: dict[str, Position] = {}
    named = []
    told = positions_in([stretch.speaker for stretch in stretches], header.names)
    for stretch in stretches:
        if stretch.speaker is None:
            named.append(stretch)
            continue
        name, position = told.get(stretch.speaker, (shown_label(stretch.speaker), None))
        name = header.canonical(name)
        if position:
            positions.setdefault(name, position)
        named.append(replace(stretch, speaker=name))
    return named, positions


def _speakers(
    header: Header, labels: Sequence[str], in_labels: dict[str, Position], stretches: Sequence[Stretch]
) -> tuple[Speaker, ...]:
    """Return those who speak. A role comes from the list of people, else the label, the head, or speech.

    In speech only what the first speaker says of others, and anyone of themselves, near the start counts.
    """
    listed = {person.name: person for person in header.people}
    in_prose = stated_positions(header.prose, labels)
    beginning = stretches[:INTRODUCTION_STRETCHES]
    host = beginning[0].speaker if beginning else None
    by_host = stated_positions([stretch.text for stretch in beginning if stretch.speaker == host], labels)
    speakers = []
    for label in labels:
        person = listed.get(label, Speaker(name=label))
        own = next(
            (
                position
                for stretch in beginning
                if stretch.speaker == label and (position := own_position(stretch.text, label))
            ),
            None,
        )
        position = in_labels.get(label) or in_prose.get(label) or own or by_host.get(label)
        if person.role is None and position is not None:
            person = replace(person, role=position.role, organisation=person.organisation or position.organisation)
        speakers.append(person)
    return tuple(speakers)
