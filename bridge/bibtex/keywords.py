"""A keyword list as a set: its members, and the list with some put in and others taken out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from bridge.bibtex.compare import field_meaning
from bridge.bibtex.grammar import closing_brace
from bridge.plan import digest

_SEPARATOR_OR_BRACE = re.compile(r"\s*[,;]\s*|[{}]")


class _Listed(NamedTuple):
    """A keyword list taken apart: gaps[0] is empty, gaps[n] stands before words[n]."""

    before: str
    gaps: list[str]
    words: list[str]
    after: str


def members(text: str) -> dict[str, str]:
    """The members of a keyword list: digest → text, in their order."""
    found = {}
    for word in _taken_apart(text).words:
        meaning = field_meaning("keywords", word)
        if meaning:
            found[digest(meaning)] = word
    return found


def with_members(text: str, add: Iterable[str], remove: Collection[str]) -> str:
    """A keyword list with members put behind the others, as these are written, and others taken out.

    `remove` are digests, as `members` gives them.
    """
    if not text.strip():
        return ", ".join(add)
    listed = _taken_apart(text)
    separators = listed.gaps[1:]
    usual = max(separators, key=separators.count) if separators else ", "
    pairs = zip(listed.gaps, listed.words, strict=True)
    kept = [(gap, word) for gap, word in pairs if digest(field_meaning("keywords", word)) not in remove]
    kept += [(usual, word) for word in add]
    words = "".join(gap * bool(number) + word for number, (gap, word) in enumerate(kept))
    return listed.before + words + listed.after if words else ""


def _taken_apart(text: str) -> _Listed:
    """The list at its separators outside of braces; braces around it all, as of exporters, are its frame."""
    start, end = _inside(text, 0, len(text))
    while text[start:end].startswith("{") and closing_brace(text, start + 1, end) == end:
        start, end = _inside(text, start + 1, end - 1)
    gaps, words, at, depth = [""], [], start, 0
    for match in _SEPARATOR_OR_BRACE.finditer(text, start, end):
        if match[0] in "{}":
            depth += 1 if match[0] == "{" else -1
        elif not depth:
            words.append(text[at : match.start()])
            gaps.append(match[0])
            at = match.end()
    words.append(text[at:end])
    after = text[end:]
    if not words[-1]:  # nothing at all, or a separator behind the last member
        after = gaps.pop() + after
        words.pop()
    return _Listed(text[:start], gaps, words, after)


def _inside(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the space at its ends."""
    inner = text[start:end]
    return end - len(inner.lstrip()), start + len(inner.rstrip()) if inner.strip() else end
