"""Publisher and pages behind a book's or an event's name in a comment."""

from __future__ import annotations

import pytest

from bridge.imprint import event_publisher, pages_behind
from bridge.venue import read_venue


@pytest.mark.parametrize(
    ("text", "publisher"),
    [
        (", Rome, 3-7 May 2004, to be published by Birkh\\\"auser", "Birkhäuser"),
        (', to be published in the Proceedings (World Scientific, Singapore)', "World Scientific"),
        (", ed. A. Doe & B. Roe (San Francisco: ASP)", "Astronomical Society of the Pacific"),
        (", Cambridge University Press", "Cambridge University Press"),
        ("; to appear in the AIP conference series", "AIP Publishing"),
        (" (AIP, New York)", "AIP Publishing"),
        (", uses AMS-LaTeX", None),
        (", in Springer style, 12 pages", None),
        (". Work done with A. Doe IOP, Footown", None),
        (", see https://www.springer.com/foo or mail a@aip.de", None),
        (", Rome. " + "word " * 80 + "(Springer)", None),
        ("", None),
    ],
)  # fmt: skip
def test_the_publisher_behind_an_event(text: str, publisher: str | None) -> None:
    assert event_publisher(text) == publisher


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        (", Ed. A. Doe (Foo Press), pp. 203--241, 2004", "203-241"),
        (", Springer, 2008: pp. 273-295", "273-295"),
        (", pages 3-19", "3-19"),
        (", p.41–48", "41-48"),
        (", 28 pages", None),
        (", pp. 17", None),
        (", 2004-2006", None),
        (", pp. 19-3", None),
        (". (A revised version of what was in Proceedings of Bar, pp. 3-19)", None),
    ],
)
def test_the_pages_behind_a_book(text: str, pages: str | None) -> None:
    assert pages_behind(text) == pages


@pytest.mark.parametrize("told", ["Chapter 9 (invited contribution) in", "Chapter 9 in", "Book chapter in"])
def test_a_chapter_of_a_comment(told: str) -> None:
    behind = "Ed. Ch. V. Bar (Nova Science Publ., NY), pp. 203--241, 2004"
    comment = f"28 pages, {told} Studies of Foo Research, {behind}"
    reading = read_venue(comment, None, None)
    assert (reading.venue.kind, reading.venue.name) == ("book", "Studies of Foo Research")
    assert reading.published_in[:2] == (None, None)
    assert (reading.published_in.pages, reading.published_in.publisher) == (
        "203-241",
        "Nova Science Publishers",
    )


@pytest.mark.parametrize(
    "comment", ["See Chapter 9 (of two) for Foo", "Chapter 9 (", "Chapter 9 (in press", "Chapter 9"]
)
def test_a_chapter_in_brackets_only(comment: str) -> None:
    assert read_venue(comment, None, None).venue.name is None


@pytest.mark.parametrize(
    ("comment", "publisher"),
    [
        ('To appear in the proceedings of the workshop "The Foo Universe", Cambridge University Press',
         "Cambridge University Press"),
        ("Submitted to the Workshop on Foo and Bars, to be published by Springer", None),
        ("Accepted at ICLR 2015", None),
        ("Accepted at ICLR 2017", "OpenReview.net"),
        ("Accepted at ICML 2024 (Springer)", "PMLR"),
    ],
)  # fmt: skip
def test_the_publisher_of_an_event_that_a_comment_names(comment: str, publisher: str | None) -> None:
    assert read_venue(comment, None, None).published_in.publisher == publisher


def test_the_pages_in_proceedings_that_a_comment_names() -> None:
    comment = "6 pages, in Proceedings of the 4th Workshop on Foo and Bars, Rome, June 2011, pp. 72--77"
    assert read_venue(comment, None, None).published_in.pages == "72-77"
    comment = "Accepted at ICML 2024, pp. 12-20"
    assert read_venue(comment, None, None).published_in[2:5] == ("12-20", None, "PMLR")
