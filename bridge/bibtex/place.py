"""Whether an entry takes what the record says of where the paper appeared, waits for it, or keeps its own.

Type, journal or book, volume, pages, year and the publisher's DOI are one reference: a volume beside another
journal would be half of one. So they are decided on together. Where the record names another place and a
person has written something of the one that stands, all of it waits; what a person says of the type or of the
journal or book, the heads of the reference, is said of all of it; and what they settle for their own side is
remembered as the whole place that the record told then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from bridge.bibtex.blocks import Entry
from bridge.bibtex.document import Document
from bridge.bibtex.grammar import Field
from bridge.bibtex.otherwords import PREPRINT_TYPES, in_other_words
from bridge.bibtex.values import value_of
from bridge.bibtex.venuefields import (
    ALIASES,
    CONTAINERS,
    DATE_FIELDS,
    HEADS,
    OF_THE_VENUE,
    OUTLIVING,
    TYPE,
    contested_fields,
    elsewhere,
    is_printed,
    is_there,
    keeps_type,
    moves,
    told_of_place,
)
from bridge.decisions import EVERY, Decisions
from bridge.identifiers import is_arxiv_doi
from bridge.merge import Verdict, verdict
from bridge.plan import ABSENT, Base, Value, digest
from bridge.record import Record

# no field of an entry: the place that a person said the entry's own stays beside
SETTLED = "place-settled"
# what a record tells of a place, but for what changes while the place does not
_TOLD = (OF_THE_VENUE | {TYPE}) - {"note", "pubstate"}
_OF_A_PLACE = _TOLD | {"doi"}
# behind the digest of a place of which the DOI is one thing with it
_WITH_DOI = "+doi"
_UNDECIDED, _THEIRS = Decisions(), Decisions(theirs=True)
_OF_PREPRINTS = frozenset(value_of(TYPE, name).digest for name in PREPRINT_TYPES)
_UNKNOWN = value_of(TYPE, "misc").digest


@dataclass(slots=True)
class Place:
    """The reference of one entry, and that of the record, `proposed`; `wanted` is what it asks of this entry,
    and loses what the entry is not to take.

    `there` are the entry's fields, `slots` those that say what the record does, `fields` what they say. After
    `decide`: `own` tells whether the entry's type and all that goes with it stay, for now or for good,
    `contested` names the fields in conflict although only the record changed, and `moved` those of them that
    are decided on for the record, `taken` what goes along with a head that the person named, and
    `settled` is what the base is to remember.
    """

    record: Record
    document: Document
    entry: Entry
    base: Base | None
    there: Mapping[str, Field]
    slots: Mapping[str, Field]
    fields: Mapping[str, Value]
    proposed: Mapping[str, Value]
    wanted: dict[str, Value]
    decisions: Decisions
    own: bool = False
    contested: frozenset[str] = frozenset()
    moved: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()
    settled: str = ""
    ours: Mapping[str, str] = field(init=False)
    agreed: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.ours = self.base.fields if self.base is not None else {}
        self.agreed = self.base.agreed if self.base is not None else frozenset()
        self._take_together()

    def _take_together(self) -> None:
        """What is said of one head of the reference is said of all; where the entry has the record's own
        already, nothing is."""
        key, decisions = self.entry.key, self.decisions
        heads = {name for name in HEADS if name in self.wanted}
        differ = {name for name in heads if self.fields.get(name, ABSENT).digest != self.wanted[name].digest}
        if any(f"{key}:{name}" in decisions.accept for name in differ):
            self.taken = frozenset(heads)
            of_heads = {f"{start}{name}" for name in HEADS for start in (f"{key}:", EVERY)}
            accept = decisions.accept | {f"{key}:{name}" for name in heads}
            self.decisions = decisions._replace(accept=accept, keep=decisions.keep - of_heads)
            return
        heads |= {name for name in HEADS if name in self.there}
        if not decisions.keep.isdisjoint(f"{start}{name}" for name in heads for start in (f"{key}:", EVERY)):
            self.decisions = decisions._replace(
                theirs=False, accept=decisions.accept - {key}, keep=decisions.keep | {key}
            )

    def decide(self, type_is_told: bool) -> None:
        """`type_is_told`: whether the entry's type says in other words what the record's does."""
        settled = self.ours.get(SETTLED)
        if settled is not None and settled in self._settled_as() and not self.taken and not self._agrees():
            self._leave_unnamed({"doi"} & set(self.wanted) if settled.endswith(_WITH_DOI) else set())
            self._keep(settled)
            return
        self._wait(type_is_told)
        if self.entry.key in self.decisions.keep and self._in_conflict(self.decisions):
            alone, with_doi = self._settled_as()
            self._keep(with_doi if self._leave_doi() else alone)
        elif self.taken and not self.own and self._names_another():
            kept = {name for name in _OF_A_PLACE if self.decisions.keeps(self.entry.key, name)}
            self.taken |= (_OF_A_PLACE & set(self.wanted)) - kept

    def _settled_as(self) -> tuple[str, str]:
        """What the base remembers of the place that the record tells, once a person keeps their own beside
        it: without its DOI, and with it."""
        told = sorted(f"{name}={value.digest}" for name, value in self.proposed.items() if name in _TOLD)
        alone = digest(" ".join(told))
        return alone, alone + _WITH_DOI

    def _leave_doi(self) -> bool:
        """Whether the record's DOI is that of the place that the person does not take; it waits already, or
        another stands there, or none by a person's will."""
        if "doi" not in self.proposed or "doi" not in self.wanted:
            return "doi" in self.proposed
        if self._verdict("doi", _UNDECIDED) == "take" or self._verdict("doi", _THEIRS) != "take":
            return False
        self._leave_unnamed({"doi"})
        return True

    def _agrees(self) -> bool:
        """Whether the entry names the place that the record does."""
        return all(
            name not in self.wanted or self.fields.get(name, ABSENT).digest == self.wanted[name].digest
            for name in HEADS
        )

    def _names_another(self) -> bool:
        """Whether the entry names another place than the record, and not the same in other words."""
        return any(
            name in self.wanted
            and name in self.fields
            and self.fields[name].digest not in ("", self.wanted[name].digest)
            and not in_other_words(name, self.fields[name].text, self.wanted[name].text, self.record)
            for name in HEADS
        )

    def _in_conflict(self, decisions: Decisions) -> bool:
        """Whether a head of the reference is still for a person to decide on, after `decisions`."""
        return next(self._heads_in_conflict(decisions), None) is not None

    def _heads_in_conflict(self, decisions: Decisions) -> Iterator[str]:
        for name in HEADS:
            if name in self.contested or self._verdict(name, decisions) == "conflict":
                yield name

    def waiting(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """What the record says in fields that the entry is not to take yet, under the head in conflict that
        they wait for."""
        head = next(self._heads_in_conflict(self.decisions), None)
        if head is None:
            return {}
        waits = [
            (name, value.text)
            for name, value in self.proposed.items()
            if name in _OF_A_PLACE
            and name not in self.wanted
            and value.digest not in ("", self.fields.get(name, ABSENT).digest)
            and not self._tells_in_its_own_way(name)
        ]
        return {head: tuple(waits)}

    def _tells_in_its_own_way(self, name: str) -> bool:
        """Whether the entry keeps what it says instead, whatever is decided: a date in the other notation, a
        DOI where the record knows arXiv's only."""
        if name in DATE_FIELDS:
            return name not in self.there and not (DATE_FIELDS - {"month"}).isdisjoint(self.there)
        own = self.fields.get("doi", ABSENT).text
        return (
            name == "doi" and is_arxiv_doi(self.proposed[name].text) and own != "" and not is_arxiv_doi(own)
        )

    def _verdict(self, name: str, decisions: Decisions) -> Verdict:
        """What the merge would make of a field."""
        if name not in self.wanted:
            return "keep"
        mine, theirs = self.fields.get(name, ABSENT).digest, self.wanted[name].digest
        return verdict(self.entry.key, name, mine, theirs, self.ours.get(name), decisions)

    def superseded(self) -> dict[str, Field]:
        """What the entry says of a place that gives way to the record's because the person says so, and the
        record does not: it would be a volume beside another journal."""
        if self.own or self.wanted[TYPE].text in PREPRINT_TYPES:
            return {}
        told = told_of_place(self.document, self.there, self.record)
        if (told.keys() | self.ours.keys()).isdisjoint(CONTAINERS) or not (
            self.moved
            or (self.taken and self._names_another())
            or self._in_conflict(_UNDECIDED)
            or self._beside_details(_UNDECIDED)
        ):
            return {}
        return {
            name: field
            for name, field in self.there.items()
            if name in OUTLIVING
            and name not in self.wanted
            and ALIASES.get(name) not in self.wanted
            and (name != "month" or "year" in self.wanted)
        }

    def _keep(self, settled: str) -> None:
        """The entry keeps its own reference for as long as the record tells the same."""
        self.own, self.contested, self.moved, self.settled = True, frozenset(), frozenset(), settled
        self._leave_unnamed((OF_THE_VENUE | {TYPE}) & set(self.wanted))

    def _leave(self, names: set[str] | frozenset[str]) -> None:
        for name in names - self._said_anyway():
            del self.wanted[name]

    def _said_anyway(self) -> frozenset[str]:
        """That a paper is withdrawn is said whatever the entry is, and whatever waits."""
        return frozenset(("note",)) if self.record.venue.status == "withdrawn" else frozenset()

    def _leave_unnamed(self, names: set[str] | frozenset[str]) -> None:
        """No longer want these, unless the person named them."""
        self._leave({name for name in names if f"{self.entry.key}:{name}" not in self.decisions.accept})

    def _wait(self, type_is_told: bool) -> None:
        """No longer want what goes with a type, journal or book that the entry keeps, for now or for good."""
        self.own = type_is_told or keeps_type(
            self.entry.key,
            self.fields[TYPE].digest,
            self.wanted[TYPE].digest,
            self.ours.get(TYPE),
            self.decisions,
        )
        inherits = "crossref" in self.there or "xdata" in self.there
        stays = self._own_type_stays(type_is_told, inherits)
        self._leave_to_own_type(inherits)
        self._contest_details()
        if TYPE in self.ours:
            waits = self.own and self.ours[TYPE] != self.wanted[TYPE].digest
        else:
            waits = self.own and self.wanted[TYPE].text not in PREPRINT_TYPES
        stays = self._contest_elsewhere() or (self.own and stays)
        waits |= stays
        if waits or self.contested or (self.own and self._printed_by_hand()):
            self._leave_details(waits)

    def _own_type_stays(self, type_is_told: bool, inherits: bool) -> bool:
        """Whether the entry has a type of the person's of which the record tells nothing new."""
        stays = self.own and self.ours.get(TYPE) == self.wanted[TYPE].digest and not inherits
        if stays and (moves(self.fields, self.wanted, self.ours) or is_there(self.fields, self.wanted)):
            # the person's type stays without a word, so all of the reference moves, not half of it
            self.own = stays = False
        stays = stays and not type_is_told and self.wanted[TYPE].text not in PREPRINT_TYPES
        if stays:
            # of a type that has another place or none: whether it takes the news is for the person to say
            told = self._told_of(frozenset((TYPE,)))
            if told and self._all_taken(told):
                self.own, self.moved = False, told
            else:
                self.contested = told
        return stays

    def _leave_to_own_type(self, inherits: bool) -> None:
        wanted = self.wanted
        changes = not self.own and self.fields[TYPE].digest not in ("", wanted[TYPE].digest)
        if inherits and changes and not self.decisions.takes(self.entry.key, TYPE):
            # what it inherits is of the place that a person has put it in
            self.own, changes = True, False
            self.contested |= {TYPE}
        if not (self.own or (inherits and not changes)):
            return
        undated = (
            wanted[TYPE].text in PREPRINT_TYPES
            and not inherits
            and DATE_FIELDS.isdisjoint(self.there.keys() | self.ours.keys())
        )
        # in the other notation, which bibbridge keeps up to date
        dated = (DATE_FIELDS - {"month"}) & self.ours.keys() & self.there.keys() - wanted.keys()
        # a preprint's own date goes with any type
        free = DATE_FIELDS if undated else DATE_FIELDS - {"month"} if dated else frozenset()
        self._leave((OF_THE_VENUE & set(wanted)) - set(self.slots) - set(self.ours) - free)

    def _contest_details(self) -> None:
        """The record names another place, or none, beside details that a person wrote of the one that stands:
        the news would be half of a reference, so all of it waits."""
        if self.own:
            return
        contested = self._beside_details(self.decisions)
        if contested:
            self.own = True
            self.contested = contested
            self._leave((OF_THE_VENUE & set(self.wanted)) - set(self.slots))

    def _beside_details(self, decisions: Decisions) -> frozenset[str]:
        if self.base is None:
            return frozenset()
        telling = partial(told_of_place, self.document, self.there, self.record)
        return contested_fields(self.entry.key, self.base, self.fields, telling, self.wanted, decisions)

    def _contest_elsewhere(self) -> bool:
        """Whether the entry names another journal or book than the record, and that stays so."""
        if self.own:
            return False
        held = elsewhere(self.entry.key, self.fields, self.wanted, self.ours, self.decisions)
        if not held:
            return False
        told = self._told_of(held)
        if told and self._all_taken(held):
            self.moved |= told
            return False
        self.contested |= told
        # a volume or a year beside another container would be half of a reference
        self.own = True
        self._leave((OF_THE_VENUE & set(self.wanted)) - set(self.slots))
        if self.fields[TYPE].digest == self.ours.get(TYPE):
            self._leave_unnamed({TYPE})
        return True

    def _told_of(self, held: frozenset[str]) -> frozenset[str]:
        """The heads in conflict of those that a person changed: all, where the record tells the same as
        before of them, but has news of what goes with them."""
        before = all(self.wanted[name].digest == self.ours.get(name) for name in held)
        return held if before and self._has_news(held) else frozenset()

    def _has_news(self, held: frozenset[str]) -> bool:
        """Whether the record has to tell anything of the venue beside such fields, or no longer tells what
        bibbridge wrote of it."""
        news = any(
            name not in held
            and self.wanted[name].digest != self.ours.get(name)
            and self.fields.get(name, ABSENT).digest != self.wanted[name].digest
            for name in (OF_THE_VENUE - self._said_anyway() | ({"doi"} if self._moves_doi() else set()))
            & set(self.wanted)
        )
        return news or any(
            name not in self.proposed
            and ALIASES.get(name) not in self.proposed
            and name not in self.agreed
            and self.fields.get(name, ABSENT).digest == self.ours[name]
            for name in (OUTLIVING - DATE_FIELDS) & self.ours.keys()
        )

    def _leave_details(self, waits: bool) -> None:
        """Type or container are in conflict: what goes with them waits for the decision."""
        fields, wanted = self.fields, self.wanted
        self._leave_unnamed(
            {
                name
                for name in (OF_THE_VENUE & set(wanted) & set(fields)) - self.contested
                if fields[name].digest == self.ours.get(name)
            }
        )
        told = told_of_place(self.document, self.there, self.record)
        # "publisher = {arXiv}" goes with the type, and is nothing to decide on by itself
        self._leave_unnamed((OF_THE_VENUE & set(wanted) & set(self.there)) - set(HEADS) - told.keys())
        # a publisher's DOI is that of the place that a person wrote, and is not in conflict
        stands_in = "doi" in self.wanted and is_arxiv_doi(self.wanted["doi"].text)
        if (waits or self.contested or stands_in) and self._moves_doi():
            self._leave_unnamed({"doi"})  # it is of the place in conflict

    def _printed_by_hand(self) -> bool:
        """Whether the entry says where a paper was printed of which the record knows the preprint only."""
        return printed_by_hand(self.document, self.entry, self.there, self.wanted, self.record)

    def _all_taken(self, held: frozenset[str]) -> bool:
        return all(self.decisions.takes(self.entry.key, name) for name in held)

    def _moves_doi(self) -> bool:
        """Whether the record brings the DOI of another place than the one that the entry tells: a publisher's
        where bibbridge wrote arXiv's or none stands, or arXiv's where bibbridge wrote a publisher's, or none
        stands while another place is in conflict."""
        doi, own = self.wanted.get("doi"), self.fields.get("doi")
        was_elsewhere = self.contested or self.ours.get(TYPE, _UNKNOWN) not in _OF_PREPRINTS
        if doi is None or not (was_elsewhere or is_printed(self.document, self.there, self.record)):
            return False
        known = self.ours.get("doi", "")
        if own is None or not own.digest:
            return bool(self.contested) or not is_arxiv_doi(doi.text)
        return own.digest == known and not (is_arxiv_doi(doi.text) and known == doi.digest)


def printed_by_hand(
    document: Document,
    entry: Entry,
    there: Mapping[str, Field],
    wanted: Mapping[str, Value],
    record: Record,
) -> bool:
    """Whether an entry says where a paper was printed of which the record knows the preprint only: the date
    goes with that place, too."""
    wanted_type = wanted.get(TYPE)
    if wanted_type is None or wanted_type.text not in PREPRINT_TYPES or entry.type.lower() in PREPRINT_TYPES:
        return False
    return is_printed(document, there, record)
