"""What is printed: the venue, year and place within it that a journal_ref or a publisher's DOI tells.

The journal_ref is parsed by journalref.py and its journal looked up in the tables; a DOI is known by its
shape (mappings/doi-patterns.csv). Where both speak, `merged_details` says which counts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bridge.claims import read_comment
from bridge.named import full_year, kind_of
from bridge.record import Evidence, Kind, PublishedIn
from bridge.venue_table import DoiPattern, VenueRow, doi_patterns, venue_table
from bridge.words import plain_words

if TYPE_CHECKING:
    from bridge.journalref import JournalRef


class Printed(NamedTuple):
    """What journal_ref or DOI say: a row of the tables or a name, the year, and the words for it."""

    row: VenueRow | None
    name: str | None
    kind: Kind | None
    year: int | None
    evidence: Evidence
    reasons: tuple[str, ...]
    published_in: PublishedIn


_GLUED = re.compile(r"(?<=[a-z.])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")  # "ActaAstron.", "AIPConf.Proc."
_EVENT_YEAR = re.compile(r"[\s,'’(]*\b(?:19|20)?\d\d\)?$")


def look_up_journal_ref(text: str) -> Printed:
    """What a journal_ref that is not blank tells; in its own words where the tables have no such journal."""
    # its patterns are many, and most papers have no journal_ref
    from bridge.journalref import behind_authors, read_journal_ref

    ref = read_journal_ref(text)
    row, kind = _journal_row(ref, text)
    if row is None:
        for further in behind_authors(text):
            known = venue_table().named(further.journal)
            if known is not None:
                ref, row, kind = further, known, known.kind
                break
    evidence = Evidence("journal_ref", text[ref.start : ref.end], ref.start, ref.end)
    reasons = ["journal_ref"]
    name: str | None = None
    if row is not None:
        name = row.name
        reasons.append("known venue")
    elif ref.parsed and len(ref.journal) <= 120:
        name = ref.journal
        reasons.append("unknown journal")
    else:
        reasons.append("unparsed")
    if ref.year is not None:
        reasons.append("year")
    published_in = PublishedIn(
        ref.volume, ref.number, ref.pages, ref.article_number, row.publisher if row else None
    )
    return Printed(row, name, row.kind if row else kind, ref.year, evidence, tuple(reasons), published_in)


def _journal_row(ref: JournalRef, text: str) -> tuple[VenueRow | None, Kind | None]:
    """The venue that a reference's journal names: the whole name, else a venue of the tables within it."""
    table = venue_table()
    row = table.named(ref.journal)
    if row is None:
        without = _EVENT_YEAR.sub("", ref.journal)
        if without != ref.journal:
            row = table.named(without)
    if row is None and " " not in ref.journal:
        row = table.named(_GLUED.sub(" ", ref.journal))
    if row is not None:
        return row, row.kind
    lower = plain_words(ref.journal)
    kind = kind_of(lower, 0, len(lower))
    reading = read_comment(ref.journal if ref.parsed else ref.journal[:300])
    sure = [
        c.named for c in reading.claims if c.named is not None and c.named.row is not None and c.named.sure
    ]
    if sure and not sure[0].is_series:
        return sure[0].row, sure[0].kind
    if kind is None and ref.volume is None:
        words = plain_words(text[ref.start : ref.start + 300])  # "SBES 2025 39th Symposium on X"
        event = kind_of(words, 0, len(words))
        return None, event if event in ("conference", "workshop") else None
    return None, kind or "journal"


# -- the DOI --

_DOI = re.compile(r"10\.(\d{4,9})/\S*[^\s.,;\"'<>]")


def look_up_doi(text: str) -> Printed | None:
    """What the first DOI tells that is no preprint's or data set's; None if there is no such DOI."""
    for match in _DOI.finditer(text):
        doi, offset = match.group(), match.start()
        shape, hit = _shape_of(doi, match[1])
        if shape is not None and shape.status == "none":
            continue
        read = _read_off(doi, offset, shape.venue, hit) if shape is not None and hit is not None else None
        if read is not None:
            return read
        evidence = Evidence("doi", doi, offset, offset + len(doi))
        return Printed(None, None, None, None, evidence, ("doi", "no venue"), PublishedIn())
    return None


def _shape_of(doi: str, registrant: str) -> tuple[DoiPattern | None, re.Match[str] | None]:
    """The first pattern that a DOI has the shape of, and how it matches."""
    for shape in doi_patterns(registrant):
        hit = shape.pattern.match(doi)
        if hit is not None:
            return shape, hit
    return None, None


def _read_off(doi: str, offset: int, venue: str | None, hit: re.Match[str]) -> Printed | None:
    """What a DOI of a known shape tells, None where it names no venue; `venue` is that of the shape."""
    groups = hit.groupdict()
    acronym = groups.get("venue")
    row = venue_table().row(venue) if venue else None
    if row is None and acronym:
        row = venue_table().named(acronym) or venue_table().named(acronym.upper())
    if row is None and not acronym:
        return None
    year = full_year(groups.get("year") or groups.get("yy") or "")
    told = [hit.span(group) for group in ("venue", "year", "yy") if groups.get(group)] or [hit.span()]
    start, end = min(s for s, _ in told), max(e for _, e in told)
    evidence = Evidence("doi", doi[start:end], offset + start, offset + end)
    reasons = ["doi", *(["known venue"] if row else []), *(["year"] if year else [])]
    published_in = PublishedIn(
        groups.get("volume"), groups.get("number"), groups.get("pages"), groups.get("article"),
        row.publisher if row else None,
    )  # fmt: skip
    # IEEE writes a number right after a meeting's acronym, but not after a journal's
    meeting = acronym is not None and doi[hit.end("venue") :][:1].isdecimal()
    kind: Kind | None = row.kind if row else "conference" if meeting else None
    return Printed(row, row.name if row else acronym, kind, year, evidence, tuple(reasons), published_in)


def merged_details(first: PublishedIn, second: PublishedIn) -> PublishedIn:
    """What `first` says, and `second` where it is silent; nothing that is said already in another field."""
    number, pages = first.number, first.pages
    if number is None and (first.volume is None or _same(first.volume, second.volume)):
        number = second.number  # an issue of no other volume: the month of "JCAP 1810" is not its issue 10
    elif _same(number, second.volume) and not _same(first.volume, second.volume):
        number = None  # "2017 no. 06" of JCAP, whose volumes are months
    if _same(pages, second.article_number):
        pages = None  # "JHEP 05 (2021) 123": its DOI tells that 123 is no page
    return PublishedIn(
        first.volume or second.volume,
        number,
        pages or (None if first.article_number else second.pages),
        first.article_number or second.article_number,
        first.publisher or second.publisher,
    )


def _same(one: str | None, other: str | None) -> bool:
    """Whether two numbers are one: "05" and "5"."""
    return bool(one and other) and str(one).lstrip("0") == str(other).lstrip("0")
