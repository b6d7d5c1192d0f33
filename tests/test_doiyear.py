"""The years in DOIs: every shape of the table, and what an entry makes of them."""

from __future__ import annotations

import re

import pytest

from bridge.bibtex.entry import entry_fields
from bridge.citekey import work_year
from bridge.doiyear import COLUMNS, year_in_print, year_of_doi
from bridge.errors import InputError
from bridge.record import Credit, Record
from bridge.tables import Row, load
from bridge.zotero.items import draft

ROWS = load("doi-years.csv", COLUMNS, lambda row: row)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["example"])
def test_every_shape_reads_its_example(row: Row) -> None:
    first = next(other for other in ROWS if re.match(other["pattern"], row["example"], re.IGNORECASE))
    assert first is row, f"line {row.place.line} is never reached"
    told = year_of_doi(row["example"])
    assert told is not None
    assert (str(told.year), told.exact) == (row["example_year"], row["exact"] == "yes")


def test_the_table_is_sorted() -> None:
    keys = [(int(row["pattern"].split("/")[0].removeprefix("10\\.")), row["pattern"]) for row in ROWS]
    general = [key for key in keys if key[1].startswith(r"10\.1088/0954-3899/(?P<count>\d+)")]
    assert [key for key in keys if key not in general] == sorted(key for key in keys if key not in general)
    assert len(set(keys)) == len(keys) > 100


@pytest.mark.parametrize(
    "doi",
    ["", "10.1063/1.4742772", "10.1007/978-3-319-70694-8_16", "10.48550/arXiv.2005.14165",
     "10.1103/PhysRev.4.1", "10.1088/1751-8113/940/1/011", "10.9999/FOO.2011.12",
     "10.1137/S0097539701398375", "10.1016/S0375-9601(05)80010-6"],
)  # fmt: skip
def test_no_year(doi: str) -> None:
    assert year_of_doi(doi) is None
    assert year_in_print(doi, 2010) is None


@pytest.mark.parametrize(
    ("doi", "posted", "year"),
    [
        ("10.1109/TSP.2008.920143", 2007, 2008),  # accepted later than posted
        ("10.1109/TSP.2008.920143", 2009, 2009),  # accepted in 2008, printed in 2009
        ("10.1109/TSP.2008.920143", 2014, 2008),  # posted when it had long been printed
        ("10.1109/TSP.2008.920143", None, 2008),
        ("10.1103/PhysRevD.72.012001", 2006, 2005),  # the volume tells
        ("10.1103/PhysRevD.73.012001", 2005, 2006),
        ("10.1103/PhysRevD.74.012001", 2005, 2006),
        ("10.1103/PhysRevLett.100.012001", 2007, 2008),
        ("10.1103/PhysRevLett.101.012001", 2007, 2008),
        ("10.1073/pnas.2633596100", 2003, 2003),
        ("10.1093/mnras/stz123", 2018, 2019),
        ("10.1093/mnras/staa123", 2018, 2020),
    ],
)
def test_the_year_in_print(doi: str, posted: int | None, year: int) -> None:
    assert year_in_print(doi, posted) == year


def paper(comment: str | None, doi: str, journal_ref: str | None = None) -> Record:
    return Record(
        "On foo",
        "0704.0123",
        1,
        credits=(Credit("A Li"),),
        published="2007-04-02T09:15:10Z",
        comment=comment,
        journal_ref=journal_ref,
        doi=doi,
    )


@pytest.mark.parametrize(
    ("made", "year"),
    [
        (paper(None, "10.1109/TSP.2008.920143"), "2008"),
        (paper(None, "10.1007/s00220-009-0456-9"), "2009"),
        (paper(None, "10.1103/PhysRevD.75.012001"), "2007"),
        # what is stated goes before
        (paper(None, "10.1007/s00220-008-0456-9", "Commun. Math. Phys. 290 (2009) 1-20"), "2009"),
        (paper("To appear in Commun. Math. Phys. (2010)", "10.1007/s00220-008-0456-9"), "2010"),
    ],
)
def test_an_entry_an_item_and_a_key_have_the_year_of_the_doi(made: Record, year: str) -> None:
    assert entry_fields(made, dialect="bibtex").get("year") == year
    assert entry_fields(made, dialect="biblatex").get("date") == year
    assert draft(made, made.item_type, {"date"}, None).fields["date"] == year
    assert work_year(made) == year


def test_a_serial_items_number_tells_the_place_in_the_journal_that_the_comment_names() -> None:
    doi = "10.1002/(SICI)1234-0118(200804)21:4<365::AID-FOO1>3.0.CO;2-1"
    entry = entry_fields(paper("To appear in J. Graph Theory", doi), dialect="bibtex")
    told = [entry.get(name) for name in ("year", "volume", "number", "pages")]
    assert told == ["2008", "21", "4", "365"]


def test_the_venue_has_the_year_that_is_stated_and_no_other() -> None:
    assert paper(None, "10.1109/TSP.2008.920143").venue.year is None


def test_a_preprint_is_dated_by_arxiv() -> None:
    unknown = paper(None, "10.1016/j.fooo.2009.01.001")  # a journal that the tables lack
    assert unknown.item_type == "preprint"
    assert entry_fields(unknown, dialect="bibtex").get("year") == "2007"
    assert draft(unknown, "preprint", {"date"}, None).fields["date"] == "2007-04-02"


@pytest.mark.parametrize(
    "line",
    [
        "10.1103/x,,,10.1103/x,2000",
        r"10\.1103/(?P<count>\d+),,,10.1103/1,2000",
        r"10\.1103/(?P<year>\d+),1=2000,,10.1103/2000,2000",
        r"10\.1103/(?P<count>\d+),first,,10.1103/1,2000",
        r"10\.1103/(?P<year>\d+),,no,10.1103/2000,2000",
        r"FOO(?P<year>\d+),,yes,FOO2000,2000",
    ],
)
def test_a_wrong_row_is_told(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from bridge import doiyear, tables

    monkeypatch.setattr(tables, "builtin_text", lambda name: ",".join(COLUMNS) + f"\n{line}\n")
    with pytest.raises(InputError):
        doiyear._rows.__wrapped__()
