"""What a record asks of an entry that stands: its fields under the names and in the ways of that entry.

What the entry says in its own way is not asked for a second time: a date in the other notation, a DOI of the
publisher where the record knows arXiv's only. Where the person's entry type stays, nothing is filled in or
taken away that goes with the record's type. What the merge then decides is in bridge.merge.
"""

from __future__ import annotations

import re
from functools import partial

from bridge.bibtex.aside import left_aside
from bridge.bibtex.blocks import Entry
from bridge.bibtex.compare import field_meaning
from bridge.bibtex.document import Document
from bridge.bibtex.grammar import Field
from bridge.bibtex.keywords import members
from bridge.bibtex.markup import carried, persons_commands
from bridge.bibtex.otherwords import (
    PREPRINT_TYPES,
    in_other_words,
    is_date_of_a_version,
    tells_year_of_venue,
)
from bridge.bibtex.place import SETTLED, Place, printed_by_hand
from bridge.bibtex.values import Proposal, Standing, inner_name, printable, value_of
from bridge.bibtex.venuefields import (
    ALIASES,
    CONTAINERS,
    DATE_FIELDS,
    DATES,
    DETAILS,
    OF_THE_VENUE,
    OUTLIVING,
    SETS,
    TYPE,
    left_over,
    of_the_preprint,
)
from bridge.decisions import Decisions
from bridge.identifiers import is_arxiv_doi
from bridge.merge import verdict
from bridge.plan import ABSENT, OUTDATED, Base, Present, Value, Wanted, digest

_ONLY_ID = re.compile(r"arXiv:\S+(?: \[\S+\])?")
_ONE_MONTH = re.compile(r"[A-Za-z]{3,9}\.?|\d{1,2}")
_TO_COME = re.compile(r"\b(?:to appear|in press|forthcoming|accepted (?:at|by|for|in|to))\b", re.IGNORECASE)
_CONTAINERS = frozenset(CONTAINERS)
_EDITED = frozenset(("book", "collection", "proceedings", "mvbook", "mvcollection", "mvproceedings"))
_WITHDRAWN = re.compile(r"\{*(?:WITHDRAWN|SUPERSEDED)\b")
_VERSIONED = frozenset(("eprint", "url", "note"))


def adapted(
    proposal: Proposal, document: Document, entry: Entry, base: Base | None, decisions: Decisions
) -> tuple[Wanted, Standing]:
    """What a record asks of one entry, and the entry, field by field under the record's names."""
    return _Adaptation(proposal, document, entry, base, decisions).made()


def without_stand_in(base: Base, wanted: Wanted, present: Present) -> Base:
    """The base without arXiv's DOI, where a person deleted it and there is a publisher's by now: that was
    never deleted."""
    news = wanted.fields.get("doi")
    emptied = "doi" in base.fields and not present.fields.get("doi", ABSENT).digest
    if not emptied or news is None or is_arxiv_doi(news.text):
        return base
    paper = re.sub(r"v\d+$", "", base.identity.removeprefix("arXiv:"))
    if base.fields["doi"] != digest(field_meaning("doi", f"10.48550/arXiv.{paper}")):
        return base
    return base._replace(fields={name: known for name, known in base.fields.items() if name != "doi"})


class _Adaptation:
    """One record and one entry. `wanted` starts as all that the record says and loses what is not asked for;
    `fields` and `sets` are what the entry says of the same, `slots` where in the file that stands."""

    def __init__(
        self, proposal: Proposal, document: Document, entry: Entry, base: Base | None, decisions: Decisions
    ) -> None:
        self.proposal = proposal
        self.record = proposal.record
        self.document = document
        self.entry = entry
        self.base = base
        self.ours = base.fields if base is not None else {}
        self.agreed = base.agreed if base is not None else frozenset[str]()
        self.decisions = decisions
        # all that the record says is taken
        self.taken = decisions.theirs or entry.key in decisions.accept
        self.there: dict[str, Field] = {}
        for fld in entry.fields:
            self.there.setdefault(inner_name(fld.name), fld)
        self.wanted = dict(proposal.wanted.fields)
        self.wanted_sets = dict(proposal.wanted.sets)
        stands, theirs = value_of(TYPE, entry.type), self.wanted[TYPE]
        known = self.ours.get(TYPE)
        becomes = verdict(entry.key, TYPE, stands.digest, theirs.digest, known, decisions) == "take"
        if theirs.text in PREPRINT_TYPES and (becomes or entry.type.lower() in PREPRINT_TYPES):
            # the entry agrees with the record in these, and they go when they no longer apply
            for name, text in of_the_preprint(document, self.there, self.wanted, self.record).items():
                self.wanted[name] = value_of(name, text)
        self._date_as_the_entry()
        self.fields = {TYPE: stands}
        self.sets: dict[str, dict[str, str]] = {}

    def _date_as_the_entry(self) -> None:
        """Ask for the date that an imported preprint tells where it is that of a version, so that it goes
        when the paper has appeared; and go on asking for it until the record tells that of a venue."""
        preprint = self.wanted[TYPE].text in PREPRINT_TYPES
        imported = self.base is None and preprint and self.entry.type.lower() in PREPRINT_TYPES
        for name in ("date", "year", "month"):
            if not (name in self.there and name in self.wanted) or self._is_accepted(name):
                continue
            stands = value_of(name, self.document.value(self.there[name]))
            if imported:
                meaning = field_meaning(name, stands.text)
                year = self.wanted["year"].text if "year" in self.wanted else ""
                own = is_date_of_a_version(name, meaning, year, self.record)
            else:
                agreed = name in self.agreed and stands.digest == self.ours[name]
                own = agreed and (preprint or not tells_year_of_venue(self.record))
            if own and stands.digest != self.wanted[name].digest:
                self.wanted[name] = stands
                if name == "year" and "month" not in self.there:
                    self.wanted.pop("month", None)  # the first version's

    def _is_accepted(self, name: str) -> bool:
        return f"{self.entry.key}:{name}" in self.decisions.accept

    def made(self) -> tuple[Wanted, Standing]:
        slots, renamed = self._places()
        for name, fld in slots.items():
            self._read(name, fld)
        said = dict(self.fields)
        told = self._told_otherwise()
        for name in told:
            if name != TYPE:
                self.fields[name] = Value(self.fields[name].text, self.wanted[name].digest)
        self._drop_doubled()
        place = Place(
            self.record,
            self.document,
            self.entry,
            self.base,
            self.there,
            slots,
            self.fields,
            self.proposal.wanted.fields,
            self.wanted,
            self.decisions,
        )
        place.decide(TYPE in told)
        own_way = self._leave_own_way(said, place, slots)
        edited = self.entry.type.lower() in _EDITED and "editor" in self.there
        if (
            edited
            and "author" not in {*self.ours, *self.there}
            and not (place.taken or self._takes_news(TYPE))
        ):
            self.wanted.pop("author", None)  # the people are the editors of what it stays
        retired = self._retired(place, renamed) - own_way
        aside = left_aside(self.record, self.base, self.document, self.there, self.fields)
        dropped = place.superseded()
        if (self.taken or place.taken) and not place.own:
            dropped |= left_over(self.document, self.there, self.wanted, self.record)
        slots |= dropped
        for name, fld in dropped.items():
            self.fields[name] = value_of(name, self.document.value(fld))
        if TYPE in told and TYPE in self.wanted:
            self.fields[TYPE] = Value(self.fields[TYPE].text, self.wanted[TYPE].digest)
        asked = self.proposal.wanted._replace(
            key=self.entry.key,
            fields=self.wanted,
            sets=self.wanted_sets,
            retired=retired - set(dropped),
            dropped=frozenset(dropped),
            aside=aside,
            contested=place.contested | place.moved,
            taken=place.taken,
            waiting=place.waiting(),
            outdated=frozenset(name for name in retired if self._is_outdated(name)),
            settled={SETTLED: place.settled},
        )
        return asked, Standing(self.entry, Present(self.entry.key, self.fields, self.sets), slots)

    def _places(self) -> tuple[dict[str, Field], frozenset[str]]:
        """Where the entry says what the record says, under its own or another name; and the names that
        bibbridge wrote in the other dialect."""
        slots: dict[str, Field] = {}
        renamed: set[str] = set()
        for name in (*self.wanted, *self.ours, *self.wanted_sets):
            alias = ALIASES.get(name)
            if name in self.there:
                slots[name] = self.there[name]
            elif name in self.wanted and alias in self.there:
                stands = value_of(alias, self.document.value(self.there[alias]))
                if name not in self.ours and stands.digest == self.ours.get(alias):
                    renamed.add(alias)
                else:
                    slots[name] = self.there[alias]
            elif alias in self.there and alias not in self.wanted and alias not in self.ours:
                slots[name] = self.there[alias]  # of a place that the record tells no longer
        return slots, frozenset(renamed)

    def _read(self, name: str, fld: Field) -> None:
        """Take in what the entry says in a field, and how it says it."""
        text = self.document.value(fld)
        if name in SETS:
            self.sets[name] = members(text)
            if self.document.literal(fld) is None:
                self.wanted_sets.pop(name, None)  # put together by a person: not a list to write in
            return
        shown = printable(text)  # shown to a person, never written
        ours, theirs = self.ours.get(name), self.wanted.get(name)
        mine = self.fields[name] = Value(shown, self._digest(name, text))
        news = mine.digest == ours != (theirs.digest if theirs else None)
        if not (news or self._accepts(name)):
            return
        literal = self.document.literal(fld)
        says_a_day = name == "month" and literal is not None and not _ONE_MONTH.fullmatch(literal)
        own_version = (
            name == "note"
            and not self.record.pinned
            and self._names_a_version(text)
            and digest(field_meaning(name, text)) != ours  # the person's, not that of a pin which is no more
        )
        if news and (literal is None or (theirs is None and says_a_day) or own_version):
            # put together by a person's @string or #, or told more exactly than we do: neither news nor its
            # end is ours to put in
            self.fields[name] = Value(shown, digest(self.document.text[fld.start : fld.end]))
        elif literal is not None and theirs is not None and theirs.digest != mine.digest:
            # a person's braces are no part of what news, or a decision against their words, replaces
            text = carried(name, literal, theirs.text)
            self.wanted[name] = Value(text, theirs.digest)
            if news and not self._accepts(name) and persons_commands(literal) - persons_commands(text):
                # "\\\\" or \\thanks between other words now: only the person knows where it belongs
                self.fields[name] = Value(shown, digest(self.document.text[fld.start : fld.end]))

    def _digest(self, name: str, text: str) -> str:
        """The digest of what stands in the entry. A version that a person put behind an id makes no
        difference, unless the record is pinned to one or bibbridge wrote it."""
        exact = digest(field_meaning(name, text))
        if name not in _VERSIONED or self.record.pinned or exact == self.ours.get(name):
            return exact
        return digest(field_meaning(name, text, versions=False))

    def _accepts(self, name: str) -> bool:
        return self.decisions.takes(self.entry.key, name)

    def _told_otherwise(self) -> list[str]:
        """The fields, never written by bibbridge, in which the entry tells in other words what the record
        does."""
        ours, theirs = self.ours, self.wanted
        reworded = (self.agreed | _CONTAINERS) - DATE_FIELDS
        by_hand = partial(printed_by_hand, self.document, self.entry, self.there, theirs, self.record)
        return [
            name
            for name, value in self.fields.items()
            if name in theirs
            # what agreed to the letter takes news like anything else; a journal may be abbreviated later
            and (name not in ours or (name in reworded and value.digest != ours[name]))
            and (name != TYPE or name not in ours or ours[name] == theirs[name].digest)
            and value.digest not in ("", theirs[name].digest)
            and not self._is_accepted(name)
            and (
                in_other_words(name, value.text, theirs[name].text, self.record)
                or (name in DATE_FIELDS and by_hand())
            )
        ]

    def _drop_doubled(self) -> None:
        """No longer want what the entry shows in another place, so that a style would print it twice."""
        there, wanted, document = self.there, self.wanted, self.document
        if "eprint" in there and document.value(there["eprint"]).lower().startswith("arxiv:"):
            wanted.pop("archiveprefix", None)
            wanted.pop("eprinttype", None)
        if "note" in wanted and "note" not in there and _ONLY_ID.fullmatch(wanted["note"].text):
            shown = [document.value(there[name]) for name in ("howpublished", "journal") if name in there]
            if self.record.arxiv_id is not None and any(self.record.arxiv_id in text for text in shown):
                del wanted["note"]

    def _leave_own_way(self, said: dict[str, Value], place: Place, slots: dict[str, Field]) -> frozenset[str]:
        """No longer want what the entry says in its own way; the names by which it says so.

        `said`: what it says, before what is said in other words counts as the same.
        """
        there, wanted, ours = self.there, self.wanted, self.ours
        own_way: set[str] = set()
        # bibbridge has written this entry in the record's dialect, so it is a person who dates it otherwise
        in_dialect = not {"eprinttype", "archiveprefix"}.isdisjoint(wanted.keys() & ours.keys())
        for one, other in (DATES, DATES[::-1]):
            if one.isdisjoint(wanted):
                continue  # the record dates it as the entry does
            edited = any(name in said and said[name].digest != ours[name] for name in other & set(ours))
            if (
                not one & set(there) - {"month"}
                and other & set(there) - {"month"}
                and (edited or in_dialect or not other & set(ours))
            ):
                own_way |= other
                if not place.own and wanted[TYPE].text not in PREPRINT_TYPES:
                    self._want_year(min(one & set(wanted)), place, slots)
                for name in one:
                    wanted.pop(name, None)
        if "month" in wanted and "month" not in there and "year" in wanted and "year" in said:
            year = said["year"].digest
            if not self._takes_news("year") and year not in ("", wanted["year"].digest, ours.get("year")):
                # the month of the preprint says nothing about another year
                del wanted["month"]
        # arXiv's DOI is only what stands in where no publisher's is known
        doi, own = wanted.get("doi"), said.get("doi")
        if doi is not None and own is not None and own.digest and ("doi" not in ours or "doi" in self.agreed):
            stands_in = is_arxiv_doi(doi.text) and not is_arxiv_doi(own.text)
            if stands_in:
                del wanted["doi"]
        return frozenset(own_way)

    def _want_year(self, asked: str, place: Place, slots: dict[str, Field]) -> None:
        """Want another year of a printed work, which the record tells in the field `asked`, in the field in
        which the entry tells it."""
        name = next((name for name in ("date", "year") if name in self.there and name != asked), None)
        if name is None:
            return
        year, own = self.wanted[asked].text[:4], self.document.value(self.there[name])
        if year in own or in_other_words(name, own, year, self.record):
            return
        slots[name] = self.there[name]
        self.wanted[name], self.fields[name] = value_of(name, year), value_of(name, own)
        if asked in place.taken:
            place.taken |= {name}

    def _retired(self, place: Place, renamed: frozenset[str]) -> frozenset[str]:
        """The fields that bibbridge wrote and the record no longer tells, as far as that is for it to say."""
        wanted, fields = self.wanted, self.fields
        # details that a person wrote go with the place they are of, not because the record does not tell them
        moved = any(
            name in wanted and name in fields and wanted[name].digest != fields[name].digest
            for name in (TYPE, *CONTAINERS)
        )
        persons = frozenset() if moved else self.agreed & OUTLIVING
        if self.proposal.wanted.fields[TYPE].text not in PREPRINT_TYPES:
            persons = frozenset(name for name in persons if not self._is_edited(name))
        later = "year" in fields and self._takes_news("year")
        if later:
            persons -= {"month"}  # of another year
        persons |= {name for name in self.agreed & {"note"} if not self._is_outdated(name)}
        persons -= {name for name in persons if self.ours.get(name) == OUTDATED}
        # a field that only has another name in the other dialect does apply
        ended = (
            name
            for name in self.ours
            if not place.own
            and name in OF_THE_VENUE - persons
            and name not in wanted
            and ALIASES.get(name) not in wanted
        )
        retired = renamed.union(ended)
        undisputed = place.own and not place.contested
        if later and undisputed and "month" in self.ours and "month" not in wanted:
            retired |= {"month"}  # of another year, whatever the type
        if undisputed and not place.settled and self._is_past("note"):
            retired |= {"note"}  # that it is to come, whatever the place
        if place.own and self.record.venue.status != "withdrawn" and self._said_withdrawn():
            retired |= {"note"}
            wanted.pop("note", None)
        kept = "note" in retired and "note" in self.there and not self.record.pinned
        if kept and self._names_a_version(self.document.value(self.there["note"])):
            retired -= {"note"}
        return retired

    def _takes_news(self, name: str) -> bool:
        if name not in self.wanted:
            return False
        mine, theirs = self.fields.get(name, ABSENT), self.wanted[name]
        known = self.ours.get(name)
        return verdict(self.entry.key, name, mine.digest, theirs.digest, known, self.decisions) == "take"

    def _is_outdated(self, name: str) -> bool:
        """Whether a person should hear of their words in a field that no longer applies: of a place, of which
        the record tells that no longer, or that the paper is to come."""
        if name == "pubstate" or name in DETAILS - {"month"}:
            return True
        return (
            name == "note" and "note" in self.fields and _TO_COME.search(self.fields[name].text) is not None
        )

    def _said_withdrawn(self) -> bool:
        """Whether bibbridge wrote, and nobody edited, that the paper is withdrawn."""
        note = self.fields.get("note", ABSENT)
        ours = note.digest == self.ours.get("note") and "note" not in self.agreed
        return ours and _WITHDRAWN.match(note.text) is not None

    def _is_edited(self, name: str) -> bool:
        stands = self.fields.get(name, ABSENT).digest
        return stands not in ("", self.ours.get(name))

    def _is_past(self, name: str) -> bool:
        """Whether bibbridge wrote what stands there, and the record contradicts it."""
        stands = self.fields.get(name, ABSENT).digest
        written = stands != "" and stands == self.ours.get(name)
        return written and name not in self.proposal.wanted.fields and self._is_outdated(name)

    def _names_a_version(self, note: str) -> bool:
        """Whether a note says which version of the paper is meant: of one that is not pinned, only a person
        says so."""
        return field_meaning("note", note) != field_meaning("note", note, versions=False)
