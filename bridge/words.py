"""Text as words with their places, and word tries: what the readers of comments and venues look things up in.

A word is a run of letters or a run of digits (`ICML'19` is `icml`, `19`; `Ph.D.` is `ph`, `d`), so that dots,
blanks and hyphens between the parts of an abbreviation make no difference; `&` is the word `and`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Generic, TypeVar

from bridge.tables import Row, load

T = TypeVar("T")

_WORD = re.compile(r"[^\W\d_]+|\d+|&")

# Words that abbreviations leave out: "Ann. Probab." for "The Annals of Probability".
LEFT_OUT = frozenset("of the and in on for to de la le des du der die das und di et".split())


class Words:
    """A text and its words: `lower[i]` is the i-th word in lower case, at `text[start[i]:end[i]]`."""

    __slots__ = ("end", "lower", "start", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.lower: list[str] = []
        self.start: list[int] = []
        self.end: list[int] = []
        for match in _WORD.finditer(text):
            word = match.group()
            self.lower.append("and" if word == "&" else word.lower())
            start, end = match.span()
            self.start.append(start)
            self.end.append(end)

    def __len__(self) -> int:
        return len(self.lower)

    def raw(self, i: int) -> str:
        """The i-th word as it is written."""
        return self.text[self.start[i] : self.end[i]]

    def gap(self, i: int) -> str:
        """What stands between the words i - 1 and i (before the first: from the beginning of the text)."""
        return self.text[self.end[i - 1] if i > 0 else 0 : self.start[i]]

    def span(self, first: int, last: int) -> str:
        """The text from word `first` up to, not including, word `last`."""
        return self.text[self.start[first] : self.end[last - 1]]


def plain_words(text: str) -> list[str]:
    """The words of a text in lower case."""
    return ["and" if word == "&" else word for word in _WORD.findall(text.lower())]


@lru_cache(maxsize=1)
def word_forms() -> dict[str, str]:
    """The form that each word of a journal's name is looked up by ("physics", "physical", "phys" -> "phys")."""

    def build(row: Row) -> tuple[str, str]:
        word, form = row["word"], row["form"]
        if plain_words(word) != [word] or plain_words(form) != [form]:
            raise row.wrong(f"{word!r} and {form!r} must each be one word in lower case")
        return word, form

    forms = dict(load("word-forms.csv", ("word", "form"), build))
    forms.update({form: form for form in forms.values()})
    return forms


class Trie(Generic[T]):
    """Word sequences and what they stand for; `longest` finds the longest one that begins at a place."""

    __slots__ = ("root",)

    def __init__(self) -> None:
        # a node maps a word to the next node, and "" to the values of the sequence that ends there
        self.root: dict[str, Any] = {}

    def add(self, words: list[str], value: T) -> None:
        node = self.root
        for word in words:
            node = node.setdefault(word, {})
        node.setdefault("", []).append(value)

    def longest(
        self, words: list[str], i: int, left_out: frozenset[str] = frozenset()
    ) -> tuple[int, list[T]] | None:
        """(end, values) of the longest sequence from word i on; words of `left_out` may be passed over."""
        node = self.root.get(words[i])
        found: tuple[int, list[T]] | None = None
        while node is not None:
            i += 1
            if "" in node:
                found = (i, node[""])
            if i >= len(words):
                break
            following = node.get(words[i])
            if following is None and words[i] in left_out:
                following = node
            node = following
        return found
