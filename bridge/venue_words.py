"""Venues as a comment words them: names outside the tables, acronyms in brackets.

Works on a `Sentence`: its words, where the venues of the tables stand, and where its parts are cut.
"""

from __future__ import annotations

import re

from bridge.latepattern import LatePattern
from bridge.marks import APART, PART, Sentence
from bridge.named import EVENT_HEADS, EVENT_WORDS, Named, full_year, is_acronym, is_ordinal, kind_of
from bridge.phrases import word_set
from bridge.words import Words

MONTHS = word_set("months")
# lower-case words that a venue's name may hold between capitalised ones
INSIDE = word_set("inside")
_ROMANCE = word_set("romance")
_NEVER_FIRST = word_set("never first") | MONTHS
_LANGUAGES = word_set("languages")
SPONSORS = word_set("sponsors")
_WITH_SPONSOR = word_set("with sponsor")
_PUBLISHERS = word_set("publishers")
_GENERAL = word_set("general event words")
_STOP = word_set("stop")
_ENDS_SUBJECT = _STOP | {"in", "at", "during", "from"}
# a licence, and where publishers keep everything
_DIGITS = frozenset("123456789")
_OCCASIONS = frozenset(["memorial", "commemorative", "anniversary", "jubilee", "birthday"])
_DEDICATED = (
    ["dedicated", "to"],
    ["in", "honor", "of"],
    ["in", "honour", "of"],
    ["in", "memory", "of"],
    ["on", "the", "occasion", "of"],
)
_NO_NAMES = frozenset(
    ["creative commons", "ieee xplore", "xplore", "acm digital", "ieee digital", "digital library", "library"]
)
_QUOTES = {"'": "'", "`": "'", '"': '"', "“": "”", "``": "''", "«": "»", "''": "''", "‘": "’", "„": "“"}
_OPENING = re.compile(r"(``|''|[\"“«„‘]|(?<=\s)`|(?<=\s)')\s*(?:\\em\s*)?$")
_QUOTES_OPEN = frozenset("\"`'“«„‘")
_ORDINAL = word_set("ordinal")
_SERIES_CONTINUES = LatePattern(
    r",\s*(?:[A-Z][\w-]*\s*){1,3}(?:,\s*(?:[A-Z][\w-]*\s*){1,3}){0,4},?\s*(?:and|&)\s+[A-Z]|,\s*(?:and|&)\s+[A-Z]|,\s*[a-z]-[A-Z][\w-]*\s+(?:and|&)\s+[A-Z]"
)


def opens_quote(gap: str) -> bool:
    """Whether quotation marks open right before the next word."""
    return gap[-1:] in _QUOTES_OPEN and gap[-1:] != "" and _OPENING.search(gap[-8:]) is not None


def _closing(text: str, opening: str, start: int) -> int:
    """Where the quotation mark closes that `opening` opens; -1 for nowhere."""
    found = text.find(_QUOTES[opening], start)
    # TeX's opening marks are closed by a typewriter's now and then
    return text.find('"', start) if found < 0 and opening == "``" else found


def close_of_quote(words: Words, k: int) -> int | None:
    """The word behind the quotation marks that open before word k; None where they never close."""
    opening = _OPENING.search(words.gaps[k][-8:])
    closing = _closing(words.text, opening[1], words.start[k]) if opening else -1
    if closing < 0:
        return None
    while k < len(words) and words.end[k] <= closing:
        k += 1
    return k


def own_words(sentence: Sentence, k: int, limit: int) -> Named | None:
    """The venue outside the tables whose name begins at word k, as far as the capitalised words go."""
    words, cut = sentence.words, sentence.cut
    text, lower = words.text, words.lower
    opening = _OPENING.search(words.gaps[k][-8:])
    if opening:
        closing = _closing(text, opening[1], words.start[k])
        if closing > 0:
            end = k
            while end < len(words) and words.end[end] <= closing:
                end += 1
            if end - k == 2 and is_acronym(words.raws[k]) and words.gaps[k + 1] in ("-", "'", "’", " ", ""):
                year = full_year(words.raws[k + 1])
                if year is not None:  # "HADRONS-94"
                    name = words.name(k, k + 1)
                    return Named(
                        k, end, name, kind=kind_of(lower, k, end), year=year, sure=False, quoted=True
                    )
            if end > k and (end - k > 1 or is_acronym(words.raws[k])):
                name = words.name(k, end)
                if name.count("(") > name.count(")") and text[words.end[end - 1]] == ")":
                    name += ")"
                return Named(k, end, name, kind=kind_of(lower, k, end), sure=False, quoted=True)
    first = k
    raw = words.raws[k]
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
        else:
            return None
        raw = words.raws[first]
    elif lower[k] in EVENT_HEADS and k + 1 < limit and lower[k + 1] in ("on", "for", "of"):
        raw = raw.capitalize()
        small = _small_title(sentence, k, limit)
        if small is not None:
            return small
    if not (raw[0].isupper() or (is_acronym(raw) and not raw[2:].isupper())):
        return None
    if lower[first] in _NEVER_FIRST and not (
        lower[first] in _LANGUAGES
        and first + 1 < limit
        and words.raws[first + 1][0].isupper()
        and not cut[first + 1]
    ):
        return None
    if lower[first] == "special" and lower[first + 1 : first + 2] in (["issue"], ["section"], ["volume"]):
        return None
    end = last_name = first + 1
    while end < limit:
        word, raw, gap = lower[end], words.raws[end], words.gaps[end]
        if cut[end] == APART and not _abbreviated(words, first, end):
            break
        if (
            gap.endswith("(")
            and end + 1 < limit
            and words.gaps[end + 1] == ") "
            and (lower[end + 1] in EVENT_HEADS and not is_acronym(words.raws[end]))
        ):
            last_name = end = end + 2  # "RIMS (Kyoto) Workshop on X"
            continue
        if cut[end] == PART and not (
            gap.strip() in (":", "-", "–")
            or (gap[0] == "," and _SERIES_CONTINUES.match(text, words.end[end - 1]))
        ):
            break
        if "@" in gap:
            break
        opening = _OPENING.search(gap[-8:]) if gap and gap[-1] in _QUOTES_OPEN else None
        if opening:
            closing = _closing(text, opening[1], words.start[end])
            if closing < 0 or not (lower[end - 1] in EVENT_WORDS or lower[end - 1] in INSIDE):
                break
            while end < limit and words.end[end] <= closing:  # International Colloquium "Integrable Systems"
                end += 1
            last_name = end
            continue
        if word in ("volume", "vol") and end + 1 < limit and words.raws[end + 1].isdecimal():
            break
        if word == "special" and end + 1 < limit and lower[end + 1] in ("issue", "section", "volume"):
            break
        glued = raw.isdecimal() and not gap and end + 1 < limit and words.gaps[end + 1] == ""
        if glued and words.raws[end + 1][0].isupper():
            end = last_name = end + 2  # MM4SG
            continue
        if end == first + 1 and _dated_acronym(sentence, first):
            break
        if (
            word in _STOP
            or word in MONTHS
            or (raw.isdecimal() and not (words.gaps[end] in ("-", "") and last_name == end))
        ):
            after = end + 1 < limit and not cut[end + 1]
            if (
                full_year(raw)
                and after
                and words.raws[end + 1][0].isupper()
                and lower[end + 1] not in _NEVER_FIRST
            ):
                end += 1  # "SPP 2026 Geometry at Infinity": the year goes on into the name
                continue
            if full_year(raw) and after and lower[end - 1] in EVENT_HEADS and lower[end + 1] in ("on", "for"):
                end += 1  # "Workshop 2004 on X"
                continue
            if len(raw) == 1 and after and lower[end + 1] in EVENT_HEADS:
                end += 1  # "Defactify 3 workshop"
                continue
            if (
                raw.isdecimal()
                and after
                and lower[end + 1] in _ORDINAL
                and lower[end - 1] in ("the", "of", "on")
            ):
                end += 2  # "Symposium Commemorating the 40th Anniversary"
                continue
            break
        if (
            raw[0].isupper()
            or (word in EVENT_WORDS and raw.islower())
            or (lower[end - 1] in _ROMANCE and word not in INSIDE)
        ):
            last_name = end + 1
        elif len(word) == 1 and end + 1 < limit and words.gaps[end + 1] == "-":
            last_name = end + 1  # n-categories
        elif word not in INSIDE and not (gap in ("-", "'", "’") and last_name == end):
            if gap == " " and (
                _small_before_head(sentence, end, limit)
                or (last_name == first + 1 and _small_before_name(sentence, first, end, limit))
                or _small_in_title(sentence, first, end, limit)
            ):
                end += 1
                continue
            break
        elif gap in ("-", "'", "’") and word not in INSIDE:
            last_name = end + 1
        end += 1
    end = with_small_subject(sentence, last_name, limit) if lower[last_name - 1] in EVENT_HEADS else last_name
    while end > first + 1 and lower[end - 1] in _PUBLISHERS and lower[end - 2] not in INSIDE:
        end -= 1
    if all(
        lower[i] in SPONSORS or lower[i] in INSIDE or lower[i] in _WITH_SPONSOR for i in range(first, end)
    ):
        return None
    if (
        end - first == 1
        and end < limit
        and lower[end] in ("journal", "journals")
        and is_acronym(words.raws[first])
    ):
        return None  # "one of the AAS journals"
    volume = _as_volume(sentence, end, limit)
    if volume is not None:
        return Named(first, volume, words.name(first, volume), kind="book", sure=False)
    if lower[first] in _PUBLISHERS and end - first > 2 and not cut[first + 1]:
        first += 1
        first += lower[first] == "verlag" and end - first > 2
    kind = kind_of(lower, first, end)
    if lower[first] == "the" and end - first > 1:
        first += 1
    if kind is not None and all(
        lower[i] in EVENT_WORDS or lower[i] in _GENERAL or lower[i] == "a" for i in range(first, end)
    ):
        return None
    if " ".join(lower[first : first + 2]) in _NO_NAMES or " ".join(lower[first:end]) in _NO_NAMES:
        return None
    name = words.name(first, end)
    glued = end == first + 1 and end < limit and not words.gaps[end] and "(" in words.gaps[end + 1]
    if glued and words.raws[end] in _DIGITS and is_acronym(words.raws[first]):
        end += 1  # "APFA6 (July 2007)": the sixth
    return Named(first, end, closed_name(name), kind=kind, sure=False)


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


def closed_name(name: str) -> str:
    """A name with the quotation marks closed that it opens: the closing one stands behind its last word."""
    for opening, closing in (('"', '"'), ("``", "''"), ("`", "'")):
        if name.count(opening) == 1 and (opening == closing or closing not in name):
            before, _, title = name.partition(opening)
            title = title.partition(" (")[0] if title.count("(") > title.count(")") else title
            return f"{before.rstrip()} “{title.strip(' ,')}”" if before else title
    if name.count("``") == name.count("''") > 0:
        name = name.replace("``", "“").replace("''", "”")
    return name


def _dated_acronym(sentence: Sentence, k: int) -> bool:
    """Whether an acronym with its year stands alone: "IASIM-2024 in Bilbao", but not "COVID-19 Data"."""
    words, year = sentence.words, k + 1
    if len(words.raws[k]) < 3 or not is_acronym(words.raws[k]) or full_year(words.raws[year]) is None:
        return False
    if words.gaps[year] not in ("-", "'", "’"):
        return False
    after = year + 1
    return (
        after >= sentence.last
        or bool(sentence.cut[after])
        or (
            words.gaps[after] == " "
            and words.raws[after][0].islower()
            and words.lower[after] not in ("on", "for")
        )
    )


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
    if end - k < 3 or not ended or words.lower[k + 2] in ("the", "this", "a", "which"):
        return None
    return Named(k, end, words.name(k, end), kind=kind_of(words.lower, k, end), sure=False)


def with_small_subject(sentence: Sentence, k: int, limit: int) -> int:
    """Where a name ends whose subject has no capitals: "European school on asymptotic combinatorics"."""
    words = sentence.words
    if k + 1 >= limit or words.lower[k] not in ("on", "of", "for") or sentence.cut[k]:
        return k
    end = k + 1
    while (
        end < limit
        and not sentence.cut[end]
        and words.raws[end].isalpha()
        and words.lower[end] not in _ENDS_SUBJECT
    ):
        end += 1
    few = 1 <= end - k - 1 <= 8 and words.lower[k + 1] not in ("the", "this", "a", "which", "our")
    return end if few and (end >= limit or sentence.cut[end] or words.lower[end] in _ENDS_SUBJECT) else k


def _small_before_head(sentence: Sentence, k: int, limit: int) -> bool:
    """Whether words in lower case lead up to an event's head: "Joan Doe birthday symposium"."""
    for j in range(k + 1, min(k + 3, limit)):
        if sentence.words.gaps[j] != " ":
            return False
        if sentence.words.lower[j] in EVENT_HEADS:
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


def with_acronym(sentence: Sentence, named: Named) -> Named:
    """The acronym in brackets after a spelled-out event names it: "... Low Carbon Computing (LOCO 2024)"."""
    words, k = sentence.words, named.end
    while k < sentence.last and not sentence.cut[k] and words.raws[k].islower() and k - named.end < 6:
        k += 1  # "Conference on Computer supported cooperative work (CSCW 2013)"
    if named.row is not None or k >= sentence.last or (k > named.end and named.kind != "conference"):
        return named
    if named.quoted and k + 1 < sentence.last and words.lower[k] in EVENT_HEADS and "(" in words.gaps[k + 1]:
        k += 1  # "Title of a Meeting" Conference (Rencontres de Blois 2008)
    gap = words.gaps[k]
    quoted = sentence.venues.get(k) if k == named.end and opens_quote(gap) else None
    if quoted is not None and quoted.sure and quoted.row.kind == "conference":
        # International Seminar on High Energy Physics "Quarks-2016"
        return Named(named.start, quoted.end, quoted.row.name, quoted.row, quoted.row.kind, sure=True)
    bracketed = gap.strip() in ("(", "-", ":", '" (', '"(') or gap.strip().endswith("(")
    apposed = gap.strip() in (",", '",') and _dated_acronym(sentence, k) if k + 1 < sentence.last else False
    if not (bracketed or apposed):
        return named
    numbered = k + 1 if "(" in gap and k not in sentence.venues and is_ordinal(words.lower[k]) else k
    found = sentence.venues.get(numbered) if not words.raws[k].islower() else None
    if found is not None and named.kind in ("conference", "workshop") and found.row.kind == "journal":
        found = None  # "International IMACS Conference on Applications of Computer Algebra (ACA'98)"
    if found is not None and named.kind == "workshop" and found.row.kind == "conference":
        if not _has_initials(words, named, words.raws[k]):
            return named  # its host
        found = None
    if found is not None:
        return Named(named.start, found.end, found.row.name, found.row, found.row.kind, sure=True)
    raw = words.raws[k]
    if words.lower[k] in SPONSORS and (k + 1 >= sentence.last or words.raws[k + 1].islower()):
        return named  # "(IEEE sponsored)"
    if ("(" in gap or apposed) and is_acronym(raw) and named.kind in ("conference", "workshop", None):
        end = k + 1
        while end < sentence.last and (
            (words.gaps[end] in ("-", "@", "&") and words.raws[end][0].isupper())
            or (words.gaps[end] == " " and is_acronym(words.raws[end]))
        ):
            end += 1
        dated = end < sentence.last and full_year(words.raws[end]) is not None
        if not dated and not _abbreviates(raw, words.span(named.start, named.end)):
            return named
        kind = named.kind or ("conference" if dated else None)
        return named._replace(name=words.name(k, end), end=end, kind=kind)
    return named


def _has_initials(words: Words, named: Named, acronym: str) -> bool:
    """Whether the capitals of an acronym are, in order, those of a name's words."""
    initials = iter(word[0] for word in words.lower[named.start : named.end])
    return all(letter.lower() in initials for letter in acronym if letter.isupper())


def _abbreviates(acronym: str, phrase: str) -> bool:
    """Whether the capitals of an acronym stand, in order, in the words that it is said to abbreviate."""
    letters = iter(phrase.lower())
    return phrase.lower().find(acronym[0].lower()) >= 0 and all(
        letter.lower() in letters for letter in acronym if letter.isupper()
    )
