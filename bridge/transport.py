"""The one HTTP transport, for arXiv and Zotero: time-outs, retries, Retry-After, Backoff, allowed hosts.

`httpx2.Client(transport=RetryTransport(...))` (and pyzotero's `Zotero(client=...)`) then either returns an
answer that arrived whole, or raises RemoteError with who refused, how, and for how long: a refusal never
comes out as a response that somebody might take for an empty result.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Protocol
from urllib.request import getproxies, proxy_bypass

import httpx2

from bridge._version import __version__
from bridge.errors import RemoteError, UsageError
from bridge.patience import Patience, TransportStats

PROJECT_URL = "https://github.com/bibbridge/bibbridge"

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_DEFAULT_PORTS = {"https": 443, "http": 80}
# an attempt is given this long even when the budget is nearly gone, else it could not succeed at all
_LEAST_ATTEMPT = 3.0
_MIB = 1 << 20
# Describe the body as it travelled, which is over; or were obeyed here, so that nobody obeys them twice
# (pyzotero sleeps on Backoff and Retry-After by itself, unbounded).
_SPENT_HEADERS = ("content-encoding", "content-length", "transfer-encoding", "backoff", "retry-after")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """What is tried again, and how patiently. Seconds, bytes.

    `statuses` are refusals: they are retried and never handed out as an answer; every 5xx is one of them.
    Methods that write are retried only if they never left, or with `retry_writes`, which is for a caller
    whose writes carry keys and versions, so that a replay cannot do them twice.
    """

    statuses: frozenset[int] = frozenset({408, 429})
    retry_writes: bool = False
    first_wait: float = 1.0
    longest_wait: float = 60.0
    # a host that cannot be reached at all is given up sooner than one that answers "later"
    connect_attempts: int = 4
    connect_timeout: float = 15.0
    read_timeout: float = 60.0
    max_bytes: int = 64 * _MIB

    def refuses(self, status: int) -> bool:
        return status in self.statuses or 500 <= status <= 599


@dataclass(frozen=True, slots=True)
class Reach:
    """The origins that a client may talk to, redirects included: (scheme, host, port)."""

    origins: frozenset[tuple[str, str, int]]

    @classmethod
    def of(cls, url: str, *also: str) -> Reach:
        """The origin of `url`, its https form, and https on the hosts `also`.

        `url` is the one a user configured, so plain http is taken when it says so; never otherwise.
        Raises UsageError for a URL that is not http or https.
        """
        try:
            parsed = httpx2.URL(url)
        except httpx2.InvalidURL as error:
            raise UsageError(f"{url!r} is no URL: {error}") from error
        if parsed.scheme not in _DEFAULT_PORTS or not parsed.host:
            raise UsageError(
                f"{url!r} is no http or https URL",
                "look at BIBBRIDGE_ARXIV_URL, BIBBRIDGE_OAI_URL, BIBBRIDGE_RSS_URL and BIBBRIDGE_ZOTERO_URL",
            )
        origins = {_origin(parsed), ("https", parsed.host, 443)}
        return cls(frozenset(origins | {("https", host, 443) for host in also}))

    def allows(self, url: httpx2.URL) -> bool:
        return _origin(url) in self.origins

    def __or__(self, other: Reach) -> Reach:
        return Reach(self.origins | other.origins)


def _origin(url: httpx2.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or _DEFAULT_PORTS.get(url.scheme, 0)


class Gate(Protocol):
    """Who decides when the next request may leave; its turn lasts until the answer has arrived."""

    def turn(self, patience: Patience) -> AbstractContextManager[None]: ...


class _OpenGate:
    def turn(self, patience: Patience) -> AbstractContextManager[None]:
        return nullcontext()


@dataclass(frozen=True, slots=True)
class _Failure:
    """One attempt that brought no answer: what the service said or did, in words that follow its name."""

    reason: str
    status: int | None = None
    retry_after: float | None = None
    unreachable: bool = False


class RetryTransport(httpx2.BaseTransport):
    """Sends requests until an answer comes or patience ends.

    Responses are read whole (decoded, at most `policy.max_bytes`) before they are returned, so that an answer
    that breaks off is retried like one that never came. `gate` is asked before every attempt, retries and
    redirects included. A Backoff header delays the next request to that host.

    Raises RemoteError for refusals and failures after retries, for answers too large, and for hosts outside
    `reach`.
    """

    def __init__(
        self,
        policy: RetryPolicy,
        reach: Reach,
        patience: Patience,
        *,
        gate: Gate | None = None,
        inner: httpx2.BaseTransport | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._policy = policy
        self._reach = reach
        self._patience = patience
        self._gate: Gate = gate or _OpenGate()
        self._inner = inner
        self._pools: dict[tuple[str, str | None], httpx2.BaseTransport] = {}
        self._jitter = jitter
        # host → (monotonic time before which nothing is sent, the refusal's status if it was one)
        self._not_before: dict[str, tuple[float, int | None]] = {}

    @property
    def stats(self) -> TransportStats:
        return self._patience.stats

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        host = request.url.host
        if not self._reach.allows(request.url):
            raise RemoteError(host or str(request.url), "is none of the addresses that may be asked here")
        request.read()  # a body that streams could not be sent twice
        attempt = unreached = 0
        while True:
            self._wait_out_backoff(host)
            attempt += 1
            outcome = self._attempt(request)
            if isinstance(outcome, httpx2.Response):
                self._refuse_stray_redirect(request, outcome)
                return outcome
            unreached = unreached + 1 if outcome.unreachable else 0
            wait = max(outcome.retry_after or 0.0, self._pause(attempt))
            if (
                not (outcome.unreachable or self._may_repeat(request))
                or unreached >= self._policy.connect_attempts
                or wait > self._patience.remaining
            ):
                raise self._given_up(host, outcome, attempt)
            self._patience.wait(wait, f"{host} {outcome.reason}")

    def close(self) -> None:
        for pool in self._pools.values():
            pool.close()
        self._pools.clear()

    def _may_repeat(self, request: httpx2.Request) -> bool:
        return request.method in _SAFE_METHODS or self._policy.retry_writes

    def _pause(self, attempt: int) -> float:
        """Exponential, half of it by chance, so that many clients do not come back at one moment."""
        longest = min(self._policy.longest_wait, self._policy.first_wait * 2.0 ** min(attempt - 1, 30))
        return longest * (0.5 + 0.5 * self._jitter())

    def _wait_out_backoff(self, host: str) -> None:
        until, status = self._not_before.get(host, (0.0, None))
        wait = until - self._patience.clock.monotonic()
        if wait > self._patience.remaining:
            raise RemoteError(
                host, f"asked to be left alone for {wait:.0f} s more", status=status, retry_after=wait
            )
        if self._patience.exhausted:
            raise RemoteError(host, "not asked: the time for retries and waiting is used up")
        if wait > 0:
            self._patience.wait(wait, f"{host} asks for a pause")

    def _given_up(self, host: str, failure: _Failure, attempts: int) -> RemoteError:
        if failure.retry_after is not None:
            until = self._patience.clock.monotonic() + failure.retry_after
            self._not_before[host] = (until, failure.status)
        times = "" if attempts == 1 else f" (asked {attempts} times)"
        if failure.retry_after is not None:
            advice = f"try again in {failure.retry_after:.0f} s"
        elif failure.unreachable:
            advice = "check the network connection"
        else:
            advice = "try again later, or give it more time with --timeout"
        return RemoteError(
            host,
            failure.reason + times,
            status=failure.status,
            retry_after=failure.retry_after,
            advice=advice,
        )

    def _attempt(self, request: httpx2.Request) -> httpx2.Response | _Failure:
        with self._gate.turn(self._patience):
            clock = self._patience.clock
            started = clock.monotonic()
            whole = max(_LEAST_ATTEMPT, self._patience.remaining)
            self._set_timeouts(request, whole)
            self._patience.stats.requests += 1
            try:
                answer = self._pool_for(request.url).handle_request(request)
                failure = self._refusal(answer)
                # a refusal's body is read too: the connection is kept for the next attempt
                response = self._read(answer, request, started + whole)
            except httpx2.TimeoutException:
                failure = _Failure(f"did not answer within {clock.monotonic() - started:.0f} s")
            except httpx2.ConnectError as error:
                failure = _Failure(f"cannot be reached ({error})", unreachable=True)
            except httpx2.DecodingError as error:
                failure = _Failure(f"sent an answer that cannot be unpacked ({error})")
            except (httpx2.NetworkError, httpx2.RemoteProtocolError) as error:
                failure = _Failure(f"broke off ({error})")
            except httpx2.TransportError as error:
                raise RemoteError(request.url.host, f"cannot be asked ({error})") from error
            if failure is None:
                return response
            self._patience.spend(clock.monotonic() - started)
            return failure

    def _set_timeouts(self, request: httpx2.Request, whole: float) -> None:
        asked = request.extensions.get("timeout", {})
        limits = {"connect": self._policy.connect_timeout, "read": self._policy.read_timeout}
        request.extensions["timeout"] = {
            step: min(asked.get(step) or limit, limit, whole)
            for step, limit in (*limits.items(), ("write", limits["read"]), ("pool", limits["read"]))
        }

    def _refusal(self, answer: httpx2.Response) -> _Failure | None:
        wait = _seconds(answer.headers.get("retry-after"), answer.headers.get("date"), self._patience)
        if not self._policy.refuses(answer.status_code):
            return None
        reason = f"answers {answer.status_code} {answer.reason_phrase}".rstrip()
        return _Failure(reason, answer.status_code, wait)

    def _read(self, answer: httpx2.Response, request: httpx2.Request, deadline: float) -> httpx2.Response:
        """The whole answer, decoded. Raises as httpx2 does, ReadTimeout after `deadline`, RemoteError."""
        host = request.url.host
        chunks: list[bytes] = []
        size = 0
        try:
            for chunk in answer.iter_bytes():
                size += len(chunk)
                if size > self._policy.max_bytes:
                    raise RemoteError(
                        host, f"sends more than {self._policy.max_bytes / _MIB:.0f} MiB at once"
                    )
                if self._patience.clock.monotonic() > deadline:
                    raise httpx2.ReadTimeout("the answer trickles")
                chunks.append(chunk)
        finally:
            answer.close()
        said = ["backoff"]
        if not self._policy.refuses(answer.status_code):
            # a service may ask for a pause with an answer that is no refusal, too
            said.append("retry-after")
        date = answer.headers.get("date")
        pauses = (_seconds(answer.headers.get(name), date, self._patience) for name in said)
        if (pause := max((pause for pause in pauses if pause is not None), default=None)) is not None:
            self._not_before[host] = (self._patience.clock.monotonic() + pause, None)
        headers = answer.headers.copy()
        for name in _SPENT_HEADERS:
            headers.pop(name, None)
        return httpx2.Response(
            answer.status_code,
            headers=headers,
            content=b"".join(chunks),
            request=request,
            extensions={
                name: answer.extensions[name]
                for name in ("http_version", "reason_phrase")
                if name in answer.extensions
            },
        )

    def _refuse_stray_redirect(self, request: httpx2.Request, response: httpx2.Response) -> None:
        if not response.has_redirect_location:
            return
        try:
            target = request.url.join(response.headers["location"])
        except httpx2.InvalidURL as error:
            raise RemoteError(request.url.host, "redirects to what is no URL") from error
        if not self._reach.allows(target):
            raise RemoteError(
                request.url.host,
                f"redirects to {target.scheme}://{target.host}, which is not followed",
                status=response.status_code,
            )

    def _pool_for(self, url: httpx2.URL) -> httpx2.BaseTransport:
        if self._inner is not None:
            return self._inner
        proxy = _proxy_for(url)
        key = url.scheme, proxy
        if key not in self._pools:
            self._pools[key] = httpx2.HTTPTransport(
                # this pool never sees an https URL, and reading the system's certificates takes 0.1 s
                verify=url.scheme != "http" or proxy is not None,
                proxy=proxy,
                # one connection: arXiv asks for it, and nothing here runs side by side
                limits=httpx2.Limits(max_connections=1, max_keepalive_connections=1),
            )
        return self._pools[key]


def _proxy_for(url: httpx2.URL) -> str | None:
    """The proxy that the environment names for a URL: a client with a transport of its own does not look."""
    if is_loopback(url.host) or proxy_bypass(url.host):
        return None
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _seconds(value: str | None, date: str | None, patience: Patience) -> float | None:
    """A Retry-After or Backoff value in seconds from now: a number, or an HTTP date (RFC 9110, 10.2.3).

    A date is measured against the answer's own Date header, for this machine's clock may be wrong.
    What is neither counts as absent.
    """
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.replace(".", "", 1).isdigit():
        return float(value)
    until = _http_date(value)
    if until is None:
        return None
    now = _http_date(date) if date else None
    return max(0.0, until - (patience.clock.wall() if now is None else now))


def _http_date(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    # RFC 9110: a date without a zone is in UTC
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def user_agent(contact: str | None = None) -> str:
    """`bibbridge/VERSION (+URL; mailto:CONTACT)`: who asks, so that a service can say what bothers it.

    Raises UsageError for a contact that cannot stand in a header.
    """
    about = f"+{PROJECT_URL}"
    if contact:
        if not contact.isascii() or not contact.isprintable() or any(c in contact for c in "() "):
            raise UsageError(
                f"the contact {contact!r} cannot be sent to a server",
                "give a plain mail address, such as me@example.org",
            )
        about += f"; {contact if ':' in contact else 'mailto:' + contact}"
    return f"bibbridge/{__version__} ({about})"
