"""The venue before a cue that has none after it: "Physica A, in press", "Journal of Foo, to appear"."""

from __future__ import annotations

from bridge.marks import LEADS, PART, Mark, Sentence
from bridge.named import EVENT_HEADS, Named, from_table, full_year, is_acronym
from bridge.phrases import word_set
from bridge.venue_belief import is_proper, is_small_journal
from bridge.venue_longer import longer_name
from bridge.venue_parts import shouted
from bridge.venue_words import own_words

_BETWEEN = word_set("between venue and cue")
_SELLERS = word_set("publishers") | word_set("journal houses") | {"verlag"}
_SCHOOLS = word_set("schools")
_BEFORE_ISSUE = word_set("months") | word_set("before issue")


def known_behind(sentence: Sentence, taken: set[int], mark: Mark) -> Named | None:
    """The venue right before a cue that has none after it: "Physica A, in press", "ApJ (submitted)"."""
    k = mark.start - 1
    steps = 0
    lower = sentence.words.lower
    while k >= sentence.first and steps < 8:
        for start, found in sentence.venues.items():
            if start <= k < found.end:
                if start in taken:
                    return None
                proper = found.sure or (
                    sentence.opens_part(start)
                    and (is_proper(sentence, found) or is_small_journal(sentence, found))
                )
                if sentence.aside(start) or not proper or longer_name(sentence, found):
                    return None
                return from_table(found)
        word = lower[k]
        if word.isdecimal() or word in LEADS or word in _BETWEEN or word in _SELLERS:
            k -= 1
            steps += 1
            continue
        passed = (
            _bracket_before(sentence, k, mark.start)
            or _house_before(sentence, k)
            or _issue_before(sentence, k)
        )
        if passed is None:
            return None
        k = passed - 1
    return None


def worded_behind(sentence: Sentence, taken: set[int], mark: Mark) -> Named | None:
    """The same for a venue outside the tables: "International Journal of X, to appear"."""
    if mark.start == sentence.first:
        return None
    words, apart = sentence.words, sentence.cut[mark.start]
    end = mark.start
    if end - 1 > sentence.first and full_year(words.raws[end - 1]):
        end -= "(" in words.gaps[end - 1]  # "International Journal of X (2008), in press"
    k = sentence.part_start(end - 1)
    while k + 1 < end and words.lower[k] in ("in", "the"):
        k += 1
    named = own_words(sentence, k, end)
    if named is not None and mark.role == "proceedings" and _event_before(sentence, mark, named):
        # "Solar Wind 10 Conference Proceedings"
        name = words.name(named.start, mark.start + 1)
        return Named(named.start, mark.start + 1, name, kind="conference", sure=False)
    if (
        named is None
        or named.end != end
        or not (named.kind or named.quoted or shouted(words, named) or _all_said(sentence, mark, named))
        or not (
            apart
            or (named.kind == "journal" and named.end - named.start > 2)
            or (named.quoted and mark.role == "proceedings")
        )
        or k in taken
    ):
        return None
    return named


def in_an_issue(sentence: Sentence, mark: Mark) -> bool:
    """Whether a cue leads up to an issue whose journal stands before it: "Foo Letters, to appear in the June
    2015 issue"."""
    lower = sentence.words.lower
    for k in range(mark.end, min(mark.end + 6, sentence.last)):
        if lower[k] in ("issue", "volume"):
            return k > mark.end
        if not (lower[k].isdecimal() or lower[k] in _BEFORE_ISSUE):
            return False
    return False


def _event_before(sentence: Sentence, mark: Mark, named: Named) -> bool:
    """Whether a name of several words, with or without a number, leads up to "Conference Proceedings"."""
    lower, words = sentence.words.lower, sentence.words
    if lower[mark.start] not in EVENT_HEADS or sentence.cut[mark.start] or named.quoted:
        return False
    several = mark.start - named.start > 1 and words.raws[mark.start][0].isupper()
    counted = (
        named.end == mark.start - 1
        and words.raws[named.end].isdecimal()
        and len(words.raws[named.end]) < 3
        and not is_acronym(words.raws[named.end - 1])
    )
    known = any(found.end > named.start for found in sentence.venues.values())
    return several and not known and (counted or named.end == mark.start)


def _all_said(sentence: Sentence, mark: Mark, named: Named) -> bool:
    """Whether capitalised words are all that stands before a cue: "Natural Science (in press)"."""
    if mark.role != "accepted" or sentence.cut[named.end] != PART or not sentence.cut[named.start]:
        return False
    if not (_SELLERS | _SCHOOLS | {"press"}).isdisjoint(sentence.words.lower[named.start : named.end]):
        return False
    raws = sentence.words.raws[named.start : named.end]
    return len(raws) > 1 and all(raw.isalpha() and raw.istitle() for raw in raws)


def _issue_before(sentence: Sentence, k: int) -> int | None:
    """The word at which a remark on the issue begins that word k ends: "Foo, special issue on X, sent"."""
    part = sentence.part_start(k)
    behind = sentence.words.lower[part + 1 : part + 2]
    special = sentence.words.lower[part] == "special" and behind in (["issue"], ["volume"], ["section"])
    return part if special and part > sentence.first and k + 1 - part > 2 else None


def _house_before(sentence: Sentence, k: int) -> int | None:
    """The word at which the name of a publisher begins that ends with word k."""
    return next((m.start for m in sentence.marks if m.role == "nothing" and m.end == k + 1), None)


def _bracket_before(sentence: Sentence, k: int, until: int) -> int | None:
    """The word that opens the bracket which closes behind word k: "Foo (edition on X), in press"."""
    gaps = sentence.words.gaps
    if k + 1 > until or ")" not in gaps[k + 1][:1]:
        return None
    while k > sentence.first and "(" not in gaps[k]:
        if ")" in gaps[k]:
            return None
        k -= 1
    return k if k > sentence.first else None
