"""A .bib file as text: cut into blocks with exact spans, so that what nobody touches stays the same bytes.

The blocks of a document, joined, are its text. An entry's fields are found when they are first asked for;
broken blocks are reported and kept.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from bridge.bibtex.blocks import Block, Broken, Entry, split
from bridge.bibtex.grammar import HEAD, VALUE, WORD, Field, definition, pieces
from bridge.bibtex.spelling import Case, usual_spellings
from bridge.errors import Place, Problem
from bridge.latepattern import LatePattern

_QUICK = re.compile(rf"\s*+=\s*+({VALUE})")
_COMMENTED_KEY = re.compile(rf"@\s*+{WORD}\s*+[{{(]\s*+([^\s,{{}}()=\"]++)\s*+,")
_MARKER = LatePattern(r"(?:^|(?<=\r))(?:<{7}|={7}(?=\r|$)|>{7})(?=[ \t\r]|$)", re.MULTILINE)


class Document:
    """The blocks of one text. `name` is what messages call the file."""

    def __init__(self, text: str, name: str = "<text>") -> None:
        self.text = text
        self.name = name
        self.blocks: list[Block] = list(split(text))

    @cached_property
    def entries(self) -> list[Entry]:
        return [block for block in self.blocks if isinstance(block, Entry)]

    def entry(self, key: str) -> Entry | None:
        """The first entry of that key."""
        return next((entry for entry in self.entries if entry.key == key), None)

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
    def spellings(self) -> dict[tuple[Case, str], str]:
        """How the file spells the names of fields (`usual_spellings`)."""
        return usual_spellings(self.text)

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

    def git_conflict(self) -> Place | None:
        """Where git left both sides of a merge in the file: three kinds of marker lines, in their order; None
        where it did not, and for a rule that only looks like one."""
        if "<<<<<<<" not in self.text:
            return None
        start, seen = 0, ""
        for marker in _MARKER.finditer(self.text):
            kind = marker[0][0]
            if kind == "<":
                start, seen = marker.start(), "<"
            elif kind == "=":
                seen = "=" if seen else ""
            elif seen == "=":
                return self.place(start)._replace(column=None)
            else:
                seen = ""
        return None

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
                head = HEAD.match(self.text, block.start)
                match = definition(head[2]).match(self.text, block.start, block.end) if head else None
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

    def literal(self, field: Field) -> str | None:
        """A field's text between its delimiters as it is written, a number or a month bare; None where `#`
        or a person's @string makes it up."""
        written = self.text[field.start : field.end]
        if len(pieces(self.text, field.start, field.end)) != 1:
            return None
        if written[0] in '{"':
            return written[1:-1]
        return None if written.lower() in self.strings else written

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
