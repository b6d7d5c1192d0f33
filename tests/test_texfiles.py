"""LaTeX sources, .aux files and lists of ids."""

from __future__ import annotations

import pytest

from bridge.errors import InputError, Problem
from bridge.identifiers import ArxivId
from bridge.texfiles import aux_ids, listed_ids, tex_ids


def read(reader: object, text: str | bytes) -> tuple[list[str], list[Problem]]:
    problems: list[Problem] = []
    data = text.encode() if isinstance(text, str) else text
    return [str(one) for one in reader(data, "x.tex", problems.append)], problems  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"as shown in \cite{2606.03498}", ["2606.03498"]),
        (r"\citep[see][p.~2]{doe, arXiv:2606.03498v2 , math/0309136}", ["2606.03498v2", "math/0309136"]),
        (
            r"\Citet*{2606.00001} \parencite{2606.00002} \nocite{2606.00003}",
            ["2606.00001", "2606.00002", "2606.00003"],
        ),
        (r"\textcites(see)()[1]{2606.00001}[2]{2606.00002}", ["2606.00001", "2606.00002"]),
        (r"\footcite{hep-th/9711200}", ["hep-th/9711200"]),
        (r"\cite{2606.00001,2606.00001} \cite{2606.00001}", ["2606.00001"]),
        (r"\cite{%" + "\n  2606.00001,% first\n  2606.00002}", ["2606.00001", "2606.00002"]),
        (r"see \url{https://arxiv.org/abs/2606.00001} and arXiv:2606.00002.", ["2606.00001", "2606.00002"]),
        (
            r"\bibitem{x} A. Author, \href{http://arxiv.org/abs/hep-th/9711200}{hep-th/9711200}",
            ["hep-th/9711200"],
        ),
        (r"% \cite{2606.00001}" + "\n" + r"50\% of \cite{2606.00002}", ["2606.00002"]),
        (r"\begin{verbatim}\cite{2606.00001}\end{verbatim}\cite{2606.00002}", ["2606.00002"]),
        (r"\verb|\cite{2606.00001}| \cite{2606.00002}", ["2606.00002"]),
        (r"% \begin{verbatim}" + "\n" + r"\cite{2606.00002}", ["2606.00002"]),
        (r"\\% \cite{2606.00001}" + "\n" + r"\cite{2606.00002}", ["2606.00002"]),
        (r"\cite{doe2020} costs 1234.56789 or 2606.00001", []),
        (r"\cite{2613.00001} \cite{}", []),
        ("", []),
    ],
)
def test_tex(text: str, expected: list[str]) -> None:
    assert read(tex_ids, text) == (expected, [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            r"\relax" + "\n" + r"\citation{doe,2606.00001}" + "\n" + r"\citation{2606.00002v1}",
            ["2606.00001", "2606.00002v1"],
        ),
        (r"\abx@aux@cite{0}{2606.00001}" + "\n" + r"\abx@aux@segm{0}{0}{2606.00001}", ["2606.00001"]),
        (r"\abx@aux@cite{arXiv:2606.00001}", ["2606.00001"]),
        (r"\bibcite{2606.00001}{1}" + "\n" + r"\newlabel{2606.00002}{{1}{1}}", []),
        (r"\citation{*}", []),
    ],
)
def test_aux(text: str, expected: list[str]) -> None:
    assert read(aux_ids, text) == (expected, [])


def test_a_list_of_ids() -> None:
    text = (
        "# papers\n2606.00001\n\nhttps://arxiv.org/pdf/2606.00002v3.pdf  # with a remark\r\n"
        "arXiv:math.GT/0309136\n10.48550/arXiv.2606.00004\n2606.00001\nhttps://arxiv.org/abs/2606.00005#sec\n"
    )
    found, problems = read(listed_ids, text)
    assert found == ["2606.00001", "2606.00002v3", "math/0309136", "2606.00004", "2606.00005"]
    assert problems == []


def test_a_bad_line_is_named_and_costs_itself_only() -> None:
    found, problems = read(listed_ids, "2606.00001\nhello world\n2613.00001\n2606.00002\n")
    assert found == ["2606.00001", "2606.00002"]
    assert [(p.code, p.place.line, p.lost) for p in problems] == [("bad-id", 2, True), ("bad-id", 3, True)]
    assert "month" in problems[1].detail


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        ("ü \\cite{2606.00001}".encode("latin-1"), ["encoding"]),
        ("ü \\cite{2606.00001}".encode("utf-16"), []),
        ("\ufeffü \\cite{2606.00001}".encode(), []),
    ],
)
def test_encodings(data: bytes, codes: list[str]) -> None:
    found, problems = read(tex_ids, data)
    assert found == ["2606.00001"]
    assert [p.code for p in problems] == codes


def test_ids_are_values() -> None:
    (found,) = tex_ids(rb"\cite{2606.00001v2}", "x", lambda problem: None)
    assert found == ArxivId("2606.00001", 2)


def test_a_binary_file_is_no_list_of_ids() -> None:
    with pytest.raises(InputError, match="no text file"):
        list(listed_ids(b"\x7fELF\x02\x00\x00\n\xff\x00", "program", [].append))
