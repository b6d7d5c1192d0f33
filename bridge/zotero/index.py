"""What a library holds, kept in the cache folder: read in full once, then only what changed since.

A library has a version that grows with every change to it. The index is complete up to one version; a refresh
asks for the keys changed since (one request, whatever their number), reads those items, and learns what was
deleted. Our own writes are entered from their reports, so that the next run need not read them again.
"""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bridge.places import cache_dir
from bridge.progress import Progress, Silent
from bridge.zotero import extra as extra_lines
from bridge.zotero.items import Json, is_comment_note
from bridge.zotero.library import MOST_OBJECTS, PAGE, Deletions, Library, Report
from bridge.zotero.recognise import identify, is_work

FORMAT = 2
LOCK_SECONDS = 60.0
"""How long a process is waited for that holds the file; it does so while it writes, never while it asks."""
_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE items (key TEXT PRIMARY KEY, version INTEGER NOT NULL, parent TEXT, note INTEGER NOT NULL,
                    citation_key TEXT, data BLOB) WITHOUT ROWID;
CREATE INDEX items_parent ON items (parent) WHERE parent IS NOT NULL;
CREATE TABLE names (kind TEXT NOT NULL, value TEXT NOT NULL, key TEXT NOT NULL,
                    PRIMARY KEY (kind, value, key)) WITHOUT ROWID;
CREATE INDEX names_key ON names (key);
CREATE TABLE collections (key TEXT PRIMARY KEY, version INTEGER NOT NULL, data BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE deleted (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE schema (item_type TEXT PRIMARY KEY, fields TEXT NOT NULL) WITHOUT ROWID;
"""
WRITTEN_TYPES = ("preprint", "conferencePaper", "journalArticle", "bookSection", "thesis", "report")
"""The types that a push writes; their fields are asked for with the first full reading."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """An item as it stood at `version`. `data` is the API's, trashed items carry `deleted`."""

    key: str
    version: int
    data: Json

    @property
    def trashed(self) -> bool:
        return bool(self.data.get("deleted"))


def index_path(library: Library) -> Path:
    """One file a library and server; a key that may not see notes has its own, which lacks them."""
    place = urlsplit(library.endpoint)
    sight = "" if library.may_write_notes else "-without-notes"
    name = re.sub(r"[^\w.-]+", "-", f"{place.hostname}-{place.port or ''}-{library.target}{sight}")
    return cache_dir() / "zotero" / f"{name}.sqlite"


class Index:
    """The index of one library. `path` None keeps it in memory, for this run only.

    Safe for parallel processes: what was read later never gives way to what was read before. A damaged file
    is thrown away and read anew.
    """

    def __init__(self, path: Path | None, progress: Progress | None = None) -> None:
        self._progress: Progress = progress or Silent()
        self._path = path
        self._db = self._open()
        self._written: set[int] = set()
        self._seen_version = 0

    def close(self) -> None:
        self._db.close()

    # -- looking up ----------------------------------------------------------------------------------------

    @property
    def version(self) -> int:
        """The library version up to which nothing is missing; 0 before the first reading."""
        return int(self._meta("version") or 0)

    def get(self, key: str) -> Indexed | None:
        row = self._db.execute("SELECT version, data FROM items WHERE key = ?", (key,)).fetchone()
        return Indexed(key, row[0], _unpack(row[1])) if row and row[1] is not None else None

    def named(self, kind: str, value: str) -> list[str]:
        """The keys of the works that name an identifier: kind "arxiv" or "doi"."""
        rows = self._db.execute(
            "SELECT key FROM names WHERE kind = ? AND value = ? ORDER BY key", (kind, value)
        )
        return [row[0] for row in rows]

    def was_deleted(self, key: str) -> bool:
        return self._db.execute("SELECT 1 FROM deleted WHERE key = ?", (key,)).fetchone() is not None

    def comment_note(self, parent: str) -> Indexed | None:
        """The child note that holds an arXiv comment; one outside the trash first."""
        rows = self._db.execute(
            "SELECT key, version, data FROM items WHERE parent = ? AND note = 1 ORDER BY key", (parent,)
        )
        notes = [Indexed(key, version, _unpack(data)) for key, version, data in rows]
        return min(notes, key=lambda note: note.trashed, default=None)

    def citation_keys(self) -> dict[str, str]:
        """The citation keys in use, lower-cased: key → item."""
        rows = self._db.execute("SELECT citation_key, key FROM items WHERE citation_key IS NOT NULL")
        return {row[0].lower(): row[1] for row in rows}

    def collections(self) -> dict[str, Json]:
        """The collections outside the trash."""
        return {key: data for key, data in self._all_collections() if not data.get("deleted")}

    def trashed_collections(self) -> frozenset[str]:
        return frozenset(key for key, data in self._all_collections() if data.get("deleted"))

    def _all_collections(self) -> Iterator[tuple[str, Json]]:
        for key, data in self._db.execute("SELECT key, data FROM collections"):
            yield key, _unpack(data)

    # -- keeping up ----------------------------------------------------------------------------------------

    def refresh(self, library: Library) -> None:
        """Learn what changed since the last time: one request when nothing did. Raises RemoteError."""
        since = self.version
        changed, now = library.versions_since(since)
        if now < since:
            # the library is not the one it was (restored, or another server under this name)
            self._empty()
            since = 0
            changed, now = library.versions_since(0)
        self._check_schema(library.schema_version)
        if since and now == since:
            return
        self._read(library, changed, since)
        # all questions before the next write: another process waits while this one holds the file
        gone = self._deletions(library, since, changed)
        collections = library.collections(since)
        if since == 0:
            for item_type in WRITTEN_TYPES:
                self.item_fields(library, item_type)
        # both changed and deleted: deleted since the first question, or made anew
        doubtful = sorted(gone.items & set(changed))
        again = [
            one
            for at in range(0, len(doubtful), MOST_OBJECTS)
            for one in library.items(doubtful[at : at + MOST_OBJECTS])
        ]
        self._db.executemany("DELETE FROM deleted WHERE key = ?", ((key,) for key in changed))
        self._put_all(again)
        self._forget(gone.items - {one["key"] for one in again})
        self._db.executemany("DELETE FROM collections WHERE key = ?", ((key,) for key in gone.collections))
        for one in collections:
            self.put_collection(one)
        self._set_meta("version", str(max(now, self.version)))
        self._db.commit()

    def read_again(
        self, library: Library, keys: Sequence[str], existed: Collection[str] = frozenset()
    ) -> None:
        """Bring single items up to date; one that is gone is forgotten (and remembered as deleted).

        What was never known is not gone, unless it `existed` a moment ago: its creation failed for some other
        reason.
        """
        for at in range(0, len(keys), MOST_OBJECTS):
            asked = list(keys[at : at + MOST_OBJECTS])
            got = library.items(asked)
            self._put_all(got)
            missing = set(asked) - {one["key"] for one in got}
            self._forget({key for key in missing if key in existed or self.get(key) is not None})
        self._db.commit()

    def enter(self, report: Report) -> None:
        """Take over what a write of ours made of the items."""
        known = [one for one in report.saved.values() if one.get("data", {}).get("itemType")]
        self._put_all(known)
        self._written |= {int(one["version"]) for one in known}
        self._seen_version = max(self._seen_version, report.version or 0)
        self._db.commit()

    def enter_collections(self, report: Report) -> None:
        for one in report.saved.values():
            if one.get("data", {}).get("name"):
                self.put_collection(one)
                self._written.add(int(one["version"]))
        self._seen_version = max(self._seen_version, report.version or 0)
        self._db.commit()

    def settle(self, library: Library) -> None:
        """After writing: where every version since the last reading is one of our own writes, nobody else
        changed anything and the index is complete; otherwise read what the others did."""
        version = self.version
        while version + 1 in self._written:
            version += 1
        self._set_meta("version", str(version))
        self._db.commit()
        if self._seen_version > version:
            self.refresh(library)

    def item_fields(self, library: Library, item_type: str) -> frozenset[str]:
        """The fields that the library's server gives a type, asked once a schema version."""
        row = self._db.execute("SELECT fields FROM schema WHERE item_type = ?", (item_type,)).fetchone()
        if row is None:
            fields = library.item_fields(item_type)
            self._db.execute(
                "INSERT OR REPLACE INTO schema VALUES (?, ?)", (item_type, " ".join(sorted(fields)))
            )
            self._db.commit()
            return fields
        return frozenset(row[0].split())

    def put_collection(self, one: Json) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO collections VALUES (?, ?, ?)",
            (one["key"], one["version"], _pack(one["data"])),
        )

    def forget_collection(self, key: str) -> None:
        self._db.execute("DELETE FROM collections WHERE key = ?", (key,))
        self._db.commit()

    def _read(self, library: Library, changed: Mapping[str, int], since: int) -> None:
        stored = dict(self._db.execute("SELECT key, version FROM items"))
        needed = {key for key, version in changed.items() if stored.get(key) != version}
        total = len(needed)
        if -(-len(changed) // PAGE) < -(-len(needed) // MOST_OBJECTS):
            # a page holds twice what a read by key does; who edits meanwhile only shifts the pages
            start = 0
            while needed and start < len(changed):
                page = library.items_page(since, start)
                if not page:
                    break
                self._put_all(page)
                self._db.commit()
                needed -= {one["key"] for one in page}
                start += len(page)
                self._progress.update(total - len(needed), total, "items of the Zotero library read")
        left = sorted(needed)
        for at in range(0, len(left), MOST_OBJECTS):
            self._put_all(library.items(left[at : at + MOST_OBJECTS]))
            self._db.commit()

    def _deletions(self, library: Library, since: int, changed: Mapping[str, int]) -> Deletions:
        found = library.deletions(since)
        if found is not None:
            return found
        # a service that keeps no list of deletions: what it does not have any more was deleted
        there = changed if since == 0 else library.versions_since(0)[0]
        stored = frozenset(row[0] for row in self._db.execute("SELECT key FROM items"))
        known = {key for key, _ in self._all_collections()}
        shelves = {one["key"] for one in library.collections()} if since else known
        return Deletions(stored - set(there), frozenset(known - shelves))

    def _forget(self, keys: Collection[str]) -> None:
        rows = [(key,) for key in keys]
        self._db.executemany("DELETE FROM items WHERE key = ?", rows)
        self._db.executemany("DELETE FROM names WHERE key = ?", rows)
        self._db.executemany("INSERT OR IGNORE INTO deleted VALUES (?)", rows)

    def _put_all(self, items: Iterable[Json]) -> None:
        for one in items:
            self._put(one)

    def _put(self, one: Json) -> None:
        key, version, data = one["key"], int(one["version"]), one["data"]
        known = self._db.execute("SELECT version FROM items WHERE key = ?", (key,)).fetchone()
        if known and known[0] > version:
            return
        is_note = data.get("itemType") == "note"
        kept = data if is_work(data) or is_note else None
        if kept is not None and (parsed := one.get("meta", {}).get("parsedDate")):
            kept = {**kept, "parsedDate": parsed}
        note = is_note and is_comment_note(data.get("note", ""))
        citation_key = data.get("citationKey") or extra_lines.read_line(
            data.get("extra", ""), extra_lines.CITATION_KEY
        )
        self._db.execute(
            "INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?, ?, ?)",
            (key, version, data.get("parentItem"), note, citation_key, _pack(kept) if kept else None),
        )
        self._db.execute("DELETE FROM deleted WHERE key = ?", (key,))
        self._db.execute("DELETE FROM names WHERE key = ?", (key,))
        if is_work(data):
            named = identify(data)
            pairs = [("arxiv", named.arxiv_id), ("doi", named.doi)]
            self._db.executemany(
                "INSERT INTO names VALUES (?, ?, ?)", [(kind, value, key) for kind, value in pairs if value]
            )

    # -- the file ------------------------------------------------------------------------------------------

    def start_over(self) -> None:
        """Throw the file away and begin anew: it is a cache, what it held can be read again."""
        self._db.close()
        if self._path is not None:
            with contextlib.suppress(OSError):
                self._path.unlink()
        self._written.clear()
        self._db = self._open()

    def do_without(self) -> None:
        """Leave the file alone and begin anew in memory."""
        self._db.close()
        self._path = None
        self._written.clear()
        self._db = self._open()

    def _open(self) -> sqlite3.Connection:
        for _ in range(2 if self._path is not None else 0):
            assert self._path is not None
            db: sqlite3.Connection | None = None
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                db = sqlite3.connect(self._path, timeout=LOCK_SECONDS)
                return self._prepared(db)
            except (OSError, sqlite3.DatabaseError) as error:
                if db is not None:
                    db.close()
                if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
                    # sound, and in use
                    break
                with contextlib.suppress(OSError):
                    self._path.unlink()
        # also where the cache folder cannot be written: then it is for this run only
        return self._prepared(sqlite3.connect(":memory:"))

    def _prepared(self, db: sqlite3.Connection) -> sqlite3.Connection:
        db.execute("PRAGMA synchronous = OFF")
        found = db.execute("PRAGMA user_version").fetchone()[0]
        if found == FORMAT:
            db.execute("SELECT count(*) FROM meta").fetchone()
            return db
        with db:
            db.execute("BEGIN IMMEDIATE")
            if db.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
                for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                    db.execute(f'DROP TABLE "{name}"')
                for statement in filter(str.strip, _SCHEMA.split(";")):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {FORMAT}")
        return db

    def _empty(self) -> None:
        for name in ("items", "names", "collections", "deleted", "schema", "meta"):
            self._db.execute(f"DELETE FROM {name}")
        self._written.clear()

    def _check_schema(self, stated: str) -> None:
        if stated and stated != self._meta("schema"):
            self._db.execute("DELETE FROM schema")
            self._set_meta("schema", stated)
            self._db.commit()

    def _meta(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def _set_meta(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))


def _pack(data: Json) -> bytes:
    return zlib.compress(json.dumps(data, separators=(",", ":")).encode("utf-8", "surrogatepass"), 1)


def _unpack(blob: bytes) -> Json:
    found: Json = json.loads(zlib.decompress(blob))
    return found
