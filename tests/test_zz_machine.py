"""A person, arXiv and bibbridge take turns on one .bib file, in any order.

Whatever happens: no hand edit is lost, news arrives where nobody edited, every conflict is reported, what was
deleted stays deleted, and a second run has nothing to do.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bridge.bibtex.blocks import Entry
from bridge.bibtex.compare import field_meaning
from bridge.bibtex.document import Document
from bridge.bibtex.splice import Edit, add_fields, change_value, remove_fields, spliced
from bridge.bibtex.target import BibTarget
from bridge.decisions import Decisions
from bridge.record import Author, Record, Stated, Venue

PAPERS = (1, 2)
FIELDS = ("title", "doi", "abstract", "type")
OWN = "% what I wrote myself: {never touch} @this\n"
BOOK = '@Book{mine,\n  title = "My {own} book" # { indeed}, % remark }\n  year=1999\n}\n'
# few, so that a person and arXiv often come to say the same
WORDS = st.sampled_from(["alpha", "beta", "gamma"])

papers = st.sampled_from(PAPERS)
names = st.sampled_from(FIELDS[:3])
TURNS = st.one_of(
    st.tuples(st.just("news"), papers, names, WORDS),
    st.tuples(st.just("appears"), papers),
    st.tuples(st.just("edits_a_value"), papers, names, WORDS, st.booleans()),
    st.tuples(st.just("protects_capitals_and_wraps_lines"), papers),
    st.tuples(st.just("deletes_a_field"), papers, names),
    st.tuples(st.just("changes_the_type"), papers, st.sampled_from(["unpublished", "misc", "ARTICLE"])),
    st.tuples(st.just("renames_a_key"), papers),
    st.tuples(st.just("deletes_an_entry"), papers),
    st.tuples(st.just("moves_an_entry_to_the_top"), papers),
)


def upstream_record(number: int, said: dict[str, str]) -> Record:
    published = said["type"] == "inproceedings"
    venue = Venue("published", "NSDI", None, "conference", 2026) if published else Venue()
    return Record(
        said["title"],
        arxiv_id=f"2606.{number:05d}",
        version=1,
        credits=(Author("Jane", "Doe"),),
        abstract=said["abstract"],
        published="2026-06-03T00:00:00Z",
        primary_category="cs.DC",
        doi=said["doi"],
        stated=Stated("conferencePaper" if published else "preprint", venue),
    )


class Library(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "refs.bib"
        self.path.write_text(OWN + "\n" + BOOK, encoding="utf-8", newline="")
        self.said = {
            number: {
                "title": "alpha beta",
                "doi": f"10.1145/alpha.{number}",
                "abstract": "alpha beta",
                "type": "misc",
            }
            for number in PAPERS
        }
        # what bibbridge wrote last, and what a person made of it since (None: deleted)
        self.written: dict[tuple[int, str], str] = {}
        self.hand: dict[tuple[int, str], str | None] = {}
        # the title's first word as a person protected it
        self.protected: dict[int, str] = {}
        self.known: set[int] = set()
        self.deleted: set[int] = set()
        self.turn = 0

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    # -- what stands in the file --

    def document(self) -> Document:
        return Document(self.path.read_bytes().decode("utf-8"))

    def entry(self, document: Document, number: int) -> Entry | None:
        for entry in document.entries:
            field = entry.field("eprint")
            if field is not None and document.value(field) == f"2606.{number:05d}":
                return entry
        return None

    def stands(self, document: Document, entry: Entry, name: str) -> str | None:
        if name == "type":
            return entry.type
        field = entry.field(name)
        return document.value(field) if field is not None else None

    def save(self, document: Document, *edits: Edit) -> None:
        self.path.write_bytes(spliced(document.text, edits).encode("utf-8"))

    def touch(self, number: int, name: str, now: str | None) -> None:
        """A person made `now` of a field: an edit unless it is what bibbridge wrote anyway."""
        if name == "title":
            self.protected.pop(number, None)
        if now is not None and same(name, now, self.written.get((number, name))):
            self.hand.pop((number, name), None)
        else:
            self.hand[number, name] = now

    # -- arXiv's turn --

    def news(self, number: int, name: str, word: str) -> None:
        self.said[number][name] = text_of(number, name, word)

    def appears(self, number: int) -> None:
        self.said[number]["type"] = "inproceedings"

    # -- the person's turn --

    def edits_a_value(self, number: int, name: str, word: str, quote: bool) -> None:
        document = self.document()
        entry = self.entry(document, number)
        if entry is None:
            return
        text = text_of(number, name, word)
        field = entry.field(name)
        if field is None:
            self.save(document, *add_fields(document, entry, [(name, text)]))
        else:
            self.save(document, Edit(field.start, field.end, f'"{text}"' if quote else f"{{{text}}}"))
        self.touch(number, name, text)

    def protects_capitals_and_wraps_lines(self, number: int) -> None:
        document = self.document()
        entry = self.entry(document, number)
        field = entry.field("title") if entry else None
        if field is not None:
            words = document.value(field).replace("{", "").replace("}", "").split()
            text = "\n     ".join(["{" + words[0][0] + "}" + words[0][1:], *words[1:]])
            self.save(document, change_value(document, field, text))
            self.protected[number] = text.split()[0]

    def deletes_a_field(self, number: int, name: str) -> None:
        document = self.document()
        entry = self.entry(document, number)
        field = entry.field(name) if entry else None
        if entry is not None and field is not None:
            self.save(document, *remove_fields(document, entry, [field]))
            self.touch(number, name, None)

    def changes_the_type(self, number: int, kind: str) -> None:
        document = self.document()
        entry = self.entry(document, number)
        if entry is not None:
            start = entry.type_start
            self.save(document, Edit(start, start + len(entry.type), kind))
            self.touch(number, "type", kind)

    def renames_a_key(self, number: int) -> None:
        document = self.document()
        entry = self.entry(document, number)
        if entry is not None:
            self.turn += 1
            self.save(document, Edit(entry.key_start, entry.key_end, f"mine{self.turn}"))

    def deletes_an_entry(self, number: int) -> None:
        document = self.document()
        entry = self.entry(document, number)
        if entry is not None:
            self.save(document, Edit(entry.start, entry.end, ""))
            self.deleted.add(number)

    def moves_an_entry_to_the_top(self, number: int) -> None:
        document = self.document()
        entry = self.entry(document, number)
        if entry is not None:
            text = document.text[entry.start : entry.end]
            top = len(OWN)
            self.save(document, Edit(top, top, text + "\n"), Edit(entry.start, entry.end, ""))

    # -- bibbridge's turn --

    def run(self, asked: list[int], decisions: Decisions) -> None:
        self.turn += 1
        today = f"2026-01-{self.turn % 28 + 1:02d}"
        records = [upstream_record(number, self.said[number]) for number in asked]
        target = BibTarget(self.path, extra_fields=("abstract",))
        plan = target.plan(records, decisions, today)
        actions = dict(zip(asked, plan.actions, strict=True))
        target.apply(plan)
        for number in asked:
            self.check(number, decisions, {(c.field, c.yours) for c in actions[number].conflicts})
        before = self.path.stat().st_mtime_ns
        again = BibTarget(self.path, extra_fields=("abstract",))
        second = again.plan(records, Decisions(), today)
        assert not second.news
        outcome = again.apply(second)
        assert not outcome.written
        assert not outcome.lock_written
        assert self.path.stat().st_mtime_ns == before

    def check(self, number: int, decisions: Decisions, conflicts: set[tuple[str, str | None]]) -> None:
        """What a run did to one paper, against what it should have."""
        document = self.document()
        entry = self.entry(document, number)
        if number in self.deleted:
            if not decisions.restore:
                assert entry is None, "a deleted entry came back"
                return
            self.deleted.discard(number)
            self.protected.pop(number, None)
            for name in FIELDS:
                self.hand.pop((number, name), None)
                self.written.pop((number, name), None)
        assert entry is not None, "no entry for a record"
        self.known.add(number)
        for name in FIELDS:
            place = (number, name)
            theirs, now = self.said[number][name], self.stands(document, entry, name)
            reported = name in {field for field, _ in conflicts}
            if place not in self.hand:
                assert same(name, now, theirs), f"news of {name} did not arrive"
                assert not reported
                if name == "title" and number in self.protected:
                    assert now is not None
                    self.still_protected(number, now)
                self.written[place] = theirs
                continue
            mine = self.hand[place]
            is_news = not same(name, theirs, self.written.get(place))
            taken = (decisions.theirs and is_news) or (mine is None and decisions.restore)
            if same(name, mine, theirs) or taken:
                assert same(name, now, theirs)
                assert not reported
                del self.hand[place]
                self.written[place] = theirs
            else:
                assert (now is None) if mine is None else same(name, now, mine), f"an edit of {name} was lost"
                conflict = is_news and mine is not None
                settled = conflict and bool(decisions.keep)
                assert reported == (conflict and not settled), "a conflict was not reported, or made up"
                if settled:  # told again only when arXiv tells something else
                    self.written[place] = theirs

    def still_protected(self, number: int, title: str) -> None:
        """A word that a person protected stays so for as long as the title has it."""
        word = self.protected[number]
        if word.replace("{", "").replace("}", "") in title.replace("{", "").replace("}", "").split():
            assert word in title
        else:
            del self.protected[number]

    def runs_killed_before_the_lock_and_again(self, asked: list[int]) -> None:
        lock = self.folder / "bibbridge.lock"
        before = lock.read_bytes()
        deleted, hand, written = set(self.deleted), dict(self.hand), dict(self.written)
        self.run(asked, Decisions())
        if all(f"2606.{number:05d}".encode() in before for number in asked):
            lock.write_bytes(before)
            self.deleted, self.hand, self.written = deleted, hand, written
            self.run(asked, Decisions())

    @initialize(asked=st.sets(papers))
    def first_run(self, asked: set[int]) -> None:
        self.run(sorted(asked), Decisions())

    @rule(
        turns=st.lists(TURNS, max_size=4),
        asked=st.sets(papers, min_size=1).map(sorted),
        how=st.sampled_from(["plain", "plain", "plain", "theirs", "restore", "keep", "killed"]),
    )
    def a_day(self, turns: list[tuple[Any, ...]], asked: list[int], how: str) -> None:
        """Some turns of the person and of arXiv, and a run."""
        for name, *arguments in turns:
            getattr(self, name)(*arguments)
            self.what_is_not_ours_is_untouched()
        if how == "killed" and (self.folder / "bibbridge.lock").exists():
            self.runs_killed_before_the_lock_and_again(asked)
        else:
            keep = frozenset(f"*:{name}" for name in FIELDS) if how == "keep" else frozenset()
            self.run(asked, Decisions(theirs=how == "theirs", restore=how == "restore", keep=keep))

    # -- always --

    @invariant()
    def what_is_not_ours_is_untouched(self) -> None:
        text = self.path.read_bytes().decode("utf-8")
        assert text.startswith(OWN)
        assert BOOK in text
        document = Document(text)
        assert not document.broken
        keys = [entry.key.lower() for entry in document.entries]
        assert len(keys) == len(set(keys))


def text_of(number: int, name: str, word: str) -> str:
    return f"10.1145/{word}.{number}" if name == "doi" else f"{word} beta"


def same(name: str, one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return one is other
    return field_meaning(name, one) == field_meaning(name, other)


@pytest.mark.slow
class TestLibrary(Library.TestCase):  # type: ignore[name-defined,misc]
    settings = settings(max_examples=1000, stateful_step_count=12, deadline=None)
