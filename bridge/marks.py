"""A comment marked up: its cue phrases, the venues of the tables, and how its words hang together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bridge.latepattern import LatePattern
from bridge.named import is_ordinal
from bridge.phrases import cue_phrases, word_set
from bridge.slips import SHORTEST, meant
from bridge.venue_table import Found, VenueTable, filed_forms
from bridge.words import COUNTED, Words

# cues that make a claim
TELLING = frozenset(
    ["published", "printed", "accepted", "submitted", "rejected", "withdrawn", "talk", "chapter"]
)
# cues that only say whose claims others are, or that a part makes none
SILENT = frozenset(["about", "other", "own", "aside", "nothing", "badge"])
# words of which a comment may consist without saying anything of a venue
SAYING_NOTHING = word_set("saying nothing")
# cues behind which the search for another cue's venue goes on
_PASSED = frozenset(["nothing", "badge", "proceedings", "aside", "own"])
# How strongly the gap before a word separates it from the word before.
JOINED, PART, APART = 0, 1, 2

# "Arch. Ration. Mech. Anal.": a short word with a stop, and the next has one too
_CHAIN = re.compile(r"[A-Z][a-z]{1,8}\. ?[A-Z][a-z]{1,7}(?:\.|$)")
_LONGEST_TITLE = 200  # characters
_QUOTED_TITLE = LatePattern(
    r"(?<![\w.])(?:\"[^\"]{2,80}[!?] [^\"]{2,120}\"|“[^”]{2,80}[!?] [^”]{2,120}”"
    r"|``[^`\"]{2,80}[!?] [^`\"]{2,120}(?:''|\")"
    r"|['‘`][^'’‘`]{2,80}[!?] (?:[^'’‘`]|['’](?=[a-z])){2,120}['’])(?!\w)"
)
_SHORTEST_LINK = 8  # letters
_LONGEST_SENTENCE = 150  # words; no person writes one, and reading costs the square of it
_PHRASE_BREAK = re.compile(r"[,;:()\[\]!?`\"“«„]")
_ABBREVIATIONS = word_set("abbreviations")
_MONTHS = word_set("months")
_VERSION_WORDS = frozenset(["v", "version", "ver"])
_FILES = word_set("files")
_BEFORE_NUMBERS = frozenset(["fig", "figs", "pp"])
# words that begin a sentence and no part of a journal's name
_OPENERS = word_set("openers")
_SMALL_OPENERS = frozenset(["to", "accepted", "submitted", "published"])
LEADS = word_set("leads")
_ORDINAL = word_set("ordinal")


@dataclass(slots=True)
class Mark:
    """A cue phrase at words[start:end]."""

    role: str
    start: int
    end: int


@dataclass(slots=True, eq=False)
class Sentence:
    """words[first:last] of a comment, its cue phrases in order, its venues by the word they begin at.

    `cut[k]` tells how word k is set apart from the one before.
    """

    words: Words
    first: int
    last: int
    venues: dict[int, Found]
    cut: list[int]
    marks: tuple[Mark, ...] = ()

    def set_apart(self, start: int, end: int) -> bool:
        """Whether a comma, bracket or the like stands somewhere between two words."""
        return any(self.cut[k] for k in range(start, end + 1))

    def part_start(self, k: int) -> int:
        """Where the part of the sentence begins that holds word k."""
        while k > self.first and not self.cut[k]:
            k -= 1
        return k

    def alone(self, mark: Mark) -> bool:
        """Whether nothing follows a cue in its part of the sentence."""
        return mark.end >= self.last or bool(self.cut[mark.end])

    def aside(self, k: int) -> bool:
        """Whether the part of the sentence that begins at word k speaks of styles, codes, challenges."""
        for mark in self.marks:
            if mark.role == "aside" and mark.start >= k:
                end = k + 1
                while end < self.last and not self.cut[end]:
                    end += 1
                return mark.start < end
        return False

    def reach(self, n: int) -> int:
        """Where the search for the venue of cue n ends: at the next cue that wants one itself."""
        mark = self.marks[n]
        for other in self.marks[n + 1 :]:
            passed = _PASSED - {"own"} if mark.role == "rejected" else _PASSED  # "rejected, now in X"
            if other.role in passed:
                continue
            if (
                other.role in ("talk", "chapter")
                and other.start - mark.end <= 3
                and not self.set_apart(mark.end, other.start)
            ):
                continue
            if other.role == "thesis":
                continue
            return other.start
        return self.last

    def opens_part(self, k: int) -> bool:
        """Whether only small words stand between the last cut and word k."""
        lower, cut = self.words.lower, self.cut
        while k > self.first and not cut[k]:
            before = lower[k - 1]
            if before in LEADS or before in _ORDINAL or before.isdecimal() or is_ordinal(before):
                k -= 1
                continue
            if self.words.gaps[k - 1] in ("-", "/") and k - 2 >= self.first and lower[k - 2] in LEADS:
                k -= 2  # "IEEE-RAS International Conference on X"
                continue
            badge = next((mark for mark in self.marks if mark.role == "badge" and mark.end == k), None)
            if badge is not None:
                k = badge.start  # "Extended abstract ISMIR 2025"
            else:
                # "10 figures. in Journal of Foo, 2015", "PostScript in EACL 95", "12 pages STACS 2010"
                found = self.venues.get(k)
                event = found is not None and found.sure and found.row.kind == "conference"
                return (lower[k] == "in" and before in _FILES) or (
                    (lower[k] == "in" or event) and before in COUNTED
                )
        return True


@lru_cache(maxsize=2)
def _first_words(table: VenueTable) -> frozenset[str]:
    """The words that a cue phrase or a venue's name can begin with."""
    return frozenset(cue_phrases().root) | table.first_words


def _sentence_ends(words: Words, k: int) -> bool:
    """Whether the stop before word k ends a sentence: "reference. To appear", but not "Ph. D. thesis"."""
    if words.gaps[k] not in (". ", ".  ") or not words.raws[k][0].isupper():
        return False
    return words.lower[k] in _OPENERS and len(words.raws[k - 1]) > 2


def _numbered_chapter(words: Words, i: int) -> int:
    """Where "Chapter 10 in" or "Chapter 10 (by invitation) in" ends before a title; 0 for no such words."""
    k = i + 2
    if k >= len(words) or not words.lower[i + 1].isdecimal():
        return 0
    if "(" in words.gaps[k]:
        k = next((n for n in range(k + 1, min(k + 6, len(words))) if ")" in words.gaps[n]), len(words))
    if k + 1 >= len(words) or words.lower[k] not in ("in", "from", "of"):
        return 0
    titled = words.raws[k + 1][0].isupper() or words.lower[k + 1] == "book"
    return k + 1 if titled or words.gaps[k + 1].strip() != "" else 0


def _an_event_behind(words: Words, k: int) -> bool:
    """Whether "the 2023" or "the Third" follows, as before an event's name."""
    behind = words.lower[k : k + 2]
    if behind[:1] != ["the"]:
        return False
    counted = is_ordinal(behind[-1]) and words.raws[k + 1 : k + 2][-1][0].isupper()
    return counted or (len(behind[-1]) == 4 and behind[-1].isdecimal())


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
    forms: list[str] | None = None
    root, venue_words = cues.root, table.first_words
    i = 0
    for hit in hits:
        if hit < i:
            continue
        i = hit
        node = root.get(lower[i])
        # most words that a phrase can begin with begin none: one look at the next word tells
        cue = (
            cues.longest(lower, i)
            if node is not None and ("" in node or (i + 1 < len(lower) and lower[i + 1] in node))
            else None
        )
        if cue is not None and cue[0] - i > 1:
            for k in range(i + 1, cue[0]):
                if words.gaps[k] == " " or (words.gaps[k] == ") " and lower[k] == "version"):
                    continue  # "extended (and revised) version of"
                if _PHRASE_BREAK.search(words.gaps[k]) or _sentence_ends(words, k):
                    # no phrase goes on over a comma or the end of a sentence
                    cue = cues.longest(lower[:k], i)
                    break
        if cue is None and lower[i] == "chapter" and (end := _numbered_chapter(words, i)):
            marks.append(Mark("chapter", i, end))
            i = end
            continue
        venue = None
        if lower[i] in venue_words:
            forms = forms or filed_forms(words)
            venue = table.at(words, forms, i)
        if venue is not None and (cue is None or venue.end > cue[0] or (venue.end == cue[0] and venue.sure)):
            venues[i] = venue
            i = venue.end
        elif cue is not None:
            end = cue[0]
            for inner in range(i + 1, end) if cue[1][0] != "nothing" else ():
                # "to appear in Proc. Amer. Math. Soc.": the venue begins within the phrase
                if lower[inner] not in venue_words:
                    continue
                forms = forms or filed_forms(words)
                venue = table.at(words, forms, inner)
                if venue is not None and (venue.end > end or (venue.end == end and venue.sure)):
                    end = inner
                    break
            role = cue[1][0]
            if role == "other" and lower[i:end] == ["companion", "of"] and _an_event_behind(words, end):
                role = "proceedings"  # "Companion of the 2023 ACM Conference on X"
            if cue[1][0] != "aside" or i == 0 or words.gaps[i] != " " or words.raws[i][0].islower():
                marks.append(Mark(role, i, end))  # "Software Engineering" within a name is no aside
            i = end
    return marks, venues


def mend_slips(words: Words) -> bool:
    """Read misspelt words of the text as what was meant; whether there were any."""
    mended = [meant(word) if len(word) >= SHORTEST else word for word in words.lower]
    if mended == words.lower:
        return False
    words.lower = mended
    return True


def _in_quoted_title(words: Words, k: int) -> bool:
    """Whether the mark before word k stands within a title: "the paper 'Who Asks? On Questions'"."""
    at = words.start[k]
    title = _QUOTED_TITLE.search(words.text, max(at - _LONGEST_TITLE, 0), at + _LONGEST_TITLE)
    return title is not None and title.start() < at < title.end()


def cuts(words: Words, inside: set[int]) -> list[int]:
    """How each word is set apart from the one before: JOINED, PART (comma, bracket), APART (sentence)."""
    lower = words.lower
    found = [JOINED] * (len(words) + 1)
    found[0] = APART
    gaps = words.gaps
    for k in range(1, len(lower)):
        gap = gaps[k]
        if gap == " " or not gap or k in inside or (gap == ":" and lower[k - 1] == "arxiv"):
            continue
        if gap == ", " and lower[k] != "arxiv":
            found[k] = PART
            continue
        if len(gap) > _SHORTEST_LINK and not gap.strip(". \n"):  # where a link stood
            found[k] = APART if "." in gap else PART
            continue
        if ("?" in gap or "!" in gap) and ";" not in gap and _in_quoted_title(words, k):
            continue
        if (
            ";" in gap
            or "?" in gap
            or "!" in gap
            or (lower[k] == "arxiv" and lower[k + 1 : k + 2] == ["admin"])
        ):
            found[k] = APART
        elif "." in gap:
            here = words.raws[k]
            point = gap.index(".")
            if lower[k] in _OPENERS and here[0].isupper() and gap[point + 1 : point + 2].isspace():
                found[k] = APART
                continue
            ends = point + 1 < len(gap) and (gap[point + 1].isspace() or gap[point + 1] in ")\"'”]")
            before = lower[k - 1]
            if ends and lower[k] in _SMALL_OPENERS and len(before) > 4 and words.raws[k - 1] == before:
                # "changed the title. to appear in X", but not "Univ. to appear"
                found[k] = JOINED if before in _ABBREVIATIONS or before.isdecimal() else APART
                continue
            chained = (
                before.isalpha()
                and (len(before) <= 5 or before[-1] not in "aeiousy")
                and _CHAIN.match(words.text, words.start[k - 1]) is not None
            )
            if chained:
                continue
            if ends and (here[0].isupper() or here[0].isdecimal() or "(" in gap):
                short = (len(before) == 1 and before.isalpha()) or before in _ABBREVIATIONS
                if len(before) == 2 and k > 1 and len(lower[k - 2]) == 1 and gaps[k - 1].startswith("."):
                    short = short or words.raws[k - 1].istitle()  # "M. Th. Rassias"
                if len(before) == 2 and len(here) == 1 and gaps[k + 1].startswith("."):
                    short = short or words.raws[k - 1].istitle()  # "Yu. I. Manin"
                if before.isdecimal() and len(before) < 3 and k > 1 and lower[k - 2] in ("the", "of"):
                    short = True  # "the 22. Solvay Conference"
                if before.isdecimal() and len(before) < 3 and lower[k] in _MONTHS:
                    short = True  # "4-6. October 1993"
                if before in _BEFORE_NUMBERS and here[0].isupper():
                    short = False  # "4 figs. CHAOS 28"
                found[k] = (
                    PART if ("(" in gap or "," in gap or ")" in gap) and short else JOINED if short else APART
                )
                if here == "v" and found[k] == JOINED:
                    found[k] = APART
            elif "," in gap or "(" in gap or ")" in gap:
                found[k] = PART
        elif (
            "," in gap
            or "(" in gap
            or ")" in gap
            or ":" in gap
            or "[" in gap
            or "]" in gap
            or (gap.strip() in ("-", "--", "---", "–", "—", "|", "/", "+") and gap[0] == " ")
        ):
            found[k] = PART
        elif "\n" in gap and gap.count("\n") > 1:
            found[k] = APART
    for k in range(_LONGEST_SENTENCE, len(words), _LONGEST_SENTENCE):
        found[k] = APART
    if _VERSION_WORDS.isdisjoint(lower):
        return found
    for k in [k for k, word in enumerate(lower) if word in _VERSION_WORDS]:
        if not 0 < k < len(lower) - 1:
            continue
        if (lower[k + 1].isdecimal() and found[k] != JOINED) or (
            lower[k] == "v"
            and lower[k + 1].isdecimal()
            and (
                words.text[words.end[k + 1] : words.end[k + 1] + 1] in (":", ".", ")")
                or gaps[k].startswith(". ")
            )
        ):
            found[k] = APART
    return found
