"""What a person should hear about a .bib and a plan for it: works that may be one, a venue that is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bridge.bibtex.document import Document
from bridge.bibtex.entryids import entry_ids
from bridge.bibtex.match import Matches
from bridge.bibtex.otherwords import PREPRINT_TYPES
from bridge.bibtex.values import Standing
from bridge.bibtex.venuefields import TYPE
from bridge.errors import Problem
from bridge.plan import Plan
from bridge.record import Record
from bridge.withdrawal import withdrawal


def look_alikes_added(
    document: Document, plan: Plan, records: Sequence[Record], standing: Mapping[str, Standing]
) -> Iterator[Problem]:
    """Records about to be added whose title and first author an entry of the file has already."""
    added = {action.identity for action in plan.of_kind("add")}
    if not added or not document.entries:
        return
    from bridge.bibtex.titles import look_alikes

    new = [record for record in records if record.identity in added]
    matched = {found.entry.start for found in standing.values()}
    for record, entry in look_alikes(document, new, matched):
        yield Problem(
            document.place(entry.start, entry.key),
            "same-title",
            f"{record.identity} has the same first author and a like title, and is added as another work",
            lost=False,
            advice=f"if they are one work, put eprint = {{{record.arxiv_id}}} into the entry"
            if record.arxiv_id
            else None,
        )


def doubles(document: Document, matches: Matches) -> Iterator[Problem]:
    """Entries of a paper that has another entry already, which is the one kept up to date."""
    for identity, twins in matches.doubles.items():
        kept = document.place(matches.entries[identity].start).line
        for twin in twins:
            by_id = entry_ids(document, twin).arxiv is not None
            said = f"it names {identity}," if by_id else f"it has the DOI of {identity},"
            yield Problem(
                document.place(twin.start, twin.key),
                "same-paper",
                f"{said} as {matches.entries[identity].key} does (line {kept}), which is"
                " the one kept up to date",
                lost=False,
                advice=f"remove one of the two, or correct its {'id' if by_id else 'DOI'}",
            )


def fallen_back(
    document: Document, plan: Plan, records: Sequence[Record], standing: Mapping[str, Standing]
) -> Iterator[Problem]:
    """Entries that lose their venue: of a withdrawn paper, or a later version's comment does not repeat what
    an earlier one told (facts/arxiv.md)."""
    by_identity = {record.identity: record for record in records}
    for action in plan.of_kind("update"):
        moved = next((change for change in action.changes if change.field == TYPE), None)
        if moved is None or moved.new not in PREPRINT_TYPES or moved.old in PREPRINT_TYPES:
            continue
        entry = standing[action.identity].entry
        record = by_identity[action.identity]
        withdrawn = record.venue.status == "withdrawn"
        why = f"is {withdrawal(record)}" if withdrawn else "is no longer said by arXiv to have appeared"
        yield Problem(
            document.place(entry.start, entry.key),
            "no-venue",
            f"{action.identity} {why}, so it is written as a preprint again",
            lost=False,
            advice="if that is wrong, put the old entry back; what you wrote stays",
        )
