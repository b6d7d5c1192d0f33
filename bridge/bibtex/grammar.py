"""BibTeX's grammar: the patterns of entries and values, and reading an entry field by field.

The grammar is BibTeX's (bibtex.web, "Reading the database file") with biber's remarks: outside a value, "%"
starts one that runs to the end of the line. The patterns are possessive, so that each is one pass in C;
`walk` says the same without a limit on nesting, and where an entry goes wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from bridge.latepattern import LatePattern


class Field(NamedTuple):
    """One `name = value` of an entry; `start:end` is the value with its delimiters, `#` and all."""

    name: str
    name_start: int
    name_end: int
    start: int
    end: int


CLOSING = {"{": "}", "(": ")"}
NAME = r"[^\s,#{}\"()=%'@\\]++"
WORD = r"[A-Za-z][\w:+./*-]*+"
SPACE = r"(?:\s++|%[^\n\r]*+)*+"
KEY = r"(?:[^\s,{}=]++(?:[ \t]++[^\s,{}=%]++)*+)?+"
KEY_IN_PARENTHESES = r"(?:[^\s,={}()]++(?:[ \t]++[^\s,={}()%]++)*+)?+"


def _nested(depth: int) -> str:
    pattern = r"\{[^{}]*+\}"
    for _ in range(depth):
        pattern = rf"\{{(?:[^{{}}]++|{pattern})*+\}}"
    return pattern


_BRACED = _nested(4)
_PIECE = rf'(?:{_BRACED}|"(?:[^"{{}}]++|{_BRACED})*+"|{NAME})'
VALUE = rf"{_PIECE}(?:{SPACE}#{SPACE}{_PIECE})*+"
FIELDS = rf"(?:,{SPACE}(?:{NAME}{SPACE}={SPACE}{VALUE}{SPACE})?+)*+"
# The same without remarks, and much faster, for a value is first taken to end at its first "}" before a comma
# or the entry's end. That is wrong where it holds another "{", so what this matches is an entry only if it
# has as many "{" as "}": everything else in it is balanced, and such a value would leave one over.
_FLAT = r"\{(?!\{)[^}]*+\}(?=,|\s++\})"
PLAIN_FIELDS = rf"(?:,\s*+(?:{NAME}\s*+=\s*+(?:{_FLAT}|{_PIECE})\s*+)?+)*+"


@cache
def definition(opening: str) -> re.Pattern[str]:
    """`@string` with its name and value as groups; compiled when a file has one."""
    return re.compile(
        rf"@\s*+\w+\s*+\{opening}{SPACE}({NAME}){SPACE}={SPACE}({VALUE}){SPACE}(?:,{SPACE})?+\{CLOSING[opening]}"
    )


HEAD = re.compile(rf"@\s*+({WORD})\s*+([{{(])")
_SPACE_RE = re.compile(SPACE)
_FIELD_NAME = re.compile(NAME)
_BRACE = re.compile(r"[{}]")
_BRACE_OR_QUOTE = re.compile(r'[{}"]')
_VALUE_RE = LatePattern(VALUE)
_FIELD = LatePattern(rf",{SPACE}({NAME}){SPACE}={SPACE}({VALUE}){SPACE}")


@dataclass(slots=True)
class Walked:
    """Where reading stopped: behind the closing delimiter, or, with `trouble`, where it failed."""

    fields: list[Field]
    end: int
    trouble: str | None = None
    in_value: bool = False


def walk(text: str, at: int, bound: int, closing: str) -> Walked:
    """Read from behind the key to the closing delimiter."""
    fields: list[Field] = []
    at = _after_space(text, at, bound)
    while match := _FIELD.match(text, at, bound):
        if match.end() < bound and text[match.end()] == "#":
            break  # the pattern stopped short of a piece that is nested too deeply for it
        fields.append(Field(match[1], *match.span(1), *match.span(2)))
        at = match.end()
    while at < bound:
        if text[at] == closing:
            return Walked(fields, at + 1)
        if text[at] != ",":
            return Walked(fields, at, "a comma is missing here")
        at = _after_space(text, at + 1, bound)
        name = _FIELD_NAME.match(text, at, bound)
        if name is None:
            if at < bound and text[at] not in "," + closing:
                return Walked(fields, at, f"{text[at]!r} where a field should begin")
            continue
        at = _after_space(text, name.end(), bound)
        if at >= bound or text[at] != "=":
            return Walked(fields, at, f"an equals sign is missing behind {name[0]!r}")
        start = _after_space(text, at + 1, bound)
        end = _value_end(text, start, bound)
        if end < 0:
            return Walked(fields, start, f"the value of {name[0]!r} cannot be read", in_value=True)
        fields.append(Field(name[0], name.start(), name.end(), start, end))
        at = _after_space(text, end, bound)
    return Walked(fields, at, "the entry never closes")


def _after_space(text: str, at: int, bound: int) -> int:
    match = _SPACE_RE.match(text, at, bound)
    return match.end() if match else at


def _value_end(text: str, at: int, bound: int) -> int:
    match = _VALUE_RE.match(text, at, bound)
    if match:
        after = _after_space(text, match.end(), bound)
        if after >= bound or text[after] != "#":
            return match.end()
    while True:  # nested more deeply than the pattern goes, or not to be read
        end = _piece_end(text, at, bound)
        if end < 0:
            return -1
        at = _after_space(text, end, bound)
        if at >= bound or text[at] != "#":
            return end
        at = _after_space(text, at + 1, bound)


def _piece_end(text: str, at: int, bound: int) -> int:
    first = text[at : at + 1] if at < bound else ""
    if first == "{":
        return closing_brace(text, at + 1, bound)
    if first == '"':
        depth = 0
        for match in _BRACE_OR_QUOTE.finditer(text, at + 1, bound):
            if match[0] == '"':
                if not depth:
                    return match.end()
            else:
                depth += 1 if match[0] == "{" else -1
                if depth < 0:
                    return -1
        return -1
    name = _FIELD_NAME.match(text, at, bound)
    return name.end() if name else -1


def pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The spans of the parts that `#` joins in a value; one for most values."""
    spans = []
    at = start
    while at < end:
        after = _piece_end(text, at, end)
        if after < 0:
            break
        spans.append((at, after))
        at = _after_space(text, after, end)
        if at >= end or text[at] != "#":
            break
        at = _after_space(text, at + 1, end)
    return spans


def closing_brace(text: str, at: int, bound: int) -> int:
    """The offset behind the brace that closes what was opened before `at`; -1 if there is none."""
    depth = 1
    for match in _BRACE.finditer(text, at, bound):
        depth += 1 if match[0] == "{" else -1
        if not depth:
            return match.end()
    return -1


def balanced(text: str) -> bool:
    """Whether the braces of a value match, as BibTeX counts them: a backslash before one changes nothing."""
    if "{" not in text and "}" not in text:
        return True
    depth = 0
    for brace in _BRACE.findall(text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0
