"""Records as entries: types, fields and names for both dialects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.bibtex.bibname import MOST_AUTHORS, format_authors
from bridge.bibtex.entry import Entry, entry_fields, extra_field_names, format_entry, format_value
from bridge.bibtex.latex import meaning
from bridge.card import card
from bridge.errors import UsageError
from bridge.identifiers import ArxivId
from bridge.messages import withdrawn_lines
from bridge.names import parse_name
from bridge.record import Author, Credit, PublishedIn, Record, Stated, Venue
from bridge.tables import Row, load

ROWS = load("bibtex-fields.csv", ("part", "name", "bibtex", "biblatex"), lambda row: row)

PREPRINT = Record(
    "DxPTA: A Study of Müller's $H_0$ & GPT-3",
    "2606.03498",
    2,
    credits=(Credit("Eyal de Lara"), Credit("for the ATLAS Collaboration")),
    abstract="We show 50% of x_1.",
    published="2026-06-02T09:15:10Z",
    updated="2026-07-03T10:00:00Z",
    primary_category="cs.DC",
    categories=("cs.DC", "cs.LG"),
    subject_codes=("68M14",),
    stated=Stated("preprint"),
)
ICML = Venue("published", "ICML", "International Conference on Machine Learning", "conference", 2027)


def as_(item_type: str, venue: Venue, printed: PublishedIn = PublishedIn(), **changes: object) -> Record:  # noqa: B008
    return replace(PREPRINT, stated=Stated(item_type, venue, printed), **changes)  # type: ignore[arg-type]


def classic(record: Record, **options: object) -> Entry:
    return entry_fields(record, dialect="bibtex", **options)  # type: ignore[arg-type]


def modern(record: Record, **options: object) -> Entry:
    return entry_fields(record, dialect="biblatex", **options)  # type: ignore[arg-type]


def test_a_preprint_for_bibtex() -> None:
    assert format_entry(classic(PREPRINT), "key") == (
        "@misc{key,\n"
        "  title = {{DxPTA}: A Study of M{\\\"u}ller's {$H_0$} \\& {GPT-3}},\n"
        "  author = {de Lara, Eyal and {ATLAS Collaboration}},\n"
        "  year = {2026},\n"
        "  month = jun,\n"
        "  doi = {10.48550/arXiv.2606.03498},\n"
        "  eprint = {2606.03498},\n"
        "  archivePrefix = {arXiv},\n"
        "  primaryClass = {cs.DC},\n"
        "  url = {https://arxiv.org/abs/2606.03498},\n"
        "  note = {arXiv:2606.03498 [cs.DC]},\n"
        "}\n"
    )


def test_a_preprint_for_biblatex() -> None:
    assert format_entry(modern(PREPRINT), "key") == (
        "@online{key,\n"
        "  title = {{DxPTA}: A Study of Müller's {$H_0$} \\& {GPT-3}},\n"
        "  author = {de Lara, Eyal and {ATLAS Collaboration}},\n"
        "  date = {2026-06-02},\n"
        "  doi = {10.48550/arXiv.2606.03498},\n"
        "  eprint = {2606.03498},\n"
        "  eprinttype = {arXiv},\n"
        "  eprintclass = {cs.DC},\n"
        "  url = {https://arxiv.org/abs/2606.03498},\n"
        "}\n"
    )


def test_a_pinned_version_carries_its_own_date_and_version() -> None:
    pinned = replace(PREPRINT, pinned=True)
    entry = classic(pinned)
    assert (entry.get("year"), entry.get("month")) == ("2026", "jul")
    assert entry.get("eprint") == "2606.03498v2"
    assert entry.get("url") == "https://arxiv.org/abs/2606.03498v2"
    assert entry.get("note") == "arXiv:2606.03498v2 [cs.DC]"
    assert entry.get("doi") == "10.48550/arXiv.2606.03498"
    assert modern(pinned).get("date") == "2026-07-03"


def test_an_old_id_names_its_archive_once() -> None:
    old = replace(PREPRINT, arxiv_id="hep-th/9901001", primary_category="hep-th")
    assert classic(old).get("note") == "arXiv:hep-th/9901001"
    classed = replace(PREPRINT, arxiv_id="math/0309136", primary_category="math.GT")
    assert classic(classed).get("note") == "arXiv:math/0309136 [math.GT]"


def test_a_publishers_doi_wins() -> None:
    assert classic(replace(PREPRINT, doi="10.1109/X_1<2>")).get("doi") == "10.1109/X_1<2>"


def test_published_at_a_conference() -> None:
    printed = PublishedIn(volume="12", number="3", pages="1-10", publisher="PMLR")
    entry = classic(as_("conferencePaper", ICML, printed))
    assert entry.type == "inproceedings"
    assert entry.get("booktitle") == "International Conference on Machine Learning"
    assert entry.get("year") == "2027"
    assert entry.get("month") is None
    assert entry.get("volume") == "12"
    # plain.bst and its like warn of a volume together with a number there
    assert entry.get("number") is None
    assert entry.get("pages") == "1--10"
    assert entry.get("publisher") == "PMLR"
    assert entry.get("eprint") == "2606.03498"
    assert entry.get("note") is None
    modern_entry = modern(as_("conferencePaper", ICML, printed))
    assert modern_entry.type == "inproceedings"
    assert modern_entry.get("date") == "2027"
    assert modern_entry.get("number") == "3"
    assert modern_entry.get("pubstate") is None


def test_accepted_at_a_conference() -> None:
    accepted = as_("conferencePaper", ICML._replace(status="accepted", full_name=None, year=None))
    assert classic(accepted).get("booktitle") == "ICML"
    assert classic(accepted).get("note") == "To appear"
    assert classic(accepted).get("year") == "2026"
    assert modern(accepted).get("pubstate") == "inpress"
    assert modern(accepted).get("date") == "2026"


def test_what_was_accepted_years_ago_is_no_longer_to_appear() -> None:
    accepted = as_("conferencePaper", ICML._replace(status="accepted", year=2020))
    assert classic(accepted, today="2021-12-31").get("note") == "To appear"
    assert classic(accepted, today="2022-01-01").get("note") is None
    assert modern(accepted, today="2022-01-01").get("pubstate") is None
    journal = Venue("accepted", "PRD", "Physical Review D", "journal", 2020)
    assert classic(as_("journalArticle", journal), today="2023-12-31").get("note") == "To appear"
    assert classic(as_("journalArticle", journal), today="2024-01-01").get("note") is None
    undated = as_("conferencePaper", ICML._replace(status="accepted", year=None))
    assert classic(undated, today="2029-01-01").get("note") == "To appear"
    assert classic(undated, today="2030-01-01").get("note") is None


@pytest.mark.parametrize(
    ("printed", "pages", "eid", "number"),
    [
        (PublishedIn("7", "2", "1\u201310"), "1--10", None, "2"),
        (PublishedIn("7", "2", None, "123456"), "123456", "123456", "2"),
        (PublishedIn(None, "2", "5"), "5", None, None),
        (PublishedIn("7", None, "L1 - L4", "9"), "L1--L4", "9", None),
    ],
)
def test_published_in_a_journal(
    printed: PublishedIn, pages: str, eid: str | None, number: str | None
) -> None:
    venue = Venue("published", "PRD", "Physical Review D", "journal", 2026)
    entry = classic(as_("journalArticle", venue, printed))
    assert entry.type == "article"
    assert entry.get("journal") == "Physical Review D"
    assert entry.get("pages") == pages
    assert entry.get("number") == number
    assert entry.get("eid") is None
    other = modern(as_("journalArticle", venue, printed))
    assert other.get("journaltitle") == "Physical Review D"
    assert other.get("eid") == eid
    assert other.get("number") == printed.number


@pytest.mark.parametrize(
    ("volume", "number", "written"),
    [
        ("645", "2", {"volume": "645", "number": "2"}),
        ("B645", "2", {"series": "B", "volume": "645", "number": "2"}),
        ("B 645", None, {"series": "B", "volume": "645"}),
        ("12/13", "2", {"number": "12/13, 2"}),
        ("12/13", None, {"number": "12/13"}),
    ],
)
def test_biblatex_volumes_are_numbers(volume: str, number: str | None, written: dict[str, str]) -> None:
    venue = Venue("published", "PLB", "Physics Letters B", "journal", 2007)
    record = as_("journalArticle", venue, PublishedIn(volume, number))
    places = {name: value for name, value in modern(record).fields if name in ("series", "volume", "number")}
    assert places == written
    assert classic(record).get("volume") == volume


@pytest.mark.parametrize(
    ("comment", "kind", "key"),
    [
        ("PhD thesis, MIT", "phdthesis", "phdthesis"),
        (None, "phdthesis", "phdthesis"),
        ("Habilitation", "phdthesis", "phdthesis"),
        *(
            (f"A {row['name']} thesis", row["bibtex"], row["biblatex"])
            for row in ROWS
            if row["part"] == "thesis"
        ),
    ],
)
def test_a_thesis(comment: str | None, kind: str, key: str) -> None:
    thesis = as_("thesis", Venue(name="MIT", kind="thesis"), comment=comment)
    entry = classic(thesis)
    assert (entry.type, entry.get("school")) == (kind, "MIT")
    assert entry.get("volume") is None
    other = modern(thesis)
    assert (other.type, other.get("type"), other.get("institution")) == ("thesis", key, "MIT")


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("PhD thesis, 140 pages", "PhD thesis"),
        ("Ph.D. Thesis, 75 pages, the master file is x.tex", "PhD thesis"),
        ("Doctoral dissertation", "PhD thesis"),
        ("MSc thesis. Supervisor: Dr. A. Nobody, PhD", "Master's thesis"),
        ("M.S. Thesis", "Master's thesis"),
        ("My Bachelor's thesis", "Bachelor's thesis"),
        ("Habilitation thesis", "Habilitation thesis"),
        ("Thesis, 75 pages", "Thesis"),
    ],
)
def test_a_thesis_without_a_school_says_that_it_is_one(comment: str, said: str) -> None:
    thesis = replace(PREPRINT, stated=None, comment=comment)
    assert thesis.item_type == "thesis"
    entry, other = classic(thesis), modern(thesis)
    assert (entry.type, entry.get("note")) == ("misc", f"arXiv:2606.03498 [cs.DC]. {said}")
    assert (other.type, other.get("note")) == ("online", said)
    dated = replace(thesis, stated=Stated("thesis", Venue(kind="thesis", year=2020)))
    assert modern(dated).get("note") == f"{said}, 2020"
    assert modern(thesis, venue_policy="off").get("note") is None
    with_school = replace(thesis, stated=Stated("thesis", Venue(name="MIT", kind="thesis")))
    assert modern(with_school).get("note") is None


def test_what_only_leads_to_a_thesis_is_none() -> None:
    exam = replace(PREPRINT, stated=None, comment="PhD Qualifying Exam (2021)")
    assert modern(exam).get("note") is None


def test_a_note_that_begins_with_phd_keeps_its_capitals() -> None:
    thesis = as_("thesis", Venue(kind="thesis"), comment="PhD thesis", arxiv_id=None)
    assert classic(thesis).get("note") == "{PhD} thesis"
    assert modern(thesis).get("note") == "PhD thesis"


@pytest.mark.parametrize(
    "record",
    [
        as_("thesis", Venue(kind="thesis")),
        as_("conferencePaper", ICML._replace(name=None, full_name=None)),
        as_("conferencePaper", ICML, credits=()),
        as_("bookSection", Venue("published", "Book", None, "book", 2020)),
        as_("journalArticle", Venue("withdrawn", "PRD", None, "journal")),
    ],
)
def test_without_what_its_type_requires_a_work_stays_a_preprint(record: Record) -> None:
    entry = classic(record)
    assert entry.type == "misc"
    assert "arXiv:2606.03498 [cs.DC]" in (entry.get("note") or "")


def test_a_chapter_with_its_publisher() -> None:
    book = Venue("published", "Fine Book", None, "book", 2020)
    entry = classic(as_("bookSection", book, PublishedIn(publisher="Springer")))
    assert (entry.type, entry.get("booktitle"), entry.get("publisher")) == (
        "incollection",
        "Fine Book",
        "Springer",
    )


def test_withdrawn_is_said_loudly() -> None:
    withdrawn = as_("preprint", Venue("withdrawn"))
    assert (classic(withdrawn).get("note") or "").startswith("{WITHDRAWN}. arXiv:2606.03498")
    assert modern(withdrawn).get("note") == "WITHDRAWN"


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("This paper has been withdrawn", "WITHDRAWN"),
        ("This paper has been withdrawn by the authors due to an error", "WITHDRAWN by its authors"),
        ("Withdrawn by the first author", "WITHDRAWN by its authors"),
        ("Withdrawn by the author. A new version is available at arXiv", "WITHDRAWN by its authors"),
        ("Withdrawn by arXiv admins due to a dispute by the authors", "WITHDRAWN by arXiv"),
        ("Withdrawn. See the comment by the author", "WITHDRAWN"),
        ("This submission has been withdrawn by arXiv administrators", "WITHDRAWN by arXiv"),
        ("This paper has been withdrawn by the publisher", "WITHDRAWN"),
        ("Merged with arXiv:2001.00001", "SUPERSEDED by arXiv:2001.00001"),
        ("This paper is superseded by arXiv:2401.99999", "SUPERSEDED by arXiv:2401.99999"),
        (
            "This paper has been withdrawn by the author in favor of arXiv:1104.3479",
            "WITHDRAWN by its authors, see arXiv:1104.3479",
        ),
    ],
)
def test_a_withdrawal_says_no_more_than_the_comment(comment: str, said: str) -> None:
    record = Record("T", arxiv_id="2606.03498", comment=comment)
    assert record.venue.status == "withdrawn"
    assert modern(record).get("note") == said
    assert said in card(record)
    assert list(withdrawn_lines([record])) == [f"warning: arXiv:2606.03498 is {said}: T"]


@pytest.mark.parametrize(
    ("policy", "status", "note"),
    [
        ("note", "published", "arXiv:2606.03498 [cs.DC]. Published in ICML, 2027"),
        ("note", "accepted", "arXiv:2606.03498 [cs.DC]. Accepted at ICML, 2027"),
        ("note", "submitted", "arXiv:2606.03498 [cs.DC]"),
        ("off", "published", "arXiv:2606.03498 [cs.DC]"),
        ("off", "withdrawn", "{WITHDRAWN}. arXiv:2606.03498 [cs.DC]"),
    ],
)
def test_other_venue_policies(policy: str, status: str, note: str) -> None:
    venue = Venue(status, "ICML", None, "conference", 2027)  # type: ignore[arg-type]
    entry = classic(as_("conferencePaper", venue), venue_policy=policy)
    assert entry.type == "misc"
    assert entry.get("note") == note
    assert entry.get("year") == "2026"


def test_a_venue_of_unknown_kind_is_noted() -> None:
    somewhere = as_("preprint", Venue("published", "Some Series", None, None, 2020))
    assert classic(somewhere).get("note") == "arXiv:2606.03498 [cs.DC]. Published in Some Series, 2020"
    assert modern(somewhere).get("note") == "Published in Some Series, 2020"


def test_fields_on_request() -> None:
    record = replace(PREPRINT, comment="12 pages")
    assert extra_field_names() == ("abstract", "keywords", "comment")
    entry = classic(record, extra_fields=("comment", "abstract", "keywords"))
    assert entry.fields[-3:] == (
        ("abstract", r"We show 50\% of x\_1."),
        ("keywords", "cs.DC, cs.LG, 68M14"),
        ("annote", "12 pages"),
    )
    assert modern(record, extra_fields=("comment",)).get("annotation") == "12 pages"
    assert classic(record).get("abstract") is None
    with pytest.raises(UsageError, match="'colour'"):
        classic(record, extra_fields=("colour",))


def test_a_work_that_is_not_from_arxiv() -> None:
    fields = {"ISBN": "978-3", "place": "Berlin", "url": "https://example.org/a b", "key": "ABCD2345"}
    venue = Venue("published", "Proceedings of Things", None, "conference", 2020)
    record = Record(
        "A Thing",
        credits=(Author("Ada", "Lovelace"),),
        doi="10.1/x",
        fields=fields,
        stated=Stated("conferencePaper", venue),
    )
    entry = classic(record)
    assert (entry.get("isbn"), entry.get("address"), entry.get("doi")) == ("978-3", "Berlin", "10.1/x")
    assert entry.get("url") == "https://example.org/a%20b"
    assert entry.get("eprint") is None
    assert modern(record).get("location") == "Berlin"
    assert classic(record, venue_policy="off").type == "inproceedings"


def test_works_without_author_or_title() -> None:
    bare = replace(PREPRINT, credits=(), title="🦩")
    assert classic(bare).get("title") == "Untitled"
    assert classic(bare).get("author") is None
    assert classic(bare).get("key") == "arXiv:2606.03498"
    assert modern(bare).get("key") is None


@pytest.mark.parametrize("date", ["", "soon", "20xx-01-01"])
def test_no_date_no_year(date: str) -> None:
    assert classic(replace(PREPRINT, published=date)).get("year") is None


def test_without_a_date_the_id_tells_year_and_month() -> None:
    entry = classic(replace(PREPRINT, published=None))
    month = ArxivId(str(PREPRINT.arxiv_id)).month
    assert entry.get("year") == month[:4]
    assert entry.get("month") is not None


@pytest.mark.parametrize(
    ("date", "year", "month", "whole"),
    [
        ("2020", "2020", None, "2020"),
        ("2020-13-01", "2020", None, "2020"),
        ("2020-02-40", "2020", "feb", "2020-02"),
    ],
)
def test_parts_of_dates(date: str, year: str, month: str | None, whole: str) -> None:
    record = replace(PREPRINT, published=date)
    assert (classic(record).get("year"), classic(record).get("month")) == (year, month)
    assert modern(record).get("date") == whole


def test_values_with_their_delimiters() -> None:
    assert format_value("month", "jun") == "jun"
    assert format_value("month", "June") == "{June}"
    assert format_value("title", "jun") == "{jun}"


# -- every row of the table --


@pytest.mark.parametrize("row", [row for row in ROWS if row["part"] == "type"], ids=lambda row: row["name"])
def test_every_type(row: Row) -> None:
    record = as_(row["name"], ICML, PublishedIn(publisher="P"), comment=None)
    assert classic(record).type == row["bibtex"]
    assert modern(record).type == row["biblatex"]


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row["part"] == "container"], ids=lambda row: row["name"]
)
def test_every_container(row: Row) -> None:
    record = as_(row["name"], ICML._replace(full_name=None), PublishedIn(publisher="P"))
    assert classic(record).get(row["bibtex"]) == "ICML"
    assert modern(record).get(row["biblatex"]) == "ICML"


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row["part"] == "printed"], ids=lambda row: row["name"]
)
def test_every_printed_field(row: Row) -> None:
    record = as_(row["name"], ICML, PublishedIn("7", "2", "1-10", "123", "P", "S"))
    places = {"volume", "number", "pages", "eid", "publisher", "series"}
    for dialect, write in (("bibtex", classic), ("biblatex", modern)):
        assert {name for name, _ in write(record).fields} & places == set(row.listed(dialect))


@pytest.mark.parametrize("row", [row for row in ROWS if row["part"] == "field"], ids=lambda row: row["name"])
def test_every_field_name(row: Row) -> None:
    assert classic(PREPRINT).get(row["bibtex"])
    assert modern(PREPRINT).get(row["biblatex"])


@pytest.mark.parametrize("row", [row for row in ROWS if row["part"] == "zotero"], ids=lambda row: row["name"])
def test_every_zotero_field(row: Row) -> None:
    record = Record("T", credits=(Credit("A Li"),), fields={row["name"]: "x"}, stated=Stated("book"))
    assert classic(record).get(row["bibtex"]) == "x"
    assert modern(record).get(row["biblatex"]) == "x"


@pytest.mark.parametrize("row", [row for row in ROWS if row["part"] == "extra"], ids=lambda row: row["name"])
def test_every_extra_field(row: Row) -> None:
    record = replace(PREPRINT, comment="c")
    assert classic(record, extra_fields=(row["name"],)).get(row["bibtex"])
    assert modern(record, extra_fields=(row["name"],)).get(row["biblatex"])


# -- names --


@pytest.mark.parametrize(
    ("author", "value"),
    [
        (Author("Ada", "Lovelace"), "Lovelace, Ada"),
        (Author("Eyal", "de Lara"), "de Lara, Eyal"),
        (Author("Ana", "Dos Santos"), "Dos Santos, Ana"),
        (Author("Aäron", "Van den Oord"), r"{Van den Oord}, A{\"a}ron"),
        (Author("Santiago", "Ramón y Cajal"), r"{Ram{\'o}n y Cajal}, Santiago"),
        (Author("Gerard", "'t Hooft"), "'t Hooft, Gerard"),
        (Author("John", "Smith", "Jr."), "Smith, Jr., John"),
        (Author(None, "Suharto"), "Suharto"),
        (Author(None, "del Norte"), "{del Norte}"),
        (Author(None, "Smith", "Jr."), "{Smith Jr.}"),
        (Author("Plato", None), "Plato"),
        (Author(literal="ATLAS Collaboration"), "{ATLAS Collaboration}"),
        (Author(literal="Research and Development"), "{Research and Development}"),
        (Author(literal="🦩"), ""),
        (Author("J.", "Black and White"), "{Black and White}, J."),
        (Author("J.", "Smith, MD"), "{Smith, MD}, J."),
        (Author("others", "Lee"), "Lee, {others}"),
        (Author("--", "Lee"), "Lee"),
        (Author(), ""),
        (Author("Xiao-Ming", "xu"), "xu, Xiao-Ming"),
        (Author("A", "Şen kaya Öz"), r"{{\c{S}}en kaya {\"O}z}, A"),
    ],
)
def test_names(author: Author, value: str) -> None:
    assert format_authors((author,), ascii_only=True) == value


def test_several_names() -> None:
    people = (Author("A", "Li"), Author(), Author(literal="X Team"))
    assert format_authors(people, ascii_only=False) == "Li, A and {X Team}"


def test_a_very_long_list_is_cut_for_classic_bibtex_only() -> None:
    crowd = tuple(Author("A", f"Li{n}") for n in range(MOST_AUTHORS + 1))
    assert format_authors(crowd, ascii_only=True).endswith(f"and Li{MOST_AUTHORS - 1}, A and others")
    assert format_authors(crowd[:-1], ascii_only=True).endswith(f"and Li{MOST_AUTHORS - 1}, A")
    assert format_authors(crowd, ascii_only=False).endswith(f"and Li{MOST_AUTHORS}, A")


WORDS = st.from_regex(r"[A-Za-zÀ-ž'][a-zà-ž'-]{0,7}", fullmatch=True)
PEOPLE = st.tuples(
    st.none() | st.lists(WORDS, min_size=1, max_size=3).map(" ".join),
    st.lists(WORDS, min_size=1, max_size=4).map(" ".join),
    st.none() | st.sampled_from(["Jr.", "III"]),
).map(lambda parts: Author(*parts))


@given(PEOPLE, st.sampled_from([format_authors]))
def test_bibtexparser_reads_the_family_back(person: Author, write: Callable[..., str]) -> None:
    from bibtexparser.customization import splitname

    value = write((person,), ascii_only=False)
    parts = splitname(value, strict_mode=False)
    read = " ".join(parts["von"] + parts["last"])
    expected = person.family or ""
    if person.suffix and not person.given:
        expected += f" {person.suffix}"
    assert meaning(read) == meaning(expected)
    if person.given:
        assert meaning(" ".join(parts["first"])) == meaning(person.given)


def test_printed_names_come_through_whole() -> None:
    printed = ["Eyal de Lara", "C. -P. Yuan", "João dos Santos", "Robert W. Heath, Jr.", "Gemini Team"]
    value = format_authors(tuple(map(parse_name, printed)), ascii_only=False)
    assert (
        value
        == "de Lara, Eyal and Yuan, C.-P. and dos Santos, João and Heath, Jr., Robert W. and {Gemini Team}"
    )


# -- works pulled from Zotero --


def pulled(item_type: str, **changes: object) -> Record:
    fields = {"key": "ABCD2345"} | dict(changes.pop("fields", {}))  # type: ignore[call-overload]
    venue = changes.pop("venue", Venue())
    printed = changes.pop("printed", PublishedIn())
    base = Record("T", credits=(Credit("A Li"),), fields=fields)
    return replace(base, stated=Stated(item_type, venue, printed), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("row", [row for row in ROWS if row["part"] == "where"], ids=lambda row: row["name"])
def test_every_place_that_a_work_need_not_have(row: Row) -> None:
    record = pulled(
        row["name"],
        fields={"repository": "Some Place"},
        printed=PublishedIn(number="7", publisher="Some Place"),
    )
    expected = {"patent": ("Patent 7", "7"), "standard": ("Some Place 7", "Some Place 7")}
    old, new = expected.get(row["name"], ("Some Place", "Some Place"))
    assert classic(record).get(row["bibtex"]) == old
    assert modern(record).get(row["biblatex"]) == new


def test_editors_are_written() -> None:
    editors = {"editor": "Babbage, Charles and {The Board}"}
    book = pulled("book", fields=editors, printed=PublishedIn(publisher="P"))
    assert modern(book).get("editor") == "Babbage, Charles and {The Board}"
    assert classic(book).get("editor") is None  # BibTeX's book has either
    unsigned = replace(book, credits=())
    assert classic(unsigned).get("editor") == "Babbage, Charles and {The Board}"
    assert classic(unsigned).get("key") is None
    assert (classic(unsigned).type, modern(unsigned).type) == ("book", "collection")


def test_reports_and_theses_say_their_kind() -> None:
    report = pulled(
        "report", fields={"reportType": "White Paper"}, printed=PublishedIn(number="7", publisher="IBM")
    )
    for entry in (classic(report), modern(report)):
        assert (entry.get("institution"), entry.get("type"), entry.get("number")) == (
            "IBM",
            "White Paper",
            "7",
        )
    assert classic(report).type == "techreport"
    school = Venue(full_name="MIT", name="MIT", kind="thesis")
    assert (
        classic(pulled("thesis", fields={"thesisType": "Master's thesis"}, venue=school)).type
        == "mastersthesis"
    )
    assert classic(pulled("manuscript")).get("note") == "Unpublished"


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("<i>In vivo</i> DNA of H<sub>2</sub>O", r"\emph{In vivo} {DNA} of {H\textsubscript{2}O}"),
        ('<span class="nocase">iPhone</span> use', "{iPhone} use"),
        ("<b><i>k</i>-cores</b>", r"\textbf{\emph{k}-cores}"),
        ("<i>open", r"\emph{open}"),
        ("close</i> it", "close it"),
        ("x < y", r"x {\textless} y"),
    ],
)
def test_zoteros_markup_in_titles(title: str, written: str) -> None:
    assert classic(replace(pulled("book"), title=title)).get("title") == written


def told_by(comment: str, journal_ref: str | None = None) -> Entry:
    record = Record(
        title="T",
        arxiv_id="2401.00001",
        published="2024-01-01T00:00:00Z",
        credits=(Credit("Ann Lee"),),
        comment=comment,
        journal_ref=journal_ref,
    )
    return entry_fields(record, dialect="bibtex")


def test_a_chapter_without_a_publisher_is_of_the_year_that_its_note_tells() -> None:
    fields = dict(told_by("Published as a book chapter in Handbook of Foo, 2023").fields)
    assert (fields["year"], "month" in fields) == ("2023", False)
    assert "Published in Handbook of Foo, 2023" in fields["note"]


def test_a_chapter_with_its_publisher_is_one() -> None:
    entry = told_by('To appear in "Short Foo Stars", ed. E. Doe (Springer)')
    assert (entry.type, dict(entry.fields)["publisher"]) == ("incollection", "Springer")


def test_the_volume_of_a_series_gives_the_year() -> None:
    entry = told_by("In Proceedings QPL 2023, arXiv:2309.17318", "EPTCS 394, 2025, pp. 1-14")
    assert dict(entry.fields)["year"] == "2025"
