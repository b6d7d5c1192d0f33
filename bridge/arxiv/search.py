"""A query's results, page by page, and beyond the 30,000 that arXiv gives out, in windows of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bridge.arxiv.pages import MOST_REPEATS, Page, ask_page
from bridge.arxiv.services import Connections
from bridge.errors import Place, Problem, RemoteError, UsageError
from bridge.identifiers import ArxivId
from bridge.normalise import Entry, Report

PAGE = 1_000
"""Results in one request. arXiv takes up to 2,000, and pages of that size come back short at times."""
REACHABLE = 30_000
"""Results that one query gives out in all; beyond that the API answers 400."""
_FIRST_PAPERS = datetime(1991, 7, 1, tzinfo=UTC)

_KEYS = {
    "relevance": "relevance",
    "submitted": "submittedDate",
    "submitteddate": "submittedDate",
    "updated": "lastUpdatedDate",
    "lastupdated": "lastUpdatedDate",
    "lastupdateddate": "lastUpdatedDate",
}
_ORDERS = {
    "asc": "ascending",
    "ascending": "ascending",
    "desc": "descending",
    "descending": "descending",
}


@dataclass(frozen=True, slots=True)
class Sort:
    """arXiv's sortBy and sortOrder. Newest submissions first unless somebody asks otherwise: relevance gives
    ties no order, and pages cut out of no order lose papers and repeat others."""

    by: str = "submittedDate"
    order: str = "descending"


def parse_sort(text: str | None) -> Sort:
    """`submittedDate`, `lastUpdatedDate` or `relevance` (or `submitted`, `updated`), `:ascending` behind it.

    Raises UsageError.
    """
    if not text:
        return Sort()
    key, _, order = text.strip().lower().partition(":")
    if key not in _KEYS or order not in ("", *_ORDERS):
        raise UsageError(
            f"arXiv cannot sort by {text!r}",
            "say submittedDate, lastUpdatedDate or relevance, and :ascending or :descending if you like",
        )
    return Sort(_KEYS[key], _ORDERS.get(order, "descending"))


class Search:
    """One query; iterate to get its pages of entries, each entry once, at most `most` entries (None: all).

    The iteration raises RemoteError when arXiv refuses for good, after what has arrived, and UsageError when
    it calls the query itself wrong.
    """

    def __init__(
        self, connections: Connections, search: str, sort: Sort, most: int | None, report: Report
    ) -> None:
        self._connections = connections
        self._search = search
        self._sort = sort
        self._most = most
        self._report = report
        self._seen: set[ArxivId] = set()
        self._beginning = _FIRST_PAPERS
        today = datetime.fromtimestamp(connections.patience.clock.wall(), UTC)
        self._end = today.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)
        self.total: int | None = None
        """How many results arXiv counts; known after the first page."""

    @property
    def wanted(self) -> int | None:
        if self.total is None or self._most is None:
            return self.total
        return min(self.total, self._most)

    def __iter__(self) -> Iterator[dict[ArxivId, Entry]]:
        first = self._ask(self._search, self._sort, 0)
        self.total = first.total
        if self.wanted is not None and self.wanted > REACHABLE:
            yield from self._by_windows()
        else:
            yield from self._pages(self._search, self._sort, first)

    def _pages(self, search: str, sort: Sort, first: Page) -> Iterator[dict[ArxivId, Entry]]:
        page, start = first, 0
        while True:
            yield self._fresh(page)
            # a short page is not the last one: arXiv sends fewer than asked at times
            start += page.received
            if self._left == 0 or start >= min(page.total or 0, REACHABLE):
                return
            page = self._ask(search, sort, start)

    @property
    def _left(self) -> int:
        return PAGE if self._most is None else max(0, self._most - len(self._seen))

    def _fresh(self, page: Page) -> dict[ArxivId, Entry]:
        """The entries of a page that are new (pages overlap when papers arrive meanwhile) and wanted."""
        for text in page.bad_ids:
            self._report(
                Problem(
                    Place(self._search, entry=text), "bad-id", f"an entry has the id {text!r}, which is none"
                )
            )
        fresh = [(named, entry) for named, entry in page.entries.items() if named not in self._seen]
        taken = dict(fresh[: self._left] if self._most is not None else fresh)
        self._seen.update(taken)
        return taken

    def _by_windows(self) -> Iterator[dict[ArxivId, Entry]]:
        """Halve the time until a window holds no more than can be reached, newest or oldest window first."""
        sort = self._sort
        if sort.by != "submittedDate":
            sort = Sort()
            self._report(
                Problem(
                    Place(self._search),
                    "sorted-by-date",
                    f"more than {REACHABLE:,} results are only to be had by date of submission, so they come "
                    "in that order",
                    lost=False,
                )
            )
        windows = [(self._beginning, self._end)]
        while windows and self._left:
            low, high = windows.pop()
            # the ends of neighbouring windows are the same minute: nobody says whether it counts its seconds
            within = f"({self._search}) AND submittedDate:[{low:%Y%m%d%H%M} TO {high:%Y%m%d%H%M}]"
            page = self._ask(within, sort, 0)
            if (page.total or 0) > REACHABLE and high - low >= timedelta(minutes=2):
                middle = (low + (high - low) / 2).replace(second=0, microsecond=0)
                older, newer = (low, middle), (middle, high)
                # the last in the list is the next to be asked
                windows += [newer, older] if sort.order == "ascending" else [older, newer]
            else:
                yield from self._pages(within, sort, page)
        if self._left and self.total is not None and len(self._seen) < self.total:
            lost = self.total - len(self._seen)
            self._report(
                Problem(
                    Place(self._search),
                    "results-missing",
                    f"arXiv counts {self.total:,} results and {lost:,} of them have not come",
                )
            )

    def _ask(self, search: str, sort: Sort, start: int) -> Page:
        """One page, asked again while it is damaged, or empty although there should be more."""
        count = min(PAGE, max(self._left, 1), REACHABLE - start)
        parameters = {
            "search_query": search,
            "start": str(start),
            "max_results": str(count),
            "sortBy": sort.by,
            "sortOrder": sort.order,
        }
        connections = self._connections
        host = connections.query_host
        for repeat in range(MOST_REPEATS + 1):
            page = ask_page(connections, parameters)
            if page.error is not None and start == 0:
                raise UsageError(f"arXiv does not take the query {self._search!r}: {page.error}")
            if page.error is not None or page.status != 200:
                raise RemoteError(host, page.error or f"answers {page.status}", status=page.status)
            empty = not page.received and (page.total or 0) > start
            if page.damage is None and not empty:
                return page
            what = page.damage or f"an empty page, although it counts {page.total} results"
            pause = max(connections.services.delay, 1.0) * 2.0**repeat
            if pause > connections.patience.remaining:
                break
            connections.patience.wait(pause, f"{host} sends a bad page ({what})")
        raise RemoteError(host, f"keeps sending bad pages ({what})", status=page.status)
