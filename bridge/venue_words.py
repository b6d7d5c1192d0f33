"""Venues outside the tables, as a comment words them.

Works on a `Sentence`: its words, where the venues of the tables stand, and where its parts are cut.
"""

from __future__ import annotations

from bridge.latepattern import LatePattern
from bridge.marks import APART, PART, Sentence
from bridge.named import (
    EVENT_HEADS,
    EVENT_WORDS,
    SPONSORS,
    Named,
    full_year,
    is_acronym,
    kind_of,
    own_beginning,
)
from bridge.phrases import word_set
from bridge.quotes import close_of_quote, closed_name, opens_quote
from bridge.slips import meant
from bridge.venue_acronyms import is_dated_acronym
from bridge.words import Words

MONTHS = word_set("months")
# lower-case words that a venue's name may hold between capitalised ones
INSIDE = word_set("inside")
_SEASONS = word_set("seasons")
_WORKSHOPS = frozenset(["workshop", "workshops", "track", "session"])
_PRINTED = frozenset(["published", "printed", "edited", "organized", "organised"])
_OF_ISSUES = frozenset(["special", "focus", "topical", "theme"])
_ROMANCE = word_set("romance")
_NEVER_FIRST = word_set("never first") | MONTHS
_LANGUAGES = word_set("languages")
_WITH_SPONSOR = word_set("with sponsor")
_PUBLISHERS = word_set("publishers")
_GENERAL = word_set("general event words")
_STOP = word_set("stop")
_ENDS_SUBJECT = _STOP | {"in", "at", "during", "from"}
_NO_TITLES = frozenset(["the", "this", "a", "which", "possible", "our", "my", "their"])
_DIGITS = frozenset("123456789")
_LONGEST_SOCIETY = 7  # letters: EURASIP
_OCCASIONS = word_set("occasions")
_DEDICATED = (
    ["dedicated", "to"],
    ["in", "honor", "of"],
    ["in", "honour", "of"],
    ["in", "memory", "of"],
    ["on", "the", "occasion", "of"],
)
# a licence, and where publishers keep everything
_NO_NAMES = frozenset(
    ["creative commons", "ieee xplore", "xplore", "acm digital", "ieee digital", "digital library", "library"]
)
_ORDINAL = word_set("ordinal")
_SERIES_CONTINUES = LatePattern(
    r",\s*(?:[A-Z][\w-]*\s*){1,3}(?:,\s*(?:[A-Z][\w-]*\s*){1,3}){0,4},?\s*(?:and|\\?&)\s+[A-Z]|,\s*(?:and|\\?&)\s+[A-Z]|,\s*[a-z]-[A-Z][\w-]*\s+(?:and|\\?&)\s+[A-Z]"
)


def own_words(sentence: Sentence, k: int, limit: int) -> Named | None:
    """The venue outside the tables whose name begins at word k, as far as the capitalised words go."""
    lower = sentence.words.lower
    quoted = _in_quotes(sentence, k)
    if quoted is not None:
        return quoted
    if lower[k] in EVENT_HEADS and k + 1 < limit and lower[k + 1] in ("on", "for", "of"):
        small = _small_title(sentence, k, limit)
        if small is not None:
            return small
    first = _first_of_name(sentence, k, limit)
    if first is None:
        return None
    end = last = first + 1
    while end < limit:
        gone_on = _gone_on(sentence, first, end, last, limit)
        if gone_on is None:
            break
        end, last = gone_on
    return _named(sentence, first, _before_subtitle(sentence, first, last, limit), limit)


def _before_subtitle(sentence: Sentence, first: int, last: int, limit: int) -> int:
    """Where a name ends whose subtitle goes on in small words: "Workshop on X: Open questions for all"."""
    words = sentence.words
    if last >= limit or sentence.cut[last] or words.gaps[last] != " " or not words.raws[last].islower():
        return last
    if words.lower[last] in INSIDE or words.lower[last] in _STOP:
        return last
    colon = next((k for k in range(last - 1, first + 1, -1) if words.gaps[k].strip() == ":"), last)
    return colon if last - colon < 3 else last


def _in_quotes(sentence: Sentence, k: int) -> Named | None:
    """The name between the quotation marks that open before word k."""
    words, lower = sentence.words, sentence.words.lower
    end = close_of_quote(words, k)
    if end is None:
        return None
    if end - k == 2 and is_acronym(words.raws[k]) and words.gaps[k + 1] in ("-", "'", "’", " ", ""):
        year = full_year(words.raws[k + 1])
        if year is not None:  # "HADRONS-94"
            name = words.name(k, k + 1)
            return Named(k, end, name, kind=kind_of(lower, k, end), year=year, sure=False, quoted=True)
    if end > k and (end - k > 1 or is_acronym(words.raws[k])):
        name = words.name(k, end)
        if name.count("(") > name.count(")") and words.text[words.end[end - 1]] == ")":
            name += ")"
        return Named(k, end, name, kind=kind_of(lower, k, end), sure=False, quoted=True)
    return None


def _first_of_name(sentence: Sentence, k: int, limit: int) -> int | None:
    """The word that a name begins with, at word k or behind what counts or dates it; None for no name."""
    words, lower = sentence.words, sentence.words.lower
    first, raw = k, words.raws[k]
    if _heads_known(sentence, k):
        return None  # "main conference of ACL 2024"
    if raw.isdecimal():
        if len(raw) < 3 and k + 1 < limit and words.gaps[k + 1] == ". ":
            first = k + 1
        elif k + 2 < limit and lower[k + 1] in _ORDINAL and words.gaps[k + 1] in ("", "-", "$^{", "$^"):
            first = k + 2
        elif len(raw) == 4 and k + 1 < limit:
            first = k + 1
            first += lower[first] == "the" and k + 2 < limit
            if first + 2 < limit and words.raws[first].isdecimal() and lower[first + 1] in _ORDINAL:
                first += 2  # "2024 6th International Conference", "2025 the 8th ..."
        elif not _is_glued(words, k, limit):
            return None
        raw = words.raws[first + (first == k)]  # "6G Summit" begins with its number
    elif lower[k] in EVENT_HEADS and k + 1 < limit and lower[k + 1] in ("on", "for", "of"):
        raw = raw.capitalize()
    elif lower[k] in EVENT_WORDS and k + 2 < limit and lower[k + 1] in _ROMANCE:
        raw = raw.capitalize()  # "6th rencontres du Vietnam"
    if not (raw[0].isupper() or (is_acronym(raw) and not raw[2:].isupper())):
        return None
    glued_on = first + 1 < limit and words.gaps[first + 1] == ""  # "I3DA"
    if lower[first] in _NEVER_FIRST and not glued_on and not _is_language(sentence, first, limit):
        return None
    if lower[first] in _OF_ISSUES and lower[first + 1 : first + 2] in (["issue"], ["section"], ["volume"]):
        return None
    return first


def _heads_known(sentence: Sentence, k: int) -> bool:
    """Whether the word for a meeting at word k is but said of a conference of the tables."""
    lower = sentence.words.lower
    if lower[k] not in EVENT_HEADS or lower[k] in _WORKSHOPS or lower[k + 1 : k + 2] != ["of"]:
        return False
    known = sentence.venues.get(k + 3 if lower[k + 2 : k + 3] == ["the"] else k + 2)
    return known is not None and known.sure and known.row.kind == "conference"


def _is_language(sentence: Sentence, first: int, limit: int) -> bool:
    """Whether a language begins a name: "Russian Gravitational Conference"."""
    words, k = sentence.words, first + 1
    is_one = words.lower[first] in _LANGUAGES and k < limit
    return is_one and words.raws[k][0].isupper() and not sentence.cut[k]


def _gone_on(sentence: Sentence, first: int, end: int, last: int, limit: int) -> tuple[int, int] | None:
    """The word behind `end` that is to be looked at next, and where the name ends by now; None where it has
    ended before word `end`."""
    words, lower = sentence.words, sentence.words.lower
    word, raw, gap = lower[end], words.raws[end], words.gaps[end]
    following = words.raws[end + 1] if end + 1 < limit else ""
    if sentence.cut[end] == APART and not _abbreviated(words, first, end):
        return None
    placed = gap.endswith("(") and end + 1 < limit and words.gaps[end + 1] == ") "
    if placed and lower[end + 1] in EVENT_HEADS and not is_acronym(raw):
        return end + 2, end + 2  # "RIMS (Kyoto) Workshop on X"
    if (sentence.cut[end] == PART and not _goes_on_over(sentence, end)) or "@" in gap:
        return None
    if opens_quote(gap):
        closing = close_of_quote(words, end)
        if closing is None or not (lower[end - 1] in EVENT_WORDS or lower[end - 1] in INSIDE):
            return None
        closing = max(end, min(closing, limit))  # International Colloquium "Integrable Systems"
        return closing, closing
    if word in ("volume", "vol") and following.isdecimal():
        return None
    if word in _PRINTED and lower[end + 1 : end + 2] == ["by"]:
        return None
    if word in _OF_ISSUES and end + 1 < limit and lower[end + 1] in ("issue", "section", "volume"):
        return None
    if raw.isdecimal():
        past = _past_part_of_name(sentence, end, limit)
        if past is not None:
            return past, past
    if end == first + 1 and is_dated_acronym(sentence, first):
        return None
    if raw == "transactions" and following in ("on", "of") and is_acronym(words.raws[end - 1]):
        subject = with_small_subject(sentence, end + 1, limit)  # "CAAI transactions on intelligent systems"
        return (subject, subject) if subject > end + 1 else None
    if word in _STOP or word in MONTHS or (raw.isdecimal() and not (gap in ("-", "") and last == end)):
        past = _past_count(sentence, end, limit)
        return (past, last) if past is not None else None
    if (
        raw[0].isupper()
        or ((word in EVENT_WORDS or word == "festschrift") and raw.islower())
        or (lower[end - 1] in _ROMANCE and word not in INSIDE)
        or (len(word) == 1 and end + 1 < limit and words.gaps[end + 1] == "-")  # n-categories
    ):
        return end + 1, end + 1
    if word in INSIDE:
        return end + 1, last
    if gap in ("-", "'", "’") and last == end:
        return end + 1, end + 1
    subject_end = _end_of_subject(sentence, first, end, limit) if gap == " " else None
    if subject_end is not None:
        return subject_end, subject_end
    small = gap == " " and (
        _small_before_head(sentence, end, limit)
        or (last == first + 1 and _small_before_name(sentence, first, end, limit))
        or _small_in_title(sentence, first, end, limit)
    )
    return (end + 1, last) if small else None


def _goes_on_over(sentence: Sentence, end: int) -> bool:
    """Whether a name goes on over the comma or colon before word `end`: "Gravitation, Foo and Bar"."""
    gap = sentence.words.gaps[end]
    if gap.strip() in (":", "-", "–"):
        raw, behind = sentence.words.raws[end], sentence.words.gaps[end + 1 : end + 2]
        person = ":" in gap and len(raw) == 1 and behind == [". "]  # "Foo Conference: M. Smith, ..."
        own = sentence.venues.get(end)  # "Conference on Foo - FOO 2016"
        acronym = own is not None and own.end == end + 1 and is_acronym(raw) and len(gap) == 3
        return not (person or acronym)
    listed = gap[0] == "," and _PUBLISHERS.isdisjoint(sentence.words.lower[end : end + 2])
    return listed and _SERIES_CONTINUES.match(sentence.words.text, sentence.words.end[end - 1]) is not None


def _past_part_of_name(sentence: Sentence, k: int, limit: int) -> int | None:
    """The word behind a number that is part of a name, with what belongs to it; None where it is none."""
    words, lower = sentence.words, sentence.words.lower
    gap, following = words.gaps[k], words.raws[k + 1] if k + 1 < limit else ""
    joined = k + 1 < limit and words.gaps[k + 1] == ""
    if joined and not gap and following[0].isupper():
        return k + 2  # MM4SG
    if lower[k - 1] == "wg" or (words.raws[k - 1].isdecimal() and gap == "." and lower[k - 2] == "wg"):
        return k + 1  # "IFIP WG 6.1 International Conference"
    if joined and words.raws[k] in ("2", "3") and following == "D":
        return k + 2  # "Fully 3D Image Reconstruction"
    return None


def _past_count(sentence: Sentence, k: int, limit: int) -> int | None:
    """The word behind a year or a count at word k over which a name goes on; None where it ends."""
    words, lower, raw = sentence.words, sentence.words.lower, sentence.words.raws[k]
    if not raw.isdecimal() or k + 1 >= limit or sentence.cut[k + 1]:
        return None
    year = full_year(raw)
    named = words.gaps[k + 1] != "-" and words.raws[k + 1][0].isupper() and lower[k + 1] not in _NEVER_FIRST
    season = lower[k + 1] in _SEASONS and EVENT_HEADS.isdisjoint(lower[k + 2 : k + 3])
    if year and named and not season:
        return k + 1  # "SPP 2026 Geometry at Infinity": the year goes on into the name
    if year and lower[k - 1] in EVENT_HEADS and lower[k + 1] in ("on", "for"):
        return k + 1  # "Workshop 2004 on X"
    if len(raw) == 1 and _heads_soon(sentence, k + 1, limit):
        return k + 1  # "Defactify 3 workshop", "Hinode 5 Science Meeting"
    if lower[k + 1] in _ORDINAL and (lower[k - 1] in ("the", "of", "on") or lower[k - 1] in SPONSORS):
        return k + 2  # "Symposium Commemorating the 40th Anniversary", "IEEE 21st International Conference"
    return None


def _named(sentence: Sentence, first: int, end: int, limit: int) -> Named | None:
    """The venue that words first to end name; None where they name a sponsor, or no event of its own."""
    words, lower = sentence.words, sentence.words.lower
    first = own_beginning(words, first, end)
    if lower[end - 1] in EVENT_HEADS:
        end = with_small_subject(sentence, end, limit)
    while end > first + 1 and lower[end - 1] in _PUBLISHERS and lower[end - 2] not in INSIDE:
        end -= 1
    if all(
        lower[i] in SPONSORS or lower[i] in INSIDE or lower[i] in _WITH_SPONSOR for i in range(first, end)
    ):
        return None
    lone = end - first == 1 and is_acronym(words.raws[first])
    societies = ("journal", "journals") if len(words.raws[first]) <= _LONGEST_SOCIETY else ("journals",)
    if lone and end < limit and lower[end] in societies:
        return None  # "one of the AAS journals", but "the ASTRODYNAMICS journal"
    volume = _as_volume(sentence, end, limit)
    if volume is not None:
        return Named(first, volume, words.name(first, volume), kind="book", sure=False)
    if lower[first] in _PUBLISHERS and end - first > 2 and not sentence.cut[first + 1]:
        first += 1
        first += lower[first] == "verlag" and end - first > 2
    kind = kind_of(lower, first, end) or kind_of([meant(word) for word in lower[first:end]], 0, end - first)
    if lower[first] == "the" and end - first > 1:
        first += 1
    if kind is not None and all(
        lower[i] in EVENT_WORDS or lower[i] in _GENERAL or lower[i] == "a" for i in range(first, end)
    ):
        return None
    if " ".join(lower[first : first + 2]) in _NO_NAMES or " ".join(lower[first:end]) in _NO_NAMES:
        return None
    name = words.name(first, end) + words.stop_of_abbreviation(first, end)
    glued = lone and end < limit and not words.gaps[end] and "(" in words.gaps[end + 1]
    if glued and words.raws[end] in _DIGITS:
        end += 1  # "APFA6 (July 2007)": the sixth
    return Named(first, end, closed_name(name), kind=kind, sure=False)


def _is_glued(words: Words, k: int, limit: int) -> bool:
    """Whether capitals stand right behind the number at word k: "6G", "3DV"."""
    return (
        k + 1 < limit and words.gaps[k + 1] == "" and words.raws[k + 1].isupper() and len(words.raws[k]) < 3
    )


def _heads_soon(sentence: Sentence, k: int, limit: int) -> bool:
    """Whether word k is the head of an event's name, or the capitalised word right before it."""
    words = sentence.words
    if words.lower[k] in EVENT_HEADS:
        return True
    behind = k + 1 < limit and not sentence.cut[k + 1] and words.gaps[k + 1] == " "
    return behind and words.raws[k][0].isupper() and words.lower[k + 1] in EVENT_HEADS


def _as_volume(sentence: Sentence, k: int, limit: int) -> int | None:
    """Where the name of a book ends that goes on with "volume" at word k: "Fields volume on Graphs"; so does
    a Festschrift in honour of somebody."""
    words, lower, cut = sentence.words, sentence.words.lower, sentence.cut
    festschrift = lower[k - 1] == "festschrift"
    while k < limit and lower[k] in _OCCASIONS and not cut[k]:
        k += 1
    if k < limit and not cut[k] and words.raws[k] == "volume" and lower[k - 1] not in EVENT_HEADS:
        k += 1
    elif not festschrift:
        return None
    if k < limit and (words.raws[k].isdecimal() or lower[k] == "of"):
        return None
    tail = k
    if lower[k : k + 1] == ["on"] and lower[k + 1 : k + 3] != ["the", "occasion"]:
        tail = k + 1
    else:
        for phrase in _DEDICATED:
            if lower[k : k + len(phrase)] == phrase:
                tail = k + len(phrase)
    if tail > k and tail < limit and not any(cut[k : tail + 1]):
        named = own_words(sentence, tail, limit)
        return named.end if named is not None else k
    return k


def _end_of_subject(sentence: Sentence, first: int, k: int, limit: int) -> int | None:
    """Where small words from word k on end a meeting's subject and its part: "School on X & Foo systems",
    "Conference on Bayesian theory and applications"."""
    words, end = sentence.words, k
    while end < limit and end - k < 4 and not (end > k and sentence.cut[end]):
        if not (words.raws[end].isalpha() and words.raws[end].islower()) or words.lower[end] in _STOP:
            return None
        end += 1
    ended = end >= limit or bool(sentence.cut[end])
    if not ended or words.lower[end - 1] in INSIDE or len(words.raws[k]) < 4 or words.lower[k] in EVENT_WORDS:
        return None
    heads = (j for j in range(first, k - 1) if words.lower[j] in EVENT_HEADS)
    on = any(words.lower[j + 1] == "on" for j in heads)
    return end if on and words.raws[k - 1][0].isupper() else None


def _small_in_title(sentence: Sentence, first: int, k: int, limit: int) -> bool:
    """Whether word k is a small one between capitals of a title: "Workshop on Quantum technology and Foo"."""
    words, lower = sentence.words, sentence.words.lower
    if lower[first] not in EVENT_HEADS or lower[first + 1] not in ("on", "for", "of"):
        return False
    end = k  # "on Large scale structure in the X-ray Universe": two small words, and what joins the next
    while end < min(k + 2, limit) and words.raws[end].isalpha() and len(words.raws[end]) > 3:
        if lower[end] in _STOP or not words.raws[end].islower():
            break
        end += 1
    if end == k or end + 1 >= limit or lower[end] not in ("and", "of", "for", "in"):
        return False
    after = end + 2 if lower[end + 1] == "the" else end + 1
    return (
        after < limit
        and words.raws[after][0].isupper()
        and all(words.gaps[j] == " " for j in range(k + 1, after + 1))
    )


def _small_title(sentence: Sentence, k: int, limit: int) -> Named | None:
    """A title that has no capitals at all: "workshop on hadronic interactions, Sao Paulo"."""
    words, end = sentence.words, k + 2
    while end < limit and end - k < 9 and not sentence.cut[end] and words.gaps[end] in (" ", "-"):
        if not words.raws[end].islower() or words.lower[end] in _STOP:
            break
        end += 1
    ended = end >= limit or sentence.cut[end]
    if end - k < 3 or not ended or words.lower[k + 2] in _NO_TITLES:
        return None
    return Named(k, end, words.name(k, end), kind=kind_of(words.lower, k, end), sure=False)


def with_small_subject(sentence: Sentence, k: int, limit: int) -> int:
    """Where a name ends whose subject has no capitals: "European school on asymptotic combinatorics"."""
    words = sentence.words
    if k + 1 >= limit or words.lower[k] not in ("on", "of", "for") or sentence.cut[k]:
        return k
    if words.lower[k + 1] in ("possible", "publication"):
        return k  # "IEEE Conference for possible publication"
    end = k + 1
    while end < limit and not sentence.cut[end] and words.raws[end].isalpha():
        inside = words.lower[end] == "in" and end + 1 < limit and words.raws[end + 1].islower()
        inside = inside and not sentence.cut[end + 1] and words.lower[end + 1] not in _NO_TITLES
        if words.lower[end] in _ENDS_SUBJECT and not inside:  # "redundancy in information systems at Foo"
            break
        end += 1
    few = 1 <= end - k - 1 <= 8 and words.lower[k + 1] not in ("the", "this", "a", "which", "our")
    return end if few and (end >= limit or sentence.cut[end] or words.lower[end] in _ENDS_SUBJECT) else k


def _small_before_head(sentence: Sentence, k: int, limit: int) -> bool:
    """Whether words in lower case lead up to an event's head: "Joan Doe birthday symposium"."""
    for j in range(k + 1, min(k + 3, limit)):
        if sentence.words.gaps[j] != " ":
            return False
        if sentence.words.lower[j] in EVENT_HEADS or sentence.words.raws[j] == "Journal":
            return True
    return False


def _small_before_name(sentence: Sentence, first: int, k: int, limit: int) -> bool:
    """Whether words in lower case lead from a meeting's head to its place: "Rencontres de physique de X"."""
    words = sentence.words
    if words.lower[first] not in EVENT_WORDS:
        return False
    for j in range(k, min(k + 4, limit - 1)):
        if sentence.cut[j] or words.gaps[j] != " ":
            return False
        if words.lower[j] in _ROMANCE:
            return words.raws[j + 1][0].isupper() and not sentence.cut[j + 1]
        if not words.raws[j].islower():
            return False
    return False


def _abbreviated(words: Words, first: int, k: int) -> bool:
    """Whether the stop before word k abbreviates: "J. Mol. Biol.", but not "Chaos. Added text"."""
    if words.gaps[k] not in (". ", ".") or len(words.raws[k - 1]) > 5 or not words.raws[k][0].isupper():
        return False
    after = words.text[words.end[k] : words.end[k] + 1]
    return after in ("", ".", ",", ";") and len(words.raws[k]) <= 8
