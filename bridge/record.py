"""The citation record and its parts: frozen values that know nothing of feeds, files or servers.

A record is made by `normalise.record_from_entry` from what an arXiv source delivered, or built directly by a
shore that read something else (Zotero, a .bib). What costs time to find out (names, the venue hint, the
counts in a comment) is computed when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Status = Literal["published", "accepted", "submitted", "withdrawn", "none"]
Kind = Literal["conference", "workshop", "journal", "book", "thesis"]
Relation = Literal["successor", "predecessor", "companion", "mentions"]


class Author(NamedTuple):
    """A person (given, family, suffix) or, with only `literal` set, an organisation or collaboration.

    A particle belongs to the family name ("de Lara"), as in Zotero and on arXiv's own pages.
    """

    given: str | None = None
    family: str | None = None
    suffix: str | None = None
    literal: str | None = None
    affiliations: tuple[str, ...] = ()

    @property
    def display(self) -> str:
        """The name as read aloud: "Eyal de Lara", "John Smith Jr.", "ATLAS Collaboration"."""
        if self.literal is not None:
            return self.literal
        return " ".join(part for part in (self.given, self.family, self.suffix) if part)


class Credit(NamedTuple):
    """An author line as a source printed it, before anybody took the name apart."""

    name: str
    affiliations: tuple[str, ...] = ()


class Evidence(NamedTuple):
    """The exact words that a venue hint rests on: `text == record.<field>[start:end]`."""

    field: Literal["comment", "journal_ref", "doi"]
    text: str
    start: int
    end: int


class Venue(NamedTuple):
    """Where a paper appears, as far as anybody said so (contract.md, `venue`).

    `year` is the venue's as stated, never guessed. `confidence` runs from 0 to 1; `reasons` names what
    raised and lowered it, in the words of mappings/weights.csv.
    """

    status: Status = "none"
    name: str | None = None
    full_name: str | None = None
    kind: Kind | None = None
    year: int | None = None
    confidence: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    reasons: tuple[str, ...] = ()


class PublishedIn(NamedTuple):
    """Where in the venue: what the journal reference says of volume, issue and pages. The `series` is that
    in which the proceedings of an event appeared, and of which the volume is one; `year` that of the volume,
    where it is not the event's."""

    volume: str | None = None
    number: str | None = None
    pages: str | None = None
    article_number: str | None = None
    publisher: str | None = None
    series: str | None = None
    year: int | None = None


class VenueReading(NamedTuple):
    """What `venue.read_venue` makes of comment, journal_ref and DOI."""

    venue: Venue
    published_in: PublishedIn = PublishedIn()


class RelatedId(NamedTuple):
    """An arXiv id that the comment mentions, and how that paper relates to this one."""

    arxiv_id: str
    version: int | None
    relation: Relation


class CommentFacts(NamedTuple):
    """What a comment states besides the venue: counts of its manuscript, and the papers it mentions."""

    pages: int | None = None
    figures: int | None = None
    tables: int | None = None
    related: tuple[RelatedId, ...] = ()


class Stated(NamedTuple):
    """What a source other than arXiv says outright, so that nothing need be read out of a comment."""

    item_type: str
    venue: Venue = Venue()
    published_in: PublishedIn = PublishedIn()


@dataclass(frozen=True, slots=True)
class Record:
    """One citable work, normalised. Field names, nulls and forms are contract.md's ("A record").

    `credits` holds the authors as the source printed them (or as `Author` where the source has parts);
    `authors` takes them apart. `fields` is what else the source knows, by Zotero's field names.
    `source` names where the record came from, `as_of` the date of that listing, `brief` tells that it does
    not list comment, journal reference and DOI (a daily feed); none of these is part of the record's value.
    """

    title: str
    arxiv_id: str | None = None
    version: int | None = None
    pinned: bool = False
    credits: tuple[Credit | Author, ...] = ()
    abstract: str | None = None
    published: str | None = None
    updated: str | None = None
    primary_category: str | None = None
    categories: tuple[str, ...] = ()
    comment: str | None = None
    journal_ref: str | None = None
    doi: str | None = None
    # MSC, ACM and PACS codes that the feed mixes in with the categories
    subject_codes: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    stated: Stated | None = None
    source: str | None = field(default=None, compare=False)
    as_of: str | None = field(default=None, compare=False)
    brief: bool = field(default=False, compare=False)
    # found out when first asked for; slots rather than cached_property, whose dictionary is most of a record
    _identity: str | None = field(default=None, init=False, repr=False, compare=False)
    _authors: tuple[Author, ...] | None = field(default=None, init=False, repr=False, compare=False)
    _facts: CommentFacts | None = field(default=None, init=False, repr=False, compare=False)
    _read: VenueReading | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def identity(self) -> str:
        """The work's stable name in locks and plans: `arXiv:ID` (`arXiv:IDvN` when pinned), else
        `doi:…`, else `fields["key"]` as `key:…` (the item or citation key that its source knows it by)."""
        if self._identity is None:
            object.__setattr__(self, "_identity", self._name())
        return self._identity  # type: ignore[return-value]  # set on the line above

    def _name(self) -> str:
        if self.arxiv_id is not None:
            return f"arXiv:{self.arxiv_id}" + (f"v{self.version}" if self.pinned else "")
        if self.doi is not None:
            return f"doi:{self.doi.lower()}"
        return f"key:{self.fields.get('key', self.title)}"

    @property
    def versioned_id(self) -> str | None:
        if self.arxiv_id is None or self.version is None:
            return self.arxiv_id
        return f"{self.arxiv_id}v{self.version}"

    @property
    def first_date(self) -> str | None:
        """The date of the first version: `published`, or `YYYY-MM` by the arXiv id where none is said."""
        if self.published is None and self.arxiv_id is not None:
            from bridge.identifiers import ArxivId

            return ArxivId(self.arxiv_id).month
        return self.published

    @property
    def arxiv_doi(self) -> str | None:
        return f"10.48550/arXiv.{self.arxiv_id}" if self.arxiv_id else None

    @property
    def url(self) -> str | None:
        """The abstract page; with the version when it is pinned."""
        if self.arxiv_id is None:
            return self.fields.get("url")
        return f"https://arxiv.org/abs/{self.versioned_id if self.pinned else self.arxiv_id}"

    @property
    def authors(self) -> tuple[Author, ...]:
        if self._authors is None:
            from bridge.names import authors_from_credits

            object.__setattr__(self, "_authors", authors_from_credits(self.credits))
        return self._authors  # type: ignore[return-value]  # set on the line above

    @property
    def comment_facts(self) -> CommentFacts:
        if not self.comment:
            return CommentFacts()
        if self._facts is None:
            from bridge.comment import read_comment_facts

            object.__setattr__(self, "_facts", read_comment_facts(self.comment, own_id=self.arxiv_id))
        return self._facts  # type: ignore[return-value]  # set on the line above

    @property
    def _reading(self) -> VenueReading:
        if self._read is None:
            object.__setattr__(self, "_read", self._read_venue())
        return self._read  # type: ignore[return-value]  # set on the line above

    def _read_venue(self) -> VenueReading:
        if self.stated is not None:
            return VenueReading(self.stated.venue, self.stated.published_in)
        if not (self.comment or self.journal_ref or self.doi):
            return VenueReading(Venue())
        from bridge.venue import read_venue

        last = (self.updated or self.first_date or "")[:4]
        return read_venue(self.comment, self.journal_ref, self.doi, int(last) if last.isdecimal() else None)

    @property
    def venue(self) -> Venue:
        return self._reading.venue

    @property
    def published_in(self) -> PublishedIn:
        return self._reading.published_in

    @property
    def printed_year(self) -> int | None:
        """The year of the volume a work is printed in, else that of its venue."""
        return self.published_in.year or self.venue.year

    @property
    def posted_year(self) -> int | None:
        """The year of the first version, or of the pinned one."""
        date = (self.updated if self.pinned and self.updated else self.first_date) or ""
        return int(date[:4]) if date[:4].isdecimal() else None

    @property
    def cited_year(self) -> int | None:
        """The year that a work is cited by which has appeared or will, None where only that of its preprint
        is known: the printed one, else what the DOI tells of it (doiyear.year_in_print)."""
        printed = self.printed_year
        if printed is not None or self.doi is None or self.arxiv_id is None:
            return printed
        from bridge.doiyear import year_in_print

        return year_in_print(self.doi, self.posted_year)

    @property
    def item_type(self) -> str:
        """Zotero's type name: what the work is now, not what it was when it was posted."""
        if self.stated is not None:
            return self.stated.item_type
        venue = self.venue
        if venue.kind == "thesis":
            return "thesis"
        if venue.status in ("published", "accepted") and venue.name is not None:
            if venue.kind in ("conference", "workshop"):
                return "conferencePaper"
            if venue.kind == "journal":
                return "journalArticle"
            if venue.kind == "book":
                return "bookSection"
        return "preprint"

    def to_json(self) -> dict[str, Any]:
        """The record as contract.md's JSON object (keys in its order, unknown values None)."""
        facts = self.comment_facts
        venue = self.venue._asdict()
        venue["evidence"] = [evidence._asdict() for evidence in self.venue.evidence]
        return {
            "arxiv_id": self.arxiv_id,
            "version": self.version,
            "pinned": self.pinned,
            "title": self.title,
            "authors": [author._asdict() for author in self.authors],
            "abstract": self.abstract,
            "published": self.published,
            "updated": self.updated,
            "primary_category": self.primary_category,
            "categories": list(self.categories),
            "subject_codes": list(self.subject_codes),
            "comment": self.comment,
            "journal_ref": self.journal_ref,
            "doi": self.doi,
            "arxiv_doi": self.arxiv_doi,
            "url": self.url,
            "pages": facts.pages,
            "figures": facts.figures,
            "tables": facts.tables,
            "item_type": self.item_type,
            "published_in": {
                name: value
                for name, value in self.published_in._asdict().items()
                if name not in ("series", "year") or value is not None
            },
            "venue": venue,
            "related": [related._asdict() for related in facts.related],
            "fields": dict(self.fields),
        }
