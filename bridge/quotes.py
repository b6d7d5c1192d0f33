"""Quotation marks: where a quoted name opens and closes, as typed, in TeX and in other languages."""

from __future__ import annotations

import re

from bridge.words import Words

_QUOTES = {"'": "'", "`": "'", '"': '"', "“": "”", "``": "''", "«": "»", "''": "''", "‘": "’", "„": "“"}
_OPENING = re.compile(r"(``|''|(?!\A\"\s)[\"“«„‘]|(?<=\s)`|(?<=\s)')\s*(?:\\em\s*)?$")
_QUOTES_OPEN = frozenset("\"`'“«„‘")


def opens_quote(gap: str) -> bool:
    """Whether quotation marks open right before the next word."""
    return gap[-1:] in _QUOTES_OPEN and gap[-1:] != "" and _OPENING.search(gap[-8:]) is not None


def _closing(text: str, opening: str, start: int) -> int:
    """Where the quotation mark closes that `opening` opens; -1 for nowhere."""
    found = text.find(_QUOTES[opening], start)
    # TeX's opening marks are closed by a typewriter's now and then
    return text.find('"', start) if found < 0 and opening == "``" else found


def close_of_quote(words: Words, k: int) -> int | None:
    """The word behind the quotation marks that open before word k; None where they never close."""
    gap = words.gaps[k]
    if _QUOTES_OPEN.isdisjoint(gap):
        return None
    opening = _OPENING.search(gap[-8:])
    closing = _closing(words.text, opening[1], words.start[k]) if opening else -1
    if closing < 0:
        return None
    while k < len(words) and words.end[k] <= closing:
        k += 1
    return k


def closed_name(name: str) -> str:
    """A name with the quotation marks closed that it opens: the closing one stands behind its last word."""
    for opening, closing in (('"', '"'), ("``", "''"), ("''", "''"), ("`", "'")):
        alone = closing not in name if opening != closing else "``" not in name
        if name.count(opening) == 1 and alone:
            before, _, title = name.partition(opening)
            if not title:
                return before.rstrip()
            title = title.partition(" (")[0] if title.count("(") > title.count(")") else title
            return f"{before.rstrip()} “{title.strip(' ,')}”" if before else title
    if name.count("``") == name.count("''") > 0:
        name = name.replace("``", "“").replace("''", "”")
    return name
