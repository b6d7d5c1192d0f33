"""Publishers of books: every form of the table, and where they are looked for."""

from __future__ import annotations

import pytest

from bridge.publishers import publisher_in, publisher_of_doi, publisher_then
from bridge.tables import Row, load
from bridge.venue import _SURELY_THEN, read_venue


def rows() -> list[Row]:
    return load("publishers.csv", ("publisher", "forms", "since", "registrant"), lambda row: row)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["publisher"])
def test_every_form_of_every_publisher(row: Row) -> None:
    for form in row.listed("forms"):
        assert publisher_in(f", ed. by A. Doe and B. Roe ({form.title()}, 2003)") == row["publisher"]


def test_the_table_is_sorted() -> None:
    names = [row["publisher"] for row in rows()]
    assert names == sorted(set(names), key=str.casefold)


@pytest.mark.parametrize("text", ["", ", ed. by A. Doe", "Press", " ".join(["word"] * 100 + ["Springer"])])
def test_no_publisher(text: str) -> None:
    assert publisher_in(text) is None


@pytest.mark.parametrize(
    ("comment", "journal_ref", "publisher"),
    [
        ('To appear in "Short Foo Stars", ed. E.F. Doe, D.A. Roe, & D.W. Poe (Springer)', None, "Springer"),
        ('Book chapter to appear in "Foo and Bars: Theory and Use" (Springer-Verlag)', None, "Springer"),
        ('Springer style. Book chapter to appear in "Foo and Bars: Theory and Use"', None, None),
        (
            None,
            "Foo Flows (A. Doe, ed.), Surveys in Bars, vol. XII, World Scientific, 2008",
            "World Scientific",
        ),
    ],
)
def test_a_book_is_told_with_the_publisher_behind_its_title(
    comment: str | None, journal_ref: str | None, publisher: str | None
) -> None:
    reading = read_venue(comment, journal_ref, None)
    assert (reading.venue.kind, reading.published_in.publisher) == ("book", publisher)


@pytest.mark.parametrize("row", [row for row in rows() if row["since"]], ids=lambda row: row["publisher"])
def test_no_venue_has_a_publisher_before_its_time(row: Row) -> None:
    since = int(row["since"])
    then = [publisher_then(row["publisher"], year) for year in (since - 1, since, None)]
    assert then == [None, row["publisher"], row["publisher"]]
    assert since <= _SURELY_THEN


@pytest.mark.parametrize(("year", "publisher"), [(2000, None), (2024, "PMLR")])
def test_the_publisher_of_a_conference_is_that_of_its_year(year: int, publisher: str | None) -> None:
    for comment, journal_ref in ((f"Accepted at ICML {year}", None), (None, f"Proceedings of ICML {year}")):
        assert read_venue(comment, journal_ref, None).published_in.publisher == publisher


@pytest.mark.parametrize(
    "row", [row for row in rows() if row["registrant"]], ids=lambda row: row["publisher"]
)
def test_every_registrant(row: Row) -> None:
    assert publisher_of_doi(f"{row['registrant']}/FOO.2008.12") == row["publisher"]
    assert publisher_of_doi("10.99999/x") is None


def test_who_gave_the_doi_printed_it() -> None:
    reading = read_venue("Accepted at SISAP 2008", None, "10.1109/SISAP.2008.12")
    assert reading.published_in.publisher == "IEEE"


def test_a_doi_with_a_books_number_is_a_chapters() -> None:
    reading = read_venue(None, "Case Studies in Foo 1, 45-87 (2020)", "10.1007/978-3-030-42553-1_3")
    assert (reading.venue.kind, reading.published_in.publisher) == ("book", "Springer")
