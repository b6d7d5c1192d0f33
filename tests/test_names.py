"""Names taken apart: arXiv's printed forms, particles, organisations, and every row of the table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.names import authors_from_credits, parse_name
from bridge.record import Author, Credit
from bridge.tables import Row, load

ROWS = load("name-particles.csv", ("word", "role", "case"), lambda row: row)


def rows(role: str) -> list[Row]:
    return [row for row in ROWS if row["role"] == role]


@pytest.mark.parametrize(
    ("printed", "given_name", "family", "suffix"),
    [
        ("Simeon Warner", "Simeon", "Warner", None),
        ("Simeon Warner Jr", "Simeon", "Warner", "Jr"),
        ("Robert W. Heath, Jr.", "Robert W.", "Heath", "Jr."),
        ("Heath, Jr., Robert W.", "Robert W.", "Heath", "Jr."),
        ("Fred Bloggs IV", "Fred", "Bloggs", "IV"),
        ("Warner, Simeon", "Simeon", "Warner", None),
        ("S.M. Warner", "S. M.", "Warner", None),
        ("S. M. Warner", "S. M.", "Warner", None),
        ("SM Warner", "SM", "Warner", None),
        ("C. -P. Yuan", "C.-P.", "Yuan", None),
        ("I. -A. Melzer-Pellmann", "I.-A.", "Melzer-Pellmann", None),
        ("Jr-Shin Li", "Jr-Shin", "Li", None),
        ("Jennifer 8 Lee", "Jennifer 8", "Lee", None),
        ("Eyal de Lara", "Eyal", "de Lara", None),
        ("Erik van der Berg", "Erik", "van der Berg", None),
        ("Aäron van den Oord", "Aäron", "van den Oord", None),
        ("Herbert Van de Sompel", "Herbert", "Van de Sompel", None),
        ("Luc Van Gool", "Luc", "Van Gool", None),
        ("João Pedro dos Santos", "João Pedro", "dos Santos", None),
        ("Ana Dos Santos", "Ana", "Dos Santos", None),
        ("E. De La Cruz-Burelo", "E.", "De La Cruz-Burelo", None),
        ("I. Heredia-de La Cruz", "I.", "Heredia-de La Cruz", None),
        ("Pieter J. in 't Veld", "Pieter J.", "in 't Veld", None),
        ("N. d'Ambrumenil", "N.", "d'Ambrumenil", None),
        ("Ali Vaziri Astaneh", "Ali", "Vaziri Astaneh", None),
        ("Nicolas Le Roux", "Nicolas", "Le Roux", None),
        ("Santiago Ramón y Cajal", "Santiago", "Ramón y Cajal", None),
        ("W. L. Aldá Júnior", "W. L.", "Aldá Júnior", None),
        ("J. C. Neto", "J. C.", "Neto", None),
        ("del Norte", None, "del Norte", None),
        ("Miguel Ángel Fernández de la Vega", "Miguel Ángel Fernández", "de la Vega", None),
        # no particle where it is somebody's given or family name
        ("Di Wang", "Di", "Wang", None),
        ("Nguyen Van Hieu", "Nguyen Van", "Hieu", None),
        ("Duc Van Nguyen", "Duc Van", "Nguyen", None),
        ("Raj Das", "Raj", "Das", None),
        ("Xiao-di Wang", "Xiao-di", "Wang", None),
        ("Ó. Catalina", "Ó.", "Catalina", None),
        ("Xiao-Ming xu", "Xiao-Ming", "xu", None),
        ("Li Xiaoming", "Li", "Xiaoming", None),
        ("王 伟", "伟", "王", None),
        ("Suharto", None, "Suharto", None),
        # what TeX and arXiv's feed leave behind
        ("P. Garcí a-Lario", "P.", "García-Lario", None),
        ("Bj. Strø m", "Bj.", "Strøm", None),
        ("Martí i Puig", "Martí i", "Puig", None),
        ("Mohamed Ka{â}niche", "Mohamed", "Kaâniche", None),
        (r"T. Cs\"org\H{o}", "T.", "Csörgő", None),
        (r"{\DJ}\`ao V\u{a}n Th\`inh", "Đào Văn", "Thình", None),
        ("A. Abulencia et al.", "A.", "Abulencia", None),
        ("Jane Doe (CERN)", "Jane", "Doe", None),
        ("Jane\u00a0 Doe\u200b", "Jane", "Doe", None),
        ("Jose\u0301 Pe\u0301rez", "José", "Pérez", None),
        # letters that were encoded twice: arXiv has some
        ("Aurora RamÃ\xadrez", "Aurora", "Ramírez", None),
        ("Oliver WeiÃ\x9fl", "Oliver", "Weißl", None),
        ("PaweÅ‚ Å\x81ach", "Paweł", "Łach", None),
        ("Anders Ã…ngstrÃ¶m", "Anders", "Ångström", None),
        ("Ã. Åland-Ärlig", "Ã.", "Åland-Ärlig", None),
    ],
)
def test_a_person(printed: str, given_name: str | None, family: str, suffix: str | None) -> None:
    assert parse_name(printed) == Author(given=given_name, family=family, suffix=suffix)


@pytest.mark.parametrize(
    ("printed", "literal"),
    [
        ("for the ATLAS Collaboration", "ATLAS Collaboration"),
        ("on behalf of the LHCb Collaboration", "LHCb Collaboration"),
        ("(for the Belle Collaboration)", "Belle Collaboration"),
        ("the PHOBOS Collaboration", "PHOBOS Collaboration"),
        ("The DELPHI Collaboration", "The DELPHI Collaboration"),
        ("QUaD collaboration:", "QUaD collaboration"),
        ("LIGO Scientific Collaboration and Virgo Collaboration",) * 2,
        ("Gemini Team", "Gemini Team"),
        ("Gemini Team Google", "Gemini Team Google"),
        ("DeepSeek-AI", "DeepSeek-AI"),
        ("OpenAI", "OpenAI"),
        ("BELLE", "BELLE"),
        ("Meta AI", "Meta AI"),
        ("BigScience Workshop", "BigScience Workshop"),
        ("Google DeepMind", "Google DeepMind"),
        ("The CMS", "The CMS"),
    ],
)
def test_an_organisation(printed: str, literal: str) -> None:
    assert parse_name(printed) == Author(literal=literal)


@pytest.mark.parametrize(
    "printed", ["QING AI", "McDonald", "Li-Wei", "Wei LI", "Jane Group-Smith", "Teamah Ali"]
)
def test_people_are_not_taken_for_organisations(printed: str) -> None:
    assert parse_name(printed).literal is None


@pytest.mark.parametrize("printed", ["al.", "et al.", "et al", ":", "", "  ", "others", "and others"])
def test_nobody(printed: str) -> None:
    assert parse_name(printed) == Author()
    assert authors_from_credits((Credit("Jane Doe"), Credit(printed))) == (Author("Jane", "Doe"),)


def test_credits_keep_affiliations_and_ready_made_authors() -> None:
    ready = Author(given="Ada", family="Lovelace")
    credits = (ready, Credit("Jane Doe", ("CERN", "ETH")), Credit("J. Roe for the ATLAS Collaboration"))
    assert authors_from_credits(credits) == (
        ready,
        Author("Jane", "Doe", affiliations=("CERN", "ETH")),
        Author("J.", "Roe"),
        Author(literal="ATLAS Collaboration"),
    )


@pytest.mark.parametrize(
    ("printed", "authors"),
    [
        (
            ["Foo Collaboration: P. A. R. Doe"],
            [Author(literal="Foo Collaboration"), Author("P. A. R.", "Doe")],
        ),
        (
            ["The FOO", "BAR Collaborations", ":", "J. Doe"],
            [
                Author(literal="FOO Collaboration"),
                Author(literal="BAR Collaboration"),
                Author("J.", "Doe"),
            ],
        ),
    ],
)
def test_collaborations_among_people(printed: list[str], authors: list[Author]) -> None:
    assert authors_from_credits(Credit(name) for name in printed) == tuple(authors)


@pytest.mark.parametrize("row", rows("particle"), ids=lambda row: row["word"])
def test_every_particle(row: Row) -> None:
    word = row["word"]
    assert parse_name(f"Ana {word} Silva") == Author("Ana", f"{word} Silva")
    capital = word.capitalize()
    if capital == word:
        return
    expected = (
        Author("Ana", f"{capital} Silva") if row["case"] == "any" else Author(f"Ana {capital}", "Silva")
    )
    assert parse_name(f"Ana {capital} Silva") == expected


@pytest.mark.parametrize("row", rows("link"), ids=lambda row: row["word"])
def test_every_link(row: Row) -> None:
    assert parse_name(f"Ana Castro {row['word']} Silva") == Author("Ana", f"Castro {row['word']} Silva")


@pytest.mark.parametrize("row", rows("kin"), ids=lambda row: row["word"])
def test_every_kin_word(row: Row) -> None:
    word = row["word"].capitalize()
    assert parse_name(f"José Silva {word}") == Author("José", f"Silva {word}")
    assert parse_name(f"José {word}") == Author("José", word)


@pytest.mark.parametrize("row", rows("suffix"), ids=lambda row: row["word"])
def test_every_suffix(row: Row) -> None:
    assert parse_name(f"John Smith {row['word']}") == Author("John", "Smith", row["word"])


@pytest.mark.parametrize("row", rows("title"), ids=lambda row: row["word"])
def test_every_title(row: Row) -> None:
    assert parse_name(f"{row['word'].capitalize()} Jane Doe") == Author("Jane", "Doe")


@pytest.mark.parametrize("row", rows("vietnamese"), ids=lambda row: row["word"])
def test_every_vietnamese_surname(row: Row) -> None:
    surname = row["word"].capitalize()
    assert parse_name(f"{surname} Van Hieu") == Author(f"{surname} Van", "Hieu")


@pytest.mark.parametrize(
    "row",
    [*rows("organisation-word"), *rows("organisation-ending")],
    ids=lambda row: row["word"],
)
def test_every_organisation_word(row: Row) -> None:
    name = f"Fine Things {row['word']}"
    assert parse_name(name) == Author(literal=name)


@pytest.mark.parametrize("row", rows("organisation-name"), ids=lambda row: row["word"])
def test_every_organisation_name(row: Row) -> None:
    assert parse_name(row["word"].capitalize()) == Author(literal=row["word"].capitalize())


PLAIN = st.from_regex(r"[A-Z][a-z]{1,8}( [A-Z]\.)?( [A-Z][a-z]{2,8}){1,2}", fullmatch=True)


@given(PLAIN)
def test_an_ordinary_name_loses_nothing(printed: str) -> None:
    author = parse_name(printed)
    assert author.display == printed
    assert author.literal is not None or (author.given and author.family)


@given(st.text())
def test_any_text_is_a_name_or_nobody(printed: str) -> None:
    author = parse_name(printed)
    assert author == Author() or bool(author.literal) != bool(author.family)
    for part in (author.given, author.family, author.suffix, author.literal):
        assert part is None or part == " ".join(part.split()) != ""
