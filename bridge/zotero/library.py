"""One Zotero library, asked and written through pyzotero: the one place that imports it.

What pyzotero 1.16 does by itself and we do not use: its retries (they lose writes), `update_items` (returns
True whatever happened), `follow` (doubles a path prefix), `key_info` (puts the key into the URL). Requests go
through `bridge.transport`, which retries them; a write may be retried because every object carries a key and
a version, so that a replay is refused object by object (412) instead of being done twice.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx2

from bridge.errors import RemoteError
from bridge.patience import Patience
from bridge.transport import Reach, RetryPolicy, RetryTransport
from bridge.zotero import access as rights
from bridge.zotero.access import Access, LibraryName
from bridge.zotero.items import Json

T = TypeVar("T")

MOST_OBJECTS = 50
"""Objects a write takes, and keys a read is asked for (observed: 51 are answered 413)."""
PAGE = 100
"""The longest page that the server gives."""
# a body that no proxy before the server finds too large
_MOST_BYTES = 2_000_000
# the server takes 1.5 ms for each (3,000 in 4.4 s, observed): a request must not outlast its time-out
_MOST_CREATORS = 9_000
_TOKEN_USED = "Write token already used"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one object of a write was not carried out: an HTTP code and the server's sentence."""

    code: int
    message: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the objects of one write, by their place in it; `version` is the library's after it.

    `replayed`: the write was sent more than once, so that what "exists already" may be its own doing.
    """

    saved: Mapping[int, Json]
    unchanged: Mapping[int, str]
    failed: Mapping[int, Failure]
    version: int | None
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Deletions:
    items: frozenset[str]
    collections: frozenset[str]


class Library:
    """A library that answers. Raises RemoteError for whatever the service refuses or fails to do."""

    def __init__(
        self,
        zotero: Any,
        name: LibraryName,
        access: Access | None,
        patience: Patience,
        started: tuple[int, float] = (0, 0.0),
    ) -> None:
        self._zotero = zotero
        self.name = name
        self.access = access
        self.patience = patience
        # what `patience` had counted before this library was first asked
        self._started = started
        self._may_write = False

    @property
    def target(self) -> str:
        """The library's name in the lock: `users/123`, `groups/5`, `local/SERVER-ID`."""
        if self.name.kind == "local":
            return f"local/{self._zotero.server_id}"
        return f"{self._zotero.library_type}/{self._zotero.library_id}"

    @property
    def service(self) -> str:
        return urlsplit(self._zotero.endpoint).hostname or str(self._zotero.endpoint)

    @property
    def endpoint(self) -> str:
        return str(self._zotero.endpoint)

    @property
    def requests(self) -> int:
        return self.patience.stats.requests - self._started[0]

    @property
    def seconds_waited(self) -> float:
        return self.patience.stats.seconds_waited - self._started[1]

    @property
    def may_write_notes(self) -> bool:
        return self.access is None or self.access.may_write_notes(self.name)

    # -- reading -------------------------------------------------------------------------------------------

    def versions_since(self, version: int) -> tuple[dict[str, int], int]:
        """The items changed since a library version, trash included (key → version), and the version now."""
        found = self._ask(lambda: self._zotero.item_versions(since=version, includeTrashed=1))
        if not isinstance(found, dict):
            found = {}  # PHP writes an empty map as an empty list
        return {key: int(number) for key, number in found.items()}, self._library_version()

    def items(self, keys: Sequence[str]) -> list[Json]:
        """At most 50 items by key, trashed ones too; those that are gone are missing."""
        return self._listed(lambda: self._zotero.items(itemKey=",".join(keys), includeTrashed=1, limit=PAGE))

    def items_page(self, since: int, start: int) -> list[Json]:
        """A page of the items changed since a library version, trash included."""
        return self._listed(
            lambda: self._zotero.items(since=since, start=start, limit=PAGE, includeTrashed=1)
        )

    def deletions(self, since: int) -> Deletions | None:
        """What was deleted for good since a version; None where the service keeps no list (local API)."""
        try:
            found = self._ask(lambda: self._zotero.deleted(since=since, limit=None))
        except RemoteError as error:
            if self.name.kind == "local" and error.status in (400, 404, 501):
                return None
            raise
        return Deletions(frozenset(found.get("items", ())), frozenset(found.get("collections", ())))

    def collections(self, since: int = 0) -> list[Json]:
        """The collections changed since a library version; those in the trash carry `deleted`."""

        def listed(**how: Any) -> Any:
            return self._zotero.collections(since=since, includeTrashed=1, **how)

        def by_key(keys: Sequence[str]) -> Any:
            return self._zotero.collections(collectionKey=",".join(keys), includeTrashed=1, limit=PAGE)

        return self._whole(listed, lambda keys: self._listed(lambda: by_key(keys)))

    def collection_items(self, key: str, seen: Callable[[int], None] = lambda count: None) -> list[Json]:
        """Every item of a collection (not of its sub-collections), with their child items."""
        return self._whole(lambda **how: self._zotero.collection_items(key, **how), self.items, seen)

    def all_items(self, seen: Callable[[int], None] = lambda count: None) -> list[Json]:
        return self._whole(self._zotero.items, self.items, seen)

    def item_fields(self, item_type: str) -> frozenset[str]:
        """The fields that this server's schema gives a type; empty for a type that it does not know."""
        try:
            found = self._ask(lambda: self._zotero.item_type_fields(item_type))
        except RemoteError as error:
            if error.status == 400:
                return frozenset()
            raise
        return frozenset(row["field"] for row in found)

    @property
    def schema_version(self) -> str:
        """The schema of the last answer; "" where it did not say."""
        answer = self._zotero.request
        return answer.headers.get("zotero-schema-version", "") if answer is not None else ""

    def _whole(
        self,
        ask: Callable[..., Any],
        by_key: Callable[[Sequence[str]], list[Json]],
        seen: Callable[[int], None] = lambda count: None,
    ) -> list[Json]:
        """A list of any length. `seen` is told how many there are so far.

        What somebody changes meanwhile moves to another page, what they delete pulls all others up: where the
        library's version changed between two pages, the keys are asked for (one answer, whatever their
        number), and what was missed is read by key.
        """
        found: dict[str, Json] = {}
        versions: set[str] = set()
        start = 0
        while True:
            # bound now, or every page would be asked with the last start
            page = self._listed(lambda start=start: ask(start=start, limit=PAGE, format="json"))  # type: ignore[misc]
            answer = self._zotero.request
            versions.add(answer.headers.get("last-modified-version", ""))
            found |= {one["key"]: one for one in page}
            seen(len(found))
            start += len(page)
            total = answer.headers.get("total-results", "")
            if len(page) < PAGE or (total.isdigit() and start >= int(total)):
                break
        if len(versions) > 1:
            now = self._ask(lambda: ask(limit=None, format="versions"))
            there: dict[str, int] = now if isinstance(now, dict) else {}
            stale = [key for key, version in there.items() if found.get(key, {}).get("version") != version]
            for at in range(0, len(stale), MOST_OBJECTS):
                found |= {one["key"]: one for one in by_key(stale[at : at + MOST_OBJECTS])}
            found = {key: one for key, one in found.items() if key in there}
        return list(found.values())

    def _listed(self, ask: Callable[[], Any]) -> list[Json]:
        found = self._ask(ask)
        if not isinstance(found, list):
            raise RemoteError(self.service, "sends something else than a list of objects")
        return found

    def _library_version(self) -> int:
        stated = self._zotero.request.headers.get("last-modified-version", "")
        if not stated.isdigit():
            raise RemoteError(self.service, "does not say the library's version")
        return int(stated)

    # -- writing -------------------------------------------------------------------------------------------

    def require_write(self) -> None:
        """Make sure, before anything is written, that it may be. Raises RemoteError with what is missing."""
        if self._may_write:
            return
        if self.name.kind == "local":
            from bridge.zotero import local

            local.authorize(self._zotero, self._ask)
        elif self.access is not None:
            rights.refuse_read_only(self.service, self.access, self.name, None)
            if self.name.kind == "group":
                group = self._json(f"/groups/{self.name.id}").get("data", {})
                rights.refuse_read_only(self.service, self.access, self.name, group)
        self._may_write = True

    def write_items(self, objects: Sequence[Json]) -> Report:
        """Create (`version` 0) or patch at most 50 items, each with its own key and version."""
        return self._write(self._zotero.create_items, objects)

    def write_collections(self, objects: Sequence[Json]) -> Report:
        return self._write(self._zotero.create_collections, objects)

    def _write(self, send: Callable[[list[Json]], Any], objects: Sequence[Json]) -> Report:
        before = self.requests
        for _ in range(3):
            try:
                # copies: pyzotero adds to what it is given
                answer = self._ask(lambda: send([dict(one) for one in objects]))
            except RemoteError as error:
                if error.status == 401 and self.name.kind == "local":
                    # the consent was good for one write only, or has been taken back
                    from bridge.zotero import local

                    local.authorize(self._zotero, self._ask, anew=True)
                    continue
                # Our own retry of a write whose answer was lost: the same objects under a new token are
                # refused one by one where they exist, which says what became of them.
                if error.status == 412 and _TOKEN_USED in error.reason:
                    continue
                raise
            return self._report(answer, replayed=self.requests > before + 1)
        raise RemoteError(self.service, "refuses the same write again and again", status=412)

    def _report(self, answer: Mapping[str, Any], *, replayed: bool) -> Report:
        saved = {int(place): one for place, one in _entries(answer, "successful")}
        for place, key in _entries(answer, "success"):
            saved.setdefault(int(place), {"key": key, "data": {}})
        failed = {
            int(place): Failure(
                int(one.get("code", 0)), html.unescape(str(one.get("message", ""))), one.get("data") or {}
            )
            for place, one in _entries(answer, "failed")
        }
        unchanged = {int(place): key for place, key in _entries(answer, "unchanged")}
        stated = self._zotero.request.headers.get("last-modified-version", "")
        return Report(saved, unchanged, failed, int(stated) if stated.isdigit() else None, replayed)

    # -- asking --------------------------------------------------------------------------------------------

    def _json(self, path: str) -> Json:
        """An answer that pyzotero has no method for (or only one that puts the key into the URL)."""
        return read_json(self._zotero, path, self.service)

    def _ask(self, ask: Callable[[], T]) -> T:
        from pyzotero.errors import PyZoteroError

        try:
            return ask()
        except PyZoteroError as error:
            raise self._translated(error) from error
        except ValueError as error:
            raise RemoteError(self.service, "sends an answer that is no JSON") from error
        finally:
            # parameters of a read that failed would leak into the next one
            self._zotero.url_params = None

    def _translated(self, error: Exception) -> RemoteError:
        answer: httpx2.Response | None = self._zotero.request
        if answer is None or answer.status_code < 400:
            return RemoteError(self.service, str(error).strip().split("\n")[0])
        sentence = html.unescape(answer.content.decode("utf-8", "replace")).strip()[:300]
        status = answer.status_code
        if status == 403 and sentence == "Invalid key":
            return rights.invalid_key(self.service, status)
        if status == 403 and self.access is not None:
            return rights.forbidden(self.service, self.access, self.name, sentence)
        advice = None
        if status in (401, 403):
            advice = f"see what the key may do at {rights.KEYS_PAGE}"
        elif status == 404:
            advice = "check the library's number"
        return RemoteError(
            self.service,
            f"answers {status}: {sentence or answer.reason_phrase}",
            status=status,
            advice=advice,
        )


def _entries(answer: Mapping[str, Any], name: str) -> list[tuple[str, Any]]:
    found = answer.get(name)
    return list(found.items()) if isinstance(found, dict) else []


def read_json(zotero: Any, path: str, service: str) -> Json:
    """GET `path` with the client's own headers. Raises RemoteError."""
    answer: httpx2.Response = zotero.client.get(zotero.endpoint + path, headers=zotero.default_headers())
    if answer.status_code in (403, 404) and path == "/keys/current":
        raise rights.invalid_key(service, answer.status_code)
    if answer.status_code >= 400:
        sentence = html.unescape(answer.content.decode("utf-8", "replace")).strip()[:300]
        raise RemoteError(service, f"answers {answer.status_code}: {sentence}", status=answer.status_code)
    try:
        found = json.loads(answer.content)
    except ValueError as error:
        raise RemoteError(service, "sends an answer that is no JSON") from error
    if not isinstance(found, dict):
        raise RemoteError(service, "sends something else than an object")
    return found


def make_client(
    library_id: str, kind: str, url: str, patience: Patience, *, key: str | None = None, local: bool = False
) -> Any:
    """pyzotero's client on our transport."""
    from pyzotero import zotero as pyzotero

    # 409 to a whole request means that the library is locked for the moment (the API's documentation)
    policy = RetryPolicy(frozenset({408, 409, 429}), retry_writes=True)
    if local:
        # a Zotero on this machine that cannot be reached is not running: there is nothing to wait for
        policy = replace(policy, connect_attempts=1)
    transport = RetryTransport(policy, Reach.of(url), patience)
    # without the environment: the transport looks for proxies itself, and no .netrc may add a password
    client = httpx2.Client(transport=transport, timeout=policy.read_timeout, trust_env=False)
    zotero = pyzotero.Zotero(library_id, kind, key, client=client, local=local)
    zotero.endpoint = url
    return zotero


def chunks(objects: Sequence[Json]) -> Iterator[list[int]]:
    """The places of `objects` in the portions that a write takes: at most 50, neither too many bytes nor too
    many creators."""
    portion: list[int] = []
    size = creators = 0
    for place, one in enumerate(objects):
        length, people = len(json.dumps(one)), len(one.get("creators", ()))
        full = size + length > _MOST_BYTES or creators + people > _MOST_CREATORS
        if portion and (full or len(portion) == MOST_OBJECTS):
            yield portion
            portion, size, creators = [], 0, 0
        portion.append(place)
        size += length
        creators += people
    if portion:
        yield portion
