"""The three-way merge: base (what bibbridge wrote last), mine (what stands there), theirs (the record). Pure.

Mine is theirs: unchanged. Mine is the base: take theirs. Theirs is the base: keep mine. All differ: a
conflict, mine stays. Without a base only what is empty is filled. Sets merge member by member.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from bridge.decisions import Decisions
from bridge.plan import (
    ABSENT,
    GONE,
    OUTDATED,
    Action,
    Base,
    Conflict,
    FieldChange,
    Kind,
    Plan,
    Present,
    SetChange,
    Wanted,
)

Verdict = Literal["same", "take", "keep", "conflict"]

DELETED = "you deleted it; --accept with its key brings it back, --restore all such"
OLDER = "the source has version {older}, older than version {newer} that stands there, and is left aside"
EARLIER = "the source lists it as of {older}, earlier than what stands there ({newer}), and is left aside"
PINNED = "it is pinned to version {version}, and stays; name the version to take, or take it out of the entry"
BRIEF = "a daily feed tells neither comment nor journal nor DOI, so the entry stays; ask for {id} to renew it"
TRASHED = "you moved it to the trash; --accept with its key brings it back, --restore all such"


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
    aside = _left_aside(wanted, base)
    if aside is not None:
        before = base or Base(wanted.identity, key, today, {})
        return _set_aside(wanted, present, before, decisions, aside)
    changes: list[FieldChange] = []
    conflicts: list[Conflict] = []
    settled = False
    taken = {f"{key}:{name}" for name in wanted.taken}
    said = decisions._replace(accept=decisions.accept | taken) if taken else decisions
    new_base = dict(base.fields) if base is not None else {}
    agreed = set(base.agreed) if base is not None else set()
    behind = base is not None and _is_behind(base, wanted, present)
    for name, theirs in wanted.fields.items():
        if not theirs.digest:
            continue
        mine = present.fields.get(name, ABSENT)
        known = new_base.get(name) if name not in wanted.contested else None
        decided = verdict(key, name, mine.digest, theirs.digest, known, said)
        if decided == "conflict" and decisions.keeps(key, name):
            new_base[name] = theirs.digest
            agreed.discard(name)
            settled = True
        elif decided == "take":
            changes.append(FieldChange(name, mine.text if name in present.fields else None, theirs.text))
        elif decided == "conflict":
            yours, waiting = mine.text if mine.digest else None, wanted.waiting.get(name, ())
            conflicts.append(Conflict(key, name, yours, theirs.text, _written(base, name), waiting))
        if decided == "take":
            agreed.discard(name)
        elif decided == "same" and name not in new_base and not behind:
            agreed.add(name)
        if decided in ("take", "same"):
            new_base[name] = theirs.digest
    for name in sorted(wanted.retired):
        mine = present.fields.get(name, ABSENT)
        if name in wanted.fields or new_base.get(name, GONE) == GONE:
            continue
        if mine.digest == new_base[name]:
            changes.append(FieldChange(name, mine.text, None))
            del new_base[name]
            agreed.discard(name)
        elif not mine.digest and behind:
            del new_base[name]
        elif not mine.digest:
            new_base[name] = GONE  # should it ever apply again, it stays deleted
            agreed.discard(name)
        elif mine.digest and name in wanted.outdated:
            if decisions.takes(key, name):
                changes.append(FieldChange(name, mine.text, None))
                del new_base[name]
            elif decisions.keeps(key, name):
                new_base[name] = GONE
                settled = True
            else:
                conflicts.append(Conflict(key, name, mine.text, "", _written(base, name)))
                if name in agreed:
                    new_base[name] = OUTDATED
    for name in sorted(wanted.dropped):
        changes.append(FieldChange(name, present.fields[name].text, None))
        new_base.pop(name, None)
        agreed.discard(name)
    for name, remembered in wanted.settled.items():
        if remembered:
            settled |= new_base.get(name) != remembered
            new_base[name] = remembered
        else:
            new_base.pop(name, None)
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
        settled=settled,
        label=wanted.label,
    )


def _is_behind(base: Base, wanted: Wanted, present: Present) -> bool:
    """Whether the base is older than what stands there: something has the record's news already. A run was
    killed before it wrote the lock, or the lock was not committed with the file; what it did is ours."""
    return any(
        name in base.fields
        and present.fields.get(name, ABSENT).digest == theirs.digest != base.fields[name]
        and base.fields[name] not in (GONE, OUTDATED)
        for name, theirs in wanted.fields.items()
        if theirs.digest
    )


def _written(base: Base | None, name: str) -> str | None:
    """When bibbridge last wrote anything of a field's entry, None where it never wrote the field."""
    return base.date if base is not None and name in base.fields and name not in base.agreed else None


def _left_aside(wanted: Wanted, base: Base | None) -> str | None:
    """Why a record brings no news to what stands there: the shore says so, or it is of an earlier version
    (one that is pinned to it has an identity, and so a base, of its own). None where it does."""
    if wanted.aside is not None or base is None or wanted.identity != base.identity:
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


def verdict(key: str, name: str, mine: str, theirs: str, base: str | None, decisions: Decisions) -> Verdict:
    """What becomes of one field, by the digests of the three sides; `base` None for one never written."""
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
    if decisions.takes(key, name):
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
