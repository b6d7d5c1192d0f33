"""The venue ahead of a cue: "accepted in ApJ", "presented at the 3rd Workshop on X"."""

from __future__ import annotations

from dataclasses import replace

from bridge.latepattern import LatePattern
from bridge.marks import PART, Mark, Sentence
from bridge.named import EVENT_HEADS, SPONSORS, Named, from_table, full_year, is_acronym, is_ordinal
from bridge.phrases import word_set
from bridge.quotes import opens_quote
from bridge.venue_belief import goes_on, is_believable, is_proper, is_small_acronym, is_small_journal
from bridge.venue_longer import longer_name
from bridge.venue_parts import (
    behind_editors,
    edited_title,
    held_within,
    issue_behind,
    issue_of_another,
    journal_beside,
    journal_of_issue,
    journal_with_issue,
    numbered_title,
    small_event,
    titled_volume,
    unnamed_before,
    volume_of,
)
from bridge.venue_table import Found
from bridge.venue_words import own_words
from bridge.venue_years import year_after
from bridge.words import Words

PREPOSITIONS = {
    "accepted": word_set("led by accepted"),
    "published": word_set("led by published"),
    "submitted": word_set("led by submitted"),
    "rejected": word_set("led by rejected"),
    "talk": word_set("led by talk"),
    "chapter": word_set("led by chapter"),
    "proceedings": word_set("led by proceedings"),
    "printed": word_set("led by printed"),
    "erratum": word_set("led by erratum"),
}
_EDITED = word_set("editors")
_HOUSES = word_set("behind a house")
_NO_EVENTS = word_set("no events")
_SECTIONS = word_set("sections of journals")
_HONOURS = word_set("honours")
_COLLECTIONS = word_set("collections")


_OF_HOUSES = (["publications"], ["publishers"], ["publishing"])
_TASKS = frozenset(["lab", "task", "challenge"])
_NUMBERS = LatePattern(r",? (?:[Vv]ol\.? ?)?\d{1,4} ?[,:(]")
_TENS = frozenset(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"])
_COLLECTED = ("journal", "book", "volume")


def passed_over(sentence: Sentence) -> dict[int, int]:
    """Where phrases begin and end that may stand between a cue and its venue: "proceedings of"."""
    passed: dict[int, int] = {}
    for mark in sentence.marks:
        if mark.role == "nothing":
            # "as a letter in", "Brief Reports,": what kind of text it is, before the journal's name
            last = sentence.words.lower[mark.end - 1]
            if last in ("in", "of") or (last in _SECTIONS and mark.end in sentence.venues):
                passed[mark.start] = mark.end
        elif mark.role == "proceedings":
            passed[mark.start] = mark.end
    return passed


class VenueWalk:
    """One walk from the n-th cue of a sentence to its venue, word by word.

    `taken` are the words of venues that other claims have used, `passed` what `passed_over` gives. On the way
    `led` tells whether a preposition leads up to a name here; `series` is the last resort, a series whose
    event was looked for behind it.
    """

    def __init__(
        self, sentence: Sentence, mark: Mark, n: int, taken: set[int], passed: dict[int, int]
    ) -> None:
        self.sentence = sentence
        self.words = words = sentence.words
        self.mark = mark
        self.role = role = mark.role
        self.taken = taken
        self.passed = passed
        self.prepositions = prepositions = PREPOSITIONS[role]
        self.limit = limit = sentence.reach(n)
        self.led = role == "proceedings" or not prepositions.isdisjoint(words.lower[mark.start : mark.end])
        if not self.led and mark.end + 1 < limit and not sentence.cut[mark.end]:
            # "Talk presented CIPANP2018"
            self.led = is_acronym(words.raws[mark.end]) and full_year(words.raws[mark.end + 1]) is not None
        self.publisher = self._by_publisher(mark)
        self.crossed = self.strayed = 0
        self.series: Named | None = None
        self.fresh = -1  # the word behind a list of editors
        self.k = mark.end
        self.over = False  # whether nothing further can be the venue

    def find(self) -> Named | None:
        """The venue, one of the tables or capitalised words behind a preposition; None if there is none."""
        colon = self.k < self.limit and self.words.gaps[self.k][:1] == ":"
        if self.role == "printed" and colon and self.k not in self.sentence.venues:
            return None  # "published version: in the revised draft"
        cited = self.k + (self.words.lower[self.k - 1] != "as")
        if cited < self.limit and self.words.lower[cited - 1] == "as" and ":" in self.words.gaps[cited]:
            return None  # "to appear as: A. Author, Title"
        while self.k < self.limit and not self.over:
            if self._cross():
                break
            named = self._quoted()
            if named is None and not self._pass():
                found = self._known()
                named = self._venue_of(found) if found is not None else self._worded()
            if named is not None:
                return named
        return self.series

    def _cross(self) -> bool:
        """Goes on over a comma or a bracket before the word at hand, if there is one; whether too far."""
        k, lower, gap = self.k, self.words.lower, self.words.gaps[self.k]
        cut, at_cue = self.sentence.cut[k], k == self.mark.end
        if not cut or (at_cue and (cut != PART or "(" in gap)):
            return False
        if at_cue and gap.strip() == ":" and self.role == "published" and self._cited(k):
            self.led = True
            return False
        self.crossed += 1
        titled = self.led and ":" in gap and (lower[k - 1] in EVENT_HEADS or lower[k - 1] in _COLLECTED)
        named = lower[k - 2 : k] != ["conference", "proceedings"] or lower[k - 3] not in self.prepositions
        titled = titled or (self.led and gap == ", " and not named)  # "in conference proceedings, Title"
        if self.led and unnamed_before(self.sentence, k):
            return True
        badge = any(mark.role == "badge" and mark.end == k for mark in self.sentence.marks)
        led = self.led and (lower[k - 1] in self.prepositions or titled or badge) and self.crossed < 3
        self.led = led or k == self.fresh
        return self.crossed > 2 or self.sentence.aside(k)

    def _cited(self, k: int) -> bool:
        """Whether volume or page follow a name that begins at word k: "Published: Foo Letters, 48:339"."""
        named = own_words(self.sentence, k, self.sentence.last)
        numbers = named is not None and _NUMBERS.match(self.words.text, self.words.end[named.end - 1])
        return bool(numbers)

    def _quoted(self) -> Named | None:
        """A title in quotation marks that can be nothing but the venue."""
        k, sentence, lower = self.k, self.sentence, self.words.lower
        if not opens_quote(self.words.gaps[k]):
            return None
        behind = k > self.mark.end
        if self.led and behind and lower[k - 1] in EVENT_HEADS:
            title = own_words(sentence, k, sentence.last)
            known = sentence.venues.get(k)
            covered = known.end - k if known is not None else 0
            if title is not None and title.quoted and 2 * covered < title.end - k:
                workshop = "workshop" in (lower[k - 1], title.kind)
                return replace(title, kind="workshop" if workshop else "conference")
        if behind and lower[k - 1] in ("volume", "book"):
            title = own_words(sentence, k, sentence.last)
            if title is not None and title.quoted:
                event = title.kind in ("conference", "workshop")
                return title if event else replace(title, kind="book")
        if self.led and lower[k] in self.prepositions and self.words.raws[k] != "the":
            title = own_words(sentence, k, sentence.last)  # "From Research to Applications"
            meeting = title is not None and not EVENT_HEADS.isdisjoint(lower[k : title.end])
            if title is not None and title.quoted and not (meeting and self.words.raws[k] == "The"):
                return title
        return None

    def _pass(self) -> bool:
        """Goes on over a phrase that says nothing of the venue, or a publisher, if one begins here."""
        passed = self.passed.get(self.k)
        if passed is not None and passed <= self.limit:
            self.k, self.led = passed, True
            return True
        house = self._past_house(self.k)
        if house is not None:
            self.k = house
        return house is not None

    def _known(self) -> Found | None:
        """The venue of the tables that begins here, where it can be meant."""
        k, sentence, lower = self.k, self.sentence, self.words.lower
        found = sentence.venues.get(k)
        if found is None or (lower[k] in ("nature", "science") and lower[k - 1] in SPONSORS):
            return None  # the publisher
        if longer_name(sentence, found):
            return None
        led_here = lower[k - 1] in self.prepositions
        meant = (
            found.sure
            or (self.led and is_proper(sentence, found) and not goes_on(sentence, found.end))
            or (led_here and is_small_journal(sentence, found))
            or ((led_here or self.publisher) and is_small_acronym(sentence, found))
            or (k == self.mark.end and self.role == "accepted" and self._apposed(found))
        )
        return found if meant else None

    def _venue_of(self, found: Found) -> Named | None:
        """What a venue of the tables makes the venue; None where the walk goes on behind it, or is over."""
        k, words, sentence = self.k, self.words, self.sentence
        if self.publisher and not (found.sure or is_acronym(words.raws[k])):
            self.k, self.led = found.end, False
            return None
        if self.crossed and not self.led and not sentence.opens_part(k):
            self.over = True
            return None
        if self.role == "talk" and found.row.kind == "journal" and found.end - found.start == 1:
            name = words.name(k, found.end)
            if _glued_on(words, k) and words.raws[k + 1].isdecimal() and len(words.raws[k + 1]) < 3:
                return Named(k, found.end + 1, name, kind="conference", sure=False)  # "talk given at NPA3"
            dated = full_year(words.raws[found.end]) if found.end < sentence.last else None
            if dated is not None and not sentence.cut[found.end] and words.gaps[found.end] != "-":
                # "Presented at Fractals 98"
                return Named(k, found.end + 1, name, kind="conference", year=dated, sure=False)
        dated = found.end < sentence.last and full_year(words.raws[found.end]) is not None
        if found.row.kind != "journal" and issue_of_another(sentence, found.end + dated):
            # "IPCAI 2011 special issue of IJCARS": the journal takes it
            self.k, self.led, self.series = found.end + dated + 2, True, self.series or from_table(found)
            return None
        of = words.lower[found.end : found.end + 1] == ["of"] and not sentence.cut[found.end]
        if found.row.is_series and of:
            # "the ASP conference proceedings of the Symposium on Foo"
            self.k, self.led, self.series = found.end + 1, True, self.series or from_table(found)
            return None
        return titled_volume(sentence, found) or self._spelled_out(found) or from_table(found)

    def _spelled_out(self, found: Found) -> Named | None:
        """The journal that brackets spell out for an acronym of another: "JGP (Journal of Foo Physics)"."""
        k, words = found.end, self.words
        if found.sure or k >= self.sentence.last or words.gaps[k] != " (" or k in self.sentence.venues:
            return None
        named = own_words(self.sentence, k, self.sentence.last)
        journal = named is not None and named.kind == "journal" and named.end - k > 2
        return named if journal and words.lower[k] in ("journal", "international", "transactions") else None

    def _worded(self) -> Named | None:
        """A venue outside the tables that begins here; else goes on to the next word that may begin one."""
        k, sentence, lower = self.k, self.sentence, self.words.lower
        past = behind_editors(sentence, k, self.limit) if self.led else None
        if past is not None:
            self.k = self.fresh = past
            return None
        in_honour = lower[k] == "of" and lower[k - 1] in _HONOURS  # "in a volume in honor of J. Smith"
        licence = lower[k] in ("distributed", "licensed") and lower[k + 1 : k + 2] == ["under"]
        if in_honour or licence:
            self.over = True
            return None
        if lower[k] in self.prepositions and not (self.publisher and lower[k] == "of"):
            whole = None if self.led or self.publisher else self._around(k)
            if whole is not None:
                return whole
            self.led = True
            self.publisher = lower[k] == "by" and (self.publisher or lower[k - 1] == "publ")
        elif self.led and self._counts(k) and not _glued_on(self.words, k):
            title = numbered_title(sentence, k)
            if title is not None:
                return title
        elif self.led:
            small = None
            if not self.taken.intersection(range(k, k + 5)):
                small = small_event(sentence, k, self.limit)
            named = small or self._own_words()
            if named is not None or self.over or self.k != k:
                return named
        self._step(k)
        return None

    def _around(self, k: int) -> Named | None:
        """The name that holds the preposition at word k and fills its part: "To appear, Annals of Foo"."""
        first = self.sentence.part_start(k)
        if not self.mark.end <= first < k or self.words.gaps[first] not in (", ", ": "):
            return None
        named = own_words(self.sentence, first, self.sentence.last)
        if named is None or named.end <= k or not is_believable(self.sentence, named, self.role):
            return None
        return held_within(self.sentence, named, self.limit) or named

    def _step(self, k: int) -> None:
        """Goes on behind word k, which may end what a preposition led up to."""
        lower = self.words.lower
        if lower[k] in ("by", "with", "who") and self.role in ("talk", "published"):
            self.led = False
        if lower[k] in _EDITED or (lower[k] == "by" and lower[k - 1] in _EDITED):
            self.led = False  # their names follow
        self.k = k + 1

    def _past_house(self, k: int) -> int | None:
        """The word behind a publisher that is named at word k: "the CRC Press book"."""
        for mark in self.sentence.marks:
            if mark.start == k and mark.role == "nothing" and self.words.lower[mark.end - 1] in _HOUSES:
                return mark.end
        return None

    def _counts(self, k: int) -> bool:
        """Whether word k counts an event, or is a "the" before its name."""
        lower = self.words.lower
        if lower[k] in _TENS and self.words.gaps[k + 1] != "-":
            return False  # "Fifty Years of Foo", but "Thirty-Ninth Conference on Foo"
        return is_ordinal(lower[k]) or self.words.raws[k].isdecimal() or lower[k] == "the"

    def _own_words(self) -> Named | None:
        """The venue that the capitalised words from here on name; the walk goes on behind what names none."""
        k, sentence, lower = self.k, self.sentence, self.words.lower
        named = own_words(sentence, k, sentence.last)
        if named is None:
            if not lower[k].isdecimal():
                self.strayed += 1
                self.over = self.strayed > 6
            return None
        behind = lower[named.end : named.end + 2]
        house = behind[:1] in _OF_HOUSES and not sentence.cut[named.end]  # "chapter for River publications"
        if self.publisher or house or (named.quoted and behind[:1] in (["session"], ["track"])):
            self.k, self.led = named.end, False
            return None
        task = self._task_at(named)
        if task is not None:
            self.k = task
            return None
        beside = journal_beside(sentence, named)
        if beside is not None:
            return beside
        if behind == ["section", "of"]:
            self.k = named.end + 2  # "in the Brief Communication section of Nature"
            return None
        journal = journal_with_issue(sentence, named) if lower[named.end - 1] == "issue" else None
        if journal is not None:
            return journal
        if self._of_no_event(named):
            self.over = True
            return None
        if not is_believable(sentence, named, self.role):
            self._step(named.end - 1)
            return None
        return (
            issue_behind(sentence, named)
            or journal_of_issue(sentence, named)
            or held_within(sentence, named, self.limit)
            or volume_of(sentence, named)
            or edited_title(sentence, named)
            or self._table_within(named, k)
            or named
        )

    def _task_at(self, named: Named) -> int | None:
        """The word behind a task or laboratory that a name is of, where its meeting follows: "the PAN lab at
        CLEF", "the Question Answering shared task at IberLEF 2025"."""
        lower, cut = self.words.lower, self.sentence.cut
        for j in range(named.end - 1, min(named.end + 6, self.limit - 2)):
            if cut[j] and j >= named.end:
                break
            if lower[j] not in _TASKS or lower[j + 1] not in ("at", "of", "in") or cut[j + 1]:
                continue
            held = j + 2 + (lower[j + 2] == "the")
            known = self.sentence.venues.get(held)
            dated = held + 1 < self.limit and full_year(self.words.raws[held + 1]) is not None
            if (known is not None and known.sure) or (dated and is_acronym(self.words.raws[held])):
                return j + 1
        return None

    def _apposed(self, found: Found) -> bool:
        """Whether a doubtful name is all that stands between a cue and the next cut: "To appear, Energy"."""
        ends = found.end >= self.sentence.last or bool(self.sentence.cut[found.end])
        apposed = self.words.gaps[found.start] in (", ", ": ")
        return ends and apposed and is_proper(self.sentence, found)

    def _by_publisher(self, mark: Mark) -> bool:
        """Whether "by" follows "published", so that own words name a publisher."""
        end = min(mark.end + 1, self.sentence.last)
        if end < self.sentence.last and self.words.raws[end - 1].isdecimal():
            end += 1  # "published in 1997 by"
        said = self.words.lower[mark.start : end]
        return "published" in said and "by" in said

    def _table_within(self, named: Named, k: int) -> Named | None:
        """A venue of the tables in or close behind words that say no kind: "Elsevier Physics Letters A"."""
        if named.quoted and named.kind is not None:
            return None
        for j in range(k, min(named.end + 8, self.sentence.last)):
            if j >= named.end and self.sentence.cut[j]:
                break
            found = self.sentence.venues.get(j)
            if found is None or longer_name(self.sentence, found):
                continue
            before = self.words.lower[j - 1]
            if not (found.sure or (found.row.publisher or "").lower() == before):
                continue
            if j >= named.end and self._event_of_its_own(named, j):
                return None
            if j >= named.end:
                return (
                    from_table(found)
                    if named.kind is None or (before == "of" and named.kind == "book")
                    else None
                )
            led = (
                j == k
                or before in SPONSORS
                or self.words.lower[named.end : named.end + 1] == ["special"]  # "AKARI PASJ special issue"
                or (before in ("of", "the") and bool(_COLLECTIONS & set(self.words.lower[k:j])))
            )
            return (
                from_table(found) if led and (found.end >= named.end or found.row.kind == "journal") else None
            )
        return None

    def _event_of_its_own(self, named: Named, j: int) -> bool:
        """Whether an acronym before the venue at word j has a year, a workshop or an @: its host."""
        words = self.words
        return is_acronym(words.raws[named.end - 1]) and (
            year_after(self.sentence, named.end) is not None
            or "@" in words.gaps[j]
            or "workshop" in words.lower[named.end : j]
        )

    def _of_no_event(self, named: Named) -> bool:
        """Whether the next word tells what a name stands for: "reference paper for the FOO code"."""
        k = named.end
        return k < self.sentence.last and not self.sentence.cut[k] and self.words.lower[k] in _NO_EVENTS


def _glued_on(words: Words, k: int) -> bool:
    """Whether capitals or a number stand right behind word k: "6G", "I3DA", but not "14th"."""
    behind = words.raws[k + 1 : k + 2]
    return bool(behind) and not words.gaps[k + 1] and (behind[0].isupper() or behind[0].isdecimal())
