"""Misspelt cue words are read as what was meant, and ordinary words stay what they are."""

from __future__ import annotations

import pytest

from bridge.phrases import word_set
from bridge.slips import SHORTEST, meant


@pytest.mark.parametrize("word", sorted(word_set("misspelt")))
def test_one_slip_of_the_pen_is_seen_through(word: str) -> None:
    for k in range(1, len(word)):
        left_out = word[:k] + word[k + 1 :]
        doubled = word[:k] + word[k] + word[k:]
        swapped = word[: k - 1] + word[k] + word[k - 1] + word[k + 1 :]
        wrong = word[:k] + "q" + word[k + 1 :]
        for slip in (left_out, doubled, swapped, wrong):
            if len(slip) >= SHORTEST and slip not in word_set("not misspelt"):
                assert meant(slip) == word, slip


def test_other_words_stay_as_they_are() -> None:
    for word in (*word_set("not misspelt"), "appear", "physics", "corrections", "acceptance", "submission"):
        assert meant(word) == word
