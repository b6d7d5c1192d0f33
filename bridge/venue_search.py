"""Which venue belongs to a cue: ahead of it ("accepted in ApJ"), else behind ("ApJ, in press")."""

from __future__ import annotations

from bridge.marks import APART, LEADS, PART, Mark, Sentence
from bridge.named import EVENT_HEADS, Named, from_table, full_year, is_acronym, kind_of
from bridge.phrases import word_set
from bridge.venue_longer import longer_name
from bridge.venue_table import Found
from bridge.venue_words import INSIDE, ORDINALS, SPONSORS, opens_quote, own_words, with_acronym
from bridge.venue_years import DAYS_AND_YEAR, year_after

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
_BETWEEN = word_set("between venue and cue")
_COLLECTIONS = word_set("collections")
_PLACES = word_set("places")
_GENERAL = word_set("general event words") | word_set("seasons") | word_set("no event of its own")
_SESSIONS = word_set("sessions")
_EDITORS = frozenset(["ed", "eds", "editor", "editors"])
_OF_THE = frozenset(["proceedings", "proc", "of", "the"]) | ORDINALS
_IN_NAMES = word_set("in names")
_ISSUES = frozenset(["issue", "section"])
_SCHOOLS = word_set("schools")
_NO_VENUE = word_set("no venue") | word_set("no venue too")


class VenueSearch:
    """Finds the venues of the cues of one sentence. `taken` are the words of venues that claims have used."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.words = sentence.words
        self.taken: set[int] = set()
        self.passed = {mark.start: mark.end for mark in sentence.marks if mark.role == "proceedings"}
        # "as a letter in": what kind of text it is, before the journal's name
        self.passed |= {
            mark.start: mark.end
            for mark in sentence.marks
            if mark.role == "nothing" and sentence.words.lower[mark.end - 1] in ("in", "of")
        }

    def limit(self, n: int) -> int:
        """Where the search for the venue of cue n ends: at the next cue that wants one itself."""
        mark = self.sentence.marks[n]
        for other in self.sentence.marks[n + 1 :]:
            if other.role in ("nothing", "badge", "proceedings", "aside", "own"):
                continue
            if (
                other.role in ("talk", "chapter")
                and other.start - mark.end <= 3
                and not self.sentence.set_apart(mark.end, other.start)
            ):
                continue
            if other.role == "thesis":
                continue
            return other.start
        return self.sentence.last

    def ahead(self, mark: Mark, n: int) -> Named | None:
        """The venue after a cue: one of the tables, or capitalised words behind a preposition."""
        words, sentence, role = self.words, self.sentence, mark.role
        lower, cut = words.lower, sentence.cut
        prepositions = PREPOSITIONS[role]
        limit = self.limit(n)
        led = role == "proceedings" or not prepositions.isdisjoint(lower[mark.start : mark.end])
        if not led and mark.end + 1 < limit and not cut[mark.end] and is_acronym(words.raws[mark.end]):
            led = full_year(words.raws[mark.end + 1]) is not None  # "Talk presented CIPANP2018"
        publisher = self._by_publisher(mark)
        crossed = strayed = 0
        fresh = -1  # the word behind a list of editors
        k = mark.end
        while k < limit:
            if (cut[k] and k > mark.end) or (cut[k] == PART and k == mark.end and "(" not in words.gaps[k]):
                crossed += 1
                titled = led and role == "talk" and lower[k - 1] in EVENT_HEADS and ":" in words.gaps[k]
                led = (led and (lower[k - 1] in prepositions or titled) and crossed < 3) or k == fresh
                if crossed > 2 or self.sentence.aside(k):
                    return None
            if led and k > mark.end and lower[k - 1] in EVENT_HEADS and opens_quote(words.gaps[k]):
                title = own_words(sentence, k, sentence.last)
                known = sentence.venues.get(k)
                covered = known.end - k if known is not None else 0
                if title is not None and title.quoted and 2 * covered < title.end - k:
                    return title._replace(kind="workshop" if lower[k - 1] == "workshop" else "conference")
            passed = self.passed.get(k)
            if passed is not None and passed <= limit:
                k, led = passed, True
                continue
            found = sentence.venues.get(k)
            if found is not None and lower[k] in ("nature", "science") and lower[k - 1] in SPONSORS:
                found = None  # the publisher
            if found is not None and longer_name(self.sentence, found):
                found = None
            if found is not None and (
                found.sure
                or (led and self._proper(k, found.end) and not self._goes_on(found.end))
                or (lower[k - 1] in prepositions and self._small_acronym(found))
            ):
                if publisher and not (found.sure or is_acronym(words.raws[k])):
                    k, led = found.end, False
                    continue
                if crossed and not led and not self.sentence.opens_part(k):
                    return None
                return self._titled_volume(found) or from_table(found)
            behind_editors = self._editors(k, limit) if led else None
            if behind_editors is not None:
                k = fresh = behind_editors
                continue
            if lower[k] in prepositions and not (publisher and lower[k] == "of"):
                led = True
                publisher = publisher and lower[k] == "by"
            elif led and (lower[k] in ORDINALS or words.raws[k].isdecimal() or lower[k] == "the"):
                title = self._title(k)
                if title is not None:
                    return title
            elif led and (small := self._small_event(k, limit)) is not None:
                return small
            elif led:
                named = own_words(sentence, k, self.sentence.last)
                if publisher and named is not None:
                    k, led = named.end, False
                    continue
                if named is not None and self._believable(named, role):
                    apposed = (
                        self._issue_behind(named)
                        or self._journal_of_issue(named)
                        or self._held_within(named, limit)
                        or self._volume_of(named)
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
                        return None
            if lower[k] in ("by", "with", "who") and role in ("talk", "published"):
                led = False
            k += 1
        return None

    def _small_event(self, k: int, limit: int) -> Named | None:
        """An event without capitals: "the international algebraic conference in Moscow"."""
        words, lower = self.words, self.words.lower
        if any(mark.start <= k < mark.end for mark in self.sentence.marks):
            return None
        if not words.raws[k].islower() or lower[k] in INSIDE or self.taken.intersection(range(k, k + 5)):
            return None
        for head in range(k + 1, min(k + 5, limit)):
            if self.sentence.cut[head] or not words.raws[head].islower():
                return None
            if lower[head] in EVENT_HEADS:
                if all(word in _GENERAL or word in ORDINALS for word in lower[k:head]):
                    return None
                return Named(
                    k, head + 1, words.name(k, head + 1), kind=kind_of(lower, k, head + 1), sure=False
                )
        return None

    def _titled_volume(self, found: Found) -> Named | None:
        """The event whose title follows its series: "in AIP Conference Proceedings, "The Evolution of X"."""
        k = found.end
        if not found.row.is_series or found.row.kind != "conference" or k + 3 >= self.sentence.last:
            return None
        k += self.words.lower[k] in ("of", "for")
        if not opens_quote(self.words.gaps[k]) or self.sentence.cut[k] == APART:
            return None
        title = own_words(self.sentence, k, self.sentence.last)
        return title._replace(kind="conference") if title is not None and title.quoted else None

    def _by_publisher(self, mark: Mark) -> bool:
        """Whether "by" follows "published", so that own words name a publisher."""
        end = min(mark.end + 1, self.sentence.last)
        said = self.words.lower[mark.start : end]
        return "published" in said and "by" in said

    def _dated_behind(self, named: Named) -> bool:
        """Whether days, month and year stand behind a name: "at Foundations of X, 16-19 April 2004"."""
        several = named.end - named.start > 2
        acronym = named.end - named.start == 1 and len(self.words.raws[named.start]) > 3
        known = (
            self.sentence.venues.get(k) for k in range(named.end, min(named.end + 6, self.sentence.last))
        )
        if any(found is not None and found.sure for found in known):
            return False
        if not several and not (acronym and is_acronym(self.words.raws[named.start])):
            return False
        return (
            DAYS_AND_YEAR.search(self.words.text, self.words.end[named.end - 1], self._text_end()) is not None
        )

    def _text_end(self) -> int:
        return self.words.end[self.sentence.last - 1]

    def _editors(self, k: int, limit: int) -> int | None:
        """The word behind a list of editors that begins at word k: "J. Roberts, ed., Proceedings of ..."."""
        words = self.words
        if not words.raws[k][0].isupper() or k in self.sentence.venues:
            return None
        initials = 0
        for j in range(k, min(k + 20, limit)):
            if words.lower[j] in _EDITORS:
                return j + 1 if initials and self.sentence.cut[j] and j + 1 < limit else None
            if len(words.raws[j]) == 1 or words.lower[j] == "al":
                initials += 1
            elif not words.raws[j][0].isupper() and words.lower[j] not in _IN_NAMES:
                return None
        return None

    def _title(self, k: int) -> Named | None:
        """A name in quotation marks that begins with a number or "The": "40 Years of Pulsars"."""
        words, following = self.words, self.words.lower[k + 1 : k + 2]
        if not opens_quote(words.gaps[k]) or not following or following[0] in ORDINALS:
            return None
        if not (words.raws[k].isdecimal() or words.raws[k] == "The") or words.raws[k + 1].isdecimal():
            return None
        if not _ISSUES.isdisjoint(words.lower[max(self.sentence.first, k - 4) : k]):
            return None  # the subject of a special issue
        named = own_words(self.sentence, k, self.sentence.last)
        known = any(j in self.sentence.venues for j in (k, k + 1))
        return named if named is not None and named.quoted and not known else None

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

    def _issue_behind(self, named: Named) -> Named | None:
        """The journal whose issue a name is said to be: "the X Festschrift, a special issue of J"."""
        lower, k = self.words.lower, named.end
        if named.row is not None or k + 4 >= self.sentence.last or "," not in self.words.gaps[k]:
            return None
        k += lower[k] in ("a", "the")
        if lower[k] != "special" or lower[k + 1] not in ("issue", "section", "volume"):
            return None
        return self._journal_behind(k + 2)

    def _journal_of_issue(self, named: Named) -> Named | None:
        """The journal of an issue whose title is quoted: "the Special Issue "X" in the journal Y"."""
        if not named.quoted or self.words.lower[named.start - 1] not in _ISSUES:
            return None
        return self._journal_behind(named.end)

    def _journal_behind(self, k: int) -> Named | None:
        """A journal of the tables from word k on, behind small words."""
        lower = self.words.lower
        while k < self.sentence.last - 1 and lower[k] in ("of", "in", "the", "journal"):
            k += 1
        found = self.sentence.venues.get(k)
        return from_table(found) if found is not None and found.row.kind == "journal" else None

    def _held_within(self, named: Named, limit: int) -> Named | None:
        """The event that a session is part of: "Special Session on X of the 8th Workshop on Y"."""
        lower, sentence = self.words.lower, self.sentence
        if named.quoted or _SESSIONS.isdisjoint(lower[named.start : named.end]):
            return None
        beside = sentence.venues.get(named.end)
        if beside is not None and beside.sure and beside.row.kind == "conference":
            return from_table(beside)  # "Special Session on X, AAAI 2003"
        for k in range(named.start + 1, min(named.start + 14, limit - 1)):
            if lower[k] not in ("of", "at") or sentence.cut[k] == APART:
                continue
            j = k + 1
            if lower[j] == "the" and j + 1 < limit:
                j += 1
            found = sentence.venues.get(j)
            if found is not None and found.sure and found.row.kind != "book":
                return from_table(found)
            whole = own_words(sentence, j, sentence.last)
            if (
                whole is not None
                and whole.kind in ("conference", "workshop")
                and not EVENT_HEADS.isdisjoint(lower[whole.start : whole.end])
                and whole.end - whole.start > 2
            ):
                return whole
        return None

    def _volume_of(self, named: Named) -> Named | None:
        """The event whose proceedings a title is: "Planetary Nebulae, Proceedings of IAU Symposium 283"."""
        sentence, lower, k = self.sentence, self.words.lower, named.end
        if k + 2 >= sentence.last or "," not in self.words.gaps[k] or lower[k] not in ("proceedings", "proc"):
            return None
        while k + 1 < sentence.last and (lower[k] in _OF_THE or self.words.raws[k].isdecimal()):
            k += 1
        found = sentence.venues.get(k)
        if found is not None and found.sure and found.row.kind in ("conference", "workshop"):
            return from_table(found)
        whole = own_words(sentence, k, sentence.last)
        event = whole is not None and whole.kind in ("conference", "workshop") and whole.end - whole.start > 2
        return whole if event else None

    def _proper(self, k: int, end: int) -> bool:
        """Whether a doubtful name is written as one: with a capital, or in lower case but with a year."""
        return self.words.raws[k][0].isupper() or (
            end < self.sentence.last
            and not self.sentence.cut[end]
            and full_year(self.words.raws[end]) is not None
        )

    def _small_acronym(self, found: Found) -> bool:
        """Whether an acronym in lower case fills the rest of its part: "published in prl"."""
        ends = found.end >= self.sentence.last or bool(self.sentence.cut[found.end])
        return (
            ends and len(found.row.name) > 2 and is_acronym(found.row.name) and found.end - found.start == 1
        )

    def _goes_on(self, k: int) -> bool:
        """Whether a capitalised word follows directly, so that the name is a longer one."""
        if k >= self.sentence.last or self.words.gaps[k] not in (" ", "-"):
            return False
        raw = self.words.raws[k]
        if self.words.lower[k] in ("of", "and", "with") and not is_acronym(self.words.raws[k - 1]):
            return True  # "Evolution of Large Scale Structure"
        if opens_quote(self.words.gaps[k - 1]) and self.words.raws[k].isalpha():
            return True  # "Quantum groups, deformations"
        return (
            raw[0].isupper()
            and not self.words.raws[k - 1].endswith(".")
            and self.words.lower[k] not in ("vol", "no", "in", "special")
        )

    def _believable(self, named: Named, role: str) -> bool:
        """Whether capitalised words after a cue can be a venue's name."""
        words, lower = self.words, self.words.lower
        if named.quoted:
            return True
        if named.kind is not None:
            return named.end - named.start > 1
        if not _SCHOOLS.isdisjoint(lower[named.start : named.end]):
            return False
        if not {"book", "volume"}.isdisjoint(lower[max(0, named.start - 3) : named.start]):
            return True
        if with_acronym(self.sentence, named) is not named:
            return True
        following = (
            full_year(words.raws[named.end])
            if named.end < self.sentence.last and words.raws[named.end].isdecimal()
            else None
        )
        if role == "talk":
            before = lower[max(self.sentence.first, named.start - 2) : named.start]
            if named.end - named.start > 1 and not EVENT_HEADS.isdisjoint(before):
                return True  # "at the international meeting: Title"
            raw = words.raws[named.end - 1]
            first = max(self.sentence.first, named.start - 1)
            if named.end - named.start > 1 and lower[first] in ORDINALS:
                return True  # "at the 22nd Foo Colloqium"
            if named.end - named.start == 2 and lower[named.start] in ("ieee", "acm") and is_acronym(raw):
                return True
            if any(len(year) == 4 and full_year(year) for year in words.raws[named.start + 1 : named.end]):
                return True
            if lower[named.start] not in _PLACES and self._dated_behind(named):
                return True
            if is_acronym(raw) and not set(words.lower[named.end : named.end + 2]).isdisjoint(EVENT_HEADS):
                return True
            if following is not None and self._acronym_comma_year(named):
                return True
            return (
                following is not None
                and named.end - named.start <= 4
                and lower[named.start] not in _PLACES
                and (not self.sentence.cut[named.end] or words.gaps[named.end].strip() in ("'", "’", "`"))
                and raw[0].isupper()
            )
        if role == "proceedings":
            return True
        return lower[named.start] not in _NO_VENUE

    def _acronym_comma_year(self, named: Named) -> bool:
        """Whether a long acronym right behind a preposition has its year behind a comma: "at FOOPS, 2017"."""
        words, k = self.words, named.start
        raw = words.span(k, named.end)
        return (
            " " not in raw
            and len(raw) > 3
            and is_acronym(raw)
            and raw.lower() not in _PLACES
            and words.lower[k - 1] in PREPOSITIONS["talk"]
            and words.gaps[named.end] == ", "
            and len(words.raws[named.end]) == 4
        )

    def behind(self, mark: Mark) -> Named | None:
        """The venue right before a cue that has none after it: "Physica A, in press", "ApJ (submitted)"."""
        k = mark.start - 1
        steps = 0
        lower = self.words.lower
        while k >= self.sentence.first and steps < 8:
            for start, found in self.sentence.venues.items():
                if start <= k < found.end:
                    if start in self.taken:
                        return None
                    proper = found.sure or (
                        self.sentence.opens_part(start) and self._proper(start, found.end)
                    )
                    if self.sentence.aside(start) or not proper or longer_name(self.sentence, found):
                        return None
                    return from_table(found)
            word = lower[k]
            if not (word.isdecimal() or word in LEADS or word in _BETWEEN):
                return None
            k -= 1
            steps += 1
        return None

    def worded_behind(self, mark: Mark) -> Named | None:
        """The same for a venue outside the tables: "International Journal of X, to appear"."""
        if not self.sentence.cut[mark.start] or mark.start == self.sentence.first:
            return None
        k = self.sentence.part_start(mark.start - 1)
        while k + 1 < mark.start and self.words.lower[k] in ("in", "the"):
            k += 1
        named = own_words(self.sentence, k, mark.start)
        if (
            named is None
            or named.end != mark.start
            or (named.kind is None and not named.quoted)
            or k in self.taken
        ):
            return None
        return named
