"""Which venue belongs to a cue: ahead of it ("accepted in ApJ"), else behind ("ApJ, in press")."""

from __future__ import annotations

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


def _glued_on(words: Words, k: int) -> bool:
    """Whether capitals or a number stand right behind word k: "6G", "I3DA", but not "14th"."""
    behind = words.raws[k + 1 : k + 2]
    return bool(behind) and not words.gaps[k + 1] and (behind[0].isupper() or behind[0].isdecimal())


class VenueSearch:
    """Finds the venues of the cues of one sentence. `taken` are the words of venues that claims have used."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.words = sentence.words
        self.taken: set[int] = set()
        self.passed = {mark.start: mark.end for mark in sentence.marks if mark.role == "proceedings"}
        # "as a letter in", "Brief Reports,": what kind of text it is, before the journal's name
        self.passed |= {
            mark.start: mark.end
            for mark in sentence.marks
            if mark.role == "nothing"
            and (
                (last := sentence.words.lower[mark.end - 1]) in ("in", "of")
                or (last in _SECTIONS and mark.end in sentence.venues)
            )
        }

    def _past_house(self, k: int) -> int | None:
        """The word behind a publisher that is named at word k: "the CRC Press book"."""
        for mark in self.sentence.marks:
            if mark.start == k and mark.role == "nothing" and self.words.lower[mark.end - 1] in _HOUSES:
                return mark.end
        return None

    def ahead(self, mark: Mark, n: int) -> Named | None:
        """The venue after a cue: one of the tables, or capitalised words behind a preposition."""
        words, sentence, role = self.words, self.sentence, mark.role
        lower, cut = words.lower, sentence.cut
        prepositions = PREPOSITIONS[role]
        limit = self.sentence.reach(n)
        colon = mark.end < limit and words.gaps[mark.end][:1] == ":"
        if role == "printed" and colon and mark.end not in sentence.venues:
            return None  # "published version: in the revised draft"
        led = role == "proceedings" or not prepositions.isdisjoint(lower[mark.start : mark.end])
        if not led and mark.end + 1 < limit and not cut[mark.end] and is_acronym(words.raws[mark.end]):
            led = full_year(words.raws[mark.end + 1]) is not None  # "Talk presented CIPANP2018"
        publisher = self._by_publisher(mark)
        crossed = strayed = 0
        series: Named | None = None
        fresh = -1  # the word behind a list of editors
        k = mark.end
        while k < limit:
            if (cut[k] and k > mark.end) or (cut[k] == PART and k == mark.end and "(" not in words.gaps[k]):
                crossed += 1
                titled = (
                    led
                    and (lower[k - 1] in EVENT_HEADS or lower[k - 1] in ("journal", "book", "volume"))
                    and ":" in words.gaps[k]
                )
                if led and unnamed_before(sentence, k):
                    return series
                led = (led and (lower[k - 1] in prepositions or titled) and crossed < 3) or k == fresh
                if crossed > 2 or self.sentence.aside(k):
                    return series
            if led and k > mark.end and lower[k - 1] in EVENT_HEADS and opens_quote(words.gaps[k]):
                title = own_words(sentence, k, sentence.last)
                known = sentence.venues.get(k)
                covered = known.end - k if known is not None else 0
                if title is not None and title.quoted and 2 * covered < title.end - k:
                    workshop = "workshop" in (lower[k - 1], title.kind)
                    return title._replace(kind="workshop" if workshop else "conference")
            if lower[k - 1] in ("volume", "book") and k > mark.end and opens_quote(words.gaps[k]):
                title = own_words(sentence, k, sentence.last)
                if title is not None and title.quoted:
                    event = title.kind in ("conference", "workshop")
                    return title if event else title._replace(kind="book")
            if led and lower[k] in prepositions and words.raws[k] != "the" and opens_quote(words.gaps[k]):
                title = own_words(sentence, k, sentence.last)  # "From Research to Applications"
                meeting = title is not None and not EVENT_HEADS.isdisjoint(lower[k : title.end])
                if title is not None and title.quoted and not (meeting and words.raws[k] == "The"):
                    return title
            passed = self.passed.get(k)
            if passed is not None and passed <= limit:
                k, led = passed, True
                continue
            house = self._past_house(k)
            if house is not None:
                k = house
                continue
            found = sentence.venues.get(k)
            if found is not None and lower[k] in ("nature", "science") and lower[k - 1] in SPONSORS:
                found = None  # the publisher
            if found is not None and longer_name(self.sentence, found):
                found = None
            if found is not None and (
                found.sure
                or (led and is_proper(self.sentence, found) and not goes_on(self.sentence, found.end))
                or (lower[k - 1] in prepositions and is_small_journal(self.sentence, found))
                or ((lower[k - 1] in prepositions or publisher) and is_small_acronym(self.sentence, found))
                or (k == mark.end and role == "accepted" and self._apposed(found))
            ):
                if publisher and not (found.sure or is_acronym(words.raws[k])):
                    k, led = found.end, False
                    continue
                if crossed and not led and not self.sentence.opens_part(k):
                    return series
                if role == "talk" and found.row.kind == "journal" and found.end - found.start == 1:
                    if _glued_on(words, k) and words.raws[k + 1].isdecimal() and len(words.raws[k + 1]) < 3:
                        name = words.name(k, found.end)  # "talk given at NPA3"
                        return Named(k, found.end + 1, name, kind="conference", sure=False)
                    dated = full_year(words.raws[found.end]) if found.end < sentence.last else None
                    if dated is not None and not cut[found.end] and words.gaps[found.end] != "-":
                        # "Presented at Fractals 98"
                        name = words.name(k, found.end)
                        return Named(k, found.end + 1, name, kind="conference", year=dated, sure=False)
                if found.row.is_series and lower[found.end : found.end + 1] == ["of"] and not cut[found.end]:
                    # "the ASP conference proceedings of the Symposium on Foo"
                    k, led, series = found.end + 1, True, series or from_table(found)
                    continue
                return titled_volume(sentence, found) or from_table(found)
            past = behind_editors(sentence, k, limit) if led else None
            if past is not None:
                k = fresh = past
                continue
            if lower[k] == "of" and lower[k - 1] in _HONOURS:
                return series  # "in a volume in honor of J. Smith"
            if lower[k] in ("distributed", "licensed") and lower[k + 1 : k + 2] == ["under"]:
                return series  # a licence follows
            if lower[k] in prepositions and not (publisher and lower[k] == "of"):
                led = True
                publisher = publisher and lower[k] == "by"
            elif (
                led
                and (is_ordinal(lower[k]) or words.raws[k].isdecimal() or lower[k] == "the")
                and not _glued_on(words, k)
            ):
                title = numbered_title(sentence, k)
                if title is not None:
                    return title
            elif (
                led
                and not self.taken.intersection(range(k, k + 5))
                and (small := small_event(sentence, k, limit)) is not None
            ):
                return small
            elif led:
                named = own_words(sentence, k, self.sentence.last)
                if publisher and named is not None:
                    k, led = named.end, False
                    continue
                if (
                    named is not None
                    and named.quoted
                    and lower[named.end : named.end + 1] in (["session"], ["track"])
                ):
                    k, led = named.end, False
                    continue
                if named is not None and (beside := journal_beside(sentence, named)) is not None:
                    return beside
                if named is not None and lower[named.end : named.end + 2] == ["section", "of"]:
                    k = named.end + 2  # "in the Brief Communication section of Nature"
                    continue
                if named is not None and lower[named.end - 1] == "issue":
                    journal = journal_with_issue(sentence, named)
                    if journal is not None:
                        return journal
                if named is not None and self._of_no_event(named):
                    return series
                if named is not None and is_believable(self.sentence, named, role):
                    apposed = (
                        issue_behind(sentence, named)
                        or journal_of_issue(sentence, named)
                        or held_within(sentence, named, limit)
                        or volume_of(sentence, named)
                        or edited_title(sentence, named)
                    )
                    if apposed is not None:
                        return apposed
                    inner = self._table_within(named, k)
                    return inner or named
                if named is not None:
                    k = named.end - 1
                elif not lower[k].isdecimal():
                    strayed += 1
                    if strayed > 6:
                        return series
            if lower[k] in ("by", "with", "who") and role in ("talk", "published"):
                led = False
            if lower[k] in _EDITED or (lower[k] == "by" and lower[k - 1] in _EDITED):
                led = False  # their names follow
            k += 1
        return series

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
