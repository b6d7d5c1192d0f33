"""Differences as text: a table of conflicts, word by word, and the unified diff of a file."""

from __future__ import annotations

import difflib
import re
import textwrap
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any

from bridge.plan import Conflict

_REMOVED, _ADDED, _RESET = "\x1b[31m", "\x1b[32m", "\x1b[0m"
_NARROWEST = 16
_CONTEXT = 3  # lines around a change
_MOST_WORDS = 400  # that are compared, from the first difference on
# words: of what both sides say, and of what only one says, more than twice as many are shown in part
_EDGE_OF_SAME, _EDGE_OF_OTHER = 8, 24


Opcode = tuple[str, int, int, int, int]  # as difflib's: tag, lines of the old text, lines of the new one


def unified_diff(before: str, edits: Iterable[tuple[int, int, str]], name: str) -> str:
    """What `edits` change in a file, as `diff -u` shows it; "" for nothing. Line ends are the text's own.

    `edits` are (start, end, text) with offsets into `before`, none over another. Where they are known, only
    the lines that they touch need be compared: comparing a whole library takes longer than all else.
    """
    old = _lines(before)
    new: list[str] = []
    codes: list[Opcode] = []
    at = 0  # lines of `old` that are done
    for first, last, text in _regions(before, old, edits):
        if at < first:
            codes.append(("equal", at, first, len(new), len(new) + first - at))
            new += old[at:first]
        lines = _lines(text)
        matcher = difflib.SequenceMatcher(None, old[first:last], lines, autojunk=False)
        base = len(new)
        codes += [
            (tag, first + a, first + b, base + c, base + d) for tag, a, b, c, d in matcher.get_opcodes()
        ]
        new += lines
        at = last
    if at < len(old):
        codes.append(("equal", at, len(old), len(new), len(new) + len(old) - at))
        new += old[at:]
    if old == new:
        return ""
    return f"--- {name} (now)\n+++ {name} (after)\n" + "".join(_hunks(codes, old, new))


def _regions(
    text: str, lines: Sequence[str], edits: Iterable[tuple[int, int, str]]
) -> Iterator[tuple[int, int, str]]:
    """The lines [first, last) that edits touch, and what stands there afterwards."""
    starts = [0, *accumulate(map(len, lines))]
    # behind an open last line one goes on in it
    count = len(lines) - bool(lines and not lines[-1].endswith(("\n", "\r")))
    first = last = -1
    written, done = "", 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        begins = min(bisect_right(starts, start) - 1, count)
        if first < 0 or (begins >= last and start > done):
            if first >= 0:
                yield first, last, written + text[done : starts[last]]
            first, written, done = begins, "", starts[begins]
        written += text[done:start] + new
        done = end
        last = max(min(bisect_right(starts, end), len(lines)), begins)
    if first >= 0:
        yield first, last, written + text[done : starts[last]]


def _hunks(codes: Sequence[Opcode], old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    for group in _Known(_joined(codes)).get_grouped_opcodes(_CONTEXT):
        (_, a, _, c, _), (_, _, b, _, d) = group[0], group[-1]
        yield f"@@ -{_range(a, b)} +{_range(c, d)} @@\n"
        for tag, i, j, k, m in group:
            if tag == "equal":
                yield from (_ended(" " + line) for line in old[i:j])
            else:
                yield from (_ended("-" + line) for line in old[i:j])
                yield from (_ended("+" + line) for line in new[k:m])


class _Known(difflib.SequenceMatcher[str]):
    """Comes to know of two texts by other means than comparing them."""

    def __init__(self, codes: list[Opcode]) -> None:
        super().__init__()
        self._codes = codes

    def get_opcodes(self) -> list[Any]:
        return self._codes


def _joined(codes: Sequence[Opcode]) -> list[Opcode]:
    """The same with neighbouring equal stretches as one."""
    joined: list[Opcode] = []
    for code in codes:
        if joined and code[0] == joined[-1][0] == "equal":
            code = ("equal", joined[-1][1], code[2], joined.pop()[3], code[4])
        joined.append(code)
    return joined


def _range(start: int, stop: int) -> str:
    """Lines start to stop as a hunk's head names them."""
    length = stop - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"


def _ended(line: str) -> str:
    return line if line.endswith(("\n", "\r")) else f"{line}\n\\ No newline at end of file\n"


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
        if conflict.waiting:
            waits = ", ".join(f"{name} = {text}" for name, text in conflict.waiting)
            yield from (f"    {line}" for line in _wrapped(f"waits with it: {waits}", max(width - 5, column)))


def marked_words(yours: str, theirs: str) -> tuple[str, str]:
    """Both texts with the words that only they have marked: `[-…-]` in the first, `{+…+}` in the second.

    Braces around letters do not make a word another one. Of what runs on and on (the authors of a
    collaboration) only the ends are shown.
    """
    left, right = yours.split(), theirs.split()
    pairs = zip(_without_braces(left), _without_braces(right), strict=False)
    same = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))
    begin = max(same - 2 * _EDGE_OF_SAME, 0)
    left, right = _part(left, begin), _part(right, begin)
    matcher = difflib.SequenceMatcher(None, _without_braces(left), _without_braces(right), autojunk=False)
    marked_left: list[str] = []
    marked_right: list[str] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        edge = _EDGE_OF_SAME if tag == "equal" else _EDGE_OF_OTHER
        mine, other = _ends(left[i1:i2], edge), _ends(right[j1:j2], edge)
        if tag == "equal":
            marked_left.append(mine)
            marked_right.append(other)
            continue
        if mine:
            marked_left.append(f"[-{mine}-]")
        if other:
            marked_right.append(f"{{+{other}+}}")
    return " ".join(marked_left), " ".join(marked_right)


def _part(words: list[str], begin: int) -> list[str]:
    end = begin + _MOST_WORDS
    return ["…"] * (begin > 0) + words[begin:end] + ["…"] * (end < len(words))


def _ends(words: list[str], edge: int) -> str:
    if len(words) <= 2 * edge + 1:
        return " ".join(words)
    return " ".join([*words[:edge], "…", *words[-edge:]])


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
