"""One page of the query API: asked, read, and judged whether it is what was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bridge.arxiv.atom import AtomFeed
from bridge.arxiv.services import Connections
from bridge.errors import InputError, Problem, RemoteError
from bridge.identifiers import ArxivId, InvalidId, parse_arxiv_id
from bridge.normalise import Entry

# how often a damaged or empty page is asked again before it counts as a refusal
MOST_REPEATS = 4


@dataclass(slots=True)
class Page:
    """What came of one request.

    `entries` are those that arrived whole, by id and version, the first of doubles; `repeats` counts them by
    paper and `received` all in all, doubles included; `bad_ids` are ids of entries that are no arXiv id.
    `total` is what arXiv says there is. `damage` says why the page is not all of what was sent, `error` what
    arXiv has against the request itself (an error feed), with the HTTP `status`.
    """

    entries: dict[ArxivId, Entry] = field(default_factory=dict)
    received: int = 0
    bad_ids: list[str] = field(default_factory=list)
    repeats: dict[str, int] = field(default_factory=dict)
    total: int | None = None
    damage: str | None = None
    error: str | None = None
    status: int = 200


def ask_page(connections: Connections, parameters: Mapping[str, str]) -> Page:
    """Ask the query API once (the transport repeats refusals). Raises RemoteError when it refuses for good.

    A status of 400 or 414, and a page that is damaged, are the caller's to deal with.
    """
    response = connections.get(connections.services.query, parameters)
    host = response.url.host
    page = read_page(response.content, host)
    page.status = response.status_code
    if page.status in (200, 414) or (page.status == 400 and page.error is not None):
        return page
    reason = f"answers {page.status} {response.reason_phrase}".rstrip()
    raise RemoteError(host, reason, status=page.status)


def read_page(data: bytes, source: str) -> Page:
    """The page in an answer's bytes, whatever they are. `source` is the host that sent them."""
    page = Page()
    problems: list[Problem] = []
    feed = AtomFeed([data], source, problems.append)
    try:
        for entry in feed:
            page.received += 1
            try:
                named = parse_arxiv_id(entry.id or "")
            except InvalidId:
                page.bad_ids.append(entry.id or "")
                continue
            page.repeats[named.id] = page.repeats.get(named.id, 0) + 1
            page.entries.setdefault(named, entry)
    except InputError as error:
        page.damage = error.reason
    page.total = feed.total_results
    for problem in problems:
        if problem.code == "arxiv-error":
            page.error = problem.detail
    return page
