"""Entries whose title and first author look like a record's: suggestions, never matches."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from bridge.bibtex.bibname import family_name
from bridge.bibtex.blocks import Entry
from bridge.bibtex.compare import split_names
from bridge.bibtex.document import Document
from bridge.bibtex.latex import meaning
from bridge.bibtex.match import Likeness
from bridge.bibtex.otherwords import only_arxiv
from bridge.identifiers import clean_doi, is_arxiv_doi
from bridge.plaintext import normalised
from bridge.record import Record
from bridge.suggest import Titled, alike, author_key, titled
from bridge.suggest import likeness as compare_titles

# of 100: two titles that have nothing in common come to about 40
_UNLIKE = 55.0
_FULL_TITLE = 4  # words of four letters and more
_YEAR = re.compile(r"(?:19|20)\d\d")


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


def likeness(document: Document, entry: Entry, record: Record) -> Likeness:
    """Whether an entry has the record's title and first author, or is plainly another work.

    For the latter everything must speak against it: no word of the authors and little of the title in common,
    and a year or a publisher's DOI that cannot be the record's, or else a title and authors that are told in
    full or a place where it was printed. Titles change between versions, and people shorten lists.
    """
    title = normalised(meaning(document.quick_value(entry, "title")))
    names = document.quick_value(entry, "author")
    own = titled(record.title, _family(record))
    if title and title == own.title:
        author = _first_author(names)
        return "same" if not author or not own.author or author == own.author else "unclear"
    if not title or not names or not record.authors:
        return "unclear"
    people = set(normalised(meaning(names)).split())
    known = {word for a in record.authors for word in normalised(a.family or a.literal or "").split()}
    if people & known:
        return "unclear"
    if not (_of_another_time(document, entry, record) or _told_in_full(document, entry, record)):
        return "unclear"
    return "unlike" if compare_titles(title, own.title) < _UNLIKE else "unclear"


def _told_in_full(document: Document, entry: Entry, record: Record) -> bool:
    """Whether an entry says so much of a work that its words are no stopgap: a mistyped id is mostly one of
    the same month, so that the year agrees."""
    title = {word for word in normalised(meaning(document.quick_value(entry, "title"))).split() if word[3:]}
    other = {word for word in normalised(record.title).split() if word[3:]}
    places = [document.quick_value(entry, name) for name in ("journal", "journaltitle", "booktitle")]
    printed = any(place.strip() and not only_arxiv(place, record.arxiv_id) for place in places)
    several = len(split_names(document.quick_value(entry, "author"))) > 1
    return title.isdisjoint(other) and (printed or (several and len(title) >= _FULL_TITLE))


def _of_another_time(document: Document, entry: Entry, record: Record) -> bool:
    """Whether the entry's year is none of the record's, or its DOI another publisher's."""
    doi = clean_doi(document.quick_value(entry, "doi"))
    published = doi is not None and not is_arxiv_doi(doi)
    if doi is not None and published and record.doi is not None and doi.lower() != record.doi.lower():
        return True
    year = _YEAR.search(document.quick_value(entry, "year") or document.quick_value(entry, "date"))
    known = [int(text[:4]) for text in (record.first_date, record.updated) if text]
    known += [said for said in (record.venue.year, record.cited_year) if said]
    return year is not None and bool(known) and not min(known) - 1 <= int(year[0]) <= max(known) + 1


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
