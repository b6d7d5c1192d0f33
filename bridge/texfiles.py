"""Sources that are no feeds: the arXiv papers that a .tex or .aux file cites or mentions, and lists of ids.

A citation key counts when it is an arXiv id itself (`\\cite{2606.03498}`, `\\cite{arXiv:2606.03498v2}`),
defined anywhere or not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bridge.errors import InputError, Place, Problem
from bridge.identifiers import ArxivId, InvalidId, find_arxiv_ids, parse_arxiv_id

Report = Callable[[Problem], None]

# \cite and its kin: \citep, \Citet*, \parencite[12]{…}, \textcites(…)[…]{a}{b}, \nocite, \footcite
_CITE = re.compile(
    r"\\[A-Za-z]*cite[A-Za-z]*\*?\s*"
    r"(?P<groups>(?:(?:\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>)\s*|\{[^{}]*\}\s*)+)",
    re.IGNORECASE,
)
_GROUP = re.compile(r"\{([^{}]*)\}")
# what LaTeX and biblatex write into the .aux for each citation
_AUX = re.compile(r"\\(?:citation|abx@aux@cite|abx@aux@fncite)\s*(?:\{\d+\})?\{([^{}]*)\}")
# remarks and verbatim text, in one pass: each may hold what looks like the beginning of the other
_UNREAD = re.compile(
    r"(?<!\\)(?:\\\\)*%[^\r\n]*"
    r"|\\begin\{(?P<env>verbatim\*?|lstlisting|minted|comment)\}[\s\S]*?\\end\{(?P=env)\}"
    r"|\\(?:verb\*?|lstinline)(?P<quote>[^A-Za-z\s{*])[^\r\n]*?(?P=quote)"
)
_LIST_REMARK = re.compile(r"(?:^|\s)#.*")


def tex_ids(data: bytes, name: str, report: Report) -> Iterator[ArxivId]:
    """The arXiv papers of a LaTeX source, each once, in their order: cited by id, or mentioned in the text.

    What stands behind `%` or in verbatim text is not read.
    """
    text = _UNREAD.sub(" ", _text(data, name, report))
    found: list[tuple[int, ArxivId]] = [(one.start, one.id) for one in find_arxiv_ids(text)]
    for cite in _CITE.finditer(text):
        for group in _GROUP.finditer(text, cite.start("groups"), cite.end("groups")):
            found += [(group.start(), one) for one in _keys(group[1])]
    yield from _each_once(found)


def aux_ids(data: bytes, name: str, report: Report) -> Iterator[ArxivId]:
    """The arXiv papers whose ids are citation keys in a .aux file (LaTeX's or biblatex's), each once."""
    text = _text(data, name, report)
    found = [(cite.start(), one) for cite in _AUX.finditer(text) for one in _keys(cite[1])]
    yield from _each_once(found)


def cited_keys(data: bytes, name: str) -> dict[ArxivId, str]:
    """The citation keys of a LaTeX source or a .aux that are arXiv ids, each as it is first written."""
    text = _UNREAD.sub(" ", _text(data, name, lambda problem: None))
    cites = [
        group[1]
        for cite in _CITE.finditer(text)
        for group in _GROUP.finditer(text, cite.start("groups"), cite.end("groups"))
    ]
    cites += [cite[1] for cite in _AUX.finditer(text)]
    keys: dict[ArxivId, str] = {}
    for key, paper in (pair for cite in cites for pair in _keyed(cite)):
        keys.setdefault(paper, key)
    return keys


def listed_ids(data: bytes, name: str, report: Report) -> Iterator[ArxivId]:
    """The papers of a list: one id or link a line, `#` for comments; each once.

    A line that names no paper is reported with its number and left out.
    """
    seen: set[ArxivId] = set()
    for number, raw in enumerate(_text(data, name, report).splitlines(), start=1):
        line = _LIST_REMARK.sub("", raw).strip()
        if not line:
            continue
        try:
            found = parse_arxiv_id(line)
        except InvalidId as error:
            detail = f"{line!r} is no arXiv id or link: {error.reason}"
            report(
                Problem(Place(name, number), "bad-id", detail, advice="one id or link a line, # for comments")
            )
            continue
        if found not in seen:
            seen.add(found)
            yield found


def _text(data: bytes, name: str, report: Report) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        raise InputError(Place(name), "this is no text file, and no arXiv id is sought in it")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        report(
            Problem(Place(name, line), "encoding", "the file is no UTF-8; it is read as Latin-1", lost=False)
        )
        return data.decode("latin-1")


def _keys(keys: str) -> Iterator[ArxivId]:
    for _, paper in _keyed(keys):
        yield paper


def _keyed(keys: str) -> Iterator[tuple[str, ArxivId]]:
    for key in keys.split(","):
        try:
            yield key.strip(), parse_arxiv_id(key.strip())
        except InvalidId:
            continue


def _each_once(found: list[tuple[int, ArxivId]]) -> Iterator[ArxivId]:
    found.sort(key=lambda pair: pair[0])
    yield from dict.fromkeys(one for _, one in found)
