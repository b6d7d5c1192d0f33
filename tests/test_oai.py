"""OAI-PMH's arXivRaw answers, read from their bytes."""

from __future__ import annotations

import pytest
from arxivserver import Paper

from bridge.arxiv.oai import entry_for, read_record, split_author_line
from bridge.errors import RemoteError
from bridge.identifiers import ArxivId
from bridge.normalise import record_from_entry


def answer(inner: str, before: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}'
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f"<responseDate>2026-11-01T00:00:00Z</responseDate>{inner}</OAI-PMH>"
    ).encode()


def record(paper: Paper) -> bytes:
    return answer(f"<GetRecord><record><metadata>{paper.raw()}</metadata></record></GetRecord>")


def test_the_record_is_the_one_that_the_query_api_gives() -> None:
    from arxivserver import feed

    from bridge.arxiv.atom import AtomFeed

    paper = Paper(
        "math/0309136",
        3,
        "Maths & music",
        comment="12 pages, to appear in J. Foo",
        journal_ref="J. Foo 1 (2026) 2",
        doi="10.1000/x",
        categories=("math.GT", "hep-th"),
    )
    raw = read_record(record(paper), "oaipmh.arxiv.org", "math/0309136")
    assert raw is not None
    assert raw.latest == 3
    (api,) = AtomFeed([feed([paper.entry(3)], 1)], "oaipmh.arxiv.org", lambda problem: None)
    problems: list[object] = []
    assert record_from_entry(raw.entry, problems.append) == record_from_entry(api, problems.append)
    assert problems == []


@pytest.mark.parametrize(("version", "answers"), [(None, True), (3, True), (2, False), (4, False)])
def test_only_the_latest_version_is_to_be_had(version: int | None, answers: bool) -> None:
    raw = read_record(record(Paper("2601.00001", 3)), "x", "2601.00001")
    assert raw is not None
    assert (entry_for(raw, ArxivId("2601.00001", version)) is not None) is answers


def test_versions_come_in_order_and_with_what_is_known() -> None:
    data = answer(
        "<GetRecord><record><metadata><arXivRaw xmlns='http://arxiv.org/OAI/arXivRaw/'><id>0704.0001</id>"
        "<version version='v10'><date>Wed, 2 May 2007 19:18:42 GMT</date></version>"
        "<version version='v2'><date>some day</date><size>7kb</size></version>"
        "<version version='v1'/><version version='w3'/>"
        "<title>T</title></arXivRaw></metadata></record></GetRecord>"
    )
    raw = read_record(data, "x", "0704.0001")
    assert raw is not None
    assert [(one.version, one.date, one.size) for one in raw.versions] == [
        (1, None, None),
        (2, None, "7kb"),
        (10, "2007-05-02T19:18:42Z", None),
    ]
    assert (raw.entry.authors, raw.entry.categories, raw.entry.comment) == ([], [], None)


def test_an_unknown_paper_is_none() -> None:
    assert read_record(answer('<error code="idDoesNotExist">no</error>'), "x", "2601.00001") is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><body>Back soon</body></html>",
        b"<!DOCTYPE html><html><p>Back soon</html>",
        answer('<error code="badArgument">what?</error>'),
        answer("<GetRecord/>"),
        # another paper than the one asked for
        record(Paper("2601.00002")),
        record(Paper("2601.00001", versions=0)),
        record(Paper("2601.00001"))[:-40],
        answer("<error code='idDoesNotExist'>&a;</error>", before='<!DOCTYPE x [<!ENTITY a "ha">]>'),
    ],
)
def test_what_is_no_record_is_a_refusal(data: bytes) -> None:
    with pytest.raises(RemoteError):
        read_record(data, "oaipmh.arxiv.org", "2601.00001")


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("", []),
        ("Ada Lovelace", [("Ada Lovelace", ())]),
        ("Ada Lovelace and Eyal de Lara", [("Ada Lovelace", ()), ("Eyal de Lara", ())]),
        ("A. Bee, C. Dee, and E. Eff", [("A. Bee", ()), ("C. Dee", ()), ("E. Eff", ())]),
        (
            "Y. Zhang (Univ X, Lab Y), J. Zhang and\n  H. Zhao (Bonn and Cologne)",
            [("Y. Zhang", ("Univ X, Lab Y",)), ("J. Zhang", ()), ("H. Zhao", ("Bonn and Cologne",))],
        ),
        (
            "A. Bee (1), C. Dee (1 and 2), E. Eff (2) ((1) Here, There, (2) Foo and Bar)",
            [
                ("A. Bee", ("Here, There",)),
                ("C. Dee", ("Here, There", "Foo and Bar")),
                ("E. Eff", ("Foo and Bar",)),
            ],
        ),
        ("J. Smith Jr., K. Lee", [("J. Smith Jr.", ()), ("K. Lee", ())]),
        ("ATLAS Collaboration", [("ATLAS Collaboration", ())]),
        ("Alexander Sandberg, Roland Strand", [("Alexander Sandberg", ()), ("Roland Strand", ())]),
    ],
)
def test_author_lines(line: str, authors: list[tuple[str, tuple[str, ...]]]) -> None:
    assert split_author_line(line) == authors
