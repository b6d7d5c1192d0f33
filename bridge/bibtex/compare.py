r"""What a field's value means, so that two ways of writing one thing are one value.

`{M}üller`, `M{\"u}ller` and `Müller`; "First Last" and "Last, First"; `--` and `–`; `jan`, `1` and `January`;
a DOI bare or as a URL; http and https. The meaning is a plain text to compare and to hash, never to write.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from bridge.bibtex.latex import meaning
from bridge.bibtex.layout import MONTHS
from bridge.identifiers import InvalidId, clean_doi, parse_arxiv_id

_MONTH_NUMBERS = {name: str(number) for number, name in enumerate(MONTHS, start=1)}
NAMES = frozenset(("author", "editor", "bookauthor", "translator", "collaboration"))
_EPRINT_TYPES = frozenset(("archiveprefix", "eprinttype"))
_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212]+\s*")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
_ARXIV_VERSION = re.compile(r"(?<=\d)v\d+(?:\.pdf)?$", re.IGNORECASE)
_URL_COMMAND = re.compile(r"\\url\s*\{([^{}]*)\}")
_CLASS = re.compile(r"\s*\[[A-Za-z-]+(?:\.[A-Za-z-]+)?\]\s*$")
# the forms that bibbridge itself writes, read without any ado
_USUAL_DOI = re.compile(r"10\.\d{4,9}/[A-Za-z0-9./-]*[A-Za-z0-9]", re.ASCII)
_USUAL_URL = re.compile(r"https://((arxiv\.org/abs/[0-9.]+)(?:v\d+)?)", re.ASCII)
_USUAL_ID = re.compile(r"(\d{4}\.\d{4,5})(?:v\d+)?", re.ASCII)
_PLAIN = re.compile(r"[A-Za-z0-9 .,:;()/+&!?*<>=\[\]_@|]*")
# biblatex's and BibTeX's other names for one entry type
_TYPES = {"conference": "inproceedings", "electronic": "online", "www": "online", "techreport": "report"}


def field_meaning(name: str, text: str, *, versions: bool = True) -> str:
    """The meaning of one field's text (delimiters gone, @string names expanded); "" for an empty one.

    `name` is the field's, lower-case; "type" is the entry type. Without `versions`, an arXiv id's trailing
    version in `eprint` and `url` makes no difference.
    """
    text = text.strip()
    if not text:
        return ""
    if name in _WITH_VERSIONS:
        return _WITH_VERSIONS[name](text, versions)
    return _OTHERS.get(name, _plain)(text)


def _doi(text: str) -> str:
    if _USUAL_DOI.fullmatch(text):
        return text.lower()
    return (clean_doi(_plain(text)) or _plain(text)).lower()


def _month(text: str) -> str:
    plain = _plain(text).rstrip(".")
    return _MONTH_NUMBERS.get(plain[:3].lower()) or plain.lstrip("0").lower()


def _note(text: str, versions: bool) -> str:
    if text[:5].lower() == "arxiv":
        return "arXiv:" + _eprint(_CLASS.sub("", text[5:].lstrip(": ")), versions)
    return _plain(text)


def _plain(text: str) -> str:
    # most values hold nothing that TeX would read otherwise
    if _PLAIN.fullmatch(text):
        return text if "  " not in text else " ".join(text.split())
    return " ".join(meaning(text).split())


def _people(text: str) -> str:
    return " and ".join(_person(name) for name in split_names(text))


@lru_cache(maxsize=4096)
def _person(name: str) -> str:
    """ "Last, First" and "Last, Jr, First" as "First Last Jr"."""
    parts = [part.strip() for part in _at_top_level(name, ",")]
    if len(parts) == 2:
        parts = [parts[1], parts[0]]
    elif len(parts) > 2:
        parts = [*parts[2:], parts[0], parts[1]]
    return _plain(" ".join(part for part in parts if part).replace("~", " "))


def split_names(text: str) -> list[str]:
    """The names in a BibTeX name list: cut at each "and" outside braces."""
    if "{" not in text:
        return [name.strip() for name in _AND.split(text)]
    names: list[str] = []
    start = 0
    for match in _AND.finditer(text):
        before = text[start : match.start()]
        if before.count("{") == before.count("}"):
            names.append(before.strip())
            start = match.end()
    names.append(text[start:].strip())
    return names


def _at_top_level(text: str, separator: str) -> list[str]:
    if "{" not in text:
        return text.split(separator)
    parts, start, depth = [], 0, 0
    for at, character in enumerate(text):
        if character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
        elif character == separator and not depth:
            parts.append(text[start:at])
            start = at + 1
    parts.append(text[start:])
    return parts


def _url(text: str, versions: bool) -> str:
    usual = _USUAL_URL.fullmatch(text)
    if usual:
        return usual[1] if versions else usual[2]
    wrapped = _URL_COMMAND.search(text)
    url = wrapped[1] if wrapped else text
    url = url.replace("\\", "").replace("{", "").replace("}", "").strip()
    url = _SCHEME.sub("", url).rstrip("/")
    if not versions and url.lower().startswith(("arxiv.org/", "export.arxiv.org/")):
        url = _ARXIV_VERSION.sub("", url)
    host, slash, path = url.partition("/")
    return host.lower() + slash + path


def _eprint(text: str, versions: bool) -> str:
    usual = _USUAL_ID.fullmatch(text)
    if usual:
        return text if versions else usual[1]
    plain = _plain(text)
    try:
        found = parse_arxiv_id(_CLASS.sub("", plain))
    except InvalidId:
        return plain
    return str(found) if versions else found.id


_WITH_VERSIONS: dict[str, Callable[[str, bool], str]] = {"url": _url, "eprint": _eprint, "note": _note}
_OTHERS: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(NAMES, _people),
    **dict.fromkeys(_EPRINT_TYPES, lambda text: _plain(text).lower()),
    "doi": _doi,
    "pages": lambda text: _DASHES.sub("-", _plain(text)),
    "month": _month,
    "type": lambda text: _TYPES.get(text.lower(), text.lower()),
}
