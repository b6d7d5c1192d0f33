"""Sources that are no feeds: the arXiv papers that a .tex or .aux file cites or mentions, and lists of ids.

A citation key counts when it is an arXiv id itself (`\\cite{2606.03498}`, `\\cite{arXiv:2606.03498v2}`),
defined anywhere or not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from bridge.errors import InputError, Place, Problem
from bridge.identifiers import ArxivId, InvalidId, find_arxiv_ids, parse_arxiv_id
from bridge.latepattern import LatePattern

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
# \input{sec1}, \input sec1 and their kin; what \include leaves in the .aux
_PARTS = LatePattern(r"\\(?:input|include|subfile)\s*\{([^{}]*)\}|\\input[ \t]+([^\s\\{}%]+)")
_AUX_PARTS = LatePattern(r"\\@input\s*\{([^{}]*)\}()")


def with_parts(data: bytes, path: Path, report: Report) -> bytes:
    """A LaTeX source (or .aux) with each file that it takes in (\\input, \\include, \\subfile), once, in the
    place of the command, as UTF-8.

    A name is sought as LaTeX seeks it, with and without `.tex`, from the folder of `path` and, for the
    subfiles package, from that of the file that says it. One that is not there is reported with its line; in
    a .aux, where LaTeX misses none, it is not.
    """
    aux = path.suffix.lower() == ".aux"
    pattern = _AUX_PARTS if aux else _PARTS
    read = {path.resolve()}
    pieces: list[str] = []
    stack = [(_read(data, str(path), report, whole=aux), path, 0)]
    while stack:
        text, file, at = stack.pop()
        match = pattern.search(text, at)
        if match is None:
            pieces.append(text[at:])
            continue
        pieces.append(text[at : match.start()])
        stack.append((text, file, match.end()))
        name = (match[1] or match[2] or "").strip().strip('"')
        reason = ""
        part = _found(name, path, file)
        if part is None:
            if not name or aux or _of_tex(name):
                continue
            reason = "a macro makes up the name" if "\\" in name or "#" in name else "there is no such file"
        elif part.resolve() not in read:
            read.add(part.resolve())
            try:
                stack.append((_read(part.read_bytes(), str(part), report, whole=aux), part, 0))
            except OSError as error:
                reason = error.strerror or "it cannot be read"
            except InputError as error:
                reason = error.reason
        if reason:
            place = Place(str(file), text.count("\n", 0, match.start()) + 1)
            detail = f"what {match[0].strip()} takes in is not read: {reason}"
            report(Problem(place, "no-part", detail, lost=False))
    return "\n".join(pieces).encode()


def _of_tex(name: str) -> bool:
    """Whether a file of that name comes with TeX and holds nobody's text."""
    from bridge.phrases import word_set  # only for one that is missing

    return name.removesuffix(".tex").lower() in word_set("files of tex")


def _found(name: str, main: Path, file: Path) -> Path | None:
    if not name or "\0" in name:
        return None
    for folder in dict.fromkeys((main.parent, file.parent)):
        for spelt in (f"{name}.tex", name):
            if (folder / spelt).is_file():
                return folder / spelt
    return None


def _read(data: bytes, name: str, report: Report, *, whole: bool) -> str:
    """The text of a LaTeX file without what is not read, its lines kept; `whole` with it."""
    text = _text(data, name, report)
    return text if whole else _UNREAD.sub(lambda match: "\n" * match[0].count("\n") or " ", text)


def tex_ids(data: bytes, name: str, report: Report) -> Iterator[ArxivId]:
    """The arXiv papers of a LaTeX source, each once, in their order: cited by id, or mentioned in the text.

    What stands behind `%` or in verbatim text is not read.
    """
    text = _read(data, name, report, whole=False)
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
    text = _read(data, name, lambda problem: None, whole=False)
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
