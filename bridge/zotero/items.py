"""Record → Zotero item, and what an item that stands there says, both as the values that a merge compares.

The shape is that of Zotero's own arXiv importer. `extra` is taken apart into its lines (`extra:arXiv`), the
comment's child note counts as the field `note`, and creators as one field; what a person wrote anywhere else
is not touched.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bridge.identifiers import InvalidId, clean_doi, parse_arxiv_id
from bridge.plan import Value, digest
from bridge.record import Author, Record
from bridge.zotero import extra as extra_lines
from bridge.zotero.fields import OF_THE_VENUE, category_tags, table, types

Json = dict[str, Any]
Creator = dict[str, str]

EXTRA = "extra:"
LABELS = (
    extra_lines.ARXIV,
    extra_lines.VERSION,
    extra_lines.STATUS,
    extra_lines.DOI,
    extra_lines.JOURNAL_REF,
    extra_lines.NUMBER,
    extra_lines.CITATION_KEY,
)
AUTOMATIC = 1
"""The type of a tag that no person set."""

# fields of `Record.fields` that say something about the item rather than stand in it
_NOT_SENT = frozenset(
    {"key", "citationKey", "note", "editor", "dateAdded", "dateModified", "accessDate", "extra", "version"}
)
_COMMENT = "Comment: "


@dataclass(frozen=True, slots=True)
class Draft:
    """A record as a Zotero item of one type: its fields, creators, tags, `extra` lines by label, and note."""

    item_type: str
    fields: Mapping[str, str]
    creators: Sequence[Creator] = ()
    tags: Sequence[str] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    note: str | None = None

    def values(self) -> dict[str, Value]:
        """The draft as the fields of a plan.Wanted; empty values are left out."""
        values = {"itemType": Value(self.item_type, digest(self.item_type))}
        values |= {name: value_of(name, text) for name, text in self.fields.items() if text}
        if self.creators:
            values["creators"] = creators_value(self.creators)
        values |= {EXTRA + label: value_of(EXTRA + label, text) for label, text in self.extra.items()}
        if self.note:
            values["note"] = value_of("note", self.note)
        return values

    def tag_set(self) -> dict[str, str]:
        return {tag_digest(tag): tag for tag in self.tags}


def draft(record: Record, item_type: str, valid: Collection[str], citation_key: str | None) -> Draft:
    """`record` as an item of `item_type`, whose fields on this server are `valid`.

    What the type has no field for goes where Zotero and its plug-ins look for it: into lines of `extra`.
    """
    values = _values(record, item_type)
    fields = {
        name: values[holds]
        for name, holds in table(item_type).holds.items()
        if name in valid and values.get(holds)
    }
    fields |= {
        name: text
        for name, text in record.fields.items()
        if name in valid and name not in _NOT_SENT and name not in fields and text
    }
    extra: dict[str, str] = {}
    if record.arxiv_id is not None:
        extra[extra_lines.ARXIV] = _arxiv_line(record)
        if record.pinned and record.version is not None:
            extra[extra_lines.VERSION] = str(record.version)
    if record.venue.status in ("accepted", "withdrawn"):
        extra[extra_lines.STATUS] = record.venue.status
    if record.journal_ref and item_type == "preprint":
        # a preprint has no field for it, and it may be all that is known of where the work appeared
        extra[extra_lines.JOURNAL_REF] = " ".join(record.journal_ref.split())
    article = record.published_in.article_number
    if article and "pages" in fields and (article != fields["pages"] or not is_article_number(article)):
        extra[extra_lines.NUMBER] = article
    if "DOI" not in valid and values.get("doi"):
        extra[extra_lines.DOI] = values["doi"]
    if citation_key:
        if "citationKey" in valid:
            fields["citationKey"] = citation_key
        else:
            extra[extra_lines.CITATION_KEY] = citation_key
    comment = sendable(record.comment or "")
    return Draft(
        item_type,
        {name: sendable(text) for name, text in fields.items()},
        _creators(record, item_type),
        tuple(dict.fromkeys(sendable(category_tags().get(term, term)) for term in record.categories)),
        {label: sendable(text) for label, text in extra.items()},
        _COMMENT + html.escape(comment, quote=False) if comment else None,
    )


_PARTING = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1f]")
# UTF-8 has no lone surrogates; the rest the server drops
_DROPPED = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff]")


def sendable(text: str) -> str:
    """A text that the server stores letter by letter, so that what comes back is what was sent.

    The server drops control characters without putting a space in their place, and takes every kind of space
    and of invisible character off the ends (Utilities.inc.php in its published source).
    """
    if not text.isascii() or not text.isprintable():
        text = _DROPPED.sub("", _PARTING.sub(lambda found: "\n" if "\n" in found[0] else " ", text))
    start, end = 0, len(text)
    while start < end and unicodedata.category(text[start])[0] in "ZC":
        start += 1
    while end > start and unicodedata.category(text[end - 1])[0] in "ZC":
        end -= 1
    return text[start:end]


def _values(record: Record, item_type: str) -> dict[str, str]:
    venue, printed = record.venue, record.published_in
    full = venue.full_name or venue.name or ""
    values = {
        "title": record.title,
        "abstract": record.abstract or "",
        "date": _date(record, item_type),
        "doi": record.doi or record.arxiv_doi or "",
        "url": record.url or "",
    }
    if record.arxiv_id is not None:
        values["catalog"] = "arXiv.org"
    if item_type == "preprint":
        if record.arxiv_id is not None:
            values |= {"repository": "arXiv", "archive_id": f"arXiv:{record.arxiv_id}"}
        return values
    values |= {
        "venue_full": full,
        "venue_name": venue.name or "",
        "venue_short": venue.name if venue.name and venue.name != full else "",
        "volume": printed.volume or "",
        "number": printed.number or "",
        "pages": printed.pages or printed.article_number or "",
        "publisher": printed.publisher or "",
        "series": printed.series or "",
    }
    return values


# where journals have no pages any more: long, or with a leading zero, and no range
_ARTICLE_NUMBER = re.compile(r"[A-Za-z]?\d{5,}[A-Za-z]?|0\d+|e\d+|\d+\.\w+")


def is_article_number(pages: str) -> bool:
    """Whether what stands in the field `pages` shows that it is an article number."""
    return _ARTICLE_NUMBER.fullmatch(pages) is not None


def _date(record: Record, item_type: str) -> str:
    """A preprint's date is its first version's, or the pinned one's; a published work's is its venue's."""
    if record.arxiv_id is None and (stated := record.fields.get("date")):
        return stated
    year = record.cited_year if item_type != "preprint" else None
    if year is not None:
        return str(year)
    moment = record.updated if record.pinned and record.updated else record.published
    return (moment or "")[:10]


def _arxiv_line(record: Record) -> str:
    """`ID [cs.DC]`; an old id of an archive without classes names its category already."""
    arxiv_id, primary = record.arxiv_id or "", record.primary_category
    if not primary or arxiv_id.startswith(f"{primary}/"):
        return arxiv_id
    return f"{arxiv_id} [{primary}]"


def _creators(record: Record, item_type: str) -> list[Creator]:
    known = types().get(item_type)
    kind = known.author if known else "author"
    creators = [creator(author, kind) for author in record.authors]
    if editors := record.fields.get("editor"):
        creators += [creator(_person(name), "editor") for name in editors.split(" and ")]
    # one without a name would have the whole item refused
    return [one for one in creators if one.get("name") or one.get("lastName") or one.get("firstName")]


def _person(name: str) -> Author:
    family, comma, given = name.partition(", ")
    if name.startswith("{") or not comma:
        return Author(literal=name.strip("{}"))
    return Author(given=given, family=family)


def creator(author: Author, kind: str) -> Creator:
    """An author as Zotero writes it: an organisation in one field, a suffix after the given name."""
    if author.literal is not None or not author.family:
        return {"creatorType": kind, "name": sendable(author.display)}
    given = author.given or ""
    if author.suffix:
        given = f"{given}, {author.suffix}" if given else f", {author.suffix}"
    return {"creatorType": kind, "firstName": sendable(given), "lastName": sendable(author.family)}


# -- what stands there ---------------------------------------------------------------------------------------

_NO_VALUES = frozenset(
    {
        "key",
        "version",
        "itemType",
        "extra",
        "creators",
        "tags",
        "collections",
        "relations",
        "deleted",
        "parentItem",
        "dateAdded",
        "dateModified",
        "accessDate",
        "inPublications",
        # the index adds what the server makes of a date
        "parsedDate",
    }
)


def present_values(data: Mapping[str, Any], note: str | None) -> dict[str, Value]:
    """An item's data as the fields of a plan.Present. `note` is its comment note, if there is one."""
    values = {"itemType": Value(data["itemType"], digest(data["itemType"]))}
    for name, text in data.items():
        if name not in _NO_VALUES and isinstance(text, str) and text:
            values[name] = value_of(name, text)
    if data.get("creators"):
        values["creators"] = creators_value(data["creators"])
    for label in LABELS:
        line = extra_lines.read_line(data.get("extra", ""), label)
        if line is not None:
            values[EXTRA + label] = value_of(EXTRA + label, line)
    if note:
        values["note"] = value_of("note", note)
    return values


def present_tags(data: Mapping[str, Any]) -> dict[str, str]:
    return {tag_digest(tag["tag"]): tag["tag"] for tag in data.get("tags", ())}


def tag_digest(tag: str) -> str:
    return digest(_plain(tag))


def member_digest(key: str) -> str:
    """A collection's digest in the base."""
    return digest(key)


def is_comment_note(note: str) -> bool:
    return note_text(note).startswith(_COMMENT)


def note_text(note: str) -> str:
    """A note's words without the markup that Zotero's editor wraps them in."""
    return _plain(html.unescape(re.sub(r"<[^<>]*>", " ", note)))


def comment_of(note: str) -> str:
    return note_text(note).removeprefix(_COMMENT)


def value_of(name: str, text: str) -> Value:
    """One field's value. Texts that mean the same (spaces, a DOI's case, http for https) have one digest."""
    return Value(text, digest(_meaning(name, text)))


def _meaning(name: str, text: str) -> str:
    plain = _plain(text)
    if name in ("DOI", EXTRA + extra_lines.DOI):
        return (clean_doi(plain) or plain).lower()
    if name == "url":
        return re.sub(r"^https?://(?:www\.)?", "", plain).rstrip("/")
    if name in ("repository", "libraryCatalog"):
        return plain.lower()
    if name == "pages":
        return re.sub(r"\s*[-–—]+\s*", "-", plain)
    if name == "note":
        return note_text(text)
    if name in ("archiveID", EXTRA + extra_lines.ARXIV):
        try:
            found = parse_arxiv_id(plain)
        except InvalidId:
            return plain
        return f"{found.id} {plain.partition('[')[2]}"
    return plain


def creators_value(creators: Sequence[Mapping[str, str]]) -> Value:
    """All creators as one value, in order: names as a person reads them."""
    shown, meant = [], []
    for one in creators:
        parts = [one.get("lastName", ""), one.get("firstName", "")] if "name" not in one else [one["name"]]
        kind = one.get("creatorType", "author")
        shown.append(", ".join(part for part in parts if part) + ("" if kind == "author" else f" ({kind})"))
        meant.append("\x1f".join([kind, *map(_plain, parts)]))
    return Value("; ".join(shown), digest("\x1e".join(meant)))


def _plain(text: str) -> str:
    """What the server makes of a text anyway (control characters go, ends are trimmed), spaces as one."""
    kept = (c for c in unicodedata.normalize("NFC", text) if c.isspace() or unicodedata.category(c) != "Cc")
    return " ".join("".join(kept).split())


# -- moving between types ------------------------------------------------------------------------------------


def retyped(names: Collection[str], old: str, new: str, valid: Collection[str]) -> dict[str, str | None]:
    """Where each field goes when the type changes: itself, the field with the same base, or None (dropped).

    This is what the server does by itself: `repository` becomes `publisher`, `archiveID` is lost (observed).
    """
    before, after = table(old), table(new)
    moves: dict[str, str | None] = {}
    for name in names:
        base = before.bases.get(name, name)
        target = after.of_base(base)
        everywhere = name.startswith(EXTRA) or name in ("itemType", "creators", "note")
        if everywhere or (name in valid and name not in before.bases):
            moves[name] = name
        else:
            moves[name] = target if target in valid else None
    return moves


def venue_fields(item_type: str) -> frozenset[str]:
    """The fields of a type that go when the venue they speak of no longer applies."""
    own = {name for name, holds in table(item_type).holds.items() if holds in OF_THE_VENUE}
    lines = (extra_lines.STATUS, extra_lines.JOURNAL_REF, extra_lines.NUMBER)
    return frozenset(own | {EXTRA + label for label in lines})
