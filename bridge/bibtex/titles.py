"""Entries whose title and first author look like a record's: suggestions, never matches."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from bridge.bibtex.bibname import family_name
from bridge.bibtex.blocks import Entry
from bridge.bibtex.compare import split_names
from bridge.bibtex.document import Document
from bridge.bibtex.latex import meaning
from bridge.plaintext import normalised
from bridge.record import Record
from bridge.suggest import Titled, alike, author_key, titled


def look_alikes(
    document: Document, records: Sequence[Record], matched: Collection[int]
) -> Iterator[tuple[Record, Entry]]:
    """Records and the entries that may be the same work; entries that begin at `matched` are taken."""
    new = [titled(record.title, _family(record)) for record in records]
    # in a large library few first authors are also those of a new record
    authors = {one.author for one in new}
    entries: list[Entry] = []
    known: list[Titled] = []
    for entry in document.entries:
        if entry.start in matched:
            continue
        author = _first_author(document.quick_value(entry, "author"))
        if not author or author in authors or "" in authors:
            entries.append(entry)
            known.append(Titled(normalised(meaning(document.quick_value(entry, "title"))), author))
    for number, which in alike(new, known):
        yield records[number], entries[which]


def _first_author(names: str) -> str:
    # names are many and only the first counts
    first = names.split(" and ", 1)[0]
    family, comma, _ = first.partition(",")
    if comma and family.isalpha() and family.isascii():
        return family.lower()  # "Family, Given": nothing to decode
    if first.count("{") != first.count("}"):
        first = split_names(names)[0]
    return _author(first)


@lru_cache(maxsize=8192)  # a library holds many papers of one first author
def _author(name: str) -> str:
    return author_key(family_name(meaning(name))) if name else ""


def _family(record: Record) -> str:
    if not record.authors:
        return ""
    first = record.authors[0]
    return first.family or first.literal or ""
