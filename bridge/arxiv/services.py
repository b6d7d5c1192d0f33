"""Where arXiv is asked (its own hosts, or a mirror that the environment names), and one request there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlencode

import httpx2

from bridge.arxiv.pacing import ARXIV_DELAY, Pace
from bridge.errors import RemoteError, UsageError
from bridge.normalise import Report
from bridge.patience import Patience
from bridge.transport import Reach, RetryPolicy, RetryTransport, user_agent

QUERY_URL = "https://export.arxiv.org/api/query"
OAI_URL = "https://oaipmh.arxiv.org/oai"
RSS_URL = "https://rss.arxiv.org"

_ARXIV_HOSTS = ("arxiv.org", "www.arxiv.org", "export.arxiv.org", "oaipmh.arxiv.org", "rss.arxiv.org")
# the API's edge answers throttled clients with 406 since September 2026
_REFUSALS = frozenset({406, 408, 429})
# at a private mirror nobody asked for three seconds, and yet an error should not be hammered
_LEAST_WAIT = 0.5


@dataclass(frozen=True, slots=True)
class Services:
    """Addresses and manners. `oai` and `rss` are None where there is no such service to ask.

    `delay` is in seconds between requests, `contact` a mail address for the User-Agent.
    """

    query: str = QUERY_URL
    oai: str | None = OAI_URL
    rss: str | None = RSS_URL
    delay: float = ARXIV_DELAY
    contact: str | None = None

    def __post_init__(self) -> None:
        own = any(is_arxivs_own(url) for url in self.addresses)
        if not (math.isfinite(self.delay) and self.delay >= 0):
            raise UsageError(f"BIBBRIDGE_ARXIV_DELAY is {self.delay:g}: it must be seconds, 0 or more")
        if own and self.delay < ARXIV_DELAY:
            raise UsageError(
                f"BIBBRIDGE_ARXIV_DELAY is {self.delay:g} s, and arXiv's own hosts ask for {ARXIV_DELAY:g} s",
                "shorter delays are for private mirrors (BIBBRIDGE_ARXIV_URL)",
            )

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(url for url in (self.query, self.oai, self.rss) if url is not None)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Services:
        """BIBBRIDGE_ARXIV_URL, _OAI_URL, _RSS_URL, _ARXIV_DELAY and _CONTACT.

        With a query API that is not arXiv's, the other services are only those that are named too: nothing
        that was meant for a mirror goes to arXiv. Raises UsageError for what cannot be meant.
        """
        query = environment.get("BIBBRIDGE_ARXIV_URL") or QUERY_URL
        own = is_arxivs_own(query)
        delay_text = environment.get("BIBBRIDGE_ARXIV_DELAY") or str(ARXIV_DELAY)
        try:
            delay = float(delay_text)
        except ValueError:
            raise UsageError(
                f"BIBBRIDGE_ARXIV_DELAY is {delay_text!r}: it must be a number of seconds"
            ) from None
        return cls(
            query,
            environment.get("BIBBRIDGE_OAI_URL") or (OAI_URL if own else None),
            environment.get("BIBBRIDGE_RSS_URL") or (RSS_URL if own else None),
            delay,
            environment.get("BIBBRIDGE_CONTACT") or None,
        )


def is_arxivs_own(url: str) -> bool:
    """Whether a URL is of arxiv.org or a host below it. Raises UsageError for no http or https URL."""
    return any(host == "arxiv.org" or host.endswith(".arxiv.org") for _, host, _ in Reach.of(url).origins)


def service_of(url: str) -> str:
    """Whose manners count at a URL: "arXiv" for all its own hosts, else host and port."""
    return "arXiv" if is_arxivs_own(url) else httpx2.URL(url).netloc.decode("ascii")


class Connections:
    """Paced, patient HTTP to the services; arXiv's own hosts share one pace, every other host has its own.

    Nothing is opened before the first request. Use as a context manager, or `close()`.
    """

    def __init__(self, services: Services, folder: Path, patience: Patience, report: Report) -> None:
        self.services = services
        self.patience = patience
        self._folder = folder
        self._report = report
        self._clients: dict[str, httpx2.Client] = {}

    @property
    def query_host(self) -> str:
        """The query API's host, by which errors call it."""
        return httpx2.URL(self.services.query).host

    def get(
        self,
        url: str,
        parameters: Mapping[str, str] | None = None,
        accept: str = "application/atom+xml",
    ) -> httpx2.Response:
        """One answer, whatever its status among those that are the caller's to judge.

        `parameters` are escaped here; commas stay, so that a list of ids takes less room. Raises RemoteError.
        """
        try:
            return self._client_for(url).get(with_query(url, parameters or {}), headers={"Accept": accept})
        except httpx2.TooManyRedirects as error:
            raise RemoteError(httpx2.URL(url).host, "redirects in a circle") from error

    def _client_for(self, url: str) -> httpx2.Client:
        service = service_of(url)
        if service not in self._clients:
            delay = self.services.delay
            hosts = _ARXIV_HOSTS if is_arxivs_own(url) else ()
            reach = reduce(
                or_, (Reach.of(one, *hosts) for one in self.services.addresses if service_of(one) == service)
            )
            transport = RetryTransport(
                RetryPolicy(statuses=_REFUSALS, first_wait=max(delay, _LEAST_WAIT)),
                reach,
                self.patience,
                gate=Pace(service, self._folder, delay, self._report),
            )
            self._clients[service] = httpx2.Client(
                transport=transport,
                headers={"User-Agent": user_agent(self.services.contact)},
                follow_redirects=True,
                max_redirects=5,
            )
        return self._clients[service]

    def close(self) -> None:
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def with_query(url: str, parameters: Mapping[str, str]) -> str:
    """`url` with its parameters, everything escaped but the commas and slashes of id lists."""
    if not parameters:
        return url
    return url + ("&" if "?" in url else "?") + urlencode(parameters, safe=",/", quote_via=quote)
