"""Entries whose title and first author look like a record's: suggestions, never matches."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from bridge.bibtex.blocks import Entry
from bridge.bibtex.compare import split_names
from bridge.bibtex.document import Document
from bridge.bibtex.latex import meaning
from bridge.record import Record
from bridge.suggest import Titled, alike


def look_alikes(
    document: Document, records: Sequence[Record], matched: Collection[int]
) -> Iterator[tuple[Record, Entry]]:
    """Records and the entries that may be the same work; entries that begin at `matched` are taken."""
    entries = [entry for entry in document.entries if entry.start not in matched]
    known = [_titled(document, entry) for entry in entries]
    new = [Titled(record.title, _family(record)) for record in records]
    for number, which in alike(new, known):
        yield records[number], entries[which]


def _titled(document: Document, entry: Entry) -> Titled:
    title = document.quick_value(entry, "title")
    first = document.quick_value(entry, "author")
    if first:
        # names are many and only the first counts
        cut = first.split(" and ", 1)[0]
        first = cut if cut.count("{") == cut.count("}") else split_names(first)[0]
    return Titled(meaning(title), _family_of(meaning(first)) if first else "")


def _family_of(name: str) -> str:
    family, comma, _ = name.partition(",")
    return family if comma else name.rsplit(" ", 1)[-1]


def _family(record: Record) -> str:
    if not record.authors:
        return ""
    first = record.authors[0]
    return first.family or first.literal or ""
