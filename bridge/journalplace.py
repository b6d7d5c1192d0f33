"""Where in a journal a printed reference points: volume, issue, pages or article number.

Read off what follows the journal's name: first what has a label ("vol. 60, no. 12, pp. 1-9"), then what
stands in its place ("60 (12) 1-9"). What has been read is blanked out, and so is what only looks like a page:
the days of a meeting ("Chicago, 4-7 October 1998"), an ISBN, the number that Episciences gives a submission
("lmcs:5143").
"""

from __future__ import annotations

import re

from bridge.phrases import word_set
from bridge.record import PublishedIn

_YEAR = r"(?:18|19|20)\d\d"
_DASH = r"(?:-{1,3}|–|—|\?C)"  # "?C" is what a Chinese encoding left of an en dash

# -- what has a label --

_LABEL = re.compile(
    r"\b(?:vol|volume|no|number|issue|pp|p|pages?|article|chapter|lncs|lnai|lnm)[.:\s]*$", re.IGNORECASE
)
_VOLUME = re.compile(
    r"\b(?:(?:vol(?:ume)?s?|tome|bd|band)\b\.?(?:\s*+:?\s*+|-)(?:no\b\.?\s*+|[A-Z]\s(?=\d))?+|v\.?\s?(?=\d))([A-Z]?\d+[A-Z]?(?:[-–/]\d+)?|[IVXLC]+\b)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\b(?:(?:no|number|num|nr|issues?|iss|n)\b[.°]?\s*+:?\s*+|n(?=\d{1,2},))([A-Z]?\d+[A-Z]?(?:\s*+[-–/]\s*+\d+)?)",
    re.IGNORECASE,
)
_PAGES_LABEL = r"\b(?:(?:pages?|pgs?|pp?)\b|(?:pp|(?-i:p))(?=\d))\.?\s*+:?\s*+"
# the second page of "10:1-10:24" and of "10:1-24" counts within article 10
_TWO_PAGES = re.compile(
    rf"{_PAGES_LABEL}(?P<first>\d{{2,5}}),\s?(?P<last>\d{{2,5}})(?=\s*+(?:[,.;(]|$))", re.IGNORECASE
)
_PAGES = re.compile(
    rf"{_PAGES_LABEL}(?P<first>[A-Za-z]{{0,3}}\d[\w.]*?(?::\d+)?)"
    rf"(?:\s*+(?:{_DASH}|to)\s*+(?P<last>[A-Za-z]{{0,3}}\d[\w]*(?::\d+)?))?(?![\w])",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"\b(?:article|art|paper|e?id|artid)\b\.?\s*+(?:no\b\.?|number|id)?\s*+:?\s*+"
    r"([A-Za-z]{0,3}\d[\w.-]*\w|\d+)",
    re.IGNORECASE,
)
# LIPIcs 310, 10:1-10:24: each article counts its pages from 1
_ARTICLE_PAGES = re.compile(
    rf"(?:{_PAGES_LABEL})?(?<![\w.:/-])(?P<first>(?P<article>\d{{1,4}}):\d{{1,4}})\s*+{_DASH}"
    r"\s*+(?P<last>(?P=article):\d{1,4})(?![\w:])",
    re.IGNORECASE,
)
# the journals of Episciences: "Volume 16, Issue 2 (June 1, 2020) lmcs:5143"
_SUBMISSION = re.compile(r"(?<![\w.:/-])[a-z]{2,12}:\d{2,7}\W*$")
_ISSUE_BEHIND_COLON = re.compile(r":(\d{1,2})\b")  # "vol. 25:2, Graph Theory", theirs too

# -- what has none --

_PLAIN_VOLUME = re.compile(
    r"[\s,:(]*(?:\.\s+)?((?:[A-Z]{1,2}\d{1,4}|\d{1,5})[A-Z]?"
    r"(?:\s*+[-–/]\s*+\d{1,4}(?=\s*+[,(:])|/\d{1,2}(?:-\d{1,2})?(?=\s*+[,(:]|\s{6}))?)"  # a year was blanked
    r"(?=$|[\s,:;().])"
)
_BESIDE_NAME = re.compile(r"\s+[A-Z]{0,2}\d+")
_VOLUME_AND_ISSUE = re.compile(
    r"[\s,]*+(\d{1,4})N(\d{1,3})(?=[\s,:(])"
)  # "8N1 (2002) 23-26", as SPIRES had it
_IS_RANGE = re.compile(r"\d{1,4}-\d{1,4}")
# "125009, 30 (2013)": no volume has six digits
_ARTICLE_AND_VOLUME = re.compile(rf"\s+(\d{{6}}),\s(\d{{1,3}})\s?\({_YEAR}\)[\s.]*$")
_VOLUME_AND_NUMBER = re.compile(r"(\d{1,4})/(\d{1,2}(?:-\d{1,2})?)")  # "Vol. 54/2", "310/10-11"
_POS_VOLUME = re.compile(r"[\s(]*+([A-Za-z-]+\d*)")
_PLAIN_NUMBER = re.compile(
    rf"\s*+[,.]?\s*+\(\s*+(?!{_YEAR}\))(\d{{1,4}}(?:(?:-{{1,2}}|[–/])\d{{1,4}})?|(?:[A-Z]|(?i:no|nr|n|iss))?\.?\s?\d{{1,3}})\s*+\)"
)
# issue and paper of LMCS: "11 (2:14) 2015"
_NUMBER_AND_ARTICLE = re.compile(r"\(\s*+(\d{1,2}):(\d{1,3})\s*+\)")
# The page or article that must follow for a number beside the year to be the issue: neither a count of pages
# nor the volume of another reference, as in "45 (1990) 12, 46 (1991) 7".
_GOES_ON = rf"(?=[A-Za-z]{{0,2}}\d)(?!\d+\s*+(?:pp?\b|pages\b|\({_YEAR}))"
# "46:2 (2000), 446-464", "241:1-2 (2000), 3-23"
_ISSUE_BESIDE_YEAR = re.compile(rf":(\d{{1,2}}(?:[-–]\d{{1,2}})?)\s*+\({_YEAR}\)[\s,:]*+\d+\s*+{_DASH}")
_BEHIND_POINT = re.compile(r"\.(\d{1,2})(?=\s*+[(:])")  # "24.6 (2014): 499-527", as the MLA has it
# "93 (2016) 6, 064040", as INSPIRE writes it, and "76, 10 (2007) 100406"
_NUMBER_BESIDE_YEAR = re.compile(
    rf"[\s,)]*+(?:\({_YEAR}\)[\s,]*+(\d{{1,2}})\s*+,\s*+"
    rf"|(?<!\d)(\d{{1,2}}(?:[-–/]\d{{1,2}})?)\s*+\({_YEAR}\)[\s,]*+){_GOES_ON}"
)
_PLAIN_PAGES = re.compile(
    rf"(?<![\w./-])(?P<first>[A-Z]{{0,3}}\d{{1,7}}[A-Za-z]?)\s*+{_DASH}"
    r"\s*+(?P<last>[A-Z]{0,3}\d{1,7}[A-Za-z]?)(?![\w/-])"
)
_PLAIN_ARTICLE = re.compile(
    r"(?<![\w/-])(?<!\w\.)([A-Za-z]{0,3}(?<!\.)\d{1,9}(?:\([A-Z]\)|[A-Z])?|e?\d{4}[A-Z]{2}\w{6}|\d{3}[A-Z]\d\d"
    r"|[A-Z]\d\d[A-Z]\d\d"  # E00J20: the AGU's special sections
    r"|\d{1,4}\.\d{1,6}|(?<=\s\.)\d{6})(?![\w-])"
    r"(?!\s*+(?:pp?|pages)\b)"  # "32 p" counts them
)
_ONE_PAGE = re.compile(r"\d{1,4}|L\d{1,4}")
# Springer counts the volumes of some journals by years: "2020, 75 (2020)", "(2018) 2018: 172", "2012, 2012:6"
_VOLUME_IS_YEAR = re.compile(
    rf"[\s,(]*+({_YEAR})\)?[\s,:(]++(?:\1[\s,:]++\w{{0,11}}\d|\w{{0,11}}\d[\s,(]++\1\)?)[\s.]*+$"
)

# -- what only looks like a page --

_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_MONTH = rf"(?:{'|'.join(sorted(word_set('months'), key=len, reverse=True))})\b\.?"
# "JCAP(2018)05-038": as JHEP's, whose volumes are months
_MONTH_BEHIND_YEAR = re.compile(rf"\s*+\({_YEAR}\)\s?(0[1-9]|1[0-2])[-:/](\d{{3}})(?!\d)")
# "JHEP 05/2021, 123": the month is the volume
_MONTH_OF_YEAR = re.compile(rf"[\s,]*+((?:0[1-9]|1[0-2]))/{_YEAR}[\s,]++(?=\d)")
_DAYS = re.compile(
    rf"(?<![\w./:-]){_DAY}(?:\s*+(?:{_DASH}|and|&)\s*+{_DAY})?\s*+{_MONTH}(?:,?\s++{_YEAR}(?![\w-]))?"
    rf"|\b{_MONTH}\s*+{_DAY}(?:\s*+{_DASH}\s*+{_DAY})?(?![\w:/-])(?:,?\s++{_YEAR}(?![\w-]))?",
    re.IGNORECASE,
)
# the article's own pages, counted: "073704-(1-4)", "204101:1-12", "013009-1--013009-13"
_WITHIN_ARTICLE = re.compile(
    rf"(?<=\d{{5}})(?:\s?{_DASH}?\s?\(\s?1\s?{_DASH}\s?\d{{1,3}}\s?\)"
    rf"|[-:]1(?:\s?{_DASH}\s?(?:\d{{4,7}}-)?\d{{1,3}})?(?![\w-]))"
)
_ADDRESS = re.compile(
    r"(?:\bdoi\s*+:?\s*+)?\b10\.\d{4,9}/\S+|\bhttps?://\S+"
    r"|\bISSN\b[\s:]*+\d{4}\s*+-\s*+\d{3}[\dX]|\b\d{4}-\d{3}X\b|\bISBN\b[\s:]*+\d[\dX -]{8,17}",
    re.IGNORECASE,
)


def is_labelled(text: str, at: int) -> bool:
    """Whether "vol.", "no.", "pp." or the like stands before the offset."""
    return _LABEL.search(text, max(0, at - 12), at) is not None


def read_place(rest: str, year: int | None, year_span: tuple[int, int], is_pos: bool) -> PublishedIn:
    """Volume, issue, pages and article number from `rest`, which follows the journal's name.

    `year` stands at `year_span` of it, before it where that is negative; `is_pos` says that the journal is
    the Proceedings of Science, whose volumes are conferences. The publisher is not looked for.
    """
    reading = _Reading(rest, year, year_span)
    if month := _MONTH_OF_YEAR.match(rest):
        reading.take_volume(month)
    if both := reading.take(_MONTH_BEHIND_YEAR.match(rest)):
        reading.volume, reading.pages = both.groups()
    if both := reading.take(_ARTICLE_AND_VOLUME.match(rest)):
        reading.article, reading.volume = both.groups()
    if both := reading.take(_VOLUME_AND_ISSUE.match(rest)):
        reading.volume, reading.number = both.groups()
    if is_pos:
        reading.take_volume(_POS_VOLUME.match(reading.text))
    if reading.read_labelled():
        reading.read_unlabelled()
    reading.part_volume()
    number = reading.number
    if year is not None and number and number.isdigit() and reading.volume == f"{year % 100:02}{number:0>2}":
        number = None  # JCAP 1812 (2018) no.12: the volume is the month
    return PublishedIn(reading.volume, number, reading.pages, reading.article)


class _Reading:
    """The text behind a journal's name, in which what has been read is blanked out, and what was read."""

    def __init__(self, rest: str, year: int | None, year_span: tuple[int, int]) -> None:
        self.given = rest
        self.text = _without_year(rest, year, *year_span)
        self.volume: str | None = None
        self.number: str | None = None
        self.pages: str | None = None
        self.article: str | None = None
        self.volume_end = 0
        self.number_start = len(rest)

    def take(self, match: re.Match[str] | None) -> re.Match[str] | None:
        """The match, blanked out of the text."""
        if match:
            self.text = _blanked(self.text, *match.span())
        return match

    def take_volume(self, match: re.Match[str] | None) -> None:
        if self.take(match) and match:
            self.volume = re.sub(r"\s*[-–]\s*", "-", match[1])
            self.volume_end = match.end()

    def blank(self, pattern: re.Pattern[str], start: int = 0) -> None:
        """All matches from `start` on, blanked out."""
        for match in pattern.finditer(self.text, start):
            self.text = _blanked(self.text, *match.span())

    def read_labelled(self) -> bool:
        """Read what has a label. False where nothing else can be a number, page or article."""
        self.blank(_ADDRESS)
        pages = self.take(_ARTICLE_PAGES.search(self.text))  # before 10 of "10:1-10:24" is a volume
        if self.volume is None:
            self.take_volume(_VOLUME.search(self.text))
        if match := self.take(_ARTICLE.search(self.text)):  # "article no. 6" is no issue
            self.article = match[1]
        if match := self.take(_NUMBER.search(self.text)):
            self.number_start = match.start()
            if match[1].isdecimal() and len(match[1]) > 4:
                self.article = self.article or match[1]  # "vol. 70, no. 066108"
            else:
                self.number = match[1].replace(" ", "")
        if match := pages or self._two_pages() or self.take(_PAGES.search(self.text)):
            self.pages = _range(match)
        if not self.take(_SUBMISSION.search(self.text)):
            return True
        colon = _ISSUE_BEHIND_COLON.match(self.text, self.volume_end)
        if colon and self.number is None:
            self.number = colon[1]
        return False

    def part_volume(self) -> None:
        """Take the issue off a volume that is written with it, "4/4"; but "12/13" are two volumes."""
        both = _VOLUME_AND_NUMBER.fullmatch(self.volume or "")
        if both is not None and self.number is None and both[2] != str(int(both[1]) + 1):
            self.volume, self.number = both.groups()

    def _two_pages(self) -> re.Match[str] | None:
        """Pages with a comma for the dash: "pp. 8157, 8181"."""
        match = _TWO_PAGES.search(self.text)
        if match is None or int(match["first"]) >= int(match["last"]):
            return None
        return self.take(match)

    def read_unlabelled(self) -> None:
        """Read what has no label but its place."""
        # "12 March 2010" right behind the name begins with the volume, ", 12 March 2010" with the day
        beside_name = _BESIDE_NAME.match(self.given)
        self.blank(_DAYS, beside_name.end() if beside_name else 0)
        self.blank(_WITHIN_ARTICLE)
        self._read_volume()
        if self.pages is None and self.volume is not None and _IS_RANGE.fullmatch(self.volume):
            first, last = map(int, self.volume.split("-"))
            if last - first > 3:  # "Proc. of Foo, 239-248, 1995"
                self.volume, self.pages = None, self.volume
            elif last < first and self.number is None:
                self.volume, self.number = str(first), str(last)  # "Foo 20-2, 1994"
        labelled = self.pages or self.article
        if self.number is None:
            self._read_number()
        if not labelled:
            self._read_page()

    def _read_volume(self) -> None:
        match = _PLAIN_VOLUME.match(self.text)
        if self.volume is None:
            counts_years = _VOLUME_IS_YEAR.match(self.given)
            if counts_years:
                self.volume = counts_years[1]
            elif match and match.start(1) < self.number_start:
                self.take_volume(match)
        elif match and match[1] == self.volume and match.start(1) < self.volume_end:
            self.take(match)  # "30 (2020) 100713 Volume 30": said twice

    def _read_number(self) -> None:
        both = self.article is None and self.take(_NUMBER_AND_ARTICLE.search(self.text))
        if both:
            self.number, self.article = both.groups()
            return
        beside = _ISSUE_BESIDE_YEAR.match(self.given, self.volume_end) if self.volume_end else None
        if beside:
            self.number = beside[1]
            self.text = _blanked(self.text, *beside.span(1))
            return
        match = self.take(_PLAIN_NUMBER.search(self.text))
        if match is None and self.volume_end:
            match = self.take(_BEHIND_POINT.match(self.text, self.volume_end))
        if match:
            self.number = match[1].replace("--", "-")
        elif self.volume is not None:
            match = _NUMBER_BESIDE_YEAR.match(self.given, self.volume_end)
            if match:
                group = 1 if match[1] else 2
                self.number = match[group]
                self.text = _blanked(self.text, *match.span(group))

    def _read_page(self) -> None:
        match = _PLAIN_PAGES.search(self.text)
        if match:
            if self.volume is None and len(match["last"]) > 5 and len(match["first"]) < 4:
                self.volume, self.article = match["first"], match["last"]  # "Phys. Rev. B 55-122203"
            else:
                self.pages = _range(match)
            return
        if self.article:
            return
        for match in _PLAIN_ARTICLE.finditer(self.text):
            if is_labelled(self.text, match.start()):
                continue  # "vol. 30" once more
            if _ONE_PAGE.fullmatch(match[1]) and not match[1].startswith("0"):
                self.pages = match[1]
            else:
                self.article = match[1]
            return


_LETTER = re.compile(r"[A-Z]+(\d+)")


def _range(match: re.Match[str]) -> str:
    """The pages of a match; of "L1 - 1,4", which counts within the letter, the first ("S866-7" is short)."""
    first, last = match["first"], match["last"]
    letter = _LETTER.fullmatch(first)
    if letter is not None and last and len(last) == len(letter[1]) and last <= letter[1]:
        return first
    return f"{first}-{last}" if last else first


def _without_year(rest: str, year: int | None, start: int, end: int) -> str:
    """What follows the journal, with the year blanked out that it not be read as volume, number or page."""
    if year is None:
        return rest
    if start >= 0 and not is_labelled(rest, start):
        rest = _blanked(rest, start, end)
    return re.sub(
        rf"(?<![\w.-]){year}(?=[\s,;:.)]|$)",
        lambda match: match.group() if is_labelled(rest, match.start()) else "    ",
        rest,
    )


def _blanked(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]
