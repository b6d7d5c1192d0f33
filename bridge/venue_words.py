"""Venues as a comment words them: names outside the tables, acronyms in brackets, workshops at conferences.

Works on a `Sentence`: its words, where the venues of the tables stand, and where its parts are cut.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bridge.marks import APART, PART, Sentence
from bridge.named import EVENT_HEADS, EVENT_WORDS, Named, full_year, is_acronym, kind_of
from bridge.phrases import word_set
from bridge.venue_years import year_after
from bridge.words import Words

MONTHS = word_set("months")
# lower-case words that a venue's name may hold between capitalised ones
_INSIDE = word_set("inside")
_ROMANCE = word_set("romance")
_NEVER_FIRST = word_set("never first") | MONTHS
SPONSORS = word_set("sponsors")
_WITH_SPONSOR = word_set("with sponsor")
_PUBLISHERS = word_set("publishers")
_STOP = word_set("stop")
_QUOTES = {"'": "'", "`": "'", '"': '"', "“": "”", "``": "''", "«": "»", "''": "''", "‘": "’", "„": "“"}
_OPENING = re.compile(r"(``|''|[\"“«„‘]|(?<=\s)`|(?<=\s)')\s*(?:\\em\s*)?$")
_QUOTES_OPEN = frozenset("\"`'“«„‘")
_ORDINAL = word_set("ordinal")
ORDINALS = word_set("ordinals")
_SERIES_CONTINUES = re.compile(r",\s*(?:[A-Z][\w-]*\s*){1,3},?\s*(?:and|&)\s+[A-Z]|,\s*(?:and|&)\s+[A-Z]")


def own_words(sentence: Sentence, k: int, limit: int) -> Named | None:
    """The venue outside the tables whose name begins at word k, as far as the capitalised words go."""
    words, cut = sentence.words, sentence.cut
    text, lower = words.text, words.lower
    opening = _OPENING.search(words.gaps[k][-8:])
    if opening:
        closing = text.find(_QUOTES[opening[1]], words.start[k])
        if closing > 0:
            end = k
            while end < len(words) and words.end[end] <= closing:
                end += 1
            if end > k and (end - k > 1 or is_acronym(words.raws[k])):
                return Named(k, end, words.name(k, end), kind=kind_of(lower, k, end), sure=False, quoted=True)
    first = k
    raw = words.raws[k]
    if raw.isdecimal():
        if k + 2 < limit and lower[k + 1] in _ORDINAL and not words.gaps[k + 1]:
            first = k + 2
        elif len(raw) == 4 and k + 1 < limit:
            first = k + 1
        else:
            return None
        raw = words.raws[first]
    elif lower[k] in EVENT_HEADS and k + 1 < limit and lower[k + 1] in ("on", "for", "of"):
        raw = raw.capitalize()
    if not raw[0].isupper() or lower[first] in _NEVER_FIRST:
        return None
    end = last_name = first + 1
    while end < limit:
        word, raw, gap = lower[end], words.raws[end], words.gaps[end]
        if cut[end] == APART and not _abbreviated(words, first, end):
            break
        if cut[end] == PART and not (
            gap.strip() in (":", "-", "–")
            or (gap[0] == "," and _SERIES_CONTINUES.match(text, words.end[end - 1]))
        ):
            break
        if "@" in gap:
            break
        opening = _OPENING.search(gap[-8:]) if gap and gap[-1] in _QUOTES_OPEN else None
        if opening:
            closing = text.find(_QUOTES.get(opening[1], opening[1]), words.start[end])
            if closing < 0 or not (lower[end - 1] in EVENT_WORDS or lower[end - 1] in _INSIDE):
                break
            while end < limit and words.end[end] <= closing:  # International Colloquium "Integrable Systems"
                end += 1
            last_name = end
            continue
        if word == "special" and end + 1 < limit and lower[end + 1] in ("issue", "section", "volume"):
            break
        glued = raw.isdecimal() and not gap and end + 1 < limit and words.gaps[end + 1] == ""
        if glued and words.raws[end + 1][0].isupper():
            end = last_name = end + 2  # MM4SG
            continue
        if (
            word in _STOP
            or word in MONTHS
            or (raw.isdecimal() and not (words.gaps[end] in ("-", "") and last_name == end))
        ):
            if full_year(raw) and end + 1 < limit and words.raws[end + 1][0].isupper() and not cut[end + 1]:
                end += 1  # "SPP 2026 Geometry at Infinity": the year goes on into the name
                continue
            break
        if (
            raw[0].isupper()
            or (word in EVENT_WORDS and raw.islower())
            or (lower[end - 1] in _ROMANCE and word not in _INSIDE)
        ):
            last_name = end + 1
        elif len(word) == 1 and end + 1 < limit and words.gaps[end + 1] == "-":
            last_name = end + 1  # n-categories
        elif word not in _INSIDE and not (gap in ("-", "'", "’") and last_name == end):
            break
        elif gap in ("-", "'", "’") and word not in _INSIDE:
            last_name = end + 1
        end += 1
    end = last_name
    while end > first + 1 and lower[end - 1] in _PUBLISHERS and lower[end - 2] not in _INSIDE:
        end -= 1
    if all(
        lower[i] in SPONSORS or lower[i] in _INSIDE or lower[i] in _WITH_SPONSOR for i in range(first, end)
    ):
        return None
    if (
        end - first == 1
        and end < limit
        and lower[end] in ("journal", "journals")
        and is_acronym(words.raws[first])
    ):
        return None  # "one of the AAS journals"
    if lower[first] in _PUBLISHERS and end - first > 2 and not cut[first + 1]:
        first += 1
    kind = kind_of(lower, first, end)
    if lower[first] == "the" and end - first > 1:
        first += 1
    if end - first == 1 and kind is not None:
        return None
    return Named(first, end, words.name(first, end), kind=kind, sure=False)


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
    gap = words.gaps[k]
    bracketed = gap.strip() in ("(", "-", ":", '" (', '"(') or gap.strip().endswith("(")
    if not bracketed:
        return named
    found = sentence.venues.get(k)
    if found is not None and named.kind == "workshop" and found.row.kind == "conference":
        return named  # its host
    if found is not None and found.row.kind in ("conference", "workshop", "journal"):
        return Named(named.start, found.end, found.row.name, found.row, found.row.kind, sure=True)
    raw = words.raws[k]
    if "(" in gap and is_acronym(raw) and named.kind in ("conference", "workshop", None):
        end = k + 1
        while end < sentence.last and (
            (words.gaps[end] in ("-", "@", "&") and words.raws[end][0].isupper())
            or (words.gaps[end] == " " and is_acronym(words.raws[end]))
        ):
            end += 1
        dated = end < sentence.last and full_year(words.raws[end]) is not None
        if not dated and not _abbreviates(raw, words.span(named.start, named.end)):
            return named
        return replace(named, name=words.name(k, end), end=end, kind=named.kind or "conference")
    return named


def _abbreviates(acronym: str, phrase: str) -> bool:
    """Whether the capitals of an acronym stand, in order, in the words that it is said to abbreviate."""
    letters = iter(phrase.lower())
    return phrase.lower().find(acronym[0].lower()) >= 0 and all(
        letter.lower() in letters for letter in acronym if letter.isupper()
    )


def _workshop_name(sentence: Sentence, start: int, end: int) -> str:
    """The short name of a workshop worded in words[start:end]: its acronym, else its words."""
    words = sentence.words
    kept = [i for i in range(start, end) if not words.raws[i].isdecimal() and words.lower[i] not in _ORDINAL]
    bracketed = [i for i in kept if words.gaps[i].endswith("(")]
    for i in bracketed + kept:
        raw = words.raws[i]
        if is_acronym(raw) and words.lower[i] not in ("ieee", "acm", "cvf"):
            stop = i + 1
            while stop < len(words) and words.gaps[stop] in ("", "-") and words.raws[stop][0].isalnum():
                stop += 1
            return re.sub(r"-?(?:19|20)?\d\d$|-\d+$", "", words.span(i, stop)) or raw
    kept = [
        i
        for i in kept
        if words.lower[i] not in ("workshop", "workshops", "international", "the", "on", "for")
    ]
    return words.span(kept[0], kept[-1] + 1) if kept else ""


def with_host(sentence: Sentence, named: Named) -> Named:
    """A workshop at a conference becomes `NAME@HOST`; findings of a conference become `HOST Findings`."""
    words, lower, cut, last = sentence.words, sentence.words.lower, sentence.cut, sentence.last
    if (named.kind == "conference" and not named.is_series) and (
        named.row is not None or is_acronym(words.raws[named.end - 1])
    ):
        host = named.name
        start, k = named.start, named.end
        while (
            start > sentence.first
            and named.start - start < 3
            and lower[start - 1] in ("of", "the", "findings")
        ):
            start -= 1
            if lower[start] == "findings":
                return replace(named, start=start, name=_findings(host), reasons=(*named.reasons, "findings"))
        if k < last and cut[k] == PART and "(" not in words.gaps[k]:
            j = k + 1 if words.raws[k] == host and k + 1 < last else k
            after = own_words(sentence, j, last)
            if (
                after is not None
                and after.kind == "workshop"
                and words.gaps[after.end].strip() in ("@", "at", "")
            ):
                hosted = with_host(sentence, after)
                if hosted.name.endswith(f"@{host}"):
                    return hosted
        seen = None
        j = k
        while j < last and j - k < 14 and cut[j] != APART:
            if lower[j] == "findings" and j - k < 3:
                return replace(named, end=j + 1, name=_findings(host), reasons=(*named.reasons, "findings"))
            if lower[j] in ("workshop", "workshops", "ws"):
                seen = j
                break
            if cut[j] == PART and "," in words.gaps[j]:
                break
            if j in sentence.venues and sentence.venues[j].row.kind == "conference":
                break
            j += 1
        if seen is not None:
            end = seen + 1
            if end + 1 < last and lower[end] in ("on", "for", "of", ":") and not cut[end]:
                rest = own_words(sentence, end + 1, last)
                if rest is not None:
                    rest = with_acronym(sentence, rest)
                    end = rest.end
            name = _workshop_name(sentence, k, end)
            year = next(
                (
                    full_year(words.raws[i])
                    for i in range(k, end)
                    if len(words.raws[i]) == 4 and words.raws[i].isdecimal()
                ),
                None,
            )
            return Named(
                named.start, end, f"{name}@{host}" if name else f"{host} workshop", None, "workshop", year,
                named.sure, reasons=(*named.reasons, "workshop"),
            )  # fmt: skip
    if named.row is None and named.kind in (None, "conference") and is_acronym(words.raws[named.end - 1]):
        j = named.end + 1 if named.end < last and full_year(words.raws[named.end]) else named.end
        host_found = sentence.venues.get(j)
        if (
            host_found is not None
            and j < last
            and words.gaps[j] == " ("
            and host_found.row.kind == "conference"
        ):
            return replace(
                named,
                end=host_found.end,
                name=f"{named.name}@{host_found.row.name}",
                kind="workshop",
                year=year_after(sentence, named.end),
                reasons=(*named.reasons, "workshop"),
            )  # "SWITCH 2025 (MICCAI)"
    if named.kind == "workshop":
        j = named.end
        while j < last and j - named.end < 12 and cut[j] != APART:
            found = sentence.venues.get(j)
            if (
                found is not None
                and found.row.kind == "conference"
                and not found.row.is_series
                and (found.sure or lower[j - 1] in ("at", "the"))
            ):
                name = named.row.name if named.row else _workshop_name(sentence, named.start, named.end)
                year = named.year or year_after(sentence, found.end)
                return Named(
                    named.start,
                    found.end,
                    f"{name or named.name}@{found.row.name}",
                    kind="workshop",
                    year=year,
                    sure=named.sure,
                    reasons=(*named.reasons, "workshop"),
                )
            j += 1
    return named


def _findings(host: str) -> str:
    return host if "Findings" in host else f"{host} Findings"
