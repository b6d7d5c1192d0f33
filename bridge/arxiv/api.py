"""The arXiv client: ids, queries and daily lists in, entries out, and an account of what did not come.

    fetch(ids) → cache → batches of the query API → OAI-PMH for the few that it refuses → FetchResult
    query(text) → cache → pages of the query API
    daily(categories) → the day's ids, for fetch

Asked = delivered + unknown + malformed + failed, always. What arrives is cached at once, so that a run that
was refused half-way goes on there the next time.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from bridge.arxiv.batches import BatchedIds
from bridge.arxiv.cache import DAY, HOUR, Cache
from bridge.arxiv.search import Search, parse_sort
from bridge.arxiv.services import Connections, Services, service_of
from bridge.errors import InputError, Place, Problem, RemoteError, UsageError
from bridge.identifiers import ArxivId, InvalidId, parse_arxiv_id
from bridge.normalise import Entry, Report
from bridge.patience import DEFAULT_SECONDS, Clock, Patience, TransportStats
from bridge.places import cache_dir
from bridge.progress import Progress

if TYPE_CHECKING:
    from bridge.arxiv.oai import Version

MAX_RESULTS = 100
"""Results of a query when nobody says how many: a screenful to look through, one request."""
MOST_BY_OAI = 100
"""Papers that OAI-PMH is asked for instead: it takes a request for each, three seconds apart."""

_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]+(?:-[a-z]+)*)?", re.ASCII)
# a list of the day that is damaged is asked for so often
_MOST_DAILY = 3


@dataclass(frozen=True, slots=True)
class Failure:
    """An id that could not be had this time. `error` is the refusal; None when nobody was asked."""

    id: ArxivId
    reason: str
    error: RemoteError | None = None


@dataclass(slots=True)
class FetchResult:
    """An account of all ids asked for; each is in exactly one of the four.

    `delivered` is in the order asked; a list holds one entry, and with all versions asked every version that
    came, oldest first (one that did not come is named in `unknown` or `failed` as well). `malformed` gives
    arXiv's reason. `error` is the refusal that ended the asking, if one did.
    """

    asked: tuple[ArxivId, ...] = ()
    delivered: dict[ArxivId, list[Entry]] = field(default_factory=dict)
    unknown: list[ArxivId] = field(default_factory=list)
    malformed: dict[ArxivId, str] = field(default_factory=dict)
    failed: list[Failure] = field(default_factory=list)
    error: RemoteError | None = None

    @property
    def problems(self) -> list[Problem]:
        """One for each id that was not delivered."""
        lost = [
            Problem(Place("arXiv", entry=str(one)), "unknown-id", f"arXiv has no {one}")
            for one in self.unknown
        ]
        lost += [
            Problem(Place("arXiv", entry=str(one)), "malformed-id", reason)
            for one, reason in self.malformed.items()
        ]
        for failure in self.failed:
            code = "not-cached" if failure.error is None else "not-fetched"
            lost.append(Problem(Place("arXiv", entry=str(failure.id)), code, failure.reason))
        return lost


class ArxivClient:
    """Everything that is asked of arXiv in one run. Use as a context manager, or `close()`.

    `offline` asks nobody; `use_cache` False asks even for what is here. `folder` holds the cache and the lock
    that paces all processes. Problems that cost nothing (a cache rebuilt) go to `report`.
    """

    def __init__(
        self,
        services: Services,
        patience: Patience,
        folder: Path,
        report: Report,
        *,
        offline: bool = False,
        use_cache: bool = True,
    ) -> None:
        self._patience = patience
        self._report = report
        self._offline = offline
        self._connections = Connections(services, folder, patience, report)
        self._cache = Cache(
            folder,
            service_of(services.query),
            patience.clock,
            report,
            read=use_cache or offline,
            any_age=offline,
        )

    @classmethod
    def from_environment(
        cls,
        *,
        offline: bool = False,
        use_cache: bool = True,
        timeout: float | None = None,
        progress: Progress | None = None,
        report: Report = lambda problem: None,
        clock: Clock | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> ArxivClient:
        """The client that the BIBBRIDGE_* variables describe. `timeout` is the budget for retries and waiting
        in seconds. Raises UsageError for variables that make no sense."""
        seconds = DEFAULT_SECONDS if timeout is None else timeout
        return cls(
            Services.from_environment(os.environ if environment is None else environment),
            Patience(seconds, clock=clock, progress=progress),
            cache_dir(),
            report,
            offline=offline,
            use_cache=use_cache,
        )

    @property
    def stats(self) -> TransportStats:
        return self._patience.stats

    def close(self) -> None:
        self._connections.close()
        self._cache.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- ids --

    def fetch(self, ids: Sequence[ArxivId], *, all_versions: bool = False) -> FetchResult:
        """The entries of the papers; with `all_versions` every version of those asked without one.

        Raises nothing for what a service does: that is in the result.
        """
        result = self._fetch(ids)
        if all_versions:
            self._add_older_versions(result)
        return result

    def _add_older_versions(self, result: FetchResult) -> None:
        older: dict[ArxivId, list[ArxivId]] = {}
        for asked, entries in result.delivered.items():
            latest = parse_arxiv_id(entries[0].id or "").version
            if asked.version is None and latest is not None:
                older[asked] = [ArxivId(asked.id, number) for number in range(1, latest)]
        more = self._fetch([one for versions in older.values() for one in versions])
        for asked, versions in older.items():
            found = [entry for one in versions for entry in more.delivered.get(one, ())]
            result.delivered[asked] = [*found, *result.delivered[asked]]
        result.unknown += more.unknown
        result.malformed.update(more.malformed)
        result.failed += more.failed
        result.error = result.error or more.error

    def _fetch(self, ids: Sequence[ArxivId]) -> FetchResult:
        asked = tuple(dict.fromkeys(ids))
        result = FetchResult(asked)
        found = self._cache.find(asked)
        unknown = self._cache.unknown(one for one in asked if one not in found)
        missing = [one for one in asked if one not in found and one not in unknown]
        reasons: dict[ArxivId, RemoteError] = {}
        if missing and not self._offline:
            oai = self._connections.services.oai if len(missing) <= MOST_BY_OAI else None
            # with another way to the same record, the API's refusals may not use up all the time
            with self._patience.reserving(self._patience.remaining / 3 if oai else 0.0):
                reasons = self._ask_api(missing, found, unknown, result)
            if reasons and oai is not None:
                for one in self._ask_oai(oai, list(reasons), found, unknown, len(asked)):
                    del reasons[one]
            if not reasons:
                result.error = None
        result.delivered = {one: [found[one]] for one in asked if one in found}
        result.unknown = [one for one in asked if one in unknown]
        if self._offline:
            reason = "it is not in the cache, and offline nobody is asked"
            result.failed = [Failure(one, reason) for one in missing]
        else:
            result.failed = [Failure(one, str(error), error) for one, error in reasons.items()]
        return result

    def _ask_api(
        self, missing: list[ArxivId], found: dict[ArxivId, Entry], unknown: set[ArxivId], result: FetchResult
    ) -> dict[ArxivId, RemoteError]:
        """Ask the query API; the ids that could not be had, each with the refusal that stopped it."""
        batches = BatchedIds(self._connections, missing)
        for new, none in batches:
            self._cache.store(new, none)
            found.update(new)
            unknown.update(none)
            self._tell(len(found) + len(unknown), len(result.asked))
        answers = batches.answers
        result.malformed = answers.malformed
        result.error = answers.error or next(iter(answers.failed.values()), None)
        reasons: dict[ArxivId, RemoteError] = {}
        for one in missing:
            if one in answers.failed:
                reasons[one] = answers.failed[one]
            elif one not in found and one not in unknown and one not in answers.malformed:
                # never asked, or asked in the request that was refused: only a refusal ends the asking early
                assert answers.error is not None
                reasons[one] = answers.error
        return reasons

    def _ask_oai(
        self,
        url: str,
        missing: Sequence[ArxivId],
        found: dict[ArxivId, Entry],
        unknown: set[ArxivId],
        of_all: int,
    ) -> list[ArxivId]:
        """Ask OAI-PMH for what the query API refuses; the ids that this settles."""
        from bridge.arxiv.oai import RawRecord, entry_for, get_record

        records: dict[str, RawRecord | None] = {}
        settled = []
        for one in missing:
            if one.id not in records:
                try:
                    records[one.id] = get_record(self._connections, url, one.id)
                except RemoteError as error:
                    detail = f"it was asked instead of the query API, and fails too: {error.reason}"
                    self._report(Problem(Place(error.service), "no-fallback", detail, lost=False))
                    break
            record = records[one.id]
            entry = None if record is None else entry_for(record, one)
            if entry is not None:
                found[one] = entry
                self._cache.store({one: entry})
            elif record is None or (one.version or 0) > record.latest:
                unknown.add(one)
                self._cache.store({}, [one])
            else:
                continue  # an older version: only the query API has it
            settled.append(one)
            self._tell(len(found) + len(unknown), of_all)
        return settled

    def _tell(self, done: int, asked: int) -> None:
        self._patience.progress.update(done, asked, "papers")

    def versions(self, arxiv_id: str) -> tuple[Version, ...]:
        """The versions of a paper with their dates, oldest first, from OAI-PMH; none for an unknown paper.

        Raises RemoteError when the service refuses, UsageError offline or where a mirror has none.
        """
        from bridge.arxiv.oai import get_record

        url = self._connections.services.oai
        if self._offline or url is None:
            reason = "offline nobody is asked" if self._offline else "the mirror has no OAI-PMH service"
            raise UsageError(f"the versions of {arxiv_id} are not to be had: {reason}")
        record = get_record(self._connections, url, arxiv_id)
        return () if record is None else record.versions

    # -- queries and daily lists --

    def query(
        self, search: str, *, max_results: int | None = None, sort: str | None = None
    ) -> Iterator[Entry]:
        """The results of an API query, page by page as they arrive; `max_results` None means MAX_RESULTS.

        Raises UsageError for a query that arXiv calls wrong, and RemoteError when it refuses for good; what
        has arrived by then has been given.
        """
        most = MAX_RESULTS if max_results is None else max_results
        if most < 1:
            raise UsageError(f"{most} results are none: --max-results must be 1 or more")
        order = parse_sort(sort)
        name = f"query {order.by} {order.order} {most} {search}"
        kept = self._kept_listing(name, DAY)
        if kept is not None:
            yield from kept
            return
        if self._offline:
            self._report_not_kept(f"query:{search}")
            return
        pages = Search(self._connections, search, order, most, self._report)
        ids: list[ArxivId] = []
        for page in pages:
            self._cache.store({ArxivId(named.id): entry for named, entry in page.items()})
            ids += page
            self._patience.progress.update(len(ids), pages.wanted, "results")
            yield from page.values()
        self._cache.store_listing(name, ids)
        if max_results is None and pages.total is not None and pages.total > most:
            detail = f"arXiv counts {pages.total:,} results; the first {most:,} are taken"
            advice = "--max-results says how many to take"
            self._report(Problem(Place(f"query:{search}"), "more-results", detail, lost=False, advice=advice))

    def _report_not_kept(self, listing: str) -> None:
        self._report(
            Problem(
                Place(listing),
                "not-cached",
                "it is not in the cache, and offline nobody is asked",
                advice="run it once without --offline",
            )
        )

    def _kept_listing(self, name: str, lasts: float) -> list[Entry] | None:
        """The entries of a listing in the cache, None when the listing or one of them is missing."""
        ids = self._cache.listing(name, lasts)
        if ids is None:
            return None
        found = self._cache.find(ids)
        return [found[one] for one in ids] if len(found) == len(ids) else None

    def daily(self, categories: str) -> tuple[ArxivId, ...]:
        """The papers announced today in categories joined by `+` (`cs.DC+cs.LG`), without versions.

        Replacements are among them. Raises UsageError, and RemoteError when the service refuses for good.
        """
        names = [name.strip() for name in categories.split("+")]
        for name in names:
            if not _CATEGORY.fullmatch(name):
                raise UsageError(f"{name!r} is no arXiv category", "write daily:cs.DC or daily:cs.DC+cs.LG")
        listing = "daily " + "+".join(names)
        kept = self._cache.listing(listing, HOUR)
        if kept is not None:
            return kept
        url = self._connections.services.rss
        if self._offline:
            self._report_not_kept(f"daily:{'+'.join(names)}")
            return ()
        if url is None:
            raise UsageError(
                "the mirror that BIBBRIDGE_ARXIV_URL names has no daily lists",
                "name their address with BIBBRIDGE_RSS_URL",
            )
        base = url.rstrip("/")
        if not base.endswith(("/atom", "/rss")):
            base += "/atom"
        ids = self._read_daily(f"{base}/{'+'.join(names)}")
        self._cache.store_listing(listing, ids)
        return ids

    def _read_daily(self, url: str) -> tuple[ArxivId, ...]:
        from bridge.arxiv.feeds import read_feed_entries

        for repeat in range(_MOST_DAILY):
            response = self._connections.get(url, accept="application/atom+xml, application/rss+xml")
            host = response.url.host
            if response.status_code != 200:
                raise RemoteError(host, f"answers {response.status_code}", status=response.status_code)
            problems: list[Problem] = []
            try:
                if not response.content.strip():
                    raise InputError(Place(host), "the answer is empty")
                entries = list(read_feed_entries(response.content, host, problems.append))
            except InputError as error:
                problems = [Problem(error.place, "damaged-feed", error.reason)]
            if not any(problem.code == "damaged-feed" for problem in problems):
                for problem in problems:
                    self._report(problem)
                ids = (_id_of(entry) for entry in entries)
                return tuple(dict.fromkeys(one for one in ids if one is not None))
            pause = max(self._connections.services.delay, 1.0) * 2.0**repeat
            if pause > self._patience.remaining:
                break
            self._patience.wait(pause, f"{host} sends a damaged list")
        raise RemoteError(host, f"keeps sending a damaged list ({problems[0].detail})", status=200)


def _id_of(entry: Entry) -> ArxivId | None:
    try:
        return ArxivId(parse_arxiv_id(entry.id or "").id)
    except InvalidId:
        return None
