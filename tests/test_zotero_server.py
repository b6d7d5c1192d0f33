"""What the server does besides answering: trims, hides, moves to the trash, changes between two pages."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from test_zotero_target import do, edit, put, the_key, works
from zoterohelp import library, push, record
from zoteroserver import Asked, Fault, ZoteroServer

from bridge.errors import RemoteError, UsageError
from bridge.places import cache_dir, state_dir
from bridge.record import Author
from bridge.zotero.keys import derive
from bridge.zotero.library import chunks
from bridge.zotero.source import pull


@pytest.fixture
def server() -> Iterator[ZoteroServer]:
    with ZoteroServer() as running:
        yield running


# -- texts that the server changes ---------------------------------------------------------------------------

ODD = {
    "zero width at the end": "Graphs\u200b",
    "no-break space at the start": "\u00a0Graphs",
    "byte order mark": "\ufeffGraphs",
    "form feed between words": "Graphs\x0cand trees",
    "carriage return between words": "Graphs\rand trees",
    "bell within a word": "Gra\x07phs",
    "C1 control": "Graphs\x85 and\x9btrees",
    "decomposed": "Ere\u0301nyi graphs",
    "markup": "<i>k</i>-cores & $x<y$",
    "beyond the BMP": "𝔾raphs 🌳",
    "lone surrogate": "Graphs \ud835",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_what_the_server_makes_of_a_text_is_nobodys_edit(
    server: ZoteroServer, text: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    odd = {
        "title": text,
        "abstract": f"{text}.\r\n{text}",
        "credits": (Author(f"{text}", f"{text}"), Author(literal=text)),
        "comment": f"5 pages, {text}",
    }
    assert do(server, record(1, **odd)).created == 1
    assert do(server, record(1, **odd)).unchanged == 1
    assert server.writes() == []
    # another machine, which has no lock, sees no difference either
    monkeypatch.setenv("BIBBRIDGE_STATE_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("BIBBRIDGE_CACHE_DIR", str(tmp_path / "elsewhere"))
    again = do(server, record(1, **odd))
    assert (again.unchanged, again.conflicts) == (1, [])
    assert server.writes() == []
    # and news arrives, for nobody has edited anything
    news = do(server, record(1, **(odd | {"title": "Quite another title"})))
    assert (news.updated, news.conflicts) == (1, [])
    assert works(server.library())[the_key(1)]["title"] == "Quite another title"


def test_words_parted_by_a_control_character_stay_two_words(server: ZoteroServer) -> None:
    do(server, record(1, title="Graphs\rand\x0ctrees"))
    assert works(server.library())[the_key(1)]["title"] == "Graphs and trees"


# -- the trash and what is hidden ----------------------------------------------------------------------------


def trash_collection(server: ZoteroServer, name: str) -> str:
    state = server.library()
    [key] = [key for key, one in state.collections.items() if one.data["name"] == name]
    version = state.collections[key].version
    state.write_collection({"key": key, "version": version, "deleted": True})
    return key


def test_a_collection_in_the_trash_is_told_before_anything_is_written(server: ZoteroServer) -> None:
    do(server, record(1), collections=["Paper X"])
    trash_collection(server, "Paper X")
    with pytest.raises((RemoteError, UsageError)) as caught:
        do(server, record(1), record(2), collections=["Paper X"])
    assert "trash" in str(caught.value)
    assert server.writes() == []
    with pytest.raises(UsageError, match="no collection"):
        pull(library(server.url, server.KEY), ["Paper X"])


def test_an_item_does_not_leave_a_collection_that_lies_in_the_trash(server: ZoteroServer) -> None:
    state = server.library()
    do(server, record(1), collections=["A"])
    mine, _ = state.write_collection({"name": "Mine"})
    edit(state, the_key(1), collections=[*state.items[the_key(1)].data["collections"], mine])
    do(server, record(1), collections=["A"])
    trash_collection(server, "Mine")
    assert do(server, record(1), collections=["B"]).updated == 1
    held = {state.collections[key].data["name"] for key in state.items[the_key(1)].data["collections"]}
    assert held == {"A", "Mine", "B"}


def test_a_key_that_sees_no_notes_leaves_no_gap_for_one_that_does(server: ZoteroServer) -> None:
    state = server.library()
    paper = put(state, title="On the number 3", archiveID="arXiv:2601.00003")
    state.write_item({"itemType": "note", "parentItem": paper, "note": "<p>Comment: 3 pages, 2 figures</p>"})
    push(server.url, server.NO_NOTES, [record(3)])
    push(server.url, server.KEY, [record(3)])
    assert len([one for one in state.items.values() if one.data["itemType"] == "note"]) == 1


# -- pages that shift ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["edit", "delete", "trash"])
def test_a_pull_misses_nothing_that_changes_between_two_pages(server: ZoteroServer, what: str) -> None:
    state = server.library()
    shelf, _ = state.write_collection({"name": "A"})
    keys = [put(state, title=f"Work {n}", collections=[shelf]) for n in range(230)]

    def meanwhile(asked: Asked, number: int) -> None:
        if asked.path.endswith("/items") and asked.query.get("start") == "100":
            server.before = None
            if what == "edit":
                # the oldest goes from the last page to the first, which has been read
                edit(state, keys[0], title="Edited")
            elif what == "trash":
                edit(state, keys[-1], deleted=1)
            else:
                # everything moves up by one, over the edge of a page
                state.erase("items", keys[-1])

    server.before = meanwhile
    titles = {found.title for found in pull(library(server.url, server.KEY), ["A"])}
    expected = {f"Work {n}" for n in range(230)}
    if what == "edit":
        assert titles == expected - {"Work 0"} | {"Edited"}
    else:
        assert titles == expected - {"Work 229"}


# -- who may what --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "spec", "words"),
    [
        ("READ_ONLY", "group:5", "no access to group 5"),
        ("KEY", "user:99", "belongs to user 1"),
    ],
)
def test_a_library_that_the_key_may_not_read_says_so(
    server: ZoteroServer, key: str, spec: str, words: str
) -> None:
    with pytest.raises(RemoteError) as caught:
        push(server.url, getattr(server, key), [record(1)], spec=spec)
    assert words in caught.value.reason
    assert caught.value.status == 403
    assert server.writes() == []


# -- the size of a write -------------------------------------------------------------------------------------


def test_thousands_of_authors_go_in_several_requests() -> None:
    """The real server takes 1.5 ms an author: 50 collaborations of 3,000 would outlast any time-out."""
    many = [{"key": derive("item", str(n)), "creators": [{"name": "x"}] * 3000} for n in range(7)]
    assert [len(part) for part in chunks(many)] == [3, 3, 1]
    few = [{"key": derive("item", str(n)), "creators": [{"name": "x"}] * 20} for n in range(120)]
    assert [len(part) for part in chunks(few)] == [50, 50, 20]


# -- the folders ---------------------------------------------------------------------------------------------


def test_a_state_folder_that_cannot_be_written_is_told_before_anything_is_written(
    server: ZoteroServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    from bridge.errors import InputError

    folder = tmp_path / "state"
    folder.mkdir()
    # a file where the folder of the base should be: nobody can write there, root neither
    (folder / "zotero").write_text("in the way")
    monkeypatch.setenv("BIBBRIDGE_STATE_DIR", str(folder))
    with pytest.raises(InputError):
        do(server, record(1))
    assert server.writes() == []


def test_a_server_on_this_machine_shares_no_base_with_zoteros_own(server: ZoteroServer) -> None:
    from bridge.zotero.target import state_lock_path

    here = library(server.url, server.KEY)
    there = library(server.url, server.KEY)
    there._zotero.endpoint = "https://api.zotero.org"
    assert state_lock_path(here) != state_lock_path(there)
    # a proxy before the same server is no other library
    by_name = library(server.url, server.KEY)
    by_name._zotero.endpoint = "http://localhost:9"
    assert state_lock_path(here) == state_lock_path(by_name)


# -- trouble of the server's own -----------------------------------------------------------------------------


@pytest.mark.parametrize("code", [500, 503])
@pytest.mark.parametrize("noun", ["item", "note"])
def test_an_object_that_fails_for_a_moment_is_not_taken_for_deleted(
    server: ZoteroServer, monkeypatch: pytest.MonkeyPatch, code: int, noun: str
) -> None:
    from zoterostate import LibraryState, Refused

    carry_out = LibraryState.write_item
    failures = []

    def failing(self: LibraryState, sent: Any, precondition: bool = False) -> tuple[str, bool]:
        if (sent.get("itemType") == "note") == (noun == "note") and not failures:
            failures.append(sent)
            raise Refused(code, "An error occurred")
        return carry_out(self, sent, precondition)

    monkeypatch.setattr(LibraryState, "write_item", failing)
    outcome = do(server, record(3), record(4))
    assert failures
    assert (outcome.created, outcome.skipped, outcome.failed) == (2, [], [])
    kinds = sorted(one.data["itemType"] for one in server.library().items.values())
    assert kinds == ["note", "preprint", "preprint"]


def test_a_locked_library_is_waited_for(server: ZoteroServer) -> None:
    do(server, record(1))
    server.forget()
    server.faults[3] = Fault(409)
    outcome = push(server.url, server.KEY, [record(2)])[1]
    assert (outcome.created, outcome.failed) == (1, [])


@pytest.mark.parametrize("name", ["Paper\u200b", "Pa\x07per", "Paper\u00a0", "Re\u0301sume\u0301"])
def test_a_collection_is_found_under_the_name_that_the_server_gave_it(
    server: ZoteroServer, name: str
) -> None:
    do(server, record(1), collections=[name])
    assert do(server, record(1), collections=[name]).unchanged == 1
    assert do(server, record(2), collections=[name]).created == 1
    assert len(server.library().collections) == 1


def test_a_collection_name_that_is_no_text_is_refused(server: ZoteroServer) -> None:
    with pytest.raises(UsageError):
        do(server, record(1), collections=["Paper \udcff"])
    assert server.writes() == []


# -- the double itself, where the client does not look -------------------------------------------------------


def raw(server: ZoteroServer, method: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    with httpx2.Client() as client:
        return client.request(
            method,
            f"{server.url}/users/1{path}",
            json=body,
            headers={"Authorization": f"Bearer {server.KEY}"} | names,
        )


def test_one_object_is_answered_as_observed(server: ZoteroServer) -> None:
    state = server.library()
    assert raw(server, "GET", "/items").headers["last-modified-version"] == "1"
    key = put(state, title="x")
    version = state.items[key].version
    stale = raw(server, "PATCH", f"/items/{key}", {"title": "y"}, If_Unmodified_Since_Version="1")
    assert (stale.status_code, stale.headers["last-modified-version"]) == (412, str(version))
    assert raw(server, "PATCH", f"/items/{key}", {"title": "y"}).status_code == 428
    assert raw(server, "PATCH", f"/items/{key}", {"title": "x", "version": version}).status_code == 204
    assert state.version == version + 1  # although nothing changed
    missing = "/items/ZZZZ2345"
    assert raw(server, "PATCH", missing, {"title": "y"}).status_code == 404
    gone = raw(server, "PATCH", missing, {"title": "y", "version": 7})
    assert gone.status_code == 412
    assert "last-modified-version" not in gone.headers
    assert raw(server, "PUT", "/items", []).headers["allow"]
    assert raw(server, "POST", "/items", {}).text == "Uploaded data must be a JSON array"
    assert raw(server, "GET", "/deleted").status_code == 400
    assert raw(server, "DELETE", f"/items/{key}").status_code == 428
    answer = raw(server, "GET", "/items")
    assert (answer.headers["zotero-schema-version"], answer.headers["total-results"]) == ("41", "1")
    assert "zotero-api-version" not in raw(server, "GET", "/items", Authorization="Bearer x").headers


def test_a_replayed_token_is_refused_unless_the_last_object_failed(server: ZoteroServer) -> None:
    good, bad = {"itemType": "book", "title": "x"}, {"itemType": "paper"}
    token = {"Zotero_Write_Token": "12345"}
    assert set(raw(server, "POST", "/items", [good, bad], **token).json()["failed"]) == {"1"}
    assert raw(server, "POST", "/items", [good, bad], **token).status_code == 200
    assert len(server.library().items) == 2
    assert raw(server, "POST", "/items", [bad, good], **token).status_code == 200
    used = raw(server, "POST", "/items", [bad, good], **token)
    assert (used.status_code, used.text) == (412, "Write token already used")


# -- works from elsewhere ------------------------------------------------------------------------------------


def test_a_preprint_of_another_repository_keeps_its_repository(server: ZoteroServer) -> None:
    state = server.library()
    put(
        state,
        title="Cells",
        repository="bioRxiv",
        archiveID="2020.01.01.123",
        DOI="10.1101/2020.01.01.123",
        url="https://biorxiv.org/x",
        accessDate="2020-02-03T04:05:06Z",
    )
    [found] = pull(library(server.url, server.KEY))
    assert found.fields["repository"] == "bioRxiv"
    assert found.fields["accessDate"] == "2020-02-03"
    assert do(server, found, spec="group:5").created == 1
    [there] = works(server.library("groups/5")).values()
    assert (there["repository"], there["archiveID"]) == ("bioRxiv", "2020.01.01.123")
    assert do(server, found, spec="group:5").unchanged == 1


@pytest.mark.parametrize(
    ("kind", "name"), [("patent", "issueDate"), ("case", "dateDecided"), ("statute", "dateEnacted")]
)
def test_dates_under_other_names_are_dates(kind: str, name: str) -> None:
    from bridge.zotero.pulled import record_of

    assert record_of({"itemType": kind, name: "2003-04-05", "key": "AAAA2222"}).published == "2003-04-05"


def test_a_cache_that_stays_locked_is_done_without(
    server: ZoteroServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    do(server, record(1))
    monkeypatch.setattr("bridge.zotero.index.LOCK_SECONDS", 0.05)
    [path] = (cache_dir() / "zotero").iterdir()
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert do(server, record(1), record(2)).created == 1
    assert do(server, record(1), record(2)).unchanged == 2


def test_a_cache_that_fails_in_the_middle_is_told_and_nothing_is_forgotten(
    server: ZoteroServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    from bridge.errors import InputError
    from bridge.zotero.index import Index

    def full(self: Index, report: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Index, "enter", full)
        with pytest.raises(InputError, match="disk is full"):
            do(server, record(1))
    assert do(server, record(1)).unchanged == 1
    assert len(server.library().items) == 1


@pytest.mark.parametrize("which", ["Paper X", "Related"])
def test_a_collection_deleted_in_the_middle_is_made_anew_by_the_next_run(
    server: ZoteroServer, which: str
) -> None:
    state = server.library()
    do(server, record(1), collections=["Paper X"])

    def meanwhile(asked: Asked, number: int) -> None:
        found = [key for key, one in state.collections.items() if one.data["name"] == which]
        if asked.method == "POST" and found and (which == "Paper X" or asked.path.endswith("/items")):
            server.before = None
            state.erase("collections", found[0])

    server.before = meanwhile
    with contextlib.suppress(RemoteError):
        outcome = do(server, record(1), record(2), collections=["Paper X/Related"])
        assert len(outcome.failed) == 2
        assert "not found" in outcome.failed[0][1]
    server.before = None
    again = do(server, record(1), record(2), collections=["Paper X/Related"])
    assert again.failed == []
    [related] = [key for key, one in state.collections.items() if one.data["name"] == "Related"]
    assert all(related in item["collections"] for item in works(state).values())
    assert len(works(state)) == 2


def test_an_item_deleted_between_two_readings_is_not_made_anew(server: ZoteroServer) -> None:
    state = server.library()
    paper = the_key(1)
    do(server, record(1), record(2))

    def meanwhile(asked: Asked, number: int) -> None:
        # it was among the versions; now it is gone
        if asked.path.endswith("/items") and asked.query.get("format") == "json":
            server.before = None
            state.erase("items", paper)

    for folder in (cache_dir(), state_dir()):
        # a machine that has never seen the library
        shutil.rmtree(folder)
    server.before = meanwhile
    outcome = do(server, record(1, title="News"), record(2))
    assert server.before is None
    assert [(identity, key) for identity, key, _ in outcome.skipped] == [("arXiv:2601.00001", paper)]
    assert paper not in state.items


def test_an_item_that_another_client_made_and_a_person_deleted_is_not_made_anew(
    server: ZoteroServer,
) -> None:
    state = server.library()
    do(server, record(9))

    def meanwhile(asked: Asked, number: int) -> None:
        if asked.method == "POST":
            put(state, key=the_key(1), version=0, title="On the number 1")
        elif asked.query.get("itemKey"):
            server.before = None
            state.erase("items", the_key(1))

    server.before = meanwhile
    outcome = do(server, record(1))
    assert server.before is None
    assert [identity for identity, _, _ in outcome.skipped] == ["arXiv:2601.00001"]
    assert the_key(1) not in state.items
