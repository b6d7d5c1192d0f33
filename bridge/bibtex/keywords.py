"""A keyword list as a set: its members, and the list with some put in and others taken out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from bridge.bibtex.compare import field_meaning
from bridge.plan import digest

_MEMBER = re.compile(r"\s*[,;]\s*")
_MEMBER_OR_GAP = re.compile(rf"({_MEMBER.pattern})")


def members(text: str) -> dict[str, str]:
    """The members of a keyword list: digest → text, in their order."""
    found = {}
    for word in _MEMBER.split(text.strip()):
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
    separators = _MEMBER.findall(text.strip())
    usual = max(separators, key=separators.count) if separators else ", "
    parts = _MEMBER_OR_GAP.split(text)  # member, separator, member, ...
    listed = list(zip(["", *parts[1::2]], parts[::2], strict=True))
    kept = [(gap, word) for gap, word in listed if digest(field_meaning("keywords", word)) not in remove]
    kept += [(usual, word) for word in add]
    return "".join(gap * bool(number) + word for number, (gap, word) in enumerate(kept))
