"""A library as a target: nothing doubled, nothing lost, nobody's edit overwritten."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from arxivserver import VirtualClock
from zoterohelp import content, library, push, record
from zoteroserver import Asked, ZoteroServer
from zoterostate import LibraryState

from bridge.decisions import Decisions
from bridge.errors import RemoteError, UsageError
from bridge.patience import Patience
from bridge.places import cache_dir, state_dir
from bridge.record import Record
from bridge.zotero.index import Index, index_path
from bridge.zotero.keys import derive
from bridge.zotero.outcome import Outcome
from bridge.zotero.source import pull, read_source

ACCEPTED = "Accepted at NeurIPS 2026"


@pytest.fixture
def server() -> Iterator[ZoteroServer]:
    with ZoteroServer() as running:
        yield running


def put(state: LibraryState, **data: Any) -> str:
    """What a person puts into the library by hand."""
    key, _ = state.write_item({"itemType": "preprint", **data})
    return key


def edit(state: LibraryState, key: str, **data: Any) -> None:
    state.write_item({"key": key, "version": state.items[key].version, **data})


def do(server: ZoteroServer, *records: Record, **how: Any) -> Outcome:
    server.forget()
    return push(server.url, server.KEY, records, **how)[1]


def works(state: LibraryState) -> dict[str, dict[str, Any]]:
    return {k: item.data for k, item in state.items.items() if item.data["itemType"] not in ("note",)}


def the_key(number: int) -> str:
    return derive("item", f"arXiv:2601.{number:05}")


def test_an_older_listing_takes_nothing_back_and_says_so(server: ZoteroServer) -> None:
    do(server, record(1, version=2, title="New", comment=ACCEPTED))
    outcome = do(server, record(1, version=1, title="Old", comment=None))
    assert (outcome.updated, outcome.unchanged) == (0, 1)
    there = works(server.library())[the_key(1)]
    assert (there["title"], there["itemType"]) == ("New", "conferencePaper")
    assert [(identity, "older" in reason) for identity, _, reason in outcome.notes] == [
        ("arXiv:2601.00001", True)
    ]


# -- requests ------------------------------------------------------------------------------------------------


def test_a_second_push_writes_nothing_and_reads_twice(server: ZoteroServer) -> None:
    records = [record(number) for number in range(1, 61)]
    assert do(server, *records).created == 60
    again = do(server, *records)
    assert (again.unchanged, again.requests) == (60, 2)
    assert server.requests == 2
    assert server.writes() == []


@pytest.mark.slow
@pytest.mark.parametrize("per_request", [False, True], ids=["a version an object", "a version a request"])
def test_a_thousand_new_records_take_24_requests(server: ZoteroServer, per_request: bool) -> None:
    state = server.library()
    for number in range(300):
        put(state, title=f"Old {number}", DOI=f"10.1000/{number}")
    state.bump_per_request = per_request
    do(server, record(2001, comment=None))  # the index is warm from here
    records = [record(number, comment=None) for number in range(1, 1001)]
    assert do(server, *records).created == 1000
    assert server.requests <= 24
    notes = [record(number, comment="2 pages") for number in range(1001, 1061)]
    do(server, *notes)
    assert server.requests == 2 + 2 + 2  # two reads, 60 items, 60 notes
    assert do(server, *records, *notes).requests == 2


def test_the_full_reading_takes_a_page_a_hundred(server: ZoteroServer) -> None:
    state = server.library()
    for number in range(450):
        put(state, title=f"Old {number}")
    do(server, record(1))
    reads = [a for a in server.log if a.path.endswith("/items") and "start" in a.query]
    assert len(reads) == 5
    assert [a for a in server.log if "itemKey" in a.query] == []


def test_an_item_deleted_while_pages_are_read_hides_no_other(server: ZoteroServer) -> None:
    state = server.library()
    keys = [
        put(state, title=f"Old {number}", archiveID=f"arXiv:2501.{number:05}") for number in range(1, 250)
    ]

    def delete_one(asked: Asked, number: int) -> None:
        if asked.query.get("start") == "100":
            state.erase("items", keys[-1])

    server.before = delete_one
    do(server, record(1, arxiv_id="2501.00149"))
    assert len(works(state)) == 248


def test_a_damaged_cache_is_read_anew(server: ZoteroServer) -> None:
    do(server, record(1))
    for path in (cache_dir() / "zotero").iterdir():
        path.write_bytes(b"no database at all" * 100)
    assert do(server, record(1)).unchanged == 1
    assert len(works(server.library())) == 1


def test_a_cache_damaged_within_is_read_anew(server: ZoteroServer) -> None:
    records = [record(number) for number in range(1, 200)]
    do(server, *records)
    [path] = (cache_dir() / "zotero").iterdir()
    content = bytearray(path.read_bytes())
    content[4096 * 3 : -4096] = b"\xff" * (len(content) - 4096 * 4)
    path.write_bytes(content)
    assert do(server, *records).unchanged == 199
    assert server.writes() == []


def test_a_cache_folder_that_cannot_be_written_is_done_without(server: ZoteroServer) -> None:
    cache_dir().parent.mkdir(parents=True, exist_ok=True)
    cache_dir().write_text("a file in the way")
    assert do(server, record(1)).created == 1
    assert do(server, record(1)).unchanged == 1


def test_a_library_put_back_to_an_older_state_is_read_anew(server: ZoteroServer) -> None:
    do(server, *[record(number) for number in range(1, 9)])
    server.libraries.clear()
    outcome = do(server, record(1))
    assert outcome.created == 1
    assert len(works(server.library())) == 1


# -- finding what is there -----------------------------------------------------------------------------------

SHAPES: list[dict[str, Any]] = [
    {"archiveID": "arXiv:2601.00001"},
    {"DOI": "10.48550/arXiv.2601.00001"},
    {"url": "http://arxiv.org/abs/2601.00001v3"},
    {"extra": "arXiv: 2601.00001\nmy remark"},
    {"itemType": "journalArticle", "publicationTitle": "arXiv:2601.00001 [cs]"},
    {"itemType": "report", "reportNumber": "arXiv:2601.00001"},
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: next(k for k in reversed(shape)))
def test_what_other_importers_left_is_found(server: ZoteroServer, shape: dict[str, Any]) -> None:
    state = server.library()
    key = put(state, title="On the number 1", **shape)
    outcome = do(server, record(1))
    assert (outcome.created, outcome.updated) == (0, 1)
    assert list(works(state)) == [key]
    kept = state.items[key].data
    assert kept["itemType"] == shape.get("itemType", "preprint")
    assert all(kept[name].startswith(value) for name, value in shape.items())
    assert kept["abstractNote"] == "We study 1 & <more>."
    assert do(server, record(1)).requests == 2


def test_a_publisher_doi_finds_the_item_unless_both_name_different_papers(server: ZoteroServer) -> None:
    state = server.library()
    key = put(state, itemType="journalArticle", title="Whatever", DOI="10.1000/ABC")
    assert do(server, record(1, doi="10.1000/abc")).created == 0
    assert list(works(state)) == [key]
    other = put(state, itemType="journalArticle", title="W", DOI="10.1000/x", extra="arXiv:2601.00009")
    assert do(server, record(2, doi="10.1000/x")).created == 1
    assert "arXiv:2601.00009" in state.items[other].data["extra"]


def test_the_same_title_is_not_enough(server: ZoteroServer) -> None:
    put(server.library(), title="On the number 1")
    assert do(server, record(1)).created == 1


def test_a_version_that_is_pinned_is_an_item_of_its_own(server: ZoteroServer) -> None:
    first = do(server, record(1))
    second = do(server, record(1, pinned=True, version=2))
    assert (first.created, second.created) == (1, 1)
    assert do(server, record(1), record(1, pinned=True, version=2)).unchanged == 2
    lines = sorted(data["extra"] for data in works(server.library()).values())
    assert lines == ["arXiv:2601.00001 [cs.DC]", "arXiv:2601.00001 [cs.DC]\nversion: 2"]


def test_a_derived_key_that_holds_another_work_is_salted(server: ZoteroServer) -> None:
    state = server.library()
    put(state, key=the_key(1), version=0, title="Something else", archiveID="arXiv:1901.00001")
    put(state, key=the_key(2), version=0, itemType="book", title="A book")
    assert do(server, record(1), record(2)).created == 2
    assert state.items[the_key(1)].data["title"] == "Something else"
    assert state.items[derive("item", "arXiv:2601.00001", 1)].data["title"] == "On the number 1"
    assert do(server, record(1), record(2)).unchanged == 2


def test_a_derived_key_taken_meanwhile_is_salted(server: ZoteroServer) -> None:
    state = server.library()

    def take(asked: Asked, number: int) -> None:
        if asked.writes and asked.path.endswith("/items") and the_key(1) not in state.items:
            put(state, key=the_key(1), version=0, title="Something else", archiveID="arXiv:1901.00001")

    server.before = take
    assert do(server, record(1)).created == 1
    assert len(works(state)) == 2


# -- what a person did stays ---------------------------------------------------------------------------------


def test_edits_stay_news_arrives_and_conflicts_are_told(server: ZoteroServer) -> None:
    state = server.library()
    do(server, record(1), record(2))
    edit(state, the_key(1), title="My title", creators=[{"creatorType": "author", "name": "Me"}])
    outcome = do(server, record(1, title="Their title", abstract="News."), record(2))
    data = state.items[the_key(1)].data
    assert data["title"] == "My title"
    assert data["creators"] == [{"creatorType": "author", "name": "Me"}]
    assert data["abstractNote"] == "News."
    [conflict] = outcome.conflicts
    assert (conflict.key, conflict.field) == (the_key(1), "title")
    assert (conflict.yours, conflict.theirs) == ("My title", "Their title")
    decided = Decisions(accept=frozenset({f"{the_key(1)}:title"}))
    assert do(server, record(1, title="Their title", abstract="News."), decisions=decided).conflicts == []
    assert state.items[the_key(1)].data["title"] == "Their title"


def test_tags_are_merged_one_by_one_and_sent_only_when_they_differ(server: ZoteroServer) -> None:
    state = server.library()
    do(server, record(1))
    mine = [{"tag": "to read"}, {"tag": "Computer Science - Machine Learning", "type": 1}]
    edit(state, the_key(1), tags=mine)
    do(server, record(1, title="New"))
    assert "tags" not in server.writes()[0].objects[0]
    do(server, record(1, title="New", categories=("cs.DC", "cs.PF")))
    assert [tag["tag"] for tag in state.items[the_key(1)].data["tags"]] == [
        "Computer Science - Performance",
        "to read",
    ]


def test_a_field_that_a_person_emptied_stays_empty(server: ZoteroServer) -> None:
    state = server.library()
    do(server, record(1))
    edit(state, the_key(1), abstractNote="")
    assert do(server, record(1)).unchanged == 1
    do(server, record(1, abstract="Another one"))
    assert state.items[the_key(1)].data["abstractNote"] == ""


@pytest.mark.parametrize("how", ["trashed", "deleted"])
def test_what_a_person_threw_away_comes_back_only_when_asked(server: ZoteroServer, how: str) -> None:
    state = server.library()
    do(server, record(3))
    if how == "trashed":
        edit(state, the_key(3), deleted=1)
    else:
        state.erase("items", the_key(3))
    for home in ("the same machine", "another machine"):
        outcome = do(server, record(3))
        assert outcome.created == outcome.updated == 0, home
        [(identity, key, reason)] = outcome.skipped
        assert (identity, key) == ("arXiv:2601.00003", the_key(3))
        assert "--restore" in reason
        assert server.writes() == []
        forget_home()
    assert do(server, record(3), decisions=Decisions(restore=True)).skipped == []
    assert "deleted" not in state.items[the_key(3)].data
    assert do(server, record(3)).unchanged == 1


def forget_home() -> None:
    """Another machine: neither cache nor lock."""
    import shutil

    shutil.rmtree(cache_dir(), ignore_errors=True)
    shutil.rmtree(state_dir(), ignore_errors=True)


def test_doubles_merged_in_zotero_are_followed(server: ZoteroServer) -> None:
    state = server.library()
    do(server, record(1))
    survivor = put(state, title="On the number 1", archiveID="arXiv:2601.00001")
    edit(state, the_key(1), deleted=1)
    assert do(server, record(1)).skipped == []
    assert state.items[survivor].data["abstractNote"]
    assert state.items[the_key(1)].data["deleted"] == 1


def test_another_machine_without_a_lock_changes_nothing(server: ZoteroServer) -> None:
    state = server.library()
    records = [record(number) for number in range(1, 8)]
    do(server, *records)
    before = content(state)
    forget_home()
    assert do(server, *records).unchanged == 7
    assert server.writes() == []
    assert content(state) == before


# -- from preprint to paper ----------------------------------------------------------------------------------


def test_an_accepted_paper_changes_its_type_and_keeps_its_arxiv_id(server: ZoteroServer) -> None:
    state = server.library()
    do(server, record(1))
    edit(state, the_key(1), extra="first\narXiv:2601.00001 [cs.DC]\nlast")
    assert do(server, record(1, comment=ACCEPTED)).updated == 1
    data = state.items[the_key(1)].data
    assert data["itemType"] == "conferencePaper"
    assert data["conferenceName"] == "NeurIPS"
    assert data["publisher"] != "arXiv"
    assert data["extra"].startswith("first\narXiv:2601.00001 [cs.DC]\nlast")
    change = next(a for a in server.writes() if "itemType" in a.objects[0])
    assert change.objects[0]["itemType"] == "conferencePaper"
    again = do(server, record(1, comment=ACCEPTED))
    assert (again.unchanged, again.conflicts) == (1, [])
    # a later version that says nothing of the venue takes nothing back
    back = do(server, record(1, comment="v3: typos"))
    assert state.items[the_key(1)].data["itemType"] == "conferencePaper"
    assert state.items[the_key(1)].data["conferenceName"] == "NeurIPS"
    assert back.conflicts == []


def test_an_arxiv_id_taken_out_of_extra_is_put_back_with_the_type_change(server: ZoteroServer) -> None:
    state = server.library()
    do(server, record(1))
    edit(state, the_key(1), extra="mine alone", repository="Zenodo", archiveID="hal-123")
    do(server, record(1, comment=ACCEPTED))
    data = state.items[the_key(1)].data
    assert data["itemType"] == "conferencePaper"
    assert "arXiv:2601.00001" in data["extra"]
    assert data["extra"].startswith("mine alone")
    # what a person wrote into fields that the type does not have is not lost
    assert "archiveID: hal-123" in data["extra"]
    assert data["publisher"] == "Zenodo"


def test_a_persons_own_type_stays(server: ZoteroServer) -> None:
    state = server.library()
    do(server, record(1))
    edit(state, the_key(1), itemType="journalArticle", publicationTitle="My journal")
    outcome = do(server, record(1, comment=ACCEPTED))
    assert state.items[the_key(1)].data["itemType"] == "journalArticle"
    assert state.items[the_key(1)].data["publicationTitle"] == "My journal"
    assert "itemType" in {conflict.field for conflict in outcome.conflicts}
    assert outcome.failed == []


def test_a_withdrawal_takes_the_venue_back_and_says_so(server: ZoteroServer) -> None:
    state = server.library()
    do(server, record(1, comment=ACCEPTED))
    do(server, record(1, comment="This paper has been withdrawn by the authors"))
    data = state.items[the_key(1)].data
    assert data["itemType"] == "preprint"
    assert data["repository"] == "arXiv"
    assert data["archiveID"] == "arXiv:2601.00001"
    assert "status: withdrawn" in data["extra"]


def test_without_the_upgrade_policy_it_stays_a_preprint(server: ZoteroServer) -> None:
    do(server, record(1, comment=ACCEPTED), venue_policy="off")
    assert server.library().items[the_key(1)].data["itemType"] == "preprint"


# -- notes ---------------------------------------------------------------------------------------------------


def notes(state: LibraryState) -> list[str]:
    return [i.data["note"] for i in state.items.values() if i.data["itemType"] == "note"]


def test_the_comment_is_a_note_added_once(server: ZoteroServer) -> None:
    state = server.library()
    do(server, record(3))
    assert notes(state) == ["Comment: 3 pages, 2 figures"]
    do(server, record(3, comment="4 pages"))
    assert notes(state) == ["Comment: 4 pages"]
    [key] = [key for key, item in state.items.items() if item.data["itemType"] == "note"]
    edit(state, key, note="<p>Comment: mine</p>")
    outcome = do(server, record(3, comment="5 pages"))
    assert notes(state) == ["<p>Comment: mine</p>"]
    assert [conflict.field for conflict in outcome.conflicts] == ["note"]


def test_a_note_that_an_importer_made_is_not_doubled(server: ZoteroServer) -> None:
    state = server.library()
    key = put(state, title="On the number 3", archiveID="arXiv:2601.00003")
    state.write_item({"itemType": "note", "parentItem": key, "note": "Comment: 3 pages, 2 figures"})
    do(server, record(3))
    assert len(notes(state)) == 1


@pytest.mark.parametrize("how", ["trashed", "deleted"])
def test_a_note_thrown_away_stays_away(server: ZoteroServer, how: str) -> None:
    state = server.library()
    do(server, record(3))
    note = derive("note", the_key(3))
    if how == "trashed":
        edit(state, note, deleted=1)
    else:
        state.erase("items", note)
    for _ in range(2):
        assert do(server, record(3)).unchanged == 1
        assert server.writes() == []
        forget_home()


def test_a_key_without_note_rights_pushes_the_items(server: ZoteroServer) -> None:
    server.forget()
    outcome = push(server.url, server.NO_NOTES, [record(3)])[1]
    assert (outcome.created, outcome.failed) == (1, [])
    assert notes(server.library()) == []


# -- objects that are refused --------------------------------------------------------------------------------


def test_what_is_refused_is_named_and_the_others_go_on(server: ZoteroServer) -> None:
    outcome = do(
        server,
        record(1),
        record(2, abstract="x" * 70_000),
        record(4, title="<b>" + "y" * 70_000),
        record(5),
    )
    assert outcome.created == 2
    assert [identity for identity, _ in outcome.failed] == ["arXiv:2601.00002", "arXiv:2601.00004"]
    assert all("too long" in reason for _, reason in outcome.failed)
    assert "<b>" in outcome.failed[1][1]  # the server's sentence arrives HTML-escaped
    assert outcome.exit_code == 5
    assert do(server, record(1), record(5)).unchanged == 2


def test_a_request_that_a_proxy_finds_too_large_is_sent_in_parts(server: ZoteroServer) -> None:
    from zoteroserver import Fault

    do(server, record(100))
    server.forget()
    server.faults[3] = Fault(413)
    server.faults[4] = Fault(413)
    outcome = push(server.url, server.KEY, [record(n, comment=None) for n in range(1, 13)])[1]
    assert (outcome.created, outcome.failed) == (12, [])
    assert [len(asked.objects) for asked in server.writes()] == [12, 6, 3, 3, 3, 3]


def test_a_collection_deleted_behind_our_back_is_no_failure(server: ZoteroServer) -> None:
    state = server.library()
    do(server, record(1))
    shelf, _ = state.write_collection({"name": "Mine"})
    held = state.items[the_key(1)].data["collections"]
    edit(state, the_key(1), collections=[*held, shelf])
    do(server, record(1))

    def delete(asked: Asked, number: int) -> None:
        if asked.writes and shelf in state.collections:
            state.erase("collections", shelf)

    server.before = delete
    outcome = do(server, record(1), collections=["Another"])
    assert outcome.failed == []
    names = {state.collections[key].data["name"] for key in state.items[the_key(1)].data["collections"]}
    assert names == {"Related", "Another"}


@pytest.mark.parametrize("status", [503, 429])
def test_a_service_that_refuses_for_good_ends_with_what_is_undone(server: ZoteroServer, status: int) -> None:
    from zoteroserver import Fault

    records = [record(number, comment=None) for number in range(1, 61)]
    do(server, record(100))
    server.forget()
    for place in range(4, 60):
        server.faults[place] = Fault(status, {"Retry-After": "5"})
    patience = Patience(30, clock=VirtualClock())
    outcome = push(server.url, server.KEY, records, patience=patience)[1]
    assert outcome.created == 50
    assert len(outcome.failed) == 10
    assert outcome.stopped is not None
    assert outcome.stopped.status == status
    assert outcome.exit_code == 5
    assert do(server, *records).created == 10


# -- several at once -----------------------------------------------------------------------------------------


def test_two_clients_at_once(server: ZoteroServer, tmp_path: Path) -> None:
    sets = [range(1, 41), range(21, 61)]
    outcomes: list[Outcome] = []
    gate = threading.Barrier(2)
    met: set[int] = set()

    def together(asked: Asked, number: int) -> None:
        # both have planned before either writes
        me = threading.get_ident()
        if asked.writes and me not in met:
            met.add(me)
            gate.wait(20)

    server.before = together

    def client(numbers: range, home: Path) -> None:
        outcomes.append(
            push(
                server.url,
                server.KEY,
                [record(number) for number in numbers],
                lock_path=home / "bibbridge.lock",
                collections=["Shared/Papers"],
            )[1]
        )

    threads = [threading.Thread(target=client, args=(s, tmp_path / f"{n}")) for n, s in enumerate(sets)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [outcome.failed for outcome in outcomes] == [[], []]
    server.before = None
    state = server.library()
    assert len(works(state)) == 60
    assert len(state.collections) == 2
    assert len(notes(state)) == 20
    assert (
        do(server, *[record(number) for number in range(1, 61)], collections=["Shared/Papers"]).unchanged
        == 60
    )


def test_a_person_who_edits_meanwhile_loses_nothing(server: ZoteroServer) -> None:
    state = server.library()
    records = [record(number) for number in range(1, 6)]
    do(server, *records)
    edits = iter(range(3))

    def meddle(asked: Asked, number: int) -> None:
        if asked.writes and (turn := next(edits, None)) is not None:
            edit(state, the_key(1), title=f"Mine {turn}")
            edit(state, the_key(2), place=f"Here {turn}")

    server.before = meddle
    outcome = do(server, *[record(n, title=f"News {n}", abstract="News") for n in range(1, 6)])
    assert outcome.failed == []
    assert state.items[the_key(1)].data["title"] == "Mine 2"
    assert state.items[the_key(1)].data["abstractNote"] == "News"
    assert state.items[the_key(2)].data["place"] == "Here 2"
    assert state.items[the_key(2)].data["title"] == "News 2"
    assert [conflict.field for conflict in outcome.conflicts] == ["title"]


def test_somebody_who_never_stops_editing_is_given_up(server: ZoteroServer) -> None:
    state = server.library()
    do(server, record(1), record(2))
    turn = iter(range(1000))

    def meddle(asked: Asked, number: int) -> None:
        if asked.writes:
            edit(state, the_key(1), place=f"Here {next(turn)}")

    server.before = meddle
    outcome = do(server, record(1, title="News"), record(2, title="News"))
    assert outcome.updated == 1
    [(identity, reason)] = outcome.failed
    assert identity == "arXiv:2601.00001"
    assert "again and again" in reason


# -- collections ---------------------------------------------------------------------------------------------


def test_an_item_is_added_to_a_collection_without_leaving_others(server: ZoteroServer) -> None:
    state = server.library()
    do(server, record(1), collections=["A"])
    mine, _ = state.write_collection({"name": "Mine"})
    edit(state, the_key(1), collections=[*state.items[the_key(1)].data["collections"], mine])
    do(server, record(1), collections=["B/C", "D"])
    held = {state.collections[key].data["name"] for key in state.items[the_key(1)].data["collections"]}
    assert held == {"A", "Mine", "C", "D"}
    # what a person takes out stays out
    edit(state, the_key(1), collections=[mine])
    assert do(server, record(1), collections=["B/C", "D"]).unchanged == 1


def test_an_ambiguous_collection_is_refused_with_the_candidates(server: ZoteroServer) -> None:
    state = server.library()
    keys = sorted(state.write_collection({"name": "Twice"})[0] for _ in range(2))
    with pytest.raises(UsageError) as caught:
        do(server, record(1), collections=["Twice/Sub"])
    assert all(key in str(caught.value) for key in keys)
    assert server.writes() == []
    do(server, record(1), collections=[keys[0]])
    assert state.items[the_key(1)].data["collections"] == [keys[0]]


def test_a_slash_may_belong_to_a_name(server: ZoteroServer) -> None:
    state = server.library()
    known, _ = state.write_collection({"name": "TCP/IP"})
    do(server, record(1), collections=["TCP/IP"])
    assert state.items[the_key(1)].data["collections"] == [known]
    do(server, record(2), collections=["A\\/B"])
    assert {c.data["name"] for c in state.collections.values()} == {"TCP/IP", "A/B"}


def test_a_dry_run_makes_nothing(server: ZoteroServer) -> None:
    from bridge.zotero.target import ZoteroTarget

    target = ZoteroTarget(library(server.url, server.KEY), collection_paths=["New/Path"])
    plan = target.plan([record(1)], Decisions(), "2026-11-23")
    target.close()
    assert plan.summary()["added"] == 1
    assert server.writes() == []
    assert not state_dir().exists()


# -- permissions ---------------------------------------------------------------------------------------------


def test_a_read_only_key_is_told_before_anything_is_written(server: ZoteroServer) -> None:
    with pytest.raises(RemoteError) as caught:
        push(server.url, server.READ_ONLY, [record(1)])
    assert "write" in caught.value.reason
    assert "zotero.org/settings/keys" in str(caught.value.advice)
    assert server.writes() == []
    assert server.READ_ONLY not in f"{caught.value} {caught.value.advice} {caught.value!r}"


def test_a_key_that_nobody_knows(server: ZoteroServer) -> None:
    with pytest.raises(RemoteError) as caught:
        library(server.url, "unknownunknownunknown123")
    assert caught.value.exit_code == 4
    assert "unknownunknown" not in str(caught.value)


@pytest.mark.parametrize(
    ("editing", "role", "words"),
    [
        ("members", "member", None),
        ("admins", "admin", None),
        ("admins", "owner", None),
        ("admins", "member", "only admins"),
        ("members", "stranger", "no member"),
    ],
)
def test_a_group_role_decides(server: ZoteroServer, editing: str, role: str, words: str | None) -> None:
    server.groups[5] = server.group(5, editing=editing, role=role)
    if words is None:
        assert do(server, record(1), spec="group:5").created == 1
        assert len(works(server.library("groups/5"))) == 1
        assert do(server, record(1), spec="group:5").requests == 2
        return
    with pytest.raises(RemoteError) as caught:
        do(server, record(1), spec="group:5")
    if role != "stranger":
        assert words in caught.value.reason
    assert caught.value.status == 403
    assert server.writes() == []


def test_a_key_is_nowhere_but_in_the_header(
    server: ZoteroServer, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(1)
    do(server, record(3), record(2, abstract="x" * 70_000))
    files = [p for folder in (cache_dir(), state_dir()) for p in folder.rglob("*") if p.is_file()]
    assert files
    assert not [path for path in files if server.KEY.encode() in path.read_bytes()]
    shown = capsys.readouterr()
    assert server.KEY not in shown.out + shown.err + caplog.text
    assert all(server.KEY not in f"{a.path}{a.query}{a.body!r}" for a in server.log)


# -- an older schema, other servers --------------------------------------------------------------------------


def test_a_server_without_citation_keys_gets_the_line_of_extra(server: ZoteroServer) -> None:
    state = server.library()
    state.lacking = frozenset({"citationKey"})
    assert do(server, record(1)).created == 1
    assert "Citation Key: lovelaceNumber12026" in state.items[the_key(1)].data["extra"]
    assert do(server, record(1)).unchanged == 1


def test_citation_keys_do_not_clash_with_those_in_the_library(server: ZoteroServer) -> None:
    state = server.library()
    put(state, title="x", citationKey="lovelaceNumber12026")
    do(server, record(1))
    assert state.items[the_key(1)].data["citationKey"] not in ("", "lovelaceNumber12026")
    edit(state, the_key(1), citationKey="mine2026")
    assert do(server, record(1)).unchanged == 1
    assert state.items[the_key(1)].data["citationKey"] == "mine2026"


def test_the_index_is_safe_for_two_processes(server: ZoteroServer) -> None:
    do(server, record(1))
    reached = library(server.url, server.KEY)
    one, other = Index(index_path(reached)), Index(index_path(reached))
    put(server.library(), title="News", archiveID="arXiv:2602.00001")
    one.refresh(reached)
    assert other.named("arxiv", "2602.00001") == one.named("arxiv", "2602.00001") != []
    other.refresh(reached)
    one.close()
    other.close()


# -- pulling -------------------------------------------------------------------------------------------------


def test_what_was_pushed_is_pulled_with_sub_collections(server: ZoteroServer) -> None:
    do(server, record(3), record(4, comment=ACCEPTED), collections=["A"])
    do(server, record(5), collections=["A/B"])
    do(server, record(6), collections=["Elsewhere"])
    put(server.library(), itemType="book", title="A book", publisher="P", date="05/01/2026")
    got = {found.identity: found for found in pull(library(server.url, server.KEY), ["A"])}
    assert set(got) == {f"arXiv:2601.{number:05}" for number in (3, 4, 5)}
    three = got["arXiv:2601.00003"]
    assert three.comment == "3 pages, 2 figures"
    assert three.fields["citationKey"] == "lovelaceNumber32026"
    assert three.fields["key"] == the_key(3)
    assert three.item_type == "preprint"
    four = got["arXiv:2601.00004"]
    assert (four.item_type, four.venue.name, four.venue.status) == ("conferencePaper", "NeurIPS", "accepted")
    everything = pull(library(server.url, server.KEY))
    [book] = [found for found in everything if found.item_type == "book"]
    assert (book.published, book.published_in.publisher) == ("2026-05-01", "P")
    assert len(everything) == 5


def test_works_from_elsewhere_go_from_library_to_library(server: ZoteroServer) -> None:
    state = server.library()
    creators = [
        {"creatorType": "author", "firstName": "Ada", "lastName": "Lovelace"},
        {"creatorType": "editor", "firstName": "Charles", "lastName": "Babbage"},
        {"creatorType": "editor", "name": "The Board"},
    ]
    put(state, itemType="book", title="Engines", ISBN="978", place="London", creators=creators, date="1843")
    put(state, itemType="journalArticle", title="Notes", DOI="10.1000/n", publicationTitle="J", pages="1-9")
    put(state, itemType="computerProgram", title="Code", company="C", versionNumber="2")
    records = pull(library(server.url, server.KEY))
    assert do(server, *records, spec="group:5").created == 3
    assert do(server, *records, spec="group:5").unchanged == 3
    again = pull(library(server.url, server.KEY, "group:5"))
    volatile = ("key", "citationKey", "numPages")

    def plain(found: Record) -> Any:
        fields = {name: text for name, text in found.fields.items() if name not in volatile}
        return found.title, found.authors, found.item_type, found.venue, found.published_in, fields

    assert sorted(map(plain, again), key=str) == sorted(map(plain, records), key=str)
    [book] = [found for found in again if found.item_type == "book"]
    assert book.fields["editor"] == "Babbage, Charles and {The Board}"


def test_a_collection_is_a_source(server: ZoteroServer, monkeypatch: pytest.MonkeyPatch) -> None:
    class Run:
        offline, use_cache, timeout = False, True, None

    do(server, record(3), collections=["A/B"])
    monkeypatch.setenv("ZOTERO_API_KEY", server.KEY)
    monkeypatch.setenv("BIBBRIDGE_ZOTERO_URL", server.url)
    problems: list[Any] = []
    assert [r.identity for r in read_source("user/A", Run(), problems.append)] == ["arXiv:2601.00003"]
    assert [r.identity for r in read_source("user/1/A/B", Run(), problems.append)] == ["arXiv:2601.00003"]
    with pytest.raises(UsageError):
        read_source("user/Nowhere", Run(), problems.append)
    assert problems == []
