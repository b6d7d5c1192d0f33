"""read_venue: whose venue it is, what beats what, and the words it rests on."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import InputError
from bridge.record import Venue
from bridge.tables import load
from bridge.venue import confidence, read_venue, weights
from bridge.venue_table import DOI_COLUMNS, use_tables

HERE = Path(__file__).resolve().parent


def told(comment: str) -> Venue:
    return read_venue(comment, None, None).venue


# -- status and venue of single comments --

CASES = [
    tuple(cell or None for cell in line.split("\t"))
    for line in (HERE / "venue" / "cases.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(
    ("comment", "status", "name", "year", "kind"), CASES, ids=[case[0][:60] for case in CASES]
)
def test_comment(comment: str, status: str, name: str | None, year: str | None, kind: str | None) -> None:
    venue = told(comment)
    assert (venue.status, venue.name, venue.year, venue.kind) == (
        status,
        name,
        int(year) if year else None,
        kind,
    )


def test_a_name_does_not_end_inside_a_bracket() -> None:
    venue = told("Accepted at the 7th International Workshop on Testing Deep Things (DeepThing 2026), Rio")
    assert venue.full_name is not None
    assert venue.full_name.count("(") == venue.full_name.count(")")
    assert "Testing Deep Things" in venue.full_name


def test_a_comment_with_its_line_ends_reads_the_same() -> None:
    venue = told("Accepted for publication\n  in Phys. Rev.\n  Lett")
    assert (venue.status, venue.name) == ("accepted", "PRL")
    assert venue.evidence[0].text == "Phys. Rev.\n  Lett"


# -- journal_ref and DOI --


def test_a_journal_ref_beats_the_comment() -> None:
    reading = read_venue("submitted to ApJ", "Phys. Rev. D 76, 013009 (2007)", None)
    assert (reading.venue.status, reading.venue.name, reading.venue.year) == ("published", "PRD", 2007)
    assert (reading.published_in.volume, reading.published_in.article_number) == ("76", "013009")
    assert reading.venue.evidence[0].field == "journal_ref"


MONTHLY = """
JCAP 09 (2024) 009|10.1088/1475-7516/2024/09/009|09|||009
JHEP 05 (2021) 123|10.1007/JHEP05(2021)123|05|||123
JHEP 0802 (2008) 037|10.1088/1126-6708/2008/02/037|02|||037
JCAP 1810 (2018) no.10, 048|10.1088/1475-7516/2018/10/048|10|||048
J. Cosmol. Astropart. Phys. 2017 no. 06, 028|10.1088/1475-7516/2017/06/028|06|||028
JHEP 2021, 123 (2021)|10.1007/JHEP05(2021)123|05|||123
|10.1007/JHEP05(2021)123|05|||123
J. Stat. Mech. 05 (2012) P05021|10.1088/1742-5468/2012/05/P05021|05|||P05021
J. Stat. Mech. (2012) P05021|10.1088/1742-5468/2012/05/P05021||05||P05021
Foo Journal 5 (5) 2020||5|5||
SciPost Phys. 6 (2019) 76|10.21468/SciPostPhys.6.6.076|6|6||076
Phys. Rev. A 5 (1972) no.5, 2049|10.1103/PhysRevA.5.2049|5|5|2049|
ApJ 806, L5 (2015)|10.1088/0004-637X/806/2/L5|806|2||L5
J.Phys.A40:8959-8990,2007|10.1088/1751-8113/40/30/020|40|30|8959-8990|
JHEP 0802 (2008) 037||02|||037
JHEP 08 (2008) 037||08|||037
JHEP 8 (2008) 037||08|||037
JCAP0407:016,2007|10.1088/1475-7516/2007/04/016|04|||016
JCAP0407:016,2007||0407|||016
JHEP 2021, 123 (2021)||2021||123|
J. High Energ. Phys. (2018) 2018: 172|10.1007/JHEP02(2018)172|02|||172
Journal of High Energy Physics, 2016(12), 1-52||12||1-52|
Journal of Cosmology and Astroparticle Physics, Issue 05, article id. 008 (2016)||05|||008
JCAP 1812 (2018) no.12, 012||12|||012
J. Cosmol. Astropart. Phys. 2017 no. 06, 028||06|||028
JCAP06(2016)048||06|||048
|10.1209/0295-5075/81/37003|81|||37003
|10.1209/0295-5075/27/5/003|27|5||
|10.1209/0295-5075/ac1234||||
|10.1143/PTPS.169.174|169||174|
|10.1143/PTP.92.645|92||645|
|10.1143/ptp/93.1.251|93|1|251|
|10.1143/JJAP.36.L556|36||L556|
|10.1143/JJAP.50.04DD01|50|||04DD01
|10.2168/LMCS-8(1:23)2012|8|1||23
|10.23638/LMCS-15(3:15)2019|15|3||15
|10.1088/0951-7715/8/6/004|8|6||
|10.1088/1367-2630/14/3/033023|14|3||033023
|10.1088/1367-2630/aab475||||
|10.1088/0031-8949/1996/T67/022||||
|10.1088/1742-6596/436/1/012065|436|1||012065
|10.1175/1520-0469(1996)053<0946:ASTFHH>2.0.CO;2|53||946|
|10.1175/JAS3560.1||||
|10.1002/(SICI)1234-0118(199604)21:4<365::AID-FOO1>3.0.CO;2-1|21|4|365|
|10.1061/(ASCE)1234-9399(2004)130:1(61)|130|1|61|
|10.1016/1234-0118(96)00123-4||||
|10.3390/universe4030051|4|3||51
|10.3390/e15020624|15|2||624
|10.3390/sym11010087|11|1||87
|10.3390/app122412943||||
|10.5506/APhysPolB.47.509|47||509|
|10.3938/jkps.54.786|54||786|
""".strip().splitlines()


@pytest.mark.parametrize("line", MONTHLY)
def test_journal_ref_and_doi_say_nothing_twice(line: str) -> None:
    journal_ref, doi, *expected = line.split("|")
    place = read_venue(None, journal_ref or None, doi or None).published_in
    assert [part or "" for part in place[:4]] == expected


@pytest.mark.parametrize(
    ("comment", "journal_ref", "doi", "name", "series"),
    [
        (
            "In Proceedings ICLP 2026, arXiv:2607.17707",
            "EPTCS 174, 2026, pp. 1-12",
            None,
            "ICLP",
            "Electronic Proceedings in Theoretical Computer Science",
        ),
        (
            "7 pages, talk given at Lattice 2014",
            "PoS (LATTICE 2014) 035",
            None,
            "Lattice",
            "Proceedings of Science",
        ),
        ("7 pages", "EPTCS 174, 2026, pp. 1-12", None, "EPTCS", None),
        ("Accepted by ICML 2020", "ICML 2020, pp. 1-12", None, "ICML", None),
    ],
)
def test_the_series_of_an_events_proceedings_is_kept(
    comment: str, journal_ref: str, doi: str | None, name: str, series: str | None
) -> None:
    reading = read_venue(comment, journal_ref, doi)
    assert (reading.venue.name, reading.published_in.series) == (name, series)


def test_the_doi_of_the_contract() -> None:
    venue = read_venue(None, None, "10.1109/IPDPS65963.2026.00028").venue
    assert (venue.status, venue.name, venue.year, venue.kind) == ("published", "IPDPS", 2026, "conference")
    assert (venue.evidence[0].text, venue.evidence[0].start, venue.evidence[0].end) == (
        "IPDPS65963.2026",
        8,
        23,
    )


@pytest.mark.parametrize(
    ("comment", "doi", "name", "kind"),
    [
        (None, "10.1109/TAP.2005.861509", "IEEE TAP", "journal"),  # not the conference on tests and proofs
        ("Accepted to IEEE Transactions on Cloud Computing", "10.1109/TCC.2015.1", "IEEE TCC", "journal"),
        ("Accepted in IEEE RA-L, 2024", "10.1109/LRA.2024.3351234", "IEEE RA-L", "journal"),
        ("Accepted to IEEE Robotics and Automation Letters", "10.1109/TXYZ.2024.335", "IEEE RA-L", "journal"),
        ("submitted to IEEE Robotics and Automation Letters", "10.1109/TXYZ.2024.335", "TXYZ", None),
        ("Accepted to Nature", "10.1109/TXYZ.2024.335", "TXYZ", None),
        (None, "10.1109/MSP.2004.81", "MSP", None),  # of a magazine on security, not on signals
        ("Proceedings of CEC/ICMC 2013", "10.1063/1.4860692", "CEC/ICMC", "conference"),
    ],
)
def test_ieee_has_codes_of_its_own_for_journals(
    comment: str | None, doi: str, name: str, kind: str | None
) -> None:
    venue = read_venue(comment, None, doi).venue
    assert (venue.status, venue.name, venue.kind) == ("published", name, kind)


def test_an_acronym_with_the_doi_of_physics_is_of_no_computer_science() -> None:
    reading = read_venue("Proceedings of CEC/ICMC 2013", None, "10.1063/1.4860692")
    assert reading.venue.full_name == "CEC/ICMC"
    assert reading.published_in.publisher == "AIP Publishing"


@pytest.mark.parametrize("doi", ["10.1007/BF01624585", "10.1007/s00365-015-9279-x"])
def test_a_talk_with_the_doi_of_a_journal_has_no_publisher_of_proceedings(doi: str) -> None:
    assert read_venue("talk given at ICHEP94", None, doi).published_in.publisher is None


def test_pages_are_told_as_they_are_printed() -> None:
    assert read_venue(None, None, "10.1364/JOSAA.30.000758").published_in.pages == "758"


def test_an_unknown_publisher_means_published_all_the_same() -> None:
    venue = read_venue("12 pages", None, "10.99999/qwerty.5").venue
    assert (venue.status, venue.name, venue.kind) == ("published", None, None)


DEPOSITS = [
    row["example"]
    for row in load("doi-patterns.csv", DOI_COLUMNS, lambda row: row)
    if row["status"] == "none"
]


@pytest.mark.parametrize("doi", [*DEPOSITS, "no doi at all", ""])
def test_a_deposit_is_no_publication(doi: str) -> None:
    assert read_venue("12 pages", None, doi).venue.status == "none"


def test_of_several_dois_the_first_that_is_a_publishers() -> None:
    venue = read_venue(None, None, "10.48550/arXiv.2401.00001 10.1103/PhysRevD.103.122002").venue
    assert venue.name == "PRD"


def test_a_withdrawal_beats_everything() -> None:
    venue = read_venue(
        "This paper has been withdrawn", "Phys. Rev. D 76, 013009 (2007)", "10.1103/PhysRevD.76.013009"
    ).venue
    assert (venue.status, venue.name) == ("withdrawn", None)


def test_the_event_says_more_than_the_series_it_was_printed_in() -> None:
    venue = read_venue("In Proceedings ICLP 2026, arXiv:2607.17707", "EPTCS 174, 2026, pp. 1-12", None).venue
    assert (venue.status, venue.name) == ("published", "ICLP")


def test_fields_that_agree_raise_the_confidence() -> None:
    alone = read_venue(None, "Phys. Rev. D 76, 013009 (2007)", None).venue
    assert "agreement" not in alone.reasons
    both = read_venue("accepted by PRD", "Phys. Rev. D 76, 013009 (2007)", "10.1103/PhysRevD.76.013009").venue
    assert "agreement" in both.reasons
    other = read_venue("accepted by ApJ", "Phys. Rev. D 76, 013009 (2007)", None).venue
    assert "disagreement" in other.reasons
    assert other.confidence < alone.confidence <= both.confidence


@pytest.mark.parametrize(
    ("comment", "journal_ref", "doi", "name", "full_name", "kind", "year"),
    [
        (
            "accepted at the 6th International Workshop on Metamorphic Trials (MTR'21)",
            None,
            "10.1109/MTR52542.2021.00008",
            "MTR",
            "International Workshop on Metamorphic Trials",
            "workshop",
            2021,
        ),
        (
            "will be published in the proceedings of the IEEE International Foosonics Symposium (IFS) 2019",
            None,
            "10.1109/FOOTSYM.2019.8926297",
            "IFS",
            "IEEE International Foosonics Symposium (IFS)",
            "conference",
            2019,
        ),
        (
            None,
            "2021 IEEE International Conference on Artificial Insight",
            "10.1109/AINSIGHT49225.2021.00011",
            "IEEE International Conference on Artificial Insight",
            "IEEE International Conference on Artificial Insight",
            "conference",
            2021,
        ),
        (
            None,
            None,
            "10.1109/CVPR.2016.90",
            "CVPR",
            "IEEE/CVF Conference on Computer Vision and Pattern Recognition",
            "conference",
            2016,
        ),
        (
            None,
            "SBXY 2025 39th Brazilian Symposium on Software Trials",
            None,
            "SBXY",
            "SBXY",
            "conference",
            2025,
        ),
        (None, "ActaAstron.56:1-50,2006", None, "Acta Astron.", "Acta Astronomica", "journal", 2006),
        (
            None,
            "AIPConf.Proc.964:256-263,2007",
            None,
            "AIP Conf. Proc.",
            "AIP Conference Proceedings",
            "conference",
            2007,
        ),
        (None, "2020ApJ...901L..20B", None, "ApJ", "The Astrophysical Journal", "journal", 2020),
    ],
)
def test_journal_ref_and_doi_are_believed_and_the_fuller_name_is_taken(
    comment: str | None,
    journal_ref: str | None,
    doi: str | None,
    name: str,
    full_name: str,
    kind: str,
    year: int,
) -> None:
    venue = read_venue(comment, journal_ref, doi).venue
    assert (venue.status, venue.name, venue.full_name, venue.kind, venue.year) == (
        "published",
        name,
        full_name,
        kind,
        year,
    )


JOURNAL_REFS = [
    line.split("\t")
    for line in (HERE / "venue" / "journal-refs.tsv").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize(
    ("journal_ref", "name", "kind", "year", "place"),
    JOURNAL_REFS,
    ids=[case[0][:60] for case in JOURNAL_REFS],
)
def test_what_a_journal_ref_tells(journal_ref: str, name: str, kind: str, year: str, place: str) -> None:
    """`*` for a name that the case is not about; `place` names what it is about, empty for nothing."""
    reading = read_venue(None, journal_ref, None)
    assert name in ("*", reading.venue.name or "")
    assert (reading.venue.kind or "", str(reading.venue.year or "")) == (kind, year)
    said = reading.published_in._asdict()
    for told in filter(None, place.split("; ")):
        key, _, value = told.partition("=")
        assert said[key] == (value or None)


def test_the_long_name_of_an_event_in_a_journal_ref_is_its_own_words() -> None:
    venue = read_venue(
        None, "Procedings of the COLING 2000 Workshop on Foo Annotation and Content", None
    ).venue
    assert venue.full_name == "COLING 2000 Workshop on Foo Annotation and Content"


def test_a_volume_of_another_year_than_its_event_keeps_both() -> None:
    reading = read_venue("In Proceedings QPL 2023, arXiv:2309.17318", "EPTCS 394, 2024, pp. 1-14", None)
    assert (reading.venue.year, reading.published_in.year) == (2023, 2024)


@pytest.mark.parametrize(
    ("comment", "last", "year"),
    [
        ("To appear at CADE-30", 2024, None),
        ("To appear at CADE-20", 2018, 2020),
        ("To appear in Foo Letters, 2030", 2024, 2030),
        ("To appear at CADE-30", None, 2030),
    ],
)
def test_a_number_that_counts_something_else_is_no_year(
    comment: str, last: int | None, year: int | None
) -> None:
    assert read_venue(comment, None, None, last).venue.year == year


def test_a_journal_ref_that_cannot_be_parsed_still_means_published() -> None:
    venue = read_venue(None, "somewhere in a nice place", None).venue
    assert (venue.status, venue.name) == ("published", None)
    assert venue.confidence < 0.9


# -- evidence and confidence --


def test_evidence_is_venue_first_and_cue_second() -> None:
    venue = told("10 pages, accepted for publication in Phys. Rev. Lett")
    assert [evidence.text for evidence in venue.evidence] == [
        "Phys. Rev. Lett",
        "accepted for publication",
    ]


@given(st.text(max_size=200), st.text(max_size=80), st.text(max_size=60))
def test_any_text_is_read_and_its_evidence_stands_in_it(comment: str, journal_ref: str, doi: str) -> None:
    fields = {"comment": comment, "journal_ref": journal_ref, "doi": doi}
    venue = read_venue(comment, journal_ref, doi).venue
    assert 0.0 <= venue.confidence <= 1.0
    for evidence in venue.evidence:
        assert evidence.text == fields[evidence.field][evidence.start : evidence.end]


PIECES = [
    *("accepted for publication in", "submitted to", "to appear in", "ICML 2020", "Phys. Rev. D", "ApJ"),
    *(
        "Workshop on",
        "12 pages",
        "withdrawn",
        "In Proceedings",
        "(",
        ")",
        '"',
        "``",
        "''",
        "'",
        "&",
        "{\\'e}",
    ),
    *("v2:", "PhD thesis,", "University of X", "the", "Journal of", "10.1103/PhysRevD.1.2", "²", "İ", "@"),
    *("https://a.b/c", "An erratum", "extended version of", ", and", ". The", ";", "2019", "'19", "Springer"),
    *("eds.", "chapter in", "Proc."),
]


@given(st.lists(st.sampled_from(PIECES), max_size=25), st.sampled_from([" ", ", ", "", "\n"]))
def test_any_order_of_usual_words_is_read(pieces: list[str], between: str) -> None:
    comment = between.join(pieces)
    for venue in (read_venue(comment, comment, comment).venue, told(comment)):
        for evidence in venue.evidence:
            assert evidence.text == comment[evidence.start : evidence.end]


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit", ["A. ", "(", "1 ", "a@", "accepted in Foo Bar, ", "{", "Workshop on ", "www.", '"', "A, B and "]
)
def test_a_very_long_field_is_read(unit: str) -> None:
    long = unit * (65536 // len(unit))
    assert read_venue(long, None, None).venue.confidence <= 1.0
    assert read_venue(None, long, long).venue.status == "published"


def test_every_weight_counts() -> None:
    table = weights()
    for reason, weight in table.items():
        if reason == "base":
            assert 0 < weight < 1
        else:
            expected = min(0.99, max(0.05, table["base"] + weight))
            assert confidence(reason) == pytest.approx(expected, abs=0.006)
    assert confidence("doi", "journal_ref", "agreement") == 0.99
    assert confidence(*["disagreement"] * 9) == 0.05


# -- a user's own rows --


@pytest.mark.parametrize(
    ("comment", "full_name"),
    [
        (
            "to appear in the proceedings of the Foo Symposium on ``Bar, Baz'', 1994",
            "Foo Symposium on “Bar, Baz”",
        ),
        (
            'talk at the International Seminar "Quarks and Bars", May 1994',
            "International Seminar “Quarks and Bars”",
        ),
        (
            "Talk given in the Workshop ``Quantum Field Theory (FOOBAR07)'', Leipzig, 2007",
            "Workshop “Quantum Field Theory (FOOBAR07)”",
        ),
        (
            "Workshop on Deep Trials for Trialists (DTT 2026), co-located with ICSE",
            "Workshop on Deep Trials for Trialists (DTT 2026)",
        ),
        ('to appear in "Compact Stars III (CSQCD III)", 2012', "Compact Stars III (CSQCD III)"),
    ],
)
def test_a_name_closes_the_marks_that_it_opens(comment: str, full_name: str) -> None:
    assert told(comment).full_name == full_name


@pytest.mark.parametrize(
    ("comment", "name", "full_name"),
    [
        (
            "FOOB'24: 9th ACM International Workshop on Foo Testing",
            "FOOB",
            "ACM International Workshop on Foo Testing",
        ),
        (
            "accepted at FOOB 2024 (the 9th International Conference on Foo Barring)",
            "FOOB",
            "International Conference on Foo Barring",
        ),
        ("accepted at FOOB'24, Workshop proceedings of the Foo", "FOOB", "FOOB"),
    ],
)
def test_an_acronym_has_the_name_that_is_spelt_out_behind_it(comment: str, name: str, full_name: str) -> None:
    venue = told(comment)
    assert (venue.name, venue.full_name) == (name, full_name)


HEADER = "name,full_name,kind,aliases,cue_aliases,years,publisher,series\n"


@pytest.fixture
def built_in_only() -> object:
    yield None
    use_tables(())


@pytest.mark.usefixtures("built_in_only")
def test_a_users_rows_stand_beside_the_built_in_ones_and_replace_namesakes(tmp_path: Path) -> None:
    assert told("Accepted to QQQZ 2024 and nothing else").name == "QQQZ"
    mine = tmp_path / "mine.csv"
    mine.write_text(
        HEADER + "# my own\nQQQZ,Quite Quaint Quarterly on Zebras,journal,,,,Zoo Press,\n"
        "ICML,My ICML,workshop,,,,,\n",
        encoding="utf-8",
    )
    use_tables([mine])
    venue = told("Accepted to QQQZ 2024 and nothing else")
    assert (venue.kind, venue.full_name) == ("journal", "Quite Quaint Quarterly on Zebras")
    assert (
        read_venue(None, "Quite Quaint Quarterly on Zebras 3 (2020) 1-9", None).published_in.publisher
        == "Zoo Press"
    )
    assert told("Accepted to ICML 2024").full_name == "My ICML"
    assert told("Accepted for publication in ApJ").name == "ApJ"
    use_tables(())
    assert told("Accepted to ICML 2024").full_name != "My ICML"


@pytest.mark.usefixtures("built_in_only")
@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("X,,conference,,,,,", "full_name"),
        ("X,Xx,party,,,,,", "kind"),
        ("X,Xx,journal,,,1990,,", "years"),
        ("X,Xx,journal", "cells"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: str, reason: str) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text(HEADER + row + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=rf"mine\.csv:2.*{reason}"):
        use_tables([mine])


@pytest.mark.parametrize(
    ("comment", "full_name"),
    [
        (
            "To be published in Foo Conference on Complex Bars 2007 Proceedings",
            "Foo Conference on Complex Bars",
        ),
        ("proceedings of the workshop on hadron things, Rome 2000", "Workshop on hadron things"),
    ],
)
def test_a_long_name_is_as_a_bibliography_prints_it(comment: str, full_name: str) -> None:
    assert told(comment).full_name == full_name
