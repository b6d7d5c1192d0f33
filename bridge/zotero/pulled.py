"""Zotero item → Record: what a collection holds, for a .bib.

What the item says outright (type, venue, volume, pages) is stated, not read out of a comment. Everything else
that Zotero knows is kept in `Record.fields` under Zotero's own names, with `key` (the item's), `citationKey`
and `editor` (names as BibTeX joins them).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bridge.identifiers import is_arxiv_doi
from bridge.record import Author, Kind, PublishedIn, Record, Stated, Status, Venue
from bridge.zotero import extra as extra_lines
from bridge.zotero.fields import HOLDS, table, tag_categories, types
from bridge.zotero.items import comment_of, is_article_number, is_comment_note
from bridge.zotero.recognise import identify, is_work

_ISO_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d{2}(?!\d)")
_PRIMARY = re.compile(r"\[([a-z-]+(?:\.[A-Za-z-]{2,})?)\]\s*$")
# what says nothing about the work, or is held elsewhere in the record
_LEFT_OUT = frozenset(
    {
        "key",
        "version",
        "itemType",
        "creators",
        "tags",
        "collections",
        "relations",
        "deleted",
        "inPublications",
        "dateAdded",
        "dateModified",
        "accessDate",
        "parsedDate",
        "citationKey",
        "extra",
    }
)
# the record's own date and url are among its fields too, as the library writes them
_HELD = frozenset(HOLDS) - {"date", "url"}
_OF_A_REPOSITORY = frozenset({"repository", "archive_id"})


def record_of(data: Mapping[str, Any], note: str | None = None) -> Record:
    """The record for a work's item. `note` is its comment note, if it has one; `parsedDate` in `data` is the
    date as the server reads it."""
    item_type = str(data["itemType"])
    holds = table(item_type).holds
    held = {what: str(data[name]) for name, what in holds.items() if data.get(name)}
    extra = data.get("extra", "")
    named = identify(data)
    pinned = named.arxiv_id is not None and named.version is not None
    date = _date(data, held.get("date", ""))
    doi = held.get("doi") or extra_lines.read_line(extra, extra_lines.DOI)
    if doi is not None and is_arxiv_doi(doi):
        doi = None
    primary, categories = _categories(data, extra, named.arxiv_id)
    record = Record(
        title=held.get("title", ""),
        arxiv_id=named.arxiv_id,
        version=named.version if pinned else None,
        pinned=pinned,
        credits=tuple(_authors(data, item_type)),
        abstract=held.get("abstract"),
        published=date,
        updated=date if pinned and item_type == "preprint" else None,
        primary_category=primary,
        categories=categories,
        comment=comment_of(note) if note else None,
        journal_ref=extra_lines.read_line(extra, extra_lines.JOURNAL_REF),
        doi=doi,
        fields=_fields(data, holds, extra, from_arxiv=named.arxiv_id is not None),
        source=str(data.get("key", "")) or None,
    )
    year = int(date[:4]) if date else None
    if named.arxiv_id is not None and date is not None and item_type != "preprint":
        # a mere year is the venue's; anything longer tells when the paper was posted
        if len(date) > 4:
            year = None
        else:
            record = replace(record, published=_posted(named.arxiv_id))
    return _stated(record, item_type, held, extra, year)


def _stated(record: Record, item_type: str, held: Mapping[str, str], extra: str, year: int | None) -> Record:
    if record.arxiv_id is not None and (
        item_type == "preprint" or held.get("venue_full", "").lower().startswith("arxiv")
    ):
        # arXiv's own metadata says what there is to say; but the type is the one that stands in Zotero
        if record.item_type == "preprint":
            return record
        return replace(record, stated=Stated("preprint", record.venue, record.published_in))
    known = types().get(item_type)
    kind = known.kind if known else None
    full, short = held.get("venue_full"), held.get("venue_short") or held.get("venue_name")
    name = short or full
    pages, number = held.get("pages"), extra_lines.read_line(extra, extra_lines.NUMBER)
    if pages and (pages == number or (number is None and is_article_number(pages))):
        pages, number = None, pages
    venue = Venue(
        _status(kind, extra),
        name,
        full if full and full != name else None,
        _kind(kind, name, full),
        year,
        1.0,
    )
    printed = PublishedIn(
        held.get("volume"), held.get("number"), pages, number, held.get("publisher"), held.get("series")
    )
    return replace(record, stated=Stated(item_type, venue, printed))


def _status(kind: Kind | None, extra: str) -> Status:
    stated = (extra_lines.read_line(extra, extra_lines.STATUS) or "").lower()
    if stated == "withdrawn":
        return "withdrawn"
    if kind is None or kind == "thesis":
        return "none"
    return "accepted" if stated in ("accepted", "forthcoming", "in press") else "published"


def _kind(kind: Kind | None, name: str | None, full: str | None) -> Kind | None:
    if kind == "conference" and ("@" in (name or "") or "workshop" in f"{name} {full}".lower()):
        return "workshop"
    return kind


def _authors(data: Mapping[str, Any], item_type: str) -> list[Author]:
    """The creators that a citation names first: those of the type's own kind, or plain authors."""
    known = types().get(item_type)
    kinds = {"author", known.author if known else "author"}
    return [_author(one) for one in data.get("creators", ()) if one.get("creatorType") in kinds]


def _author(one: Mapping[str, str]) -> Author:
    if "name" in one:
        return Author(literal=one["name"])
    given, family = one.get("firstName", ""), one.get("lastName", "")
    given, comma, suffix = given.rpartition(",") if "," in given else (given, "", "")
    return Author(given.strip() or None, family or None, suffix.strip() or None if comma else None)


def _bibtex_name(one: Mapping[str, str]) -> str:
    author = _author(one)
    if author.literal is not None:
        return f"{{{author.literal}}}"
    return ", ".join(part for part in (author.family, author.given) if part)


def _categories(
    data: Mapping[str, Any], extra: str, arxiv_id: str | None
) -> tuple[str | None, tuple[str, ...]]:
    """The primary category (from the arXiv line, or the archive of an old id) and all that the tags name."""
    known = tag_categories()
    tags = [tag["tag"] for tag in data.get("tags", ())]
    terms = set(known.values())
    found = [known.get(tag, tag) for tag in tags if tag in known or tag in terms]
    primary = None
    if arxiv_id is not None:
        line = extra_lines.read_line(extra, extra_lines.ARXIV) or ""
        match = _PRIMARY.search(line)
        primary = match[1] if match else None
        if primary is None and "/" in arxiv_id:
            primary = arxiv_id.partition("/")[0]
            primary = primary if primary in found else None
    if primary is None:
        return None, tuple(dict.fromkeys(found))
    return primary, tuple(dict.fromkeys([primary, *found]))


def _date(data: Mapping[str, Any], text: str) -> str | None:
    """The date as YYYY, YYYY-MM or YYYY-MM-DD; the server's reading of a free text is taken."""
    for candidate in (text.strip(), str(data.get("parsedDate", ""))):
        if _ISO_DATE.fullmatch(candidate[:10]):
            return candidate[:10]
    year = _YEAR.search(text)
    return year[0] if year else None


def _posted(arxiv_id: str) -> str:
    """The month in which a paper got its id: 2606.03498 → 2026-06, math/0309136 → 2003-09."""
    stamp = arxiv_id.rpartition("/")[2][:4]
    return f"{'19' if stamp[0] == '9' and '/' in arxiv_id else '20'}{stamp[:2]}-{stamp[2:]}"


def _fields(
    data: Mapping[str, Any], holds: Mapping[str, str], extra: str, *, from_arxiv: bool
) -> dict[str, str]:
    fields = {"key": str(data["key"])} if data.get("key") else {}
    citation_key = data.get("citationKey") or extra_lines.read_line(extra, extra_lines.CITATION_KEY)
    if citation_key:
        fields["citationKey"] = citation_key
    # arXiv as the repository goes without saying; any other is said
    held = _HELD if from_arxiv else _HELD - _OF_A_REPOSITORY
    fields |= {
        name: text
        for name, text in data.items()
        if name not in _LEFT_OUT and holds.get(name) not in held and isinstance(text, str) and text
    }
    if data.get("url") and (read := str(data.get("accessDate", ""))[:10]):
        fields["accessDate"] = read
    editors = [_bibtex_name(one) for one in data.get("creators", ()) if one.get("creatorType") == "editor"]
    if editors:
        fields["editor"] = " and ".join(editors)
    return fields


def records_of(items: Sequence[Mapping[str, Any]]) -> list[Record]:
    """The works among API items as they were added, each with its comment note; no trash."""
    notes: dict[str, str] = {}
    for one in items:
        data = one["data"]
        if data.get("itemType") == "note" and not data.get("deleted") and is_comment_note(data["note"]):
            notes.setdefault(data.get("parentItem", ""), data["note"])
    records = []
    for one in sorted(items, key=lambda one: (one["data"].get("dateAdded", ""), one["key"])):
        data = one["data"]
        if is_work(data) and not data.get("deleted"):
            parsed = one.get("meta", {}).get("parsedDate", "")
            records.append(record_of({**data, "parsedDate": parsed}, notes.get(one["key"])))
    return records
