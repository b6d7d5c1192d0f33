"""A paper moves from place to place, a person edits its reference and decides, and bibbridge runs.

Whatever happens: what was written by hand stays until the person says otherwise, what nobody edited is of one
reference and not of two, news that does not arrive is told, and the run after any other has nothing to do.
"""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from bridge.bibtex.blocks import Entry
from bridge.bibtex.compare import field_meaning
from bridge.bibtex.document import Document
from bridge.bibtex.place import SETTLED
from bridge.bibtex.splice import Edit, add_fields, change_value, remove_fields, spliced
from bridge.bibtex.target import BibTarget, new_bib_text
from bridge.config import Dialect
from bridge.decisions import Decisions
from bridge.record import Author, PublishedIn, Record, Stated, Venue

ID = "2606.00001"
ARXIV_DOI = f"10.48550/arXiv.{ID}"
# where the paper is, as arXiv tells it: Zotero's type, venue, place in the venue, DOI
PLACES: dict[str, tuple[str, Venue, PublishedIn, str | None]] = {
    "preprint": ("preprint", Venue(), PublishedIn(), None),
    "withdrawn": ("preprint", Venue("withdrawn"), PublishedIn(), None),
    "accepted": ("conferencePaper", Venue("accepted", "NSDI", None, "conference", 2027), PublishedIn(), None),
    "printed": (
        "conferencePaper",
        Venue("published", "NSDI", None, "conference", 2027),
        PublishedIn(pages="1-9", publisher="USENIX"),
        "10.1145/one",
    ),
    "renamed": (
        "conferencePaper",
        Venue("published", "OSDI", None, "conference", 2027),
        PublishedIn(pages="1-9", publisher="OpenReview.net"),
        None,
    ),
    "journal to come": (
        "journalArticle",
        Venue("accepted", "Phys. Rev.", None, "journal"),
        PublishedIn(),
        None,
    ),
    "journal": (
        "journalArticle",
        Venue("published", "Phys. Rev.", None, "journal", 2028),
        PublishedIn(volume="7", number="2", pages="11-19"),
        "10.1103/two",
    ),
    "other journal": (
        "journalArticle",
        Venue("published", "JHEP", None, "journal", 2028),
        PublishedIn(volume="3", pages="11-19"),
        "10.1007/three",
    ),
    "chapter": (
        "bookSection",
        Venue("published", "A Book", None, "book", 2029),
        PublishedIn(publisher="Springer", pages="21-29"),
        "10.1007/four",
    ),
}
VALUES = {
    "type": ["misc", "article", "inproceedings", "incollection", "unpublished"],
    "journal": ["Phys. Rev.", "JHEP", "Mine"],
    "booktitle": ["NSDI", "OSDI", "Mine"],
    "publisher": ["USENIX", "Mine"],
    "year": ["2026", "2027", "2028", "1999"],
    "month": ["jun", "jan"],
    "volume": ["7", "99"],
    "number": ["2", "99"],
    "pages": ["1--9", "11--19", "99"],
    "doi": ["10.1145/one", "10.1103/two", f"10.48550/arXiv.{ID}", "10.1000/mine"],
    "note": ["To appear", "Mine"],
    "series": ["Mine"],
}
OF_A_PLACE = tuple(VALUES)
DETAILS = {"volume", "number", "pages", "series", "publisher"}
IN_BIBLATEX = {"journal": "journaltitle", "year": "date"}
IN_BIBTEX = {name: other for other, name in IN_BIBLATEX.items()}
HEADS = {"type", "journal", "booktitle"}
edits = st.sampled_from(sorted(VALUES)).flatmap(
    lambda name: st.tuples(
        st.just(name),
        st.sampled_from([*VALUES[name], None] if name != "type" else VALUES[name]),
    )
)
KEEP_OR_ACCEPT = ("keep", "accept")
decisions = st.one_of(
    st.just(()),
    st.just(()),
    st.just(("theirs",)),
    st.tuples(st.sampled_from(KEEP_OR_ACCEPT), st.just("")),
    st.tuples(st.sampled_from(KEEP_OR_ACCEPT), st.sampled_from(OF_A_PLACE)),
    st.tuples(st.just("theirs"), st.just("keep"), st.sampled_from(OF_A_PLACE)),
)


def record_at(place: str) -> Record:
    kind, venue, printed, doi = PLACES[place]
    return Record(
        "Alpha beta",
        arxiv_id=ID,
        version=1,
        credits=(Author("Jane", "Doe"),),
        published="2026-06-03T00:00:00Z",
        primary_category="cs.DC",
        doi=doi,
        stated=Stated(kind, venue, printed),
    )


class Reference(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "refs.bib"
        self.place = "preprint"
        self.dialect: Dialect = "bibtex"
        self.turn = 0
        # what stood in each field after the last run, but for what was a person's then
        self.written: dict[str, str] = {}
        # what a person wrote as arXiv tells it
        self.agreed: set[str] = set()
        self.hand: set[str] = set()
        self.last: dict[str, str] = {}
        self.deleted: set[str] = set()
        # the places that arXiv has told
        self.told: set[str] = set()

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def document(self) -> Document:
        return Document(self.path.read_text(encoding="utf-8"))

    def entry(self) -> tuple[Document, Entry]:
        document = self.document()
        (entry,) = document.entries
        return document, entry

    def stands(self) -> dict[str, str]:
        document, entry = self.entry()
        return fields_of(document, entry)

    def edit(self, name: str, value: str | None) -> None:
        if self.dialect == "biblatex":
            name = IN_BIBLATEX.get(name, name)
        document, entry = self.entry()
        field = entry.field(name)
        edits: list[Edit]
        if name == "type":
            assert value is not None
            edits = [Edit(entry.type_start, entry.type_start + len(entry.type), value)]
        elif value is None:
            if field is None:
                return
            edits = list(remove_fields(document, entry, [field]))
            self.deleted.add(name)
        elif field is None:
            edits = list(add_fields(document, entry, [(name, value)]))
        else:
            edits = [change_value(document, field, value)]
        self.path.write_text(spliced(document.text, edits), encoding="utf-8")

    def said(self, key: str, name: str) -> str:
        if self.dialect == "biblatex":
            name = IN_BIBLATEX.get(name, name)
        return f"{key}:{name}" if name else key

    @initialize(
        dialect=st.sampled_from(["bibtex", "biblatex"]),
        place=st.sampled_from(sorted(PLACES)),
        by_hand=st.booleans(),
        turns=st.lists(edits, max_size=3),
    )
    def begins(
        self, dialect: Dialect, place: str, by_hand: bool, turns: list[tuple[str, str | None]]
    ) -> None:
        self.place, self.dialect = place, dialect
        self.run(Decisions())
        if by_hand:
            (self.folder / "bibbridge.lock").unlink()
            self.written = {}
            for name, value in turns:
                self.edit(name, value)

    @rule(
        place=st.none() | st.sampled_from(sorted(PLACES)),
        turns=st.lists(edits, max_size=3),
        decided=decisions,
    )
    def a_day(self, place: str | None, turns: list[tuple[str, str | None]], decided: tuple[str, ...]) -> None:
        if place is not None:
            self.place = place
        for name, value in turns:
            self.edit(name, value)
        _, entry = self.entry()
        said: dict[str, Any] = {"theirs": "theirs" in decided}
        for word in KEEP_OR_ACCEPT:
            if word in decided:
                said[word] = frozenset((self.said(entry.key, decided[-1]),))
        self.run(Decisions(**said))

    def run(self, decided: Decisions) -> None:
        self.turn += 1
        today = f"2026-01-{self.turn % 28 + 1:02d}"
        before = self.stands() if self.path.exists() else {}
        target = BibTarget(self.path, dialect=self.dialect)
        plan = target.plan([record_at(self.place)], decided, today)
        target.apply(plan)
        self.check(before, decided, {conflict.field for conflict in plan.conflicts})
        again = BibTarget(self.path, dialect=self.dialect)
        second = again.plan([record_at(self.place)], Decisions(), today)
        assert not second.news, second.news
        outcome = again.apply(second)
        assert not outcome.written
        assert not outcome.lock_written
        told = {conflict.field for conflict in plan.conflicts}
        assert decided != Decisions() or {conflict.field for conflict in second.conflicts} == told

    def check(self, before: dict[str, str], decided: Decisions, told: set[str]) -> None:
        after, theirs = self.stands(), fresh(self.place, self.dialect)
        key = self.entry()[1].key
        if not before:
            assert all(same(name, after, theirs) for name in OF_A_PLACE)
            self.written = self.last = after
            self.told.add(self.place)
            return
        hand = {name for name in OF_A_PLACE if not same(name, before, self.written)}
        # numbers without a journal or booktitle are of no other place
        placed = not {"journal", "booktitle"}.isdisjoint(before.keys() | self.written.keys())
        self.told.add(self.place)
        self.agreed -= {name for name in OF_A_PLACE if not same(name, before, self.last)}
        self.last = after
        # put back, or said as arXiv once did
        self.agreed |= self.hand - hand
        self.agreed |= {
            name
            for name in hand & before.keys()
            if any(as_told(name, before, fresh(place, self.dialect)) for place in self.told)
        }
        if "doi" not in before and "doi" in after and self.written.get("doi") == ARXIV_DOI:
            hand.discard("doi")  # a publisher's was never deleted
        named = {name for name in OF_A_PLACE if self.said(key, name) in decided.accept}
        kept = {name for name in OF_A_PLACE if self.said(key, name) in decided.keep}
        takes = decided.theirs or key in decided.accept or not named.isdisjoint(HEADS)
        for name in hand - named - self.agreed:
            if not takes:
                assert same(name, before, after), f"an edit of {name} was lost"
        for name in OF_A_PLACE:
            if not same(name, before, after):
                assert same(name, after, theirs) or name not in after, f"{name} is of nowhere"
                hand.discard(name)
                self.agreed.discard(name)
                if name in named - HEADS:
                    self.agreed.add(name)  # on its own
        settled = SETTLED in (self.folder / "bibbridge.lock").read_text(encoding="utf-8")
        if not settled:
            agreeing = {name for name in hand if same(name, after, theirs)}
            self.agreed |= agreeing
            hand -= agreeing
        # settled by itself, which is remembered as if bibbridge had written it
        self.agreed |= kept - HEADS
        self.hand = hand
        for name in OF_A_PLACE:
            if name not in hand:
                self.written.pop(name, None)
                if name in after:
                    self.written[name] = after[name]
        moves = any(not same(name, before, after) for name in HEADS & before.keys() & after.keys())
        stood = placed and {before["type"], theirs["type"]}.isdisjoint(("misc", "online"))
        if moves and stood and (decided == Decisions() or (named & HEADS and not decided.keep)):
            assert DETAILS.isdisjoint(hand & after.keys()), f"{hand} stands beside another place"
        ours = set(OF_A_PLACE) & set(self.written) - hand - self.agreed
        if self.place == "withdrawn":
            stays = "note" in hand | self.deleted
            assert stays or same("note", after, theirs), "that it is withdrawn was not said"
        ours -= {"note"} if "withdrawn" in self.told else set()  # said whatever the entry is
        if all(same(name, self.written, fresh("preprint", self.dialect)) for name in ours - {"doi"}):
            ours -= {"doi"}  # a publisher's goes with a preprint, too
        whole = {
            place
            for place in PLACES
            if all(same(name, self.written, fresh(place, self.dialect)) for name in ours)
        }
        assert whole, f"half a reference: {after}, by hand {hand}"
        if not hand and not self.agreed:
            assert all(same(name, after, theirs) for name in OF_A_PLACE), "news did not arrive"
        assert self.place in whole or told or settled, "news that did not arrive was not told"


@cache
def fresh(place: str, dialect: Dialect) -> dict[str, str]:
    """What a new file has of a paper."""
    document = Document(new_bib_text([record_at(place)], dialect=dialect))
    (entry,) = document.entries
    return fields_of(document, entry)


def same(name: str, one: dict[str, str], other: dict[str, str]) -> bool:
    if name not in one or name not in other:
        return name not in one and name not in other
    return field_meaning(name, one[name]) == field_meaning(name, other[name])


def as_told(name: str, mine: dict[str, str], told: dict[str, str]) -> bool:
    """Whether a person wrote it as arXiv tells it, or the year alone of a day."""
    return same(name, mine, told) or (name == "year" and mine[name] == told.get(name, "")[:4])


def fields_of(document: Document, entry: Entry) -> dict[str, str]:
    there = {
        IN_BIBTEX.get(field.name.lower(), field.name.lower()): document.value(field) for field in entry.fields
    }
    return {"type": entry.type.lower()} | there


@pytest.mark.slow
class TestReference(Reference.TestCase):  # type: ignore[name-defined,misc]
    settings = settings(max_examples=150, stateful_step_count=6, deadline=None)
