from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import Problem
from bridge.normalise import Entry, fold, record_from_entry, taxonomy
from bridge.record import Credit, Record

ABS = "http://arxiv.org/abs/2606.03498v2"


def normalise(entry: Entry) -> tuple[Record | None, list[Problem]]:
    problems: list[Problem] = []
    return record_from_entry(entry, problems.append), problems


def record(**fields: object) -> Record:
    made, problems = normalise(Entry("feed", **{"id": ABS, "title": "T", **fields}))  # type: ignore[arg-type]
    assert made is not None
    assert not [problem for problem in problems if problem.lost]
    return made


def test_an_entry_becomes_a_record() -> None:
    made = record(
        title=" A\n Title ",
        summary="One\n two",
        published="2026-06-02T11:14:57Z",
        authors=[("Ivan Ilin", ("KAUST",))],
        comment="4 pages,\n 1 figure",
    )
    assert (made.arxiv_id, made.version, made.pinned) == ("2606.03498", 2, False)
    assert (made.title, made.abstract, made.comment) == ("A Title", "One two", "4 pages, 1 figure")
    assert made.credits == (Credit("Ivan Ilin", ("KAUST",)),)
    assert made.arxiv_doi == "10.48550/arXiv.2606.03498"
    assert made.url == "https://arxiv.org/abs/2606.03498"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        ("", None),
        (" \n\t", None),
        ("a  b\n c ", "a b c"),
        ("a\x0cb\x00c", "a bc"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("no\xa0break", "no break"),
        ("soft\xadhyphen", "softhyphen"),
        ("中文 é", "中文 é"),
        # letters that were encoded twice; but "Å±" may be meant
        ("Andr\u00c3\u00a9's proof by Wei\u00c3\u009f, 2 Å±0.1, Ã", "André's proof by Weiß, 2 Å±0.1, Ã"),
        ("Ã\x00¼", "ü"),
    ],
)
def test_white_space_folds_and_controls_go(text: str | None, expected: str | None) -> None:
    assert fold(text) == expected


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert once is None or once == once.strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-06-02T11:14:57Z", "2026-06-02T11:14:57Z"),
        ("2026-09-30T00:00:00-04:00", "2026-09-30T04:00:00Z"),
        ("2026-09-30T04:00:10+00:00", "2026-09-30T04:00:10Z"),
        ("Wed, 30 Sep 2026 00:00:00 -0400", "2026-09-30T04:00:00Z"),
        ("2026-09-30", "2026-09-30T00:00:00Z"),
    ],
)
def test_dates_are_utc(text: str, expected: str) -> None:
    assert record(published=text).published == expected


def test_a_bad_date_is_reported_and_costs_nothing_else() -> None:
    made, (problem,) = normalise(Entry("feed", id=ABS, title="T", published="yesterday"))
    assert made is not None
    assert made.published is None
    assert (problem.code, problem.lost) == ("bad-date", False)


@pytest.mark.parametrize(
    ("doi", "expected", "codes"),
    [
        (None, None, []),
        ("10.1063/1.48251", "10.1063/1.48251", []),
        ("doi:10.1063/1.48251", "10.1063/1.48251", []),
        ("10.1063/1.48251 10.1103/PhysRevD.76.013009", "10.1063/1.48251", ["further-doi"]),
        ("n/a 10.1063/1.48251", "10.1063/1.48251", ["bad-doi"]),
        ("to be assigned", None, ["bad-doi"] * 3),
        ("10.48550/arXiv.2606.03498", None, []),
    ],
)
def test_the_doi_is_the_publishers_first_valid_one(doi: str, expected: str | None, codes: list[str]) -> None:
    made, problems = normalise(Entry("feed", id=ABS, title="T", doi=doi))
    assert made is not None
    assert made.doi == expected
    assert [problem.code for problem in problems] == codes
    assert not any(problem.lost for problem in problems)


def test_categories_are_the_taxonomys_and_other_codes_stand_apart() -> None:
    made = record(
        primary_category="math.NA",
        categories=["cs.NA", "math.NA", "cs.LG", "65N30, 65M12", "F.2.2; I.2.7", "05C80"],
    )
    assert made.primary_category == "math.NA"
    assert made.categories == ("math.NA", "cs.LG")
    assert made.subject_codes == ("65N30", "65M12", "F.2.2", "I.2.7", "05C80")


def test_a_subsumed_archive_keeps_its_name() -> None:
    made = record(id="cmp-lg/9404001", primary_category="cmp-lg", categories=["cmp-lg", "cs.CL"])
    assert (made.primary_category, made.categories) == ("cmp-lg", ("cmp-lg", "cs.CL"))


def test_without_a_primary_category_the_first_is_taken() -> None:
    assert record(categories=["05C80", "math.CO", "cs.DM"]).primary_category == "math.CO"


@pytest.mark.parametrize("term", sorted(taxonomy()))
def test_every_category_of_the_taxonomy(term: str) -> None:
    made = record(primary_category=term, categories=[term])
    category = taxonomy()[term]
    assert category.name
    assert category.canonical in taxonomy()
    expected = category.canonical if "." in term else term
    assert (made.primary_category, made.categories, made.subject_codes) == (expected, (expected,), ())


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (Entry("feed", title="T"), "no-id"),
        (Entry("feed", id=" ", title="T"), "no-id"),
        (Entry("feed", id="http://example.org/1", title="T"), "bad-id"),
        (Entry("feed", id=ABS), "no-title"),
        (Entry("feed", id=ABS, title=" \n"), "no-title"),
    ],
)
def test_what_cannot_be_a_record_is_reported_with_its_place(entry: Entry, code: str) -> None:
    entry.line = 17
    made, (problem,) = normalise(entry)
    assert made is None
    assert (problem.code, problem.lost, problem.place.line) == (code, True, 17)


def test_identities() -> None:
    assert record().identity == "arXiv:2606.03498"
    pinned = Record(title="T", arxiv_id="2606.03498", version=2, pinned=True)
    assert (pinned.identity, pinned.url) == ("arXiv:2606.03498v2", "https://arxiv.org/abs/2606.03498v2")
    assert Record(title="T", doi="10.1/X").identity == "doi:10.1/x"
    assert Record(title="T", fields={"key": "knuth84"}).identity == "key:knuth84"


def test_where_no_date_is_said_the_id_tells_the_month() -> None:
    assert record(published=None).first_date == "2026-06"
    assert record(published="2026-06-02T11:14:57Z").first_date == "2026-06-02T11:14:57Z"
