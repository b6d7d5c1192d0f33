"""A Zotero library as a target: records in, a plan out, and the plan carried out without a loss or a double.

    plan:   index.refresh → shelves → match → merge (pure) → Plan
    apply:  permission → collections → items, 50 a request → their notes → lock after every portion

Whatever breaks off in between (a lost answer, a kill), the next run finds by derived keys and versions what
was done, renews the base where mine equals theirs, and does the rest.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from bridge import lockfile
from bridge.citekey import unique_keys
from bridge.decisions import Decisions
from bridge.errors import InputError, Place, Problem, RemoteError
from bridge.files import sole_writer
from bridge.places import cache_dir, state_dir
from bridge.plan import Action, Base, Plan
from bridge.progress import Progress, Silent
from bridge.record import Record
from bridge.transport import is_loopback
from bridge.zotero import collections
from bridge.zotero.extra import CITATION_KEY, read_line
from bridge.zotero.index import Index, index_path
from bridge.zotero.items import Json
from bridge.zotero.keys import derive
from bridge.zotero.library import MOST_OBJECTS, Failure, Library, Report, chunks
from bridge.zotero.matching import Match, Matcher
from bridge.zotero.merging import Decision, Rules, decide_new, decide_present
from bridge.zotero.outcome import Outcome

Stage = Literal["item", "note"]

_ROUNDS = 6
"""How often one record is decided anew because others keep changing it."""
_AGAIN = frozenset({404, 412, 500, 502, 503, 504})
_NOT_THIS_PORTION = frozenset({400, 413})
_NOTE = "note"


@dataclass(slots=True)
class _Job:
    """One record on its way: what is decided, what became of it, and how often it was decided anew."""

    record: Record
    citation_key: str | None
    decision: Decision
    rounds: int = 0
    did: Literal["created", "updated"] | None = None
    failed: str | None = None

    @property
    def item(self) -> Json | None:
        return self.decision.item if self.failed is None else None

    @property
    def note(self) -> Json | None:
        return self.decision.note if self.failed is None else None

    def at(self, stage: Stage) -> Json | None:
        return self.item if stage == "item" else self.note


class ZoteroTarget:
    """One library, the collections aimed at, and the lock that carries the base.

    `lock_path` None keeps the base in the user's state folder, one file a library.
    """

    def __init__(
        self,
        library: Library,
        *,
        collection_paths: Sequence[str] = (),
        key_pattern: str | None = None,
        venue_policy: str = "upgrade",
        lock_path: Path | None = None,
        use_cache: bool = True,
        progress: Progress | None = None,
    ) -> None:
        self.library = library
        self.lock_path = lock_path or state_lock_path(library)
        self._paths = list(dict.fromkeys(collection_paths))
        self._key_pattern = key_pattern
        self._venue_policy = venue_policy
        self._progress: Progress = progress or Silent()
        self._lock = lockfile.load(self.lock_path)
        self._bases = self._lock.bases(library.target)
        self._stored = dict(self._bases)
        self._index = Index(index_path(library) if use_cache else None, self._progress)
        self._rules = Rules(lambda item_type: frozenset(), Decisions(), "")
        self._matcher = Matcher(self._index, self._bases, (), ())
        self._jobs: list[_Job] = []
        self._plan: Plan | None = None

    @property
    def lock_problems(self) -> tuple[Problem, ...]:
        """What of the lock could not be read."""
        return self._lock.problems

    def close(self) -> None:
        self._index.close()

    # -- planning ------------------------------------------------------------------------------------------

    def plan(self, records: Iterable[Record], decisions: Decisions, today: str) -> Plan:
        """What would bring the library in line with `records`; `today` is YYYY-MM-DD. Reads, never writes.

        Raises UsageError for a collection path that may mean several, RemoteError.
        """
        unique = list({record.identity: record for record in records}.values())
        try:
            self._look_and_decide(unique, decisions, today)
        except sqlite3.OperationalError:
            # held by another process for too long, or no room on the disk
            self._index.do_without()
            self._look_and_decide(unique, decisions, today)
        except sqlite3.DatabaseError:
            # a damaged cache is read anew
            self._index.start_over()
            self._look_and_decide(unique, decisions, today)
        self._plan = Plan(tuple(job.decision.action for job in self._jobs))
        return self._plan

    def _look_and_decide(self, records: Sequence[Record], decisions: Decisions, today: str) -> None:
        self._index.refresh(self.library)
        known = self._index.collections()
        shelves = [collections.resolve(known, path) for path in self._paths]
        collections.refuse_trashed(self.library, self._index, (m for shelf in shelves for m in shelf.missing))
        self._decide_all(records, [shelf.key for shelf in shelves], decisions, today)

    def _decide_all(
        self, records: Sequence[Record], shelves: Sequence[str], decisions: Decisions, today: str
    ) -> None:
        # an item stays in a collection that lies in the trash: it may come back
        live = {*self._index.collections(), *self._index.trashed_collections(), *shelves}
        self._rules = Rules(
            fields=lambda item_type: self._index.item_fields(self.library, item_type),
            decisions=decisions,
            today=today,
            shelves=tuple(dict.fromkeys(shelves)),
            live=live.__contains__,
            venue_policy=self._venue_policy,
            notes=self.library.may_write_notes,
        )
        self._matcher = Matcher(self._index, self._bases, records, self._rules.shelves)
        matches = [self._matcher.match(record) for record in records]
        keyless = [r for r, match in zip(records, matches, strict=True) if not _citation_key(match)]
        names = unique_keys(keyless, self._key_pattern, self._index.citation_keys())
        named = dict(zip((record.identity for record in keyless), names, strict=True))
        self._jobs = []
        for record, match in zip(records, matches, strict=True):
            citation_key = named.get(record.identity)
            decision = self._decide(record, match, citation_key)
            self._jobs.append(_Job(record, citation_key, decision))

    def _decide(self, record: Record, match: Match, citation_key: str | None) -> Decision:
        base = self._bases.get(record.identity)
        if match.item is None:
            gone = None
            if match.deleted or (base is not None and self.library.name.kind == "local"):
                gone = base or Base(record.identity, match.key, self._rules.today, {})
            return decide_new(record, match.key, citation_key, gone, self._rules)
        if (other := self._matcher.other_claim(match.key, record)) is not None:
            reason = f"in this library it is the same item as {other}"
            return Decision(Action("skip", record.identity, match.key, reason=reason, label=record.title))
        note = self._index.comment_note(match.key)
        deleted = note is None and self._index.was_deleted(derive("note", match.key))
        return decide_present(record, match.item, note, deleted, citation_key, base, self._rules)

    # -- carrying out --------------------------------------------------------------------------------------

    def apply(self, plan: Plan) -> Outcome:
        """Carry out the plan that `plan()` gave last.

        Raises RemoteError when nothing could be done at all; an error later on ends up in the outcome, with
        what was left undone.
        """
        if plan is not self._plan:
            raise ValueError("only the plan made last can be carried out")
        stopped: RemoteError | None = None
        try:
            if any(job.item or job.note for job in self._jobs):
                self._require_lock()
                self.library.require_write()
                self._make_collections()
                self._write_all()
                self._index.settle(self.library)
        except RemoteError as error:
            stopped = error
        except sqlite3.Error as error:
            raise InputError(
                Place(str(cache_dir())),
                f"the cache cannot be written ({error})",
                "what was done until then is done; run it again, with --no-cache if need be",
            ) from error
        finally:
            self._save_lock()
            self._progress.close()
        outcome = self._outcome(stopped)
        if stopped is not None and not (outcome.created or outcome.updated):
            raise stopped
        return outcome

    def _require_lock(self) -> None:
        """Make sure that what will be written can be remembered. Raises InputError."""
        with sole_writer(self.lock_path):
            try:
                self.lock_path.parent.mkdir(parents=True, exist_ok=True)
                writable = os.access(self.lock_path.parent, os.W_OK)
            except OSError:
                writable = False
        if not writable:
            raise InputError(
                Place(str(self.lock_path)),
                "what is written to Zotero could not be remembered here",
                "set BIBBRIDGE_STATE_DIR to a writable folder",
            )

    def _make_collections(self) -> None:
        shelves = [shelf.key for shelf in collections.make(self.library, self._index, self._paths)]
        if tuple(dict.fromkeys(shelves)) != self._rules.shelves:
            # somebody made one of them meanwhile, or a derived key was taken
            records = [job.record for job in self._jobs]
            self._decide_all(records, shelves, self._rules.decisions, self._rules.today)

    def _write_all(self) -> None:
        """Items, then the notes that hang on them; once more where a note found its item changed."""
        while any(job.item or job.note for job in self._jobs):
            for stage in ("item", "note"):
                self._write_stage(stage)

    def _write_stage(self, stage: Stage) -> None:
        most = MOST_OBJECTS
        while waiting := [job for job in self._jobs if job.at(stage) and not (stage == "note" and job.item)]:
            objects = [job.at(stage) or {} for job in waiting]
            portion = [waiting[place] for place in next(chunks(objects))][:most]
            sent = [job.at(stage) or {} for job in portion]
            try:
                report = self.library.write_items(sent)
            except RemoteError as error:
                if error.status not in _NOT_THIS_PORTION:
                    raise
                # the request as a whole was refused: one object's doing, or a proxy finds it too large
                if len(portion) == 1:
                    portion[0].failed = error.reason
                most = max(1, len(portion) // 2)
                continue
            self._index.enter(report)
            again = []
            for place, job in enumerate(portion):
                if (failure := report.failed.get(place)) is None:
                    self._done(job, stage)
                elif not self._give_up(job, stage, failure):
                    again.append(job)
            self._decide_again(again, stage, report, sent)
            self._save_lock()
            left = sum(1 for job in self._jobs if job.item or job.note)
            self._progress.update(len(self._jobs) - left, len(self._jobs), "records pushed")

    def _done(self, job: _Job, stage: Stage) -> None:
        sent, action = job.at(stage) or {}, job.decision.action
        if stage == "item":
            job.did = "created" if sent["version"] == 0 else "updated"
            job.decision = replace(job.decision, item=None)
        else:
            job.did = job.did or "updated"
            job.decision = replace(job.decision, note=None)
        self._keep_base(job, action)

    def _keep_base(self, job: _Job, action: Action) -> None:
        """Remember what has been written: all of the action's base, but for a note still on its way."""
        if action.base is None:
            return
        fields = dict(action.base.fields)
        if job.decision.note is not None:
            before = self._bases.get(action.identity)
            fields.pop(_NOTE, None)
            if before is not None and _NOTE in before.fields:
                fields[_NOTE] = before.fields[_NOTE]
        self._bases[action.identity] = action.base._replace(fields=fields)

    def _give_up(self, job: _Job, stage: Stage, failure: Failure) -> bool:
        """Whether an object that was refused stays so; if not, it is decided again."""
        job.rounds += 1
        reason = failure.message or f"code {failure.code}"
        gone = failure.data.get("collection")
        if failure.code == 409 and gone and gone not in self._rules.shelves:
            # one of the item's other collections was deleted, which does not show in the item
            self._index.forget_collection(gone)
        elif failure.code not in _AGAIN and not (failure.code == 409 and stage == "note"):
            job.failed = reason if stage == "item" else f"its comment note: {reason}"
        if job.failed is None and job.rounds >= _ROUNDS:
            job.failed = f"it was changed again and again meanwhile ({reason})"
        return job.failed is not None

    def _decide_again(self, jobs: Sequence[_Job], stage: Stage, report: Report, sent: Sequence[Json]) -> None:
        """Read what stands there now, merge again: somebody else changed or made it, or we did and the answer
        was lost."""
        if not jobs:
            return
        keys = {str((job.at(stage) or {}).get("key")) for job in jobs}
        if stage == "note":
            keys |= {job.decision.action.key for job in jobs}
        existed = {str(one.get("key")) for place, one in enumerate(sent) if _found_there(report, place)}
        self._index.read_again(self.library, sorted(keys), existed)
        there = {*self._index.collections(), *self._index.trashed_collections()}
        self._rules = replace(self._rules, live={*there, *self._rules.shelves}.__contains__)
        for job in jobs:
            creating = (job.at(stage) or {}).get("version") == 0
            match = self._matcher.match(job.record)
            job.decision = self._decide(job.record, match, job.citation_key)
            if job.item is None and job.decision.action.kind != "skip":
                if report.replayed and job.did is None:
                    job.did = "created" if creating and stage == "item" else "updated"
                self._keep_base(job, job.decision.action)

    # -- the end -------------------------------------------------------------------------------------------

    def _save_lock(self) -> None:
        for job in self._jobs:
            if job.item is None and job.note is None and job.failed is None and job.did is None:
                self._keep_base(job, job.decision.action)
        news = {name: base for name, base in self._bases.items() if self._stored.get(name) != base}
        if not news:
            return
        with sole_writer(self.lock_path):
            # read again: another run may have written it meanwhile
            lock = lockfile.load(self.lock_path)
            self.lock_path.parent.mkdir(parents=True, exist_ok=True)
            lockfile.save(
                self.lock_path, lock.with_bases(self.library.target, lock.bases(self.library.target) | news)
            )
        self._stored |= news

    def _outcome(self, stopped: RemoteError | None) -> Outcome:
        outcome = Outcome(stopped=stopped)
        for job in self._jobs:
            action = job.decision.action
            outcome.conflicts += action.conflicts
            if job.failed is not None:
                outcome.failed.append((action.identity, job.failed))
            elif stopped is not None and (job.item or job.note):
                outcome.failed.append((action.identity, f"not done: {stopped.reason}"))
            elif action.kind == "skip":
                outcome.skipped.append((action.identity, action.key, action.reason or ""))
            elif job.did is None:
                outcome.unchanged += 1
            if action.reason and action.kind != "skip":
                outcome.notes.append((action.identity, action.key, action.reason))
            if job.did == "created":
                outcome.created += 1
            elif job.did == "updated" and job.failed is None:
                outcome.updated += 1
        outcome.requests = self.library.requests
        outcome.seconds_waited = self.library.seconds_waited
        return outcome


def _found_there(report: Report, place: int) -> bool:
    """Whether an object was refused because it exists, in another version than was said."""
    failure = report.failed.get(place)
    return failure is not None and failure.code == 412


def _citation_key(match: Match) -> str | None:
    """The citation key that the item has already; nobody gets another one."""
    if match.item is None:
        return None
    data = match.item.data
    return data.get("citationKey") or read_line(data.get("extra", ""), CITATION_KEY)


def state_lock_path(library: Library) -> Path:
    """Where the base of a push outside a project is kept: one file a library and server.

    Not one a port: what is reached through a proxy on this machine is the same library.
    """
    host = urlsplit(library.endpoint).hostname or ""
    if host == "api.zotero.org" or library.name.kind == "local":
        place = ""
    else:
        place = "localhost-" if is_loopback(host) else f"{host}-"
    return state_dir() / "zotero" / f"{place}{library.target.replace('/', '-')}.lock"
