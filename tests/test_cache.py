"""The answer cache: how long things hold, and everything that can be the matter with its file."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from arxivserver import VirtualClock
from hypothesis import given
from hypothesis import strategies as st

from bridge.arxiv.cache import DAY, Cache, _dump, _load
from bridge.errors import Problem
from bridge.identifiers import ArxivId
from bridge.normalise import Entry

ROOT = Path(__file__).parent.parent
ID = ArxivId("2601.00001")
PINNED = ArxivId("2601.00001", 2)
OTHER = ArxivId("2601.00002")


def entry(version: int = 2, **fields: Any) -> Entry:
    return Entry("export.arxiv.org", f"http://arxiv.org/abs/2601.00001v{version}", title="T", **fields)


class Shelf:
    """A folder, a clock, and what the caches opened there have reported."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = VirtualClock()
        self.problems: list[Problem] = []
        self._open: list[Cache] = []

    @property
    def path(self) -> Path:
        return self.folder / "arxiv.sqlite"

    def cache(self, **also: Any) -> Cache:
        cache = Cache(self.folder, "arXiv", self.clock, self.problems.append, **also)
        self._open.append(cache)
        return cache

    def close(self) -> None:
        for cache in self._open:
            cache.close()

    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self.problems]


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path / "cache")
    yield shelf
    shelf.close()


def test_what_is_stored_is_found_by_the_next(shelf: Shelf) -> None:
    full = entry(
        summary="S",
        comment="é ñ 漢",
        doi="10.1000/x",
        categories=["cs.DC"],
        authors=[("A", ("X", "Y")), ("B", ())],
    )
    shelf.cache().store({ID: full})
    assert shelf.cache().find([OTHER, ID, PINNED]) == {ID: full, PINNED: full}


def test_a_pinned_answer_does_not_say_what_is_the_latest(shelf: Shelf) -> None:
    cache = shelf.cache()
    cache.store({PINNED: entry()})
    assert cache.find([PINNED]) == {PINNED: entry()}
    assert cache.find([ID]) == {}


def test_versions_are_kept_apart(shelf: Shelf) -> None:
    cache = shelf.cache()
    cache.store({ID: entry(3), ArxivId(ID.id, 1): entry(1)})
    assert {one.version: found.id for one, found in cache.find([ID, PINNED, ArxivId(ID.id, 1)]).items()} == {
        None: "http://arxiv.org/abs/2601.00001v3",
        1: "http://arxiv.org/abs/2601.00001v1",
    }


@pytest.mark.parametrize(
    ("asked", "fields", "holds", "gone"),
    [
        (ID, {}, 0.99 * DAY, 1.01 * DAY),
        (ID, {"doi": "10.1000/x"}, 0.99 * DAY, 1.01 * DAY),
        (PINNED, {}, 6.9 * DAY, 7.1 * DAY),
        (PINNED, {"doi": "10.1000/x"}, 29 * DAY, 31 * DAY),
        (PINNED, {"journal_ref": "J. 1"}, 29 * DAY, 31 * DAY),
    ],
)
def test_how_long_answers_hold(
    shelf: Shelf, asked: ArxivId, fields: dict[str, str], holds: float, gone: float
) -> None:
    cache = shelf.cache()
    cache.store({ID: entry(**fields)})
    shelf.clock.now += holds
    assert asked in cache.find([asked])
    shelf.clock.now += gone - holds
    assert cache.find([asked]) == {}
    # nothing is too old for who cannot ask
    assert asked in shelf.cache(any_age=True).find([asked])


def test_unknown_ids_are_remembered_for_a_day(shelf: Shelf) -> None:
    cache = shelf.cache()
    cache.store({}, [ID, ArxivId("2601.00002", 9)])
    assert cache.unknown([ID, PINNED, OTHER, ArxivId("2601.00002", 9)]) == {ID, ArxivId("2601.00002", 9)}
    shelf.clock.now += 1.01 * DAY
    assert cache.unknown([ID]) == set()


def test_a_paper_that_appears_is_no_longer_unknown(shelf: Shelf) -> None:
    cache = shelf.cache()
    cache.store({}, [ID])
    cache.store({ID: entry()})
    assert cache.unknown([ID]) == set()


def test_who_does_not_read_still_writes(shelf: Shelf) -> None:
    shelf.cache().store({ID: entry(2)}, [OTHER])
    shelf.cache().store_listing("x", [ID])
    blind = shelf.cache(read=False)
    assert (blind.find([ID]), blind.unknown([OTHER]), blind.listing("x", DAY)) == ({}, set(), None)
    blind.store({ID: entry(3)})
    assert shelf.cache().find([ID]) == {ID: entry(3)}


def test_listings(shelf: Shelf) -> None:
    cache = shelf.cache()
    cache.store_listing("query a", [PINNED, OTHER])
    cache.store_listing("query b", [])
    assert cache.listing("query a", DAY) == (PINNED, OTHER)
    assert cache.listing("query b", DAY) == ()
    assert cache.listing("query c", DAY) is None
    shelf.clock.now += 1.01 * DAY
    assert cache.listing("query a", DAY) is None


def test_services_have_caches_of_their_own(shelf: Shelf) -> None:
    shelf.cache().store({ID: entry()})
    with closing(Cache(shelf.folder, "127.0.0.1:8000", shelf.clock, shelf.problems.append)) as mirror:
        assert mirror.find([ID]) == {}
        mirror.store({ID: entry(1)})
    assert shelf.cache().find([ID]) == {ID: entry(2)}


def test_an_entry_without_a_version_is_not_kept(shelf: Shelf) -> None:
    cache = shelf.cache()
    cache.store({ID: Entry("x", "http://arxiv.org/abs/2601.00001"), OTHER: Entry("x", "what")})
    assert cache.find([ID, OTHER]) == {}


texts = st.one_of(st.none(), st.text())


@given(
    title=texts,
    comment=texts,
    categories=st.lists(st.text()),
    authors=st.lists(st.tuples(st.text(), st.lists(st.text()).map(tuple))),
    line=st.one_of(st.none(), st.integers(1, 10**6)),
)
def test_any_entry_comes_back_as_it_was(
    title: str | None,
    comment: str | None,
    categories: list[str],
    authors: list[tuple[str, tuple[str, ...]]],
    line: int | None,
) -> None:
    one = Entry("x", "y", title, comment=comment, categories=categories, authors=authors, line=line)
    assert _load(_dump(one)) == one


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"authors": 3}', '{"authors": [], "colour": 1}', "x"]
)
def test_a_row_that_is_no_entry_is_asked_again(text: str) -> None:
    assert _load(text.encode()) is None
    assert _load(zlib.compress(text.encode())) is None


# -- what can be the matter with the file --


def damage_header(path: Path) -> None:
    path.write_bytes(b"this is no database" * 100)


def damage_pages(path: Path) -> None:
    content = bytearray(path.read_bytes())
    # the header stays, every page behind it is noise
    content[100:] = os.urandom(len(content) - 100)
    path.write_bytes(content)


def cut_off(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2 + 7])


@pytest.mark.parametrize("damage", [damage_header, damage_pages, cut_off])
def test_a_damaged_file_is_rebuilt_with_a_notice(shelf: Shelf, damage: Any) -> None:
    cache = shelf.cache()
    cache.store({ArxivId(f"2601.{n:05d}"): entry(summary=os.urandom(600).hex()) for n in range(1, 300)})
    cache.close()
    damage(shelf.path)
    for ending in ("-wal", "-shm"):
        Path(f"{shelf.path}{ending}").unlink(missing_ok=True)
    again = shelf.cache()
    again.find([ID])
    again.store({ID: entry()})
    assert again.find([ID]) == {ID: entry()}
    assert shelf.codes == ["cache-rebuilt"]
    assert not shelf.problems[0].lost
    assert shelf.cache().find([ID]) == {ID: entry()}
    assert len(shelf.problems) == 1


def test_an_empty_file_is_a_new_cache(shelf: Shelf) -> None:
    shelf.folder.mkdir()
    shelf.path.write_bytes(b"")
    cache = shelf.cache()
    cache.store({ID: entry()})
    assert cache.find([ID]) == {ID: entry()}
    assert shelf.codes == []


def test_another_schema_is_another_cache(shelf: Shelf) -> None:
    shelf.folder.mkdir()
    with closing(sqlite3.connect(shelf.path)) as database:
        database.execute("CREATE TABLE entries (what TEXT)")
        database.execute("CREATE TABLE older (a INTEGER PRIMARY KEY AUTOINCREMENT)")
        database.execute("INSERT INTO older VALUES (1)")
        database.execute("PRAGMA user_version = 1")
        database.commit()
    cache = shelf.cache()
    assert cache.find([ID]) == {}
    cache.store({ID: entry()})
    assert shelf.cache().find([ID]) == {ID: entry()}
    assert shelf.codes == []


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    shelf = Shelf(tmp_path / "file" / "cache")
    cache = shelf.cache()
    cache.store({ID: entry()}, [OTHER])
    assert cache.find([ID]) == {}
    assert cache.unknown([OTHER]) == set()
    assert cache.listing("x", DAY) is None
    # said once
    assert shelf.codes == ["no-cache"]


def test_a_folder_in_the_place_of_the_file(shelf: Shelf) -> None:
    shelf.path.mkdir(parents=True)
    cache = shelf.cache()
    cache.store({ID: entry()})
    assert cache.find([ID]) == {}
    assert shelf.codes == ["no-cache"]


def test_another_process_that_writes_all_the_time_costs_nothing(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.arxiv.cache._BUSY_SECONDS", 0.01)
    shelf.cache().store({ID: entry(2)})
    with closing(sqlite3.connect(shelf.path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        cache = shelf.cache()
        cache.store({ID: entry(3)})
        assert cache.find([ID]) == {ID: entry(2)}
        writer.execute("ROLLBACK")
        cache.store({ID: entry(3)})
        assert cache.find([ID]) == {ID: entry(3)}
    assert shelf.codes == []


def test_the_size_is_bounded_and_the_oldest_go(shelf: Shelf) -> None:
    most = 300_000
    noise = random.Random(1)
    cache = shelf.cache(most_bytes=most)
    for batch in range(30):
        shelf.clock.now += 60
        cache.store(
            {
                ArxivId(f"2601.{1 + batch * 20 + n:05d}"): Entry(
                    "x", f"2601.{1 + batch * 20 + n:05d}v1", summary=noise.randbytes(600).hex()
                )
                for n in range(20)
            }
        )
    cache.close()
    kept = shelf.cache().find(ArxivId(f"2601.{n:05d}") for n in range(1, 601))
    assert 100 < len(kept) < 400
    assert ArxivId("2601.00600") in kept
    assert ArxivId("2601.00001") not in kept
    assert shelf.path.stat().st_size < 2 * most


WRITING = """
import sys
from pathlib import Path
from bridge.arxiv.cache import Cache
from bridge.identifiers import ArxivId
from bridge.normalise import Entry
from bridge.patience import SystemClock

folder, first = Path(sys.argv[1]), int(sys.argv[2])
cache = Cache(folder, "arXiv", SystemClock(), lambda problem: print(problem))
for n in range(first, first + 20):
    one = ArxivId(f"2601.{n:05d}")
    cache.store({one: Entry("x", f"{one}v1", title=str(n))})
    assert cache.find([one])
cache.close()
"""


def test_processes_may_write_side_by_side(tmp_path: Path) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WRITING, str(tmp_path), first],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for first in ("1", "101", "201")
    ]
    assert [process.communicate()[0] for process in running] == ["", "", ""]
    assert [process.returncode for process in running] == [0, 0, 0]
    shelf = Shelf(tmp_path)
    ids = [ArxivId(f"2601.{first + n:05d}") for first in (1, 101, 201) for n in range(20)]
    assert len(shelf.cache(any_age=True).find(ids)) == 60
    shelf.close()
