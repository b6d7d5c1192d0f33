"""The transport against a real loopback server that misbehaves; all waiting is on a virtual clock."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from email.utils import formatdate

import httpx2
import pytest
from arxivserver import (
    ArxivServer,
    VirtualClock,
    body,
    gzipped,
    redirect,
    reset_mid_body,
    same_body,
    slow,
    status,
    with_headers,
)

from bridge.errors import RemoteError, UsageError
from bridge.patience import Patience
from bridge.transport import Reach, RetryPolicy, RetryTransport, user_agent

POLICY = RetryPolicy(statuses=frozenset({406, 429}), first_wait=3.0)


@pytest.fixture
def server() -> Iterator[ArxivServer]:
    with ArxivServer() as running:
        yield running


class Told:
    """Remembers what a progress was told."""

    def __init__(self) -> None:
        self.reasons: list[str] = []

    def update(self, done: int, total: int | None, what: str) -> None:
        pass

    def waiting(self, seconds: float, why: str) -> None:
        self.reasons.append(why)

    def close(self) -> None:
        pass


def patience(seconds: float = 120.0) -> Patience:
    return Patience(seconds, clock=VirtualClock(), progress=Told())


def client(
    server: ArxivServer,
    given: Patience | None = None,
    policy: RetryPolicy = POLICY,
    **also: object,
) -> httpx2.Client:
    transport = RetryTransport(policy, Reach.of(server.url), given or patience(), jitter=lambda: 1.0, **also)  # type: ignore[arg-type]
    return httpx2.Client(transport=transport, follow_redirects=True)


def test_an_answer_comes_through_whole(server: ArxivServer) -> None:
    given = patience()
    server.faults.append(with_headers(X_Word="kept"))
    with client(server, given) as asking:
        response = asking.get(server.url)
    assert response.status_code == 200
    assert b"totalResults" in response.content
    assert response.headers["x-word"] == "kept"
    assert (given.stats.requests, given.stats.seconds_waited, given.spent) == (1, 0.0, 0.0)


@pytest.mark.parametrize("code", [406, 429, 500, 502, 503, 504])
def test_a_refusal_is_retried_with_growing_waits(server: ArxivServer, code: int) -> None:
    given = patience()
    server.faults.extend([status(code), status(code), status(code)])
    with client(server, given) as asking:
        assert asking.get(server.url).status_code == 200
    assert given.stats.requests == 4
    assert given.stats.seconds_waited == 3 + 6 + 12
    assert given.spent == 3 + 6 + 12
    assert any(str(code) in reason for reason in given.progress.reasons)  # type: ignore[attr-defined]


def test_a_406_with_a_good_feed_in_it_is_a_refusal_too(server: ArxivServer) -> None:
    server.faults.append(same_body(406))
    with client(server) as asking:
        assert asking.get(server.url).status_code == 200
    assert [seen.status for seen in server.seen] == [406, 200]


@pytest.mark.parametrize("code", [400, 403, 404, 412])
def test_other_errors_are_the_callers(server: ArxivServer, code: int) -> None:
    server.always = status(code)
    with client(server) as asking:
        assert asking.get(server.url).status_code == code
    assert len(server.seen) == 1


def test_jitter_takes_up_to_half_of_a_wait(server: ArxivServer) -> None:
    given = patience()
    server.faults.append(status(429))
    transport = RetryTransport(POLICY, Reach.of(server.url), given, jitter=lambda: 0.0)
    with httpx2.Client(transport=transport) as asking:
        asking.get(server.url)
    assert given.stats.seconds_waited == 1.5


@pytest.mark.parametrize(
    ("headers", "waited"),
    [
        ({"Retry_After": "17"}, 17),
        ({"Retry_After": " 17 "}, 17),
        # a number below our own pause, and what is neither number nor date
        ({"Retry_After": "0"}, 3),
        ({"Retry_After": "soon"}, 3),
        ({"Retry_After": "-5"}, 3),
        ({"Retry_After": "Sat, 99 Foo 2026 10:00:00 GMT"}, 3),
    ],
)
def test_retry_after(server: ArxivServer, headers: dict[str, str], waited: float) -> None:
    given = patience()
    server.faults.append(status(503, **headers))
    with client(server, given) as asking:
        asking.get(server.url)
    assert given.stats.seconds_waited == waited


def test_retry_after_as_a_date_is_measured_against_the_answers_own_date(server: ArxivServer) -> None:
    given = patience()

    def refuse(reply: object) -> object:
        # http.server adds the machine's Date, which comes first; the virtual clock stands elsewhere
        from time import time

        return status(429, Retry_After=formatdate(time() + 40, usegmt=True))(reply)  # type: ignore[arg-type]

    server.faults.append(refuse)  # type: ignore[arg-type]
    with client(server, given) as asking:
        asking.get(server.url)
    assert 38 <= given.stats.seconds_waited <= 40


def test_a_date_in_the_past_means_our_own_pause(server: ArxivServer) -> None:
    given = patience()
    server.faults.append(status(429, Retry_After="Thu, 01 Jan 2026 00:00:00 GMT"))
    with client(server, given) as asking:
        asking.get(server.url)
    assert given.stats.seconds_waited == 3


def test_the_budget_ends_the_retries(server: ArxivServer) -> None:
    given = patience(20)
    server.always = status(503)
    with client(server, given) as asking, pytest.raises(RemoteError) as caught:
        asking.get(server.url)
    assert (caught.value.service, caught.value.status) == ("127.0.0.1", 503)
    assert caught.value.retry_after is None
    assert "asked 3 times" in str(caught.value)
    assert given.stats.requests == 3  # 3 s, 6 s; the next pause of 12 s is over the budget
    assert given.spent <= 20


def test_a_pause_longer_than_the_budget_is_not_begun(server: ArxivServer) -> None:
    given = patience(60)
    server.always = status(429, Retry_After="3600")
    with client(server, given) as asking:
        with pytest.raises(RemoteError) as caught:
            asking.get(server.url)
        assert (caught.value.status, caught.value.retry_after) == (429, 3600)
        assert given.stats.seconds_waited == 0
        # the next one is not even sent
        with pytest.raises(RemoteError, match="left alone") as again:
            asking.get(server.url)
    assert again.value.retry_after == 3600
    assert len(server.seen) == 1


def test_a_budget_of_nothing_is_one_attempt(server: ArxivServer) -> None:
    given = patience(0)
    server.faults.extend([status(503), None])
    with client(server, given) as asking:
        with pytest.raises(RemoteError):
            asking.get(server.url)
        assert asking.get(server.url).status_code == 200


def test_nothing_is_asked_when_the_budget_is_used_up(server: ArxivServer) -> None:
    given = patience(5)
    given.spend(5)
    with client(server, given) as asking, pytest.raises(RemoteError, match="used up"):
        asking.get(server.url)
    assert server.seen == []


def test_backoff_on_a_good_answer_delays_the_next_request(server: ArxivServer) -> None:
    given = patience()
    server.faults.append(with_headers(Backoff="25"))
    with client(server, given) as asking:
        first = asking.get(server.url)
        assert given.stats.seconds_waited == 0
        asking.get(server.url)
        assert given.stats.seconds_waited == 25
        asking.get(server.url)
    assert given.stats.seconds_waited == 25
    # obeyed here, so not shown to a client that would sleep once more
    assert "backoff" not in first.headers


def test_retry_after_on_a_good_answer_delays_the_next_request(server: ArxivServer) -> None:
    given = patience()
    server.faults.append(with_headers(Retry_After="25", Backoff="4"))
    with client(server, given) as asking:
        asking.get(server.url)
        asking.get(server.url)
        assert given.stats.seconds_waited == 25
        asking.get(server.url)
    assert given.stats.seconds_waited == 25


def test_backoff_on_an_error_counts_too(server: ArxivServer) -> None:
    given = patience()
    server.faults.append(status(412, Backoff="25", Retry_After="9"))
    with client(server, given) as asking:
        refused = asking.get(server.url)
        asking.get(server.url)
    assert refused.status_code == 412
    assert "retry-after" not in refused.headers
    assert given.stats.seconds_waited == 25


def test_connection_refused(server: ArxivServer) -> None:
    with socket.socket() as reserved:
        # bound and not listening: nobody else gets the port, and connecting to it is refused
        reserved.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{reserved.getsockname()[1]}/"
        given = patience()
        transport = RetryTransport(POLICY, Reach.of(url), given, jitter=lambda: 1.0)
        with httpx2.Client(transport=transport) as asking, pytest.raises(RemoteError) as caught:
            asking.get(url)
    assert caught.value.status is None
    assert "cannot be reached" in caught.value.reason
    assert given.stats.requests == POLICY.connect_attempts
    assert given.stats.seconds_waited == 3 + 6 + 12


def test_reset_mid_body_is_retried(server: ArxivServer) -> None:
    given = patience()
    server.faults.append(reset_mid_body)
    with client(server, given) as asking:
        assert asking.get(server.url).content.endswith(b"</feed>")
    assert given.stats.requests == 2


def test_a_slow_body_is_a_time_out_and_retried(server: ArxivServer) -> None:
    given = patience()
    server.faults.append(slow(5))
    with client(server, given, replace(POLICY, read_timeout=0.2)) as asking:
        assert asking.get(server.url).content.endswith(b"</feed>")
    # on a busy machine a good answer may be late as well
    assert given.stats.requests >= 2
    assert given.stats.seconds_waited >= 3


def test_a_trickling_body_does_not_last_for_ever() -> None:
    clock = VirtualClock()

    class Trickle(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            while True:
                clock.sleep(5)
                yield b" "

    inner = httpx2.MockTransport(lambda request: httpx2.Response(200, stream=Trickle()))
    given = Patience(60, clock=clock)
    transport = RetryTransport(POLICY, Reach.of("https://export.arxiv.org/"), given, inner=inner)
    with (
        httpx2.Client(transport=transport) as asking,
        pytest.raises(RemoteError, match="did not answer within"),
    ):
        asking.get("https://export.arxiv.org/")
    assert given.spent >= 60


def test_gzip_is_unpacked_and_its_headers_are_gone(server: ArxivServer) -> None:
    server.faults.append(gzipped)
    with client(server) as asking:
        response = asking.get(server.url)
    assert response.content.endswith(b"</feed>")
    assert "content-encoding" not in response.headers
    assert int(response.headers["content-length"]) == len(response.content)


def test_broken_gzip_is_retried(server: ArxivServer) -> None:
    server.faults.append(body(b"this is no gzip", Content_Encoding="gzip"))
    with client(server) as asking:
        assert asking.get(server.url).content.endswith(b"</feed>")
    assert len(server.seen) == 2


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_too_large_is_refused(server: ArxivServer, packed: bool) -> None:
    huge = body(b" " * 300_000)
    server.always = (lambda reply: gzipped(huge(reply))) if packed else huge
    given = patience()
    policy = replace(POLICY, max_bytes=200_000)
    with client(server, given, policy) as asking, pytest.raises(RemoteError, match="at once"):
        asking.get(server.url)
    assert len(server.seen) == 1


def test_redirects_stay_at_home(server: ArxivServer) -> None:
    server.faults.append(redirect("/api/query?search_query=all:x"))
    with client(server) as asking:
        response = asking.get(server.origin + "/elsewhere")
    assert response.status_code == 200
    assert server.seen[-1].query == {"search_query": "all:x"}


@pytest.mark.parametrize(
    "target",
    [
        "http://192.0.2.1/api/query",
        "https://evil.example/",
        "//evil.example/api/query",
        "file:///etc/passwd",
        "http://127.0.0.1:1/",
        "ftp://127.0.0.1/",
    ],
)
def test_redirects_elsewhere_are_refused(server: ArxivServer, target: str) -> None:
    server.always = redirect(target)
    given = patience()
    with client(server, given) as asking, pytest.raises(RemoteError, match="redirects to"):
        asking.get(server.url)
    assert given.stats.requests == 1


def test_a_redirect_loop_ends(server: ArxivServer) -> None:
    server.always = redirect("/api/query")
    with client(server) as asking, pytest.raises(httpx2.TooManyRedirects):
        asking.get(server.url)


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        ("https://export.arxiv.org/api/query?x=1", True),
        ("https://arxiv.org/abs/1", True),
        ("http://export.arxiv.org/api/query", False),
        ("http://arxiv.org/", False),
        ("https://arxiv.org:8443/", False),
        ("https://arxiv.org.evil.example/", False),
        ("https://user@evil.example/arxiv.org", False),
        ("http://127.0.0.1/", False),
    ],
)
def test_reach_of_https(asked: str, allowed: bool) -> None:
    reach = Reach.of("https://export.arxiv.org/api/query", "arxiv.org")
    assert reach.allows(httpx2.URL(asked)) is allowed


def test_reach_takes_plain_http_only_where_the_user_said_so() -> None:
    reach = Reach.of("http://mirror.example:8080/api", "arxiv.org")
    assert reach.allows(httpx2.URL("http://mirror.example:8080/other"))
    assert reach.allows(httpx2.URL("https://mirror.example/other"))
    assert not reach.allows(httpx2.URL("http://mirror.example/other"))
    assert not reach.allows(httpx2.URL("http://arxiv.org/"))


@pytest.mark.parametrize("url", ["ftp://x/", "export.arxiv.org/api", "http://", "", "http://[::1"])
def test_reach_of_what_is_no_address(url: str) -> None:
    with pytest.raises(UsageError):
        Reach.of(url)


def test_asking_a_stranger_is_refused_before_anything_is_sent(server: ArxivServer) -> None:
    given = patience()
    with client(server, given) as asking, pytest.raises(RemoteError):
        asking.get("https://evil.example/")
    assert given.stats.requests == 0


def test_a_write_is_retried_only_when_the_caller_says_so(server: ArxivServer) -> None:
    server.faults.append(status(503))
    with client(server) as asking, pytest.raises(RemoteError):
        asking.post(server.url, json=[1])
    assert len(server.seen) == 1
    server.faults.append(status(503))
    with client(server, policy=replace(POLICY, retry_writes=True)) as asking:
        assert asking.post(server.url, json=[1]).status_code == 200
    assert len(server.seen) == 3


def test_a_write_that_never_left_may_be_repeated() -> None:
    answers: list[object] = [httpx2.ConnectError("refused"), httpx2.Response(200)]

    def answer(request: httpx2.Request) -> httpx2.Response:
        result = answers.pop(0)
        if isinstance(result, Exception):
            raise result
        assert isinstance(result, httpx2.Response)
        return result

    transport = RetryTransport(
        POLICY, Reach.of("https://api.zotero.org"), patience(), inner=httpx2.MockTransport(answer)
    )
    with httpx2.Client(transport=transport) as asking:
        assert asking.post("https://api.zotero.org/x", json=[1]).status_code == 200


def test_a_body_that_streams_can_be_sent_twice(server: ArxivServer) -> None:
    server.faults.append(status(503))
    with client(server, policy=replace(POLICY, retry_writes=True)) as asking:
        response = asking.post(server.url, content=iter([b"[", b"]"]))
    assert response.status_code == 200


def test_the_gate_is_asked_before_every_attempt(server: ArxivServer) -> None:
    from contextlib import contextmanager

    turns: list[str] = []

    class Gate:
        @contextmanager
        def turn(self, given: Patience) -> Iterator[None]:
            turns.append("in")
            yield
            turns.append("out")

    server.faults.extend([status(503), redirect("/api/query")])
    with client(server, gate=Gate()) as asking:
        asking.get(server.url)
    assert turns == ["in", "out"] * 3


def test_pyzotero_runs_over_it_and_does_not_sleep_by_itself(
    server: ArxivServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyzotero import Zotero

    naps: list[float] = []
    monkeypatch.setattr("time.sleep", naps.append)
    server.faults.extend(
        [
            status(429, Retry_After="10"),
            body(b"[]", Content_Type="application/json", Backoff="7", Last_Modified_Version="5"),
            body(b"[]", Content_Type="application/json"),
        ]
    )
    given = patience()
    zotero = Zotero(1, "group", "key", client=client(server, given))
    zotero.endpoint = server.origin
    assert zotero.items() == []
    assert zotero.request.headers["last-modified-version"] == "5"
    assert zotero.items() == []
    assert given.stats.seconds_waited == 17
    assert naps == []


def test_proxies_of_the_environment_are_used_but_not_for_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    from bridge.transport import _proxy_for

    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    assert _proxy_for(httpx2.URL("https://export.arxiv.org/")) is None
    monkeypatch.setenv("https_proxy", "proxy.example:3128")
    monkeypatch.setenv("no_proxy", "intern.example")
    assert _proxy_for(httpx2.URL("https://export.arxiv.org/")) == "http://proxy.example:3128"
    assert _proxy_for(httpx2.URL("https://intern.example/")) is None
    assert _proxy_for(httpx2.URL("https://127.0.0.1/")) is None
    assert _proxy_for(httpx2.URL("https://localhost/")) is None


def test_user_agent() -> None:
    assert user_agent().startswith("bibbridge/")
    assert user_agent("me@example.org").endswith("; mailto:me@example.org)")
    assert user_agent("https://example.org/me").endswith("; https://example.org/me)")
    for bad in ("me\r\nX-Evil: 1", "mé@example.org", "a (b)"):
        with pytest.raises(UsageError):
            user_agent(bad)
