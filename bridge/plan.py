"""The three-way merge: base (what bibbridge wrote last), mine (what stands there), theirs (the record).

Pure: a shore turns its entries or items into `Present` values and the records into `Wanted` ones, gets a
`Plan` back, and carries it out. Values are compared by digests of their meaning, which the shore computes, so
nothing here knows BibTeX or Zotero. The entry or item type is the field "type" like any other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from bridge.decisions import Decisions

Kind = Literal["add", "update", "unchanged", "conflict", "skip"]


def digest(meaning: str) -> str:
    """A short name for what a value means: 12 hexadecimal digits; "" for an empty one, which is absent."""
    if not meaning:
        return ""
    return hashlib.blake2b(meaning.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


class Value(NamedTuple):
    """One field's value: its text in the target's own notation, and the digest of what it means.

    Equal digests are the same value, however it is written. The digest "" is an empty value.
    """

    text: str
    digest: str


ABSENT = Value("", "")


class Wanted(NamedTuple):
    """What a record asks of a target ("theirs").

    `key` is the handle proposed for a new entry; `sets` maps a set's name (tags, collections, keywords) to
    its members, digest → text; `retired` names fields that no longer apply, which go only if they are ours.
    `contested` names fields that a person must decide on even where nobody edited them since the last run;
    `dropped` those that go whoever wrote them, for the person takes the record's word.
    `aside`, where it is not None, says why the record is to bring no news to what stands there ("" for a
    reason that nobody need hear). `listed` is the date of the listing that the record comes from.
    """

    identity: str
    key: str
    fields: Mapping[str, Value]
    sets: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    retired: frozenset[str] = frozenset()
    label: str = ""
    version: int | None = None
    aside: str | None = None
    contested: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    listed: str | None = None


class Present(NamedTuple):
    """What stands in the target now ("mine"); `trashed` where the target keeps what was thrown away."""

    key: str
    fields: Mapping[str, Value]
    sets: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    trashed: bool = False


class Base(NamedTuple):
    """What bibbridge itself wrote last: digests a field, member digests a set (one line of the lock).

    `date` (YYYY-MM-DD) is when any of it last changed; `version` the arXiv version it came from. `agreed`
    names the fields that stood there already, said the same, and so were never written. `listed` is the date
    (ISO 8601) of the listing that brought the last change, where it has one.
    """

    identity: str
    key: str
    date: str
    fields: Mapping[str, str]
    sets: Mapping[str, frozenset[str]] = MappingProxyType({})
    version: int | None = None
    agreed: frozenset[str] = frozenset()
    listed: str | None = None


class FieldChange(NamedTuple):
    """`old` None: the field is new; `new` None: it goes."""

    field: str
    old: str | None
    new: str | None


class SetChange(NamedTuple):
    """Members to add (digest → text) and the digests of those to remove."""

    name: str
    add: Mapping[str, str]
    remove: frozenset[str]


class Conflict(NamedTuple):
    """A field where the target and the record differ and nobody may decide but a person.

    `base_date` is None when bibbridge never wrote the field: a difference rather than two edits.
    """

    key: str
    field: str
    yours: str | None
    theirs: str | None
    base_date: str | None


class Action(NamedTuple):
    """What to do about one record. "conflict" means conflicts and nothing to change; an update may carry
    conflicts too. `base` is to be stored once the action is carried out, None to leave the lock alone."""

    kind: Kind
    identity: str
    key: str
    changes: tuple[FieldChange, ...] = ()
    set_changes: tuple[SetChange, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    reason: str | None = None
    base: Base | None = None
    # a trashed item that must be taken out of the trash first
    untrash: bool = False
    label: str = ""


@dataclass(frozen=True)
class Plan:
    """One action a record, in the records' order."""

    actions: tuple[Action, ...]

    def of_kind(self, *kinds: Kind) -> list[Action]:
        return [action for action in self.actions if action.kind in kinds]

    @cached_property
    def news(self) -> list[Action]:
        """The actions that change the target."""
        return self.of_kind("add", "update")

    @cached_property
    def conflicts(self) -> list[Conflict]:
        return [conflict for action in self.actions for conflict in action.conflicts]

    def bases_after(self, bases: Mapping[str, Base]) -> dict[str, Base]:
        """`bases` as they must be stored once the plan is carried out.

        A base whose entry went over to another identity (the same paper, now pinned) goes.
        """
        new = [action.base for action in self.actions if action.base is not None]
        updates = {base.identity: base for base in new}
        keys = {base.key for base in updates.values()}
        here = {action.identity for action in self.actions}
        kept = {name: base for name, base in bases.items() if name in here or base.key not in keys}
        return kept | updates

    def summary(self) -> dict[str, Any]:
        """The counts and lists of contract.md's machine-readable summary that a plan knows."""
        return {
            "added": len(self.of_kind("add")),
            "updated": len(self.of_kind("update")),
            "unchanged": len(self.of_kind("unchanged", "conflict")),
            "skipped": [
                {"id": action.identity, "key": action.key, "reason": action.reason}
                for action in self.of_kind("skip")
            ],
            "conflicts": [
                {"key": c.key, "field": c.field, "yours": c.yours, "theirs": c.theirs} for c in self.conflicts
            ],
        }

    def listing(self) -> list[dict[str, Any]]:
        """contract.md's "plan": what would be done, one object a record."""
        return [
            {
                "action": action.kind,
                "id": action.identity,
                "key": action.key,
                "fields": [c.field for c in action.changes] + [c.name for c in action.set_changes],
            }
            for action in self.actions
        ]


DELETED = "you deleted it; --restore brings it back"
OLDER = "the source has version {older}, older than version {newer} that stands there, and is left aside"
EARLIER = "the source lists it as of {older}, earlier than what stands there ({newer}), and is left aside"
PINNED = "it is pinned to version {version}, and stays; name the version to take, or take it out of the entry"
BRIEF = "a daily feed tells neither comment nor journal nor DOI, so the entry stays; ask for {id} to renew it"
TRASHED = "you moved it to the trash; --restore brings it back"


def merge(
    wanted: Wanted, present: Present | None, base: Base | None, decisions: Decisions, today: str
) -> Action:
    """The action for one record. `today` (YYYY-MM-DD) dates the base where it changes."""
    if present is None:
        if base is not None and not (decisions.restore or base.key in decisions.accept):
            return Action("skip", wanted.identity, base.key, reason=DELETED, label=wanted.label)
        return _add(wanted, base, today)
    if present.trashed and not (decisions.restore or present.key in decisions.accept):
        return Action("skip", wanted.identity, present.key, reason=TRASHED, label=wanted.label)
    return _update(wanted, present, base, decisions, today)


def _add(wanted: Wanted, deleted: Base | None, today: str) -> Action:
    fields = {name: value for name, value in wanted.fields.items() if value.digest}
    sets = {name: members for name, members in wanted.sets.items() if members}
    key = deleted.key if deleted is not None else wanted.key
    return Action(
        "add",
        wanted.identity,
        key,
        tuple([FieldChange(name, None, value.text) for name, value in fields.items()]),
        tuple([SetChange(name, dict(members), frozenset()) for name, members in sets.items()]),
        base=Base(
            wanted.identity,
            key,
            today,
            {name: value.digest for name, value in fields.items()},
            {name: frozenset(members) for name, members in sets.items()},
            wanted.version,
            listed=wanted.listed,
        ),
        label=wanted.label,
    )


def _update(wanted: Wanted, present: Present, base: Base | None, decisions: Decisions, today: str) -> Action:
    key = present.key
    aside = _left_aside(wanted, base) if base is not None else None
    if base is not None and aside is not None:
        return _set_aside(wanted, present, base, decisions, aside)
    if wanted.aside is not None:
        return _set_aside(wanted, present, Base(wanted.identity, key, today, {}), decisions, wanted.aside)
    changes: list[FieldChange] = []
    conflicts: list[Conflict] = []
    new_base = dict(base.fields) if base is not None else {}
    agreed = set(base.agreed) if base is not None else set()
    for name, theirs in wanted.fields.items():
        if not theirs.digest:
            continue
        mine = present.fields.get(name, ABSENT)
        known = new_base.get(name) if name not in wanted.contested else None
        verdict = _verdict(key, name, mine.digest, theirs.digest, known, decisions)
        if verdict == "take":
            changes.append(FieldChange(name, mine.text if name in present.fields else None, theirs.text))
        elif verdict == "conflict":
            date = base.date if base is not None and name in base.fields else None
            conflicts.append(Conflict(key, name, mine.text if mine.digest else None, theirs.text, date))
        if verdict == "take":
            agreed.discard(name)
        elif verdict == "same" and name not in new_base:
            agreed.add(name)
        if verdict in ("take", "same"):
            new_base[name] = theirs.digest
    for name in sorted(wanted.retired):
        mine = present.fields.get(name, ABSENT)
        if name in wanted.fields or name not in new_base:
            continue
        if mine.digest == new_base[name]:
            changes.append(FieldChange(name, mine.text, None))
            del new_base[name]  # but what a person deleted stays known, should it ever apply again
            agreed.discard(name)
    for name in sorted(wanted.dropped):
        changes.append(FieldChange(name, present.fields[name].text, None))
        new_base.pop(name, None)
        agreed.discard(name)
    set_changes, new_sets = _merge_sets(wanted, present, base, decisions)
    kind: Kind = "unchanged"
    if changes or set_changes or present.trashed:
        kind = "update"
    elif conflicts:
        kind = "conflict"
    return Action(
        kind,
        wanted.identity,
        key,
        tuple(changes),
        set_changes,
        tuple(conflicts),
        base=_renewed(
            base,
            Base(
                wanted.identity,
                key,
                today,
                new_base,
                new_sets,
                wanted.version,
                frozenset(agreed),
                wanted.listed,
            ),
        ),
        untrash=present.trashed,
        label=wanted.label,
    )


def _left_aside(wanted: Wanted, base: Base) -> str | None:
    """Why a record brings no news to what stands there: the shore says so, or it is of an earlier version
    (one that is pinned to it has an identity, and so a base, of its own). None where it does."""
    if wanted.aside is not None or wanted.identity != base.identity:
        return wanted.aside
    if wanted.version and base.version and wanted.version != base.version:
        older = wanted.version < base.version
        return OLDER.format(older=wanted.version, newer=base.version) if older else None
    if wanted.listed and base.listed and wanted.listed < base.listed:
        # comments, journals and DOIs change without a new version
        return EARLIER.format(older=wanted.listed[:10], newer=base.listed[:10])
    return None


def _set_aside(wanted: Wanted, present: Present, base: Base, decisions: Decisions, reason: str) -> Action:
    """For such a record: its members are added to the sets, and the fields that a person names are taken."""
    key = present.key
    changes = [
        FieldChange(name, present.fields[name].text if name in present.fields else None, theirs.text)
        for name, theirs in wanted.fields.items()
        if {f"{key}:{name}", key} & decisions.accept
        and theirs.digest not in ("", present.fields.get(name, ABSENT).digest)
    ]
    taken = {change.field: wanted.fields[change.field].digest for change in changes}
    set_changes, sets = _merge_sets(wanted, present, base, decisions)
    adding = tuple(change._replace(remove=frozenset()) for change in set_changes if change.add)
    sets = {name: base.sets.get(name, frozenset()) | members for name, members in sets.items()}
    news = bool(changes or adding)
    return Action(
        "update" if news or present.trashed else "unchanged",
        wanted.identity,
        key,
        tuple(changes),
        adding,
        reason=reason,
        base=base._replace(fields={**base.fields, **taken}, sets={**base.sets, **sets}) if news else None,
        untrash=present.trashed,
        label=wanted.label,
    )


def _verdict(
    key: str, name: str, mine: str, theirs: str, base: str | None, decisions: Decisions
) -> Literal["same", "take", "keep", "conflict"]:
    if mine == theirs:
        return "same"
    if f"{key}:{name}" in decisions.accept:
        return "take"
    if base is None:
        if not mine:
            return "take"
    else:
        if mine == base:
            return "take"
        if not mine and decisions.restore:
            return "take"
        if theirs == base:
            return "keep"
    if decisions.theirs or key in decisions.accept:
        return "take"
    # a field that a person deleted stays deleted, whatever upstream says of it since
    return "conflict" if mine else "keep"


def _merge_sets(
    wanted: Wanted, present: Present, base: Base | None, decisions: Decisions
) -> tuple[tuple[SetChange, ...], dict[str, frozenset[str]]]:
    changes = []
    new_base = dict(base.sets) if base is not None else {}
    for name, theirs in wanted.sets.items():
        mine = present.sets.get(name, {})
        ours = new_base.get(name, frozenset())
        bring_back = decisions.restore or f"{present.key}:{name}" in decisions.accept
        add = {
            member: text
            for member, text in theirs.items()
            if member not in mine and (member not in ours or bring_back)
        }
        remove = frozenset(member for member in ours if member in mine and member not in theirs)
        if add or remove:
            changes.append(SetChange(name, add, remove))
        # what a person removed stays in the base: that is how it is known next time
        members = frozenset(member for member in theirs if member in mine or member in add or member in ours)
        if members:
            new_base[name] = members
        else:
            new_base.pop(name, None)
    return tuple(changes), new_base


def _renewed(old: Base | None, new: Base) -> Base:
    """The base to store: the old one, with its dates, where nothing but these would differ.

    A base may be empty: it remembers which entry is this record's, so that deleting it is noticed.
    """
    if old is not None and new._replace(date=old.date, listed=old.listed) == old:
        return old
    return new


def make_plan(
    wanted: Iterable[Wanted],
    match: Callable[[Wanted], Present | None],
    bases: Mapping[str, Base],
    decisions: Decisions,
    today: str,
) -> Plan:
    """One action for every wanted record. `match` finds what stands for it in the target, if anything.

    A record without a base of its own takes over the base of the entry it matches (the same paper asked for
    with a version before), unless that base belongs to another record of this run.
    """
    records = list(wanted)
    identities = {record.identity for record in records}
    by_key = {base.key: base for base in bases.values() if base.identity not in identities}
    actions = []
    for record in records:
        present = match(record)
        base = bases.get(record.identity)
        if base is None and present is not None:
            base = by_key.get(present.key)
        actions.append(merge(record, present, base, decisions, today))
    return Plan(tuple(actions))
