"""A journal_ref taken apart: journal, volume, issue, pages or article number, year.

Observed on real records: "Phys. Rev. D 76, 013009 (2007)", the SPIRES form "Phys.Rev.D76:013009,2007", and
"MNRAS 419 (2012) 1795-1803", "In Proc. ISSTA 2020, pages 14-26. ACM, 2020", several references.
What has none of these forms is kept whole, as `journal`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bridge.plaintext import decode_accents
from bridge.words import with_plain_accents


class JournalRef(NamedTuple):
    """One printed reference. `journal` stands at `text[start:end]` of the journal_ref it was read from.

    `erratum` tells that it is one to the paper; `others` are the further references of the same field, as
    they stand. `parsed` is False when nothing but the whole text could be had.
    """

    journal: str
    start: int
    end: int
    volume: str | None = None
    number: str | None = None
    pages: str | None = None
    article_number: str | None = None
    year: int | None = None
    erratum: bool = False
    parsed: bool = True
    others: tuple[str, ...] = ()


# a longer journal_ref is none
_READ_AT_MOST = 2000

_ERRATUM = re.compile(
    r"\W*\b(?:erratum|errata|corrigendum|publisher'?s?\s++note|addendum)\b|\W*\bibid", re.IGNORECASE
)
# A reference ends where the next begins: at a semicolon, at "Erratum", at a year followed by a new name.
_SEPARATOR = re.compile(
    r"\s*+;\s*+|\s*+[,\[(]?\s*+(?=\b(?:Erratum|Errata|Corrigendum|Addendum)\b)"
    r"|(?<=\(\d{4}\))\s*+,?\s*+(?:and\s++)?(?=[A-Z][a-z]+\.\s?[A-Z])"
)
_LEAD = re.compile(
    r"\s*+(?:(?:book\s++)?chapter\s*+\d*\s*+,?\s*+(?:in|of)\s++|dans\s++"
    r"|(?:published|appeared|appears|to appear|in press)\s++(?:in|at|as)?\s*+:?\s*+"
    r"|in(?:\s*+:)?\s++(?=[A-Z])|in(?=proceedings of)|[\"“'(\[]+)",
    re.IGNORECASE,
)

_YEAR = r"(?:18|19|20)\d\d"
_IN_BRACKETS = re.compile(rf"\((?:\d\d?\s++)?(?:[A-Za-z.]{{3,9}},?\s++(?:\d\d?,?\s++)?)?({_YEAR})[a-z]?\)")
_NO_YEAR = re.compile(
    r"\b(?:vol|volume|no|number|issue|pp|p|pages?|article|lncs|lnai|lnm)[.:\s]*$", re.IGNORECASE
)
# what stands before the journal: the year in brackets, authors and a title in quotation marks
_TITLE = re.compile(
    rf"(?:\(?{_YEAR}\)?[.,:]?\s++){{1,2}}(?=[A-Z])|[^\"“”]*[\"“][^\"“”]{{15,}}[\"”][.,]*\s*+(?:in\s++)?(?=[A-Z])",
    re.IGNORECASE,
)
_MONTH_AT_END = re.compile(
    r"[\s,;(]+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?$", re.IGNORECASE
)
_EDITORS = re.compile(r"[,;.(]\s*+(?:edited|eds?\b)", re.IGNORECASE)
# Phys.Rev. D76: the letter is that of the section, not of the volume
_SECTION = re.compile(
    r"(?:(?<=Phys)|(?<=Physics))\.?\s++[A-HX](?=\d)|(?:(?<=Rev)|(?<=Lett)|(?<=Meth)|(?<=Cim)|(?<=Polon)|(?<=Physica)|(?<=\bJ))\.?\s++[A-HX](?=\d)"
)
_FONTS = re.compile(r"\\(?:bf|it|em|sl|rm|textbf|textit|emph)\b|[{}$]")
_YEARS = re.compile(rf"(?<![\w.-])({_YEAR})(?![\w]|[-–]\d|\.\d)")
# "2020ApJ...901L..20B"
_BIBCODE = re.compile(rf"({_YEAR})[A-Za-z&][A-Za-z&.]{{4}}[\w.]{{9}}[A-Z.](?!\w)")
_SHORT_YEAR = re.compile(r"['’](\d\d)(?!\d)")

# The journal's name goes on until its volume: a number, "vol.", a colon, a bracketed year.
_NAME_END = re.compile(
    rf"\s*+[,.:]?\s*+\b(?i:vol(?:ume)?s?|no|number|issue|pp?|pages?|article|art|tome|bd|band)\b[.:\s]*(?=[A-Z]{{0,3}}\d|[IVXLC]+\b)"
    rf"|\s*+,?\s*+\(\s*+(?:[A-Za-z.]{{3,9}}\s++)?{_YEAR}"
    r"|(?<=PoS)[\s(]+(?=[A-Z])"  # PoS LATTICE2013: the conference stands for the volume
    r"|(?<=[A-Za-z.])(?=\d+\s*+[:,(/])"  # Phys.Rev.D76: and Astrophys.J.544:
    r"|(?<=[A-Za-z])(?=\d{6,}:)"
    r"|\s*+[,:]\s*+(?=\d)"
    r"|(?:\s*+[,:])?\s++(?=[A-Z]?\d+[A-Z]?(?:\s*+[-/]\s*+\d+)?(?:[\s,:;(.]|$))"
)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)\b", re.IGNORECASE)

_VOLUME = re.compile(
    r"\b(?:vol(?:ume)?s?|tome|bd|band)\b\.?\s*+:?\s*+([A-Z]?\d+[A-Z]?(?:[-–/]\d+)?|[IVXLC]+\b)", re.IGNORECASE
)
_NUMBER = re.compile(
    r"\b(?:no|number|num|nr|issue|iss|n)\b[.°]?\s*+:?\s*+([A-Z]?\d+[A-Z]?(?:\s*+[-–/]\s*+\d+)?)",
    re.IGNORECASE,
)
_PAGES = re.compile(
    r"\b(?:pages?|pgs?|pp?)\b\.?\s*+:?\s*+([A-Za-z]{0,3}\d[\w.]*?)(?:\s*+(?:-{1,3}|–|—|to)\s*+([A-Za-z]{0,3}\d[\w]*))?(?![\w])",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"\b(?:article|art|paper|id|artid)\b\.?\s*+(?:no\b\.?|number|id)?\s*+:?\s*+([A-Za-z]{0,3}\d[\w.-]*\w|\d+)",
    re.IGNORECASE,
)
_PLAIN_VOLUME = re.compile(
    r"[\s,:(]*([A-Z]{0,2}\d{1,5}[A-Z]?(?:\s*+[-–/]\s*+\d{1,4}(?=\s*+[,(:]))?)(?=$|[\s,:;().])"
)
_POS_VOLUME = re.compile(r"[\s(]*+([A-Za-z-]+\d*)")
_PLAIN_NUMBER = re.compile(
    rf"\s*+[,.]?\s*+\(\s*+(?!{_YEAR}\))(\d{{1,3}}(?:[-–/]\d{{1,3}})?|\w{{0,4}}\.?\s?\d{{1,3}})\s*+\)"
)
_PLAIN_PAGES = re.compile(
    r"(?<![\w./-])([A-Z]{0,3}\d{1,7}[A-Za-z]?)\s*+(?:-{1,3}|–|—)\s*+([A-Z]{0,3}\d{1,7}[A-Za-z]?)(?![\w/-])"
)
_PLAIN_ARTICLE = re.compile(
    r"(?<![\w./-])([A-Za-z]{0,3}\d{1,8}(?:\([A-Z]\)|[A-Z])?|e?\d{4}[A-Z]{2}\w{6}|\d{1,4}\.\d{1,6})(?![\w-])"
)


def _year(text: str) -> tuple[int | None, tuple[int, int]]:
    """The year and its span: the one in brackets, else the last that stands alone."""
    bracketed = _IN_BRACKETS.search(text)
    if bracketed:
        return int(bracketed[1]), bracketed.span()
    last = None
    for match in _YEARS.finditer(text):
        if not _NO_YEAR.search(text, max(0, match.start() - 12), match.start()):
            last = match
    if last is not None:
        return int(last[1]), last.span()
    bibcode = _BIBCODE.match(text)
    if bibcode:
        return int(bibcode[1]), bibcode.span(1)
    short = _SHORT_YEAR.search(text)
    if short:
        two = int(short[1])
        return (1900 if two > 50 else 2000) + two, short.span()
    return None, (0, 0)


def _name_end(text: str, start: int) -> int | None:
    for match in _NAME_END.finditer(text, start + 2):
        if _ORDINAL.match(text, match.end()) or not re.search(r"[^\W\d]", text[start : match.start()]):
            continue
        year = re.match(_YEAR + r"\b", text[match.end() :])
        if year and match.group().isspace() and re.match(r"\s+[A-Z]", text[match.end() + 4 :]):
            continue  # "Proceedings of the 2004 IEEE Symposium"
        return match.start()
    return None


def _first_reference(text: str) -> tuple[str, tuple[str, ...]]:
    """The first reference and those after it."""
    parts: list[str] = []
    last = 0
    for match in _SEPARATOR.finditer(text):
        if match.start() > last and re.search(r"\d", text[last : match.start()]):
            parts.append(text[last : match.start()])
            last = match.end()
    parts.append(text[last:])
    return parts[0], tuple(part.strip() for part in parts[1:] if part.strip())


def read_journal_ref(text: str) -> JournalRef:
    """The first reference of a journal_ref, taken apart; the rest in `others`."""
    given = text = text[:_READ_AT_MOST]
    if "\\" in text or "{" in text:
        text = _FONTS.sub(lambda match: " " * len(match.group()), with_plain_accents(text))  # offsets stay
    first, others = _first_reference(text)
    erratum = bool(_ERRATUM.match(first))
    start = 0
    if erratum:
        start = _ERRATUM.match(first).end()  # type: ignore[union-attr]  # it has just matched
        start += len(first[start:]) - len(first[start:].lstrip(" :-,"))
    lead = _LEAD.match(first, start)
    if lead:
        start = lead.end()
    title = _TITLE.match(first, start)
    if title:
        start = title.end()
    start += len(first[start:]) - len(first[start:].lstrip())
    year, year_span = _year(first)
    end = _name_end(first, start)
    section = _SECTION.search(first, start)
    if section and end is not None and end >= section.start():
        end = section.end()
    if first[start : start + 4] in ("http", "doi:"):
        end = None
    if end is None or end <= start:
        whole = first[start:].rstrip(" .,;")
        if year is not None and year_span[0] > start and year_span[1] >= len(first.rstrip(" .,;")):
            name = first[start : year_span[0]].rstrip(" ,.('’")
            if name:
                return JournalRef(
                    _readable(given, start, start + len(name)),
                    start,
                    start + len(name),
                    year=year,
                    erratum=erratum,
                    others=others,
                )
        # "2021 IEEE International Conference on X": the year in front, and else but the name
        named = year is not None and year_span[1] <= start and re.search(r"\d", whole) is None
        return JournalRef(
            _readable(given, start, start + len(whole)),
            start,
            start + len(whole),
            year=year,
            erratum=erratum,
            parsed=named and len(whole) > 3,
            others=others,
        )
    name = first[start:end]
    editors = _EDITORS.search(name)
    if editors:
        name = name[: editors.start()]
    name = _MONTH_AT_END.sub("", name).rstrip(' ,:;("”')
    offset = max(end, start + len(name)) if editors else start + len(name)
    rest = first[offset:]
    bare = _without_year(rest, year, year_span[0] - offset, year_span[1] - offset)
    volume = number = pages = article = None
    proceedings = _POS_VOLUME.match(bare) if name == "PoS" else None
    if proceedings:
        volume = proceedings[1]
        bare = _blanked(bare, proceedings)
    labelled = _VOLUME.search(bare)
    if labelled:
        volume = labelled[1]
        bare = _blanked(bare, labelled)
    match = _NUMBER.search(bare)
    if match:
        number = match[1].replace(" ", "")
        bare = _blanked(bare, match)
    match = _PAGES.search(bare)
    if match:
        pages = f"{match[1]}-{match[2]}" if match[2] else match[1]
        bare = _blanked(bare, match)
    match = _ARTICLE.search(bare)
    if match:
        article = match[1]
        bare = _blanked(bare, match)
    if volume is None:
        plain = _PLAIN_VOLUME.match(bare)
        if plain:
            volume = re.sub(r"\s*[-–]\s*", "-", plain[1])
            bare = _blanked(bare, plain)
    if number is None:
        match = _PLAIN_NUMBER.search(bare)
        if match:
            number = match[1]
            bare = _blanked(bare, match)
    if pages is None and article is None:
        match = _PLAIN_PAGES.search(bare)
        if match:
            pages = f"{match[1]}-{match[2]}"
        else:
            match = _PLAIN_ARTICLE.search(bare)
            if match:
                if re.fullmatch(r"\d{1,4}|L\d+", match[1]) and not match[1].startswith("0"):
                    pages = match[1]
                else:
                    article = match[1]
    return JournalRef(
        _readable(given, start, start + len(name)),
        start,
        start + len(name),
        volume,
        number,
        pages,
        article,
        year,
        erratum,
        others=others,
    )


def _readable(text: str, start: int, end: int) -> str:
    return " ".join(_FONTS.sub(" ", decode_accents(text[start:end])).split())


def _without_year(rest: str, year: int | None, start: int, end: int) -> str:
    """What follows the journal, with the year blanked out that it not be read as volume, number or page."""
    if year is None:
        return rest
    if start >= 0:
        rest = rest[:start] + " " * (end - start) + rest[end:]
    return re.sub(rf"(?<![\w.-]){year}(?=[\s,;:.)]|$)", "    ", rest)


def _blanked(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
