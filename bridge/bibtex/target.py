"""A .bib file as a target: plan against what stands in it, splice, and replace it whole or not at all.

    BibTarget(path).plan(records, decisions, today)     reads the file and the lock, decides
                   .diff(plan)                          what --dry-run shows
                   .apply(plan)                         writes: the file, then the lock

Between plan and apply, and while applying, somebody may save the file or another run may write it: what was
read is compared with what stands there just before the replacement, and if it changed, everything is planned
anew. The lock lies ready on the disk before the file is replaced, so that a kill between the two costs
nothing: the next run takes it from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from bridge import lockfile
from bridge.bibtex.adaptation import adapted, without_stand_in
from bridge.bibtex.blocks import Entry
from bridge.bibtex.document import Document
from bridge.bibtex.edits import definitions, edits_of
from bridge.bibtex.engines import Wants, notes, wants
from bridge.bibtex.entryids import entry_ids
from bridge.bibtex.letters import preamble
from bridge.bibtex.match import Likeness, Matches, Sought, find_matches
from bridge.bibtex.remarks import doubles, fallen_back, look_alikes_added
from bridge.bibtex.snapshot import Snapshot, read_snapshot
from bridge.bibtex.splice import Edit, spliced
from bridge.bibtex.style import BibStyle, dialect_of, formatted
from bridge.bibtex.values import Proposal, Standing, printable, proposal, still_of
from bridge.config import Dialect, VenuePolicy
from bridge.decisions import Decisions
from bridge.errors import InputError, Place, Problem
from bridge.files import holds, replace_atomically, sole_writer, sweep
from bridge.merge import DELETED, make_plan
from bridge.plan import Action, Base, Plan, Present, Wanted
from bridge.record import Record

_TRIES = 5  # how often a file may change under us before we give up


class Outcome(NamedTuple):
    """What `apply` did. `plan` is the one carried out: not the one given, if the file changed meanwhile."""

    plan: Plan
    written: bool = False
    lock_written: bool = False


_ANOTHER = (
    "the entry of that key (line {line}) names another paper by now: correct its id; --restore would add it"
    " once more"
)
_UNNAMED = (
    "the entry of that key (line {line}) has another title and names no arXiv paper: if it is this one, put"
    " eprint = {{{id}}} into it; --restore would add it once more"
)


@dataclass(slots=True)
class _Planned:
    """A plan and what it was made from."""

    plan: Plan
    snapshot: Snapshot
    standing: dict[str, Standing]
    problems: list[Problem]


class BibTarget:
    """One .bib file. `use_lock` False neither reads nor writes bibbridge.lock; the rest is `BibStyle`'s."""

    def __init__(
        self,
        path: Path,
        *,
        dialect: Dialect | None = None,
        venue_policy: VenuePolicy = "upgrade",
        extra_fields: Sequence[str] = (),
        key_pattern: str | None = None,
        use_lock: bool = True,
    ) -> None:
        self.path = path
        self.style = BibStyle(dialect or "bibtex", venue_policy, tuple(extra_fields), key_pattern)
        self._dialect_by_file = dialect is None
        self.lock_path = path.parent / lockfile.NAME if use_lock else None
        self._planned: _Planned | None = None
        self._asked: tuple[list[Record], Decisions, str] = ([], Decisions(), "")
        # how each record's fields are named in a .bib; all that writing needs of a proposal
        self._spellings: dict[str, Mapping[str, str]] = {}
        self._refused: list[Problem] = []
        # what an entry for biblatex asks of LaTeX, by identity
        self._wants: dict[str, Wants] = {}

    @property
    def problems(self) -> list[Problem]:
        """What a person should hear about the file: broken blocks, its encoding, look-alikes, its lock."""
        return [*self._refused, *self._planned.problems] if self._planned else []

    def plan(self, records: Sequence[Record], decisions: Decisions, today: str) -> Plan:
        """What would bring the file in line with the records, one action each.

        Raises InputError when the file or the lock cannot be read.
        """
        self._asked = (list(records), decisions, today)
        self.style = self.style._replace(today=today)
        self._planned = self._plan_on(self._read())
        return self._planned.plan

    def render(self, plan: Plan) -> str:
        """The file's text once `plan` (made by `plan`) is carried out."""
        return spliced(self._of(plan).snapshot.document.text, self._edits(plan))

    def _edits(self, plan: Plan) -> list[Edit]:
        planned = self._of(plan)
        if not plan.news:
            return []
        edits = edits_of(plan, planned.snapshot.document, planned.standing, self._spellings)
        if self.style.dialect == "bibtex":
            edits = definitions(planned.snapshot.document, edits) + edits
        return edits

    def rehearse(self, plan: Plan) -> None:
        """Raises InputError where `apply` would, for the file's encoding lacks a character to be written."""
        if plan.news:
            self._of(plan).snapshot.encoding.encode(self.render(plan), str(self.path))

    def diff(self, plan: Plan) -> str:
        """The unified diff of what `plan` would change; "" for nothing."""
        from bridge.worddiff import unified_diff

        before = self._of(plan).snapshot.document.text
        return printable(unified_diff(before, self._edits(plan), str(self.path)))

    def apply(self, plan: Plan) -> Outcome:
        """Carry out a plan, or a new one if the file changed since. Writes nothing where there is no news.

        Raises InputError, with the file untouched, when it cannot be read or written, or when its encoding
        lacks a character that is to be written.
        """
        planned = self._of(plan)
        known = planned.snapshot
        settled = self._bases_after(planned) == known.bases and not (known.lock.disputed or known.resumed)
        if settled and not plan.news:
            return Outcome(plan)
        with sole_writer(self.path):
            sweep(self.path)
            for _ in range(_TRIES):
                if planned.snapshot.is_outdated(self.path, self.lock_path):
                    planned = self._planned = self._plan_on(self._read())
                done = self._write(planned)
                if done is not None:
                    return Outcome(planned.plan, *done)
            raise InputError(
                Place(str(self.path)), "the file is being written by somebody else again and again"
            )

    def _read(self) -> Snapshot:
        return read_snapshot(self.path, self.lock_path)

    def _of(self, plan: Plan) -> _Planned:
        if self._planned is None or self._planned.plan is not plan:
            raise ValueError("this plan was not made by this target's last call of plan()")
        return self._planned

    # -- planning --

    def _propose(self, records: Sequence[Record]) -> dict[str, Proposal]:
        proposals = {}
        self._refused = []
        self._wants = {}
        for record in records:
            rendered, problems = self.style.rendered(record)
            if self.style.dialect == "biblatex" and (wanted := wants(rendered.fields)) is not None:
                self._wants[record.identity] = wanted
            proposals[record.identity] = proposal(record, rendered.type, rendered.fields)
            self._refused += problems
        self._spellings = {identity: made.spelling for identity, made in proposals.items()}
        return proposals

    def _plan_on(self, snapshot: Snapshot) -> _Planned:
        records, decisions, today = self._asked
        unique = list({record.identity: record for record in records}.values())
        if self._dialect_by_file:
            self.style = self.style._replace(dialect=dialect_of(snapshot.document, snapshot.bases.values()))
        proposals = self._propose(unique)
        document = snapshot.document
        bases = dict(snapshot.bases)
        said = decisions.accept | {name.rpartition(":")[0] for name in decisions.accept}
        matches = find_matches(
            document,
            [_sought(r) for r in unique],
            {name: base.key for name, base in bases.items()},
            lambda identity, entry: still_of(document, entry, bases[identity], proposals.get(identity)),
            lambda identity, entry: (
                "unclear"  # the person says that it is
                if entry.key in said
                else _likeness(document, entry, proposals[identity].record)
            ),
        )
        standing: dict[str, Standing] = {}
        wanted = self._wanted(unique, proposals, matches, document, bases, standing)
        for identity in [name for name in wanted if name not in standing and name in bases]:
            if decisions.restore or bases[identity].key in decisions.accept:
                # the key that a deleted entry had may be another's by now
                bases[identity] = bases[identity]._replace(key=wanted[identity].key)

        for identity, found in standing.items():
            if identity in bases:
                bases[identity] = without_stand_in(bases[identity], wanted[identity], found.present)

        def present(one: Wanted) -> Present | None:
            found = standing.get(one.identity)
            return found.present if found else None

        made = {a.identity: a for a in make_plan(wanted.values(), present, bases, decisions, today).actions}
        for identity, stranger in matches.strangers.items():
            made[identity] = self._skipped(proposals[identity], document, stranger)
        for identity, block in matches.broken.items():
            line = document.place(block.at).line
            reason = f"its entry in the file cannot be read (line {line}): repair it, and run again"
            label = proposals[identity].wanted.label
            made[identity] = Action("skip", identity, block.key, reason=reason, label=label)
        for identity, action in made.items():
            if action.reason == DELETED and (entry := document.entry(bases[identity].key)) is not None:
                reason = _UNNAMED if entry_ids(document, entry).arxiv is None else _ANOTHER
                made[identity] = action._replace(
                    reason=reason.format(
                        line=document.place(entry.start).line, id=identity.removeprefix("arXiv:")
                    )
                )
        plan = Plan(tuple(made[record.identity] for record in unique))
        planned = _Planned(plan, snapshot, standing, list(snapshot.problems))
        planned.problems += self._without_lock(planned)
        planned.problems += look_alikes_added(document, plan, unique, standing)
        planned.problems += doubles(document, matches)
        if self.style.venue_policy == "upgrade":  # else it is the person who wants no venue
            planned.problems += fallen_back(document, plan, unique, standing)
        written = [action.identity for action in plan.of_kind("add", "update")]
        asking = [self._wants[identity] for identity in written if identity in self._wants]
        planned.problems += notes(str(self.path), asking)
        return planned

    def _skipped(self, made: Proposal, document: Document, stranger: Entry) -> Action:
        """Nothing is written into an entry that is another work; what speaks against it is reported."""
        wanted, standing = adapted(made, document, stranger, None, self._asked[1])
        (merged,) = make_plan([wanted], lambda _: standing.present, {}, Decisions(), self._asked[2]).actions
        line = document.place(stranger.start).line
        reason = (
            f"the entry {stranger.key} names this paper (line {line}), but has another title and other"
            f" authors: correct the id in it, or say --accept {stranger.key} if it is this paper"
        )
        conflicts, label = merged.conflicts, made.wanted.label
        return Action("skip", wanted.identity, stranger.key, conflicts=conflicts, reason=reason, label=label)

    def _wanted(
        self,
        records: Sequence[Record],
        proposals: Mapping[str, Proposal],
        matches: Matches,
        document: Document,
        bases: Mapping[str, Base],
        standing: dict[str, Standing],
    ) -> dict[str, Wanted]:
        """What each record asks of the file as it is; fills `standing` for those that have an entry in it."""
        decisions = self._asked[1]
        here = {record.identity for record in records}
        by_key = {base.key: base for base in bases.values() if base.identity not in here}
        wanted: dict[str, Wanted] = {}
        new: list[Record] = []
        taken = set(document.keys) | {base.key.lower() for base in bases.values()}
        for record in records:
            identity = record.identity
            entry = matches.entries.get(identity)
            made = proposals[identity]
            if entry is not None:
                base = bases.get(identity) or by_key.get(entry.key)
                wanted[identity], standing[identity] = adapted(made, document, entry, base, decisions)
            elif identity in matches.broken or identity in matches.strangers:
                continue
            elif identity in bases and bases[identity].key.lower() not in document.keys:
                wanted[identity] = made.under(bases[identity].key)
            else:
                new.append(record)
        for record, key in zip(new, self.style.keys(new, taken), strict=True):
            wanted[record.identity] = proposals[record.identity].under(key)
        return wanted

    def _without_lock(self, planned: _Planned) -> list[Problem]:
        """Where conflicts may come from a lock that was left behind: a co-author's, say."""
        if self.lock_path is None or self.lock_path.exists() or not planned.plan.conflicts:
            return []
        return [
            Problem(
                Place(str(self.path)),
                "no-lock",
                f"there is no {lockfile.NAME} beside it, so all that stands in it counts as written by hand",
                lost=False,
                advice=f"if bibbridge wrote it, put its {lockfile.NAME} back; else decide each conflict once,"
                " with --accept or --keep, which the new lock remembers",
            )
        ]

    # -- writing --

    def _write(self, planned: _Planned) -> tuple[bool, bool] | None:
        """Replace file and lock; whether each changes, None where somebody else was quicker."""
        text = self.render(planned.plan)
        snapshot = planned.snapshot
        data = None if text == snapshot.document.text else snapshot.encoding.encode(text, str(self.path))
        unchanged = partial(holds, self.path, snapshot.data)
        if self.lock_path is None:
            if data is not None and not replace_atomically(self.path, data, unchanged):
                return None
            return data is not None, False
        with sole_writer(self.lock_path):
            # read again: a run on another file may have written it meanwhile
            lock = lockfile.load(self.lock_path).with_bases(self.path.name, self._bases_after(planned))
            if data is None:
                done = False, lockfile.save(self.lock_path, lock)
            else:
                with lockfile.prepared(self.lock_path, lock, self.path.name, data) as put_lock:
                    if not replace_atomically(self.path, data, unchanged):
                        return None
                    done = True, put_lock()
            # only now: until the lock stands, what a killed run left is all that knows what that run did
            if snapshot.resumed is not None:
                snapshot.resumed.unlink(missing_ok=True)
            sweep(self.lock_path)
            return done

    def _bases_after(self, planned: _Planned) -> Mapping[str, Base]:
        if self.lock_path is None:
            return planned.snapshot.bases
        return planned.plan.bases_after(planned.snapshot.bases)


def _likeness(document: Document, entry: Entry, record: Record) -> Likeness:
    from bridge.bibtex.titles import likeness

    return likeness(document, entry, record)


def new_bib_text(
    records: Sequence[Record],
    *,
    dialect: Dialect | None = None,
    venue_policy: VenuePolicy = "upgrade",
    extra_fields: Sequence[str] = (),
    key_pattern: str | None = None,
    today: str = "",
    name: str = "standard output",
    report: Callable[[Problem], None] | None = None,
) -> str:
    """A whole new .bib, for standard output or what `name` is. `today`: as for `BibTarget.plan`; `report` is
    told what a person should hear."""
    style = BibStyle(dialect or "bibtex", venue_policy, tuple(extra_fields), key_pattern, today)
    unique = list({record.identity: record for record in records}.values())
    texts: list[str] = []
    asking: list[Wants] = []
    told: list[Problem] = []
    for record, key in zip(unique, style.keys(unique, ()), strict=True):
        rendered, problems = style.rendered(record)
        told += problems
        if style.dialect == "biblatex" and (wanted := wants(rendered.fields)) is not None:
            asking.append(wanted)
        texts.append(formatted(rendered.type, rendered.fields, key))
    if report is not None:
        for problem in (*told, *notes(name, asking)):
            report(problem)
    block = preamble("".join(texts)) if style.dialect == "bibtex" else ""
    return "\n".join([block, *texts] if block else texts)


def _sought(record: Record) -> Sought:
    version = record.version if record.pinned else None
    latest = None if record.pinned else record.version
    return Sought(record.identity, record.arxiv_id, version, record.doi, latest)
