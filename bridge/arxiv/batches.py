"""Many ids in few requests, and an account of every one of them.

The query API drops unknown ids without a word, answers a whole batch with 400 for one malformed id, gives no
order, and at times sends less than it counts. So the answer is matched to the question id by id: what came is
delivered, what the API counts as all there is makes the rest unknown, and what cannot be told is asked again.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bridge.arxiv.pages import MOST_REPEATS, Page, ask_page
from bridge.arxiv.services import Connections, with_query
from bridge.errors import RemoteError
from bridge.identifiers import ArxivId
from bridge.normalise import Entry

MOST_IDS = 600
"""Ids in one request. A URL under 8,000 bytes holds more, but 700 have been answered with 414."""
MOST_URL = 7_900  # bytes
# isolating malformed ids stops here: an API that finds fault with everything is not asked id by id
_MOST_ISOLATING = 64
_ABOUT_IDS = re.compile(r"\bid(?:entifier)?s?\b|\bid_list\b", re.IGNORECASE)


@dataclass(slots=True)
class Answers:
    """What is known so far: `found` and `unknown` are arXiv's word, `malformed` its reasons, `failed` ours.

    `error` is the refusal that ended the asking, if one did: the ids not asked yet are in none of the four.
    """

    found: dict[ArxivId, Entry] = field(default_factory=dict)
    unknown: list[ArxivId] = field(default_factory=list)
    malformed: dict[ArxivId, str] = field(default_factory=dict)
    failed: dict[ArxivId, RemoteError] = field(default_factory=dict)
    error: RemoteError | None = None


def fill_batches(ids: Iterable[ArxivId], base_url: str, most: int = MOST_IDS) -> Iterator[list[ArxivId]]:
    """Split `ids` into requests of at most `most` ids whose URLs stay under MOST_URL bytes."""
    room = MOST_URL - len(with_query(base_url, _parameters([])))
    batch: list[ArxivId] = []
    left = room
    for one in ids:
        size = len(str(one)) + 1
        if batch and (len(batch) >= most or size > left):
            yield batch
            batch, left = [], room
        batch.append(one)
        left -= size
    if batch:
        yield batch


def _parameters(ids: Sequence[ArxivId]) -> dict[str, str]:
    # without max_results only the first ten come
    return {"id_list": ",".join(map(str, ids)), "max_results": str(max(len(ids), 1))}


class BatchedIds:
    """Asks the query API for ids, batch by batch; iterate to get each step's new answers.

    `answers` grows meanwhile. The iteration ends early, with `answers.error` set, when the service refuses
    for good.
    """

    def __init__(self, connections: Connections, ids: Sequence[ArxivId]) -> None:
        self._connections = connections
        self._queue = deque(fill_batches(ids, connections.services.query))
        self._isolating = 0
        self.answers = Answers()

    def __iter__(self) -> Iterator[tuple[dict[ArxivId, Entry], list[ArxivId]]]:
        """Yield (found, unknown) after each request."""
        while self._queue:
            try:
                yield from self._resolve(self._queue.popleft())
            except RemoteError as error:
                self.answers.error = error
                return

    def _resolve(self, asked: list[ArxivId]) -> Iterator[tuple[dict[ArxivId, Entry], list[ArxivId]]]:
        """One batch until every id of it is accounted for, or put back into the queue in smaller batches."""
        repeats = 0
        while asked:
            page = ask_page(self._connections, _parameters(asked))
            if page.status == 414 and len(asked) > 1:
                self._halve(asked)
                return
            if page.error is not None or page.status != 200:
                self._isolate(asked, page)
                return
            found = match(asked, page)
            missing = [one for one in asked if one not in found]
            self.answers.found.update(found)
            # all that arXiv counts has come, and answers: what is missing, it does not have
            whole = page.damage is None and not page.bad_ids
            answering = len({id(entry) for entry in found.values()})
            complete = whole and (page.total is None or answering >= page.total)
            doubtful = [one for one in missing if not complete or _unclear(one, page)]
            unknown = [one for one in missing if one not in doubtful]
            self.answers.unknown.extend(unknown)
            yield found, unknown
            repeats = 0 if found else repeats + 1
            if doubtful and repeats and not self._may_repeat(repeats, page):
                error = self._disappointment(page)
                self.answers.failed.update(dict.fromkeys(doubtful, error))
                return
            asked = doubtful

    def _halve(self, asked: list[ArxivId]) -> None:
        middle = len(asked) // 2
        self._queue.extendleft((asked[middle:], asked[:middle]))

    def _isolate(self, asked: list[ArxivId], page: Page) -> None:
        """Find the malformed id of a refused batch: the one that arXiv names, else by halves."""
        reason = page.error or f"arXiv answers {page.status}"
        self._isolating += 1
        about_ids = _ABOUT_IDS.search(reason) or any(str(one) in reason for one in asked)
        if len(asked) == 1 and about_ids:
            self.answers.malformed[asked[0]] = reason
            return
        if not about_ids or self._isolating > _MOST_ISOLATING:
            host = self._connections.query_host
            error = RemoteError(host, f"refuses the request ({reason})", status=page.status)
            self.answers.failed.update(dict.fromkeys(asked, error))
            return
        named = [one for one in asked if reason.endswith(f" {one}")]
        if len(named) == 1:
            self.answers.malformed[named[0]] = reason
            self._queue.appendleft([one for one in asked if one != named[0]])
        else:
            self._halve(asked)

    def _may_repeat(self, repeats: int, page: Page) -> bool:
        patience = self._connections.patience
        pause = max(self._connections.services.delay, 1.0) * 2.0 ** (repeats - 1)
        if repeats > MOST_REPEATS or pause > patience.remaining:
            return False
        patience.wait(pause, page.damage or "arXiv sends less than it counts; asking again")
        return True

    def _disappointment(self, page: Page) -> RemoteError:
        host = self._connections.query_host
        damage = page.damage or (f"an entry has the id {page.bad_ids[0]!r}" if page.bad_ids else None)
        if damage is not None:
            return RemoteError(host, f"keeps sending damaged answers ({damage})", status=page.status)
        return RemoteError(
            host, f"counts {page.total} results and sends none of those asked for", status=page.status
        )


def match(asked: Sequence[ArxivId], page: Page) -> dict[ArxivId, Entry]:
    """The entries of `page` that answer the ids, by the id asked.

    A named version is answered by that version alone. The latest is the highest version that came, unless
    that one was asked for by name as well and came once: then nobody can tell whose answer it is.
    """
    by_paper: dict[str, dict[int, Entry]] = {}
    for named, entry in page.entries.items():
        by_paper.setdefault(named.id, {})[named.version or 0] = entry
    pinned: dict[str, set[int]] = {}
    for one in asked:
        if one.version is not None:
            pinned.setdefault(one.id, set()).add(one.version)
    found: dict[ArxivId, Entry] = {}
    for one in asked:
        versions = by_paper.get(one.id)
        if versions is None:
            continue
        if one.version is not None:
            if one.version in versions:
                found[one] = versions[one.version]
            continue
        names = pinned.get(one.id, set())
        latest = max(versions)
        if latest not in names or page.repeats[one.id] > len(names & versions.keys()):
            found[one] = versions[latest]
    return found


def _unclear(one: ArxivId, page: Page) -> bool:
    """Whether the paper came, and yet not so that it answers a question for its latest version."""
    return one.version is None and one.id in page.repeats
