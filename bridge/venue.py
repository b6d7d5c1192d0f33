"""Comment, journal_ref and DOI become a venue hint: status, venue, year, kind, evidence, confidence.

The comment is read as claims (claims.py); what journal_ref and DOI tell is looked up (venue_printed.py). A
withdrawal beats everything; a journal_ref or a publisher's DOI beats what the comment says, and means
published even where the venue stays unknown; among the comment's own claims a later acceptance beats an
earlier submission. What raised or lowered the confidence is named in `Venue.reasons`, with its weight in
mappings/weights.csv.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from bridge.claim import RANK, Claim, source_of_name
from bridge.claims import CommentReading, read_comment
from bridge.monthly import by_month
from bridge.named import Named
from bridge.record import Evidence, PublishedIn, Venue, VenueReading
from bridge.tables import Row, load
from bridge.venue_phrase import closed, long_name, whole_phrase
from bridge.venue_printed import Printed, look_up_doi, look_up_journal_ref, merged_details
from bridge.venue_table import is_series_name, when_tables_change

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
        elif claim.told and any(c.status == "submitted" and c.named is not None for c in live):
            continue  # "submitted to X, to be presented at Y": where it goes is what counts
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
    best = live[0] if len(live) == 1 else max(live, key=lambda c: (c.rank, c.named is not None))
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
    if len(live) > 1 and len({c.named.name for c in live if c.named is not None}) > 1:
        reasons.append("several claims")
    evidence = _evidence(reading, named, best.cue)
    full_name = None
    if named is not None:
        full_name = named.row.full_name if named.row is not None else long_name(reading.words, named)
    venue = Venue(
        status,  # type: ignore[arg-type]  # rejected, thesis and withdrawn are dealt with above
        named.name if named is not None else None,
        full_name,
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


# -- all three --


def _combine(told: Venue, named: Named | None, printed: list[Printed]) -> VenueReading:
    """Published, as journal_ref and DOI have it; the comment adds the event of a proceedings series, and a
    venue or a year where they leave it open."""
    main = (
        next((p for p in printed if p.row), None) or next((p for p in printed if p.name), None) or printed[0]
    )
    details = PublishedIn()
    for source in printed:
        details = merged_details(details, source.published_in)
    name, row = main.name, main.row
    kind = main.kind or next((p.kind for p in printed if p.name == main.name and p.kind), None)
    year = next((p.year for p in [main, *printed] if p.year is not None), None)
    if row is not None:
        of_doi = next((p.published_in.volume for p in printed if "doi" in p.reasons and p.row is row), None)
        details = by_month(row.name, details, year, of_doi)
    evidence = [main.evidence, *(p.evidence for p in printed if p is not main)]
    reasons = list(main.reasons)
    full_name = row.full_name if row else main.full_name or name
    others = [p.name for p in printed if p is not main and p.name]
    claimed = told.name if told.status in ("published", "accepted", "submitted") else None
    if claimed is not None:
        event = told.kind in ("conference", "workshop") and told.status != "submitted"
        # a meeting's acronym in a DOI that is in no table ("ULTSYM") says less than the comment's words;
        # those of journals have no year
        bare = row is None and main.evidence.field == "doi" and main.year is not None
        if name is None or (
            (bare or (row.is_series if row else is_series_name(name)))
            and event
            and named is not None
            and not named.is_series
        ):
            if told.year is not None and year != told.year:
                details = details._replace(year=year)
            if row is not None:
                details = details._replace(series=full_name)
            name, full_name, kind = claimed, told.full_name, told.kind
            year = told.year or year
            reasons = [*reasons, *(r for r in told.reasons if r not in reasons and r != "no venue")]
            evidence = [*told.evidence[:1], *evidence]
            reasons = [r for r in reasons if r != "no venue"]
        elif (
            (row is None and main.evidence.field == "doi" and kind is None)
            and (named is not None and named.row is not None and named.row.kind == "journal")
            and (named.row.publisher == "IEEE" and told.status != "submitted")
        ):
            # nor does a code that only IEEE has for one of its journals
            name, full_name, kind = claimed, told.full_name, told.kind
            year = year or told.year
            reasons = [*reasons, *(r for r in told.reasons if r not in reasons and r != "no venue")]
            evidence = [*told.evidence[:1], *evidence]
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


_AHEAD = 2  # years: nobody announces what is further off


def _dated(told: Venue, comment: str, last: int) -> Venue:
    """The venue without a year of two digits that is far from the last version's, since it counts something
    else: "CADE-30"."""
    if told.year is None or told.year <= last + _AHEAD or str(told.year) in comment:
        return told
    reasons = tuple(reason for reason in told.reasons if reason != "year")
    return told._replace(year=None, confidence=confidence(*reasons), reasons=reasons)


_SURELY_THEN = 2017  # from then on every venue of the tables has had the publisher that it has there


def _as_then(reading: VenueReading) -> VenueReading:
    """The reading without a publisher that the venue has come to since."""
    place, year = reading.published_in, reading.published_in.year or reading.venue.year
    if place.publisher is None or year is None or year >= _SURELY_THEN:
        return reading
    from bridge.publishers import publisher_then

    return reading._replace(published_in=place._replace(publisher=publisher_then(place.publisher, year)))


# Springer's journals: a talk that the comment names may be printed there, but not as its proceedings
_OF_A_JOURNAL = re.compile(r"10\.1007/(?:BF\d|s\d{5}-)")
_OF_PHYSICS = frozenset(["AIP Publishing", "IOP Publishing", "EDP Sciences", "American Physical Society"])
_ACRONYMS = re.compile(r"[A-Z][A-Z/]+")
_ISBN = re.compile(r"10\.\d+/978[-\d]")


def _in_another_field(told: Venue, named: Named, doi: str) -> Venue:
    """The venue by the acronym as it is typed, where that is all that says so and the DOI is a physics
    publisher's: that of CEC 2013 is AIP's, and so it is no congress on evolutionary computation."""
    row = named.row
    if row is None or row.publisher is None or named.end - named.start > 1 or row.kind == "journal":
        return told
    from bridge.publishers import publisher_of_doi

    publisher = publisher_of_doi(doi)
    if publisher not in _OF_PHYSICS or row.publisher in _OF_PHYSICS or told.name is None:
        return told
    acronym = told.name.split()[-1]
    typed = (word for word in _ACRONYMS.findall(told.evidence[0].text) if acronym in word)
    name = next(typed, told.name)
    return told._replace(name=name, full_name=name)


def _as_doi_says(reading: VenueReading, doi: str) -> VenueReading:
    """The reading with the publisher that the DOI was given to, unless that prints a journal; what has a
    book's number is of a book."""
    venue = reading.venue
    if _ISBN.match(doi) and venue.kind == "journal" and "unknown journal" in venue.reasons:
        venue = venue._replace(kind="book")
    if not doi or venue.name is None or venue.kind not in ("conference", "workshop", "book"):
        return reading._replace(venue=venue)
    if _OF_A_JOURNAL.match(doi):
        return VenueReading(venue, reading.published_in._replace(publisher=None))
    from bridge.publishers import publisher_of_doi

    publisher = publisher_of_doi(doi) or reading.published_in.publisher
    return VenueReading(venue, reading.published_in._replace(publisher=publisher))


def _with_publisher(reading: VenueReading, texts: Mapping[str, str]) -> VenueReading:
    """A book with the publisher that is named behind its title; `texts` are what evidence points into."""
    from bridge.publishers import publisher_in

    title = reading.venue.evidence[0]
    publisher = publisher_in(texts[title.field][title.end :])
    return reading._replace(published_in=reading.published_in._replace(publisher=publisher))


def _with_imprint(told: Venue, named: Named | None, comment: str) -> VenueReading:
    """What a comment alone tells, with the publisher of a venue of the tables, else the one that is named
    behind a book or an event, and the pages in it."""
    row = named.row if named is not None else None
    place = PublishedIn(publisher=row.publisher if row is not None else None)
    if told.name is None or not told.evidence or told.status not in ("accepted", "published"):
        return VenueReading(told, place)
    from bridge import imprint

    behind = comment[told.evidence[0].end :]
    if told.kind == "book" and row is None:
        reading = _with_publisher(VenueReading(told), {"comment": comment})
        return reading._replace(
            published_in=reading.published_in._replace(pages=imprint.pages_behind(behind))
        )
    if told.kind in ("conference", "workshop"):
        publisher = place.publisher or imprint.event_publisher(behind)
        place = PublishedIn(publisher=publisher, pages=imprint.pages_behind(behind))
    return VenueReading(told, place)


@lru_cache(maxsize=4096)  # feeds repeat comments such as "10 pages, 5 figures"
def read_venue(
    comment: str | None, journal_ref: str | None, doi: str | None, last: int | None = None
) -> VenueReading:
    """The venue hint and the place within the venue, from what an arXiv record says; `last` is the year of
    its last version.

    Never raises; all three may be None or empty. Evidence spans are offsets into the field as given.
    """
    told, named = Venue(), None
    if comment:
        told, named = _of_comment(read_comment(comment))
        if told.status == "withdrawn":
            return VenueReading(told)
        if last is not None:
            told = _dated(told, comment, last)
    printed: list[Printed] = []
    if journal_ref and journal_ref.strip():
        printed.append(look_up_journal_ref(journal_ref))
    if doi:
        by_doi = look_up_doi(doi)
        if by_doi is not None:
            printed.append(by_doi)
    if printed:
        if doi and named is not None:
            told = _in_another_field(told, named, doi)
        reading = _as_doi_says(_as_then(_combine(told, named, printed)), doi or "")
        if reading.venue.kind == "book" and reading.published_in.publisher is None:
            texts = {"comment": comment or "", "journal_ref": journal_ref or "", "doi": ""}
            return _with_publisher(reading, texts)
        return reading
    if told.status == "none" and told.kind is None:
        return _NOTHING
    return _as_then(_with_imprint(told, named, comment or ""))


when_tables_change(read_venue.cache_clear)
