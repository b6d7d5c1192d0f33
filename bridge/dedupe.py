"""One record a work: same id, same version, same DOI, same title.

What is certainly one paper is merged; what only looks like one is reported and left alone, since a miss is
better than a wrong merge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from bridge.plaintext import normalised
from bridge.record import Record

Versions = Literal["latest", "all"]


class Merge(NamedTuple):
    """Why fewer records went out than came in: `dropped` of them became part of the record `identity`."""

    identity: str
    reason: Literal["same version", "other version"]
    dropped: int


class Suspicion(NamedTuple):
    """Records that may be one work: they share a publisher DOI, or a title and a first author."""

    identities: tuple[str, ...]
    shared: Literal["DOI", "title and first author"]
    value: str


class Deduplicated(NamedTuple):
    records: tuple[Record, ...]
    merges: tuple[Merge, ...]
    suspicions: tuple[Suspicion, ...]


def deduplicate(records: Iterable[Record], versions: Versions = "latest") -> Deduplicated:
    """Merge records of one id and version, choose among the versions of one id, report look-alikes.

    Of one id and version, a filled field beats an empty one and the newer listing wins. Of several versions
    the pinned ones stay, else the latest; with `all` every version stays, the older ones pinned, so that
    each is a work of its own. The order is that of first appearance.
    """
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(record.arxiv_id or record.identity, []).append(record)
    kept: list[Record] = []
    merges: list[Merge] = []
    for group in groups.values():
        if len(group) == 1:
            kept.append(group[0])
            continue
        by_version = _merge_versions(group)
        chosen = _choose(by_version, versions)
        kept += chosen
        same = len(group) - len(by_version)
        if same:
            merges.append(Merge(chosen[0].identity, "same version", same))
        if len(chosen) < len(by_version):
            merges.append(Merge(chosen[0].identity, "other version", len(by_version) - len(chosen)))
    return Deduplicated(tuple(kept), tuple(merges), tuple(_suspicions(kept)))


def _merge_versions(group: Sequence[Record]) -> list[Record]:
    """One record a version, in order of the versions; what names no version joins the latest."""
    versions: dict[int | None, list[Record]] = {}
    for record in group:
        versions.setdefault(record.version, []).append(record)
    unversioned = versions.pop(None, [])
    if not versions:
        return [_merge_same(unversioned)]
    versions[max(version for version in versions if version is not None)] += unversioned
    return [_merge_same(versions[version]) for version in sorted(versions, key=lambda v: v or 0)]


def _merge_same(records: Sequence[Record]) -> Record:
    """Field by field, from the newest listing to the oldest; among equals the one named last is newer."""
    if len(records) == 1:
        return records[0]
    ranked = sorted(enumerate(records), key=lambda pair: (pair[1].as_of or "", pair[0]), reverse=True)
    newest_first = [record for _, record in ranked]
    best = newest_first[0]
    changes: dict[str, object] = {}
    for name in _MERGED_FIELDS:
        if not getattr(best, name):
            filled = next((value for r in newest_first[1:] if (value := getattr(r, name))), None)
            if filled:
                changes[name] = filled
    if best.brief:
        changes["brief"] = all(r.brief for r in records)
    if any(r.pinned for r in records):
        changes["pinned"] = True
    return replace(best, **changes) if changes else best  # type: ignore[arg-type]  # names and values of fields


_MERGED_FIELDS = (
    "version",
    "credits",
    "abstract",
    "published",
    "updated",
    "primary_category",
    "categories",
    "comment",
    "journal_ref",
    "doi",
    "subject_codes",
    "fields",
    "stated",
)


def _choose(by_version: list[Record], versions: Versions) -> list[Record]:
    """`by_version` runs from the oldest to the latest."""
    if len(by_version) == 1:
        return by_version
    if versions == "all":
        return [replace(record, pinned=True) for record in by_version[:-1]] + by_version[-1:]
    pinned = [record for record in by_version if record.pinned]
    if pinned:
        return pinned
    latest = by_version[-1]
    # DOI and journal reference belong to the paper, not to a version; comments are a version's own
    older = by_version[-2::-1]
    doi = latest.doi or next((r.doi for r in older if r.doi), None)
    journal_ref = latest.journal_ref or next((r.journal_ref for r in older if r.journal_ref), None)
    if (doi, journal_ref) != (latest.doi, latest.journal_ref):
        latest = replace(latest, doi=doi, journal_ref=journal_ref)
    return [latest]


def _suspicions(records: Sequence[Record]) -> Iterable[Suspicion]:
    by_doi: dict[str, dict[str, Record]] = {}
    by_title: dict[str, dict[str, Record]] = {}
    for record in records:
        name = record.arxiv_id or record.identity
        if record.doi:
            by_doi.setdefault(record.doi.lower(), {})[name] = record
        title = title_signature(record.title)
        if title:
            by_title.setdefault(title, {})[name] = record
    told = set()
    for doi, group in by_doi.items():
        if len(group) > 1:
            told.add(frozenset(group))
            yield Suspicion(tuple(r.identity for r in group.values()), "DOI", doi)
    for same_title in by_title.values():
        if len(same_title) < 2:
            continue
        # names are taken apart only for the few records whose titles agree
        by_author: dict[str, dict[str, Record]] = {}
        for name, record in same_title.items():
            by_author.setdefault(_first_author(record), {})[name] = record
        for group in by_author.values():
            if len(group) > 1 and frozenset(group) not in told:
                first = next(iter(group.values()))
                yield Suspicion(
                    tuple(r.identity for r in group.values()), "title and first author", first.title
                )


def _first_author(record: Record) -> str:
    if not record.authors:
        return ""
    first = record.authors[0]
    return title_signature(first.family or first.literal or "")


def title_signature(title: str) -> str:
    """A title down to its letters and digits, without case and accents."""
    return normalised(title).replace(" ", "")
