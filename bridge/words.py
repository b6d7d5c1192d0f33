"""Text as words with their places, and word tries: what the readers of comments and venues look things up in.

A word is a run of letters or a run of digits (`ICML'19` is `icml`, `19`; `Ph.D.` is `ph`, `d`), so that dots,
blanks and hyphens between the parts of an abbreviation make no difference; `&` is the word `and`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate
from typing import Any, Generic, TypeVar

from bridge.latepattern import LatePattern
from bridge.plaintext import decode_accents
from bridge.tables import Row, load

T = TypeVar("T")

_LINK = LatePattern(r"(?:https?|ftp)://[^\s,;)\]>]+|\bwww\.[^\s,;)\]>]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_TEX_ACCENT = LatePattern(
    r"\{?\\(?:['`^\"~=.]\s?|[uvHrckdb](?:\s+|(?=\{)))\{?\\?[A-Za-z](?:\}\}?|(?=\W|[a-z]|\Z))"
)
PAD = "ˑ"  # a letter that no name has; fills the place of a decoded accent


def _padded(match: re.Match[str]) -> str:
    letter = decode_accents(match.group())
    return (
        letter.ljust(len(match.group()), PAD)
        if letter.isalpha() and len(letter) <= len(match.group())
        else match.group()
    )


def with_plain_accents(text: str) -> str:
    """The text with each TeX accent and its letter as one letter, filled up to the same length."""
    return _TEX_ACCENT.sub(_padded, text) if "\\" in text else text


_TEX_FONT = LatePattern(r"\\(?:it|em|bf|sl|rm|sc|tt|emph|text[a-z]{2}|/)(?![A-Za-z])")


def without_fonts(text: str) -> str:
    """The text with TeX's font commands blanked out ("{\\it Foo\\/}"), of the same length."""
    return _TEX_FONT.sub(lambda match: " " * len(match.group()), text) if "\\" in text else text


def without_links(text: str) -> str:
    """The text with links and mail addresses blanked out, of the same length."""
    if "://" in text or "www." in text or "@" in text:
        return _LINK.sub(lambda match: " " * len(match.group()), text)
    return text


_WORD = re.compile(r"[^\W\d_]+|\d+|&")
_PIECES = re.compile(f"({_WORD.pattern})")
# the same for text of ASCII alone, as most is: ranges of letters are matched in half the time
_ASCII_WORD = re.compile(r"[a-z]+|[0-9]+|&")
_ASCII_PIECES = re.compile(r"([A-Za-z]+|[0-9]+|&)")

# Words that abbreviations leave out: "Ann. Probab." for "The Annals of Probability".
LEFT_OUT = frozenset(
    [
        "of",
        "the",
        "and",
        "in",
        "on",
        "for",
        "to",
        "de",
        "la",
        "le",
        "des",
        "du",
        "der",
        "die",
        "das",
        "und",
        "di",
        "et",
    ]
)

# arXiv takes no longer comment; what stands further on is not read, so that time cannot run away
READ_AT_MOST = 8000


# what numbers count in most comments
COUNTED = frozenset(["page", "pages", "figure", "figures", "figs", "table", "tables"])


class Words:
    """A text and its words: `lower[i]` is the i-th word in lower case, at `text[start[i]:end[i]]`.

    `given` is the text as it was given. In `text`, of the same length, links and mail addresses are blanked
    out and a letter with its TeX accent is one letter, so that offsets are the same in both.
    """

    # found when first asked for: only comments that say something need the places of their words
    start: list[int]
    end: list[int]
    raws: list[str]  # the words as they are written
    gaps: list[str]  # what stands before each word, and behind the last one

    numbered: bool  # whether a number stands there that counts no pages, figures or tables: it may be a year

    __slots__ = ("end", "gaps", "given", "lower", "numbered", "raws", "start", "text")

    def __init__(self, text: str) -> None:
        self.given = text
        text = with_plain_accents(text)
        self.text = text = without_links(without_fonts(text))
        lowered = text.lower()
        self.lower: list[str]
        if text.isascii():
            self.lower = _ASCII_WORD.findall(lowered)
        else:
            if len(lowered) != len(text):  # "İ" becomes two characters
                lowered = "".join(c if len(c.lower()) > 1 else c.lower() for c in text)
            self.lower = _WORD.findall(lowered)
            if PAD in text:
                self.lower = [word.replace(PAD, "") for word in self.lower]
        if "&" in text:
            self.lower = ["and" if word == "&" else word for word in self.lower]

    def __getattr__(self, name: str) -> Any:
        # asked only while the slot is empty; from then on they are plain attributes
        if name in ("raws", "gaps"):
            pattern = _ASCII_PIECES if self.text.isascii() else _PIECES
            pieces = pattern.split(self.text)  # gap, word, gap, ... word, gap
            self.raws, self.gaps = pieces[1::2], pieces[::2]
        elif name in ("start", "end"):
            lengths = [0] * (2 * len(self.raws) + 1)
            lengths[::2], lengths[1::2] = map(len, self.gaps), map(len, self.raws)
            bounds = list(accumulate(lengths))
            self.start, self.end = bounds[:-1:2], bounds[1::2]
        elif name == "numbered":
            self.numbered = False
            after = ""
            for word in reversed(self.lower):
                if word.isdecimal() and after not in COUNTED:
                    self.numbered = True
                    break
                after = word
        else:
            raise AttributeError(name)
        return getattr(self, name)

    def __len__(self) -> int:
        return len(self.lower)

    def span(self, first: int, last: int) -> str:
        """The text from word `first` up to, not including, word `last`."""
        return self.given[self.start[first] : self.end[last - 1]]

    def name(self, first: int, last: int) -> str:
        """The same as it should be read: TeX's accents decoded, white space folded."""
        name = decode_accents(without_fonts(self.span(first, last)))
        return " ".join(name.replace("{", "").replace("}", "").replace("\\&", "&").split())

    def stop_of_abbreviation(self, first: int, last: int) -> str:
        """The full stop behind a name whose last words are abbreviated, for it belongs to it: that behind
        "Solid St. Commun" where a comma follows, but not that behind "Phys. Rev. Chaos" at the end."""
        end, word = self.end[last - 1], self.raws[last - 1]
        if self.text[end : end + 1] != "." or last - first < 2 or word.isupper() or not word.isalpha():
            return ""
        if self.gaps[last - 1][:1] != "." or len(word) > 7:
            return ""  # what stands before it is spelt out, so may it be
        behind = self.text[end + 1 :].lstrip()[:1]
        if behind in (",", ")", ";", ":") or behind.islower():
            return "."
        word = word.lower()
        return "." if word_forms().get(word) == word else ""  # it may end the sentence


def plain_words(text: str) -> list[str]:
    """The words of a text in lower case."""
    return ["and" if word == "&" else word for word in _WORD.findall(text.lower())]


@lru_cache(maxsize=1)
def word_forms() -> dict[str, str]:
    """The form by which each word of a name is looked up ("physics", "physical", "phys" -> "phys")."""

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
        count = len(words)
        while node is not None:
            i += 1
            if "" in node:
                found = (i, node[""])
            while i < count and words[i] not in node and words[i] in left_out:
                i += 1
            node = node.get(words[i]) if i < count else None
        return found
