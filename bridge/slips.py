"""Slips of the pen in the words that matter: "accpeted" is read as "accepted"."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from bridge.phrases import word_set

SHORTEST = 7  # letters; shorter words are too often another word with one letter changed


@lru_cache(maxsize=1)
def _neighbours() -> dict[str, str]:
    """Each word that people misspell with one letter left out, and the word itself, to the word."""
    found: dict[str, str] = {}
    for word in word_set("misspelt"):
        for shape in _shapes(word):
            found.setdefault(shape, word)
    return found


def _shapes(word: str) -> Iterator[str]:
    yield word
    for k in range(len(word)):
        yield word[:k] + word[k + 1 :]


@lru_cache(maxsize=8192)
def meant(word: str) -> str:
    """The word that `word` (lower-case) is one letter away from: one too many, too few, wrong or swapped."""
    if len(word) < SHORTEST or len(word) > 16 or word in word_set("not misspelt"):
        return word
    known = _neighbours()
    return next((known[shape] for shape in _shapes(word) if shape in known), word)
