r"""A record as a .bib entry: its type and its fields, for classic BibTeX and for biblatex.

What every preprint carries, and why. Measured over 24 styles of TeX Live 2022: the old styles (plain, alpha,
abbrv, unsrt, acm, ieeetr, siam, apalike) print neither `eprint` nor `doi` nor `url` of a @misc, and IEEEtran,
plainnat, splncs04 and elsarticle-num show the number only inside a URL; all of them print `note`. So a @misc
says `note = {arXiv:2606.03498 [cs.DC]}` (the form that Zotero writes and readers of .bib files know), and no
style prints a reference without its identifier. `howpublished` does the same but comes twice in aasjournal
and mnras as well; the styles that set `eprint` themselves (ACM-Reference-Format, REVTeX's, elsarticle-harv,
naturemag, asmeconf) print both fields whichever is chosen, and a reference that names its number twice is
better than one that never does. biblatex prints `eprint` itself and needs no note.

The words of both dialects are mappings/bibtex-fields.csv.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from functools import cache
from typing import NamedTuple

from bridge.bibtex.bibname import format_authors
from bridge.bibtex.casing import protect
from bridge.bibtex.latex import to_latex, to_utf8, to_verbatim
from bridge.bibtex.theses import kind_word, thesis_note
from bridge.config import Dialect, VenuePolicy
from bridge.errors import UsageError
from bridge.latepattern import LatePattern
from bridge.record import Author, PublishedIn, Record
from bridge.tables import Row, load
from bridge.withdrawal import withdrawal

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# a field of the entry -> where the record says it
_PRINTED: dict[str, Callable[[PublishedIn], str | None]] = {
    "volume": lambda printed: printed.volume,
    "number": lambda printed: printed.number,
    "pages": lambda printed: printed.pages,
    "eid": lambda printed: printed.article_number,
    "publisher": lambda printed: printed.publisher,
    "series": lambda printed: printed.series,
}
_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_SERIES_AND_VOLUME = re.compile(r"([A-Za-z]{1,3})[ .-]?(\d+)")


class Entry(NamedTuple):
    """An entry's type and its fields in the order they are written.

    A value is .bib notation without its outer delimiters; `month` is a macro (`jun`) and stands bare.
    """

    type: str
    fields: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str | None:
        return next((value for field, value in self.fields if field == name), None)


class _Words(NamedTuple):
    """mappings/bibtex-fields.csv for one dialect, each part by name."""

    types: dict[str, str]
    containers: dict[str, str]
    wheres: dict[str, str]
    printed: dict[str, str]
    fields: dict[str, str]
    theses: dict[str, str]
    thesis_notes: dict[str, str]
    zotero: dict[str, str]
    extras: dict[str, str]


@cache
def _words(dialect: Dialect) -> _Words:
    names = ("type", "container", "where", "printed", "field", "thesis", "thesisnote", "zotero", "extra")
    parts: dict[str, dict[str, str]] = {part: {} for part in names}

    def build(row: Row) -> None:
        if row["part"] not in parts:
            raise row.wrong(f"the part {row['part']!r} is none of {', '.join(parts)}")
        if row["part"] == "printed":
            unknown = set(row.listed(dialect)) - _PRINTED.keys()
            if unknown:
                raise row.wrong(f"{', '.join(sorted(unknown))}: not among {', '.join(_PRINTED)}")
        elif not row["name"] or not all(
            row[one].isalpha() or (row[one] and row["part"] == "thesisnote") for one in ("bibtex", "biblatex")
        ):
            raise row.wrong("a row needs a name and a word for either dialect")
        parts[row["part"]][row["name"]] = row[dialect]

    load("bibtex-fields.csv", ("part", "name", "bibtex", "biblatex"), build)
    return _Words(*parts.values())


NO_ID_IN_NOTES = "-note"  # for styles that print eprint fields themselves (facts/bst-styles.md)


def extra_field_names() -> tuple[str, ...]:
    """The fields that `--fields` adds."""
    return tuple(_words("bibtex").extras)


def check_extra_fields(names: Iterable[str], said_in: str = "--fields") -> None:
    """Raises UsageError for a name that `--fields` does not know; `said_in` tells where it was given."""
    known = (*extra_field_names(), NO_ID_IN_NOTES)
    for name in names:
        if name not in known:
            raise UsageError(f"unknown field {name!r} in {said_in}", f"known are {', '.join(known)}")


def entry_fields(
    record: Record,
    *,
    dialect: Dialect,
    venue_policy: VenuePolicy = "upgrade",
    extra_fields: Collection[str] = (),
    today: str = "",
) -> Entry:
    """The entry that says what `record` says. Raises UsageError for an unknown name in `extra_fields`.

    `today` (YYYY-MM-DD, "" for unknown) tells what is no longer to appear.
    """
    return _Writer(record, dialect, venue_policy, extra_fields, today).entry()


def format_entry(entry: Entry, key: str) -> str:
    """The entry as text in the house style, with a newline at its end."""
    lines = [f"  {name} = {format_value(name, value)},\n" for name, value in entry.fields]
    return f"@{entry.type}{{{key},\n{''.join(lines)}}}\n"


def format_value(name: str, value: str) -> str:
    """One field's value with its delimiters: in braces, but a month is a macro and stands bare."""
    return value if name == "month" and value in _MONTHS else f"{{{value}}}"


@cache
def _listed(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _paged(pages: str | None) -> str | None:
    """A range with two hyphens, which TeX sets as one dash."""
    if not pages:
        return None
    return "--".join(part.strip() for part in re.split("[-‐-―−]+", pages) if part.strip())


# what has editors of its own in every style, and what appears without a name
_EDITED = frozenset({"book", "bookSection", "conferencePaper", "encyclopediaArticle", "dictionaryEntry"})
_MAY_BE_UNSIGNED = frozenset({"encyclopediaArticle", "dictionaryEntry", "newspaperArticle"})


def _editors(record: Record) -> tuple[Author, ...]:
    """The editors that a source names in `fields`, joined as BibTeX joins names."""
    names = [name for name in record.fields.get("editor", "").split(" and ") if name]
    return tuple(_author(name) for name in names)


def _author(name: str) -> Author:
    family, comma, given = name.partition(", ")
    if name.startswith("{") or not comma:
        return Author(literal=name.strip("{}"))
    return Author(given=given, family=family)


# what Zotero reads as markup in titles (its documentation, "rich text bibliography")
_MARKUP = LatePattern(r"(</?(?:i|b|sub|sup|sc)>|<span (?:class|style)=\"[^\"<>]*\">|</span>)")
_COMMANDS = {
    "i": r"\emph",
    "b": r"\textbf",
    "sub": r"\textsubscript",
    "sup": r"\textsuperscript",
    "sc": r"\textsc",
}


_ACCEPTED = {"journal": "Accepted by", "book": "To appear in", None: "To appear in"}
_ACCEPTED |= dict.fromkeys(("conference", "workshop", "thesis"), "Accepted at")
# at most, from the acceptance; of a conference's year, in which or soon after which its papers are printed
_YEARS_TO_APPEAR, _YEARS_AFTER_EVENT = 3, 1


class _Writer:
    def __init__(
        self,
        record: Record,
        dialect: Dialect,
        venue_policy: VenuePolicy,
        extra_fields: Collection[str],
        today: str,
    ) -> None:
        self.record = record
        self.today = today
        self.classic = dialect == "bibtex"
        self.dialect = dialect
        self.words = _words(dialect)
        self.venue = record.venue
        self.container = self.text(self.venue.full_name or self.venue.name)
        if record.item_type == "report":
            self.container = self.container or self.text(record.published_in.publisher)
        self.authors = format_authors(record.authors, ascii_only=self.classic)
        self.editors = format_authors(_editors(record), ascii_only=self.classic)
        self.item_type = self._item_type(venue_policy)
        self.policy = venue_policy
        if extra_fields:
            check_extra_fields(extra_fields)
        self.extra_fields = extra_fields
        self.out: list[tuple[str, str]] = []

    def _item_type(self, policy: VenuePolicy) -> str:
        """What the work is written as; a type whose required fields are unknown is written as a preprint."""
        record, item_type = self.record, self.record.item_type
        if self.venue.status == "withdrawn" or (policy != "upgrade" and record.arxiv_id is not None):
            return "preprint"
        by_whom = self.authors or item_type in _MAY_BE_UNSIGNED
        if item_type in self.words.containers and not (self.container and by_whom):
            return "preprint"
        if item_type == "bookSection" and self.classic and not self.text(record.published_in.publisher):
            return "preprint"
        return item_type

    def entry(self) -> Entry:
        record = self.record
        entry_type = self.words.types.get(self.item_type, "misc")
        if self.item_type == "book" and self.editors and not (self.authors or self.classic):
            # biblatex's book requires an author
            entry_type = "collection"
        thesis_kind = ""
        if self.item_type == "thesis":
            thesis_kind = self.words.theses.get(kind_word(record, self.words.theses), "phdthesis")
            if self.classic:
                entry_type = thesis_kind
        title = protect(self._marked(record.title)) or "Untitled"
        self.add("title", title)
        if self.authors:
            self.add("author", self.authors)
        elif self.classic and not (self.editors and self.item_type in _EDITED):
            # alpha and plainnat can neither label nor sort a work without an author otherwise
            self.add("key", to_latex(record.identity, context="name"))
        if self.item_type in _EDITED and not (self.classic and self.authors and self.item_type == "book"):
            # BibTeX's book has either
            self.add("editor", self.editors)
        if thesis_kind and not self.classic:
            self.add("type", thesis_kind)
        if not self.classic and entry_type == "report":
            # biblatex requires it
            self.add("type", self.text(record.fields.get("reportType")) or "techreport")
        elif entry_type == "techreport":
            self.add("type", self.text(record.fields.get("reportType")))
        if container_field := self.words.containers.get(self.item_type):
            self.add(container_field, self.container)
        elif where := self._where():
            self.add(self.words.wheres[self.item_type], where)
        self._dates()
        self._printed()
        self._identifiers()
        self._note()
        self._extras()
        return Entry(entry_type, tuple(self.out))

    def add(self, name: str, value: str | None) -> None:
        if value:
            self.out.append((name, value))

    def text(self, value: str | None) -> str:
        if not value:
            return ""
        return (to_latex if self.classic else to_utf8)(value, context="text")

    def _where(self) -> str:
        record = self.record
        if self.item_type != record.item_type or self.item_type not in self.words.wheres:
            return ""
        if self.item_type == "preprint":
            # arXiv is said by the eprint fields
            return "" if record.arxiv_id is not None else self.text(record.fields.get("repository"))
        number, publisher = self.text(record.published_in.number), self.text(record.published_in.publisher)
        if self.item_type == "patent":
            return f"Patent {number}" if number and self.classic else number
        if self.item_type == "standard":
            return f"{publisher} {number}".strip()
        return self.container or publisher

    def _marked(self, title: str) -> str:
        """A title with Zotero's markup (<i>, <sub> ...) as TeX's; any other angle bracket is one."""
        if self.record.stated is None or "<" not in title:
            return self.text(title)
        parts = _MARKUP.split(title)
        depth, out = 0, []
        for at, part in enumerate(parts):
            if at % 2 == 0:
                # to_latex would trim what stands beside a tag
                lead, rest = part[: len(part) - len(part.lstrip())], part.strip()
                trail = part[len(part.rstrip()) :] if rest else ""
                out.append(f"{' ' if lead else ''}{self.text(rest)}{' ' if trail else ''}")
            elif part.startswith("</"):
                # one that closes nothing is dropped
                out.append("}" * (depth > 0))
                depth -= depth > 0
            else:
                out.append(_COMMANDS.get(part.strip("<>").split()[0], "") + "{")
                depth += 1
        return "".join(out) + "}" * depth

    def _dates(self) -> None:
        record = self.record
        year = record.cited_year if self.item_type != "preprint" or self._is_held_back() else None
        if year is not None:
            # the venue's year; the day of the preprint says nothing about it
            self.add("year" if self.classic else "date", str(year))
            return
        said = record.updated if record.pinned and record.updated else record.first_date
        match = _DATE.match(said or "")
        if match is None:
            return
        if not self.classic:
            self.add("date", match[1] if self.item_type != "preprint" else match[0])
            return
        self.add("year", match[1])
        if self.item_type == "preprint" and match[2]:
            self.add("month", _MONTHS[int(match[2]) - 1])

    def _is_held_back(self) -> bool:
        """Whether a work that has appeared is written as a preprint only for want of a required field."""
        upgraded = self.policy == "upgrade" and self.venue.status in ("published", "accepted")
        return upgraded and self.record.item_type != "preprint"

    def _printed(self) -> None:
        """Where in the venue: volume, issue, pages, publisher."""
        printed = self.record.published_in
        names = _listed(self.words.printed.get(self.item_type, ""))
        volume, number = self.text(printed.volume), self.text(printed.number)
        if "volume" in names and volume and not self.classic and not volume.isdecimal():
            # biblatex takes a number there and nothing else: "B645" is volume 645 of series B
            match = _SERIES_AND_VOLUME.fullmatch(volume)
            if match is not None and printed.series is None:
                self.add("series", match[1])
                volume = match[2]
            else:
                volume, number = "", f"{volume}, {number}" if number else volume
        for name in names:
            if name == "volume":
                self.add(name, volume)
            elif name == "number":
                # the old styles warn of a number without a volume
                if volume or not self.classic or self.item_type == "report":
                    self.add(name, number)
            elif name == "pages":
                # the old styles know no eid, and print an article's number as its page
                pages = self.text(_paged(printed.pages))
                self.add(name, pages or (self.text(printed.article_number) if self.classic else ""))
            else:
                self.add(name, self.text(_PRINTED[name](printed)))
        if self.record.arxiv_id is None or self.item_type != "preprint":
            there = {name for name, _ in self.out}
            for name, field in self.words.zotero.items():
                # an article is of no edition and no place; its journal is. The day on which a paper was read
                # at arXiv is no part of its reference.
                of_journal = name in ("edition", "place") and "Article" in self.item_type
                looked_up = name == "accessDate" and self.record.arxiv_id is not None
                if field not in there and not of_journal and not looked_up:
                    self.add(field, self.text(self.record.fields.get(name)))

    def _identifiers(self) -> None:
        record, fields = self.record, self.words.fields
        doi = record.doi or record.arxiv_doi
        if doi:
            self.add("doi", to_verbatim(doi))
        if record.arxiv_id:
            self.add("eprint", record.versioned_id if record.pinned else record.arxiv_id)
            self.add(fields["eprint_type"], "arXiv")
            self.add(fields["eprint_class"], record.primary_category)
        if record.url:
            self.add("url", to_verbatim(record.url))

    def _note(self) -> None:
        notes: list[str] = []
        record, venue = self.record, self.venue
        year = f", {record.printed_year}" if record.printed_year else ""
        if venue.status == "withdrawn":
            word, blank, whom = withdrawal(record).partition(" ")
            # some styles put the first letter of a note in small
            notes.append(f"{{{word}}}{blank}{whom}" if self.classic else f"{word}{blank}{whom}")
        silent = NO_ID_IN_NOTES in self.extra_fields
        if self.classic and self.item_type == "preprint" and record.arxiv_id and not silent:
            printed_id = record.versioned_id if record.pinned else record.arxiv_id
            # an old id names its archive already (hep-th/9901001)
            archive = (
                record.primary_category
                if not record.arxiv_id.startswith(f"{record.primary_category}/")
                else None
            )
            notes.append(f"arXiv:{printed_id} [{archive}]" if archive else f"arXiv:{printed_id}")
        if self.item_type == "preprint" and self.container and self.policy != "off":
            said = {"published": "Published in", "accepted": _ACCEPTED[venue.kind]}.get(venue.status)
            if venue.kind == "thesis" and venue.status == "none":
                said = "Thesis,"
            if said:
                notes.append(f"{said} {self.container}{year}")
        elif self.item_type == "preprint" and record.item_type == "thesis" and self.policy != "off":
            said = thesis_note(record, self.words.theses, self.words.thesis_notes)
            if self.classic and not notes:
                said = said.replace("PhD", "{PhD}")  # as for WITHDRAWN
            if said:
                notes.append(f"{said}{year}")
        if venue.status == "accepted" and self.item_type != "preprint" and not self._long_ago():
            if self.classic:
                notes.append("To appear")
            else:
                self.add("pubstate", "inpress")
        if self.classic and self.item_type == "manuscript" and not notes:
            # the old styles require one
            notes.append(self.text(record.fields.get("manuscriptType")) or "Unpublished")
        self.add("note", ". ".join(notes))

    def _long_ago(self) -> bool:
        """Whether what was accepted has surely appeared by now: comments are seldom brought up to date."""
        record = self.record
        dated = _DATE.match(record.updated or record.first_date or "")
        year = self.venue.year or (int(dated[1]) if dated else None)
        event = self.venue.year is not None and self.venue.kind in ("conference", "workshop")
        most = _YEARS_AFTER_EVENT if event else _YEARS_TO_APPEAR
        return bool(self.today) and year is not None and year + most < int(self.today[:4])

    def _extras(self) -> None:
        record = self.record
        for name in self.words.extras:
            if name not in self.extra_fields:
                continue
            value = {
                "abstract": record.abstract,
                "keywords": ", ".join(record.categories + record.subject_codes),
                "comment": record.comment,
            }[name]
            self.add(self.words.extras[name], self.text(value))
