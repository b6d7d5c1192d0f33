"""Differences as text: a table of conflicts, word by word, and the unified diff of a file."""

from __future__ import annotations

import difflib
import re
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence

from bridge.plan import Conflict

_REMOVED, _ADDED, _RESET = "\x1b[31m", "\x1b[32m", "\x1b[0m"
_NARROWEST = 16
_LONGEST_VALUE = 2000


def unified_diff(before: str, after: str, name: str) -> str:
    """The change of a file as `diff -u` shows it; "" where there is none. Line ends are the texts' own."""
    if before == after:
        return ""
    lines = difflib.unified_diff(_lines(before), _lines(after), f"{name} (now)", f"{name} (after)")
    parts = []
    for line in lines:
        if line.endswith(("\n", "\r")):
            parts.append(line)
        else:
            parts.append(f"{line}\n\\ No newline at end of file\n")
    return "".join(parts)


def conflict_table(conflicts: Sequence[Conflict], *, width: int = 100, colour: bool = False) -> Iterator[str]:
    """The conflicts in three columns: when bibbridge last wrote the field, yours, arXiv's.

    Words that only one side has stand in `[-…-]` (yours) and `{+…+}` (arXiv's), or in red and green with
    `colour`. `width` is the terminal's, in columns.
    """
    if not conflicts:
        return
    date_width = 10
    column = max((width - date_width - 6) // 2, _NARROWEST)
    yield _row(("written", "yours", "arXiv's"), date_width, column, False)
    key = None
    for conflict in conflicts:
        if conflict.key != key:
            key = conflict.key
            yield key
        yours, theirs = marked_words(conflict.yours or "", conflict.theirs or "")
        left = _wrapped(yours, column)
        right = _wrapped(theirs, column)
        yield f"  {conflict.field}"
        for number in range(max(len(left), len(right))):
            date = (conflict.base_date or "not by us") if number == 0 else ""
            cells = (date, *(side[number] if number < len(side) else "" for side in (left, right)))
            yield _row(cells, date_width, column, colour)


def marked_words(yours: str, theirs: str) -> tuple[str, str]:
    """Both texts with the words that only they have marked: `[-…-]` in the first, `{+…+}` in the second.

    Braces around letters do not make a word another one.
    """
    left, right = yours[:_LONGEST_VALUE].split(), theirs[:_LONGEST_VALUE].split()
    matcher = difflib.SequenceMatcher(None, _without_braces(left), _without_braces(right), autojunk=False)
    marked_left: list[str] = []
    marked_right: list[str] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        mine, other = " ".join(left[i1:i2]), " ".join(right[j1:j2])
        if tag == "equal":
            marked_left.append(mine)
            marked_right.append(other)
            continue
        if mine:
            marked_left.append(f"[-{mine}-]")
        if other:
            marked_right.append(f"{{+{other}+}}")
    return " ".join(marked_left), " ".join(marked_right)


def _without_braces(words: list[str]) -> list[str]:
    return [word.replace("{", "").replace("}", "") for word in words]


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True) if "\r" not in text else re.findall(r"[^\n]*\n|[^\n]+", text)


def _wrapped(text: str, width: int) -> list[str]:
    lines = textwrap.wrap(" ".join(text.split()), width) or ["(none)"]
    # a mark that runs over a line end is closed and opened again, so that each cell stands for itself
    done = []
    open_mark = ""
    for line in lines:
        line = open_mark + line
        open_mark = ""
        for opening, closing in (("[-", "-]"), ("{+", "+}")):
            if line.rfind(opening) > line.rfind(closing):
                line += closing
                open_mark = opening
        done.append(line)
    return done


def _row(cells: Sequence[str], date_width: int, column: int, colour: bool) -> str:
    padded = [_padded(cells[0], date_width), _padded(cells[1], column), cells[2]]
    line = "    " + " ".join(padded).rstrip()
    if colour:
        line = line.replace("[-", _REMOVED).replace("-]", _RESET).replace("{+", _ADDED).replace("+}", _RESET)
    return line


def _padded(text: str, width: int) -> str:
    return text + " " * max(width - display_width(text), 0)


def display_width(text: str) -> int:
    """The columns that a text takes on a terminal: two for wide characters, none for combining ones."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )
