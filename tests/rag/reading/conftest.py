"""The reader, loaded once for all tests of it, and what somebody might have told about bees, a ferry and a choir."""

import pytest

from rag.reading import Reader, Stretch, Window


@pytest.fixture(scope="session")
def reader() -> Reader:
    """Return the reader that comes with Turnwise, in float32."""
    return Reader()


@pytest.fixture(scope="session")
def told() -> dict[str, Window]:
    """Return three stretches of talk."""
    return {
        "hives": Window(
            asked="How do you keep bees on a roof in the middle of a town?",
            stretches=(
                Stretch(
                    speaker="Perpetua Lindqvist",
                    sentences=(
                        "We began with a single hive behind the chimney, and everybody on the stairs was afraid of it.",
                        "My neighbour carried the first box up in a laundry basket.",
                        "We have eleven hives on the roof now.",
                        "The bees fly to the lime trees along the canal, which is about a mile.",
                        "In a good summer each hive gives us fourteen kilos of honey.",
                        "We sell it in the bakery on the ground floor.",
                    ),
                ),
            ),
        ),
        "ferry": Window(
            asked="",
            stretches=(
                Stretch(
                    speaker="Ambrose Kettlewell",
                    sentences=(
                        "The old ferry stopped when the bridge was built, and nobody missed it for years.",
                        "Then the bridge was closed for repairs, because rust had eaten two of its pillars.",
                    ),
                ),
                Stretch(speaker=None, sentences=("And who brought the ferry back?",)),
                Stretch(
                    speaker="Ambrose Kettlewell",
                    sentences=(
                        "My cousin Rosalind did, in her barn, over one winter.",
                        "It carries forty people and a dog.",
                        "The first crossing is at six in the morning.",
                    ),
                ),
            ),
        ),
        "choir": Window(
            asked="What happened to the choir?",
            stretches=(
                Stretch(
                    speaker="Sunniva Okafor",
                    sentences=(
                        "They had not quarrelled with anybody.",
                        "The tenors left because the last bus was cancelled.",
                        "So we moved the rehearsal to Sunday afternoon.",
                        "The piano is still out of tune.",
                    ),
                ),
            ),
        ),
    }
