"""ArxivId and DOI: parse, validate, normalise.

The forms come from arXiv's own identifier pages (new style YYMM.number since 0704, old style
archive/YYMMNNN until 0703) and from the links that people paste: mirrors, PDF and HTML pages, front ends
and DOIs. Where arXiv's own parser is lenient we differ on purpose: a version 0, a month 13 or a number of
six digits is no id, and a re-padded number (`1501.1234`) is taken only where it is said.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from bridge.latepattern import LatePattern
from bridge.tables import Row, load


class InvalidId(ValueError):
    """The text is no arXiv id. `text` is what was given, `reason` why (no trailing stop)."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"{text!r} is no arXiv id: {reason}")
        self.text = text
        self.reason = reason


class ArxivId(NamedTuple):
    """A paper, and its version when the user named one.

    `id` is canonical: `2606.03498` or `math/0309136` (the archive without its subject class, which is no
    part of the id). `version` None means the latest, which is not version 1.
    """

    id: str
    version: int | None = None

    def __str__(self) -> str:
        return self.id if self.version is None else f"{self.id}v{self.version}"

    @property
    def month(self) -> str:
        """When the paper was first submitted, `YYYY-MM`: the id says it."""
        stamp = self.id.partition("/")[2] or self.id
        century = "19" if stamp[:2] >= "91" else "20"
        return f"{century}{stamp[:2]}-{stamp[2:4]}"


class FoundId(NamedTuple):
    """An id in running text: `text[start:end]` are the words that name it."""

    id: ArxivId
    start: int
    end: int


@lru_cache(maxsize=1)
def archives() -> frozenset[str]:
    """The archives that old-style ids may name, the subsumed ones included (mappings/archives.csv)."""

    def build(row: Row) -> str:
        name = row["archive"]
        if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name):
            raise row.wrong(f"{name!r} is no archive name")
        return name

    return frozenset(load("archives.csv", ("archive", "name", "category"), build))


_NEW = re.compile(r"(\d{2})(\d{2})\.(\d+)(?:[vV](\d+))?", re.ASCII)
_OLD = LatePattern(
    r"([A-Za-z]+(?:-[A-Za-z]+)*)(?:\.([A-Za-z-]{2,12}))?/(\d{2})(\d{2})(\d{3})(?:[vV](\d+))?", re.ASCII
)


def _version(text: str, digits: str | None) -> int | None:
    if digits is None:
        return None
    if digits.startswith("0"):
        raise InvalidId(text, "versions count from v1")
    return int(digits)


def _new_style(text: str, match: re.Match[str]) -> ArxivId:
    yy, mm, number, version = match.groups()
    if not "01" <= mm <= "12":
        raise InvalidId(text, f"there is no month {mm}")
    stamp = yy + mm
    if stamp < "0704":
        raise InvalidId(text, "ids of this form begin with 0704 (April 2007)")
    width = 4 if stamp < "1501" else 5
    if len(number) != width:
        reason = f"an id of {stamp} has {width} digits after the point"
        if len(number) == 4 and int(number):
            reason += f"; perhaps {stamp}.0{number} is meant"
        raise InvalidId(text, reason)
    if not int(number):
        raise InvalidId(text, "numbers count from 1")
    return ArxivId(f"{stamp}.{number}", _version(text, version))


def _old_style(text: str, match: re.Match[str]) -> ArxivId:
    archive, _, yy, mm, number, version = match.groups()
    archive = archive.lower()
    if archive not in archives():
        raise InvalidId(text, f"arXiv has no archive {archive!r}")
    if not "01" <= mm <= "12":
        raise InvalidId(text, f"there is no month {mm}")
    if not (yy >= "91" or yy + mm <= "0703") or (yy == "91" and mm < "07"):
        raise InvalidId(text, "ids of this form run from 9107 to 0703")
    if number == "000":
        raise InvalidId(text, "numbers count from 1")
    return ArxivId(f"{archive}/{yy}{mm}{number}", _version(text, version))


# The hosts that serve arXiv papers under their ids, and the path words that stand before an id.
_URL = LatePattern(
    r"(?:https?:)?(?://)?(?:[\w-]+\.)*"
    r"(?:arxiv\.org|xxx\.lanl\.gov|lanl\.arxiv\.org|ar5iv\.(?:labs\.)?(?:arxiv\.)?org|alphaxiv\.org|arxiv-vanity\.com"
    r"|huggingface\.co|hf\.co|scirate\.com|paperswithcode\.com|semanticscholar\.org|connectedpapers\.com)/",
    re.IGNORECASE,
)
_PATH = LatePattern(
    r"(?:(?:abs|pdf|html|ps|src|e-print|format|tb|overview|papers|paper|arxiv|api|resolve|cits|show-email)/+)*",
    re.IGNORECASE,
)
_DOI_PREFIX = re.compile(
    r"(?:(?:https?://)?(?:dx\.)?doi\.org/+|doi:\s*)?10\.48550/+(?:arxiv[./])", re.IGNORECASE
)
_AS_WHAT = r"(?:[ -]*(?:preprint|e-?print|number|no\.?|id|identifier))?"
_LABEL = LatePattern(
    r"(?:oai:arxiv\.org:|urn:arxiv:|info:arxiv/|abs/"
    r"|(?:e-?prints?\s*)?ar\s?xiv(?:\.org)?" + _AS_WHAT + r"(?:\s*[:/]\s*|\s+|\.(?=\d)))",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:\.(?:pdf|ps\.gz|ps|gz|html?|tex))$", re.IGNORECASE)
_AROUND = " \t\r\n\xa0<>(){}\"'`“”‘’,;."
_CLASS = re.compile(r"\s*\[[A-Za-z-]+(?:\.[A-Za-z-]{2,})?\]$")


def parse_arxiv_id(text: str) -> ArxivId:
    """The paper that `text` names: an id, `arXiv:…`, an arXiv-like URL or an arXiv DOI, and nothing besides.

    Raises InvalidId with the reason.
    """
    body = _CLASS.sub("", text.strip(_AROUND)).strip(_AROUND)
    if not body:
        raise InvalidId(text, "it is empty")
    doi = _DOI_PREFIX.match(body)
    if doi:
        body = body[doi.end() :]
    else:
        url = _URL.match(body)
        if url:
            body = unquote(body[url.end() :])
            body = body[_PATH.match(body).end() :]  # type: ignore[union-attr]  # the pattern matches the empty text
            if body.lower().startswith("arxiv:"):
                body = body[6:]
        else:
            if "%" in body:
                body = unquote(body)
            label = _LABEL.match(body)
            while label:
                body = body[label.end() :]
                label = _LABEL.match(body)
    body = _TAIL.sub("", re.split(r"[?#]", body, maxsplit=1)[0].strip().rstrip("/"))
    match = _NEW.fullmatch(body)
    if match:
        return _new_style(text, match)
    match = _OLD.fullmatch(body)
    if match:
        return _old_style(text, match)
    raise InvalidId(text, "it has neither the form YYMM.NNNNN nor archive/YYMMNNN")


# In running text an id needs a sign that it is one: a label, a URL, or old style with a known archive.
# A bare new-style number is no sign, since prose is full of numbers like 1234.5678.
_IN_TEXT = LatePattern(
    r"(?P<label>(?:https?://)?(?:(?<![\w.-])(?:[\w-]{1,63}\.){1,4})?(?:arxiv\.org|xxx\.lanl\.gov|ar5iv\.org|alphaxiv\.org)/(?:\w[\w-]*/)?"
    r"|10\.48550/arxiv\."
    r"|ar\s?xiv(?:\.org)?" + _AS_WHAT + r"\s*[:/ ]\s*(?:abs/)?(?:arxiv:)?"
    r"|abs/"
    r"|(?<![\w/.-]))"
    r"(?P<id>\d{4}\.\d{4,5}(?:v[1-9]\d*)?|[a-z]+(?:-[a-z]+)*(?:\.[A-Z]{2})?/\d{7}(?:v[1-9]\d*)?)"
    r"(?![\d/]|\.\d|\w)",
    re.IGNORECASE | re.ASCII,
)
_BETWEEN_IDS = re.compile(r"\s*(?:,|;|and|&|/|\+|,\s*and)\s*", re.IGNORECASE)


def find_arxiv_ids(text: str, *, bare: bool = False) -> list[FoundId]:
    """The arXiv ids in running text, in order, doubles included.

    A new-style number counts when a label or an arXiv URL stands before it, or another id that counts
    ("arXiv:2401.00001 and 2401.00002"); an old-style id counts by its archive. With `bare` every valid
    new-style number counts: for text where the words around it are judged as well.
    """
    found: list[FoundId] = []
    for match in _IN_TEXT.finditer(text):
        raw = match["id"]
        if "/" not in raw and not match["label"] and not bare:
            last_end = found[-1].end if found else None
            if last_end is None or not _BETWEEN_IDS.fullmatch(text, last_end, match.start()):
                continue
        try:
            found.append(FoundId(parse_arxiv_id(raw), match.start(), match.end()))
        except InvalidId:
            continue
    return found


_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"]+", re.ASCII)


class DoiReading(NamedTuple):
    """What a DOI field holds: the first valid DOI, and everything else that stands there."""

    doi: str | None
    others: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()


def clean_doi(text: str) -> str | None:
    """One DOI, bare (no URL, no `doi:`, no trailing punctuation), or None if `text` holds none.

    A DOI is `10.`, a registrant of at least four digits and a suffix (DOI Handbook 2.2); its letters are
    case-insensitive, and are kept as they were written.
    """
    match = _DOI.search(unquote(text) if "%" in text and "doi.org" in text.lower() else text)
    if not match:
        return None
    doi = match[0].rstrip(".,;:'")
    for opening, closing in ("()", "[]", "{}", "<>"):
        while doi.endswith(closing) and doi.count(closing) > doi.count(opening):
            doi = doi[:-1].rstrip(".,;:'")
    return doi if len(doi.split("/", 1)[1]) > 0 else None


def read_dois(text: str) -> DoiReading:
    """The DOIs in arXiv's `doi` field, which may hold several, a `doi:` prefix, or something that is none."""
    found: list[str] = []
    rejected: list[str] = []
    for word in re.split(r"[\s,;]+(?=10\.|doi|https?:)|\s+", text.strip()):
        bare = re.sub(r"^(?:doi:?)$", "", word, flags=re.IGNORECASE)
        if not bare:
            continue
        doi = clean_doi(bare)
        if doi is None:
            rejected.append(word)
        elif doi.lower() not in (known.lower() for known in found):
            found.append(doi)
    return DoiReading(found[0] if found else None, tuple(found[1:]), tuple(rejected))


def is_arxiv_doi(doi: str) -> bool:
    """Whether a DOI, bare or as a link, is one that arXiv registered."""
    return "10.48550/" in doi.lower()


def arxiv_id_of_doi(doi: str) -> str | None:
    """The arXiv id that an arXiv DOI (10.48550/arXiv.…) names; None for every other DOI."""
    if not is_arxiv_doi(doi):
        return None
    try:
        return parse_arxiv_id(doi).id
    except InvalidId:
        return None
