"""Events outside the tables that are told by the shape of their words alone."""

from __future__ import annotations

from dataclasses import replace

from bridge.claim import RANK, Claim
from bridge.marks import PART, Sentence
from bridge.named import EVENT_HEADS, Named, full_year, is_acronym
from bridge.phrases import word_set
from bridge.quotes import opens_quote
from bridge.venue_words import own_words
from bridge.venue_years import DAYS_AND_YEAR

_EVENT_NOUNS = EVENT_HEADS | {"proceedings"}
_NO_EVENTS = word_set("acronyms of no event")
_CONTRIBUTIONS = word_set("contributions")
_EDITED = word_set("editors")
_NO_REPORT = 5  # letters; institutes that number their reports have shorter names
_PAGES = frozenset(["p", "pp", "pages"])


def acronym_and_year(sentence: Sentence, named: Named, year: int) -> bool:
    """Whether acronym and year stand by themselves ("IPMV 2026"), and are no report's number or class's."""
    words, start, k = sentence.words, named.start, named.end
    if (
        " " in words.span(start, k)
        or not is_acronym(words.raws[start])
        or words.span(start, k).lower() in _NO_EVENTS
        or k >= sentence.last
        or full_year(words.raws[k]) != year
    ):
        return False
    if len(words.raws[k]) == 2:  # "SICON'98, June 98"
        alone = k + 1 >= sentence.last or bool(sentence.cut[k + 1])
        return alone and start == sentence.first and words.gaps[k] in ("'", "’", "`")
    if year < 2000:
        return False
    if words.text[words.end[k] : words.end[k] + 1] in ("-", "/"):
        return False
    whole = start == 0 and k + 1 == len(words)
    ends = k + 1 >= sentence.last and len(words.raws[start]) >= _NO_REPORT and words.raws[start].isupper()
    gaps = (" ", "", "'", "-") if whole or ends else (" ", "", "'")
    return words.gaps[k] in gaps and (
        start == sentence.first
        or (words.gaps[k] in (" ", "'", "’", "-") and (k + 1 >= sentence.last or bool(sentence.cut[k + 1])))
        or any(mark.role == "badge" and mark.start == k + 1 for mark in sentence.marks)
        or submission_behind(sentence, k + 1)
    )


def submission_behind(sentence: Sentence, k: int) -> bool:
    """Whether "submission" ends the part at word k: "IFAC 2020 initial submission"."""
    until = k
    while until < sentence.last and not sentence.cut[until]:
        until += 1
    return k < until <= k + 3 and sentence.words.lower[until - 1] == "submission"


def reported(sentence: Sentence, k: int) -> bool:
    """Whether the number of a laboratory's report begins at word k: "FERMILAB-Conf94/331-E"."""
    words = sentence.words
    if k + 2 >= sentence.last or words.lower[k] not in _NO_EVENTS or words.gaps[k + 1] != "-":
        return False
    return words.raws[k + 2].isdecimal()


def headed_title(sentence: Sentence, k: int) -> Named | None:
    """A title in quotation marks behind the word for an event: "conference "Physics of X 2013"."""
    words = sentence.words
    if words.lower[k] not in EVENT_HEADS or k + 1 >= sentence.last or not opens_quote(words.gaps[k + 1]):
        return None
    named = own_words(sentence, k + 1, sentence.last)
    if named is None or not named.quoted:
        return None
    return replace(named, kind="workshop" if words.lower[k] == "workshop" else "conference")


def called_event(sentence: Sentence, k: int) -> bool:
    """Whether acronym, year and the word for an event fill a part: "WONDER2018 workshop"."""
    words, last, head = sentence.words, sentence.last, k + 2
    return (
        head < last
        and (is_acronym(words.raws[k]) or (words.raws[k].istitle() and words.lower[head] == "proceedings"))
        and words.lower[k] not in _NO_EVENTS
        and full_year(words.raws[k + 1]) is not None
        and words.gaps[k + 1] in ((" ", "", "'", "’", "-") if len(words.raws[k + 1]) == 4 else ("'", "’"))
        and words.gaps[head] == " "
        and words.lower[head] in _EVENT_NOUNS
        and (
            head + 1 >= last
            or bool(sentence.cut[head + 1])
            or words.lower[head + 1] in _CONTRIBUTIONS | {"in", "at"}
        )
    )


def dated_event(sentence: Sentence, k: int) -> bool:
    """Whether a title with its year fills a part and its days follow: "Tropical QCD 2010, 27-30 May 2010"."""
    words, end = sentence.words, k
    while end < sentence.last and words.raws[end][0].isupper() and not (end > k and sentence.cut[end]):
        end += 1
    if not k + 1 < end < sentence.last - 1 or sentence.cut[end] or not sentence.cut[end + 1]:
        return False
    days = DAYS_AND_YEAR.match(words.text, words.end[end])
    year = next(filter(None, days.groups()), None) if days else None
    return words.raws[end] == year


def printed_event(sentence: Sentence, k: int) -> Named | None:
    """The event at word k whose proceedings stand there, with a year: "Foo School proceedings (2010)"."""
    lower = sentence.words.lower
    for end in range(k + 3, min(k + 8, sentence.last - 1)):
        if sentence.cut[end]:
            return None
        if lower[end] == "proceedings":
            named = own_words(sentence, k, end)
            dated = len(lower[end + 1]) == 4 and full_year(lower[end + 1]) is not None
            return (
                named
                if dated and named is not None and named.kind == "conference" and named.end == end
                else None
            )
    return None


def cited_volume(sentence: Sentence) -> tuple[Claim, Named] | None:
    """A volume cited with its editors: "In: Physics Research at the Edge, C. Benton ed. Foo, 2003"."""
    words, lower = sentence.words, sentence.words.lower
    k = sentence.first
    if words.raws[k] != "In":  # "41 pages, in "Polarons in Materials" ed. A. Foo, pp. 503-544"
        quoted = (j for j in range(k + 1, sentence.last - 1) if lower[j] == "in" and sentence.cut[j])
        k = next((j for j in quoted if opens_quote(words.gaps[j + 1])), sentence.last)
    if k + 4 >= sentence.last or k + 1 in sentence.venues:
        return None
    if not (":" in words.gaps[k + 1] or opens_quote(words.gaps[k + 1])):
        return None
    named = own_words(sentence, k + 1, sentence.last)
    if named is None or named.end - named.start < 3 or named.start > k + 1 or len(words.raws[k + 1]) == 1:
        return None
    end = named.end
    while end < sentence.last and not sentence.cut[end] and not named.quoted:
        end += 1  # "Research at the Leading Edge"
    named = replace(named, end=end, name=words.name(named.start, end))
    if _EDITED.isdisjoint(words.lower[named.end : min(named.end + 12, sentence.last)]):
        return None
    claim = Claim("published", RANK["chapter"], (k, k + 1), kind="book", reasons=["cue chapter"])
    return claim, replace(named, quoted=True)


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
            return claim, replace(named, kind="conference", year=year)
    return None
