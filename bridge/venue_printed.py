"""What is printed: the venue, year and place within it that a journal_ref or a publisher's DOI tells.

The journal_ref is parsed by journalref.py and its journal looked up in the tables; a DOI is known by its
shape (mappings/doi-patterns.csv). Where both speak, `merged_details` says which counts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bridge.claims import read_comment
from bridge.latepattern import LatePattern
from bridge.named import SPONSORS, Named, full_year, is_acronym, kind_of
from bridge.phrases import word_set
from bridge.publishers import without_publisher
from bridge.record import Evidence, Kind, PublishedIn
from bridge.venue_phrase import long_name
from bridge.venue_table import DoiPattern, VenueRow, doi_patterns, filed_forms, venue_table
from bridge.words import Words, plain_words

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
    full_name: str | None = None


_VOLUME_OF = re.compile(r"\bvol(?:ume|\.)? \d+ of\b", re.IGNORECASE)  # of a series of books
_VOLUME_GLUED_ON = re.compile(r"[A-Z]\d{3}(?!\d)")
_WRITTEN_BY = re.compile(r"\b[A-Z]\.|\b(?:eds?|editors?)\b")
_PRINTERS = SPONSORS | word_set("printers")
# "IEEE Xplore", "ACM Digital Library" tell where a paper can be had
_DATABASES = frozenset({"xplore", "digital", "library"})
_NO_NAMES = _PRINTERS | word_set("months") | _DATABASES | {"vol", "volume", "no"}
_GLUED = re.compile(r"(?<=[a-z.])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")  # "ActaAstron.", "AIPConf.Proc."
# "Proceedings of 2011 International Conference on Foo, ICF": the year is a field of its own
_YEAR_IN_NAME = LatePattern(r"(?<=^Proceedings of )(?:the )?(?:19|20)\d\d (?=[A-Z])")
_ACRONYM_BEHIND = LatePattern(r"(?<=\w\w), [A-Z]{3,8}$")
# "Foo Flows (A. Doe, ed.), Surveys in Bars, vol. XII"
_SERIES_BEHIND = LatePattern(r"\b[Ee]ds?\.?\)\s*,\s*(?P<series>[A-Z][^,()\d]{6,80}),\s*[Vv]ol")
# "ICML 2020", "Quantum Theory: Reconsideration of Foundations--5''"
_EVENT_YEAR = re.compile(r"(?:[\s,'’(]*\b(?:19|20)?\d\d\)?|\s*[-–]{1,2}\d{1,2}['\"”]*)$")


def look_up_journal_ref(text: str) -> Printed:
    """What a journal_ref that is not blank tells; in its own words where the tables have no such journal."""
    # its patterns are many, and most papers have no journal_ref
    from bridge.journalref import behind_authors, read_journal_ref, readable, year_of_meeting

    ref = read_journal_ref(text)
    row, kind = _journal_row(ref, text)
    if _VOLUME_GLUED_ON.match(text, ref.end - 1) and kind == "conference" and row is not None:
        ref, row = ref._replace(parsed=False), None  # "CP698, Intersections of ...": a publisher's volume
    if row is None:
        for further in behind_authors(text):
            known = venue_table().named(further.journal)
            if known is not None:
                ref, row, kind = further, known, known.kind
                break
    evidence = Evidence("journal_ref", text[ref.start : ref.end], ref.start, ref.end)
    reasons = ["journal_ref"]
    name: str | None = None
    full_name: str | None = None
    year = ref.year
    if row is None and ref.volume is not None:
        ref, row = _behind_title(ref, text)
        kind = row.kind if row is not None else kind
    beside = _title_in_series(ref, row) or _event_and_series(ref, row, kind, text)
    event, series = beside.event, beside.series
    if event is not None:
        row, kind = event.row, event.kind
        start, end = beside.span
        evidence = Evidence("journal_ref", text[start:end], start, end)
    if row is not None:
        name = row.name
        reasons.append("known venue")
    elif event is not None:
        name, full_name = event.name, beside.full_name
        reasons.append("own words")
    elif _NO_NAMES.issuperset(plain_words(ref.journal)):
        reasons.append("unparsed")  # "Proceedings Press, 1996. 383-390" tells who printed it, not what
    elif ref.parsed and len(ref.journal) <= 120:
        name = without_publisher(ref.journal)
        if text.startswith(name, ref.start):  # its publisher may be told behind it
            evidence = Evidence("journal_ref", name, ref.start, ref.start + len(name))
        if kind == "conference":
            name = _ACRONYM_BEHIND.sub("", _YEAR_IN_NAME.sub("the ", name))
        reasons.append("unknown journal")
    elif (worded := _worded_event(text) if kind in ("conference", "workshop") else None) is not None:
        named, full_name, claimed = worded
        row, name, kind = named.row, named.name, named.kind
        year = year or claimed
        reasons.append("known venue" if row is not None else "own words")
    else:
        reasons.append("unparsed")
    event_kind = row.kind if row is not None else kind
    if event_kind in ("conference", "workshop"):
        year = year or year_of_meeting(text)
        yy = f"{year % 100:02}" if year is not None else None
        # "COLING96, Copenhagen", "Foo Conference (FOO '05), Paris"
        counted = text[ref.end : ref.end + 2].rstrip(" ,:;.)") == ref.volume and text[ref.end - 1].isupper()
        ref = ref._replace(
            volume=None if ref.volume == yy or counted else ref.volume,  # "Mathematics of Foo, MOF5"
            article_number=None if ref.article_number == yy else ref.article_number,
        )
    if year is not None:
        reasons.append("year")
    printer, series_name = series or row, series.full_name if series else None
    if series is None and ref.edited and ref.volume and (behind := _SERIES_BEHIND.search(text, ref.end)):
        series_name = readable(text, *behind.span("series"))
    published_in = PublishedIn(
        beside.volume or ref.volume, ref.number, ref.pages, ref.article_number,
        printer.publisher if printer else None, series_name,
    )  # fmt: skip
    kind = row.kind if row else kind
    return Printed(row, name, kind, year, evidence, tuple(reasons), published_in, full_name)


def _worded_event(text: str) -> tuple[Named, str | None, int | None] | None:
    """The event, its long name and its year that a reference names which has no form that is known, read as
    a comment is."""
    reading = read_comment(text[:300])
    for claim in reading.claims:
        named = claim.named
        if named is not None and not named.is_series and named.kind in ("conference", "workshop"):
            return named, long_name(reading.words, named), claim.year
    return None


class _Beside(NamedTuple):
    """What a reference names beside its journal; `span` is where the event stands."""

    event: Named | None = None
    series: VenueRow | None = None
    volume: str | None = None
    span: tuple[int, int] = (0, 0)
    full_name: str | None = None


def _event_and_series(ref: JournalRef, row: VenueRow | None, kind: Kind | None, text: str) -> _Beside:
    """The event whose proceedings a series prints, where the reference names both: "LNCS 4978, TAMC 2008",
    and the volume that is told right behind the series.

    In PoS an event stands for the volume; there the series is what a work is cited by.
    """
    if row is not None and row.is_series:
        if ref.volume is not None and not ref.volume[0].isdecimal():
            return _Beside()
        for offset, part in ((ref.end, text[ref.end :]), (0, text[: ref.start])):
            reading = read_comment(part)
            for named in (claim.named for claim in reading.claims):
                if named is not None and not named.is_series and named.kind in ("conference", "workshop"):
                    start, end = reading.words.start[named.start], reading.words.end[named.end - 1]
                    full_name = long_name(reading.words, named)
                    return _Beside(named, row, None, (offset + start, offset + end), full_name)
        return _Beside()
    if kind not in ("conference", "workshop"):
        return _Beside()
    words = Words(text)
    forms, table = filed_forms(words), venue_table()
    for k in range(len(words)):
        found = table.at(words, forms, k)
        if found is not None and found.sure and found.row.is_series:
            behind = words.raws[found.end] if found.end < len(words) else ""
            number = behind if behind.isdecimal() and len(behind) > 2 else None
            return _Beside(series=found.row, volume=number)
    return _Beside()


def _title_in_series(ref: JournalRef, row: VenueRow | None) -> _Beside | None:
    """The book that a reference names before its series: "More Games of Foo, MSRI Publications 42"."""
    title, _, tail = ref.journal.rpartition(", ")
    if len(title.split()) < 3 or _WRITTEN_BY.search(title) or not _holds_titles(row):
        return None
    lower = plain_words(title)
    series = venue_table().named(tail)
    if series is None or not _holds_titles(series) or kind_of(lower, 0, len(lower)) not in (None, "book"):
        return None
    named = Named(0, 0, title, None, "book")
    return _Beside(named, series, ref.volume, (ref.start, ref.start + len(title)), title)


def _holds_titles(row: VenueRow | None) -> bool:
    """Whether what a row names prints books and proceedings, so that their titles say more."""
    return row is None or row.is_series or row.kind == "book"


def _behind_title(ref: JournalRef, text: str) -> tuple[JournalRef, VenueRow | None]:
    """The journal of the tables that stands behind a title: "On the domino problem, Foo Letters, 42"."""
    comma = text.rfind(", ", ref.start, ref.end)
    tail = text[comma + 2 : ref.end]
    known = venue_table().named(tail) if comma > 0 and " " in tail else None
    if known is None or known.kind != "journal":
        return ref, None
    return ref._replace(journal=tail, start=comma + 2), known


def _journal_row(ref: JournalRef, text: str) -> tuple[VenueRow | None, Kind | None]:
    """The venue that a reference's journal names: the whole name, else a venue of the tables within it."""
    table = venue_table()
    row = table.named(ref.journal)
    if row is None:
        without = _EVENT_YEAR.sub("", ref.journal)
        if without != ref.journal:
            row = table.named(without)
    sponsor, blank, acronym = ref.journal.partition(" ")
    if row is None and blank and sponsor.lower() in SPONSORS and is_acronym(acronym):
        row = table.named(acronym)  # "IEEE ICC, 2001"
    if row is None and " " not in ref.journal:
        row = table.named(_GLUED.sub(" ", ref.journal))
    if row is not None:
        return row, row.kind
    lower = plain_words(
        without_publisher(ref.journal)
    )  # "Computer Society Press" makes no journal of an event
    kind = kind_of(lower, 0, len(lower))
    reading = read_comment(ref.journal if ref.parsed else ref.journal[:300])
    sure = [
        c.named for c in reading.claims if c.named is not None and c.named.row is not None and c.named.sure
    ]
    titled = (
        bool(sure) and ref.edited and ref.journal[reading.words.end[sure[0].end - 1] :][:1] == ":"
    )  # a book's title
    if sure and not sure[0].is_series and not titled:
        return sure[0].row, sure[0].kind
    edited = kind in (None, "journal") and (ref.edited or _VOLUME_OF.search(text) is not None)
    if edited or (kind is None and ref.volume is None):
        words = plain_words(text[ref.start : ref.start + 300])  # "SBES 2025 39th Symposium on X"
        event = kind_of(words, 0, len(words))
        if event in ("conference", "workshop"):
            return None, event
        return None, "book" if edited else None
    return None, kind or "journal"


# -- the DOI --

# a serial item's number: "(SICI)0123-4567(199604)21:4<365::AID", the journal known by its ISSN alone
_SICI = LatePattern(
    r"\d{4}-\d{3}[\dX]\((?:19|20)\d{2,6}\)0*(?P<volume>\d+)(?::(?P<number>\d+))?[<(]0*(?P<pages>\d+)"
)
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
        place = _SICI.search(doi)
        published_in = (
            PublishedIn(place["volume"], place["number"], place["pages"]) if place else PublishedIn()
        )
        return Printed(None, None, None, None, evidence, ("doi", "no venue"), published_in)
    return None


def _shape_of(doi: str, registrant: str) -> tuple[DoiPattern | None, re.Match[str] | None]:
    """The first pattern that a DOI has the shape of, and how it matches."""
    for shape in doi_patterns(registrant):
        hit = shape.pattern.match(doi)
        if hit is not None:
            return shape, hit
    return None, None


def _without_zeros(pages: str | None) -> str | None:
    """A page as it is printed: JOSAA's DOIs fill theirs up ("000758")."""
    return pages.lstrip("0") or None if pages else None


def _read_off(doi: str, offset: int, venue: str | None, hit: re.Match[str]) -> Printed | None:
    """What a DOI of a known shape tells, None where it names no venue; `venue` is that of the shape."""
    groups = hit.groupdict()
    acronym = groups.get("venue")
    row = venue_table().row(venue) if venue else None
    if row is None and acronym:
        row = venue_table().named(acronym) or venue_table().named(acronym.upper())
        if doi.startswith("10.1109/") and not (groups.get("year") or groups.get("yy")):
            # the shape of IEEE's journals: "TAP" is none on tests and proofs
            journal = row if row is not None and row.kind == "journal" else None
            row = venue_table().named(f"IEEE {acronym}") or journal
    if row is None and not acronym:
        return None
    year = full_year(groups.get("year") or groups.get("yy") or "")
    told = [hit.span(group) for group in ("venue", "year", "yy") if groups.get(group)] or [hit.span()]
    start, end = min(s for s, _ in told), max(e for _, e in told)
    evidence = Evidence("doi", doi[start:end], offset + start, offset + end)
    reasons = ["doi", *(["known venue"] if row else []), *(["year"] if year else [])]
    published_in = PublishedIn(
        volume=groups.get("volume"),
        number=groups.get("number"),
        pages=_without_zeros(groups.get("pages")),
        article_number=groups.get("article"),
        publisher=row.publisher if row else None,
    )
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
        first.series or second.series,
    )


def _same(one: str | None, other: str | None) -> bool:
    """Whether two numbers are one: "05" and "5"."""
    return bool(one and other) and str(one).lstrip("0") == str(other).lstrip("0")
