"""Events outside the tables that are told by the shape of their words alone."""

from __future__ import annotations

from bridge.claim import RANK, Claim
from bridge.marks import PART, Sentence
from bridge.named import EVENT_HEADS, Named, full_year, is_acronym
from bridge.venue_words import own_words

_EVENT_NOUNS = EVENT_HEADS | {"proceedings"}
_PAGES = frozenset(["p", "pp", "pages"])


def acronym_and_year(sentence: Sentence, named: Named, year: int) -> bool:
    """Whether a sentence begins with acronym and year ("IPMV 2026"), and not with a report's number."""
    words = sentence.words
    return (
        named.start == sentence.first
        and named.end - named.start == 1
        and is_acronym(words.raws[named.start])
        and named.end < sentence.last
        and words.raws[named.end] == str(year)
        and year >= 2000
        and words.gaps[named.end] in (" ", "", "'")
        and words.text[words.end[named.end] : words.end[named.end] + 1] not in ("-", "/")
    )


def called_event(sentence: Sentence, k: int) -> bool:
    """Whether acronym, year and the word for an event fill a part: "WONDER2018 workshop"."""
    words, last, head = sentence.words, sentence.last, k + 2
    return (
        head < last
        and is_acronym(words.raws[k])
        and len(words.raws[k + 1]) == 4
        and full_year(words.raws[k + 1]) is not None
        and words.gaps[k + 1] in (" ", "", "'", "’", "-")
        and words.gaps[head] == " "
        and words.lower[head] in _EVENT_NOUNS
        and (head + 1 >= last or bool(sentence.cut[head + 1]))
    )


def cited_proceedings(sentence: Sentence) -> tuple[Claim, Named] | None:
    """Proceedings cited with their pages: "Foo Association, 2016 Conference Proceedings, p. 15-16"."""
    words, lower, cut = sentence.words, sentence.words.lower, sentence.cut
    for k in range(sentence.first + 3, sentence.last - 2):
        if lower[k] != "proceedings" or lower[k - 1] != "conference" or cut[k + 1] != PART:
            continue
        if lower[k + 1] not in _PAGES or not words.raws[k + 2].isdecimal():
            continue
        year = full_year(words.raws[k - 2])
        if year is None or cut[k - 2] != PART or k - 2 == sentence.first:
            continue
        named = own_words(sentence, sentence.part_start(k - 3), k - 2)
        if named is not None and named.end == k - 2 and named.end - named.start > 1:
            reasons = ["cue proceedings"]
            claim = Claim("published", RANK["proceedings"], (k, k + 1), kind="conference", reasons=reasons)
            return claim, named._replace(kind="conference", year=year)
    return None
