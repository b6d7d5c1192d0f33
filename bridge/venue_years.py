"""The year of a venue as a comment states it: beside the name, or in a date further on."""

from __future__ import annotations

import re

from bridge.latepattern import LatePattern
from bridge.marks import JOINED, Sentence
from bridge.named import EVENT_HEADS, EVENT_WORDS, Named, full_year, is_acronym, kind_of
from bridge.phrases import word_set
from bridge.words import Words

_FAR = 300  # characters: what stands further off is another's
_ORDINAL = word_set("ordinal")
_MONTHS = word_set("months")
_YEAR_BEFORE = word_set("year before")


_APOSTROPHES = frozenset("'’`‘")
_OF_VERSIONS = frozenset(["replaced", "revised", "updated", "submission", "received"])


def year_after(sentence: Sentence, k: int) -> int | None:
    """The year that is word k, right after a name: "2020", "'20", "-20", "(2020)", ", 2020"."""
    words = sentence.words
    if k >= sentence.last or not words.raws[k].isdecimal():
        return None
    gap, raw = words.gaps[k].strip(), words.raws[k]
    if _DAY_OR_NUMBER.match(words.text, words.start[k]):
        return None
    if len(raw) == 4:
        return full_year(raw) if len(gap) <= 2 else None
    return full_year(raw) if gap in _APOSTROPHES or gap in ("-", "") else None


def bracketed_year(words: Words, k: int) -> int | None:
    """A year in brackets right behind word k - 1, with a month or without: "(2002)", "(Jan 99)"."""
    found = _BRACKETED.match(words.text, words.end[k - 1])
    return full_year(found[1] or found[2]) if found else None


def said_year(words: Words, k: int) -> int | None:
    """The year of a date that begins with word k: "2014-09-18", "24 April 2014", "May 2012"."""
    found = _SAID_DATE.match(words.text, words.end[k - 1])
    return full_year(next(filter(None, found.groups()))) if found else None


def day_behind(sentence: Sentence, k: int) -> bool:
    """Whether the words from k on begin with a date to the day: ", 25 Jan. 2008", ", 12.12.2014"."""
    return _DATE.match(sentence.words.text, sentence.words.end[k - 1]) is not None


def month_behind(sentence: Sentence, k: int) -> bool:
    """Whether a month with its year follows: "(Jan 99)" behind a journal that something was sent to."""
    return _MONTH_BEHIND.match(sentence.words.text, sentence.words.end[k - 1]) is not None


def year_of(sentence: Sentence, named: Named, *, dated: bool) -> int | None:
    """The venue's year as stated beside its name, else (with `dated`) the year of a date after it."""
    words = sentence.words
    if not words.numbered:
        return named.year
    year = named.year or _within(sentence, named) or _behind(sentence, named) or _before(sentence, named)
    if year is None and named.kind in ("journal", "book"):
        end = words.end[named.end - 1]
        cited = None if _DAY_OF_MONTH.match(words.text, end) else _CITED.match(words.text, end)
        cited = cited or _VOLUME_AND_DATE.match(words.text, end)
        cited = cited or _HOUSE.match(words.text, end) or _IN_YEAR.match(words.text, end)
        year = full_year(next(filter(None, cited.groups()))) if cited else None
    if year is None and named.kind == "journal":
        year = _of_special_issue(sentence, named)
    if year is None and dated:
        begin = words.start[sentence.first] - len(words.gaps[sentence.first])
        end, last = words.end[named.end - 1], words.end[sentence.last - 1]
        opened = words.text.count('"', begin, end) % 2 == 1
        opened = opened or words.text.count("``", begin, end) > words.text.count("''", begin, end)
        open_quote = opened and '"' in words.text[end:last]
        year = _four_digits(sentence, named.end, quoted=open_quote, until=_spoken_of(sentence, named))
        if year is None and open_quote and named.row is not None:
            year = _four_digits(sentence, named.end)  # "Physics of Fluids 1 May 2024"
        if year is None and named.kind not in ("journal", "book"):
            year = _dated_otherwise(sentence, named)
        if year is None and named.kind != "journal":
            house = _OF_HOUSE.search(words.text, end, end + _FAR)
            year = full_year(house[1]) if house else None
    return year


def issue_year(sentence: Sentence, named: Named) -> int | None:
    """The year of a month behind a journal that stands alone: "Risk, April 2014", "Results in Mathematics
    07/2015"."""
    found = _ISSUE.match(sentence.words.text, sentence.words.end[named.end - 1])
    return full_year(found[1]) if found else None


def _spoken_of(sentence: Sentence, named: Named) -> int:
    """The word from which the sentence speaks of something else, that has years of its own."""
    roles = ("other", "submitted", "erratum") if named.kind == "journal" else ("other",)
    others = (m.start for m in sentence.marks if m.role in roles and m.start >= named.end)
    until = min(_special_issue(sentence, named), next(others, sentence.last))
    if named.kind == "journal":
        # "accepted by A&A, replaced with revised version 16 Oct 2003"
        lower = sentence.words.lower
        until = next((k for k in range(named.end, until) if lower[k] in _OF_VERSIONS), until)
    return until


def _of_special_issue(sentence: Sentence, named: Named) -> int | None:
    """The year that ends a sentence on a special issue: "Foo Letters, special issue on Bars, 1999"."""
    words, last = sentence.words, sentence.last - 1
    subject = _special_issue(sentence, named)
    said = words.lower[subject:last]
    printed = "vol" in said and said[-1:] != ["vol"] and words.gaps[last] == " " and said[-1] in _MONTHS
    if subject >= last or not (printed or words.gaps[last] == ", ") or len(words.raws[last]) != 4:
        return None
    if not printed and not (EVENT_WORDS | _MONTHS).isdisjoint(said):
        return None  # when a meeting was held
    return full_year(words.raws[last])


def _special_issue(sentence: Sentence, named: Named) -> int:
    """The word from which the subject of a special issue is told, that has years of its own."""
    lower = sentence.words.lower
    if named.kind == "journal":
        for k in range(named.end, min(named.end + 8, sentence.last)):
            if lower[k] == "special" and not _SUBJECT.isdisjoint(lower[k + 1 : k + 5]):
                return k
    return sentence.last


def _dated_otherwise(sentence: Sentence, named: Named) -> int | None:
    """The year of an event from "8/94" behind its name or from a date that stands as the next sentence."""
    words = sentence.words
    short = _MONTH_AND_YEAR.match(words.text, words.end[named.end - 1])
    if short is None:
        # "Mumbai, India, Dec '98"
        short = _SHORT_YEAR.search(words.text, words.end[named.end - 1], words.end[sentence.last - 1])
    if short:
        return full_year(next(filter(None, short.groups())))
    alone = DAYS_AND_YEAR.match(words.text, words.end[sentence.last - 1])
    alone = alone or _PLACE_AND_DATE.match(words.text, words.end[sentence.last - 1])
    if alone:
        return full_year(next(filter(None, alone.groups())))
    # days of one meeting alone are its days, wherever they stand
    behind = words.end[sentence.last - 1]
    days = {found[1] or found[2] for found in DAYS_AND_YEAR.finditer(words.text, behind, behind + _FAR)}
    return full_year(days.pop()) if len(days) == 1 else None


def _within(sentence: Sentence, named: Named) -> int | None:
    """A year that is part of the name, but not the number of a programme or the subject of a title."""
    words, lower = sentence.words, sentence.words.lower
    for k in range(named.start, named.end):
        short = k > named.start and words.gaps[k] in _APOSTROPHES
        year = full_year(words.raws[k]) if short or len(words.raws[k]) == 4 else None
        if short and year is not None:
            return year  # COULOMB'05 Workshop
        if k == named.end - 1 > named.start and named.quoted and re.fullmatch("0\\d", words.raws[k]):
            return full_year(words.raws[k])  # "Traffic and Granular Flow 09"
        if year is None or not (k in (named.start, named.end - 1) or not named.quoted):
            continue
        inner = named.start < k < named.end - 1 and words.raws[k + 1][0].isupper()
        if not (named.row is None and inner and kind_of(lower, named.start, named.end) is None):
            return year
    return None


def _behind(sentence: Sentence, named: Named) -> int | None:
    """The year right behind the name; one of two digits only where it cannot be a volume or an ordinal."""
    words, lower, k = sentence.words, sentence.words.lower, named.end
    if k in sentence.venues and words.gaps[k] == "/" and is_acronym(words.raws[k]):
        k = sentence.venues[k].end  # "ACL/EACL 97"
    short = named.row is not None and k + 1 < sentence.last and is_acronym(words.raws[k])
    if short and ("(" in words.gaps[k] or (named.row is not None and words.raws[k] == named.row.name)):
        # "... Tools with Artificial Intelligence (TAI'96)", but "(EFB22)" is the 22nd
        raw = words.raws[k + 1]
        plain = raw.isdecimal() and len(raw) == 2 and words.gaps[k + 1] not in _APOSTROPHES
        return None if plain else year_after(sentence, k + 1)
    if k >= sentence.last or not words.raws[k].isdecimal():
        return None
    raw, gap = words.raws[k], words.gaps[k]
    year = full_year(raw)
    if _DAY_OR_NUMBER.match(words.text, words.start[k]):
        return None
    if len(raw) == 2 and gap == " " and int(raw) <= 31 and not _MONTHS.isdisjoint(lower[k + 1 : k + 2]):
        return None  # "ICML 14 February"
    if year is None or (len(raw) == 4 and len(gap.strip()) > 3):
        return None
    if len(raw) == 4:
        return year
    following = lower[k + 1 : k + 2]
    if not _ORDINAL.isdisjoint(following):
        return None
    before_head = not EVENT_HEADS.isdisjoint(following) or (
        following in (["proceedings"], ["proceeding"]) and raw[0] in "0789"
    )
    event = named.kind not in ("journal", "book") and int(raw) < 85
    if gap == " " and (before_head or event):  # "Detectors 21 Conference, 2025", "Meeting 13, Stockholm 2012"
        later = _four_digits(sentence, k + 1)
        if later is not None:
            return later
    if gap.strip() in _APOSTROPHES or (gap == ") " and before_head):
        return year
    if k + 1 < len(words) and words.gaps[k + 1] == ":" and words.raws[k + 1].isdecimal():
        return None  # "Conference Proceedings 25:1-16"
    alone = k + 1 == sentence.last or bool(sentence.cut[k + 1])
    of_old = named.row is not None and int(raw) > 85 and words.gaps[k + 1] == " "  # "Lattice 94 as a file"
    spaced = gap == " " and (is_acronym(words.raws[k - 1]) or before_head or alone or of_old)
    # "EQUIDIFF/99 proceedings", but not "CERN-TH/95-12"
    slashed = gap == "/" and is_acronym(words.raws[k - 1]) and words.gaps[k + 1][:1] not in ("-", "/")
    if named.kind in ("journal", "book") or not (gap in ("-", "") or spaced or slashed):
        return None
    if gap in ("", "-") and raw[0] != "0":  # "DSU08" is of 2008, but "EFB21" may be the 21st
        later = _four_digits(sentence, k + 1, months=gap == "-")
        if later is not None or _is_ordinal(sentence, named, int(raw)):
            return later
    return year


def _before(sentence: Sentence, named: Named) -> int | None:
    """The year in front of the name: "2015 SIAM International Conference", "the May 06 issue of PASP"."""
    words, lower = sentence.words, sentence.words.lower
    if "issue" in lower[max(sentence.first, named.start - 4) : named.start]:
        issue = _ISSUE_OF.search(words.text, words.start[sentence.first], words.start[named.start])
        if issue:
            return full_year((issue[1] or issue[2]).lstrip("'’`"))
    for k in range(named.start - 1, max(sentence.first, named.start - 6) - 1, -1):
        raw = words.raws[k]
        if raw.isdecimal():
            heading = k == sentence.first and words.gaps[k + 1] == ", " and named.kind != "journal"
            if len(raw) == 4 and full_year(raw) and (sentence.cut[k + 1] == JOINED or heading):
                return full_year(raw)
            beside = words.gaps[k].strip() in _APOSTROPHES and not sentence.cut[k + 1]
            if len(raw) == 2 and beside and lower[k + 1] not in _ORDINAL:
                return full_year(raw)  # "the '94 meeting"
            if lower[k + 1] not in _ORDINAL:
                return None
        elif lower[k] not in _YEAR_BEFORE and lower[k] not in _ORDINAL:
            joined = k > sentence.first and words.gaps[k] in ("-", "/") and lower[k - 1] in _YEAR_BEFORE
            if not joined:  # "2025 IEEE-RAS International Conference"
                return None
    return None


_SUBJECT = word_set("before a subject")
_ISO_DATE = LatePattern(r"\.(?:0?[1-9]|1[0-2])\.\d{1,2}\b")  # 1997.5.20
_MONTH_AND_YEAR = LatePattern(r"[\s,(]{1,3}(?:0?[1-9]|1[0-2])\s?/\s?((?:19|20)?\d\d)\b(?!/)")
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?"
_SHORT_YEAR = LatePattern(rf"\b{_MONTH},? ?(?:['’`/](\d\d)|([4-9]\d))\b")
MONTH_AND_YEAR = LatePattern(rf"\b{_MONTH},? ?(?:\d{{1,2}},? )?((?:19|20)\d\d)\b")
# "June 1-3, 1999" or "1-3 June 1999"
DAYS_AND_YEAR = LatePattern(
    rf"[\s\"”'’.,;()]{{1,5}}(?:{_MONTH} ?\d{{1,2}} ?[-–]{{1,3}} ?(?:{_MONTH} ?)?\d{{1,2}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? ?[-–]{{1,3}} ?\d{{1,2}}(?:st|nd|rd|th)? {_MONTH}),? ?((?:19|20)\d\d)\b"
    rf"|[\s,.;(]((?:19|20)\d\d),? {_MONTH} ?\d{{1,2}} ?[-–]{{1,3}} ?\d{{1,2}}\b"
)
_OF_OTHER_DATES = r"Accepted|Submitted|Revised|Received|Version|Last|Updated|Corrected|Published"
# "... Applications. Paris November 2005", "(ACL). Florence, Italy. July 2019", ", Praha'95"
_PLACE_AND_DATE = LatePattern(
    rf"\)?[.;]\s+(?!{_OF_OTHER_DATES})(?:[A-Z][a-z]+[,.]? ){{1,3}}{_MONTH},? ((?:19|20)\d\d)\b"
    rf"|\.\s+(?:{_MONTH},? )?((?:19|20)\d\d)(?=[.,;]|$)|[\s\",]+[A-Z][a-z]+ ?['’](\d\d)\b"
)
# "14-19 February" behind a name is no year, "TAUP-2048-93" is the number of a report
_DAY_OR_NUMBER = LatePattern(
    rf"\d\d?(?:st|nd|rd|th)? ?[-–]{{1,3}} ?\d\d?(?:st|nd|rd|th)?,? {_MONTH}"
    rf"|\d{{4}}-\d\d(?![\d-])|\d\d-\d{{1,3}}[A-Z]?\b(?!-)"
)
_DAY_OF_MONTH = LatePattern(rf"[\s,.]*\d{{1,2}} {_MONTH}", re.IGNORECASE)
_SAID_DATE = LatePattern(
    r"[\s:,.(]*(?:online:? )?(?:on |in )?"
    rf"(?:(?:\d{{1,2}}(?:st|nd|rd|th)? )?{_MONTH},? (?:\d{{1,2}},? )?((?:19|20)\d\d)"
    rf"|((?:19|20)\d\d))\b",
    re.IGNORECASE,
)
# "December 2006 Special Issue of", "2006 Christmas Issue of"; but that of "Nov. 10" is of a day
_ISSUE = LatePattern(rf"(?:,? {_MONTH},? |,? (?:0?[1-9]|1[0-2])/)((?:19|20)\d\d)(?=$|[,.;)])")
_ISSUE_OF = LatePattern(
    rf"\b(?:{_MONTH}[ -]?(['’`]\d\d|0\d|3[2-9]|[4-9]\d|\d{{4}})|((?:19|20)\d\d)) (?:\w+ ){{0,2}}"
    r"issue (?:of|in) (?:the )?[^\w]*$",
    re.IGNORECASE,
)
_MONTH_BEHIND = LatePattern(rf"[\s,.]*\(?{_MONTH},? ?['’`]?\d\d(?:\d\d)?\b")
_DATE = LatePattern(
    rf"[\s,.;(]*(?:accepted[\s,:]+(?:in )?{_MONTH},? ?(?:19|20)\d\d\b"
    rf"|(?:(?:accepted|on)[\s,:]+)*(?:\d{{1,2}}(?:st|nd|rd|th)? {_MONTH}"
    rf"|{_MONTH} ?\d{{1,2}}(?:st|nd|rd|th)?\b|\d{{4}},? {_MONTH} ?\d{{1,2}}\b"
    rf"|\d{{1,2}}[./]\d{{1,2}}[./]\d|\d{{4}}[-./]\d\d?[-./]\d))",
    re.IGNORECASE,
)
# "(Feb '99)", "in early 1996" behind a journal
_IN_YEAR = LatePattern(
    rf"\s*\d{{0,4}}\s*\({_MONTH} ?['’`]?(\d\d(?:\d\d)?)\)|\s+in (?:early|mid|late)[ -]((?:19|20)\d\d)\b"
    rf"|[\s,.]+{_MONTH} ?(?:['’`](\d\d)|([4-9]\d))\s*(?:$|[,.;)])"
)
_BRACKETED = LatePattern(rf"\s*\((?:(?:{_MONTH},? ?)?((?:19|20)\d\d)|{_MONTH},? ?['’`]?(\d\d))\)")
# "ApJ v544 Dec 2000", "Phys Rev Lett, v.83 1999"
_VOLUME_AND_DATE = LatePattern(
    rf"[\s,]+v(?:ol)?(?:\.?\s?\d{{1,4}},? {_MONTH},?|\.\s?\d{{1,4}}) ((?:19|20)\d\d)\b"
)
# "(Springer, 2019)" behind a journal
_HOUSE = LatePattern(r"\s*\((?:[A-Z][\w&-]*\.?,? ){1,3}((?:19|20)\d\d)\)")
# "(Springer, 1999)", "New York: Springer, 2008": what printed a volume, somewhere behind its name
_OF_HOUSE = LatePattern(
    r"\b(?:Springer(?:[- ]Verlag)?|World Scientific|Elsevier|Kluwer|Birkh(?:ä|a|\\\"a)user|Wiley"
    r"|Academic Press|(?:Cambridge|Oxford) University Press|Nova Science|Plenum|IOS Press|CRC Press)\b"
    r"[^.;()\d]{0,40}(?:, pp?\. ?[\d–-]+)?[, ]+((?:19|20)\d\d)\b(?![-–/]\d)"
)
# what follows a journal's name in a reference: "49 (1994) 6354", ", vol. 57, issue 5 (01 May 1998)"
_CITED = LatePattern(
    r"[\s,.()\"”]*(?:v(?:ol(?:ume)?)?\.?\s*)?[A-Z]?\d{1,4}[A-Z]?\b(?:\s?\(\d{1,4}(?:[-–/]\d{1,4})?\))?"
    r"[\w\s,:./#\[\]-]{0,50}?[(,]\s*"
    r"(?:\w{1,9}\.?,?\s+){0,2}((?:19|20)\d\d)\b(?![-\d])",
    re.IGNORECASE,
)


def _is_ordinal(sentence: Sentence, named: Named, number: int) -> bool:
    """Whether the event counts itself with this number: "XXIst Conference (ISQS21)"."""
    words = sentence.words
    for k in range(max(sentence.first, named.start - 3), min(named.end + 3, sentence.last)):
        raw = words.raws[k]
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


def _four_digits(
    sentence: Sentence, k: int, *, quoted: bool = False, months: bool = False, until: int | None = None
) -> int | None:
    """The first year from word k to the end of the sentence, outside quotation marks and page ranges.

    With `months` only a year of a date with a month counts.
    """
    words = sentence.words
    inside = quoted  # the closing mark stands before word k
    for j in range(k, sentence.last if until is None else until):
        raw = words.raws[j]
        inside ^= words.gaps[j].count('"') % 2 == 1
        if inside or not (raw.isdecimal() and len(raw) == 4):
            continue
        year = full_year(raw)
        if year is None:
            continue
        gap = words.gaps[j]
        if months and _MONTHS.isdisjoint(words.lower[max(k, j - 5) : j]):
            continue
        after = words.text[words.end[j] : words.end[j] + 2]
        if gap[-1:] in ("-", "–", ":") and words.raws[j - 1].isdecimal():
            continue
        if after[:1] in ("-", "–") and after[1:2].isdecimal():
            continue
        if after[:1] == "." and after[1:2].isdecimal() and not _ISO_DATE.match(words.text, words.end[j]):
            continue
        before = words.lower[j - 1] if j else ""
        if before in ("pages", "pp", "p", "vol", "arxiv", "v"):
            continue
        return year
    return None
