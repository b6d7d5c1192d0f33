"""A comment as claims: what each sentence says of which venue, and whether it is this paper's.

The way through: words → marks (cue phrases and venues of the tables) → sentences → claims. Within a sentence a
cue looks ahead for its venue ("accepted for publication in ApJ"), else back ("ApJ, in press"); phrases such
as "extended version of" hand the venues after them to another paper; a venue without any cue counts only
where it stands alone ("12 pages, CVPR 2024").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from bridge.comment import READ_AT_MOST
from bridge.phrases import cue_phrases
from bridge.record import Kind, Status
from bridge.venue_table import Found, VenueTable, filed_forms, venue_table
from bridge.venue_words import (
    APART,
    JOINED,
    ORDINALS,
    EVENT_HEADS,
    STRONG_HEADS,
    PART,
    SPONSORS,
    Named,
    Sentence,
    from_table,
    full_year,
    is_acronym,
    own_words,
    with_acronym,
    with_host,
    year_of,
)
from bridge.words import Words


@dataclass(frozen=True, slots=True)
class Mark:
    """A cue phrase at words[start:end]."""

    role: str
    start: int
    end: int


@dataclass(slots=True)
class Claim:
    """One thing that the comment says of this paper. `rank` orders claims of different strength."""

    status: Status | str
    rank: int
    cue: tuple[int, int] | None
    named: Named | None = None
    year: int | None = None
    kind: Kind | None = None
    reasons: list[str] = field(default_factory=list)


@dataclass(slots=True)
class CommentReading:
    """All claims of a comment, in its order, and what is said beside them."""

    words: Words
    claims: list[Claim] = field(default_factory=list)


_STATUS_OF = {
    "printed": "published", "published": "published", "accepted": "accepted", "talk": "accepted", "chapter": "published",
    "proceedings": "published", "submitted": "submitted", "rejected": "rejected",
}  # fmt: skip
# published in > accepted by > presented at, proceedings of > a bare venue > submitted to
_RANK = {
    "printed": 6,
    "published": 6,
    "accepted": 5,
    "chapter": 4,
    "talk": 4,
    "proceedings": 3,
    "submitted": 2,
    "bare": 1,
}
_BY_ROLE = {
    "accepted": frozenset("in by to at for on from of as dans en na no em à as au aux".split()),
    "published": frozenset("in at on as of dans en na no em".split()),
    "submitted": frozenset("in to at for as of by à au aux to para bei".split()),
    "rejected": frozenset("by from at in".split()),
    "talk": frozenset("at in to from for on of".split()),
    "chapter": frozenset("in of for to from".split()),
    "proceedings": frozenset("of from for the to in".split()),
    "printed": frozenset("in by at".split()),
    "erratum": frozenset("in to at by".split()),
}
# "Arch. Ration. Mech. Anal.": a short word with a stop, and the next has one too
_CHAIN = re.compile(r"[A-Z][a-z]{1,8}\. ?[A-Z][a-z]{1,7}(?:\.|$)")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LONGEST_SENTENCE = 250  # words; no person writes one, and reading costs the square of it
_PHRASE_BREAK = re.compile(r"[,;:()\[\]!?]")
_ABBREVIATIONS = frozenset(
    "phys rev lett math proc conf int symp ser vol no nos eds ed al eq eqs fig figs ref refs sec sect prof dr st univ inst "
    "dept astron astrophys appl comm commun j jour jpn nucl instrum meth sci res trans theor mod gen rel acad nat natl "
    "stat ann anal prob probab comp comput soc am amer mon not roy bull chem biol mater lect notes springer pp p pt "
    "suppl supp app opt quant class grav geom topol alg combin discr eng syst eur etc resp cf vs ph approx intl "
    "cond matt mech dyn fluid adv rep stud jan feb mar apr jun jul aug sep sept oct nov dec".split()
)


@lru_cache(maxsize=2)
def _first_words(table: VenueTable) -> frozenset[str]:
    """The words that a cue phrase or a venue's name can begin with."""
    return frozenset(cue_phrases().root) | table.first_words


def find_marks(words: Words, table: VenueTable) -> tuple[list[Mark], dict[int, Found]]:
    """The cue phrases, in order, and the venues of the tables by the word they begin at."""
    cues = cue_phrases()
    lower = words.lower
    marks: list[Mark] = []
    venues: dict[int, Found] = {}
    first_words = _first_words(table)
    hits = [i for i, word in enumerate(lower) if word in first_words]
    if not hits:
        return marks, venues
    forms = filed_forms(words)
    i = 0
    for hit in hits:
        if hit < i:
            continue
        i = hit
        cue = cues.longest(lower, i)
        if cue is not None and cue[0] - i > 1:
            for k in range(i + 1, cue[0]):
                if _PHRASE_BREAK.search(words.gap(k)):  # no phrase goes on over a comma
                    cue = cues.longest(lower[:k], i)
                    break
        venue = table.at(words, forms, i)
        if venue is not None and (cue is None or venue.end > cue[0] or (venue.end == cue[0] and venue.sure)):
            venues[i] = venue
            i = venue.end
        elif cue is not None:
            end = cue[0]
            for inner in range(i + 1, end):
                # "to appear in Proc. Amer. Math. Soc.": the venue begins within the phrase
                venue = table.at(words, forms, inner)
                if venue is not None and venue.end > end:
                    end = inner
                    break
            if cue[1][0] != "aside" or i == 0 or words.gap(i) != " " or words.raw(i)[0].islower():
                marks.append(Mark(cue[1][0], i, end))  # "Software Engineering" within a name is no aside
            i = end
    return marks, venues


def cuts(words: Words, inside: set[int]) -> list[int]:
    """How each word is set apart from the one before: JOINED, PART (comma, bracket, colon) or APART (sentence)."""
    lower = words.lower
    found = [JOINED] * (len(words) + 1)
    found[0] = APART
    for k in range(1, len(words)):
        gap = words.gap(k)
        if gap == " " or not gap or k in inside:
            continue
        if ";" in gap or "?" in gap or "!" in gap:
            found[k] = APART
        elif "." in gap:
            here = words.raw(k)
            point = gap.index(".")
            if lower[k] in _OPENERS and here[0].isupper() and gap[point + 1 : point + 2].isspace():
                found[k] = APART
                continue
            ends = point + 1 < len(gap) and (gap[point + 1].isspace() or gap[point + 1] in ")\"'”]")
            before = lower[k - 1]
            chained = (
                before.isalpha()
                and (len(before) <= 5 or before[-1] not in "aeiousy")
                and _CHAIN.match(words.text, words.start[k - 1]) is not None
            )
            if chained:
                continue
            if ends and (here[0].isupper() or here[0].isdecimal() or "(" in gap):
                short = (len(before) == 1 and before.isalpha()) or before in _ABBREVIATIONS
                found[k] = (
                    PART if ("(" in gap or "," in gap or ")" in gap) and short else JOINED if short else APART
                )
                if here == "v" and found[k] == JOINED:
                    found[k] = APART
            elif "," in gap or "(" in gap or ")" in gap:
                found[k] = PART
        elif "," in gap or "(" in gap or ")" in gap or ":" in gap or "[" in gap or "]" in gap:
            found[k] = PART
        elif gap.strip() in ("-", "--", "---", "–", "—", "|", "/", "+") and gap[0] == " ":
            found[k] = PART
        elif "\n" in gap and gap.count("\n") > 1:
            found[k] = APART
    for k in range(_LONGEST_SENTENCE, len(words), _LONGEST_SENTENCE):
        found[k] = APART
    for k in range(1, len(words) - 1):
        if (
            lower[k] in ("v", "version", "ver")
            and lower[k + 1].isdecimal()
            and found[k] != JOINED
            or (
                lower[k] == "v"
                and lower[k + 1].isdecimal()
                and words.text[words.end[k + 1] : words.end[k + 1] + 1] in (":", ".", ")")
            )
        ):
            found[k] = APART
    return found


class _SentenceReader:
    """Reads one sentence; `claims` grows in its order."""

    def __init__(self, sentence: Sentence, marks: list[Mark]) -> None:
        self.sentence = sentence
        self.words = sentence.words
        self.marks = marks
        self.claims: list[Claim] = []
        self.taken: set[int] = set()  # words that a claim has used
        self.passed = {mark.start: mark.end for mark in marks if mark.role == "proceedings"}
        self.cued = {mark.start for mark in marks if mark.role in _STATUS_OF and mark.role != "proceedings"}
        self.foreign_from: int | None = None  # from here on venues belong to another paper

    def read(self) -> list[Claim]:
        scope: Mark | None = None
        erratum: Mark | None = None
        used_up = self.sentence.first
        for n, mark in enumerate(self.marks):
            if mark.start < used_up and mark.role not in (
                "accepted",
                "submitted",
                "published",
                "printed",
                "rejected",
            ):
                continue
            role = mark.role
            if role in ("other", "about"):
                scope = scope if scope is not None and scope.role == "other" else mark
                if self.foreign_from is None:
                    self.foreign_from = mark.end
            elif role == "own":
                if self._begins_anew(n):
                    scope, self.foreign_from = None, None
            elif role == "thesis":
                claim = self._thesis(mark)
                if claim:
                    self.claims.append(claim)
                    break
            elif role == "withdrawn":
                claim = self._withdrawn(mark)
                if claim:
                    self.claims.append(claim)
            elif role == "erratum":
                erratum = mark
                if mark.end - mark.start > 2:  # "erratum to appear in"
                    self._erratum(mark, n)
            elif role in _STATUS_OF:
                if erratum is not None and role in ("accepted", "submitted", "published"):
                    self._erratum(mark, n)
                    continue
                if (
                    scope is not None
                    and scope.role == "about"
                    and role not in ("proceedings", "talk", "chapter")
                    and self._set_apart(scope.end, mark.start)
                ):
                    scope, self.foreign_from = None, None
                if scope is not None:
                    named = self._ahead(mark, n)
                    if named:
                        used_up = named.end
                        self.taken.update(range(named.start, named.end))
                    continue
                claim = self._status(mark, n)
                if claim:
                    self.claims.append(claim)
                    if claim.named:
                        used_up = max(used_up, claim.named.end)
        self._bare()
        self._unlisted()
        return self.claims

    def _erratum(self, mark: Mark, n: int) -> None:
        """Where an erratum goes, the paper itself has appeared."""
        named = self._ahead(mark, n)
        if named is not None:
            claim = Claim("published", _RANK["published"], (mark.start, mark.end), reasons=["cue published"])
            self._name(claim, named)
            self.claims.append(claim)

    def _set_apart(self, start: int, end: int) -> bool:
        return any(self.sentence.cut[k] for k in range(start, end + 1))

    def _begins_anew(self, n: int) -> bool:
        """Whether "this version", "journal version" is the subject of the status that follows."""
        mark = self.marks[n]
        if mark.start > self.sentence.first and self.words.lower[mark.start - 1] in (
            "of",
            "for",
            "to",
            "from",
            "by",
        ):
            return False
        following = self.marks[n + 1] if n + 1 < len(self.marks) else None
        return following is not None and following.role in _STATUS_OF and following.start - mark.end <= 3

    # -- a status and its venue --

    def _limit(self, n: int) -> int:
        """Where the search for the venue of cue n ends: at the next cue that wants one itself."""
        mark = self.marks[n]
        for other in self.marks[n + 1 :]:
            if other.role in ("nothing", "badge", "proceedings", "aside", "own"):
                continue
            if (
                other.role in ("talk", "chapter")
                and other.start - mark.end <= 3
                and not self._set_apart(mark.end, other.start)
            ):
                continue
            if other.role == "thesis":
                continue
            return other.start
        return self.sentence.last

    def _ahead(self, mark: Mark, n: int) -> Named | None:
        """The venue after a cue: one of the tables, or capitalised words behind a preposition."""
        words, sentence, role = self.words, self.sentence, mark.role
        lower, cut = words.lower, sentence.cut
        prepositions = _BY_ROLE[role]
        limit = self._limit(n)
        led = role == "proceedings" or not prepositions.isdisjoint(lower[mark.start : mark.end])
        crossed = strayed = 0
        k = mark.end
        while k < limit:
            if cut[k] and k > mark.end or (cut[k] == PART and k == mark.end and "(" not in words.gap(k)):
                crossed += 1
                led = led and lower[k - 1] in prepositions and crossed < 3
                if crossed > 2 or self._aside(k):
                    return None
            passed = self.passed.get(k)
            if passed is not None and passed <= limit:
                k, led = passed, True
                continue
            found = sentence.venues.get(k)
            if found is not None and lower[k] == "nature" and lower[k - 1] == "springer":
                found = None  # the publisher
            if found is not None and self._longer_name(found):
                found = None
            if found is not None and (
                found.sure or (led and self._proper(k, found.end) and not self._goes_on(found.end))
            ):
                if crossed and not led and not self._opens_part(k):
                    return None
                return from_table(found)
            if lower[k] in prepositions:
                led = True
            elif led and (lower[k] in ORDINALS or words.raw(k).isdecimal() or lower[k] == "the"):
                pass
            elif led:
                named = own_words(sentence, k, self.sentence.last)
                if named is not None and self._believable(named, role):
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

    def _table_within(self, named: Named, k: int) -> Named | None:
        """A venue of the tables inside or close behind words that say no kind: "Elsevier Physics Letters A"."""
        if named.quoted and named.kind is not None:
            return None
        for j in range(k, min(named.end + 8, self.sentence.last)):
            if j >= named.end and self.sentence.cut[j]:
                break
            found = self.sentence.venues.get(j)
            if found is None or not found.sure:
                continue
            before = self.words.lower[j - 1]
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

    def _longer_name(self, found: Found) -> bool:
        """Whether the venue's name goes on to be another's: "Conference on X and Y", "AAAI Spring Symposium"."""
        words, k, last = self.words, found.end, self.sentence.last
        if k + 1 >= last or self.sentence.cut[k] or words.gap(k) != " ":
            return False
        if words.lower[k] == "and":
            return (
                found.end - found.start > 3
                and words.raw(k + 1)[0].isupper()
                and not is_acronym(words.raw(k + 1))
                and not self.sentence.cut[k + 1]
            )
        if found.end - found.start == 1 and found.row.kind == "conference":
            while k < last and not self.sentence.cut[k] and words.raw(k)[0].isupper() and k - found.end < 4:
                if words.lower[k] in _OTHER_EVENTS and k > found.end - 1:
                    return True
                k += 1
        return False

    def _proper(self, k: int, end: int) -> bool:
        """Whether a doubtful name is written as one: with a capital, or in lower case but with a year."""
        return self.words.raw(k)[0].isupper() or (
            end < self.sentence.last
            and not self.sentence.cut[end]
            and full_year(self.words.raw(end)) is not None
        )

    def _goes_on(self, k: int) -> bool:
        """Whether a capitalised word follows directly, so that the name is a longer one."""
        if k >= self.sentence.last or self.words.gap(k) not in (" ", "-"):
            return False
        raw = self.words.raw(k)
        return (
            raw[0].isupper()
            and not self.words.raw(k - 1).endswith(".")
            and self.words.lower[k] not in ("vol", "no", "in")
        )

    def _aside(self, k: int) -> bool:
        """Whether the part of the sentence that begins at word k speaks of styles, codes, challenges."""
        end = k + 1
        while end < self.sentence.last and not self.sentence.cut[end]:
            end += 1
        return any(mark.role == "aside" and k <= mark.start < end for mark in self.marks)

    def _opens_part(self, k: int) -> bool:
        """Whether only small words stand between the last cut and word k."""
        lower, cut = self.words.lower, self.sentence.cut
        while k > self.sentence.first and not cut[k]:
            before = lower[k - 1]
            if before in _LEADS or before in ("th", "st", "nd", "rd") or before.isdecimal():
                k -= 1
            else:
                return False
        return True

    def _believable(self, named: Named, role: str) -> bool:
        """Whether capitalised words after a cue can be a venue's name."""
        words, lower = self.words, self.words.lower
        if named.quoted:
            return True
        if named.kind is not None:
            return named.end - named.start > 1
        if not {"book", "volume"}.isdisjoint(lower[max(0, named.start - 3) : named.start]):
            return True
        if with_acronym(self.sentence, named) is not named:
            return True
        following = (
            full_year(words.raw(named.end))
            if named.end < self.sentence.last and words.raw(named.end).isdecimal()
            else None
        )
        if role == "talk":
            raw = words.raw(named.end - 1)
            if is_acronym(raw) and not set(words.lower[named.end : named.end + 2]).isdisjoint(EVENT_HEADS):
                return True
            return (
                following is not None
                and named.end - named.start <= 4
                and lower[named.start] not in _PLACES
                and (not self.sentence.cut[named.end] or words.gap(named.end).strip() in ("'", "’", "`"))
                and raw[0].isupper()
            )
        if role == "proceedings":
            return True
        return lower[named.start] not in _NO_VENUE

    def _behind(self, mark: Mark) -> Named | None:
        """The venue right before a cue that has none after it: "Physica A, in press", "ApJ (submitted)"."""
        k = mark.start - 1
        steps = 0
        lower = self.words.lower
        while k >= self.sentence.first and steps < 8:
            for start, found in self.sentence.venues.items():
                if start <= k < found.end:
                    if start in self.taken:
                        return None
                    if self._aside(start) or not (found.sure or self._opens_part(start)):
                        return None
                    return from_table(found)
            word = lower[k]
            if not (
                word.isdecimal()
                or word in _LEADS
                or word
                in (
                    "v",
                    "vol",
                    "letters",
                    "now",
                    "has",
                    "been",
                    "is",
                    "was",
                    "and",
                    "s",
                    "main",
                    "journal",
                    "oral",
                    "poster",
                    "letter",
                    "paper",
                    "proceedings",
                    "conference",
                    "workshop",
                    "track",
                )
            ):
                return None
            k -= 1
            steps += 1
        return None

    def _worded_behind(self, mark: Mark) -> Named | None:
        """The same for a venue outside the tables: "International Journal of X, to appear"."""
        if not self.sentence.cut[mark.start] or mark.start == self.sentence.first:
            return None
        k = self._part_start(mark.start - 1)
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

    def _status(self, mark: Mark, n: int) -> Claim | None:
        lower = self.words.lower
        role = mark.role
        status = _STATUS_OF[role]
        if role == "proceedings" and any(claim.cue for claim in self.claims):
            return None  # "submitted to X, Proc. of Y" says one thing, not two
        led = lower[mark.end - 1] in _BY_ROLE[role] or (
            mark.end < self.sentence.last
            and lower[mark.end] in _BY_ROLE[role]
            and not self.sentence.cut[mark.end]
        )
        if (
            lower[mark.start] == "for"
            and role == "accepted"
            and any(other.role == "rejected" and other.start < mark.start for other in self.marks)
        ):
            return None  # "rejected for publication in X"
        named = None
        if not led:
            named = self._behind(mark) or self._worded_behind(mark)
        if named is None:
            named = self._ahead(mark, n)
        if named is None and led and role != "proceedings":
            named = self._behind(mark)
        following = self.words.raw(mark.end) if mark.end < self.sentence.last else ""
        if role == "printed" and "will" in lower[mark.end : mark.end + 3]:
            return None  # "the final version will be available"
        if named is None:
            if role == "talk" or (
                role == "published" and not (lower[mark.end - 1] == "published" and full_year(following))
            ):
                return None
            if role == "proceedings":
                return None
            if role == "chapter" and not self._alone(mark):
                return None
        if (
            role == "accepted"
            and named is None
            and lower[mark.start] in _FUTURE
            and not self._of_the_paper(mark)
        ):
            return None
        if lower[mark.start] == "forthcoming" and named is None and not self._alone(mark):
            return None
        if role == "submitted" and named is None and not self._submission(mark):
            return None
        claim = Claim(status, _RANK.get(role, 0), (mark.start, mark.end), reasons=[f"cue {role}"])
        if role == "chapter":
            claim.kind = "book"
        if named is not None:
            self._name(claim, named)
        elif role == "published":
            claim.year = full_year(following)  # "Published: 2014-09-18"
        elif role in ("submitted", "accepted") and mark.end < self.sentence.last:
            rest = lower[mark.end : min(mark.end + 6, self._limit(n))]
            if "journal" in rest or not _JOURNAL_HOUSES.isdisjoint(rest):
                claim.kind = "journal"
        if (
            named is None
            and claim.kind is None
            and role in ("submitted", "accepted")
            and mark.start > self.sentence.first
        ):
            if "journal" in lower[max(self.sentence.first, mark.start - 4) : mark.start]:
                claim.kind = "journal"
        return claim

    def _alone(self, mark: Mark) -> bool:
        return mark.end >= self.sentence.last or bool(self.sentence.cut[mark.end])

    def _of_the_paper(self, mark: Mark) -> bool:
        """Whether "will appear" is said of the paper, and not of some estimates or a sequel."""
        first = self.sentence.first
        if mark.start == first or self.sentence.cut[mark.start]:
            return True
        before = self.words.lower[max(first, mark.start - 4) : mark.start]
        return not _PAPER_WORDS.isdisjoint(before) and self._alone(mark)

    def _submission(self, mark: Mark) -> bool:
        """Whether a "submitted" without a venue speaks of the paper's way to one."""
        lower = self.words.lower
        if self._alone(mark):
            return True
        if lower[mark.start].startswith("re"):
            return lower[mark.end] in ("to", "after")
        following = lower[mark.end]
        return following in _AFTER_SUBMITTED or lower[mark.end - 1] in (
            "review",
            "to",
            "for",
            "publication",
            "revision",
            "consideration",
            "at",
            "in",
            "à",
            "submission",
        )

    def _name(self, claim: Claim, named: Named) -> None:
        """Give a claim its venue: acronym in brackets, workshop and host, year."""
        named = with_host(self.sentence, with_acronym(self.sentence, named))
        claim.named = named
        claim.year = year_of(self.sentence, named, dated=False)
        kind = named.kind or self._likely_kind(claim, named)
        claim.kind = claim.kind or kind
        if claim.year is None and self._dated(claim, kind, named.end):
            claim.year = year_of(self.sentence, named, dated=True)
        if (
            claim.kind == "book"
            and named.kind in ("conference", "workshop", "journal")
            and claim.rank != _RANK["chapter"]
        ):
            claim.kind = named.kind
        claim.reasons.extend(named.reasons)
        self.taken.update(range(named.start, named.end))

    def _likely_kind(self, claim: Claim, named: Named) -> Kind:
        """The kind of a venue outside the tables whose name does not tell it, from the words around it."""
        before = self.words.lower[max(self.sentence.first, named.start - 4) : named.start]
        after = self.words.lower[named.end : named.end + 3]
        heads = EVENT_HEADS.intersection(before)
        if heads:
            return "workshop" if "workshop" in heads else "conference"
        if "book" in before:
            return "book"
        if (
            named.is_series
            or "proceedings" in before
            or "proc" in before
            or claim.rank in (_RANK["talk"], _RANK["proceedings"])
        ):
            return "conference"
        if "journal" not in before and not EVENT_HEADS.isdisjoint(after):
            return "workshop" if "workshop" in after else "conference"
        rest = self.words.lower[named.end : named.end + 12]
        if named.quoted and (
            "conference" in rest or "conf" in rest or "proceedings" in rest or "proc" in rest
        ):
            return "conference"
        if (
            "book" in before
            or "chapter" in before
            or "volume" in before
            or (named.quoted and self._edited(named.end))
        ):
            return "book"
        raw = self.words.raw(named.end - 1)
        if claim.year is not None and named.end - named.start <= 3 and is_acronym(raw):
            return "conference"
        return "journal"

    def _edited(self, k: int) -> bool:
        return not _BOOK_SIGNS.isdisjoint(self.words.lower[k : k + 12])

    def _dated(self, claim: Claim, kind: Kind, k: int) -> bool:
        """Whether a date later in the sentence is the venue's, and not that of sending in or of accepting."""
        event = kind in ("conference", "workshop")
        if claim.status in ("submitted", "rejected"):
            return event and not self._said_when(k)
        return claim.rank != _RANK["accepted"] or event or self._bracketed_date(k)

    def _said_when(self, k: int) -> bool:
        """Whether a date follows that tells when something was sent in: "submitted to X on 5 August 2005"."""
        return (
            k < self.sentence.last and self.words.lower[k] in ("on", "in", "by") and not self.sentence.cut[k]
        )

    def _bracketed_date(self, k: int) -> bool:
        """Whether a date belongs to the venue's name: "Physica A (August 2015)", "in April 2004"."""
        words = self.words
        if k >= self.sentence.last:
            return False
        gap = words.gap(k)
        return "(" in gap or "," in gap or words.lower[k] == "in"

    # -- without a cue --

    def _bare(self) -> None:
        """Venues that stand alone in their part of the sentence: "CVPR 2024 (oral)", "PNAS 2008"."""
        sentence, words = self.sentence, self.words
        foreign = self.foreign_from
        for start, found in sentence.venues.items():
            if not sentence.first <= start < sentence.last or start in self.taken:
                continue
            if foreign is not None and start >= foreign:
                continue
            if self._aside(self._part_start(start)) or not self._opens_part(start):
                continue
            named = with_host(sentence, from_table(found))
            year = year_of(sentence, named, dated=False)
            journal = found.row.kind == "journal"
            if year is None and not (named.kind == "workshop" or self._fills_part(named)):
                continue
            if not found.sure and year is None:
                continue
            if (
                not found.sure
                and journal
                and not (words.gap(found.end).strip() in ("", ",", "(") and words.raw(start)[0].isupper())
            ):
                continue
            if year is None and (journal or found.row.is_series):
                continue
            if any(sentence.cut[k] == APART for k in range(found.start + 1, found.end)):
                continue
            claim = Claim("published" if journal else "accepted", _RANK["bare"], None, reasons=["bare venue"])
            if any(
                named.end <= mark.start <= named.end + 1 and mark.role == "proceedings" for mark in self.marks
            ):
                claim.status, claim.rank = "published", _RANK["proceedings"]
            self._name(claim, named)
            claim.year = year if year is not None else claim.year
            self.claims.append(claim)
            self.taken.update(range(named.start, named.end))

    def _unlisted(self) -> None:
        """Events outside the tables that stand alone: "1st International Workshop on X (ABC 2024)", "ABC 2024"."""
        sentence, words, cut = self.sentence, self.words, self.sentence.cut
        for k in range(sentence.first, sentence.last):
            if (
                not cut[k]
                or k in self.taken
                or k in self.cued
                or (self.foreign_from is not None and k >= self.foreign_from)
                or self._aside(k)
            ):
                continue
            while k + 1 < sentence.last and not cut[k + 1] and words.lower[k] in ("in", "at", "the", "for"):
                k += 1
            if k in sentence.venues or not (
                (k == sentence.first and is_acronym(words.raw(k)))
                or not STRONG_HEADS.isdisjoint(words.lower[k : min(k + 16, sentence.last)])
            ):
                continue
            named = own_words(sentence, k, sentence.last)
            if named is None or named.quoted:
                continue
            full = with_host(sentence, with_acronym(sentence, named))
            year = year_of(sentence, full, dated=named.kind is not None)
            event = named.kind in ("workshop", "conference") and bool(
                STRONG_HEADS & set(words.lower[named.start : named.end])
            )
            if year is None or not (
                event and named.end - named.start > 2 or self._acronym_and_year(full, year)
            ):
                continue
            claim = Claim(
                "accepted", _RANK["bare"], None, reasons=["bare venue"], kind=full.kind or "conference"
            )
            if any(
                full.end <= mark.start <= full.end + 1 and mark.role == "proceedings" for mark in self.marks
            ):
                claim.status, claim.rank = "published", _RANK["proceedings"]  # "ICRC 2011 proceedings"
            self._name(claim, named)
            self.claims.append(claim)

    def _acronym_and_year(self, named: Named, year: int) -> bool:
        """Whether a sentence begins with an acronym and the year: "IPMV 2026", and not with a report's number."""
        words = self.words
        return (
            named.start == self.sentence.first
            and named.end - named.start == 1
            and is_acronym(words.raw(named.start))
            and named.end < self.sentence.last
            and words.raw(named.end) == str(year)
            and year >= 2000
            and words.gap(named.end) in (" ", "", "'")
            and words.text[words.end[named.end] : words.end[named.end] + 1] not in ("-", "/")
        )

    def _part_start(self, k: int) -> int:
        while k > self.sentence.first and not self.sentence.cut[k]:
            k -= 1
        return k

    def _fills_part(self, named: Named) -> bool:
        return (
            named.end >= self.sentence.last
            or bool(self.sentence.cut[named.end])
            or any(mark.role == "badge" and mark.start == named.end for mark in self.marks)
        )

    # -- no venue: theses and withdrawals --

    def _thesis(self, mark: Mark) -> Claim | None:
        """A thesis, where the words before it leave no other subject; its school and the year of it."""
        words, lower, sentence = self.words, self.words.lower, self.sentence
        k = mark.start - 1
        while k >= sentence.first:
            if sentence.cut[k + 1] == PART and not _of_another(lower, k):
                break
            if lower[k] not in _BEFORE_THESIS and not lower[k].isdecimal() and not is_acronym(words.raw(k)):
                return None
            k -= 1
        claim = Claim("thesis", 9, (mark.start, mark.end), kind="thesis", reasons=["cue thesis"])
        school = _school(sentence, mark.end)
        if school is not None:
            claim.named = school
        for j in range(mark.end, sentence.last):
            raw = words.raw(j)
            if raw.isdecimal() and len(raw) == 4 and full_year(raw):
                claim.year = full_year(raw)
                break
        else:
            defended = _DEFENDED.search(words.text, words.end[mark.end - 1])
            claim.year = full_year(defended[1]) if defended else None
        return claim

    def _names_a_paper(self, k: int) -> bool:
        """Whether the next words name the paper that took the place of this one."""
        rest = self.words.lower[k : min(k + 9, self.sentence.last)]
        if not _ANOTHER_PAPER.isdisjoint(rest):
            return True
        return any(word.isdecimal() and len(word) in (4, 5, 7) for word in rest)

    def _withdrawn(self, mark: Mark) -> Claim | None:
        """A withdrawal of the paper, not of a lemma, and not "withdrawn from PRD"."""
        lower, sentence = self.words.lower, self.sentence
        if mark.end < sentence.last and lower[mark.end] == "from" and not sentence.cut[mark.end]:
            rest = lower[mark.end + 1 : mark.end + 4]
            if (
                "arxiv" not in rest
                and "archive" not in rest
                and "publication" not in rest
                and "the" not in rest[:1]
            ):
                return None
        if (
            lower[mark.start] in _MERGING
            or lower[mark.end - 2 : mark.end - 1] == ["been"]
            and lower[mark.end - 1] in _MERGING
        ):
            if not self._names_a_paper(mark.end):
                return None
        before = lower[self._part_start(mark.start) : mark.start]
        if (
            before
            and mark.end < sentence.last
            and not sentence.cut[mark.end]
            and lower[mark.end] in _PAPER_WORDS
        ):
            return None  # "replaces a withdrawn paper"
        if not _NOT_YET.isdisjoint(before[-5:]):
            return None
        if any(word in _PARTS_OF_PAPER for word in before[-6:]):
            return None
        if (
            before
            and not (set(before) & _PAPER_WORDS)
            and any(word not in _BEFORE_WITHDRAWN and not word.isdecimal() for word in before[-4:])
        ):
            return None
        return Claim("withdrawn", 10, (mark.start, mark.end), reasons=["cue withdrawn"])


_OTHER_EVENTS = frozenset("symposium symposia school colloquium congress bootcamp institute".split())
_BOOK_SIGNS = frozenset(
    "eds ed edited springer press editors editor scientific verlag isbn publisher publishers publishing series wiley "
    "birkhäuser kluwer nova chapman elsevier".split()
)
# words that begin a sentence and no part of a journal's name
_OPENERS = frozenset(
    "the this these those we our it code comments comment added minor typos typo final revised version to accepted "
    "submitted published presented contains includes included uses please see for some all also work paper title "
    "figures references data project supplementary changes corrected extended updated withdrawn superseded "
    "abstract keywords also part additional".split()
)
_COLLECTIONS = frozenset("issue volume edition proceedings section supplement".split())
_DEFENDED = re.compile(r"\b(?:defended|submitted|defense)\b[^.;]{0,60}?\b((?:19|20)\d\d)\b", re.IGNORECASE)
_FUTURE = frozenset("will shall is are appear should going".split())
_JOURNAL_HOUSES = frozenset("mdpi elsevier springer wiley frontiers".split())
_MERGING = frozenset(
    "merged replaced combined included incorporated absorbed subsumed integrated is are now".split()
)
_LEADS = frozenset(
    "in at the proc proceedings of for to as and an a annual international ieee acm cvf usenix from on by appears "
    "full long short oral spotlight poster paper papers main conference at".split()
)
_PLACES = frozenset("cern desy fermilab slac".split())
_NO_VENUE = frozenset(
    "arxiv github hal zenodo openreview youtube ssrn prof dr mr honor memory special".split()
) | frozenset("the a an any this their its".split())
_AFTER_SUBMITTED = frozenset(
    "to for version and on in at manuscript paper preprint draft article but revised as".split()
)
_BEFORE_THESIS = frozenset(
    "this is the a an my author authors s first in english french german italian spanish portuguese russian dutch final "
    "version of v revised unpublished original corrected manuscript document complete completed accepted text full "
    "updated slightly physics mathematics math computer science theoretical his her partial".split()
)
_PARTS_OF_PAPER = frozenset(
    "theorem theorems lemma prop proposition section sections corollary appendix claim claims figure fig result results "
    "conjecture statement part remark example chapter equation eq proof table reference comment version1 assertion "
    "calculation hypothesis material money liquid cash funds bank banks data support".split()
)
_NOT_YET = frozenset("will may might could not if unless until which shall never".split())
_ANOTHER_PAPER = frozenset(
    "arxiv another paper article preprint manuscript longer joint newer submission hep math cs cond quant gr letter".split()
)
_PAPER_WORDS = frozenset(
    "paper article manuscript submission preprint work note letter version report authors author we i e print eprint "
    "text draft thesis document it this review contribution".split()
)
_BEFORE_WITHDRAWN = frozenset(
    "has been is was being have the by be would like want wish wishes decided need must therefore thus so temporarily now paper to pages p pp figures figure figs being voluntarily "
    "hereby completely content all please note since v already".split()
)


def _of_another(lower: list[str], k: int) -> bool:
    """Whether "based on", "from", "part of" runs on over a comma before a thesis."""
    return any(
        word in ("based", "from", "part", "chapter", "extended", "excerpt", "summary")
        for word in lower[max(0, k - 4) : k + 1]
    )


_SCHOOL = re.compile(
    r"\b(?:Univ|Institut|College|School|Eth\b|École|Ecole|Academy|Polytech|Politec|Hochschule|MIT\b|EPFL|ETH\b|SISSA|Caltech|UC\s+[A-Z]"
    r"|LMU|UCLA|UCL\b|KTH|NTNU|CERN)",
    re.IGNORECASE,
)


def _school(sentence: Sentence, k: int) -> Named | None:
    """The part of the sentence after a thesis that names a university or institute."""
    words = sentence.words
    start = k
    while start < sentence.last:
        end = start + 1
        while end < sentence.last and not sentence.cut[end]:
            end += 1
        if _SCHOOL.search(words.span(start, end)):
            first = start
            while first < end and not (
                words.raw(first)[0].isupper() and words.lower[first] not in _SCHOOL_LEADS
            ):
                first += 1
            last = end
            if (
                end < sentence.last
                and "," in words.gap(end)
                and words.lower[start:end][-1:] == ["california"]
            ):
                last = end + 1
                while last < sentence.last and not sentence.cut[last]:
                    last += 1
            while last > first and (
                words.raw(last - 1).isdecimal() or words.lower[last - 1] in _SCHOOL_TRAILS
            ):
                last -= 1
            if first < last:
                return Named(first, last, words.name(first, last), kind="thesis", sure=False)
        start = end
    return None


_SCHOOL_LEADS = frozenset(
    "the at to in of for submitted defended department dept faculty physics mathematics phd thesis december november "
    "october september august july june may april march february january".split()
)
_SCHOOL_TRAILS = frozenset(
    "in on december november october september august july june may april march february january spring fall summer "
    "winter supervisor advisor dec nov oct sept sep aug jul jun apr mar feb jan".split()
)


def read_comment(comment: str) -> CommentReading:
    """The claims of a comment, in its order."""
    comment = comment[:READ_AT_MOST]
    words = Words(comment)
    reading = CommentReading(words)
    if not len(words):
        return reading
    marks, venues = find_marks(words, venue_table())
    telling: list[int] = []
    if not STRONG_HEADS.isdisjoint(words.lower) or _YEAR.search(comment):
        telling = [
            k
            for k, word in enumerate(words.lower)
            if word in STRONG_HEADS or (len(word) == 4 and full_year(word))
        ]
    if not marks and not venues and not telling:
        return reading
    inside = {k for mark in marks for k in range(mark.start + 1, mark.end)}
    inside |= {k for found in venues.values() for k in range(found.start + 1, found.end)}
    cut = cuts(words, inside)
    ends = [k for k in range(1, len(words)) if cut[k] == APART] + [len(words)]
    waiting = iter(marks)
    mark = next(waiting, None)
    worth = sorted({*venues, *telling})
    first = at = 0
    for end in ends:
        here: list[Mark] = []
        while mark is not None and mark.start < end:
            here.append(mark)
            mark = next(waiting, None)
        begin = at
        while at < len(worth) and worth[at] < end:
            at += 1
        if here or at > begin:
            found = {k: venues[k] for k in worth[begin:at] if k in venues}
            reading.claims.extend(_SentenceReader(Sentence(words, first, end, found, cut), here).read())
        first = end
    return reading
