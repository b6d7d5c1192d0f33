"""The volumes of JHEP and JCAP, which are months: one spelling of them."""

from __future__ import annotations

import pytest

from bridge.bibtex.otherwords import in_other_words
from bridge.monthly import by_month, same_month
from bridge.record import PublishedIn, Record


@pytest.mark.parametrize(
    ("volume", "number", "of_doi", "expected"),
    [
        ("07", None, None, ("07", None)),
        ("7", None, None, ("07", None)),
        ("0707", None, None, ("07", None)),
        ("0707", "07", None, ("07", None)),
        ("2007", None, "07", ("07", None)),
        ("2007", "7", None, ("07", None)),
        (None, "7", None, ("07", None)),
        (None, None, "07", ("07", None)),
        ("0704", None, "07", ("07", None)),
        ("2007", None, None, ("2007", None)),
        ("0607", None, None, ("0607", None)),  # of another year
        ("13", None, None, ("13", None)),
        (None, None, None, (None, None)),
        ("07", "3", None, ("07", "3")),
    ],
)
def test_the_month_is_the_volume(
    volume: str | None, number: str | None, of_doi: str | None, expected: tuple[str | None, str | None]
) -> None:
    place = by_month("JHEP", PublishedIn(volume, number, "3"), 2007, of_doi)
    assert place == PublishedIn(*expected, "3")
    other = PublishedIn(volume, number, "3")
    assert by_month("PRD", other, 2007, of_doi) == other


@pytest.mark.parametrize(
    ("journal", "one", "other", "same"),
    [
        ("JHEP", "0707", "07", True),
        ("JCAP", "7", "07", True),
        ("JHEP", "0607", "07", False),
        ("JHEP", "08", "07", False),
        ("PRD", "0707", "07", False),
        (None, "0707", "07", False),
    ],
)
def test_two_spellings_of_a_month(journal: str | None, one: str, other: str, same: bool) -> None:
    assert same_month(journal, one, other, 2007) is same


def test_an_entry_may_spell_the_month_as_spires_did() -> None:
    record = Record("On foo", "0704.0123", journal_ref="JHEP 07 (2007) 046")
    assert in_other_words("volume", "0707", "07", record)
    assert not in_other_words("volume", "0708", "07", record)
