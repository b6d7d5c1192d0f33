"""One record and the item that stands for it: what a merge decides, and the object that is sent for it.

Everything about Zotero that plan.merge must not know is arranged here: types that change under a person's
hands, fields that move with the type, lines of `extra`, notes as items of their own, tags in the trash.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bridge.decisions import Decisions
from bridge.identifiers import is_arxiv_doi
from bridge.merge import merge
from bridge.plan import Action, Base, Present, Value, Wanted
from bridge.record import Record
from bridge.zotero import extra as extra_lines
from bridge.zotero.index import Indexed
from bridge.zotero.items import (
    AUTOMATIC,
    EXTRA,
    Draft,
    Json,
    draft,
    member_digest,
    present_tags,
    present_values,
    retyped,
    tag_digest,
    value_of,
    venue_fields,
)
from bridge.zotero.keys import derive

_CITATION_KEYS = ("citationKey", EXTRA + extra_lines.CITATION_KEY)


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for every record of a run. `fields` gives a type's fields on this server, `today` is
    YYYY-MM-DD, `shelves` the keys of the target collections, `live` tells which collections exist."""

    fields: Callable[[str], frozenset[str]]
    decisions: Decisions
    today: str
    shelves: Collection[str] = ()
    live: Callable[[str], bool] = lambda key: True
    venue_policy: str = "upgrade"
    notes: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done for one record: the plan's action, and the item and note to send (None: nothing)."""

    action: Action
    item: Json | None = None
    note: Json | None = None


def item_type_of(record: Record, venue_policy: str) -> str:
    """The type that a record asks for; without the upgrade policy a paper stays a preprint."""
    wanted = record.item_type
    if venue_policy != "upgrade" and record.stated is None and record.arxiv_id is not None:
        return wanted if wanted == "thesis" else "preprint"
    return wanted


def decide_new(
    record: Record, key: str, citation_key: str | None, deleted: Base | None, rules: Rules
) -> Decision:
    """For a record that nothing stands for. `deleted` is given where a person deleted its item."""
    item_type = item_type_of(record, rules.venue_policy)
    valid = rules.fields(item_type)
    if not valid:
        item_type, valid = "preprint", rules.fields("preprint")
    made = _without_note(draft(record, item_type, valid, citation_key), rules)
    wanted = _wanted(record, key, made, made.values(), _shelves(rules), frozenset())
    if deleted is not None:
        deleted = deleted._replace(key=key)
    action = merge(wanted, None, deleted, rules.decisions, rules.today)
    if action.kind == "skip":
        return Decision(action)
    data: Json = {"key": key, "version": 0, "itemType": item_type, **made.fields}
    data["creators"] = list(made.creators)
    data["tags"] = [{"tag": tag, "type": AUTOMATIC} for tag in made.tags]
    data["collections"] = list(rules.shelves)
    # the day is what counts; at noon UTC it is the same day nearly everywhere
    data["accessDate"] = f"{rules.today}T12:00:00Z"
    if "accessDate" not in valid or not made.fields.get("url"):
        del data["accessDate"]
    if extra := _written_extra("", made.extra):
        data["extra"] = extra
    return Decision(action, data, new_note(key, made.note) if made.note else None)


def decide_present(
    record: Record,
    item: Indexed,
    note: Indexed | None,
    note_deleted: bool,
    citation_key: str | None,
    base: Base | None,
    rules: Rules,
) -> Decision:
    """For a record whose item stands there. `note` is the item's comment note, in the trash or not;
    `note_deleted` says that a person deleted ours for good."""
    data, key = item.data, item.key
    if base is not None and base.key != key:
        # the base speaks of another item (deleted since, or merged into this one): it proves nothing here
        base = None
    note_gone = note_deleted or (note is not None and note.trashed)
    alive = note.data.get("note", "") if note is not None and not note.trashed else None
    mine = present_values(data, alive)
    final, downgraded = _final_type(record, item, base, rules)
    known = base or Base(record.identity, key, rules.today, {})
    moved = _Moved.to(final, data["itemType"], mine, known, rules.fields(final))
    if base is None and final == data["itemType"]:
        moved = replace(moved, base=None)
    made = _without_note(draft(record, final, rules.fields(final), citation_key), rules)
    theirs = _asked(made.values(), moved.mine, downgraded=downgraded)
    if note_gone and not rules.decisions.restore:
        theirs.pop("note", None)
    if final != item_type_of(record, rules.venue_policy) and not downgraded:
        # the person's own type stays, and the difference is told
        wished = item_type_of(record, rules.venue_policy)
        theirs["itemType"] = value_of("itemType", wished)
    retired = frozenset() if downgraded else venue_fields(final) - set(theirs)
    ours = base.sets.get("collections", frozenset()) if base is not None else frozenset()
    there = {member_digest(one): one for one in data.get("collections", ()) if rules.live(one)}
    shelves = _shelves(rules) | {name: one for name, one in there.items() if name in ours}
    wanted = _wanted(record, key, made, theirs, shelves, retired)
    sets = {"tags": present_tags(data), "collections": there}
    present = Present(key, moved.mine, sets, item.trashed)
    action = merge(wanted, present, moved.base, rules.decisions, rules.today)
    if action.kind == "skip":
        return Decision(action)
    return Decision(
        action,
        _patch(record, item, final, made, moved, action, there),
        _note_patch(action, key, made, note),
    )


def new_note(parent: str, text: str) -> Json:
    """The child note for a comment; its key follows from its parent's, so that it is added once."""
    return {
        "key": derive("note", parent),
        "version": 0,
        "itemType": "note",
        "parentItem": parent,
        "note": text,
    }


@dataclass(frozen=True, slots=True)
class _Moved:
    """An item's values and base as they will be named once it has its final type.

    `lost` is what the type change would drop of a person's own (name → text)."""

    mine: dict[str, Value]
    base: Base | None
    lost: Mapping[str, str]
    from_other_type: Mapping[str, str]

    @classmethod
    def to(
        cls, final: str, item_type: str, mine: Mapping[str, Value], base: Base, valid: Collection[str]
    ) -> _Moved:
        if final == item_type:
            return cls(dict(mine), base, {}, {})
        known = base.fields
        ours = {
            name: value.digest
            for name, value in mine.items()
            # what every importer writes of arXiv's is nobody's own
            if known.get(name) == value.digest or value.text.lower().startswith("arxiv")
        }
        moves = retyped({*mine, *known}, item_type, final, valid)
        kept = {to: mine[name] for name, to in moves.items() if to is not None and name in mine}
        lost = {n: mine[n].text for n, to in moves.items() if to is None and n in mine and n not in ours}
        digests = {to: known[name] for name, to in moves.items() if to is not None and name in known}
        digests |= {to: ours[name] for name, to in moves.items() if to is not None and name in ours}
        renamed = {
            to: kept[to].text
            for name, to in moves.items()
            if to is not None and to != name and name in mine and name not in ours
        }
        return cls(kept, base._replace(fields=digests), lost, renamed)


def _final_type(record: Record, item: Indexed, base: Base | None, rules: Rules) -> tuple[str, bool]:
    """The type that the item will have, and whether the record alone would take it a step back.

    A paper once known as published stays published: comments are not cumulative, and a later version (or a
    poorer source) that says nothing of the venue takes nothing back. A withdrawal does.
    """
    mine = item.data["itemType"]
    theirs = item_type_of(record, rules.venue_policy)
    # an importer of old made arXiv itself the journal: that is no publication
    published = mine != "preprint" and not item.data.get("publicationTitle", "").lower().startswith("arxiv")
    if theirs == "preprint" and published and record.venue.status != "withdrawn":
        return mine, True
    if not rules.fields(theirs):
        return mine, True
    wish = Wanted(
        record.identity,
        item.key,
        {"itemType": value_of("itemType", theirs)},
        version=record.version,
        listed=record.as_of,
    )
    there = Present(item.key, {"itemType": value_of("itemType", mine)})
    action = merge(wish, there, base, rules.decisions, rules.today)
    return (theirs if action.changes else mine), False


def _asked(theirs: dict[str, Value], mine: Mapping[str, Value], *, downgraded: bool) -> dict[str, Value]:
    """What the record asks for, without what only fills a gap that is filled."""
    has_key = any(name in mine for name in _CITATION_KEYS)
    kept = {}
    for name, value in theirs.items():
        there = mine.get(name)
        if name in _CITATION_KEYS and has_key and there is None:
            continue
        if there is not None and there.digest and there.digest != value.digest:
            if name in (*_CITATION_KEYS, "libraryCatalog"):
                continue
            if name == "url" and "arxiv.org" not in there.text.lower():
                continue
        kept[name] = value
    if downgraded:
        doi = kept.get("DOI")
        kept.pop("date", None)
        kept.pop("itemType", None)
        if doi is not None and is_arxiv_doi(doi.text):
            del kept["DOI"]
    return kept


def _wanted(
    record: Record,
    key: str,
    made: Draft,
    values: Mapping[str, Value],
    shelves: Mapping[str, str],
    retired: frozenset[str],
) -> Wanted:
    return Wanted(
        record.identity,
        key,
        values,
        {"tags": made.tag_set(), "collections": shelves},
        retired,
        record.title,
        record.version,
        listed=record.as_of,
    )


def _shelves(rules: Rules) -> dict[str, str]:
    return {member_digest(key): key for key in rules.shelves}


def _without_note(made: Draft, rules: Rules) -> Draft:
    return made if rules.notes else replace(made, note=None)


def _written_extra(extra: str, lines: Mapping[str, str]) -> str:
    for label, value in lines.items():
        extra = extra_lines.write_line(extra, label, value)
    return extra


def _patch(
    record: Record,
    item: Indexed,
    final: str,
    made: Draft,
    moved: _Moved,
    action: Action,
    there: Mapping[str, str],
) -> Json | None:
    """The object to send for an item that stands there; None when nothing of it changes."""
    data = item.data
    sent: Json = {}
    extra = data.get("extra", "")
    if final != data["itemType"]:
        sent["itemType"] = final
        # named outright, whatever the server moves by itself
        sent |= moved.from_other_type
        for name, text in moved.lost.items():
            extra = extra_lines.write_line(extra, name, text)
        if record.arxiv_id is not None and extra_lines.read_line(extra, extra_lines.ARXIV) is None:
            extra = extra_lines.write_line(extra, extra_lines.ARXIV, made.extra[extra_lines.ARXIV])
    for change in action.changes:
        name = change.field
        if name in ("itemType", "note"):
            continue
        if name.startswith(EXTRA):
            label = name.removeprefix(EXTRA)
            extra = extra_lines.write_line(
                extra, label, made.extra[label] if change.new is not None else None
            )
        elif name == "creators":
            sent["creators"] = list(made.creators)
        else:
            sent[name] = made.fields[name] if change.new is not None else ""
    if extra != data.get("extra", ""):
        sent["extra"] = extra
    for members in action.set_changes:
        if members.name == "tags":
            kept = [tag for tag in data.get("tags", ()) if tag_digest(tag["tag"]) not in members.remove]
            sent["tags"] = kept + [{"tag": tag, "type": AUTOMATIC} for tag in members.add.values()]
        else:
            stays = [key for name, key in there.items() if name not in members.remove]
            sent["collections"] = stays + list(members.add.values())
    if action.untrash:
        sent["deleted"] = 0
    return {"key": item.key, "version": item.version, **sent} if sent else None


def _note_patch(action: Action, parent: str, made: Draft, note: Indexed | None) -> Json | None:
    change = next((change for change in action.changes if change.field == "note"), None)
    if change is None or made.note is None:
        return None
    if note is None:
        return new_note(parent, made.note)
    sent: dict[str, Any] = {"key": note.key, "version": note.version, "note": made.note}
    return sent | ({"deleted": 0} if note.trashed else {})
