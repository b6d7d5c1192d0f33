"""Changes to a .bib file as edits of spans: a value, a new field, a field that goes, a type, a new entry.

Everything outside the spans stays the same bytes. No function here changes anything: they return edits, and
`spliced` makes the new text of them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from bridge.bibtex.blocks import Entry
from bridge.bibtex.document import Document
from bridge.bibtex.grammar import Field
from bridge.bibtex.layout import Layout, cased_like, delimited, layout_of, layout_of_file

# fewer keys in order may be chance
_SORTED_FROM = 3
_COMMA = re.compile(r"\s*,")
_REMARK = re.compile(r"[ \t]*%")


class Edit(NamedTuple):
    """Put `text` in the place of `document.text[start:end]`."""

    start: int
    end: int
    text: str


class NewEntry(NamedTuple):
    """An entry to write: field contents without delimiters, in the order in which they are to stand."""

    type: str
    key: str
    fields: Sequence[tuple[str, str]]


def spliced(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made. Edits at one place keep their order; a ValueError if two overlap."""
    parts: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < at:
            raise ValueError(f"two edits overlap at offset {edit.start}")
        parts += (text[at : edit.start], edit.text)
        at = edit.end
    parts.append(text[at:])
    return "".join(parts)


def change_value(document: Document, field: Field, content: str) -> Edit:
    """The value's span with new content between the delimiters that stand there now."""
    old = document.text[field.start : field.end]
    layout = Layout(quote='"' if old[0] == '"' else "{", bare_numbers=old.isdigit())
    if old[0] in '{"' and content:
        value = delimited(content, layout.quote)
    else:
        value = layout.value(field.name, content)
    return Edit(field.start, field.end, value)


def change_type(entry: Entry, type: str) -> Edit:
    """The entry's type, in the case of the old one."""
    return Edit(entry.type_start, entry.type_start + len(entry.type), cased_like(type, entry.type))


def add_fields(document: Document, entry: Entry, fields: Sequence[tuple[str, str]]) -> list[Edit]:
    """Edits that put new fields behind the last one, as the entry itself is laid out, their names spelt as
    the file spells them."""
    if not fields:
        return []
    layout = layout_of(document, entry)
    if layout is None:
        layout = layout_of_file(document)
        spelt = _Speller(document, layout)
        return [_first_fields(document, entry, spelt.layout, spelt.names(fields))]
    spelt = _Speller(document, layout)
    layout, fields = spelt.layout, spelt.names(fields)
    text = document.text
    last_end = entry.fields[-1].end
    rest = text[last_end : entry.end - 1]
    if "%" not in rest:
        # before a trailing comma, so that the habit of writing one (or none) carries over by itself
        written = "".join(
            layout.assignment(layout.separator, name, layout.value(name, content)) for name, content in fields
        )
        return [Edit(last_end, last_end, written)]
    # a remark belongs to the field before it: go behind the remarks
    edits = []
    trailing = _comma_before_remark(rest)
    if not trailing:
        edits.append(Edit(last_end, last_end, ","))
    behind = entry.end - 1 - len(rest) + len(rest.rstrip())
    lead = re.sub(r"^[^,]*,", "", layout.separator)
    if not ("\n" in lead or "\r" in lead):
        lead = document.newline + "  "
    written = ",".join(layout.assignment(lead, name, layout.value(name, content)) for name, content in fields)
    edits.append(Edit(behind, behind, written + ("," if trailing else "")))
    return edits


def _first_fields(
    document: Document, entry: Entry, layout: Layout, fields: Sequence[tuple[str, str]]
) -> Edit:
    """The fields of an entry that has none."""
    text, at, lead = document.text, entry.key_end, layout.first
    if "," in text[at : entry.end]:
        at = text.index(",", at, entry.end) + 1
        lead = lead.lstrip(" \t").removeprefix(",")
    written = "".join(
        layout.assignment(layout.separator if number else lead, name, layout.value(name, content))
        for number, (name, content) in enumerate(fields)
    )
    tail = "" if "\n" in text[at : entry.end] else layout.ending
    return Edit(at, at, written + tail)


class _Speller:
    """Spells fields as the file does where it has such a field, else in the case of the layout's names.

    `layout` is the one that writes these names as they are.
    """

    def __init__(self, document: Document, layout: Layout) -> None:
        self.layout = layout._replace(names="lower")
        self._usual = document.spellings
        self._given = layout
        self._known: dict[str, str] = {}  # a run adds the same names again and again

    def names(self, fields: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        known = self._known
        for name, _ in fields:
            if name not in known:
                usual = self._usual.get((self._given.names, name.lower()))
                known[name] = usual or self._given.name(name)
        return [(known[name], content) for name, content in fields]


def remove_fields(document: Document, entry: Entry, fields: Sequence[Field]) -> list[Edit]:
    """Edits that take fields away, each with the separator before it; remarks stay."""
    text = document.text
    edits: list[Edit] = []
    end = entry.key_end  # of the field before, or of what is taken away already
    comma_behind = False
    for field in entry.fields:
        if field not in fields:
            end, comma_behind = field.end, False
            continue
        gap = text[end : field.name_start]
        kept = gap.rstrip()
        start, stop = end, field.end
        if "%" in gap and kept.endswith(",") and "%" not in re.split(r"[\r\n]", kept)[-1]:
            # a remark about the field before, and this one's comma on its own line: they part there
            start = end + len(kept) - 1
            if not _REMARK.match(text, stop):
                start = end + len(kept[:-1].rstrip())
            edits.append(Edit(start, stop, ""))
            end, comma_behind = stop, False
            continue
        # a remark in between is about the field before: keep its line, and take the comma behind the value
        comma_behind = comma_behind or "%" in gap
        if comma_behind:
            start = end + len(gap.rstrip())
            comma = _COMMA.match(text, field.end, entry.end)
            stop = comma.end() if comma else field.end
        edits.append(Edit(start, stop, ""))
        end = stop
    return edits


def add_entries(document: Document, entries: Sequence[NewEntry], layout: Layout | None = None) -> list[Edit]:
    """Edits that add whole entries: in their places where the file is sorted by key, else at its end.

    Never behind a block that leaves a brace open: a reader would take the new entries for its value.
    """
    if not entries:
        return []
    layout = layout or layout_of_file(document)
    between = _between(document)
    limit = _limit(document)
    spelt = _Speller(document, layout)
    order = _order(document.entries)
    groups: dict[int, list[str]] = {}
    if order is None:
        place = len(document.text) if limit is None else limit
        groups[place] = [spelt.layout.entry(new.type, new.key, spelt.names(new.fields)) for new in entries]
    else:
        keys = [order(entry.key) for entry in document.entries]
        for new in sorted(entries, key=lambda new: order(new.key)):
            place = _place(document, keys, order(new.key))
            if limit is not None:
                place = min(place, limit)
            written = spelt.layout.entry(new.type, new.key, spelt.names(new.fields))
            groups.setdefault(place, []).append(written)
    return [_insertion(document, place, between.join(texts), between) for place, texts in groups.items()]


def add_block(document: Document, block: str, others: Iterable[Edit] = ()) -> Edit:
    """An edit that adds a block of another kind (a @preamble) behind everything that can be read, and before
    the new entries that `others` put there."""
    text, newline = document.text, document.newline
    limit = _limit(document)
    place = len(text) if limit is None else limit
    between = _between(document)
    edit = _insertion(document, place, block, between)
    if place < len(text) or all(other.start < place for other in others):
        return edit
    # the entries bring the line ends that the file itself lacks
    there = text[len(text.rstrip("\r\n")) :] if text else between
    return Edit(place, place, edit.text.removesuffix(newline) + min(there, between, key=len))


def _insertion(document: Document, place: int, written: str, between: str) -> Edit:
    text, newline = document.text, document.newline
    if place == len(text):
        lead = ""
        if text:
            tail = text[len(text.rstrip("\r\n \t")) :]
            wanted = between.count("\n") or between.count("\r")
            lead = newline * max(wanted - (tail.count("\n") or tail.count("\r")), 0)
            if not tail.endswith(("\n", "\r")) and not lead:
                lead = newline
        return Edit(place, place, lead + written + newline)
    behind_an_entry = place > 0 and text[place : place + 1] in "\r\n" and text[place - 1] not in "\r\n"
    if behind_an_entry:
        return Edit(place, place, between + written)
    in_a_line = place > 0 and text[place - 1] not in "\r\n"
    return Edit(place, place, (between if in_a_line else "") + written + between)


def _comma_before_remark(rest: str) -> bool:
    return "," in re.sub(r"%[^\r\n]*", "", rest)


def _between(document: Document) -> str:
    """What stands between two entries of this file: so many line ends."""
    newline = document.newline
    counts: dict[int, int] = {}
    for one, other in pairwise(document.entries[:500]):
        gap = document.text[one.end : other.start]
        if gap and gap.isspace():
            lines = gap.count(newline)
            counts[lines] = counts.get(lines, 0) + 1
    lines = max(counts, key=lambda lines: counts[lines]) if counts else 2
    return newline * min(max(lines, 1), 4)


class _Order:
    """The order that a file's keys are in: by code point, or without regard to case."""

    def __init__(self, fold: bool) -> None:
        self.fold = fold

    def __call__(self, key: str) -> str:
        return key.casefold() if self.fold else key


def _order(entries: Sequence[Entry]) -> _Order | None:
    """How the entries are sorted by key; None if they are not, or are too few to tell."""
    if len(entries) < _SORTED_FROM:
        return None
    for order in (_Order(fold=True), _Order(fold=False)):
        if all(order(one.key) <= order(other.key) for one, other in pairwise(entries)):
            return order
    return None


def _limit(document: Document) -> int | None:
    """Where what cannot be read begins: nothing new goes behind it. None where nothing of the kind stands
    there."""
    at = next((block.start for block in document.broken if block.swallows), None)
    last = document.blocks[-1] if document.blocks else None
    if at is None and last is not None and last.kind == "text" and "@" in document.text[last.start :]:
        at = last.start  # "written by me@example.org" begins an entry for BibTeX
    if at is None:
        return None
    # before the whole line where only free text stands in it: a remark is not torn apart
    begin = _line_begin(document.text, at)
    ends = (block.end for block in document.blocks if block.kind != "text")
    return at if any(begin < end <= at for end in ends) else begin


def _line_begin(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def _before_first(document: Document) -> int:
    """Before the first entry, its indentation, and the remarks right above it, if they do not begin the file:
    what begins it may be about all of it."""
    text, start = document.text, document.entries[0].start
    begin = _line_begin(text, start)
    if text[begin:start].strip():
        return start
    lines = text[:begin].splitlines(keepends=True)
    at = begin
    while lines and lines[-1].lstrip().startswith("%"):
        at -= len(lines.pop())
    return at if at and lines and not lines[-1].strip() else begin


_LINE_REST = re.compile(r"[ \t]*(?:%[^\r\n]*)?(?=[\r\n]|\Z)")


def _place(document: Document, keys: Sequence[str], key: str) -> int:
    """Where in a sorted file a new key belongs: behind the entry before it, or before the first one."""
    index = bisect_right(keys, key)
    entries = document.entries
    if index == len(entries):
        return len(document.text)
    if index == 0:
        return _before_first(document)
    end = entries[index - 1].end
    rest = _LINE_REST.match(document.text, end)
    return rest.end() if rest else entries[index].start
