"""How a .bib file spells the names of its fields: `archivePrefix`, `archiveprefix`, `DOI`, `Year`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

Case = Literal["lower", "upper", "title"]

# A name stands behind the comma that ends what is before it. What looks like one inside a value is rare, and
# does little harm.
_ENOUGH = 100_000  # characters of each part
_NAME = re.compile(r",\s*+([A-Za-z][\w:-]*+)\s*+=")


def case_of(names: Sequence[str]) -> Case:
    """The case that most of the names are written in; "lower" may have capitals behind the first letter."""
    upper = sum(name.isupper() and len(name) > 1 for name in names)
    title = sum(name[:1].isupper() for name in names) - upper
    if upper * 2 > len(names):
        return "upper"
    return "title" if title * 2 > len(names) else "lower"


def cased(name: str, case: Case) -> str:
    if case == "upper":
        return name.upper()
    return name[:1].upper() + name[1:] if case == "title" else name


def usual_spellings(text: str) -> dict[tuple[Case, str], str]:
    """The commonest spelling of each field name of a .bib, by the case of its neighbours and the name in
    lower case.

    The neighbour is the name before it: `DOI` beside `url` tells how to spell it among small letters, beside
    `URL` it does not. Of a large library the beginning, the middle and the end tell.
    """
    middle = len(text) // 2
    parts: tuple[str, ...] = (text,)
    if len(text) > 3 * _ENOUGH:
        parts = (text[:_ENOUGH], text[middle : middle + _ENOUGH], text[-_ENOUGH:])
    names = [name for part in parts for name in _NAME.findall(part)]
    cases = {name: case_of([name]) for name in {"", *names}}
    counts = Counter((cases[before], name) for before, name in pairwise(["", *names]))
    usual: dict[tuple[Case, str], str] = {}
    for (case, name), _ in counts.most_common():
        usual.setdefault((case, name.lower()), name)
    return usual
