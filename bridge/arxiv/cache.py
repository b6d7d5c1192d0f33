"""Answers of arXiv kept between runs: entries by id and version, and which ids do not exist.

arXiv's terms ask for it (its metadata changes at most once a day). The cache may vanish at any time and is
never in the way: what goes wrong with it is reported once and the run goes on without.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import fields
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from bridge.errors import Place, Problem
from bridge.identifiers import ArxivId, InvalidId, parse_arxiv_id
from bridge.normalise import Entry, Report
from bridge.patience import Clock
from bridge.places import file_name

T = TypeVar("T")

HOUR = 3600.0
DAY = 24 * HOUR
LATEST_LASTS = DAY
"""How long the answer "this is the latest version" holds, and "there is no such paper"."""
PINNED_LASTS = 7 * DAY
"""How long a named version holds whose DOI and journal reference may still come, without a new version."""
SETTLED_LASTS = 30 * DAY
"""How long a named version holds that has a DOI or journal reference."""

MOST_BYTES = 256 << 20
_BUSY_SECONDS = 20.0
# pages that are no database, or a database with torn pages: nothing in it can be trusted
_BROKEN = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
# The version of the tables below together with the shape of what they hold: another shape is another cache.
_TABLES = """
CREATE TABLE entries (id TEXT, version INTEGER, body BLOB NOT NULL, stored REAL NOT NULL,
                      PRIMARY KEY (id, version));
CREATE INDEX entries_by_age ON entries (stored);
CREATE TABLE latest (id TEXT PRIMARY KEY, version INTEGER NOT NULL, stored REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE unknown (id TEXT, version INTEGER, stored REAL NOT NULL,
                      PRIMARY KEY (id, version)) WITHOUT ROWID;
CREATE TABLE listings (name TEXT PRIMARY KEY, ids TEXT NOT NULL, stored REAL NOT NULL) WITHOUT ROWID;
"""
_FIELDS = {field.name: field.type for field in fields(Entry)}
_SCHEMA = zlib.crc32(f"{_TABLES}{_FIELDS}".encode()) & 0x7FFFFFFF


class Cache:
    """The cache of one service's answers in a folder.

    With `any_age` nothing is too old (`--offline`); with `read` false nothing is found, and what arrives is
    stored all the same (`--no-cache`: else the next run would go back to what this one has replaced).

    Several processes may use it at once. Use as a context manager, or `close()`.
    """

    def __init__(
        self,
        folder: Path,
        service: str,
        clock: Clock,
        report: Report,
        *,
        read: bool = True,
        any_age: bool = False,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._folder = folder
        self._path = folder / f"{file_name(service)}.sqlite"
        self._clock = clock
        self._report = report
        self._read = read
        self._any_age = any_age
        self._most_bytes = most_bytes
        self._database: sqlite3.Connection | None = None
        self._given_up = False

    def find(self, asked: Iterable[ArxivId]) -> dict[ArxivId, Entry]:
        """The entries of those ids that are here and fresh enough."""
        if not self._read:
            return {}
        return self._with(lambda database: dict(self._entries(database, asked)), {})

    def unknown(self, asked: Iterable[ArxivId]) -> set[ArxivId]:
        """Those ids of which arXiv said within the last day that it does not have them."""
        if not self._read:
            return set()
        oldest = self._clock.wall() - LATEST_LASTS

        def look(database: sqlite3.Connection) -> set[ArxivId]:
            query = "SELECT 1 FROM unknown WHERE id = ? AND version = ? AND stored > ?"
            return {one for one in asked if database.execute(query, (*_key(one), oldest)).fetchone()}

        return self._with(look, set())

    def store(self, found: Mapping[ArxivId, Entry], unknown: Iterable[ArxivId] = ()) -> None:
        """Keep answers: the entry that came for each id (it names its version), and the ids without one."""
        now = self._clock.wall()
        rows = [(asked, _version(entry), _dump(entry)) for asked, entry in found.items()]

        def write(database: sqlite3.Connection) -> None:
            with database:
                for asked, version, body in rows:
                    if version is None:
                        continue
                    database.execute(
                        "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)", (asked.id, version, body, now)
                    )
                    database.execute("DELETE FROM unknown WHERE id = ? AND version = ?", _key(asked))
                    if asked.version is None:
                        database.execute(
                            "INSERT OR REPLACE INTO latest VALUES (?, ?, ?)", (asked.id, version, now)
                        )
                database.executemany(
                    "INSERT OR REPLACE INTO unknown VALUES (?, ?, ?)", [(*_key(one), now) for one in unknown]
                )
            self._shrink(database)

        self._with(write, None)

    def listing(self, name: str, lasts: float) -> tuple[ArxivId, ...] | None:
        """The ids (with versions) that a query or daily list gave, in order; None if it must be asked."""
        if not self._read:
            return None
        oldest = self._oldest(lasts)

        def look(database: sqlite3.Connection) -> tuple[ArxivId, ...] | None:
            row = database.execute(
                "SELECT ids FROM listings WHERE name = ? AND stored > ?", (name, oldest)
            ).fetchone()
            return None if row is None else tuple(parse_arxiv_id(text) for text in row[0].split())

        return self._with(look, None)

    def store_listing(self, name: str, ids: Sequence[ArxivId]) -> None:
        row = name, " ".join(map(str, ids)), self._clock.wall()

        def write(database: sqlite3.Connection) -> None:
            with database:
                database.execute("INSERT OR REPLACE INTO listings VALUES (?, ?, ?)", row)
            self._shrink(database)

        self._with(write, None)

    def close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    def _oldest(self, lasts: float) -> float:
        return float("-inf") if self._any_age else self._clock.wall() - lasts

    def _entries(
        self, database: sqlite3.Connection, asked: Iterable[ArxivId]
    ) -> Iterator[tuple[ArxivId, Entry]]:
        newest = "SELECT version FROM latest WHERE id = ? AND stored > ?"
        query = "SELECT body, stored FROM entries WHERE id = ? AND version = ?"
        for one in asked:
            version = one.version
            if version is None:
                row = database.execute(newest, (one.id, self._oldest(LATEST_LASTS))).fetchone()
                if row is None:
                    continue
                version = row[0]
            row = database.execute(query, (one.id, version)).fetchone()
            entry = None if row is None else _load(row[0])
            if entry is None:
                continue
            if one.version is None:
                lasts = LATEST_LASTS
            else:
                lasts = SETTLED_LASTS if entry.doi or entry.journal_ref else PINNED_LASTS
            if row[1] > self._oldest(lasts):
                yield one, entry

    def _shrink(self, database: sqlite3.Connection) -> None:
        """Keep to the size: the oldest quarter goes when it is passed (its pages are used again)."""
        size, pages, free = (
            database.execute(f"PRAGMA {what}").fetchone()[0]
            for what in ("page_size", "page_count", "freelist_count")
        )
        if (pages - free) * size <= self._most_bytes:
            return
        with database:
            for table in ("entries", "latest", "unknown", "listings"):
                (count,) = database.execute(f"SELECT count(*) FROM {table}").fetchone()
                quarter = database.execute(
                    f"SELECT stored FROM {table} ORDER BY stored LIMIT 1 OFFSET ?", (count // 4,)
                ).fetchone()
                if quarter is not None:
                    database.execute(f"DELETE FROM {table} WHERE stored <= ?", quarter)

    # -- the file, and what may be the matter with it --

    def _with(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """`work` on the database; a broken one is rebuilt first, and `otherwise` where there is none."""
        for _ in range(2):
            try:
                database = self._open()
                return otherwise if database is None else work(database)
            except sqlite3.DatabaseError as error:
                if getattr(error, "sqlite_errorcode", None) in _BROKEN:
                    self._rebuild(error)
                elif getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                    return otherwise  # another process writes all the time: this answer is not kept
                else:
                    self._do_without(error)
            except OSError as error:
                self._do_without(error)
        return otherwise

    def _open(self) -> sqlite3.Connection | None:
        if self._database is None and not self._given_up:
            self._folder.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(self._path, timeout=_BUSY_SECONDS)
            try:
                database.execute("PRAGMA journal_mode = WAL")
                database.execute("PRAGMA synchronous = NORMAL")
                self._prepare(database)
            except BaseException:
                database.close()
                raise
            self._database = database
        return self._database

    def _prepare(self, database: sqlite3.Connection) -> None:
        if database.execute("PRAGMA user_version").fetchone()[0] == _SCHEMA:
            return
        database.isolation_level = None
        database.execute("BEGIN IMMEDIATE")
        try:
            # another process may have done it meanwhile
            if database.execute("PRAGMA user_version").fetchone()[0] != _SCHEMA:
                tables = database.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
                ).fetchall()
                for (name,) in tables:
                    database.execute(f'DROP TABLE "{name}"')
                for statement in _TABLES.split(";"):
                    database.execute(statement)
                database.execute(f"PRAGMA user_version = {_SCHEMA}")
            database.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                database.execute("ROLLBACK")
            raise
        database.isolation_level = "DEFERRED"

    def _rebuild(self, error: sqlite3.DatabaseError) -> None:
        """Put a fresh file in the place of a broken one, unless another process has done so."""
        self.close()
        try:
            with FileLock(f"{self._path}.lock", timeout=_BUSY_SECONDS):
                if self._is_sound():
                    return
                for ending in ("", "-wal", "-shm"):
                    Path(f"{self._path}{ending}").unlink(missing_ok=True)
        except (OSError, Timeout) as hindrance:
            self._do_without(hindrance)
            return
        self._tell("cache-rebuilt", f"the cache was damaged ({error}) and begins anew")

    def _is_sound(self) -> bool:
        try:
            with closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS)) as database:
                return bool(database.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
        except sqlite3.DatabaseError:
            return False

    def _do_without(self, error: Exception) -> None:
        self.close()
        self._given_up = True
        self._tell(
            "no-cache",
            f"the cache cannot be used ({error}); nothing is remembered",
            "name a folder that can be written with BIBBRIDGE_CACHE_DIR",
        )

    def _tell(self, code: str, detail: str, advice: str | None = None) -> None:
        self._report(Problem(Place(str(self._path)), code, detail, lost=False, advice=advice))


def _key(asked: ArxivId) -> tuple[str, int]:
    """The primary key of an id in `unknown`; version 0 stands for the latest (NULLs are never equal)."""
    return asked.id, asked.version or 0


def _version(entry: Entry) -> int | None:
    try:
        return parse_arxiv_id(entry.id or "").version
    except InvalidId:
        return None


def _dump(entry: Entry) -> bytes:
    # dataclasses.asdict copies every list first and takes three times as long
    values = {name: getattr(entry, name) for name in _FIELDS}
    return zlib.compress(json.dumps(values, separators=(",", ":")).encode("ascii"))


def _load(body: bytes) -> Entry | None:
    """The entry, or None if the bytes are none that `_dump` wrote (then it is simply asked again)."""
    try:
        values = json.loads(zlib.decompress(body))
        values["authors"] = [(name, tuple(affiliations)) for name, affiliations in values["authors"]]
        return Entry(**values)
    except (zlib.error, ValueError, TypeError, KeyError):
        return None
