"""Ids through the arXiv client, against a loopback server with every fault that arXiv has shown, and more.

`Desk.fetch` checks the account (asked = delivered + named) in every single test.
"""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from arxivclient import DELAY, Desk, versions_of
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
    same_body,
    slow,
    status,
    truncated,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.arxiv.api import ArxivClient
from bridge.arxiv.batches import MOST_IDS, MOST_URL, fill_batches
from bridge.arxiv.services import Services
from bridge.errors import UsageError
from bridge.identifiers import ArxivId

IDS = [f"2601.{number:05d}" for number in range(1, 201)]
PAPERS = [Paper(text, versions=1 + index % 3) for index, text in enumerate(IDS)]
UNKNOWN = "2602.00007"


@pytest.fixture
def server() -> Iterator[ArxivServer]:
    with ArxivServer(PAPERS) as running:
        yield running


@pytest.fixture
def desk(server: ArxivServer, tmp_path: Path) -> Desk:
    return Desk(server, tmp_path)


# -- without faults --


def test_ids_come_in_the_order_asked_however_the_server_orders_them(server: ArxivServer, desk: Desk) -> None:
    server.arrange = lambda entries: list(reversed(entries))
    result = desk.fetch(*IDS[:40])
    assert [one.id for one in result.delivered] == IDS[:40]
    assert len(server.seen) == 1


def test_the_entry_is_the_same_as_a_saved_feeds(desk: Desk, server: ArxivServer) -> None:
    from bridge.arxiv.atom import AtomFeed

    server.papers["2601.00500"] = paper = Paper(
        "2601.00500", 2, "Of <maths> & music", comment="12 pages", journal_ref="J. 1 (2026)", doi="10.1000/x"
    )
    result = desk.fetch("2601.00500")
    (entry,) = result.delivered[ArxivId("2601.00500")]
    (saved,) = AtomFeed([feed([paper.entry(2)], 1)], "127.0.0.1", lambda problem: None)
    assert entry == saved
    # and the same again out of the cache
    (cached,) = desk.fetch("2601.00500").delivered[ArxivId("2601.00500")]
    assert cached == saved
    assert len(server.seen) == 1


@pytest.mark.parametrize(("count", "requests"), [(1, 1), (40, 1), (200, 1)])
def test_requests_cold_and_warm(desk: Desk, server: ArxivServer, count: int, requests: int) -> None:
    desk.fetch(*IDS[:count])
    assert len(server.seen) == requests
    desk.fetch(*IDS[:count])
    assert len(server.seen) == requests


def test_two_thousand_ids_are_four_requests(tmp_path: Path) -> None:
    papers = [Paper(f"2601.{number:05d}") for number in range(1, 2001)]
    with ArxivServer(papers) as server:
        desk = Desk(server, tmp_path)
        result = desk.fetch(*(paper.id for paper in papers))
        assert len(result.delivered) == 2000
        assert len(server.seen) == -(-2000 // MOST_IDS) == 4
        assert max(seen.target_length for seen in server.seen) < 8000
        assert desk.clock.naps  # three pauses
        assert sum(desk.clock.naps) == 3 * DELAY


def test_a_pinned_and_an_unpinned_request_share_a_batch(desk: Desk, server: ArxivServer) -> None:
    result = desk.fetch(IDS[2], IDS[2] + "v1", IDS[2] + "v2")
    assert [versions_of(result, text) for text in (IDS[2], IDS[2] + "v1", IDS[2] + "v2")] == [[3], [1], [2]]
    assert len(server.seen) == 1


def test_a_version_that_does_not_exist_is_unknown(desk: Desk) -> None:
    result = desk.fetch(IDS[0], IDS[0] + "v7")
    assert result.unknown == [ArxivId(IDS[0], 7)]


def test_unknown_ids_are_named_and_remembered(desk: Desk, server: ArxivServer) -> None:
    for _ in range(2):
        result = desk.fetch(IDS[0], UNKNOWN, IDS[1])
        assert result.unknown == [ArxivId(UNKNOWN)]
        assert len(result.delivered) == 2
        assert [problem.code for problem in result.problems] == ["unknown-id"]
    assert len(server.seen) == 1


def test_old_style_ids(desk: Desk, server: ArxivServer) -> None:
    server.papers["math/0309136"] = Paper("math/0309136", versions=2)
    result = desk.fetch("math.GT/0309136", "math/0309136v1")
    assert versions_of(result, "math/0309136") == [2]
    assert versions_of(result, "math/0309136v1") == [1]


def test_all_versions(desk: Desk, server: ArxivServer) -> None:
    result = desk.fetch(IDS[0], IDS[1], IDS[2], IDS[5] + "v2", UNKNOWN, all_versions=True)
    assert [versions_of(result, text) for text in (*IDS[:3], IDS[5] + "v2")] == [[1], [1, 2], [1, 2, 3], [2]]
    assert result.unknown == [ArxivId(UNKNOWN)]
    assert len(server.seen) == 2


def test_nothing_asked_is_nothing_sent(desk: Desk, server: ArxivServer) -> None:
    assert desk.fetch().delivered == {}
    assert server.seen == []


def test_who_asks_and_for_what(desk: Desk, server: ArxivServer) -> None:
    desk.fetch(IDS[0])
    headers = server.seen[0].headers
    assert headers["accept"] == "application/atom+xml"
    assert headers["user-agent"].startswith("bibbridge/")
    assert "mailto:me@example.org" in headers["user-agent"]
    assert server.seen[0].query == {"id_list": IDS[0], "max_results": "1"}


# -- faults that pass: everything is delivered in the end --

PASSING: dict[str, list[Fault | None]] = {
    "reset mid-body": [reset_mid_body],
    "406": [status(406)],
    "406 with a good feed": [same_body(406)],
    "429": [status(429)],
    "429 with seconds": [status(429, Retry_After="20")],
    "429 with a date": [status(429, Retry_After="Thu, 01 Jan 2026 00:00:00 GMT")],
    "503": [status(503)],
    "503 with seconds": [status(503, Retry_After="20")],
    "500, 502, 504": [status(500), status(502), status(504)],
    "truncated XML": [truncated],
    "an HTML page": [html_page],
    "an HTML page, then nothing": [html_page, body(b"")],
    "an empty page though there are results": [body(feed([], total=40))],
    "two of them": [body(feed([], total=40)), body(feed([], total=40))],
    "gzip": [gzipped],
    "broken gzip": [body(b"no gzip", Content_Encoding="gzip")],
    "a redirect at home": [redirect("/api/query?id_list=" + ",".join(IDS[:40]) + "&max_results=40")],
    "URL too long": [status(414)],
}


@pytest.mark.parametrize("name", PASSING)
def test_faults_that_pass(desk: Desk, server: ArxivServer, name: str) -> None:
    server.faults.extend(PASSING[name])
    result = desk.fetch(*IDS[:40])
    assert len(result.delivered) == 40
    assert result.error is None


def test_a_short_page_is_completed(desk: Desk, server: ArxivServer) -> None:
    def first_ten_only(reply: Reply) -> Reply:
        return body(feed([server.papers[text].entry(1) for text in IDS[:10]], total=40))(reply)

    server.faults.append(first_ten_only)
    result = desk.fetch(*(text + "v1" for text in IDS[:40]))
    assert len(result.delivered) == 40
    # only what was missing is asked again
    assert [len(seen.ids) for seen in server.seen] == [40, 30]


def test_what_came_before_damage_is_kept(desk: Desk, server: ArxivServer) -> None:
    server.faults.append(truncated)
    desk.fetch(*IDS[:40])
    first, second = server.seen
    assert len(first.ids) == 40
    assert 0 < len(second.ids) < 40


def test_duplicate_entries(desk: Desk, server: ArxivServer) -> None:
    server.arrange = lambda entries: [entry for entry in entries for _ in (0, 1)]
    server.total = lambda count: 2 * count
    result = desk.fetch(*IDS[:10])
    assert len(result.delivered) == 10
    assert len(server.seen) == 1


def test_duplicates_do_not_hide_what_is_missing(desk: Desk, server: ArxivServer) -> None:
    entries = {text: server.papers[text].entry(1) for text in IDS[:3]}
    server.faults.append(body(feed([entries[IDS[0]], entries[IDS[0]], entries[IDS[1]]], total=3)))
    assert len(desk.fetch(*(text + "v1" for text in IDS[:3])).delivered) == 3


def test_an_entry_twice_with_two_versions(desk: Desk, server: ArxivServer) -> None:
    paper = server.papers[IDS[2]]
    server.faults.append(body(feed([paper.entry(3), paper.entry(1)], total=2)))
    assert versions_of(desk.fetch(IDS[2]), IDS[2]) == [3]


def test_one_entry_for_a_pinned_and_an_unpinned_question_is_asked_again(
    desk: Desk, server: ArxivServer
) -> None:
    # v1 was asked by name: that it came does not make it the latest
    server.faults.append(body(feed([server.papers[IDS[2]].entry(1)], total=1)))
    result = desk.fetch(IDS[2], IDS[2] + "v1")
    assert versions_of(result, IDS[2]) == [3]
    assert versions_of(result, IDS[2] + "v1") == [1]
    assert [seen.ids for seen in server.seen] == [[IDS[2], IDS[2] + "v1"], [IDS[2]]]


def test_another_version_than_the_one_asked_for_is_no_answer(desk: Desk, server: ArxivServer) -> None:
    server.always = body(feed([server.papers[IDS[2]].entry(3)], total=1))
    result = desk.fetch(IDS[2] + "v1")
    assert [failure.id for failure in result.failed] == [ArxivId(IDS[2], 1)]
    assert result.error is not None
    assert "none of those asked for" in result.error.reason


def test_papers_nobody_asked_for_are_no_answer(desk: Desk, server: ArxivServer) -> None:
    server.arrange = lambda entries: [*entries, server.papers[IDS[9]].entry(1)]
    assert list(desk.fetch(IDS[0]).delivered) == [ArxivId(IDS[0])]


# -- malformed ids --


@pytest.mark.parametrize("position", [0, 77, 199])
def test_one_bad_id_of_two_hundred(desk: Desk, server: ArxivServer, position: int) -> None:
    server.malformed = {IDS[position]}
    result = desk.fetch(*IDS)
    assert list(result.malformed) == [ArxivId(IDS[position])]
    assert "incorrect id format" in result.malformed[ArxivId(IDS[position])]
    assert len(result.delivered) == 199
    assert len(server.seen) == 2


def test_bad_ids_that_arxiv_does_not_name_are_found_by_halves(desk: Desk, server: ArxivServer) -> None:
    bad = {IDS[3], IDS[150]}
    server.malformed = bad
    nameless = error_feed("incorrect id format")
    server.always = lambda reply: Reply(400, {}, nameless) if reply.status == 400 else reply
    result = desk.fetch(*IDS)
    assert {one.id for one in result.malformed} == bad
    assert len(result.delivered) == 198
    assert len(server.seen) < 40


def test_an_error_feed_with_status_200_is_no_paper(desk: Desk, server: ArxivServer) -> None:
    server.malformed = {IDS[3]}
    server.always = lambda reply: Reply(200, reply.headers, reply.body)
    result = desk.fetch(*IDS[:8])
    assert list(result.malformed) == [ArxivId(IDS[3])]
    assert len(result.delivered) == 7


@pytest.mark.parametrize(("reason", "most"), [("the moon is full", 1), ("incorrect id format", 100)])
def test_an_api_that_finds_fault_with_everything_is_not_asked_for_ever(
    desk: Desk, server: ArxivServer, reason: str, most: int
) -> None:
    server.always = body(error_feed(reason), code=400)
    result = desk.fetch(*IDS)
    assert len(result.failed) + len(result.malformed) == 200
    assert result.error is not None
    assert reason in result.error.reason
    assert len(server.seen) <= most


def test_ids_are_never_interpolated(desk: Desk, server: ArxivServer) -> None:
    with desk.client() as client:
        result = client.fetch([ArxivId("2601.00001&search_query=all:x#")])
    assert set(server.seen[0].query) == {"id_list", "max_results"}
    assert result.delivered == {}


# -- faults that stay: nothing is lost silently --

STAYING: dict[str, Fault] = {
    "reset mid-body": reset_mid_body,
    "406": status(406),
    "406 with a good feed": same_body(406),
    "429": status(429),
    "429 for an hour": status(429, Retry_After="3600"),
    "503": status(503),
    "500": status(500),
    "403": status(403),
    "404": status(404),
    "400 without a feed": status(400),
    "an HTML page": html_page,
    "nothing": body(b""),
    "empty pages": body(feed([], total=40)),
    "a redirect elsewhere": redirect("https://evil.example/api/query"),
    "a redirect to another port": redirect("http://127.0.0.1:9/api/query"),
    "redirects in a circle": redirect("/api/query"),
    "broken gzip": body(b"no gzip", Content_Encoding="gzip"),
    "an entity bomb": body(
        b'<!DOCTYPE feed [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/2601.00001v1</id>'
        b"<title>&b;</title></entry></feed>"
    ),
    "another XML": body(b"<rss version='2.0'><channel/></rss>"),
    "an entry without a proper id": body(
        feed(["<entry><id>http://arxiv.org/abs/what</id><title>x</title></entry>"], total=1)
    ),
}


@pytest.mark.parametrize("name", STAYING)
def test_faults_that_stay(desk: Desk, server: ArxivServer, name: str) -> None:
    server.always = STAYING[name]
    result = desk.fetch(*IDS[:40])
    assert len(result.failed) == 40
    assert result.error is not None
    assert result.error.service == "127.0.0.1"
    assert all(failure.error is not None and failure.reason for failure in result.failed)
    # and the next run goes on as if nothing had been
    server.always = None
    desk.clock.now += 3600
    assert len(desk.fetch(*IDS[:40]).delivered) == 40


def test_an_hours_pause_is_told_and_not_waited_for(desk: Desk, server: ArxivServer) -> None:
    server.always = status(429, Retry_After="3600")
    result = desk.fetch(*IDS)
    assert result.error is not None
    assert (result.error.status, result.error.retry_after) == (429, 3600)
    assert len(server.seen) == 1
    assert sum(desk.clock.naps) == 0


def test_connection_refused(tmp_path: Path, desk: Desk) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{reserved.getsockname()[1]}/api/query"
        from bridge.patience import Patience

        services = Services(url, None, None, 0.0)
        with ArxivClient(services, Patience(clock=desk.clock), tmp_path, desk.problems.append) as client:
            result = client.fetch([ArxivId(text) for text in IDS[:3]])
    assert [failure.id.id for failure in result.failed] == IDS[:3]
    assert result.error is not None
    assert result.error.status is None


def test_a_slow_body_times_out(desk: Desk, server: ArxivServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.transport._LEAST_ATTEMPT", 0.05)
    server.always = slow(5)
    # no budget: the one attempt gets the least time there is
    result = desk.fetch(*IDS[:3], seconds=0)
    assert len(result.failed) == 3
    assert result.error is not None
    assert "did not answer" in result.error.reason


def test_what_has_arrived_is_kept_when_the_rest_is_refused(tmp_path: Path) -> None:
    papers = [Paper(f"2601.{number:05d}") for number in range(1, 1501)]
    ids = [paper.id for paper in papers]
    with ArxivServer(papers) as server:
        desk = Desk(server, tmp_path)
        server.faults.extend([None, *[status(429)] * 50])
        result = desk.fetch(*ids)
        assert len(result.delivered) == 600
        assert len(result.failed) == 900
        assert result.error is not None
        server.faults.clear()
        again = desk.fetch(*ids)
        assert len(again.delivered) == 1500
        # the 600 were not asked again
        assert [len(seen.ids) for seen in server.seen if seen.status == 200] == [600, 600, 300]


def test_one_broken_batch_does_not_cost_the_others(tmp_path: Path) -> None:
    papers = [Paper(f"2601.{number:05d}") for number in range(1, 1301)]
    with ArxivServer(papers) as server:
        desk = Desk(server, tmp_path)
        server.always = lambda reply: html_page(reply) if b"2601.00001v1" in reply.body else reply
        result = desk.fetch(*(paper.id for paper in papers))
        assert len(result.failed) == 600
        assert len(result.delivered) == 700


@pytest.mark.parametrize("seed", range(3))
def test_two_thousand_ids_survive_a_server_that_fails_three_times_of_ten(tmp_path: Path, seed: int) -> None:
    papers = [Paper(f"2601.{number:05d}") for number in range(1, 2001)]
    chance = random.Random(seed)
    faults = [*PASSING.values()]

    def fail(reply: Reply) -> Reply:
        if chance.random() < 0.3:
            fault = chance.choice(chance.choice(faults))
            assert fault is not None
            return fault(reply)
        return reply

    with ArxivServer(papers) as server:
        desk = Desk(server, tmp_path)
        server.always = fail
        result = desk.fetch(*(paper.id for paper in papers), seconds=600)
        assert len(result.delivered) == 2000


# -- the fallback --


def test_oai_delivers_what_the_query_api_refuses(desk: Desk, server: ArxivServer) -> None:
    refuse = status(503)
    server.always = lambda reply: reply if b"OAI-PMH" in reply.body else refuse(reply)
    result = desk.fetch(IDS[1], IDS[2], UNKNOWN, IDS[2] + "v3", IDS[2] + "v9", oai=True)
    assert versions_of(result, IDS[2]) == [3]
    assert versions_of(result, IDS[2] + "v3") == [3]
    assert result.unknown == [ArxivId(UNKNOWN), ArxivId(IDS[2], 9)]
    assert result.error is None
    # one request a paper
    assert len(server.asked("/oai")) == 3
    # and kept
    before = len(server.seen)
    assert len(desk.fetch(IDS[1], IDS[2]).delivered) == 2
    assert len(server.seen) == before


def test_an_older_version_is_not_to_be_had_by_oai(desk: Desk, server: ArxivServer) -> None:
    refuse = status(503)
    server.always = lambda reply: reply if b"OAI-PMH" in reply.body else refuse(reply)
    result = desk.fetch(IDS[2] + "v1", oai=True)
    assert [failure.id for failure in result.failed] == [ArxivId(IDS[2], 1)]
    assert result.error is not None
    assert result.error.status == 503


def test_when_oai_refuses_too_the_api_is_blamed_and_both_are_told(desk: Desk, server: ArxivServer) -> None:
    server.always = status(503)
    result = desk.fetch(*IDS[:3], oai=True)
    assert len(result.failed) == 3
    assert result.error is not None
    assert "no-fallback" in desk.codes


def test_oai_is_no_way_to_harvest(desk: Desk, server: ArxivServer) -> None:
    server.always = status(503)
    desk.fetch(*IDS[:150], oai=True)
    assert server.asked("/oai") == []


# -- offline, no cache --


def test_offline_asks_nobody_and_names_what_is_missing(desk: Desk, server: ArxivServer) -> None:
    desk.fetch(IDS[0], IDS[1] + "v1")
    desk.clock.now += 400 * 86400
    result = desk.fetch(IDS[0], IDS[1] + "v1", IDS[2], offline=True, oai=True)
    assert len(result.delivered) == 2
    assert [problem.code for problem in result.problems] == ["not-cached"]
    assert result.error is None
    assert len(server.seen) == 1


def test_without_the_cache_everything_is_asked_and_remembered_for_the_next(
    desk: Desk, server: ArxivServer
) -> None:
    desk.fetch(IDS[0])
    server.papers[IDS[0]] = Paper(IDS[0], title="A new title")
    (entry,) = desk.fetch(IDS[0], use_cache=False).delivered[ArxivId(IDS[0])]
    assert entry.title == "A new title"
    (entry,) = desk.fetch(IDS[0]).delivered[ArxivId(IDS[0])]
    assert entry.title == "A new title"
    assert len(server.seen) == 2


# -- where arXiv is --


def test_the_environment_names_the_services() -> None:
    mirror = {"BIBBRIDGE_ARXIV_URL": "http://127.0.0.1:8000/query", "BIBBRIDGE_ARXIV_DELAY": "0.5"}
    services = Services.from_environment(mirror)
    assert services == Services("http://127.0.0.1:8000/query", None, None, 0.5)
    # nothing that is meant for a mirror goes to arXiv, unless its address is given
    services = Services.from_environment({**mirror, "BIBBRIDGE_OAI_URL": "http://127.0.0.1:8000/oai"})
    assert (services.oai, services.rss) == ("http://127.0.0.1:8000/oai", None)
    own = Services.from_environment({"BIBBRIDGE_CONTACT": "me@example.org"})
    assert own == Services(contact="me@example.org")
    assert own.delay == 3
    assert own.oai is not None
    assert own.rss is not None


@pytest.mark.parametrize(
    "environment",
    [
        {"BIBBRIDGE_ARXIV_DELAY": "1"},
        {"BIBBRIDGE_ARXIV_DELAY": "0", "BIBBRIDGE_ARXIV_URL": "https://export.arxiv.org/api/query?x=1"},
        {"BIBBRIDGE_ARXIV_DELAY": "0", "BIBBRIDGE_ARXIV_URL": "http://EXPORT.ARXIV.ORG/api/query"},
        # a mirror, and arXiv's own service beside it
        {
            "BIBBRIDGE_ARXIV_DELAY": "0",
            "BIBBRIDGE_ARXIV_URL": "http://127.0.0.1/q",
            "BIBBRIDGE_RSS_URL": "https://rss.arxiv.org",
        },
        {"BIBBRIDGE_ARXIV_DELAY": "soon"},
        {"BIBBRIDGE_ARXIV_DELAY": "nan"},
        {"BIBBRIDGE_ARXIV_DELAY": "inf"},
        {"BIBBRIDGE_ARXIV_DELAY": "-1", "BIBBRIDGE_ARXIV_URL": "http://127.0.0.1/q"},
        {"BIBBRIDGE_ARXIV_URL": "ftp://127.0.0.1/q"},
        {"BIBBRIDGE_ARXIV_URL": "export.arxiv.org"},
    ],
)
def test_what_cannot_be_meant_is_refused(environment: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        Services.from_environment(environment)


def test_a_client_from_the_environment(server: ArxivServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIBBRIDGE_ARXIV_URL", server.url)
    monkeypatch.setenv("BIBBRIDGE_ARXIV_DELAY", "0")
    with ArxivClient.from_environment(timeout=5) as client:
        assert len(client.fetch([ArxivId(IDS[0])]).delivered) == 1
        assert client.stats.requests == 1
        assert client.stats.seconds_waited == 0


# -- properties --

new_ids = st.builds("2601.{:05d}".format, st.integers(1, 400))
old_ids = st.builds("math/0301{:03d}".format, st.integers(1, 60))
versions = st.one_of(st.none(), st.integers(1, 4))
arxiv_ids = st.builds(ArxivId, st.one_of(new_ids, old_ids), versions)
mixes = st.lists(arxiv_ids, max_size=60)
all_faults = st.sampled_from(
    [*(fault for faults in PASSING.values() for fault in faults if fault), *STAYING.values()]
)


@given(
    asked=mixes,
    faults=st.lists(st.one_of(st.none(), all_faults), max_size=8),
    bad=st.sets(new_ids, max_size=3),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_account_holds_for_any_mix_of_ids_and_faults(
    asked: list[ArxivId],
    faults: list[Fault | None],
    bad: set[str],
    server: ArxivServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    server.papers["math/0301001"] = Paper("math/0301001", versions=2)
    server.malformed = bad
    server.faults.clear()
    server.faults.extend(faults)
    desk = Desk(server, tmp_path_factory.mktemp("desk"))
    result = desk.fetch(*map(str, asked))
    for one in result.unknown:
        paper = server.papers.get(one.id)
        # unknown is arXiv's word, never ours for what did not come
        assert paper is None or (one.version or 0) > paper.versions
    if not any(faults):
        assert not result.failed
        assert {one.id for one in result.malformed} <= bad


@given(ids=st.lists(arxiv_ids, min_size=1, max_size=3000))
@settings(max_examples=30)
def test_batches_hold_every_id_once_and_stay_short(ids: list[ArxivId]) -> None:
    from bridge.arxiv.services import with_query

    batches = list(fill_batches(ids, "https://export.arxiv.org/api/query"))
    assert [one for batch in batches for one in batch] == ids
    for batch in batches:
        assert 0 < len(batch) <= MOST_IDS
        parameters = {"id_list": ",".join(map(str, batch)), "max_results": str(len(batch))}
        assert len(with_query("https://export.arxiv.org/api/query", parameters)) <= MOST_URL + 2
