"""Long runs of the readers: ten thousand mutated files, every labelled Changelog episode, files of 50 MB."""

import random
import time
from pathlib import Path

import pytest

from rag.transcripts.readers import read_transcripts
from tests.rag.transcripts.changelog_episodes import FEWEST, episodes
from tests.rag.transcripts.fuzzed_files import check, mutated, samples

PROJECT = Path(__file__).resolve().parents[2]
FORMATS = PROJECT.parent / "shared" / "formats"
MUTATED_FILES = 10_000


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_ten_thousand_mutated_files_are_read_or_refused_and_no_word_is_made_up() -> None:
    chance = random.Random(11)
    sound = samples(PROJECT, FORMATS if FORMATS.is_dir() else None)
    read = 0
    for number in range(MUTATED_FILES):
        sample = chance.choice(sound)
        read += check(mutated(sample, chance), f"{number} {sample.name}")
    assert 0.2 * MUTATED_FILES < read < 0.98 * MUTATED_FILES


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_every_labelled_episode_is_read_with_speakers_of_its_own(shared: Path) -> None:
    count = 0
    for episode in episodes(shared):
        count += 1
        [talk] = read_transcripts(episode.markdown.encode(), source=f"{episode.name}.md")
        assert all(episode.names(turn.speaker) for turn in talk.turns), episode.name
        assert any(turn.speaker for turn in talk.turns), episode.name
    assert count >= FEWEST


SENTENCE = "We began to count on the ward and nobody wanted to look at the numbers that came back from it. "
LARGEST_SOURCE = 50 * 1024 * 1024
SLOWEST_OF_LARGEST_S = 120.0
"""Of the processor's time; some 2 to 50 s were measured."""
UNITS = {
    "plain": f"Ann Lee: {SENTENCE * 3}\n\nBo Ek: {SENTENCE * 5}\n\n",
    "markdown": f"**Ann Lee:** {SENTENCE * 3}\n\n**Bo Ek:** {SENTENCE * 5}\n\n",
    "html": f"<p><b>Ann Lee:</b> {SENTENCE * 3}</p>\n<p><b>Bo Ek:</b> {SENTENCE * 5}</p>\n",
    "unlabelled": f"{SENTENCE * 3}\n\n",
    "one line": SENTENCE,
}


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("form", UNITS)
def test_the_largest_file_is_read_in_bounded_time(form: str) -> None:
    unit = UNITS[form].encode()
    data = unit * (LARGEST_SOURCE // len(unit))
    started = time.process_time()
    [talk] = read_transcripts(data, source="large.txt")
    assert time.process_time() - started < SLOWEST_OF_LARGEST_S
    assert talk.turns
