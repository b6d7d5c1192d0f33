"""What is asked of a target, and what is to be done: the values of the three-way merge (merge.py).

A shore turns its entries or items into `Present` values and the records into `Wanted` ones, gets a `Plan`
back, and carries it out. Values are compared by digests of their meaning, which the shore computes, so
nothing here knows BibTeX or Zotero. The entry or item type is the field "type" like any other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

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
# the base of a field that no longer applies and that a person deleted, or keeps as theirs: what stands there
# then is theirs, and should it ever apply again, what they delete stays deleted
GONE = "gone"
# of a field that bibbridge only agreed to, and of which a person was told that the record contradicts it:
# they hear of it until they decide
OUTDATED = "outdated"


class Wanted(NamedTuple):
    """What a record asks of a target ("theirs").

    `key` is the handle proposed for a new entry; `sets` maps a set's name (tags, collections, keywords) to
    its members, digest → text; `retired` names fields that no longer apply, which go only if they are ours.
    `contested` names fields that a person must decide on even where nobody edited them since the last run;
    `dropped` those that go whoever wrote them, for the person takes the record's word; `outdated` those among
    the retired that a person should hear of, for the record contradicts what they wrote there.
    `taken` names fields that are taken along with one that the person named. `waiting` tells, by the name of
    a field in conflict, what the record says in fields that are not asked for until that is decided.
    `settled` is what the base is to remember of what a person settled for their own side: digests under names
    that no field has, "" for nothing any more.
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
    outdated: frozenset[str] = frozenset()
    listed: str | None = None
    taken: frozenset[str] = frozenset()
    waiting: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType({})
    settled: Mapping[str, str] = MappingProxyType({})


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

    `base_date` is None when bibbridge never wrote the field: a difference rather than two edits. `waiting` is
    what goes with it, and waits: fields, and what the record says in them.
    """

    key: str
    field: str
    yours: str | None
    theirs: str | None
    base_date: str | None
    waiting: tuple[tuple[str, str], ...] = ()


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
    # whether the person settles a conflict for their own side
    settled: bool = False
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
