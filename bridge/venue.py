"""Comment, journal_ref and DOI become a venue hint: status, venue, year, kind, evidence, confidence.

The comment is read as claims (claims.py), the journal_ref as a printed reference (journalref.py), the DOI by
its shape (venue_table.py). A withdrawal beats everything; a journal_ref or a publisher's DOI beats what the
comment says, and means published even where the venue stays unknown; among the comment's own claims a later
acceptance beats an earlier submission. What raised or lowered the confidence is named in `Venue.reasons`,
with its weight in mappings/weights.csv.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from bridge.claim import RANK, Claim, source_of_name
from bridge.claims import CommentReading, read_comment
from bridge.named import Named, full_year, kind_of
from bridge.record import Evidence, Kind, PublishedIn, Venue, VenueReading
from bridge.tables import Row, load
from bridge.venue_phrase import closed, whole_phrase
from bridge.venue_table import VenueRow, doi_patterns, is_series_name, venue_table, when_tables_change
from bridge.venue_words import closed_name
from bridge.words import plain_words

if TYPE_CHECKING:
    from bridge.journalref import JournalRef

_NOTHING = VenueReading(Venue())


@lru_cache(maxsize=1)
def weights() -> dict[str, float]:
    """How much each named reason adds to the confidence (mappings/weights.csv)."""

    def build(row: Row) -> tuple[str, float]:
        try:
            return row["reason"], float(row["weight"])
        except ValueError:
            raise row.wrong(f"weight {row['weight']!r} is no number") from None

    return dict(load("weights.csv", ("reason", "weight", "why"), build))


@lru_cache(maxsize=1024)  # the same few reasons come together again and again
def confidence(*reasons: str) -> float:
    """The sum of the reasons' weights over the base, held between 0.05 and 0.99."""
    table = weights()
    total = table["base"] + sum(table[reason] for reason in reasons)
    return round(min(0.99, max(0.05, total)), 2)


# -- the comment --


def _alive(claims: list[Claim]) -> list[Claim]:
    """The claims that hold: not what was refused, nor where it was told of what is sent elsewhere."""
    live: list[Claim] = []
    refused: set[str | None] = set()
    for claim in claims:
        if claim.status == "rejected":
            refused |= {
                c.named.name
                for c in [*live, claim]
                if c.named is not None and c.status in ("submitted", "rejected")
            }
            live = [kept for kept in live if kept.status != "submitted" and kept.rank > RANK["submitted"]]
        elif not (claim.status == "submitted" and claim.named is not None and claim.named.name in refused):
            live.append(claim)
    if not live or max(c.rank for c in live) > RANK["chapter"]:
        return live
    if any(c.status == "submitted" and (c.named is None or c.named.is_series) for c in live):
        # "Proceedings of X, submitted", "CVPR 2021, under review"
        return [c for c in live if c.status == "submitted"] + [
            replace(c, rank=0) for c in live if c.status != "submitted"
        ]
    if any(c.status == "submitted" and c.named is not None for c in live):
        # "Talk given at X, submitted to Y": where it goes is what counts, not where it was told
        return [c for c in live if c.status == "submitted"]
    return live


def _of_comment(reading: CommentReading) -> tuple[Venue, Named | None]:
    """The comment's venue: its strongest claim, with another claim's venue where it names none itself."""
    claims = reading.claims
    if not claims:
        return _NOTHING.venue, None
    live = claims
    if len(claims) > 1 or claims[0].status in ("withdrawn", "thesis", "rejected"):
        special = max(
            (c for c in claims if c.status in ("withdrawn", "thesis")), key=lambda c: c.rank, default=None
        )
        live = _alive([c for c in claims if c.status not in ("withdrawn", "thesis")])
        # "revised version of my PhD thesis; to appear in X"
        if special is not None and (special.rank > RANK["bare"] or not live):
            return _special(reading, special), None
    if not live:
        return Venue(), None
    best = max(live, key=lambda c: (c.rank, c.named is not None))
    if best.named is None and "cue printed" in best.reasons and best.year is None:
        best = next((c for c in live if c.named is not None and _follows(c, best)), best)
    source = source_of_name(best, live)
    named = source.named
    status = best.status
    year = source.year if source.year is not None else best.year
    if year is None and source is best and named is not None:
        for claim in live:
            if claim.named is not None and claim.named.name == named.name and claim.year is not None:
                year = claim.year
                break
    kind = source.kind or best.kind
    if kind is None and named is None:
        # "intended for submission to a mathematics journal" is told in two cues
        kind = next((c.kind for c in live if c.status == status and c.kind is not None), None)
    reasons = list(dict.fromkeys([*best.reasons, *source.reasons]))
    if named is None:
        reasons.append("no venue")
    else:
        reasons.extend(_about_name(named))
    if year is not None:
        reasons.append("year")
    names = {c.named.name for c in live if c.named is not None}
    if len(names) > 1:
        reasons.append("several claims")
    evidence = _evidence(reading, named, best.cue)
    venue = Venue(
        status,  # type: ignore[arg-type]  # rejected, thesis and withdrawn are dealt with above
        named.name if named else None,
        named.row.full_name if named and named.row else _long_name(reading, named),
        kind,
        year,
        confidence(*reasons),
        evidence,
        tuple(reasons),
    )
    return venue, named


def _follows(claim: Claim, printed: Claim) -> bool:
    """Whether what is to come stands right behind: "published version, to appear in X"."""
    return (
        claim.to_come
        and claim.status == "accepted"
        and claim.cue is not None
        and printed.cue is not None
        and 0 <= claim.cue[0] - printed.cue[1] <= 1
    )


def _about_name(named: Named) -> list[str]:
    if named.row is not None:
        return ["known venue" if named.sure else "doubtful name"]
    if "workshop" in named.reasons or "findings" in named.reasons:
        return []
    return ["own words", *(["quoted name"] if named.quoted else [])]


_BEHIND_ACRONYM = re.compile(r"\)[,;:] .*$")  # "Workshop on X (ABC 2026), co-located with Y"


def _long_name(reading: CommentReading, named: Named | None) -> str | None:
    if named is None:
        return None
    words = reading.words
    name = words.name(named.start, named.end)
    if name.count("(") > name.count(")") and words.gaps[named.end][:1] == ")":
        name += ")"  # "Compact Stars III (CSQCD III)"
    if name.count(")") > name.count("("):
        name = name.replace(")", "", 1)  # "(LLMs4All) Workshop at IEEE BigData" begins inside the bracket
    name = _BEHIND_ACRONYM.sub(")", closed_name(name))
    # a name that ends inside a bracket ends before it: "Workshop on Deep Learning (DeepTest" 2026)
    while name.count("(") > name.count(")"):
        name = name[: name.rindex("(")].rstrip(" ,;:")
    return name or None


def _evidence(
    reading: CommentReading, named: Named | None, cue: tuple[int, int] | None
) -> tuple[Evidence, ...]:
    """The venue's words first, then the cue's."""
    words = reading.words
    spans = []
    if named is not None:
        spans.append(whole_phrase(words, named.start, named.end, reading.cued))
    if cue is not None:
        spans.append(cue)
    found = []
    for first, last in spans:
        start = words.start[first]
        end = closed(words.given, start, words.end[last - 1])
        found.append(Evidence("comment", words.given[start:end], start, end))
    return tuple(found)


def _special(reading: CommentReading, claim: Claim) -> Venue:
    evidence = _evidence(reading, claim.named, claim.cue)
    reasons = tuple(claim.reasons)
    if claim.status == "withdrawn":
        return Venue("withdrawn", confidence=confidence(*reasons), evidence=evidence, reasons=reasons)
    name = claim.named.name if claim.named else None
    return Venue("none", name, name, "thesis", claim.year, confidence(*reasons), evidence, reasons)


# -- the journal_ref --


class _Printed(NamedTuple):
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


def _of_journal_ref(text: str) -> _Printed:
    from bridge.journalref import (
        behind_authors,
        read_journal_ref,
    )  # its patterns are many, and most papers have none

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
    return _Printed(row, name, row.kind if row else kind, ref.year, evidence, tuple(reasons), published_in)


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
# Registrants that hand out DOIs for preprints, data and software: no sign of publication.
_DEPOSITS = frozenset(
    [
        "48550",
        "5281",
        "6084",
        "17605",
        "31219",
        "31234",
        "22541",
        "20944",
        "36227",
        "21203",
        "2139",
        "26434",
        "1101",
        "5061",
        "7910",
        "17632",
        "13140",
    ]
)


def _of_doi(text: str) -> _Printed | None:
    """What the first DOI tells that is no preprint's or data set's."""
    for match in _DOI.finditer(text):
        if match[1] in _DEPOSITS:
            continue
        doi, offset = match.group(), match.start()
        for shape in doi_patterns(match[1]):
            hit = shape.pattern.match(doi)
            if hit is None:
                continue
            if shape.status == "none":
                return None
            groups = hit.groupdict()
            acronym = groups.get("venue")
            row = venue_table().row(shape.venue) if shape.venue else None
            if row is None and acronym:
                row = venue_table().named(acronym) or venue_table().named(acronym.upper())
            year = full_year(groups.get("year") or groups.get("yy") or "")
            if row is None and not acronym:
                break
            told = [hit.span(group) for group in ("venue", "year", "yy") if groups.get(group)] or [hit.span()]
            start, end = min(s for s, _ in told), max(e for _, e in told)
            evidence = Evidence("doi", doi[start:end], offset + start, offset + end)
            reasons = ["doi", *(["known venue"] if row else []), *(["year"] if year else [])]
            published_in = PublishedIn(
                groups.get("volume"), groups.get("number"), groups.get("pages"), groups.get("article"),
                row.publisher if row else None,
            )  # fmt: skip
            name = row.name if row else acronym
            # IEEE writes a number right after a meeting's acronym, but not after a journal's
            meeting = acronym is not None and doi[hit.end("venue") :][:1].isdecimal()
            kind: Kind | None = row.kind if row else "conference" if meeting else None
            return _Printed(row, name, kind, year, evidence, tuple(reasons), published_in)
        evidence = Evidence("doi", doi, offset, offset + len(doi))
        return _Printed(None, None, None, None, evidence, ("doi", "no venue"), PublishedIn())
    return None


# -- all three --


def _merged_details(first: PublishedIn, second: PublishedIn) -> PublishedIn:
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


def _combine(told: Venue, named: Named | None, printed: list[_Printed]) -> VenueReading:
    """Published, as journal_ref and DOI have it; the comment adds the event of a proceedings series, and a
    venue or a year where they leave it open."""
    main = (
        next((p for p in printed if p.row), None) or next((p for p in printed if p.name), None) or printed[0]
    )
    details = PublishedIn()
    for source in printed:
        details = _merged_details(details, source.published_in)
    name, row, kind = main.name, main.row, main.kind
    year = next((p.year for p in [main, *printed] if p.year is not None), None)
    evidence = [main.evidence, *(p.evidence for p in printed if p is not main)]
    reasons = list(main.reasons)
    full_name = row.full_name if row else name
    others = [p.name for p in printed if p is not main and p.name]
    claimed = told.name if told.status in ("published", "accepted", "submitted") else None
    if claimed is not None:
        event = told.kind in ("conference", "workshop") and told.status != "submitted"
        if name is None or (
            (row.is_series if row else is_series_name(name))
            and event
            and named is not None
            and not named.is_series
        ):
            if row is not None:
                details = details._replace(series=full_name)
            name, full_name, kind = claimed, told.full_name, told.kind
            year = told.year or year
            reasons = [*reasons, *(r for r in told.reasons if r not in reasons and r != "no venue")]
            evidence = [*told.evidence[:1], *evidence]
            reasons = [r for r in reasons if r != "no venue"]
        elif claimed.casefold() == name.casefold():
            reasons.append("agreement")
            evidence.extend(told.evidence[:1])
            year = year or told.year
            if row is None:  # a DOI has but the acronym
                name, full_name, kind = claimed, told.full_name or full_name, told.kind or kind
        elif told.status != "submitted":
            reasons.append("disagreement")
    if name in others:
        reasons.append("agreement")
    reasons = list(dict.fromkeys(reasons))
    venue = Venue(
        "published", name, full_name, kind, year, confidence(*reasons), tuple(evidence), tuple(reasons)
    )
    return VenueReading(venue, details)


@lru_cache(maxsize=4096)  # feeds repeat comments such as "10 pages, 5 figures"
def read_venue(comment: str | None, journal_ref: str | None, doi: str | None) -> VenueReading:
    """The venue hint and the place within the venue, from what an arXiv record says.

    Never raises; all three may be None or empty. Evidence spans are offsets into the field as given.
    """
    told, named = Venue(), None
    if comment:
        told, named = _of_comment(read_comment(comment))
        if told.status == "withdrawn":
            return VenueReading(told)
    printed: list[_Printed] = []
    if journal_ref and journal_ref.strip():
        printed.append(_of_journal_ref(journal_ref))
    if doi:
        by_doi = _of_doi(doi)
        if by_doi is not None:
            printed.append(by_doi)
    if printed:
        return _combine(told, named, printed)
    if told.status == "none" and told.kind is None:
        return _NOTHING
    if named is None or named.row is None or named.row.publisher is None:
        return VenueReading(told)
    return VenueReading(told, PublishedIn(publisher=named.row.publisher))


when_tables_change(read_venue.cache_clear)
