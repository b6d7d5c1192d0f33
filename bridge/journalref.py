"""A journal_ref taken apart: journal, volume, issue, pages or article number, year.

Observed on real records: "Phys. Rev. D 76, 013009 (2007)", the SPIRES form "Phys.Rev.D76:013009,2007", and
"MNRAS 419 (2012) 1795-1803", "In Proc. ISSTA 2020, pages 14-26. ACM, 2020", several references.
What has none of these forms is kept whole, as `journal`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bridge.journalplace import is_labelled, read_place
from bridge.plaintext import decode_accents
from bridge.words import PAD, with_plain_accents


class JournalRef(NamedTuple):
    """One printed reference. `journal` stands at `text[start:end]` of the journal_ref it was read from.

    `erratum` tells that it is one to the paper, `edited` that editors stand behind the name; `others` are the
    further references of the same field, as they stand. `parsed` is False when nothing but the whole
    text could be had.
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
    edited: bool = False
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
# "PoS(LATTICE 2013)416", "PoSLAT2007:011,2007": the event stands for the volume
_POS = re.compile(
    r"\s*+PoS[\s(]*(?P<event>[A-Za-z][\w&+-]*?(?:\s[\w&+-]+?){0,3}?)\s*[):,\s]\s*(?P<page>\d{2,4})"
    r"(?:[,\s]*\(?(?P<year>(?:19|20)\d\d)\)?)?[\s.]*$"
)
_ECONF = re.compile(
    r"\s*+e-?Conf\W*(?P<volume>C\d{6,7})\W+(?:\((?P<year>\d{4})\)\W*)?(?P<page>[A-Z]{1,5}\d{1,4})",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"\s*+(?:\((?:journal|final|full|extended)\s++version\)\s*+|special\s++issue\s++of\s++(?:the\s++)?"
    r"|(?:book\s++)?chapter\s*+\d*\s*+,?\s*+(?:in|of)\s++|dans\s++"
    r"|(?:published|appeared|appears|to appear|in press)\s++(?:in|at|as)?\s*+:?\s*+"
    r"|(?:(?:condensed|abridged|shortened|revised|reprinted|translated|updated|extended|and|version|form)\s++){1,4}in\s++"
    r"|(?:presented|(?:a\s++)?poster(?:\s++paper)?|(?:full|preliminary|extended|short)\s++version)"
    r"\s++(?:in|at|of)\s++(?:the\s++)?|ISSN[\s:]*+\d{4}-?\d{3}[\dX][\s,;:]*+"
    r"|in(?:\s*+:)?\s++(?=[A-Z\"“'])|in(?=proceedings of)|[\"“'(\[]+)",
    re.IGNORECASE,
)

_YEAR = r"(?:18|19|20)\d\d"
_IN_BRACKETS = re.compile(rf"\((?:\d\d?\s++)?(?:[A-Za-z.]{{3,9}},?\s++(?:\d\d?,?\s++)?)?({_YEAR})[a-z]?\)")
# what stands before the journal: the year in brackets, authors and a title in quotation marks
_TITLE = re.compile(
    rf"(?:\(?{_YEAR}\)?(?:[.,:]\s*+|\s++)){{1,2}}(?=[A-Z])|[^\"“”]*[\"“][^\"“”]{{15,}}[\"”][.,]*\s*+(?:in\s++)?(?=[A-Z])",
    re.IGNORECASE,
)
_MONTH_AT_END = re.compile(
    r"[\s,;(]+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?:\s\d\d?(?:st|nd|rd|th)?)?$",
    re.IGNORECASE,
)
_LIST_OF_NAMES_AT_END = re.compile(r",\s*+[A-Z]\..*$")  # "Title, C. Foo and J. Bar"
_OPEN_AT_END = re.compile(r"\s*+\([^()]*$|[\s,–-]+ISSN$")  # "Title (C. Foo", "Title (Springer LNCS"
_PLACE_AT_END = re.compile(r",\s[^,:]+ : [A-Z][^,:]*$")  # "..., Lake Tahoe : United States", as HAL writes it
_VOLUME_AT_END = re.compile(r"\s+\(\d{1,4}\)$")  # "Foo Science (179) 1-2 (1997)"
_VOLUME_LABEL = re.compile(r"[\s,]*vol", re.IGNORECASE)  # "Cl. Sci. (5) Vol. VII": the fifth series
_EDITORS = re.compile(r"[,;.(]\s*+(?:edited|editors?\b|eds?\b)", re.IGNORECASE)
# Phys.Rev. D76: the letter is that of the section, not of the volume
_SECTION = re.compile(
    r"(?:(?<=Phys)|(?<=Physics)|(?<=Letters))\.?\s++[A-HX](?=\d)|(?:(?<=Rev)|(?<=Lett)|(?<=Meth)|(?<=Cim)|(?<=Polon)|(?<=Physica)|(?<=Lond)|(?<=\bJ))\.?\s++[A-HX](?=\d)"
)
_FONTS = re.compile(r"\\(?:bf|it|em|sl|rm|textbf|textit|emph)\b|[{}$]")
_YEARS_OF_EVENT = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_YEARS = re.compile(rf"(?<![\w.-])({_YEAR})(?![\w]|[-–]\d|\.\d)")
# "2020ApJ...901L..20B"
_BIBCODE = re.compile(
    rf"(?<![\w.])({_YEAR})[A-Za-z&][A-Za-z&.]{{4}}(?P<volume>[\w.]{{4}})(?P<kind>[\w.])(?P<page>[\d.]{{4}})[A-Z.](?!\w)"
)
# "ACL-96", "Proc. EACL95": the year of a meeting
_ACRONYM_AND_YEAR = re.compile(
    r"(?<![\w.])(?=[A-Za-z]*[A-Z][A-Za-z]*[A-Z])[A-Za-z]{3,}[- ]?(8[5-9]|9\d)(?![\w-])"
)
_YEAR_BEHIND = re.compile(rf"\(?{_YEAR}\)?(?:\W|$)")
_GLUED_YEAR = re.compile(rf"(?<=[A-Za-z]{{2}}-)({_YEAR})(?![\w]|[-–]\d|\.\d)")  # "July-2003", "(EWRL-2001)"
_SHORT_YEAR = re.compile(r"['’](\d\d)(?!\d)")

_QUOTES = ('"', "“")
_AUTHORS_AND_YEAR = re.compile(
    rf"[^\W\d][^\d\"“]{{3,300}}?[\s,.(]++(?P<year>{_YEAR})[a-z]?\)?[.,:]?\s++(?=[A-Z])"
)
_NO_AUTHORS = re.compile(r"\b(?:proc|conf|workshop|symp|meeting|congress|journal|lecture|vol)", re.IGNORECASE)
_EVENT = re.compile(r"\b(?:workshop|conference|symposium|school)s?\b[^.]{0,12}$", re.IGNORECASE)
# "Y. Fan and H. Liu, A title, with a comma, Math. Ann.": the journal is what stands last
_WRITERS = re.compile(
    r"(?:[A-Z]\.[ -]?){1,3}[A-Z][\w'’-]++"
    r"(?:(?:,? (?:and|&)|,) (?:[A-Z]\.[ -]?){1,3}[A-Z][\w'’-]++){0,8}, .{12,}, "
)
_STOP = re.compile(r"[.?!]\s++(?=[A-Z])")
_INITIAL = re.compile(r"\b[A-Z]\.")
_INITIALS = re.compile(r"\s*+(?:[A-Z]\.[\s-]?)++")
# "M. Novello, S. P. Bergliaffa, and R. Ruffini (eds.), On Recent Developments in ..."
_NAME = r"(?:(?!(?i:eds?|editors?)\b)[A-Z][\w'’-]*+\.?\s*+|(?:d[aeiu]s?|v[ao]n|der|la)\s++){1,8}+"
_EDITORS_FIRST = re.compile(
    rf"(?P<names>{_NAME}(?:(?:,\s*+(?:and\b|&)|,|and\b|&)\s*+{_NAME})*+)(?:et al\.?\s*+)?[,\s]*+"
    r"(?:\((?i:eds?|editors?)\.?\)|(?i:eds?|editors?)\b\.?)[\s,.:]*+(?:[Ii]n:?\s++)?(?=[\"“A-Z])"
)
# The journal's name goes on until its volume: a number, "vol.", "v.", a colon, a bracketed year.
_NAME_END = re.compile(
    rf"\s*+[,.:]?\s*+\b(?i:vol(?:ume)?s?|no|number|issue|pp?|pages?|article|art|tome|bd|band|chap(?:ter)?)\b[.:\s-]*(?:(?i:no)\.?\s*+)?(?=[A-Z]{{0,3}}\d|[IVXLC]+\b)"
    r"|(?:\s*+[,:])?\s++[Vv]\.?\s?(?=\d)"
    rf"|\s*+,?\s*+\(\s*+(?:[A-Za-z.]{{3,9}}\s++)?{_YEAR}"
    r"|(?<=PoS)[\s(]+(?=[A-Z])"  # PoS LATTICE2013: the conference stands for the volume
    # Phys.Rev.D76: and Astrophys.J.544: and NuovoCim.122B: and PhysRevD.80.083517
    r"|(?<=[A-Za-z.])(?=\d+(?:-\d+|[A-Z])?\s*+[:,(/]|\d+\.\d{6})"
    r"|(?<=[A-Za-z])(?=\d{6,}:)"
    r"|\s*+[,:]\s*+(?=\d)"
    r"|(?:\s*+[,:])?\s++(?=[A-Z]?\d+[A-Z]?(?:N\d+)?(?:\s*+[-/]\s*+\d+)?(?:[\s,:;(.]|$))"
)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)\b", re.IGNORECASE)
_COUNTS_EVENT = re.compile(r"\d{1,3}\s+(?:conference|workshop|symposium|congress|meeting)\b", re.IGNORECASE)
_SEASON = re.compile(rf".?.?(?:Spring|Summer|Autumn|Fall|Winter)\s+{_YEAR}\b")  # "Chair, Fall 2018, 1, 45-87"


def _year(text: str) -> tuple[int | None, tuple[int, int]]:
    """The year and its span: the one in brackets, else the last that stands alone."""
    bracketed = _IN_BRACKETS.search(text)
    if bracketed:
        return int(bracketed[1]), bracketed.span()
    last = None
    for match in _YEARS.finditer(text):
        if not is_labelled(text, match.start()):
            last = match
    if last is not None:
        return int(last[1]), last.span()
    bibcode = _BIBCODE.search(text)
    if bibcode:
        return int(bibcode[1]), bibcode.span(1)
    glued = _GLUED_YEAR.search(text)
    if glued:
        return int(glued[1]), glued.span(1)
    short = _SHORT_YEAR.search(text)
    if short:
        two = int(short[1])
        return (1900 if two > 50 else 2000) + two, short.span()
    return None, (0, 0)


def _of_series(text: str) -> JournalRef | None:
    """What a reference to PoS or eConf tells, whose volumes are events."""
    if found := _POS.match(text):
        volume = "".join(found["event"].split())
        years = _YEARS_OF_EVENT.findall(volume)
        year = found["year"] or (years[-1] if years else None)
        at = text.index("PoS")
        return JournalRef(
            "PoS", at, at + 3, volume, article_number=found["page"], year=int(year) if year else None
        )
    if found := _ECONF.match(text):
        name = text[: found.start("volume")].rstrip("( ")
        year = found["year"] or next(iter(_YEARS_OF_EVENT.findall(text[found.end() :])), None)
        place = (found["volume"], None, None, found["page"])
        return JournalRef("eConf", 0, len(name), *place, year=int(year) if year else None)
    return None


def _of_bibcode(text: str) -> tuple[str | None, str | None]:
    """Volume and first page of an ADS bibcode: 901 and L20 of "2020ApJ...901L..20B"."""
    code = _BIBCODE.search(text)
    if (
        code is None
        or code["volume"].strip(".").isalpha()
        or not (code["kind"] in ".LA" or code["kind"].isdigit())
    ):
        return None, None
    page = f"{code['kind']}{code['page']}".replace(".", "")
    return code["volume"].replace(".", "") or None, page or None


def year_of_meeting(text: str) -> int | None:
    """The year of two digits behind a meeting's acronym: 1996 of "ACL-96"."""
    found = _ACRONYM_AND_YEAR.search(text)
    return 1900 + int(found[1]) if found else None


def _is_list_of_names(text: str) -> bool:
    """Whether it begins with a person: "A. Foo", "Foo, A.", "Ann Foo" alone, but not "Title, A. Foo"."""
    pieces = re.split(r",|\band\b|&", text.strip(" ,"))
    if len(pieces) == 1:
        return len(text.split()) < 4
    return _INITIAL.search(pieces[0]) is not None or _INITIALS.fullmatch(pieces[1]) is not None


def _name_end(text: str, start: int) -> int | None:
    for match in _NAME_END.finditer(text, start + 2):
        if _ORDINAL.match(text, match.end()) or not re.search(r"[^\W\d]", text[start : match.start()]):
            continue
        if _COUNTS_EVENT.match(text, match.end()) or _SEASON.match(text, match.start() - 6):
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
        year_behind = match.group().strip() == ";" and _YEAR_BEHIND.match(text, match.end())
        if year_behind and not _YEARS.search(text, last, match.start()):
            continue  # "Kyoto: IEEE Computer Society; 2013. p. 806"
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
    if (series := _of_series(first)) is not None:
        return series
    erratum = bool(_ERRATUM.match(first))
    start = 0
    if erratum:
        start = _ERRATUM.match(first).end()  # type: ignore[union-attr]  # it has just matched
        start += len(first[start:]) - len(first[start:].lstrip(" :-,"))
    lead = _LEAD.match(first, start)
    if lead:
        start = lead.end()
    before = _EDITORS_FIRST.match(first, start)
    if before is None or not _is_list_of_names(before["names"]):
        # what stands in quotation marks behind "in" is no paper's title
        book = lead is not None and lead.group().strip(" :").lower().endswith("in")
        book = book and first[start : start + 1] in _QUOTES
        before = None if book else _TITLE.match(first, start)
        if before and _EVENT.search(before.group().partition('"')[0]):
            before = None  # "Proc. of the ABC 2000 Workshop "Title", May 29th, 2000"
        start += book
    edited = before is not None and before.re is _EDITORS_FIRST
    if before:
        start = before.end()
        start += len(first[start:]) - len(first[start:].lstrip(' "“'))
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
                    readable(given, start, start + len(name)),
                    start,
                    start + len(name),
                    year=year,
                    erratum=erratum,
                    others=others,
                )
        # "2021 IEEE International Conference on X": the year in front, and else but the name
        named = year is not None and year_span[1] <= start and re.search(r"\d", whole) is None
        volume, page = _of_bibcode(first)
        return JournalRef(
            readable(given, start, start + len(whole)),
            start,
            start + len(whole),
            volume=volume,
            pages=page,
            year=year,
            erratum=erratum,
            parsed=named and len(whole) > 3,
            others=others,
        )
    name = first[start:end]
    editors = _EDITORS.search(name)
    if editors:
        name = _LIST_OF_NAMES_AT_END.sub("", name[: editors.start()])
    name = _PLACE_AT_END.sub("", name)
    name = _MONTH_AT_END.sub("", _OPEN_AT_END.sub("", name)).rstrip(' ,:;("”')
    if not _VOLUME_LABEL.match(first, start + len(name)):
        name = _VOLUME_AT_END.sub("", name)
    dash = len(name) - len(name.rstrip(" -–"))  # "Advances in Foo - 12"
    name = name[: len(name) - dash]
    written = _WRITERS.match(name)
    begun = name.rfind(", ") + 2
    if written or (name.count('"') == 1 and name.find('"') > begun > 1):
        start, name = start + begun, name[begun:]  # of "A title, Journal "Kibernetika", No. 1" as well
    offset = max(end, start + len(name)) if editors else start + len(name) + dash
    begin, end = year_span[0] - offset, year_span[1] - offset
    rest = first[offset:]
    if PAD in rest:  # what fills the place of an accent would part a month's name
        begin -= rest.count(PAD, 0, max(begin, 0))
        end -= rest.count(PAD, 0, max(end, 0))
        rest = rest.replace(PAD, "")
    place = read_place(rest, year, (begin, end), name == "PoS")
    return JournalRef(
        readable(given, start, start + len(name)),
        start,
        start + len(name),
        place.volume,
        place.number,
        place.pages,
        place.article_number,
        year,
        erratum,
        edited=edited or editors is not None,
        others=others,
    )


def behind_authors(text: str) -> Iterator[JournalRef]:
    """What `text` may be a reference to if authors, a year and perhaps a title stand before the journal:
    "Oey et al. 2018, ApJL, 867, L8", "Brent, M. R. (1999). A title. Machine Learning 34, 71-105".

    Only a list of venues tells which of them it is.
    """
    lead = _AUTHORS_AND_YEAR.match(text[:_READ_AT_MOST])
    if lead is None or _NO_AUTHORS.search(lead.group()):
        return
    year = int(lead["year"])
    for start in [lead.end(), *(stop.end() for stop in _STOP.finditer(text, lead.end(), _READ_AT_MOST))]:
        ref = read_journal_ref(text[start:])
        if ref.parsed and (ref.volume or ref.pages or ref.article_number):
            yield ref._replace(start=start + ref.start, end=start + ref.end, year=year)


def readable(text: str, start: int, end: int) -> str:
    """The words text[start:end] of a journal_ref without markup; a lone quotation mark is closed or goes."""
    name = text[start:end]
    if name.count('"') == 1:
        name = f'{name}"' if text[end : end + 1] == '"' else name.replace('"', "")
    return " ".join(_FONTS.sub(" ", decode_accents(name)).split())
