"""Whether a cue says what it seems to say: of the paper, not denied, and not of a quantity or a method."""

from __future__ import annotations

from bridge.claim import PAPER_WORDS
from bridge.marks import Mark, Sentence
from bridge.named import EVENT_HEADS, Named, full_year
from bridge.phrases import word_set
from bridge.venue_words import MONTHS
from bridge.venue_years import said_year

_OF_VENUES = EVENT_HEADS | word_set("collections") | {"journal", "book", "memory", "honor", "honour"}
_REVIEWS = word_set("reviews")
_SCHOOLS = word_set("schools")
_BEING = word_set("being")
_CONTRIBUTED = word_set("before contribution")
_DENIALS = word_set("denials")
_AFTER_SUBMITTED = word_set("after submitted")
_UNNAMED_VOLUMES = frozenset(["volume", "issue", "festschrift"])


def denied(sentence: Sentence, mark: Mark) -> bool:
    """Whether the words before a cue say that it did not happen: "failed to be accepted at X"."""
    if mark.role in ("submitted", "rejected"):
        return False  # "could not be accepted and was submitted to"
    part = sentence.part_start(mark.start)
    before = sentence.words.lower[part : mark.start]
    if before[:1] == ["which"] and part > 1:
        archive, number = sentence.words.raws[part - 2 : part]
        if number.isdecimal() and (len(number) == 7 or (archive.isdecimal() and len(number) > 3)):
            return True  # "hep-ph/0610123, which has been accepted by"
    while before and before[-1] in _BEING:
        del before[-1]
    return before[-1:] == ["not"] or not _DENIALS.isdisjoint(before[-8:])


def is_submission(sentence: Sentence, mark: Mark) -> bool:
    """Whether a "submitted" without a venue speaks of the paper's way to one."""
    lower = sentence.words.lower
    if sentence.alone(mark):
        return True
    if lower[mark.start].startswith("re"):
        after = lower[mark.end : mark.end + 4]
        where = lower[mark.end - 1] == "to" and sentence.words.raws[mark.end][0].isupper()
        return where or after[0] == "to" or (after[0] == "after" and not _REVIEWS.isdisjoint(after))
    if not _SCHOOLS.isdisjoint(lower[mark.end : mark.end + 4]):
        return False  # a thesis
    following = lower[mark.end]
    if "reviewed" in lower[mark.start : mark.end]:
        return True  # "being peer reviewed by a journal"
    if sentence.cut[mark.start] and (following.isdecimal() or following in MONTHS):
        return True  # "Submitted 17 Nov 2014"
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


def of_the_paper(sentence: Sentence, mark: Mark) -> bool:
    """Whether "will appear" is said of the paper, and not of some estimates or a sequel."""
    first = sentence.first
    if mark.start == first or sentence.cut[mark.start]:
        return True
    before = sentence.words.lower[max(first, mark.start - 4) : mark.start]
    return not PAPER_WORDS.isdisjoint(before) and sentence.alone(mark)


def published_in_year(sentence: Sentence, mark: Mark, following: str) -> bool:
    """Whether the paper is said to have appeared in a year: "(published in 2018)"."""
    if sentence.words.lower[mark.end - 1] != "in" or len(following) != 4 or full_year(following) is None:
        return False
    before = sentence.words.lower[max(sentence.first, mark.start - 4) : mark.start]
    return bool(sentence.cut[mark.start]) or not PAPER_WORDS.isdisjoint(before)


def just_published(sentence: Sentence, mark: Mark) -> bool:
    """Whether "published" is all that a part of the sentence says, with or without a date, or in a volume
    that has no name."""
    said = sentence.words.lower[mark.start : mark.end]
    if not sentence.cut[mark.start] or said[:1] != ["published"]:
        return False
    behind = sentence.words.lower[mark.end : mark.end + 3]
    if behind[:1] == ["a"] and not _UNNAMED_VOLUMES.isdisjoint(behind) and said[1:] == ["in"]:
        return True
    if len(said) > 1:
        return False
    return sentence.alone(mark) or said_year(sentence.words, mark.end) is not None


def of_time_to_come(sentence: Sentence, mark: Mark) -> bool:
    """Whether a published version may be one to come: "complete tables in published version"."""
    lower, behind = sentence.words.lower, sentence.words.lower[mark.end : mark.end + 1]
    k = mark.start - (lower[mark.start - 1] == "the")
    return lower[k - 1] == "in" or behind in (["contains"], ["includes"], ["has"])


def of_a_quantity(sentence: Sentence, mark: Mark) -> bool:
    """Whether it is no paper that contributes: "orbital contribution to the EDM"."""
    k = mark.start
    return (
        sentence.words.lower[k].startswith("contribution")
        and k > sentence.first
        and not sentence.cut[k]
        and sentence.words.raws[k - 1].islower()
        and sentence.words.lower[k - 1] not in _CONTRIBUTED
    )


def is_about(sentence: Sentence, mark: Mark, named: Named) -> bool:
    """Whether a quoted name is that of what a paper is about: "paper for the methods named 'Foo'"."""
    between = sentence.words.lower[mark.end : named.start]
    return named.quoted and not {"the", "a", "an"}.issuperset(between) and _OF_VENUES.isdisjoint(between)
