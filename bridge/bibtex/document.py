"""A .bib file as text: cut into blocks with exact spans, so that what nobody touches stays the same bytes.

The blocks of a document, joined, are its text. An entry's fields are found when they are first asked for.
What BibTeX could not read (a brace that never closes, a comma forgotten) becomes a broken block: reported,
kept, and over at the next line that begins with "@word{", so that it does not swallow the rest of the file.

The grammar is BibTeX's (bibtex.web, "Reading the database file") with biber's remarks: outside a value, "%"
starts one that runs to the end of the line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from bridge.errors import Place, Problem

BlockKind = Literal["entry", "string", "preamble", "comment", "text", "broken"]


class Block:
    """`text[start:end]` of a document, and what it is."""

    __slots__ = ("end", "kind", "start")

    def __init__(self, kind: BlockKind, start: int, end: int) -> None:
        self.kind = kind
        self.start = start
        self.end = end

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.kind!r}, {self.start}, {self.end})"


@dataclass(frozen=True, slots=True)
class Field:
    """One `name = value` of an entry; `start:end` is the value with its delimiters, `#` and all."""

    name: str
    name_start: int
    name_end: int
    start: int
    end: int


class Entry(Block):
    """An entry that can be read. `type` and `key` are as they are written; fields are parsed on demand."""

    __slots__ = ("_fields", "key", "key_end", "key_start", "text", "type", "type_start")

    def __init__(
        self, text: str, start: int, end: int, type_span: tuple[int, int], key_span: tuple[int, int]
    ) -> None:
        super().__init__("entry", start, end)
        self.text = text
        self.type_start = type_span[0]
        self.type = text[slice(*type_span)]
        self.key_start, self.key_end = key_span
        self.key = text[slice(*key_span)]
        self._fields: list[Field] | None = None

    @property
    def fields(self) -> list[Field]:
        """The fields in their order, doubles included; names as they are written."""
        if self._fields is None:
            self._fields = _walk(self.text, self.key_end, self.end, self.text[self.end - 1]).fields
        return self._fields

    def field(self, name: str) -> Field | None:
        """The field of that name in any case; the first if there are several, as for BibTeX."""
        name = name.lower()
        for field in self.fields:
            if field.name.lower() == name:
                return field
        return None


class Broken(Block):
    """A block that no BibTeX reads to its end. `key` as far as one can be seen, `at` where the trouble is.

    `swallows`: a brace or quote is left open, so that a reader without our care takes what follows for its
    value; nothing new should be put behind it.
    """

    __slots__ = ("at", "key", "reason", "swallows")

    def __init__(self, start: int, end: int, key: str, at: int, reason: str, swallows: bool) -> None:
        super().__init__("broken", start, end)
        self.key = key
        self.at = at
        self.reason = reason
        self.swallows = swallows


# -- the grammar, as possessive patterns (one pass in C); _walk is the same without a limit on nesting --

_NAME = r"[^\s,#{}\"()=%'@\\]++"
_WORD = r"[A-Za-z][\w:+./*-]*+"
_WS = r"(?:\s++|%[^\n\r]*+)*+"
_KEY = r"(?:[^\s,{}=]++(?:[ \t]++[^\s,{}=%]++)*+)?+"
_PAREN_KEY = r"(?:[^\s,={}()]++(?:[ \t]++[^\s,={}()%]++)*+)?+"


def _nested(depth: int) -> str:
    pattern = r"\{[^{}]*+\}"
    for _ in range(depth):
        pattern = rf"\{{(?:[^{{}}]++|{pattern})*+\}}"
    return pattern


_BRACED = _nested(6)
_PIECE = rf'(?:{_BRACED}|"(?:[^"{{}}]++|{_BRACED})*+"|{_NAME})'
_VALUE = rf"{_PIECE}(?:{_WS}#{_WS}{_PIECE})*+"
_FIELDS = rf"(?:,{_WS}(?:{_NAME}{_WS}={_WS}{_VALUE}{_WS})?+)*+"

_ENTRY = {
    "{": re.compile(rf"@\s*+({_WORD})\s*+\{{{_WS}({_KEY}){_WS}{_FIELDS}\}}"),
    "(": re.compile(rf"@\s*+({_WORD})\s*+\({_WS}({_PAREN_KEY}){_WS}{_FIELDS}\)"),
}
_DEFINITION = {
    "{": re.compile(rf"@\s*+\w+\s*+\{{{_WS}({_NAME}){_WS}={_WS}({_VALUE}){_WS}(?:,{_WS})?+\}}"),
    "(": re.compile(rf"@\s*+\w+\s*+\({_WS}({_NAME}){_WS}={_WS}({_VALUE}){_WS}(?:,{_WS})?+\)"),
}
_PREAMBLE = {
    "{": re.compile(rf"@\s*+\w+\s*+\{{{_WS}{_VALUE}{_WS}\}}"),
    "(": re.compile(rf"@\s*+\w+\s*+\({_WS}{_VALUE}{_WS}\)"),
}
_HEAD = re.compile(rf"@\s*+({_WORD})\s*+([{{(])")
_UP_TO_AT = re.compile(r"(?:[^@%]++|%[^\n\r]*+)*+(?=@)")
_LINE_START = re.compile(rf"\n@{_WORD}[ \t]*+[{{(]")
_INDENTED_START = re.compile(rf"^[ \t]*+@{_WORD}[ \t]*+[{{(]", re.MULTILINE)
_MORE_FIELDS = re.compile(rf"\s*+,\s*+{_NAME}\s*+=\s*+[{{\"\w]")
_SPACE = re.compile(_WS)
_FIELD_NAME = re.compile(_NAME)
_BRACE_KEY = re.compile(rf"{_WS}({_KEY})")
_PARENTHESIS_KEY = re.compile(rf"{_WS}({_PAREN_KEY})")
_FIRST_KEY = re.compile(rf"{_WS}([^\s,{{}}()=\"%]*+)")
_BRACE = re.compile(r"[{}]")
_BRACE_OR_QUOTE = re.compile(r'[{}"]')
_BRACE_OR_LAST_PARENTHESIS = re.compile(r"[{}]|\)[ \t]*+$", re.MULTILINE)
_VALUE_RE = re.compile(_VALUE)
_QUICK = re.compile(rf"\s*+=\s*+({_VALUE})")
_FIELD = re.compile(rf",{_WS}({_NAME}){_WS}={_WS}({_VALUE}){_WS}")
_COMMENTED_KEY = re.compile(rf"@\s*+{_WORD}\s*+[{{(]\s*+([^\s,{{}}()=\"]++)\s*+,")


class Document:
    """The blocks of one text. `name` is what messages call the file."""

    def __init__(self, text: str, name: str = "<text>") -> None:
        self.text = text
        self.name = name
        self.blocks: list[Block] = list(_split(text))

    @cached_property
    def entries(self) -> list[Entry]:
        return [block for block in self.blocks if isinstance(block, Entry)]

    @cached_property
    def broken(self) -> list[Broken]:
        return [block for block in self.blocks if isinstance(block, Broken)]

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every key that the file uses, lower-case: of entries, broken blocks, and what is commented out,
        since classic BibTeX reads an entry behind "%" all the same."""
        found = {entry.key.lower() for entry in self.entries}
        found.update(block.key.lower() for block in self.broken)
        for block in self.blocks:
            if block.kind in ("text", "comment", "broken"):
                found.update(m[1].lower() for m in _COMMENTED_KEY.finditer(self.text, block.start, block.end))
        return frozenset(found - {""})

    @cached_property
    def newline(self) -> str:
        """The line end that the file uses (the first one); LF for a text without any."""
        first = re.search(r"\r\n|\n|\r", self.text)
        return first[0] if first else "\n"

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", self.text))]

    def place(self, offset: int, entry: str | None = None) -> Place:
        """Line and column (1-based) of an offset."""
        line = bisect_right(self._line_starts, offset)
        return Place(self.name, line, offset - self._line_starts[line - 1] + 1, entry)

    def problems(self) -> list[Problem]:
        """What a person should repair: one a broken block, in the file's order."""
        return [
            Problem(
                self.place(block.at, block.key or None),
                "broken-entry",
                f"{block.reason}; the entry is kept as it is and not updated",
                lost=False,
                advice="repair it, and run again",
            )
            for block in self.broken
        ]

    @cached_property
    def strings(self) -> dict[str, str]:
        """The @string definitions, names lower-case, values expanded; of doubles the last, as in BibTeX."""
        found: dict[str, str] = {}
        for block in self.blocks:
            if block.kind == "string":
                head = _HEAD.match(self.text, block.start)
                match = _DEFINITION[head[2]].match(self.text, block.start, block.end) if head else None
                if match:
                    found[match[1].lower()] = self._expand(match.start(2), match.end(2), found)
        return found

    def value(self, field: Field) -> str:
        """A field's text without delimiters, `#` joined and @string names expanded; for reading only.

        A name that nobody defined (a month's, a journal macro's) stays as it is.
        """
        text = self.text
        first = text[field.start]
        if first == "{" or first == '"':
            inner = text[field.start + 1 : field.end - 1]
            if first not in inner:
                return inner
        return self._expand(field.start, field.end, self.strings)

    def quick_value(self, entry: Entry, name: str) -> str:
        """As `value` of the field of that name ("" for none), without parsing all of the entry's fields.

        Text inside a value that looks like `name = {…}` may be taken for the field: good enough to find what
        is worth a closer look.
        """
        for spelt in (name, name.capitalize(), name.upper()):
            at = self.text.find(spelt, entry.key_end, entry.end)
            while at >= 0:
                match = _QUICK.match(self.text, at + len(name), entry.end)
                if match and not (self.text[at - 1].isalnum() or self.text[at - 1] in "-_"):
                    return self.value(Field(spelt, at, at + len(name), *match.span(1)))
                at = self.text.find(spelt, at + 1, entry.end)
        field = entry.field(name)
        return self.value(field) if field else ""

    def _expand(self, start: int, end: int, strings: dict[str, str]) -> str:
        parts = []
        for piece_start, piece_end in pieces(self.text, start, end):
            piece = self.text[piece_start:piece_end]
            parts.append(piece[1:-1] if piece[0] in '{"' else strings.get(piece.lower(), piece))
        return "".join(parts)


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


# -- splitting --


def _split(text: str) -> Iterator[Block]:
    starts = [match.start() + 1 for match in _LINE_START.finditer(text)]
    starts.append(len(text))
    following = 0
    pending = 0  # where free text that is not yet given out begins
    at = 0
    while True:
        found = _UP_TO_AT.match(text, at)
        if found is None:
            break
        at = found.end()
        head = _HEAD.match(text, at)
        if head is None or (at and text[at - 1].isalnum()):
            at += 1  # a lone "@", or the one of a mail address
            continue
        while starts[following] <= at:
            following += 1
        block = _block(text, at, head, starts[following])
        if block is None:
            at += 1
            continue
        if pending < at:
            yield Block("text", pending, at)
        yield block
        pending = at = block.end
    if pending < len(text):
        yield Block("text", pending, len(text))


def _block(text: str, at: int, head: re.Match[str], bound: int) -> Block | None:
    """The block that begins with `head`, at most up to `bound` (the next line that begins with one)."""
    word, opening = head[1].lower(), head[2]
    if word == "comment":
        return _comment(text, at, head, bound)
    if word == "string" or word == "preamble":
        pattern = (_DEFINITION if word == "string" else _PREAMBLE)[opening]
        match = pattern.match(text, at, bound)
        if match:
            return Block("string" if word == "string" else "preamble", at, match.end())
        return _broken(text, at, head, bound, f"this @{word} cannot be read")
    match = _ENTRY[opening].match(text, at, bound)
    if match:
        end, type_span, key_span = match.end(), match.span(1), match.span(2)
    else:
        key = (_BRACE_KEY if opening == "{" else _PARENTHESIS_KEY).match(text, head.end(), bound)
        if key is None:
            return _broken(text, at, head, bound, "the key cannot be read")
        walked = _walk(text, key.end(1), bound, "}" if opening == "{" else ")")
        if walked.trouble:
            return _broken(text, at, head, bound, walked.trouble, walked)
        end, type_span, key_span = walked.end, head.span(1), key.span(1)
    if _MORE_FIELDS.match(text, end, bound):
        reason = "a closing brace too many ends the entry before its last fields"
        resume = _INDENTED_START.search(text, end, bound)
        stop = resume.start() if resume else bound
        stop = _line_end(text, max(text.rfind("}", end, stop), end), stop)
        return Broken(at, stop, text[slice(*key_span)], end - 1, reason, swallows=False)
    return Entry(text, at, end, type_span, key_span)


def _comment(text: str, at: int, head: re.Match[str], bound: int) -> Block | None:
    if head[2] == "(":
        return None  # BibTeX ignores the word alone, biber up to the parenthesis: free text to both
    # a comment may well hold whole entries, so the next "@word{" does not end it
    end = _close(text, head.end(), len(text))
    if end < 0:
        return _broken(text, at, head, bound, "the brace of this @comment never closes")
    return Block("comment", at, end)


def _broken(
    text: str, at: int, head: re.Match[str], bound: int, reason: str, walked: _Walked | None = None
) -> Broken | None:
    if text[at + 1].isspace() and not _begins_line(text, at):
        return None  # "@ home (see below)" in somebody's prose
    resume = _INDENTED_START.search(text, head.end(), bound)
    if resume:
        bound = resume.start()
    key = _FIRST_KEY.match(text, head.end(), bound)
    name = key[1] if key else ""
    trouble = min(walked.end, bound) if walked else at
    end = _close(text, head.end(), bound) if head[2] == "{" else _close_parenthesis(text, head.end(), bound)
    if end >= 0:
        return Broken(at, end, name, trouble, reason, swallows=False)
    end = at + len(text[at:bound].rstrip())
    depth = _depth(text, head.end(), end)
    never = "a brace of this entry never closes" if head[2] == "{" else "this entry never closes"
    inside = depth > 0 or (walked is not None and walked.in_value)
    return Broken(at, end, name, trouble, never if inside or depth == 0 else reason, inside)


def _begins_line(text: str, at: int) -> bool:
    before = text[max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1 : at]
    return not before.strip()


def _line_end(text: str, at: int, bound: int) -> int:
    end = min((i for i in (text.find("\n", at, bound), text.find("\r", at, bound)) if i >= 0), default=bound)
    return at + len(text[at:end].rstrip())


def _close(text: str, at: int, bound: int) -> int:
    """The offset behind the brace that closes what was opened before `at`; -1 if there is none."""
    depth = 1
    for match in _BRACE.finditer(text, at, bound):
        depth += 1 if match[0] == "{" else -1
        if not depth:
            return match.end()
    return -1


def _close_parenthesis(text: str, at: int, bound: int) -> int:
    depth = 0
    for match in _BRACE_OR_LAST_PARENTHESIS.finditer(text, at, bound):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth -= 1
        elif not depth:
            return match.start() + 1
    return -1


def _depth(text: str, start: int, end: int) -> int:
    return text.count("{", start, end) - text.count("}", start, end)


# -- an entry's fields, one by one --


@dataclass(slots=True)
class _Walked:
    """Where reading stopped: behind the closing delimiter, or, with `trouble`, where it failed."""

    fields: list[Field]
    end: int
    trouble: str | None = None
    in_value: bool = False


def _walk(text: str, at: int, bound: int, closing: str) -> _Walked:
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
            return _Walked(fields, at + 1)
        if text[at] != ",":
            return _Walked(fields, at, "a comma is missing here")
        at = _after_space(text, at + 1, bound)
        name = _FIELD_NAME.match(text, at, bound)
        if name is None:
            if at < bound and text[at] not in "," + closing:
                return _Walked(fields, at, f"{text[at]!r} where a field should begin")
            continue
        at = _after_space(text, name.end(), bound)
        if at >= bound or text[at] != "=":
            return _Walked(fields, at, f"an equals sign is missing behind {name[0]!r}")
        start = _after_space(text, at + 1, bound)
        end = _value_end(text, start, bound)
        if end < 0:
            return _Walked(fields, start, f"the value of {name[0]!r} cannot be read", in_value=True)
        fields.append(Field(name[0], name.start(), name.end(), start, end))
        at = _after_space(text, end, bound)
    return _Walked(fields, at, "the entry never closes")


def _after_space(text: str, at: int, bound: int) -> int:
    match = _SPACE.match(text, at, bound)
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
        return _close(text, at + 1, bound)
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


def joined(text: str, blocks: Sequence[Block]) -> str:
    """The text that the blocks cover; the whole of it for a document's own blocks."""
    return "".join(text[block.start : block.end] for block in blocks)
