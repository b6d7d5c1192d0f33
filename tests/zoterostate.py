"""The inside of the Zotero test double: libraries that obey the rules observed on the real server.

Schema version 41, versions, per-object verdicts, derived keys, trash and deletions. `tests/zoteroserver.py`
puts HTTP around it.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

KEY = re.compile(r"[23456789ABCDEFGHIJKLMNPQRSTUVWXYZ]{8}")
MAX_FIELD_BYTES = 65_535
MAX_NAME = 255

# A word of the schema a type; `&common` and `&tail` stand for what many types share.
_SCHEMA = """
&common: title abstractNote place date series seriesNumber DOI citationKey &tail
&tail: url accessDate archive archiveLocation shortTitle language libraryCatalog callNumber rights extra
preprint: &common genre repository archiveID
conferencePaper: &common proceedingsTitle conferenceName publisher eventPlace volume issue numberOfVolumes
  pages ISBN ISSN
journalArticle: title abstractNote publicationTitle publisher place date volume issue section partNumber
  partTitle pages series seriesTitle seriesText journalAbbreviation DOI citationKey PMID PMCID ISSN &tail
bookSection: title abstractNote bookTitle series seriesNumber volume numberOfVolumes edition place publisher
  date pages ISBN citationKey &tail
book: title abstractNote series seriesNumber volume numberOfVolumes edition place publisher date numPages
  ISBN citationKey &tail
thesis: title abstractNote thesisType university place date numPages citationKey &tail
report: title abstractNote reportNumber reportType seriesTitle place institution date pages citationKey &tail
webpage: title abstractNote websiteTitle websiteType date shortTitle url accessDate language rights extra
  citationKey
computerProgram: title abstractNote seriesTitle versionNumber date system place company programmingLanguage
  citationKey &tail
attachment: title accessDate url
note:
"""


def _read_schema() -> dict[str, list[str]]:
    raw: dict[str, list[str]] = {}
    for line in re.sub(r"\n +", " ", _SCHEMA).strip().splitlines():
        name, _, words = line.partition(":")
        raw[name] = words.split()

    def spread(words: list[str]) -> list[str]:
        return [field for word in words for field in (spread(raw[word]) if word[0] == "&" else [word])]

    return {name: spread(words) for name, words in raw.items() if name[0] != "&"}


_FIELDS = _read_schema()
_BASE: dict[str, dict[str, str]] = {
    "preprint": {"repository": "publisher", "archiveID": "number", "genre": "type"},
    "conferencePaper": {"proceedingsTitle": "publicationTitle"},
    "bookSection": {"bookTitle": "publicationTitle"},
    "thesis": {"university": "publisher", "thesisType": "type"},
    "report": {"institution": "publisher", "reportNumber": "number", "reportType": "type"},
    "webpage": {"websiteTitle": "publicationTitle", "websiteType": "type"},
    "computerProgram": {"company": "publisher"},
}
_AUTHORS = ("author", "contributor", "editor", "reviewedAuthor", "translator")
_CREATORS: dict[str, tuple[str, ...]] = {
    "preprint": _AUTHORS,
    "conferencePaper": ("author", "contributor", "editor", "seriesEditor", "translator"),
    "bookSection": ("author", "contributor", "editor", "bookAuthor", "translator", "seriesEditor"),
    "computerProgram": ("programmer", "contributor"),
}
_PROPERTIES = {
    "key",
    "version",
    "itemType",
    "creators",
    "tags",
    "collections",
    "relations",
    "deleted",
    "parentItem",
    "note",
    "dateAdded",
    "dateModified",
    "linkMode",
    "contentType",
    "charset",
    "filename",
    "md5",
    "mtime",
}


def fields_of(item_type: str, lacking: frozenset[str] = frozenset()) -> list[str]:
    return [name for name in _FIELDS[item_type] if name not in lacking]


def all_fields() -> list[str]:
    return list(dict.fromkeys(name for fields in _FIELDS.values() for name in fields))


def template(item_type: str) -> dict[str, Any]:
    """What /items/new gives for a type."""
    blank: dict[str, Any] = {"itemType": item_type, **dict.fromkeys(fields_of(item_type), "")}
    return blank | {"creators": [], "tags": [], "collections": [], "relations": {}}


def item_types() -> list[str]:
    return list(_FIELDS)


def creator_types_of(item_type: str) -> tuple[str, ...]:
    return _CREATORS.get(item_type, _AUTHORS)


class Refused(Exception):
    """The verdict on one object: what stands in `failed`, or the whole answer to a single-object request."""

    def __init__(self, code: int, message: str, data: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data

    def as_json(self) -> dict[str, Any]:
        failure: dict[str, Any] = {"code": self.code, "message": html.escape(self.message)}
        return failure | ({"data": dict(self.data)} if self.data else {})


@dataclass
class Stored:
    version: int
    data: dict[str, Any]


@dataclass
class LibraryState:
    """One user's or group's library. `lacking` are fields that an older schema does not have."""

    kind: str
    id: int
    version: int = 1
    bump_per_request: bool = False
    lacking: frozenset[str] = frozenset()
    items: dict[str, Stored] = field(default_factory=dict)
    collections: dict[str, Stored] = field(default_factory=dict)
    deleted: list[tuple[int, str, str]] = field(default_factory=list)
    clock: int = 0

    def now(self) -> str:
        self.clock += 1
        return f"2026-11-23T{self.clock // 3600 % 24:02}:{self.clock // 60 % 60:02}:{self.clock % 60:02}Z"

    def bump(self) -> int:
        self.version += 1
        return self.version

    def begin_write(self) -> None:
        """Older servers bumped the library once a request, and every object of it got that version."""
        if self.bump_per_request:
            self.bump()

    def _next_version(self) -> int:
        return self.version if self.bump_per_request else self.bump()

    # -- writing -------------------------------------------------------------------------------------------

    def write_item(self, sent: Any, precondition: bool = False) -> tuple[str, bool]:
        """Create or patch one item; its key and whether anything changed. Raises Refused."""
        if not isinstance(sent, dict):
            raise Refused(400, f"Invalid item object (found {type(sent).__name__})")
        known = self._precondition(sent, self.items, "Item", "item", precondition)
        old = known.data if known else {}
        item_type = sent.get("itemType", old.get("itemType"))
        if item_type is None:
            raise Refused(400, "'itemType' property not provided")
        if item_type not in _FIELDS:
            raise Refused(400, f"'{item_type}' is not a valid itemType")
        self._check(sent, item_type)
        data = self._retyped(old, item_type) if known else self._blank(item_type)
        key = sent.get("key") or self._fresh_key()
        before = _comparable(data)
        changed = known is None or old.get("itemType") != item_type
        # a change of nothing but collections leaves dateModified alone
        only_collections = old.get("itemType") == item_type
        for name, value in sent.items():
            if name in ("key", "version", "itemType"):
                continue
            if name == "tags":
                tags = {(_clean(t["tag"]), int(t.get("type", 0))) for t in value}
                data["tags"] = [
                    {"tag": tag} | ({"type": kind} if kind else {}) for tag, kind in sorted(tags) if tag
                ]
                changed = changed or bool(value)
                only_collections = only_collections and not value
            elif name == "creators":
                data["creators"] = [_creator(creator) for creator in value]
            elif name == "collections":
                data["collections"] = list(dict.fromkeys(value))
            elif name == "deleted":
                data.pop("deleted", None)
                if value:
                    data["deleted"] = 1
            elif name == "parentItem":
                data.pop("parentItem", None)
                if value:
                    data["parentItem"] = value
            else:
                data[name] = _clean(value)
            only_collections = only_collections and name == "collections"
        changed = changed or _comparable(data) != before
        # what is unchanged consumes a version all the same
        version = self._next_version()
        if not changed:
            return key, False
        stamp = self.now()
        data.setdefault("dateAdded", stamp)
        if known is None or not only_collections:
            data["dateModified"] = stamp
        data["key"] = key
        data["version"] = version
        self.items[key] = Stored(version, data)
        self.deleted = [gone for gone in self.deleted if gone[1:] != ("items", key)]
        return key, True

    def write_collection(self, sent: Any, precondition: bool = False) -> tuple[str, bool]:
        known = self._precondition(sent, self.collections, "Collection", "collection", precondition)
        if not known and not sent.get("name"):
            raise Refused(400, "'name' property not provided")
        if len(sent.get("name", "")) > MAX_NAME:
            raise Refused(413, f"Collection name '{sent['name'][:50]}…' is too long")
        parent = sent.get("parentCollection", known.data["parentCollection"] if known else False) or False
        if parent and parent not in self.collections:
            raise Refused(409, f"Parent collection {parent} not found", {"collection": parent})
        data = dict(known.data) if known else {"relations": {}}
        data["name"] = _clean(sent["name"]) if "name" in sent else data["name"]
        data["parentCollection"] = parent
        data.pop("deleted", None)
        if sent.get("deleted"):
            data["deleted"] = True
        version = self._next_version()
        key = sent.get("key") or self._fresh_key()
        if known and data == known.data:
            return key, False
        data |= {"key": key, "version": version}
        self.collections[key] = Stored(version, data)
        self.deleted = [gone for gone in self.deleted if gone[1:] != ("collections", key)]
        return key, True

    def erase(self, kind: str, key: str) -> None:
        version = self.bump()
        if kind == "items":
            del self.items[key]
            for child in [k for k, item in self.items.items() if item.data.get("parentItem") == key]:
                del self.items[child]
                self.deleted.append((version, "items", child))
        else:
            del self.collections[key]
            for child in [k for k, c in self.collections.items() if c.data["parentCollection"] == key]:
                self.erase("collections", child)
            # deleting a collection does not bump its items
            for item in self.items.values():
                held = item.data.get("collections", [])
                item.data["collections"] = [name for name in held if name != key]
        self.deleted.append((version, kind, key))

    def _precondition(
        self, sent: Mapping[str, Any], shelf: Mapping[str, Stored], thing: str, noun: str, precondition: bool
    ) -> Stored | None:
        key = sent.get("key")
        if key is None:
            return None
        if not isinstance(key, str) or not KEY.fullmatch(key):
            raise Refused(400, f"'{key}' is not a valid {noun} key")
        known = shelf.get(key)
        version = sent.get("version")
        if version is None:
            if not precondition:
                raise Refused(
                    428,
                    "Either If-Unmodified-Since-Version or 'version' property must be provided "
                    "for 'key'-based writes",
                )
            return known
        if known is None and version != 0:
            raise Refused(404, f"{thing} doesn't exist (expected version {version}; use 0 instead)")
        if known is not None and version != known.version:
            raise Refused(
                412,
                f"{thing} has been modified since specified version "
                f"(expected {version}, found {known.version})",
            )
        return known

    def _check(self, sent: Mapping[str, Any], item_type: str) -> None:
        if str(sent.get("dateAdded", "")) > "2026-11-24":
            raise Refused(400, "'dateAdded' cannot be in the future")
        valid = set(fields_of(item_type, self.lacking))
        every = set(all_fields())
        for name, value in sent.items():
            if name in _PROPERTIES:
                continue
            if name not in every:
                raise Refused(400, f"Invalid property '{name}'")
            if name not in valid and value:
                raise Refused(400, f"'{name}' is not a valid field for type '{item_type}'")
            if len(str(value).encode()) > MAX_FIELD_BYTES:
                raise Refused(413, f"Field value '{str(value)[:50]}…' too long")
        if "note" in sent and item_type not in ("note", "attachment"):
            raise Refused(400, "'note' property is valid only for note and attachment items")
        for creator in sent.get("creators", []):
            _check_creator(creator, item_type)
        for tag in sent.get("tags", []):
            if not isinstance(tag, dict):
                raise Refused(400, "Tag must be an object")
            if set(tag) - {"tag", "type"}:
                raise Refused(400, f"Invalid tag property '{(set(tag) - {'tag', 'type'}).pop()}'")
            if len(tag["tag"]) > MAX_NAME:
                raise Refused(413, f"Tag '{tag['tag'][:50]}…' is too long")
        for key in sent.get("collections", []):
            if key not in self.collections:
                raise Refused(409, f"Collection {key} not found", {"collection": key})
        parent = sent.get("parentItem")
        if parent and parent not in self.items:
            raise Refused(409, f"Parent item {self.id}/{parent} not found", {"parentItem": parent})

    def _blank(self, item_type: str) -> dict[str, Any]:
        data: dict[str, Any] = {"itemType": item_type}
        if item_type == "note":
            return data | {"note": "", "tags": [], "collections": [], "relations": {}}
        data |= dict.fromkeys(fields_of(item_type, self.lacking), "")
        return data | {"creators": [], "tags": [], "collections": [], "relations": {}}

    def _retyped(self, old: Mapping[str, Any], item_type: str) -> dict[str, Any]:
        """A changed type moves what has a common base field (repository → publisher); the rest is dropped."""
        if old["itemType"] == item_type:
            return {**old, "tags": list(old["tags"]), "collections": list(old["collections"])}
        bases = _BASE.get(old["itemType"], {})
        by_base = {
            _BASE.get(item_type, {}).get(name, name): name for name in fields_of(item_type, self.lacking)
        }
        data = self._blank(item_type)
        for name, value in old.items():
            target = by_base.get(bases.get(name, name))
            if name in data and name not in bases:
                target = name
            if target is not None and value and name != "itemType":
                data[target] = value
        for name in (
            "creators",
            "tags",
            "collections",
            "relations",
            "dateAdded",
            "deleted",
            "key",
            "version",
        ):
            if name in old:
                data[name] = old[name]
        return data

    def _fresh_key(self) -> str:
        self.clock += 1
        letters = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"
        number, key = self.clock * 7_919 + 12_345, ""
        for _ in range(8):
            number, digit = divmod(number, len(letters))
            key += letters[digit]
        return key

    # -- reading -------------------------------------------------------------------------------------------

    def visible(self, *, trashed: bool, since: int = 0, notes: bool = True) -> list[Stored]:
        """Newest change first. A trashed item's children are listed as before (read in the server's code)."""
        found = [
            item
            for item in self.items.values()
            if item.version > since
            and (trashed or not item.data.get("deleted"))
            and (notes or item.data["itemType"] != "note")
        ]
        return sorted(found, key=lambda item: (item.data["dateModified"], item.data["key"]), reverse=True)

    def as_json(self, stored: Stored, kind: str = "items") -> dict[str, Any]:
        data = stored.data
        meta: dict[str, Any] = {}
        if kind == "items":
            date = parsed_date(data.get("date", ""))
            meta = {"numChildren": 0} | ({"parsedDate": date} if date else {})
        return {
            "key": data["key"],
            "version": stored.version,
            "library": {"type": self.kind, "id": self.id, "name": "double", "links": {}},
            "links": {},
            "meta": meta,
            "data": {**data, "version": stored.version},
        }

    def deletions(self, since: int) -> dict[str, Iterable[str]]:
        gone: dict[str, Any] = {name: [] for name in ("collections", "items", "searches", "tags", "settings")}
        for version, kind, key in self.deleted:
            if version > since:
                gone[kind].append(key)
        return gone


def parsed_date(text: str) -> str | None:
    if match := re.match(r"(\d{4})(-\d{2})?(-\d{2})?", text):
        return match[0]
    if match := re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", text):
        return f"{match[3]}-{match[1]}-{match[2]}"
    match = re.search(r"\b(1[89]|20)\d{2}\b", text)
    return match[0] if match else None


_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def _clean(value: Any) -> Any:
    """What the server keeps of a text (read in its code): control characters go without a trace, then spaces
    and invisible characters of any kind at either end."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    text = _CONTROLS.sub("", value)
    while text and unicodedata.category(text[0])[0] in "ZC":
        text = text[1:]
    while text and unicodedata.category(text[-1])[0] in "ZC":
        text = text[:-1]
    return text


def _creator(sent: Mapping[str, str]) -> dict[str, str]:
    return {name: _clean(value) for name, value in sent.items()}


def _check_creator(creator: Any, item_type: str) -> None:
    if not isinstance(creator, dict) or "creatorType" not in creator:
        raise Refused(400, "creator object must contain 'creatorType'")
    kind = creator["creatorType"]
    if kind != "author" and kind not in creator_types_of(item_type):
        raise Refused(400, f"'{kind}' is not a valid creator type for item type '{item_type}'")
    names = {name for name in ("name", "firstName", "lastName") if name in creator}
    if not any(str(creator.get(name, "")).strip() for name in names):
        raise Refused(400, "creator object must contain 'firstName'/'lastName' or 'name'")
    if "name" in names and len(names) > 1:
        raise Refused(400, "'firstName' and 'name' creator fields are mutually exclusive")
    if "firstName" in names and "lastName" not in names:
        raise Refused(400, "'lastName' creator field must be set if 'firstName' is set")
    if "lastName" in names and "firstName" not in names:
        raise Refused(400, "'firstName' creator field must be set if 'lastName' is set")
    if unknown := set(creator) - {"name", "firstName", "lastName", "creatorType"}:
        raise Refused(400, f"Invalid creator property '{unknown.pop()}'")
    for name in names:
        if len(creator[name]) > MAX_NAME:
            raise Refused(413, f"Creator name '{creator[name][:50]}…' is too long")


def _comparable(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: sorted(value) if name == "collections" else value
        for name, value in data.items()
        if name not in ("version", "dateModified", "dateAdded")
    }
