"""Long runs of the readers: ten thousand mutated files, and every labelled Changelog episode."""

import random
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
