"""Venues as a comment words them: names outside the tables, workshops at conferences, and the year.

Works on a `Sentence`: its words, where the venues of the tables stand, and where its parts are cut.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from bridge.marks import APART, JOINED, PART, Sentence
from bridge.phrases import word_set
from bridge.record import Kind
from bridge.venue_table import Found, VenueRow, is_series_name
from bridge.words import Words

MONTHS = word_set("months")
_KIND_WORDS: dict[str, Kind] = {
    "workshop": "workshop", "workshops": "workshop", "atelier": "workshop", "wksp": "workshop",
    "conference": "conference", "conf": "conference", "symposium": "conference", "symp": "conference",
    "meeting": "conference", "congress": "conference", "colloquium": "conference", "school": "conference",
    "seminar": "conference", "proceedings": "conference", "proc": "conference", "assembly": "conference",
    "conférence": "conference", "journées": "conference", "rencontres": "conference", "moriond": "conference",
    "forum": "conference", "institute": "conference", "days": "conference", "conferences": "conference",
    "retreat": "conference", "tagung": "conference", "congreso": "conference", "summit": "conference",
    "convention": "conference", "course": "conference", "lectures": "conference", "colloque": "conference",
    "session": "conference", "track": "conference", "challenge": "conference", "symposia": "conference",
    "journal": "journal", "j": "journal", "transactions": "journal", "trans": "journal", "letters": "journal",
    "lett": "journal", "annals": "journal", "ann": "journal", "review": "journal", "rev": "journal",
    "reviews": "journal", "bulletin": "journal", "bull": "journal", "acta": "journal", "archiv": "journal",
    "archive": "journal", "magazine": "journal", "mag": "journal", "revista": "journal", "revue": "journal",
    "annales": "journal", "zeitschrift": "journal", "quarterly": "journal", "mathematica": "journal",
    "communications": "journal", "commun": "journal", "monthly": "journal", "gazette": "journal",
    "reports": "journal", "phys": "journal", "math": "journal", "appl": "journal", "sci": "journal",
    "advances": "journal", "studia": "journal", "annalen": "journal", "memoirs": "journal",
    "book": "book", "handbook": "book", "encyclopedia": "book", "encyclopaedia": "book", "volume": "book",
    "festschrift": "book", "companion": "book", "chapter": "book",
}  # fmt: skip
_EVENT = frozenset(word for word, kind in _KIND_WORDS.items() if kind in ("workshop", "conference"))
STRONG_HEADS = _EVENT - word_set("strong heads")
EVENT_HEADS = word_set("event heads")
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


@dataclass(frozen=True, slots=True)
class Named:
    """A venue that the sentence names at words[start:end]."""

    start: int
    end: int
    name: str
    row: VenueRow | None = None
    kind: Kind | None = None
    year: int | None = None
    sure: bool = True
    quoted: bool = False
    reasons: tuple[str, ...] = field(default=())

    @property
    def is_series(self) -> bool:
        return self.row.is_series if self.row is not None else is_series_name(self.name)


def from_table(found: Found) -> Named:
    return Named(found.start, found.end, found.row.name, found.row, found.row.kind, sure=found.sure)


def kind_of(lower: list[str], start: int, end: int) -> Kind | None:
    """The kind that the words of a name tell: a workshop before a conference before a journal."""
    kinds = {_KIND_WORDS[word] for word in lower[start:end] if word in _KIND_WORDS}
    for kind in ("workshop", "conference", "book", "journal"):
        if kind in kinds:
            return kind  # type: ignore[return-value]  # a member of Kind
    return None


def is_acronym(raw: str) -> bool:
    return len(raw) >= 2 and sum(letter.isupper() for letter in raw) >= 2


def full_year(digits: str) -> int | None:
    """1991 or 2026 as it stands; "95" and "07" as years of arXiv's time."""
    if not digits.isdecimal():
        return None
    if len(digits) == 4:
        year = int(digits)
        return year if 1950 <= year <= 2049 else None
    if len(digits) == 2:
        year = int(digits)
        return 1900 + year if year >= 85 else 2000 + year if year <= 40 else None
    return None


def own_words(sentence: Sentence, k: int, limit: int) -> Named | None:
    """The venue outside the tables whose name begins at word k, as far as the capitalised words go."""
    words, cut = sentence.words, sentence.cut
    text, lower = words.text, words.lower
    opening = _OPENING.search(words.gap(k)[-8:])
    if opening:
        closing = text.find(_QUOTES[opening[1]], words.start[k])
        if closing > 0:
            end = k
            while end < len(words) and words.end[end] <= closing:
                end += 1
            if end > k and (end - k > 1 or is_acronym(words.raw(k))):
                return Named(k, end, words.name(k, end), kind=kind_of(lower, k, end), sure=False, quoted=True)
    first = k
    raw = words.raw(k)
    if raw.isdecimal():
        if k + 2 < limit and lower[k + 1] in _ORDINAL and not words.gap(k + 1):
            first = k + 2
        elif len(raw) == 4 and k + 1 < limit:
            first = k + 1
        else:
            return None
        raw = words.raw(first)
    elif lower[k] in EVENT_HEADS and k + 1 < limit and lower[k + 1] in ("on", "for", "of"):
        raw = raw.capitalize()
    if not raw[0].isupper() or lower[first] in _NEVER_FIRST:
        return None
    end = last_name = first + 1
    while end < limit:
        word, raw, gap = lower[end], words.raw(end), words.gap(end)
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
            if closing < 0 or not (lower[end - 1] in _EVENT or lower[end - 1] in _INSIDE):
                break
            while end < limit and words.end[end] <= closing:  # International Colloquium "Integrable Systems"
                end += 1
            last_name = end
            continue
        if word == "special" and end + 1 < limit and lower[end + 1] in ("issue", "section", "volume"):
            break
        if (
            word in _STOP
            or word in MONTHS
            or (raw.isdecimal() and not (words.gap(end) in ("-", "") and last_name == end))
        ):
            if full_year(raw) and end + 1 < limit and words.raw(end + 1)[0].isupper() and not cut[end + 1]:
                end += 1  # "SPP 2026 Geometry at Infinity": the year goes on into the name
                continue
            break
        if (
            raw[0].isupper()
            or (word in _EVENT and raw.islower())
            or (lower[end - 1] in _ROMANCE and word not in _INSIDE)
        ):
            last_name = end + 1
        elif len(word) == 1 and end + 1 < limit and words.gap(end + 1) == "-":
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
        and is_acronym(words.raw(first))
    ):
        return None  # "one of the AAS journals"
    if lower[first] in _PUBLISHERS and end - first > 2 and not cut[first + 1]:
        first += 1
    kind = kind_of(lower, first, end)
    if lower[first] == "the" and end - first > 1:
        first += 1
    if end - first == 1 and (lower[first] in _KIND_WORDS or not raw):
        return None
    return Named(first, end, words.name(first, end), kind=kind, sure=False)


def _abbreviated(words: Words, first: int, k: int) -> bool:
    """Whether the stop before word k is that of an abbreviation: "J. Mol. Biol.", but not "Chaos. Added text"."""
    if words.gap(k) not in (". ", ".") or len(words.raw(k - 1)) > 5 or not words.raw(k)[0].isupper():
        return False
    after = words.text[words.end[k] : words.end[k] + 1]
    return after in ("", ".", ",", ";") and len(words.raw(k)) <= 8


def with_acronym(sentence: Sentence, named: Named) -> Named:
    """The acronym in brackets right after a spelled-out event names it: "... Low Carbon Computing (LOCO 2024)"."""
    words, k = sentence.words, named.end
    if named.row is not None or k >= sentence.last:
        return named
    gap = words.gap(k)
    bracketed = gap.strip() in ("(", "-", ":", '" (', '"(') or gap.strip().endswith("(")
    if not bracketed:
        return named
    found = sentence.venues.get(k)
    if found is not None and named.kind == "workshop" and found.row.kind == "conference":
        return named  # its host
    if found is not None and found.row.kind in ("conference", "workshop", "journal"):
        return Named(named.start, found.end, found.row.name, found.row, found.row.kind, sure=True)
    raw = words.raw(k)
    if "(" in gap and is_acronym(raw) and named.kind in ("conference", "workshop", None):
        end = k + 1
        while end < sentence.last and (
            (words.gap(end) in ("-", "@", "&") and words.raw(end)[0].isupper())
            or (words.gap(end) == " " and is_acronym(words.raw(end)))
        ):
            end += 1
        dated = end < sentence.last and full_year(words.raw(end)) is not None
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
    kept = [i for i in range(start, end) if not words.raw(i).isdecimal() and words.lower[i] not in _ORDINAL]
    bracketed = [i for i in kept if words.gap(i).endswith("(")]
    for i in bracketed + kept:
        raw = words.raw(i)
        if is_acronym(raw) and words.lower[i] not in ("ieee", "acm", "cvf"):
            stop = i + 1
            while stop < len(words) and words.gap(stop) in ("", "-") and words.raw(stop)[0].isalnum():
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
        named.row is not None or is_acronym(words.raw(named.end - 1))
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
        if k < last and cut[k] == PART and "(" not in words.gap(k):
            j = k + 1 if words.raw(k) == host and k + 1 < last else k
            after = own_words(sentence, j, last)
            if (
                after is not None
                and after.kind == "workshop"
                and words.gap(after.end).strip() in ("@", "at", "")
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
            if cut[j] == PART and "," in words.gap(j):
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
                    full_year(words.raw(i))
                    for i in range(k, end)
                    if len(words.raw(i)) == 4 and words.raw(i).isdecimal()
                ),
                None,
            )
            return Named(
                named.start, end, f"{name}@{host}" if name else f"{host} workshop", None, "workshop", year,
                named.sure, reasons=(*named.reasons, "workshop"),
            )  # fmt: skip
    if named.kind == "workshop":
        j = named.end
        while j < last and j - named.end < 12 and cut[j] != APART:
            found = sentence.venues.get(j)
            if (
                found is not None
                and found.row.kind == "conference"
                and found.sure
                and not found.row.is_series
            ):
                name = named.row.name if named.row else _workshop_name(sentence, named.start, named.end)
                year = named.year or _year_after(sentence, found.end, tight=True)
                return Named(
                    named.start, found.end, f"{name or named.name}@{found.row.name}", None, "workshop", year, named.sure,
                    reasons=(*named.reasons, "workshop"),
                )  # fmt: skip
            j += 1
    return named


def _findings(host: str) -> str:
    return host if "Findings" in host else f"{host} Findings"


_YEAR_BEFORE = word_set("year before")


def _year_after(sentence: Sentence, k: int, *, tight: bool) -> int | None:
    """The year that stands right after a name: "2020", "'20", "-20", "(2020)", ", 2020", "2015 (oral)"."""
    words = sentence.words
    if k >= sentence.last:
        return None
    gap, raw = words.gap(k), words.raw(k)
    if not raw.isdecimal():
        return None
    if len(raw) == 4:
        return full_year(raw) if len(gap.strip()) <= 2 else None
    if (
        len(raw) == 2
        and (not tight or gap.strip() in ("'", "’", "`", "-", "‘", ""))
        and gap.strip() in ("'", "’", "`", "-", "‘", "")
    ):
        return full_year(raw)
    return None


def year_of(sentence: Sentence, named: Named, *, dated: bool) -> int | None:
    """The venue's year as stated beside its name, else (with `dated`) the year of a date after it."""
    if named.year is not None:
        return named.year
    words, lower = sentence.words, sentence.words.lower
    journal = named.kind in ("journal", "book")
    for k in range(named.start, named.end):
        raw = words.raw(k)
        if (
            raw.isdecimal()
            and len(raw) == 4
            and full_year(raw)
            and (k == named.start or k == named.end - 1 or not named.quoted)
        ):
            if not (
                named.row is None
                and k + 1 < named.end
                and named.start < k
                and words.raw(k + 1)[0].isupper()
                and kind_free(lower, named)
            ):
                return full_year(raw)
    k = named.end
    if k < sentence.last and words.raw(k).isdecimal():
        raw, gap = words.raw(k), words.gap(k)
        if len(raw) == 4 and full_year(raw) and len(gap.strip()) <= 3:
            return full_year(raw)
        tight = gap.strip() in ("'", "’", "`", "‘", "'’") or gap == "-" or gap == ""
        if len(raw) == 2 and full_year(raw) and not (k + 1 < sentence.last and lower[k + 1] in _ORDINAL):
            spaced = gap == " " and (
                is_acronym(words.raw(k - 1)) or not EVENT_HEADS.isdisjoint(lower[k + 1 : k + 2])
            )
            if gap == ") " and not EVENT_HEADS.isdisjoint(lower[k + 1 : k + 2]):
                return full_year(raw)
            if gap.strip() in ("'", "’", "`", "‘") or (not journal and (tight or spaced)):
                attached = gap == "" and raw[0] != "0"
                later = _four_digits(sentence, k + 1) if attached else None
                if later is not None or not (attached and _is_ordinal(sentence, named, int(raw))):
                    return later or full_year(raw)
    for k in range(named.start - 1, max(sentence.first, named.start - 4) - 1, -1):
        raw = words.raw(k)
        if raw.isdecimal():
            if len(raw) == 4 and full_year(raw) and sentence.cut[k + 1] == JOINED:
                return full_year(raw)
            if lower[k + 1] not in _ORDINAL:
                break
        elif (
            lower[k] not in _YEAR_BEFORE
            and lower[k] not in _ORDINAL
            and lower[k] not in ("cvf", "rsj", "usenix")
        ):
            break
    if journal:
        cited = _CITED.match(words.text, words.end[named.end - 1])
        if cited:
            return full_year(cited[1])
    if not dated:
        return None
    open_quote = named.quoted or words.span(named.start, named.end).count('"') % 2 == 1
    return _four_digits(sentence, named.end, quoted=open_quote)


# what follows a journal's name in a reference: "49 (1994) 6354", ", vol. 57, issue 5 (01 May 1998)"
_CITED = re.compile(
    r"[\s,.]*(?:vol(?:ume)?\.?\s*)?[A-Z]?\d{1,4}[A-Z]?\b[\w\s,:./\[\]-]{0,50}?[(,]\s*(?:\w{1,9}\.?\s+){0,2}((?:19|20)\d\d)\b(?![-\d])",
    re.IGNORECASE,
)


def _is_ordinal(sentence: Sentence, named: Named, number: int) -> bool:
    """Whether the event counts itself with this number: "XXIst Conference (ISQS21)"."""
    words = sentence.words
    for k in range(max(sentence.first, named.start - 3), named.end):
        raw = words.raw(k)
        if (
            raw.isdecimal()
            and int(raw) == number
            and k + 1 < sentence.last
            and words.lower[k + 1] in ("th", "st", "nd", "rd")
        ):
            return True
        roman = re.match(r"[XVI]+", raw)
        if roman and _roman(roman.group()) == number:
            return True
    return False


def _roman(digits: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10}[digit] for digit in digits]
    return sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))


def kind_free(lower: list[str], named: Named) -> bool:
    """Whether nothing in a name says that it is an event or a journal (then a number in it is no year)."""
    return kind_of(lower, named.start, named.end) is None


_PAGE_LIKE = re.compile(r"[-–]\s*$")


def _four_digits(sentence: Sentence, k: int, *, quoted: bool = False) -> int | None:
    """The first year from word k to the end of the sentence, outside quotation marks and page ranges."""
    words = sentence.words
    inside = quoted  # the closing mark stands before word k
    for j in range(k, sentence.last):
        raw = words.raw(j)
        inside ^= words.gap(j).count('"') % 2 == 1
        if inside or not (raw.isdecimal() and len(raw) == 4):
            continue
        year = full_year(raw)
        if year is None:
            continue
        gap = words.gap(j)
        after = words.text[words.end[j] : words.end[j] + 2]
        if gap[-1:] in ("-", "–", ".", ":") and words.raw(j - 1).isdecimal() and not gap.endswith(" "):
            if gap[-1:] != ".":
                continue
        if after[:1] in ("-", "–") and after[1:2].isdecimal():
            continue
        if after[:1] == "." and after[1:2].isdecimal():
            continue
        before = words.lower[j - 1] if j else ""
        if before in ("pages", "pp", "p", "vol", "arxiv", "v"):
            continue
        return year
    return None
