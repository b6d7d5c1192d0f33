"""Every shape in which people write an arXiv id into a .bib, and which entry a record is."""

from __future__ import annotations

import pytest

from bridge.bibtex.document import Document
from bridge.bibtex.entryids import EntryIds, entry_ids
from bridge.bibtex.match import Matches, Sought, find_matches
from bridge.bibtex.source import bib_ids
from bridge.errors import Problem
from bridge.identifiers import ArxivId

# who writes it so, the fields, what they say
SHAPES = [
    ("arXiv's own export", "eprint={1706.03762}, archivePrefix={arXiv}, primaryClass={cs.CL}", "1706.03762"),
    ("arXiv, old id", "eprint={acc-phys/9411004}, archivePrefix={arXiv}", "acc-phys/9411004"),
    ("Google Scholar", "journal={arXiv preprint arXiv:1706.03762}, year={2017}", "1706.03762"),
    ("Scholar, old id", "journal={arXiv preprint hep-th/9711200}", "hep-th/9711200"),
    ("Semantic Scholar", "journal={ArXiv}, volume={abs/1706.03762}", "1706.03762"),
    (
        "DBLP",
        "journal={CoRR}, volume={abs/1706.03762}, eprinttype={arXiv}, eprint={1706.03762}",
        "1706.03762",
    ),
    ("DBLP before 2022", "journal={CoRR}, volume={abs/1706.03762}", "1706.03762"),
    ("DBLP, old id", "journal={CoRR}, volume={cs.DL/0106057}", "cs/0106057"),
    ("DBLP, by DOI", "journal={CoRR}, doi={10.48550/ARXIV.1706.03762}", "1706.03762"),
    ("ADS", "journal={arXiv e-prints}, eid={arXiv:1801.00690}, pages={arXiv:1801.00690}", "1801.00690"),
    ("INSPIRE", 'eprint = "1207.7214", archivePrefix = "arXiv", primaryClass = "hep-ex"', "1207.7214"),
    ("INSPIRE, old id", 'eprint = "hep-th/9711200", archivePrefix = "arXiv"', "hep-th/9711200"),
    ("Zotero BibTeX", "url={http://arxiv.org/abs/1706.03762}, note={arXiv:1706.03762 [cs]}", "1706.03762"),
    ("Zotero, note alone", "publisher={arXiv}, note={arXiv:1706.03762 [cs]}", "1706.03762"),
    (
        "Zotero BibLaTeX",
        "number={arXiv:1706.03762}, eprinttype={arxiv}, eprint={1706.03762 [cs]}",
        "1706.03762",
    ),
    ("Better BibTeX", "number={arXiv:1706.03762}, archiveprefix={arXiv}", "1706.03762"),
    ("Better BibLaTeX", "eprint={1706.03762}, eprinttype={arXiv}, eprintclass={cs}", "1706.03762"),
    ("JabRef", "Eprint = {1706.03762}, Eprinttype = {arXiv}, Eprintclass = {cs.CL}", "1706.03762"),
    ("Mendeley", "archivePrefix={arXiv}, arxivId={1706.03762}", "1706.03762"),
    ("eprint with its label", "eprint={arXiv:1706.03762v3}", "1706.03762v3"),
    ("eprint as URL", "eprint={https://arxiv.org/abs/1706.03762}", "1706.03762"),
    ("prefix in capitals", "eprint={1706.03762}, archiveprefix={ARXIV}", "1706.03762"),
    ("version", "eprint={1706.03762v5}, archiveprefix={arXiv}", "1706.03762v5"),
    ("PDF link", "url={https://arxiv.org/pdf/1706.03762v2.pdf}", "1706.03762v2"),
    ("\\url in howpublished", "howpublished={\\url{https://arxiv.org/abs/1706.03762}}", "1706.03762"),
    ("howpublished", "howpublished={arXiv preprint arXiv:1706.03762 [cs.CL]}", "1706.03762"),
    ("journal, braces", "journal={{arXiv}:1706.03762}", "1706.03762"),
    ("DOI as URL", "doi={https://doi.org/10.48550/arXiv.1706.03762}", "1706.03762"),
    ("DOI in url", "url={https://doi.org/10.48550/arXiv.1706.03762}", "1706.03762"),
    ("expanded string", "journal = corr, volume = {abs/1706.03762}", "1706.03762"),
    ("math class in id", "eprint={math.GT/0309136}", "math/0309136"),
    ("number and class", "eprint={0309136}, eprinttype={arxiv}, eprintclass={math.GT}", "math/0309136"),
    ("number and archive", 'eprint = "9711200", primaryClass = "hep-th"', "hep-th/9711200"),
    ("booktitle", "booktitle={arXiv preprint arXiv:1706.03762}", "1706.03762"),
    ("booktitle, bare number", "booktitle={arXiv preprint 1706.03762}", "1706.03762"),
    ("\\href", "howpublished={\\href{https://arxiv.org/abs/1706.03762}{arXiv:1706.03762}}", "1706.03762"),
    (
        "\\href in a note",
        "note={Preprint, \\href{https://arxiv.org/abs/1706.03762}{\\texttt{1706.03762}}}",
        "1706.03762",
    ),
    ("a command of its own", "note={\\arxiv{1706.03762}}", "1706.03762"),
    ("\\allowbreak", "note={arXiv:\\allowbreak 1706.03762}", "1706.03762"),
    ("type and number", "type={arXiv preprint}, number={1706.03762}", "1706.03762"),
    ("institution and number", "institution={arXiv}, number={1706.03762}", "1706.03762"),
    ("pdf", "pdf={https://arxiv.org/pdf/1706.03762}", "1706.03762"),
    ("html", "html={https://arxiv.org/abs/1706.03762}", "1706.03762"),
    ("SPIRES", 'SLACcitation="%%CITATION = ARXIV:1706.03762;%%"', "1706.03762"),
    ("comment", "comment={arXiv:1706.03762}", "1706.03762"),
    ("also available", "note={Also available as arXiv:1706.03762}", "1706.03762"),
    ("in press", "note={In press. Preprint: \\url{https://arxiv.org/abs/1706.03762}}", "1706.03762"),
    ("workshop paper", "note={arXiv:1706.03762, workshop paper}", "1706.03762"),
    # not its own
    ("another's number", "type={Report}, number={1706.03762}", None),
    ("a page of code", "html={https://example.org/1706.03762}", None),
    ("a number without a class", "eprint={0309136}, archivePrefix={arXiv}", None),
    ("another archive", "eprint={1706.03762}, eprinttype={hal}", None),
    ("mentioned in the abstract", "abstract={we extend arXiv:1706.03762}", None),
    ("mentioned in a note", "note={See also the earlier arXiv:1706.03762}", None),
    ("two in a note", "note={arXiv:1706.03762, arXiv:1801.00690}", None),
    ("a journal's numbers", "journal={Phys. Rev. D}, volume={1207}, number={7214}, pages={1207.7214}", None),
    ("a number like an id", "pages={1234.5678}", None),
    ("nothing", "title={x}", None),
]


@pytest.mark.parametrize(("who", "fields", "expected"), SHAPES, ids=[shape[0] for shape in SHAPES])
def test_an_entrys_own_arxiv_id(who: str, fields: str, expected: str | None) -> None:
    document = Document(f"@string{{corr = {{CoRR}}}}\n@article{{key, {fields}}}")
    found = entry_ids(document, document.entries[0]).arxiv
    assert (str(found) if found else None) == expected


@pytest.mark.parametrize(("who", "fields", "expected"), SHAPES, ids=[shape[0] for shape in SHAPES])
def test_every_shape_is_found_again(who: str, fields: str, expected: str | None) -> None:
    text = f"@string{{corr = {{CoRR}}}}\n@article{{other, title={{y}}}}\n@article{{key, {fields}}}"
    wanted = ArxivId(*(expected or "1706.03762").split("v")[:1])
    matches = find_matches(Document(text), [Sought("it", wanted.id)], {})
    assert {name: entry.key for name, entry in matches.entries.items()} == ({"it": "key"} if expected else {})


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("doi={10.1109/IPDPS65963.2026.00028}", "10.1109/ipdps65963.2026.00028"),
        ("doi={https://doi.org/10.1145/3.4}", "10.1145/3.4"),
        ("DOI = {http://dx.doi.org/10.1007/978-3-540-1\\_2}", "10.1007/978-3-540-1_2"),
        ("doi={10.1007/978-3-540-1{\\_}2}", "10.1007/978-3-540-1_2"),
        ("url={https://doi.org/10.1145/3.4}", "10.1145/3.4"),
        ("doi={10.48550/arXiv.1706.03762}", None),
        ("url={https://example.org/10.1145/3.4}", None),
    ],
)
def test_an_entrys_publisher_doi(fields: str, expected: str | None) -> None:
    document = Document(f"@article{{key, {fields}}}")
    assert entry_ids(document, document.entries[0]).doi == expected
    if expected:
        matches = find_matches(document, [Sought("it", None, None, expected.upper())], {})
        assert matches.entries["it"].key == "key"


def entry(key: str, **fields: str) -> str:
    return f"@misc{{{key}, " + ", ".join(f"{name} = {{{value}}}" for name, value in fields.items()) + "}\n"


def matched(text: str, *records: Sought, lock: dict[str, str] | None = None) -> dict[str, str]:
    matches: Matches = find_matches(Document(text), records, lock or {})
    return {name: found.key for name, found in matches.entries.items()}


A, B = "2606.00001", "2606.00002"


@pytest.mark.parametrize(
    ("why", "text", "records", "lock", "expected"),
    [
        (
            "the lock knows the key",
            entry("k", title="x"),
            [Sought("arXiv:a", A)],
            {"arXiv:a": "k"},
            {"arXiv:a": "k"},
        ),
        (
            "the key is another paper's by now",
            entry("k", eprint=B),
            [Sought("arXiv:a", A)],
            {"arXiv:a": "k"},
            {},
        ),
        (
            "the lock knows the key, whatever DOI stands there by now",
            entry("k", doi="10.1145/1.2"),
            [Sought("arXiv:a", A, None, "10.1145/9.9")],
            {"arXiv:a": "k"},
            {"arXiv:a": "k"},
        ),
        (
            "an id proves more than the lock",
            entry("k", doi="10.1145/1.2") + entry("l", eprint=A),
            [Sought("arXiv:a", A, None, "10.1145/9.9")],
            {"arXiv:a": "k"},
            {"arXiv:a": "l"},
        ),
        (
            "the lock knows the key, and the entry tells a DOI that the record does not",
            entry("k", doi="10.1145/1.2"),
            [Sought("arXiv:a", A)],
            {"arXiv:a": "k"},
            {"arXiv:a": "k"},
        ),
        (
            "the person renamed the key",
            entry("new", eprint=A),
            [Sought("arXiv:a", A)],
            {"arXiv:a": "old"},
            {"arXiv:a": "new"},
        ),
        (
            "pinned before, not now",
            entry("k", eprint=f"{A}v2"),
            [Sought(f"arXiv:{A}", A)],
            {f"arXiv:{A}v2": "k"},
            {f"arXiv:{A}": "k"},
        ),
        (
            "an unpinned entry serves a pinned record",
            entry("k", eprint=A),
            [Sought("it", A, 3)],
            {},
            {"it": "k"},
        ),
        (
            "a pinned entry serves an unpinned record",
            entry("k", eprint=f"{A}v3"),
            [Sought("it", A)],
            {},
            {"it": "k"},
        ),
        ("two pinned versions are two works", entry("k", eprint=f"{A}v1"), [Sought("it", A, 3)], {}, {}),
        (
            "each version has its entry",
            entry("two", eprint=f"{A}v2") + entry("one", eprint=f"{A}v1"),
            [Sought("v1", A, 1), Sought("v2", A, 2)],
            {},
            {"v1": "one", "v2": "two"},
        ),
        (
            "the exact version first",
            entry("any", eprint=A) + entry("two", eprint=f"{A}v2"),
            [Sought("it", A, 2)],
            {},
            {"it": "two"},
        ),
        (
            "of two entries the first",
            entry("k", eprint=A) + entry("l", eprint=A),
            [Sought("it", A)],
            {},
            {"it": "k"},
        ),
        (
            "an entry is one record's only",
            entry("k", eprint=A, doi="10.1145/1.2"),
            [Sought("a", A), Sought("b", None, None, "10.1145/1.2")],
            {},
            {"a": "k"},
        ),
        ("by DOI", entry("k", doi="10.1145/1.2"), [Sought("it", A, None, "10.1145/1.2")], {}, {"it": "k"}),
        (
            "a DOI does not unite two arXiv papers",
            entry("k", eprint=B, doi="10.1145/1.2"),
            [Sought("it", A, None, "10.1145/1.2")],
            {},
            {},
        ),
        ("only mentioned", entry("k", abstract=f"as in arXiv:{A}"), [Sought("it", A)], {}, {}),
        (
            "the surest sign first, whatever the order",
            entry("k", doi="10.1145/1.2", title="x") + entry("l", eprint=A),
            [Sought("doi", None, None, "10.1145/1.2"), Sought("id", A)],
            {},
            {"doi": "k", "id": "l"},
        ),
    ],
)
def test_which_entry_a_record_is(
    why: str, text: str, records: list[Sought], lock: dict[str, str], expected: dict[str, str]
) -> None:
    assert matched(text, *records, lock=lock) == expected


def test_a_broken_entry_is_found_and_not_doubled() -> None:
    text = f"@misc{{k, title = {{open {{x}},\n eprint = {{{A}}}\n}}\n@misc{{l, title={{y}}}}"
    matches = find_matches(Document(text), [Sought("it", A), Sought("other", B)], {})
    assert not matches.entries
    assert {name: block.key for name, block in matches.broken.items()} == {"it": "k"}
    by_lock = find_matches(Document(text), [Sought("other", B)], {"other": "k"})
    assert by_lock.broken["other"].key == "k"


def test_ids_of_nothing() -> None:
    document = Document("@misc{k, title={x}}")
    assert entry_ids(document, document.entries[0]) == EntryIds()


def test_a_bib_as_a_source() -> None:
    text = (
        entry("a", eprint=A)
        + entry("b", title="x")
        + entry("c", eprint=f"{B}v2")
        + entry("d", url=f"https://arxiv.org/abs/{A}")
        + "@misc{e, title = {"
    )
    problems: list[Problem] = []
    assert list(bib_ids(text.encode(), "r.bib", problems.append)) == [ArxivId(A), ArxivId(B, 2)]
    assert [problem.code for problem in problems] == ["broken-source"]
    assert list(bib_ids(b"", "r.bib", problems.append)) == []


def test_the_ids_of_a_broken_entry_are_taken_all_the_same() -> None:
    text = f"@article{{a, title={{open, eprint={{{A}}}\n}}\n\n@misc{{b, note={{arXiv:{B}v2}}, title={{x\n}}\n"
    problems: list[Problem] = []
    assert list(bib_ids(text.encode(), "r.bib", problems.append)) == [ArxivId(A), ArxivId(B, 2)]
    assert [A in problem.detail for problem in problems] == [True, False]
