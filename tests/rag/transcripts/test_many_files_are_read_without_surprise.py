"""Samples of the long runs in tests/soak: mutated files, and the labelled Changelog episodes. The seeds are fixed."""

import random
from pathlib import Path

import pytest

from rag.transcripts.readers import read_transcripts
from tests.rag.transcripts.changelog_episodes import episodes
from tests.rag.transcripts.fuzzed_files import check, mutated, samples

PROJECT = Path(__file__).resolve().parents[3]
FORMATS = PROJECT.parent / "shared" / "formats"
MUTATED_FILES = 300
EPISODES = 40
FROM_THE_FIRST = 120
"""Episodes that are decompressed for the sample."""
LEAST_SHARE_OF_WORDS = 0.97
"""Of an episode's words: its labels' times ("[01:46]") and its breaks are nobody's."""


def test_mutated_files_are_read_or_refused_and_no_word_is_made_up() -> None:
    chance = random.Random(20_240)
    sound = samples(PROJECT, FORMATS if FORMATS.is_dir() else None)
    outcomes = []
    for number in range(MUTATED_FILES):
        sample = chance.choice(sound)
        outcomes.append(check(mutated(sample, chance), f"{number} {sample.name}"))
    # Both happen, or the mutations are too mild or too wild to show anything.
    assert 0.2 * MUTATED_FILES < sum(outcomes) < 0.98 * MUTATED_FILES


def test_sound_samples_are_all_read_and_say_only_what_is_in_them() -> None:
    assert all(check(sample.data, sample.name) for sample in samples(PROJECT, FORMATS if FORMATS.is_dir() else None))


def test_labelled_episodes_are_read_with_their_own_speakers_and_words(shared: Path) -> None:
    if not (shared / "benchmarks" / "changelog").is_dir():
        pytest.skip("the shared material has no Changelog episodes (../shared/benchmarks/changelog)")
    first = [episode for episode, _ in zip(episodes(shared), range(FROM_THE_FIRST), strict=False)]
    for episode in random.Random(7).sample(first, EPISODES):
        [talk] = read_transcripts(episode.markdown.encode(), source=f"{episode.name}.md")
        assert all(episode.names(turn.speaker) for turn in talk.turns), episode.name
        words = sum(len(turn.text.split()) for turn in talk.turns)
        assert words >= LEAST_SHARE_OF_WORDS * len(episode.markdown.split()) - 2 * len(talk.turns) - 20, episode.name
