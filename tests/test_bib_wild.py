"""Entries as they are found: ids among other words, wrong ids, placeholders, the same in other words."""

from __future__ import annotations

from pathlib import Path

import pytest
from bibhelp import appeared, edit, record, run, value

from bridge.bibtex.document import Document
from bridge.bibtex.otherwords import journal_macros
from bridge.bibtex.target import BibTarget
from bridge.decisions import Decisions
from bridge.record import Author, PublishedIn, Stated, Venue

TITLE = "A Study of Things"
AUTHORS = 'M{\\"u}ller, Jane and de Lara, Bob'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "refs.bib"


def entry(fields: str, kind: str = "misc", title: str = TITLE, authors: str = AUTHORS) -> str:
    return f"@{kind}{{x,\n  title = {{{title}}},\n  author = {{{authors}}},\n  {fields}\n}}\n"


def in_journal(name: str = "Journal of Foo") -> Stated:
    venue = Venue("published", name, name, "journal", 2027)
    return Stated("journalArticle", venue, PublishedIn(volume="6", pages="10-19"))


def people() -> tuple[Author, ...]:
    return Author("Jane", "Müller"), Author("Bob", "de Lara")


def at_event(name: str) -> Stated:
    return Stated("conferencePaper", Venue("published", name, name, "conference", 2027))


@pytest.mark.parametrize(
    "fields",
    [
        "note = {arXiv:2606.00001. Code: \\url{https://example.org/x}}, year = 2026",
        "note = {See also arXiv:2606.00001 for proofs}, year = 2026",
        "abstract = {This is arXiv:2606.00001}, year = 2026",
    ],
)
def test_an_id_among_other_words_counts_with_title_and_author(path: Path, fields: str) -> None:
    path.write_text(entry(fields), encoding="utf-8")
    plan, _, _ = run(path, record(1))
    assert [(action.kind, action.key) for action in plan.actions] == [("update", "x")]
    path.with_name("bibbridge.lock").unlink()
    path.write_text(entry(fields, title="Another Thing"), encoding="utf-8")
    plan, _, _ = run(path, record(1))
    assert [action.kind for action in plan.actions] == ["add"]


STRANGER = entry("eprint = {2606.00001}, year = 1999", "article", "On Frogs and their Ponds", "Zed, Zoe")


def test_an_id_that_is_plainly_another_papers_brings_nothing_and_is_told(path: Path) -> None:
    path.write_text(STRANGER, encoding="utf-8")
    plan, outcome, _ = run(path, record(1))
    (action,) = plan.actions
    assert (action.kind, action.key) == ("skip", "x")
    assert action.reason is not None
    assert "line 1" in action.reason
    assert not outcome.written
    assert path.read_text(encoding="utf-8") == STRANGER


SAME_YEAR = "eprint = {2606.00001}, year = 2026"


@pytest.mark.parametrize(
    ("fields", "title", "authors", "kind"),
    [
        (f"{SAME_YEAR}, booktitle = {{Proc. of the Pond}}", "On Frogs", "Zed, Zoe", "skip"),
        (SAME_YEAR, "Frogs Living beside Quiet Ponds Everywhere", "Zed, Zoe and Yon, Yves", "skip"),
        (
            "eprint = {2606.00001}",
            "Frogs Living beside Quiet Ponds Everywhere",
            "Zed, Zoe and Yon, Y.",
            "skip",
        ),
        (f"{SAME_YEAR}, journal = {{arXiv preprint arXiv:2606.00001}}", "On Frogs", "Zed, Zoe", "update"),
        (SAME_YEAR, "On Frogs", "Zed, Zoe and Yon, Yves", "update"),
        (SAME_YEAR, "Frogs Living beside Quiet Ponds Everywhere", "Zed, Zoe", "update"),
        (SAME_YEAR, "Things Living beside Quiet Ponds Everywhere", "Zed, Zoe and Yon, Yves", "update"),
    ],
)
def test_a_mistyped_id_of_the_same_year_is_seen_where_an_entry_tells_enough(
    path: Path, fields: str, title: str, authors: str, kind: str
) -> None:
    path.write_text(entry(fields, "article", title, authors), encoding="utf-8")
    plan, _, _ = run(path, record(1))
    assert plan.actions[0].kind == kind


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Zed, Zoe", "Müller, J."),
        ("On Frogs and their Ponds", "A study on things"),
        ("1999", "2026"),
    ],
)
def test_one_thing_in_common_is_enough_to_be_the_paper(path: Path, old: str, new: str) -> None:
    path.write_text(STRANGER.replace(old, new), encoding="utf-8")
    plan, _, _ = run(path, record(1))
    assert plan.actions[0].kind == "update"


@pytest.mark.parametrize(
    "fields",
    [
        "journal = {arXiv preprint arXiv:2606.00001}, year = {2026}",
        "journal = {CoRR}, volume = {abs/2606.00001}, year = {2026}, month = jun",
        "journal = {arXiv e-prints}, eid = {arXiv:2606.00001}, pages = {arXiv:2606.00001}, year = 2026",
        "number = {arXiv:2606.00001}, publisher = {arXiv}, year = {2026}, month = jun, eprint = {2606.00001}",
        "howpublished = {arXiv:2606.00001 [cs.DC]}, year = {2026}, month = jun",
    ],
)
def test_who_takes_the_records_word_keeps_nothing_of_the_preprint(path: Path, fields: str) -> None:
    path.write_text(entry(fields, "article"), encoding="utf-8")
    news = record(1, stated=in_journal(), doi="10.1145/1.2")
    run(path, news, decisions=Decisions(accept=frozenset({"x"})))
    found = Document(path.read_text(encoding="utf-8"))
    values = {field.name: found.value(field) for field in found.entries[0].fields}
    assert values["journal"] == "Journal of Foo"
    assert (values["year"], values["volume"], values["pages"]) == ("2027", "6", "10--19")
    assert not {"month", "eid", "number", "publisher", "howpublished"} & set(values)
    assert not run(path, news)[1].written


def test_what_was_never_accepted_keeps_its_words(path: Path) -> None:
    text = entry("journal = {CoRR}, volume = {abs/2606.00001}, year = {2026}", "article")
    path.write_text(text, encoding="utf-8")
    run(path, record(1, stated=in_journal(), doi="10.1145/1.2"))
    assert value(path, "x", "journal") == "CoRR"
    assert value(path, "x", "volume") == "abs/2606.00001"


@pytest.mark.parametrize("version", ["2606.00001v1", "arXiv:2606.00001v1"])
def test_a_version_in_an_eprint_pins_it_from_the_first_run_on(path: Path, version: str) -> None:
    text = entry(f"eprint = {{{version}}}, archivePrefix = {{arXiv}}, year = 2026")
    path.write_text(text, encoding="utf-8")
    news = record(1, "Another Title", version=3, stated=in_journal(), doi="10.1145/1.2")
    plan, _, _ = run(path, news)
    assert "pinned to version 1" in (plan.actions[0].reason or "")
    assert path.read_text(encoding="utf-8") == text
    plan, _, _ = run(path, news)
    assert path.read_text(encoding="utf-8") == text
    run(path, news, decisions=Decisions(accept=frozenset({"x:title"})))
    assert value(path, "x", "title") == "Another Title"


SAID_OTHERWISE = [
    ("title", "A study of things.", {}),
    ("title", "{A} Study of {Things}", {}),
    ("author", 'M\\"uller, J. and de Lara, B.', {}),
    ("author", 'Jane M{\\"u}ller and others', {}),
    ("journal", "J. Foo", {"stated": in_journal()}),
    ("journal", "\\\\apj", {"stated": in_journal(name="Astrophysical Journal")}),
    ("journal", "Astrophys. J.", {"stated": in_journal(name="The Astrophysical Journal")}),
    ("journal", "J. Vis. Commun.", {"stated": in_journal(name="Journal of Visual Communication")}),
    (
        "booktitle",
        "Proceedings of the 3rd {International Conference} on {Foo} (ICF 2027)",
        {"stated": at_event("International Conference on Foo")},
    ),
    (
        "author",
        'M\\"uller, Jane and others',
        {"credits": (Author(literal="The Foo Collaboration"), *people())},
    ),
    ("pages", "010--019", {"stated": in_journal()}),
    ("volume", "06", {"stated": in_journal()}),
    ("primaryClass", "cs, stat", {}),
    ("url", "https://doi.org/10.48550/arXiv.2606.00001", {}),
    ("url", "http://arxiv.org/pdf/2606.00001v1.pdf", {}),
    ("note", "Best paper", {}),
    ("year", "2027", {"updated": "2027-01-04T00:00:00Z"}),
]


@pytest.mark.parametrize(("name", "text", "rest"), SAID_OTHERWISE)
def test_what_is_said_in_other_words_is_neither_changed_nor_told(
    path: Path, name: str, text: str, rest: dict[str, object]
) -> None:
    given = {"title": TITLE, "author": AUTHORS, "eprint": "2606.00001", "year": "2026"} | {name: text}
    stated = rest.get("stated")
    kind = {"journalArticle": "article", "conferencePaper": "inproceedings"}.get(
        getattr(stated, "item_type", ""), "misc"
    )
    if kind != "misc":
        given |= {"year": "2027"}
    if kind == "article":
        given |= {"journal": given.get("journal", "Journal of Foo")}
    fields = ",\n  ".join(f"{field} = {{{said}}}" for field, said in given.items())
    path.write_text(f"@{kind}{{x,\n  {fields}\n}}\n", encoding="utf-8")
    plan, _, _ = run(path, record(1, **rest))
    assert not plan.conflicts
    assert value(path, "x", name) == text
    plan, outcome, _ = run(path, record(1, **rest))
    assert not outcome.written
    assert not plan.conflicts


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("title", "A Study of Other Things"),
        ("author", 'M{\\"u}ller, Jane'),
        ("author", "Smith, J. and de Lara, B."),
        ("pages", "10"),
        ("volume", "7"),
        ("year", "2028"),
    ],
)
def test_what_is_said_differently_is_told(path: Path, name: str, text: str) -> None:
    given = {"title": TITLE, "author": AUTHORS, "eprint": "2606.00001", "year": "2027"}
    given |= {"journal": "Journal of Foo", name: text}
    fields = ", ".join(f"{field} = {{{said}}}" for field, said in given.items())
    path.write_text(f"@article{{x, {fields}}}\n", encoding="utf-8")
    plan, _, _ = run(path, record(1, stated=in_journal()))
    assert [c.field for c in plan.conflicts] == [name]


def test_other_words_are_taken_on_request(path: Path) -> None:
    path.write_text(entry("eprint = {2606.00001}, year = 2026", title="A study of things"), encoding="utf-8")
    run(path, record(1))
    assert value(path, "x", "title") == "A study of things"
    run(path, record(1), decisions=Decisions(accept=frozenset({"x:title"})))
    assert value(path, "x", "title") == "A Study of Things"


def test_news_of_what_was_said_in_other_words_is_told(path: Path) -> None:
    path.write_text(entry("eprint = {2606.00001}, year = 2026", title="A study of things"), encoding="utf-8")
    run(path, record(1))
    plan, _, _ = run(path, record(1, "A Study of Nothing", version=2))
    assert [(c.field, c.yours) for c in plan.conflicts] == [("title", "A study of things")]


def test_an_eprint_with_its_prefix_gets_no_second_one(path: Path) -> None:
    path.write_text(entry("eprint = {arXiv:2606.00001}, year = 2026"), encoding="utf-8")
    run(path, record(1))
    assert value(path, "x", "archivePrefix") is None
    assert value(path, "x", "primaryClass") == "cs.DC"


def test_an_id_that_howpublished_prints_is_not_printed_twice(path: Path) -> None:
    path.write_text(entry("howpublished = {arXiv:2606.00001}, year = 2026"), encoding="utf-8")
    run(path, record(1))
    assert value(path, "x", "note") is None


@pytest.mark.parametrize("kind", ["article", "unpublished", "misc"])
def test_a_withdrawal_is_said_whatever_the_entry_is(path: Path, kind: str) -> None:
    path.write_text(entry("journal = {arXiv preprint arXiv:2606.00001}, year = 2026", kind), encoding="utf-8")
    run(path, record(1, stated=None, comment="This paper has been withdrawn by the authors"))
    assert "WITHDRAWN" in (value(path, "x", "note") or "")


def test_a_month_goes_with_its_year(path: Path) -> None:
    text = entry('eprint = {2606.00001}, year = "2026", month = "6"', "article")
    path.write_text(text, encoding="utf-8")
    run(path, record(1))
    run(path, record(1, version=2, stated=in_journal(), doi="10.1145/1.2"))
    assert value(path, "x", "year") == "2027"
    assert value(path, "x", "month") is None


def test_a_second_entry_of_one_paper_is_told(path: Path) -> None:
    twice = entry("eprint = {2606.00001}, year = 2026")
    path.write_text(twice + "\n" + twice.replace("{x,", "{y,"), encoding="utf-8")
    _, _, target = run(path, record(1))
    (told,) = [problem for problem in target.problems if problem.code == "same-paper"]
    assert (told.place.line, told.place.entry) == (7, "y")
    assert "as x does (line 1)" in told.detail


def test_authors_may_stand_in_another_order_of_first_and_last(path: Path) -> None:
    people = (Author("Jane", "Müller"), Author("Bob", "de Lara"), Author(literal="ATLAS Collaboration"))
    authors = 'J. M{\\"u}ller and B. de Lara and {ATLAS Collaboration}'
    path.write_text(entry("eprint = {2606.00001}, year = 2026", authors=authors), encoding="utf-8")
    plan, _, _ = run(path, record(1, credits=people))
    assert not plan.conflicts


def test_every_macro_of_astronomers_is_a_journals() -> None:
    macros = journal_macros()
    assert list(macros) == sorted(macros)
    assert macros["apj"] == "ApJ"


def test_an_earlier_listing_of_one_version_takes_nothing_back(path: Path) -> None:
    run(path, record(1, as_of="2026-06-10T00:00:00Z"))
    run(path, record(1, stated=in_journal(), doi="10.1145/1.2", as_of="2026-09-05T00:00:00Z"))
    text = path.read_text(encoding="utf-8")
    assert "Journal of Foo" in text
    plan, outcome, _ = run(path, record(1, as_of="2026-06-10T00:00:00Z"))
    assert not outcome.written
    assert path.read_text(encoding="utf-8") == text
    assert "2026-06-10" in (plan.actions[0].reason or "")
    run(path, record(1, as_of="2026-09-06T00:00:00Z"))
    assert "Journal of Foo" not in path.read_text(encoding="utf-8")


def test_a_later_listing_without_news_writes_no_lock(path: Path) -> None:
    run(path, record(1, as_of="2026-06-10T00:00:00Z"))
    lock = path.with_name("bibbridge.lock").read_bytes()
    _, outcome, _ = run(path, record(1, as_of="2026-09-05T00:00:00Z"))
    assert not outcome.written
    assert not outcome.lock_written
    assert path.with_name("bibbridge.lock").read_bytes() == lock


def test_versions_that_were_asked_for_are_no_doubles(path: Path) -> None:
    first = record(1, pinned=True)
    second = record(1, "A Later Study", version=2)
    run(path, first, second)
    _, _, target = run(path, second)
    assert not [problem for problem in target.problems if problem.code == "same-paper"]


def test_a_month_beside_another_year_of_the_same_preprint_stays(path: Path) -> None:
    path.write_text(
        "@Article{Demailly:2014,\n  Title = {A Study of Things},\n  Author = {Müller, Jane and de Lara, Bob},"
        "\n  Journal = {ArXiv e-prints},\n  Year = {2025},\n  Month = jan,\n  Eprint = {2606.00001},\n}\n",
        encoding="utf-8",
    )
    for _ in range(3):
        run(path, record(1))
        assert "Month = jan" in path.read_text(encoding="utf-8")


def test_what_a_person_told_of_print_takes_the_doi_of_the_publisher(path: Path) -> None:
    path.write_text(
        entry("journal={J. Foo}, year=2027, eprint={2606.00001}", kind="article"), encoding="utf-8"
    )
    run(path, record(1))
    plan, _, _ = run(path, record(1, doi="10.1145/1.2"))
    assert not plan.conflicts
    assert "10.1145/1.2" in path.read_text(encoding="utf-8")


EXACT = entry("eprint={2606.00001}, year=2026", authors="Müller, Jane and de Lara, Bob")


def test_what_agreed_to_the_letter_takes_news(path: Path) -> None:
    run(path, record(1, "A Library for C"))
    path.with_name("bibbridge.lock").unlink()
    run(path, record(1, "A Library for C"))
    run(path, record(1, "A library for C", version=2))
    assert "A library for {C}" in path.read_text(encoding="utf-8")
    run(path, record(1, "A library for C", version=3, stated=None, comment="withdrawn by the authors"))
    assert "WITHDRAWN" in path.read_text(encoding="utf-8")


NOT_THE_SAME = [
    ("author", 'M{\\"u}ller, Jane', (Author("Jane", "Müller"), Author("René", "Čapek"))),
    ("author", "Zhang, Wei", (Author("Weiming", "Zhang"),)),
    ("author", "Smith, Jo", (Author("John", "Smith"),)),
    ("author", "Smith, J. M.", (Author("John Kurt", "Smith"),)),
    ("author", "Smith, Jr., John", (Author("John", "Smith", "III"),)),
    ("author", "Smith, J. and others", (Author("John", "Smith"),)),
]
THE_SAME = [
    (
        "author",
        "M{\\\"u}ller, Jane and {\\v{C}}apek, Ren{\\'e}",
        (Author("Jane", "Müller"), Author("René", "Čapek")),
    ),
    ("author", "Serre, JP", (Author("Jean-Pierre", "Serre"),)),
    ("author", "Smith, J. K.", (Author("John Kurt", "Smith"),)),
    ("author", "John Smith", (Author("John K.", "Smith"),)),
    (
        "author",
        "Kaiser, {\\L}ukasz and Gomez, Aidan N",
        (Author("Lukasz", "Kaiser"), Author("Aidan N.", "Gomez")),
    ),
    ("author", "S{\\o}rensen, K", (Author("Kim", "Sorensen"),)),
    ("author", "Lara, Bob and de Sousa, Ann", (Author("Bob", "de Lara"), Author("Ann", "Sousa"))),
]


@pytest.mark.parametrize(("name", "text", "credits"), NOT_THE_SAME)
def test_other_people_are_told(path: Path, name: str, text: str, credits: tuple[Author, ...]) -> None:
    path.write_text(entry("eprint = {2606.00001}, year = 2026", authors=text), encoding="utf-8")
    plan, _, _ = run(path, record(1, credits=credits))
    assert [c.field for c in plan.conflicts] == [name]


@pytest.mark.parametrize(("name", "text", "credits"), THE_SAME)
def test_the_same_people_are_not(path: Path, name: str, text: str, credits: tuple[Author, ...]) -> None:
    path.write_text(entry("eprint = {2606.00001}, year = 2026", authors=text), encoding="utf-8")
    plan, _, _ = run(path, record(1, credits=credits))
    assert not plan.conflicts


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [("A Library for C", "A Library for C++"), ("A* Search", "A Search"), ("C# Code", "C++ Code")],
)
def test_symbols_of_a_title_count(path: Path, mine: str, theirs: str) -> None:
    path.write_text(entry("eprint = {2606.00001}, year = 2026", title=mine), encoding="utf-8")
    plan, _, _ = run(path, record(1, theirs))
    assert [c.field for c in plan.conflicts] == ["title"]


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("{GECCO} (Companion)", "Genetic and Evolutionary Computation Conference"),
        ("3rd Conference on Foo", "4th Conference on Foo"),
        ("ICML 2019", "ICML 2023"),
    ],
)
def test_another_volume_of_an_event_takes_no_pages(path: Path, mine: str, theirs: str) -> None:
    fields = f"eprint = {{2606.00001}}, year = 2027, booktitle = {{{mine}}}"
    path.write_text(entry(fields, "inproceedings"), encoding="utf-8")
    venue = Venue("published", theirs, theirs, "conference", 2027)
    plan, _, _ = run(path, record(1, stated=Stated("conferencePaper", venue, PublishedIn(pages="1-9"))))
    assert [c.field for c in plan.conflicts] == ["booktitle"]
    assert value(path, "x", "pages") is None


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [("Phys. Rev. B", "Physical Review Biology"), ("Physics Letters (A)", "Physics Letters (B)")],
)
def test_another_journal_is_told(path: Path, mine: str, theirs: str) -> None:
    fields = f"eprint = {{2606.00001}}, year = 2027, journal = {{{mine}}}"
    path.write_text(entry(fields, "article"), encoding="utf-8")
    plan, _, _ = run(path, record(1, stated=in_journal(theirs)))
    assert "journal" in [c.field for c in plan.conflicts]


def test_taking_all_takes_no_more_than_was_told(path: Path) -> None:
    text = entry(
        "journal = {Nature}, volume = {5}, eprint = {2606.00001}, year = 2026, note = {Best paper award}",
        "article",
        "A study of things",
        'M{\\"u}ller, J. and others',
    )
    path.write_text(text, encoding="utf-8")
    told = [
        c.field
        for c in BibTarget(path, use_lock=False).plan([record(1)], Decisions(), "2026-03-01").conflicts
    ]
    run(path, record(1), decisions=Decisions(theirs=True), use_lock=False)
    after = path.read_text(encoding="utf-8")
    assert told == []
    for line in text.splitlines()[:3]:
        assert line in after
    assert "Best paper award" in after
    assert value(path, "x", "month") is None  # the preprint's, beside a journal


def test_a_stranger_hides_no_other_entry(path: Path) -> None:
    for own in (
        "eprint = {2606.00001v2}",
        "doi = {10.1145/1.2}",
        "note = {arXiv:2606.00001. Code: elsewhere}",
    ):
        text = STRANGER.replace("{x,", "{z,") + entry(f"{own}, year = 2026")
        path.write_text(text, encoding="utf-8")
        path.with_name("bibbridge.lock").unlink(missing_ok=True)
        plan, _, _ = run(path, record(1, version=2, doi="10.1145/1.2"))
        assert [(action.kind, action.key) for action in plan.actions] == [("update", "x")], own


@pytest.mark.parametrize("accepted", ["x", "x:title"])
def test_who_accepts_an_entry_says_that_it_is_the_paper(path: Path, accepted: str) -> None:
    path.write_text(STRANGER, encoding="utf-8")
    plan, _, _ = run(path, record(1), decisions=Decisions(accept=frozenset({accepted})))
    assert plan.actions[0].kind == "update"
    assert value(path, "x", "title") == "A Study of Things"


@pytest.mark.parametrize("theirs", [False, True])
def test_what_speaks_against_a_stranger_is_reported(path: Path, theirs: bool) -> None:
    path.write_text(STRANGER, encoding="utf-8")
    plan, _, _ = run(path, record(1), decisions=Decisions(theirs=theirs))
    assert {"title", "author"} <= {conflict.field for conflict in plan.conflicts}
    assert [action.kind for action in plan.actions] == ["skip"]
    assert path.read_text(encoding="utf-8") == STRANGER


def test_an_entry_of_the_records_own_version_comes_before_a_pinned_one(path: Path) -> None:
    for own in ("eprint = {2606.00001v2}", "doi = {10.1145/1.2}"):
        pinned = entry("eprint = {2606.00001v1}, year = 2026")
        path.write_text(pinned + entry(f"{own}, year = 2026").replace("{x,", "{y,"), encoding="utf-8")
        path.with_name("bibbridge.lock").unlink(missing_ok=True)
        plan, _, _ = run(path, record(1, version=2, doi="10.1145/1.2"))
        assert plan.actions[0].key == "y", own
        assert path.read_text(encoding="utf-8").startswith(pinned)


def test_one_field_of_a_pinned_entry_is_all_that_is_taken(path: Path) -> None:
    text = entry("eprint = {2606.00001v1}, year = 2026", title="A Study")
    path.write_text(text, encoding="utf-8")
    news = record(1, version=3, stated=in_journal(), doi="10.1145/1.2")
    run(path, news, decisions=Decisions(accept=frozenset({"x:title"})))
    assert path.read_text(encoding="utf-8") == text.replace("{A Study}", "{A Study of Things}")
    assert not run(path, news)[1].written


@pytest.mark.parametrize("own", ["number = {CERN-EP/2012218}", "pages = {1150.1161}", "number = {[3]}"])
def test_numbers_of_ones_own_stay(path: Path, own: str) -> None:
    path.write_text(entry(f"eprint = {{2606.00001}}, year = 2026, {own}", "techreport"), encoding="utf-8")
    venue = Venue("published", "NSDI", "Networked Systems", "conference", 2027)
    run(
        path, record(1, stated=Stated("conferencePaper", venue)), decisions=Decisions(accept=frozenset({"x"}))
    )
    assert own.partition(" = ")[2] in path.read_text(encoding="utf-8")


def test_no_date_is_written_over_an_inherited_one(path: Path) -> None:
    path.write_text(entry("eprint = {2606.00001}, crossref = {proc}", "inproceedings"), encoding="utf-8")
    run(path, record(1))
    assert value(path, "x", "year") is None
    assert value(path, "x", "month") is None


def test_a_month_is_not_put_beside_a_later_year(path: Path) -> None:
    path.write_text(EXACT.replace("year=2026", "year=2027"), encoding="utf-8")
    run(path, record(1, updated="2027-01-04T00:00:00Z"))
    assert value(path, "x", "month") is None


def test_a_venue_is_noted_beside_an_id_in_howpublished(path: Path) -> None:
    path.write_text(entry("howpublished = {arXiv:2606.00001}, year = 2026"), encoding="utf-8")
    venue = Venue("published", "NSDI", "Networked Systems", "conference", 2027)
    run(path, record(1, stated=Stated("conferencePaper", venue)), venue_policy="note")
    assert "Published in Networked Systems" in (value(path, "x", "note") or "")


def test_keywords_come_into_an_entry_without_any(path: Path) -> None:
    path.write_text(entry("eprint = {2606.00001}, year = 2026"), encoding="utf-8")
    run(path, record(1), extra_fields=("keywords",))
    assert value(path, "x", "keywords") == "cs.DC, cs.LG"


def test_a_note_of_many_brackets_is_read_at_once(path: Path) -> None:
    path.write_text(
        entry("note = {" + "[pdf] (on) " * 40 + "arXiv:2606.00001 qq}, year = 2026"), encoding="utf-8"
    )
    plan, _, _ = run(path, record(1))
    assert plan.actions[0].kind == "update"


def test_the_month_of_the_preprint_goes_at_once(path: Path) -> None:
    run(path, record(1))
    edit(path, ("{2026}", "{2027}"))
    run(path, appeared(1, version=2))
    assert "month" not in path.read_text(encoding="utf-8")
    assert not run(path, appeared(1, version=2))[1].written


def test_a_publisher_of_ones_own_outlives_a_record_that_stops_telling_it(path: Path) -> None:
    def at(publisher: str | None) -> Stated:
        venue = Venue("published", "NSDI", "NSDI", "conference", 2027)
        return Stated("conferencePaper", venue, PublishedIn(publisher=publisher))

    fields = "booktitle = {NSDI}, publisher = {ACM}, eprint = {2606.00001}, year = 2027"
    path.write_text(entry(fields, "inproceedings"), encoding="utf-8")
    run(path, record(1, stated=at("ACM")))
    run(path, record(1, version=2, stated=at(None)))
    assert value(path, "x", "publisher") == "ACM"


@pytest.mark.parametrize(
    "name",
    [
        "Proc. NeurIPS",
        "NeurIPS'26",
        "Advances in {Neural Information Processing Systems} 39",
        "Proceedings of the 40th International Conference on Neural Information Processing Systems",
        "The Fortieth Annual Conference on Neural Information Processing Systems",
        "In Proc. of the Thirty-Ninth Conference on Neural Information Processing Systems (NeurIPS 2026)",
    ],
)
def test_an_events_name_is_the_same_however_it_is_counted(path: Path, name: str) -> None:
    text = entry(f"eprint = {{2606.00001}}, year = 2026, booktitle = {{{name}}}", "inproceedings")
    path.write_text(text, encoding="utf-8")
    full = "Conference on Neural Information Processing Systems"
    venue = Venue("accepted", "NeurIPS", full, "conference", 2026)
    plan, _, _ = run(path, record(1, stated=Stated("conferencePaper", venue)))
    assert not plan.conflicts
    assert value(path, "x", "booktitle") == name


@pytest.mark.parametrize("said", ["journal = {Foo Letters}", "publisher = {Foo Press}", "school = {Foo}"])
@pytest.mark.parametrize("decisions", [Decisions(), Decisions(theirs=True)])
def test_the_year_of_what_a_person_knows_as_printed_stays(
    path: Path, said: str, decisions: Decisions
) -> None:
    text = entry(f"eprint = {{2606.00001}}, year = 2031, month = mar, {said}", "article")
    path.write_text(text, encoding="utf-8")
    plan, _, _ = run(path, record(1), decisions=decisions)
    assert not plan.conflicts
    assert (value(path, "x", "year"), value(path, "x", "month")) == ("2031", "mar")


def test_the_year_beside_arxivs_own_name_is_compared(path: Path) -> None:
    said = "journal = {arXiv preprint arXiv:2606.00001}, year = 2031"
    path.write_text(entry(said, "article"), encoding="utf-8")
    plan, _, _ = run(path, record(1))
    assert [c.field for c in plan.conflicts] == ["year"]


def test_an_entry_of_the_same_doi_beside_a_papers_own_is_told(path: Path) -> None:
    run(path, record(1))
    pasted = entry("doi = {10.1145/1.2}, year = 2027, booktitle = {NSDI}", "inproceedings")
    path.write_text(path.read_text(encoding="utf-8") + "\n" + pasted, encoding="utf-8")
    for _ in range(2):
        _, _, target = run(path, appeared(1))
        (told,) = [problem for problem in target.problems if problem.code == "same-paper"]
        assert told.place.entry == "x"
    assert path.read_text(encoding="utf-8").endswith(pasted)
