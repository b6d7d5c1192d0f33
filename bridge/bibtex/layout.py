"""How a .bib file is laid out: indentation, alignment, delimiters, commas, case, learned from its entries.

What bibbridge adds to a person's file should look as if that person had written it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from bridge.bibtex.blocks import Entry
from bridge.bibtex.document import Document
from bridge.bibtex.grammar import Field
from bridge.bibtex.spelling import Case, case_of, cased

# as many entries as are looked at to learn a file's habits, spread over the file
_SAMPLE = 60

# the macros that every bibliography style defines
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Layout(NamedTuple):
    """One entry's habits. `first` stands between key and first field, `separator` between two fields,
    `ending` between the last value and the closing delimiter; all three with their commas.

    `align` says how "=" comes to stand in one column: names padded on the right ("left"), on the left
    ("right"), or not at all; `column` is that column, counted from the line's start, None for "as the longest
    name asks". `before` and `after` are the spaces around "=" where nothing is aligned.
    """

    first: str = ",\n  "
    separator: str = ",\n  "
    ending: str = "\n"
    align: Literal["none", "left", "right"] = "none"
    column: int | None = None
    before: str = " "
    after: str = " "
    quote: Literal["{", '"'] = "{"
    bare_numbers: bool = False
    names: Case = "lower"
    types: Case = "lower"
    opening: Literal["{", "("] = "{"

    def value(self, name: str, content: str) -> str:
        """`content` with the delimiters that this layout gives it."""
        if name.lower() == "month" and content.lower() in MONTHS:
            return content
        if self.bare_numbers and content.isascii() and content.isdigit():
            return content
        return delimited(content, self.quote)

    def name(self, name: str) -> str:
        return cased(name, self.names)

    def type(self, name: str) -> str:
        return cased(name, self.types)

    def assignment(self, lead: str, name: str, value: str) -> str:
        """`lead`, the name, "=" and the value; `lead` ends with the line's indentation."""
        return _up_to_value(self, lead, name) + value

    def up_to_value(self, lead: str, name: str) -> str:
        """What `assignment` puts before the value."""
        name = self.name(name)
        before = self.before
        if self.align != "none" and self.column is not None:
            line = lead[_last_line(lead) :]
            if self.align == "left":
                before = " " * max(self.column - _width(line) - len(name), len(self.before))
            elif len(line) != len(lead):
                indent = " " * max(self.column - len(self.before) - len(name), 0)
                lead = lead[: _last_line(lead)] + indent
        return f"{lead}{name}{before}={self.after}"

    def entry(self, type: str, key: str, fields: Sequence[tuple[str, str]]) -> str:
        """A whole entry, without a line end behind it."""
        layout = self
        if self.align != "none":
            longest = max((len(self.name(name)) for name, _ in fields), default=0)
            indent = _width(self.first[_last_line(self.first) :]) if self.align == "left" else 2
            layout = self._replace(column=max(self.column or 0, indent + longest + len(self.before)))
        parts = [f"@{self.type(type)}{self.opening}{key}"]
        for number, (name, content) in enumerate(fields):
            lead = self.separator if number else self.first
            parts.append(layout.assignment(lead, name, self.value(name, content)))
        return "".join(parts) + self.ending + ("}" if self.opening == "{" else ")")


@lru_cache(maxsize=1024)  # the entries of a run share a few layouts, and a score of names
def _up_to_value(layout: Layout, lead: str, name: str) -> str:
    return layout.up_to_value(lead, name)


def layout_of(document: Document, entry: Entry) -> Layout | None:
    """One entry's habits; None for an entry without fields."""
    text, fields = document.text, entry.fields
    if not fields:
        return None
    gaps = [_gap(text, one.end, other.name_start) for one, other in pairwise(fields)]
    usable = [gap for gap in gaps if gap is not None]
    first = _gap(text, entry.key_end, fields[0].name_start)
    separator = usable[-1] if usable else first or "," + document.newline + "  "
    layout = Layout(
        first=first or separator,
        separator=separator,
        ending=_ending(text, fields[-1].end, entry.end - 1),
        names=case_of([field.name for field in fields]),
        types=case_of([entry.type]),
        opening="{" if text[entry.end - 1] == "}" else "(",
    )
    firsts = [text[field.start] for field in fields]
    if firsts.count('"') > firsts.count("{"):
        layout = layout._replace(quote='"')
    numbers = [text[field.start : field.end] for field in fields]
    bare = sum(number.isdigit() for number in numbers)
    if bare > sum(number[1:-1].isdigit() for number in numbers):
        layout = layout._replace(bare_numbers=True)
    return _with_alignment(layout, text, entry.start, fields)


def layout_of_file(document: Document) -> Layout:
    """What most entries of the file do; the default for a file without any."""
    entries = document.entries
    sample = entries[:: max(len(entries) // _SAMPLE, 1)]
    layouts = [layout for layout in (layout_of(document, entry) for entry in sample) if layout is not None]
    if not layouts:
        newline = document.newline
        return Layout(first=f",{newline}  ", separator=f",{newline}  ", ending=f",{newline}")
    columns = {layout.column for layout in layouts if layout.align != "none"}
    if len(columns) > 1:
        layouts = [layout._replace(column=None) for layout in layouts]
    return Counter(layouts).most_common(1)[0][0]


def delimited(content: str, quote: str) -> str:
    """`content` in quotes or braces; in braces too where a quote inside would end it."""
    if quote == '"' and not any(
        letter == '"' and content.count("{", 0, at) == content.count("}", 0, at)
        for at, letter in enumerate(content)
    ):
        return f'"{content}"'
    return f"{{{content}}}"


def cased_like(name: str, model: str) -> str:
    """`name` in the case that `model` is written in: "INPROCEEDINGS" after "MISC"."""
    return cased(name, case_of([model]))


class _Equals(NamedTuple):
    """How one field is written up to its value: columns counted from the line's start, spaces around "="."""

    indent: int
    width: int
    column: int
    before: str
    after: str


def _equals(text: str, begin: int, field: Field) -> _Equals:
    start = begin + _last_line(text[begin : field.name_start])
    at = text.find("=", field.name_end, field.start)
    return _Equals(
        indent=_width(text[start : field.name_start]),
        width=len(field.name),
        column=_width(text[start:at]),
        before=text[field.name_end : at],
        after=text[at + 1 : field.start],
    )


def _with_alignment(layout: Layout, text: str, begin: int, fields: Sequence[Field]) -> Layout:
    written = [_equals(text, begin, field) for field in fields]
    layout = layout._replace(
        before=_usual_space([one.before for one in written]),
        after=_usual_space([one.after for one in written]),
    )
    # most fields: a name too long for the column stands out of it (DBLP's `eprinttype    =`)
    column, count = Counter(one.column for one in written).most_common(1)[0]
    aligned = [one for one in written if one.column == column]
    if count * 2 <= len(written) or len({one.width for one in aligned}) == 1:
        return layout
    narrowest = min((one.before for one in aligned), key=len)
    if len({one.indent for one in aligned}) == 1:
        # a longer name may come nearer to "=" than any that stands there now
        return layout._replace(align="left", column=column, before=narrowest[:1])
    return layout._replace(align="right", column=column, before=narrowest)


def _usual_space(spaces: Sequence[str]) -> str:
    usual = Counter(space for space in spaces if "%" not in space and "\n" not in space).most_common(1)
    return usual[0][0] if usual else " "


_REMARK = re.compile(r"[ \t]*%[^\r\n]*")
_COMMAS = re.compile(r",(?:\s*,)+")  # a slip that is no habit
_ONE_COMMA = re.compile(r"\s*,\s*")


def _gap(text: str, start: int, end: int) -> str | None:
    """What stands between two fields, if it is a comma and space; None where a remark stands there too."""
    gap = text[start:end]
    return gap if _ONE_COMMA.fullmatch(gap) else None


def _ending(text: str, start: int, end: int) -> str:
    return _COMMAS.sub(",", _REMARK.sub("", text[start:end]))


def _last_line(text: str) -> int:
    return max(text.rfind("\n"), text.rfind("\r")) + 1


def _width(text: str) -> int:
    return len(text.expandtabs(8))
