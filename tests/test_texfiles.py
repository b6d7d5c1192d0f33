"""LaTeX sources, .aux files and lists of ids."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.errors import InputError, Problem
from bridge.identifiers import ArxivId
from bridge.texfiles import aux_ids, cited_keys, listed_ids, tex_ids, with_parts


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


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def read_whole(main: Path) -> tuple[list[str], list[Problem]]:
    problems: list[Problem] = []
    data = with_parts(main.read_bytes(), main, problems.append)
    return read(aux_ids if main.suffix == ".aux" else tex_ids, data)[0], problems


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"main.tex": r"\cite{2606.00001}\input{sec1}\cite{2606.00003}", "sec1.tex": r"\cite{2606.00002}"},
            ["2606.00001", "2606.00002", "2606.00003"],
        ),
        ({"main.tex": r"\include{parts/one}", "parts/one.tex": "arXiv:2606.00001"}, ["2606.00001"]),
        ({"main.tex": r"\subfile {one.tex}", "one.tex": "arXiv:2606.00001"}, ["2606.00001"]),
        ({"main.tex": "\\input one \nx", "one.tex": "arXiv:2606.00001"}, ["2606.00001"]),
        ({"main.tex": "\\input one.ltx%\nx", "one.ltx": "arXiv:2606.00001"}, ["2606.00001"]),
        # LaTeX looks for one.tex first
        (
            {"main.tex": r"\input{one}", "one": "arXiv:2606.00001", "one.tex": "arXiv:2606.00002"},
            ["2606.00002"],
        ),
        # from the main file's folder, however deep
        (
            {"main.tex": r"\input{a/b}", "a/b.tex": r"\input{a/c}", "a/c.tex": "arXiv:2606.00001"},
            ["2606.00001"],
        ),
        # ... or, in a subfile, from its own
        (
            {"main.tex": r"\subfile{a/b}", "a/b.tex": r"\input{c}", "a/c.tex": "arXiv:2606.00001"},
            ["2606.00001"],
        ),
        ({"main.tex": "% \\input{one}\n", "one.tex": "arXiv:2606.00001"}, []),
        ({"main.tex": r"\verb|\input{one}|", "one.tex": "arXiv:2606.00001"}, []),
        ({"main.tex": r"\input{one}", "one.tex": "% arXiv:2606.00001"}, []),
        ({"main.tex": r"\inputencoding{one}\includegraphics{one}", "one.tex": "arXiv:2606.00001"}, []),
        ({"main.tex": r"\bibliography{one}", "one.tex": "arXiv:2606.00001"}, []),
        # nobody's loop
        ({"main.tex": r"\input{main}\cite{2606.00001}"}, ["2606.00001"]),
        (
            {
                "main.tex": r"\input{a}\input{a.tex}",
                "a.tex": r"\input{b}",
                "b.tex": r"\input{./a}\cite{2606.00001}",
            },
            ["2606.00001"],
        ),
        (
            {"main.aux": r"\relax\@input{one.aux}\@input{gone.aux}", "one.aux": r"\citation{2606.00001}"},
            ["2606.00001"],
        ),
    ],
)
def test_what_a_source_takes_in_is_read_in_its_place(
    tmp_path: Path, files: dict[str, str], expected: list[str]
) -> None:
    write(tmp_path, files)
    assert read_whole(tmp_path / next(iter(files))) == (expected, [])


def test_a_part_that_is_not_there_is_told_with_its_place(tmp_path: Path) -> None:
    main = "%a\n\\begin{verbatim}\nx\n\\end{verbatim}\n\\input{sec1}\n\\input{glyphtounicode}\n"
    write(tmp_path, {"main.tex": main, "sec1.tex": "\n\\include{gone}\n\\input{s/#1}\n\\input{pic}"})
    (tmp_path / "pic.tex").write_bytes(b"\0\0")
    found, problems = read_whole(tmp_path / "main.tex")
    assert found == []
    assert [(p.place.source, p.place.line, p.lost) for p in problems] == [
        (str(tmp_path / "sec1.tex"), line, False) for line in (2, 3, 4)
    ]
    assert r"\include{gone}" in problems[0].detail
    assert "no such file" in problems[0].detail
    assert "macro" in problems[1].detail
    assert "no text file" in problems[2].detail


def test_each_part_is_read_in_its_own_encoding(tmp_path: Path) -> None:
    (tmp_path / "main.tex").write_bytes("ü \\input{one} \\cite{2606.00002}".encode())
    (tmp_path / "one.tex").write_bytes("ü \\cite{arXiv:2606.00001}".encode("latin-1"))
    found, problems = read_whole(tmp_path / "main.tex")
    assert found == ["2606.00001", "2606.00002"]
    assert [(p.place.source, p.code) for p in problems] == [(str(tmp_path / "one.tex"), "encoding")]


def test_the_keys_of_a_part_are_those_it_is_cited_by(tmp_path: Path) -> None:
    write(tmp_path, {"main.tex": r"\input{one}", "one.tex": r"\cite{arXiv:2606.00001}"})
    main = tmp_path / "main.tex"
    data = with_parts(main.read_bytes(), main, [].append)
    assert cited_keys(data, "main.tex") == {ArxivId("2606.00001"): "arXiv:2606.00001"}
