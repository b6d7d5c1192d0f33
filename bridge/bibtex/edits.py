"""A plan as edits of the file's text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bridge.bibtex.document import Document
from bridge.bibtex.grammar import Field
from bridge.bibtex.keywords import with_members
from bridge.bibtex.layout import Layout, layout_of_file
from bridge.bibtex.letters import preamble
from bridge.bibtex.splice import (
    Edit,
    NewEntry,
    add_block,
    add_entries,
    add_fields,
    change_type,
    change_value,
    remove_fields,
    spliced,
)
from bridge.bibtex.style import formatted
from bridge.bibtex.values import Standing
from bridge.bibtex.venuefields import TYPE
from bridge.plan import Action, Plan


def edits_of(
    plan: Plan,
    document: Document,
    standing: Mapping[str, Standing],
    spellings: Mapping[str, Mapping[str, str]],
) -> list[Edit]:
    """The edits that carry out a plan. `standing` and `spellings` (how the record's fields are named in a
    .bib) go by the records' identities."""
    edits: list[Edit] = []
    new: list[NewEntry] = []
    for action in plan.news:
        spelling = spellings[action.identity]
        if action.kind == "add":
            new.append(_new_entry(action, spelling))
        else:
            edits += _update(document, standing[action.identity], action, spelling)
    layout = layout_of_file(document) if document.entries else _own_layout(document, new)
    return edits + add_entries(document, new, layout)


def definitions(document: Document, edits: Sequence[Edit]) -> list[Edit]:
    """The @preamble for letters in the new text that plain LaTeX lacks, unless the file has it."""
    block = preamble("".join(edit.text for edit in edits), document.text)
    if not block:
        return []
    return [add_block(document, block.rstrip("\n").replace("\n", document.newline), edits)]


def _own_layout(document: Document, new: Sequence[NewEntry]) -> Layout:
    """How bibbridge itself lays out a file that has no entry yet to learn from."""
    if not new:
        return layout_of_file(document)
    sample = formatted(new[0].type, new[0].fields, new[0].key).replace("\n", document.newline)
    return layout_of_file(Document(sample))


def _new_entry(action: Action, spelling: Mapping[str, str]) -> NewEntry:
    fields = {change.field: change.new or "" for change in action.changes}
    fields |= {change.name: ", ".join(change.add.values()) for change in action.set_changes}
    kind = fields.pop(TYPE)
    ordered = [(written, fields[name]) for name, written in spelling.items() if name in fields]
    return NewEntry(kind, action.key, ordered)


def _update(
    document: Document, standing: Standing, action: Action, spelling: Mapping[str, str]
) -> list[Edit]:
    entry, slots = standing.entry, standing.slots
    edits: list[Edit] = []
    new: dict[str, str] = {}
    gone: list[Field] = []
    changes = [(change.field, change.new) for change in action.changes]
    for change in action.set_changes:
        literal = document.literal(slots[change.name]) if change.name in slots else None
        words = with_members(literal or "", change.add.values(), change.remove)
        changes.append((change.name, words or None))
    for name, text in changes:
        if name == TYPE:
            edits.append(change_type(entry, text or entry.type))
        elif text is None:
            gone.append(slots[name])
        elif name in slots:
            edits.append(change_value(document, slots[name], text))
        else:
            new[name] = text
    ordered = [(written, new[name]) for name, written in spelling.items() if name in new]
    edits += remove_fields(document, entry, gone)
    if not (gone and ordered):
        return edits + add_fields(document, entry, ordered)
    # what comes goes behind what is left once the rest is gone
    local = [e._replace(start=e.start - entry.start, end=e.end - entry.start) for e in edits]
    left = Document(spliced(document.text[entry.start : entry.end], local))
    left.spellings = document.spellings  # of the whole file
    written = spliced(left.text, add_fields(left, left.entries[0], ordered))
    return [Edit(entry.start, entry.end, written)]
