"""Acronyms of venues that stand outside the tables: in brackets behind the name, or alone with their year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bridge.marks import Sentence
from bridge.named import EVENT_HEADS, SPONSORS, Named, full_year, is_acronym, is_ordinal
from bridge.phrases import word_set
from bridge.quotes import opens_quote
from bridge.venue_table import VenueRow
from bridge.venue_years import year_after
from bridge.words import LEFT_OUT, Words, plain_words, word_forms

_STEM = 6  # letters of a word that tell what it is about: "modelling" and "models", "physcis" and "physics"


def is_dated_acronym(sentence: Sentence, k: int) -> bool:
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


def _tail(sentence: Sentence, named: Named) -> Named | None:
    """A spelled-out event whose acronym, with a year, ends its name: "Conference on Foo Bars: CFB 2010"."""
    words, last = sentence.words, named.end - 1
    if named.row is not None or named.quoted or named.kind not in ("conference", "workshop"):
        return None
    raw, gap = words.raws[last], words.gaps[last].strip()
    apart = last - named.start > 2 and gap in (":", "-", "–") and words.gaps[last] != gap
    if not apart or not is_acronym(raw) or year_after(sentence, named.end) is None:
        return None
    found = sentence.venues.get(last)
    if found is not None and found.sure and found.row.kind == "conference":
        return Named(named.start, named.end, found.row.name, found.row, found.row.kind)
    return replace(named, name=raw)


def with_acronym(sentence: Sentence, named: Named) -> Named:
    """The acronym in brackets after a spelled-out event names it: "... Low Carbon Computing (LOCO 2024)"."""
    words, k = sentence.words, named.end
    tail = _tail(sentence, named)
    if tail is not None:
        return tail
    while k < sentence.last and not sentence.cut[k] and words.raws[k].islower() and k - named.end < 6:
        k += 1  # "Conference on Computer supported cooperative work (CSCW 2013)"
    if named.row is not None and k == named.end and k < sentence.last and _another(words, named, k):
        return Named(named.start, k + 1, words.raws[k], kind="conference", sure=False)
    if named.row is not None or k >= sentence.last or (k > named.end and named.kind != "conference"):
        return named
    if named.quoted and k + 1 < sentence.last and words.lower[k] in EVENT_HEADS and "(" in words.gaps[k + 1]:
        k += 1  # "Title of a Meeting" Conference (Rencontres de Blois 2008)
    gap = words.gaps[k]
    quoted = sentence.venues.get(k) if k == named.end and opens_quote(gap) else None
    dated = (
        quoted is not None and quoted.end < sentence.last and full_year(words.raws[quoted.end]) is not None
    )
    if quoted is not None and (quoted.sure or dated) and quoted.row.kind == "conference":
        # International Seminar on High Energy Physics "Quarks-2016"
        return Named(named.start, quoted.end, quoted.row.name, quoted.row, quoted.row.kind, sure=True)
    short = sentence.venues.get(k) if gap == ", " and k == named.end and is_acronym(words.raws[k]) else None
    if (
        short is not None
        and (short.sure, short.end) == (True, k + 1)
        and short.row.kind == named.kind == "conference"
        and _has_initials(words, named, words.raws[k])
    ):  # "Intenational Conference on Computer Vision, ICCV"
        return Named(named.start, short.end, short.row.name, short.row, short.row.kind, sure=True)
    bracketed = gap.strip() in ("(", "-", ":", '" (', '"(') or gap.strip().endswith("(")
    apposed = gap.strip() in (",", '",') and is_dated_acronym(sentence, k) if k + 1 < sentence.last else False
    if not (bracketed or apposed) or words.lower[k + 1 : k + 2] == ["series"]:
        return named  # "Title" (ACS series, 1996)
    numbered = k + 1 if "(" in gap and k not in sentence.venues and is_ordinal(words.lower[k]) else k
    found = sentence.venues.get(numbered) if not words.raws[k].islower() else None
    if found is not None and named.kind in ("conference", "workshop") and found.row.kind == "journal":
        found = None  # "International IMACS Conference on Applications of Computer Algebra (ACA'98)"
    if found is not None and named.kind == "conference" and found.row.kind == "workshop":
        found = None
    if found is not None and named.kind == "workshop" and found.row.kind == "conference":
        if not _has_initials(words, named, words.raws[k]):
            return named  # its host
        found = None
    raw = words.raws[k]
    alone = found is not None and found.end == k + 1 and is_acronym(raw)
    if found is not None and alone and _names_another(words, named, found.row):
        if named.kind == found.row.kind == "journal":
            return named
        found = None
    if found is not None:
        return Named(named.start, found.end, found.row.name, found.row, found.row.kind, sure=True)
    if words.lower[k] in SPONSORS and (k + 1 >= sentence.last or words.raws[k + 1].islower()):
        return named  # "(IEEE sponsored)"
    if ("(" in gap or apposed) and is_acronym(raw) and named.kind in ("conference", "workshop", None):
        end = k + 1
        while end < sentence.last and (
            (words.gaps[end] in ("-", "@", "&") and words.raws[end][0].isupper())
            or (words.gaps[end] == " " and is_acronym(words.raws[end]))
        ):
            end += 1
        counted = words.lower[end + 1 : end + 2] in (["th"], ["st"], ["nd"], ["rd"])
        dated = end < sentence.last and full_year(words.raws[end]) is not None and not counted
        if not dated and not _abbreviates(raw, words.span(named.start, named.end)):
            return named
        kind = named.kind or ("conference" if dated else None)
        return replace(named, name=words.name(k, end), end=end, kind=kind)
    return named


def _another(words: Words, named: Named, k: int) -> bool:
    """Whether the initials in brackets behind an event's name are those of its words, and no short name of
    the event that the tables take it for: "Conference on Computer and Communications (ICCC)"."""
    row, raw = named.row, words.raws[k]
    if row is None or row.kind != "conference" or named.end - named.start < 4 or not is_acronym(row.name):
        return False
    if "(" not in words.gaps[k] or not raw.isupper() or len(raw) < 3:
        return False
    initials = "".join(word[0] for word in words.raws[named.start : named.end] if word[0].isupper())
    known = (row.name, row.full_name, *row.aliases, *row.cue_aliases)
    return raw == initials and not any(raw in form.split() or form.upper() == raw for form in known)


def acronym_behind(sentence: Sentence, named: Named) -> bool:
    """Whether the acronym of a name stands behind it: "Journal of Foo and Bar, JFB"."""
    words, k = sentence.words, named.end
    if k >= sentence.last or words.gaps[k] not in (", ", " (") or not is_acronym(words.raws[k]):
        return False
    return words.raws[k].isupper() and len(words.raws[k]) > 2 and _has_initials(words, named, words.raws[k])


# words that tell nothing of what a meeting is about
_OF_ANY_MEETING = EVENT_HEADS | SPONSORS | word_set("general event words") | word_set("of any meeting")


def _names_another(words: Words, named: Named, row: VenueRow) -> bool:
    """Whether a spelt-out name shares so little with a venue of the tables that the acronym behind it is that
    of another: "Conference on Control and Automation (ICCA)" is none on Clifford algebras."""
    forms = word_forms()

    def subject(said: Iterable[str]) -> set[str]:
        told = (word for word in said if word not in LEFT_OUT and word not in _OF_ANY_MEETING)
        return {forms.get(word, word)[:_STEM] for word in told if len(word) > 2 and word.isalpha()}

    own = subject(words.lower[named.start : named.end])
    names = (row.full_name, *row.aliases, *row.cue_aliases)
    known = subject(word for name in names for word in plain_words(name))
    return len(own) > 1 and len(known) > 1 and 3 * len(own & known) < len(own)


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
