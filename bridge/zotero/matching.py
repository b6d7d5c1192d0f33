"""Which item of a library a record stands for, if any: by lock, derived key, arXiv id, publisher DOI.

Same title and author is never enough: a miss is better than a wrong merge.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bridge.plan import Base
from bridge.record import Record
from bridge.zotero.index import Index, Indexed
from bridge.zotero.keys import derived
from bridge.zotero.recognise import Named, identify, same_work


@dataclass(frozen=True, slots=True)
class Match:
    """What stands for a record. `item` None: nothing does; it would get `key`, and `deleted` says whether a
    person deleted it before."""

    item: Indexed | None
    key: str
    deleted: bool = False


class Matcher:
    """Matches the records of one run. An item is given to one record only.

    `bases` is what bibbridge wrote to this library before, `shelves` the collections aimed at (an item that
    lies in one of them is preferred among doubles).
    """

    def __init__(
        self, index: Index, bases: Mapping[str, Base], records: Collection[Record], shelves: Collection[str]
    ) -> None:
        self._index = index
        self._bases = bases
        self._shelves = frozenset(shelves)
        self._identities = {record.identity for record in records}
        self._by_key = {base.key: base.identity for base in bases.values()}
        self._given: dict[str, str] = {}

    def match(self, record: Record) -> Match:
        base = self._bases.get(record.identity)
        free, own, deleted = self._by_derived_key(record)
        found = [own] if own is not None else []
        if base is not None and base.key != (own.key if own else None):
            item = self._index.get(base.key)
            if item is not None and self._still_ours(record, identify(item.data)):
                found.insert(0, item)
            deleted = deleted or self._index.was_deleted(base.key)
        alive = [item for item in found if not item.trashed] or self._named(record, trashed=False)
        chosen = next(iter(alive or found or self._named(record, trashed=True)), None)
        if chosen is None:
            return Match(None, free, deleted)
        self._given.setdefault(chosen.key, record.identity)
        return Match(chosen, chosen.key)

    def other_claim(self, key: str, record: Record) -> str | None:
        """The record of this run that an item went to before this one asked for it."""
        given = self._given.get(key, record.identity)
        return given if given != record.identity else None

    def _by_derived_key(self, record: Record) -> tuple[str, Indexed | None, bool]:
        """The first derived key that is free or holds the record's own work, and what lies there."""
        key = ""
        for key in derived("item", record.identity):
            item = self._index.get(key)
            if item is None:
                return key, None, self._index.was_deleted(key)
            if self._by_key.get(key) == record.identity:
                if self._still_ours(record, identify(item.data)):
                    return key, item, False
            elif same_work(record, identify(item.data)):
                return key, item, False
        return key, None, False

    def _still_ours(self, record: Record, named: Named) -> bool:
        """Whether an item that the lock gives to a record may be its: it does not name another paper."""
        if record.arxiv_id is None or named.arxiv_id is None:
            return True
        return record.arxiv_id == named.arxiv_id

    def _named(self, record: Record, *, trashed: bool) -> list[Indexed]:
        """The items that name the record's arXiv id, else its publisher DOI; the best first."""
        found = []
        if record.arxiv_id is not None:
            found = self._fitting(record, self._index.named("arxiv", record.arxiv_id), trashed)
        if not found and record.doi:
            found = self._fitting(record, self._index.named("doi", record.doi.lower()), trashed)
        return sorted(found, key=self._rank)

    def _fitting(self, record: Record, keys: list[str], trashed: bool) -> list[Indexed]:
        items = (self._index.get(key) for key in keys if self.other_claim(key, record) is None)
        return [
            item
            for item in items
            if item is not None and item.trashed == trashed and self._may_be(record, item)
        ]

    def _may_be(self, record: Record, item: Indexed) -> bool:
        claimed = self._by_key.get(item.key)
        if claimed is not None and claimed != record.identity and claimed.startswith("arXiv:"):
            return False
        named = identify(item.data)
        if record.arxiv_id is None or named.arxiv_id is None:
            return True
        if record.arxiv_id != named.arxiv_id:
            return False
        plain = f"arXiv:{record.arxiv_id}"
        if record.pinned and named.version is None:
            # an item without a version is the paper's own: a version gets it only if nobody asks for that
            return plain not in self._identities and item.key not in derived("item", plain)
        if record.pinned:
            return named.version == record.version
        return named.version is None or item.key not in derived("item", f"{plain}v{named.version}")

    def _rank(self, item: Indexed) -> tuple[bool, str, str]:
        on_shelf = bool(self._shelves & set(item.data.get("collections", ())))
        return (not on_shelf, item.data.get("dateAdded", ""), item.key)
