"""Entry → Record: what a source delivered, cleaned up into a citation record.

Nothing here looks at the outside: an entry comes in, a record goes out, and whatever could not be used is
reported with its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from bridge.errors import Place, Problem
from bridge.identifiers import ArxivId, InvalidId, arxiv_id_of_doi, parse_arxiv_id, read_dois
from bridge.latepattern import LatePattern
from bridge.plaintext import well_decoded
from bridge.record import Credit, Record
from bridge.tables import Row, load

Report = Callable[[Problem], None]


@dataclass(slots=True)
class Entry:
    """What a source delivered about one paper, text as it came; None and empty mean that it said nothing.

    `id` is the entry's id or link; `authors` holds each author's name with the affiliations given for it;
    `categories` every category term, of whatever scheme. `line` is where the entry begins in its source,
    `as_of` the feed's own date: of two feeds that say different things the newer is believed. A source that
    does not tell comment, journal reference and DOI is `brief`: that it says nothing of them means nothing.
    """

    source: str
    id: str | None = None
    title: str | None = None
    summary: str | None = None
    published: str | None = None
    updated: str | None = None
    comment: str | None = None
    journal_ref: str | None = None
    doi: str | None = None
    primary_category: str | None = None
    categories: list[str] = field(default_factory=list)
    authors: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    line: int | None = None
    as_of: str | None = None
    brief: bool = False

    @property
    def place(self) -> Place:
        return Place(self.source, self.line, entry=self.id.strip() if self.id else None)


class Category(NamedTuple):
    """A category of arXiv's taxonomy; `canonical` differs where arXiv keeps two names for one (cs.NA)."""

    term: str
    name: str
    canonical: str


@lru_cache(maxsize=1)
def taxonomy() -> dict[str, Category]:
    """Every category that arXiv has or had, by its term (mappings/categories.csv)."""

    def build(row: Row) -> Category:
        if row["active"] not in ("yes", "no"):
            raise row.wrong("active must be yes or no")
        return Category(row["category"], row["name"], row["canonical"])

    rows = load("categories.csv", ("category", "name", "archive", "active", "canonical"), build)
    return {category.term: category for category in rows}


@lru_cache(maxsize=1)
def _aliases() -> dict[str, str]:
    """Category term → the term it goes by; only the live pairs (cs.NA is math.NA). An archive that was
    subsumed (cmp-lg) keeps its name, since old papers are cited under it."""
    return {c.term: c.canonical if "." in c.term else c.term for c in taxonomy().values()}


# C0 and C1 controls other than white space, lone surrogates, non-characters and U+FFFD's kin that XML or a
# careless export lets through. The soft hyphen and zero-width marks only ever break matching.
_CONTROL = LatePattern(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u200b\u2060\ufeff\u00ad]"
)


def fold(text: str | None) -> str | None:
    """`text` with control characters dropped and white space folded to single spaces; None for nothing.

    Letters that were encoded twice are mended.
    """
    if not text:
        return None
    if "Ã" in text:
        text = well_decoded(text)
    if "\n" in text:
        text = text.replace("\n", " ")
    # white space other than the plain space, and every control, is not printable
    if text.isprintable() and "  " not in text and text[0] != " " and text[-1] != " ":
        return text
    folded = " ".join(text.split())
    if not folded.isprintable():
        folded = well_decoded(" ".join(_CONTROL.sub("", folded).split()))
    return folded or None


def _date(text: str | None, entry: Entry, report: Report) -> str | None:
    """An Atom or RSS date as `YYYY-MM-DDTHH:MM:SSZ`."""
    if not text:
        return None
    text = text.strip()
    if len(text) == 20 and text[19] == "Z" and text[10] == "T" and text[:4].isdecimal():
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        from email.utils import parsedate_to_datetime

        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            report(Problem(entry.place, "bad-date", f"{text!r} is no date", lost=False))
            return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_ABS = re.compile(r"https?://arxiv\.org/abs/(\d{4}\.\d{4,5})v([1-9]\d*)")


def _id(text: str) -> ArxivId:
    match = _ABS.fullmatch(text)
    if match and "01" <= text[match.start(1) + 2 : match.start(1) + 4] <= "12":
        # what the query API sends, which its own server has checked already
        return ArxivId(match[1], int(match[2]))
    return parse_arxiv_id(text)


def _doi(entry: Entry, report: Report) -> str | None:
    if not entry.doi:
        return None
    reading = read_dois(entry.doi)
    for rejected in reading.rejected:
        report(Problem(entry.place, "bad-doi", f"{rejected!r} in the DOI field is no DOI", lost=False))
    publisher = [
        doi for doi in (reading.doi, *reading.others) if doi is not None and arxiv_id_of_doi(doi) is None
    ]
    for further in publisher[1:]:
        report(
            Problem(
                entry.place,
                "further-doi",
                f"has the further DOI {further}; {publisher[0]} is used",
                lost=False,
            )
        )
    return publisher[0] if publisher else None


@lru_cache(maxsize=4096)
def _split_categories(
    primary: str | None, terms: tuple[str, ...]
) -> tuple[str | None, tuple[str, ...], tuple[str, ...]]:
    """(primary, categories of the taxonomy with the primary first as arXiv lists it, other subject codes)."""
    aliases = _aliases()
    ours: dict[str, None] = {}
    codes: list[str] = []
    for term in terms:
        known = aliases.get(term)
        if known is not None:
            ours[known] = None
        else:
            codes += [code.strip() for code in re.split(r"[;,]", term) if code.strip()]
    first = aliases.get(primary, primary) if primary else next(iter(ours), None)
    if first is not None and first not in ours and first in aliases:
        ours = {first: None, **ours}
    return first, tuple(ours), tuple(dict.fromkeys(codes))


def record_from_entry(entry: Entry, report: Report) -> Record | None:
    """The citation record of an entry; None, and a report, when it has no usable id or title."""
    if not entry.id or not entry.id.strip():
        report(Problem(entry.place, "no-id", "the entry has no id"))
        return None
    try:
        arxiv_id = _id(entry.id.strip())
    except InvalidId as error:
        report(Problem(entry.place, "bad-id", f"the entry's id is no arXiv id: {error.reason}"))
        return None
    title = fold(entry.title)
    if title is None:
        report(Problem(entry.place, "no-title", "the entry has no title"))
        return None
    primary, categories, codes = _split_categories(
        entry.primary_category.strip() if entry.primary_category else None, tuple(entry.categories)
    )
    return Record(
        title=title,
        arxiv_id=arxiv_id.id,
        version=arxiv_id.version,
        credits=tuple(map(Credit._make, entry.authors)),
        abstract=fold(entry.summary),
        published=_date(entry.published, entry, report),
        updated=_date(entry.updated, entry, report),
        primary_category=primary,
        categories=categories,
        subject_codes=codes,
        comment=fold(entry.comment),
        journal_ref=fold(entry.journal_ref),
        doi=_doi(entry, report),
        source=entry.source,
        as_of=_date(entry.as_of, entry, report),
        brief=entry.brief,
    )
