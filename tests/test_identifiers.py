from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.identifiers import (
    ArxivId,
    InvalidId,
    archives,
    arxiv_id_of_doi,
    clean_doi,
    find_arxiv_ids,
    parse_arxiv_id,
    read_dois,
)

NEW = "2606.03498"
OLD = "math/0309136"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NEW, NEW),
        ("2606.03498v2", "2606.03498v2"),
        ("0704.0001", "0704.0001"),
        ("1412.9999V3", "1412.9999v3"),
        ("math.GT/0309136", OLD),
        ("math.GT/0309136v1", "math/0309136v1"),
        ("HEP-TH/9711200", "hep-th/9711200"),
        ("cond-mat.mes-hall/0309136", "cond-mat/0309136"),
        ("cmp-lg/9404001", "cmp-lg/9404001"),
        ("arXiv:2606.03498", NEW),
        ("ARXIV: 2606.03498v1", "2606.03498v1"),
        ("arXiv 2606.03498", NEW),
        ("arXiv:2606.03498v5 [cs.CL]", "2606.03498v5"),
        ("2606.03498 [astro-ph]", NEW),
        ("oai:arXiv.org:2606.03498v1", "2606.03498v1"),
        ("(arXiv:2606.03498).", NEW),
        ("<https://arxiv.org/abs/2606.03498>", NEW),
        ("http://arxiv.org/abs/2606.03498v2", "2606.03498v2"),
        ("https://arxiv.org/pdf/2606.03498v2.pdf?download=1#page=3", "2606.03498v2"),
        ("https://arxiv.org/abs/2606.03498/", NEW),
        ("https://www.arxiv.org/html/2606.03498", NEW),
        ("https://export.arxiv.org/ps/hep-th/9711200v3", "hep-th/9711200v3"),
        ("https://browse.arxiv.org/src/2606.03498", NEW),
        ("https://arxiv.org/e-print/2606.03498", NEW),
        ("https://arxiv.org/format/2606.03498", NEW),
        ("https://arxiv.org/tb/2606.03498", NEW),
        ("arxiv.org/abs/math%2F0309136", OLD),
        ("xxx.lanl.gov/abs/hep-th/9711200", "hep-th/9711200"),
        ("de.arxiv.org/abs/2606.03498", NEW),
        ("https://lanl.arxiv.org/abs/2606.03498", NEW),
        ("https://ar5iv.labs.arxiv.org/html/2606.03498", NEW),
        ("ar5iv.org/abs/2606.03498", NEW),
        ("https://www.alphaxiv.org/overview/2606.03498", NEW),
        ("https://huggingface.co/papers/2606.03498", NEW),
        ("https://scirate.com/arxiv/quant-ph/0201082", "quant-ph/0201082"),
        ("https://www.semanticscholar.org/arXiv:2606.03498", NEW),
        ("https://doi.org/10.48550/arXiv.2606.03498", NEW),
        ("10.48550/ARXIV.2606.03498", NEW),
        ("doi:10.48550/arXiv.math/0309136", OLD),
        ("https://dx.doi.org/10.48550/arxiv.2606.03498", NEW),
    ],
)
def test_every_form_that_people_paste(text: str, expected: str) -> None:
    assert str(parse_arxiv_id(text)) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("0704.00001", "4 digits"),
        ("1501.1234", "perhaps 1501.01234"),
        ("1300.0001", "month 00"),
        ("1313.0001", "month 13"),
        ("0703.0001", "0704"),
        ("2606.00000", "count from 1"),
        ("2606.034981", "5 digits"),
        ("1706.03762v0", "v1"),
        ("10.1101/1706.03762", "form"),
        ("1234.5678", "month 34"),
        ("https://arxiv.org/list/cs.DC/recent", "form"),
        ("https://example.org/?u=arxiv.org/abs/1706.03762", "form"),
        ("foo/9901001", "archive"),
        ("math/0704001", "9107"),
        ("hep-th/9106001", "9107"),
        ("hep-th/9913001", "month 13"),
        ("hep-th/9901000", "count from 1"),
        ("Attention is all you need", "form"),
    ],
)
def test_what_is_no_id_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(InvalidId) as caught:
        parse_arxiv_id(text)
    assert why in caught.value.reason
    assert caught.value.text == text


@pytest.mark.parametrize("archive", sorted(archives()))
def test_every_archive_makes_old_style_ids(archive: str) -> None:
    assert parse_arxiv_id(f"{archive}/9901001") == ArxivId(f"{archive}/9901001")


valid_ids = st.one_of(
    st.builds("{:02d}{:02d}.{:05d}".format, st.integers(15, 99), st.integers(1, 12), st.integers(1, 99999)),
    st.builds("{:02d}{:02d}.{:04d}".format, st.integers(8, 14), st.integers(1, 12), st.integers(1, 9999)),
    st.builds(
        "{}/{:02d}{:02d}{:03d}".format,
        st.sampled_from(sorted(archives())),
        st.integers(92, 99),
        st.integers(1, 12),
        st.integers(1, 999),
    ),
)


@given(valid_ids, st.none() | st.integers(1, 99))
def test_an_id_survives_its_own_spelling(base: str, version: int | None) -> None:
    arxiv_id = ArxivId(base, version)
    for text in (
        str(arxiv_id),
        f"arXiv:{arxiv_id}",
        f"https://arxiv.org/abs/{arxiv_id}",
        f"http://arxiv.org/pdf/{arxiv_id}.pdf",
    ):
        assert parse_arxiv_id(text) == arxiv_id
    assert arxiv_id_of_doi(f"10.48550/arXiv.{base}") == base


@given(st.text())
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        parsed = parse_arxiv_id(text)
    except InvalidId:
        return
    assert parse_arxiv_id(str(parsed)) == parsed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "see arXiv:2401.00001 and 2401.00002, or math.GT/0309136v2",
            ["2401.00001", "2401.00002", "math/0309136v2"],
        ),
        ("superseded by arXiv:1408.1234.", ["1408.1234"]),
        ("http://arxiv.org/abs/hep-th/9711200. 12 pages", ["hep-th/9711200"]),
        ("replaces astro-ph/0601001, gr-qc/9512001", ["astro-ph/0601001", "gr-qc/9512001"]),
        ("arXiv preprint arXiv:1706.03762", ["1706.03762"]),
        ("the value 1205.5678 is a number", []),
        ("doi 10.1101/1706.03762", []),
        ("at foo/9901001 and bar.com/math/0309136", []),
        ("see https://doi.org/10.48550/arXiv.1706.03762v3", ["1706.03762v3"]),
    ],
)
def test_ids_in_running_text(text: str, expected: list[str]) -> None:
    found = find_arxiv_ids(text)
    assert [str(f.id) for f in found] == expected
    for one in found:
        assert parse_arxiv_id(text[one.start : one.end]) == one.id


def test_bare_numbers_count_only_when_asked_for() -> None:
    assert find_arxiv_ids("superseded by 1408.1234") == []
    assert [str(f.id) for f in find_arxiv_ids("superseded by 1408.1234", bare=True)] == ["1408.1234"]


@given(st.text(alphabet="arXiv:./v 0123456789mathhep-", max_size=200))
def test_finding_gives_ordered_spans(text: str) -> None:
    end = 0
    for found in find_arxiv_ids(text, bare=True):
        assert end <= found.start < found.end
        end = found.end


@pytest.mark.parametrize(
    ("text", "doi", "others", "rejected"),
    [
        ("10.1109/IPDPS65963.2026.00028", "10.1109/IPDPS65963.2026.00028", (), ()),
        ("https://doi.org/10.1063/1.48251", "10.1063/1.48251", (), ()),
        ("doi:10.1063/1.48251", "10.1063/1.48251", (), ()),
        ("doi: 10.1063/1.48251", "10.1063/1.48251", (), ()),
        (
            "10.1063/1.48251 10.1103/PhysRevD.76.013009",
            "10.1063/1.48251",
            ("10.1103/PhysRevD.76.013009",),
            (),
        ),
        ("10.1063/1.48251, 10.1063/1.48251", "10.1063/1.48251", (), ()),
        ("10.1016/S0370-2693(97)00001-2.", "10.1016/S0370-2693(97)00001-2", (), ()),
        ("(10.1016/j.x.2020.1)", "10.1016/j.x.2020.1", (), ()),
        (
            "10.1002/(SICI)1097-0118(199804)27:4<209::AID-JGT4>3.0.CO;2-H",
            "10.1002/(SICI)1097-0118(199804)27:4<209::AID-JGT4>3.0.CO;2-H",
            (),
            (),
        ),
        ("<https://doi.org/10.1063/1.48251>", "10.1063/1.48251", (), ()),
        ("not-a-doi", None, (), ("not-a-doi",)),
        ("10.12/x", None, (), ("10.12/x",)),
    ],
)
def test_the_doi_field(
    text: str, doi: str | None, others: tuple[str, ...], rejected: tuple[str, ...]
) -> None:
    reading = read_dois(text)
    assert (reading.doi, reading.others, reading.rejected) == (doi, others, rejected)


@given(st.text())
def test_a_clean_doi_is_clean_already(text: str) -> None:
    doi = clean_doi(text)
    if doi is not None:
        assert doi.startswith("10.")
        assert not any(c.isspace() for c in doi)


@pytest.mark.parametrize(
    ("arxiv_id", "month"),
    [
        ("2606.03498", "2026-06"),
        ("0704.0001", "2007-04"),
        ("hep-th/9711200", "1997-11"),
        ("math/0309136", "2003-09"),
    ],
)
def test_an_id_tells_its_month(arxiv_id: str, month: str) -> None:
    assert ArxivId(arxiv_id).month == month


def test_only_arxivs_dois_name_arxiv_ids() -> None:
    assert arxiv_id_of_doi("10.48550/ARXIV.1706.03762") == "1706.03762"
    assert arxiv_id_of_doi("10.1103/PhysRevD.76.013009") is None
    assert arxiv_id_of_doi("10.48550/other") is None
