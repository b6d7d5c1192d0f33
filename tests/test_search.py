"""Queries and daily lists through the arXiv client, against the loopback server."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from arxivclient import DELAY, Desk
from arxivserver import (
    ArxivServer,
    Fault,
    Paper,
    Reply,
    body,
    error_feed,
    feed,
    gzipped,
    html_page,
    redirect,
    reset_mid_body,
    status,
    submitted,
    truncated,
)

from bridge.arxiv import search as search_module
from bridge.arxiv.search import Sort, parse_sort
from bridge.errors import RemoteError, UsageError
from bridge.identifiers import ArxivId

COUNT = 250
REAL_PAGE = search_module.PAGE
PAGE = 100  # in these tests, to keep them quick
PAPERS = [Paper(f"2601.{number:05d}") for number in range(1, COUNT + 1)]
NEWEST_FIRST = [paper.id for paper in reversed(PAPERS)]


@pytest.fixture
def server() -> Iterator[ArxivServer]:
    with ArxivServer(PAPERS) as running:
        yield running


@pytest.fixture
def desk(server: ArxivServer, tmp_path: Path) -> Desk:
    return Desk(server, tmp_path)


def ask(desk: Desk, text: str = "cat:cs.DC", **also: object) -> list[str]:
    """The ids of a query's results, without versions."""
    from bridge.identifiers import parse_arxiv_id

    most = also.pop("most", None)
    sort = also.pop("sort", None)
    with desk.client(**also) as client:
        entries = client.query(text, max_results=most, sort=sort)  # type: ignore[arg-type]
        return [parse_arxiv_id(entry.id or "").id for entry in entries]


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_module, "PAGE", PAGE)


def test_real_pages_are_of_a_thousand(
    desk: Desk, server: ArxivServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_module, "PAGE", REAL_PAGE)
    ask(desk, most=10_000)
    assert [seen.query["max_results"] for seen in server.seen] == ["1000"]


def test_a_hundred_unless_somebody_says_how_many(desk: Desk, server: ArxivServer) -> None:
    assert ask(desk) == NEWEST_FIRST[:100]
    assert server.seen[0].query == {
        "search_query": "cat:cs.DC",
        "start": "0",
        "max_results": "100",
        "sortBy": "submittedDate",
        "sortOrder": "descending",
    }


def test_pages(desk: Desk, server: ArxivServer) -> None:
    assert ask(desk, most=10_000) == NEWEST_FIRST
    assert [seen.query["start"] for seen in server.seen] == ["0", "100", "200"]
    assert sum(desk.clock.naps) == 2 * DELAY


def test_no_more_than_wanted(desk: Desk, server: ArxivServer) -> None:
    assert ask(desk, most=120) == NEWEST_FIRST[:120]
    assert [seen.query["max_results"] for seen in server.seen] == ["100", "20"]


def test_short_pages_go_on_from_what_came(desk: Desk, server: ArxivServer) -> None:
    server.arrange = lambda entries: entries[:70]
    assert ask(desk, most=10_000) == NEWEST_FIRST
    assert [seen.query["start"] for seen in server.seen] == ["0", "70", "140", "210"]


def test_pages_that_overlap_give_each_paper_once(desk: Desk, server: ArxivServer) -> None:
    count = itertools.count()

    def one_more_each_time(reply: Reply) -> Reply:
        # a paper arrives between two pages, and everything moves one place down
        number = 3000 + next(count)
        server.papers[f"2601.{number:05d}"] = Paper(f"2601.{number:05d}")
        return reply

    server.always = one_more_each_time
    found = ask(desk, most=10_000)
    assert len(found) == len(set(found))
    assert set(NEWEST_FIRST) <= set(found)


@pytest.mark.parametrize("fault", [reset_mid_body, truncated, html_page, gzipped, status(406), status(503)])
@pytest.mark.parametrize("page", [0, 2])
def test_faults_that_pass(desk: Desk, server: ArxivServer, fault: Fault, page: int) -> None:
    server.faults.extend([*[None] * page, fault, fault])
    assert ask(desk, most=10_000) == NEWEST_FIRST


def test_an_empty_page_is_asked_again(desk: Desk, server: ArxivServer) -> None:
    empty = body(feed([], total=COUNT))
    server.faults.extend([empty, None, empty, empty])
    assert ask(desk, most=10_000) == NEWEST_FIRST


@pytest.mark.parametrize(
    "fault",
    [
        body(feed([], total=COUNT)),
        html_page,
        truncated,
        status(429),
        status(403),
        redirect("https://evil.example/"),
        body(b""),
    ],
)
@pytest.mark.parametrize("page", [0, 1])
def test_a_refusal_is_never_an_empty_result(desk: Desk, server: ArxivServer, fault: Fault, page: int) -> None:
    count = itertools.count()
    server.always = lambda reply: fault(reply) if next(count) >= page else reply
    came = []
    with desk.client() as client, pytest.raises(RemoteError) as caught:
        came.extend(client.query("all:x", max_results=10_000))
    assert caught.value.service == "127.0.0.1"
    # what had arrived was given, and is remembered by id
    assert len(came) >= PAGE * page
    if page:
        kept = desk.fetch(*NEWEST_FIRST[:PAGE], offline=True)
        assert len(kept.delivered) == PAGE


def test_no_results_are_no_error(desk: Desk, server: ArxivServer) -> None:
    server.papers.clear()
    assert ask(desk) == []
    assert len(server.seen) == 1


def test_a_query_that_arxiv_calls_wrong(desk: Desk, server: ArxivServer) -> None:
    server.always = body(error_feed("incorrect query syntax"), code=400)
    with pytest.raises(UsageError, match="incorrect query syntax"):
        ask(desk, "ti:(")


def test_the_query_is_escaped(desk: Desk, server: ArxivServer) -> None:
    text = 'ti:"a+b & c" AND all:50%25 #x&max_results=7'
    ask(desk, text)
    assert server.seen[0].query["search_query"] == text
    assert server.seen[0].query["max_results"] == "100"


def test_an_answer_is_kept_for_a_day(desk: Desk, server: ArxivServer) -> None:
    first = ask(desk, most=5)
    assert ask(desk, most=5) == first
    assert ask(desk, most=5, offline=True) == first
    assert len(server.seen) == 1
    assert ask(desk, most=6) != first
    desk.clock.now += 86401
    assert ask(desk, most=5) == first
    assert len(server.seen) == 3
    assert ask(desk, most=5, use_cache=False) == first
    assert len(server.seen) == 4


def test_offline_an_unknown_query_is_named(desk: Desk, server: ArxivServer) -> None:
    assert ask(desk, offline=True) == []
    assert desk.codes == ["not-cached"]
    assert desk.problems[0].lost
    assert server.seen == []


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        (None, Sort("submittedDate", "descending")),
        ("relevance", Sort("relevance", "descending")),
        ("submittedDate", Sort("submittedDate", "descending")),
        ("lastUpdatedDate:ascending", Sort("lastUpdatedDate", "ascending")),
        ("submitted:asc", Sort("submittedDate", "ascending")),
        ("Updated:DESC", Sort("lastUpdatedDate", "descending")),
    ],
)
def test_sort(text: str | None, sort: Sort) -> None:
    assert parse_sort(text) == sort


@pytest.mark.parametrize("text", ["date", "submittedDate:up", "relevance:", ":", "title&x=1"])
def test_sort_that_arxiv_does_not_know(text: str) -> None:
    if text == "relevance:":
        assert parse_sort(text) == Sort("relevance")
        return
    with pytest.raises(UsageError):
        parse_sort(text)


@pytest.mark.parametrize("most", [0, -3])
def test_no_results_cannot_be_wanted(desk: Desk, most: int) -> None:
    with pytest.raises(UsageError):
        ask(desk, most=most)


# -- beyond what one query gives out (30,000; here 30) --


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Desk]:
    monkeypatch.setattr(search_module, "REACHABLE", 30)
    monkeypatch.setattr(search_module, "PAGE", 10)
    with ArxivServer(PAPERS, reachable=30) as server:
        yield Desk(server, tmp_path)


@pytest.mark.parametrize("sort", ["submittedDate", "submittedDate:ascending"])
def test_windows_give_everything_in_order(narrow: Desk, sort: str) -> None:
    found = ask(narrow, most=10_000, sort=sort)
    assert found == (NEWEST_FIRST if sort == "submittedDate" else NEWEST_FIRST[::-1])
    assert narrow.problems == []
    assert all(int(seen.query["start"]) + int(seen.query["max_results"]) <= 30 for seen in narrow.server.seen)
    assert {seen.status for seen in narrow.server.seen} == {200}


def test_windows_stop_when_there_are_enough(narrow: Desk) -> None:
    assert ask(narrow, most=50) == NEWEST_FIRST[:50]


def test_windows_are_not_needed_for_a_few_of_many(narrow: Desk) -> None:
    assert ask(narrow, most=30) == NEWEST_FIRST[:30]
    assert len(narrow.server.seen) == 3


def test_another_order_than_by_date_is_told(narrow: Desk) -> None:
    assert sorted(ask(narrow, most=10_000, sort="relevance")) == sorted(NEWEST_FIRST)
    assert narrow.codes == ["sorted-by-date"]


def test_results_that_cannot_be_reached_are_named(narrow: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    # three papers of one minute, of which two can be reached
    monkeypatch.setattr(search_module, "REACHABLE", 2)
    ids = [f"2601.{1 + month * 28 * 24 * 60:05d}" for month in range(3)]
    assert len({submitted(Paper(text)) for text in ids}) == 1
    narrow.server.papers = {text: Paper(text) for text in ids}
    assert len(ask(narrow, most=10_000)) == 2
    assert "results-missing" in narrow.codes


# -- daily lists --


def daily(desk: Desk, text: str = "cs.DC+cs.LG", **also: object) -> list[str]:
    with desk.client(**also) as client:
        ids = client.daily(text)
        assert all(one.version is None for one in ids)
        return [one.id for one in ids]


def test_the_days_papers(desk: Desk, server: ArxivServer) -> None:
    server.announced = ["2601.00007v1", "2601.00003v4", "2601.00007v1"]
    assert daily(desk) == ["2601.00007", "2601.00003"]
    assert server.seen[0].path == "/rss-host/atom/cs.DC+cs.LG"
    # completed through the API
    assert len(desk.fetch("2601.00007", "2601.00003").delivered) == 2


def test_a_weekend_is_empty(desk: Desk, server: ArxivServer) -> None:
    assert daily(desk) == []


def test_a_list_is_kept_for_an_hour(desk: Desk, server: ArxivServer) -> None:
    server.announced = ["2601.00007v1"]
    assert daily(desk) == daily(desk) == daily(desk, offline=True) == ["2601.00007"]
    assert len(server.seen) == 1
    desk.clock.now += 3601
    daily(desk)
    assert len(server.seen) == 2


def test_offline_an_unknown_list_is_named(desk: Desk, server: ArxivServer) -> None:
    assert daily(desk, offline=True) == []
    assert desk.codes == ["not-cached"]
    assert server.seen == []


@pytest.mark.parametrize("fault", [status(503), html_page, truncated, reset_mid_body, body(b"")])
def test_a_list_survives_a_fault(desk: Desk, server: ArxivServer, fault: Fault) -> None:
    server.announced = ["2601.00007v1"]
    server.faults.append(fault)
    assert daily(desk) == ["2601.00007"]


@pytest.mark.parametrize("fault", [status(503), html_page, status(404), truncated])
def test_a_list_that_is_refused_is_no_empty_list(desk: Desk, server: ArxivServer, fault: Fault) -> None:
    server.announced = ["2601.00007v1"]
    server.always = fault
    with pytest.raises(RemoteError):
        daily(desk)


@pytest.mark.parametrize("text", ["", "cs.DC+", "../../etc", "cs.DC?x=1", "cs.DC/x", "CS DC", "cs..DC"])
def test_what_is_no_category(desk: Desk, server: ArxivServer, text: str) -> None:
    with pytest.raises(UsageError):
        daily(desk, text)
    assert server.seen == []


@pytest.mark.parametrize(
    "text", ["cs", "math-ph", "cond-mat.mtrl-sci", "q-fin.EC", "physics.acc-ph", "cs.DC + cs.LG"]
)
def test_what_is_a_category(desk: Desk, server: ArxivServer, text: str) -> None:
    daily(desk, text)
    assert server.seen[0].path == "/rss-host/atom/" + text.replace(" ", "")


@pytest.mark.parametrize("ending", ["/atom", "/rss", "/atom/"])
def test_an_address_that_names_the_format(server: ArxivServer, tmp_path: Path, ending: str) -> None:
    from bridge.arxiv.api import ArxivClient
    from bridge.arxiv.services import Services
    from bridge.patience import Patience

    services = Services(server.url, None, server.rss_url + ending, 0.0)
    with ArxivClient(services, Patience(), tmp_path, lambda problem: None) as client:
        client.daily("cs.DC")
    assert server.seen[0].path == f"/rss-host{ending.rstrip('/')}/cs.DC"


def test_a_mirror_without_lists_says_so(server: ArxivServer, tmp_path: Path) -> None:
    from bridge.arxiv.api import ArxivClient
    from bridge.arxiv.services import Services
    from bridge.patience import Patience

    with ArxivClient(
        Services(server.url, None, None, 0.0), Patience(), tmp_path, lambda problem: None
    ) as client:
        with pytest.raises(UsageError, match="daily lists"):
            client.daily("cs.DC")
        with pytest.raises(UsageError, match="OAI"):
            client.versions("2601.00001")
    assert server.seen == []


def test_the_versions_of_a_paper(desk: Desk, server: ArxivServer) -> None:
    server.papers["2601.09000"] = Paper("2601.09000", versions=3)
    with desk.client(oai=True) as client:
        versions = client.versions("2601.09000")
        assert [(one.version, one.date, one.size) for one in versions] == [
            (1, "2026-01-03T10:20:30Z", "100kb"),
            (2, "2026-02-03T10:20:30Z", "200kb"),
            (3, "2026-03-03T10:20:30Z", "300kb"),
        ]
        assert client.versions("2602.00001") == ()
    with desk.client(oai=True, offline=True) as client, pytest.raises(UsageError):
        client.versions("2601.09000")
    assert ArxivId("2601.09000") not in desk.fetch("2601.09000", offline=True).delivered
