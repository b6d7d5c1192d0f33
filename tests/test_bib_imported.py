"""Entries that other programs and people wrote: matched, brought up to date, and not harmed by it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bibhelp import appeared, edit, record, run, value

from bridge.bibtex.document import Document
from bridge.config import Dialect
from bridge.decisions import Decisions
from bridge.record import Author, PublishedIn, Record, Stated, Venue


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "refs.bib"


def written(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")


OTHER = "@misc{other, title={Other}, author={A, B}, year=2000}\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"Learning Sets \{c d\} Fast", r"Learning Sets \{c f\} Fast"),
        (r"On \{Sets of x\} and y", r"On \{Sets and y"),
        (r"Take \{0, 1\} bits", r"Take \{0, 2\} bits"),
    ],
)
def test_news_beside_escaped_braces_leaves_every_entry_readable(path: Path, old: str, new: str) -> None:
    written(path, f"@misc{{x, title = {{{old}}}, eprint = {{2606.00001}}}}\n{OTHER}")
    run(path, record(1, old))
    run(path, record(1, new, version=2, updated="2026-07-01T00:00:00Z"))
    document = Document(path.read_text(encoding="utf-8"))
    assert [entry.key for entry in document.entries] == ["x", "other"]
    assert not document.broken
    _, outcome, _ = run(path, record(1, new, version=2, updated="2026-07-01T00:00:00Z"))
    assert not outcome.written


ANN = "@article{smith2018, title={Something Else}, author={Other, Ann}, journal={J. Other}, year={1990}}\n"
OURS = (
    "@misc{smith2018, title={A Study of Things}, author={Müller, Jane and de Lara, Bob}, year={2026}, "
    "eprint={2606.00001}}\n"
)


def test_a_key_that_stands_twice_takes_no_news_into_another_paper(path: Path) -> None:
    written(path, ANN + OURS)
    run(path, record(1))
    run(path, appeared(1, version=2, updated="2026-07-01T00:00:00Z"))
    text = path.read_text(encoding="utf-8")
    assert text.startswith(ANN)
    assert "Networked Systems" in text


def test_a_key_that_a_person_gave_to_another_paper_takes_no_news(path: Path) -> None:
    written(path, OURS)
    run(path, record(1))
    renamed = path.read_text(encoding="utf-8").replace("{smith2018,", "{smith2018arxiv,")
    written(path, renamed + ANN)
    run(path, appeared(1, version=2, updated="2026-07-01T00:00:00Z"))
    text = path.read_text(encoding="utf-8")
    assert text.endswith(ANN)
    assert value(path, "smith2018arxiv", "booktitle") == "Networked Systems"


def test_a_key_alone_is_no_sign_where_title_and_authors_are_others(path: Path) -> None:
    written(path, OURS)
    run(path, record(1))
    written(path, ANN)
    run(path, appeared(1, version=2, updated="2026-07-01T00:00:00Z"))
    assert path.read_text(encoding="utf-8") == ANN


SCHOLAR = """@article{muller2026study,
  title={A study of things},
  author={M{\\"u}ller, Jane and de Lara, Bob},
  journal={arXiv preprint arXiv:2606.00001},
  year={2026}
}
"""


def test_half_a_venue_is_not_mixed_into_a_preprints_entry(path: Path) -> None:
    written(path, SCHOLAR)
    run(path, record(1, "A study of things"))
    news = appeared(1, "A study of things", version=2, updated="2026-07-01T00:00:00Z")
    run(path, news)
    assert value(path, "muller2026study", "year") == "2026"
    assert value(path, "muller2026study", "booktitle") is None
    run(path, news, decisions=Decisions(theirs=True))
    assert value(path, "muller2026study", "booktitle") == "Networked Systems"
    assert value(path, "muller2026study", "year") == "2027"
    assert Document(path.read_text(encoding="utf-8")).entries[0].type == "inproceedings"


def test_a_journals_volume_waits_while_the_journal_is_in_conflict(path: Path) -> None:
    from bridge.record import PublishedIn, Stated, Venue

    written(path, SCHOLAR)
    run(path, record(1, "A study of things"))
    venue = Venue("published", "J. Foo", "Journal of Foo", "journal", 2027)
    news = record(
        1,
        "A study of things",
        version=2,
        updated="2026-07-01T00:00:00Z",
        stated=Stated("journalArticle", venue, PublishedIn(volume="6", pages="1-9")),
    )
    plan, _, _ = run(path, news)
    assert value(path, "muller2026study", "volume") is None
    assert value(path, "muller2026study", "year") == "2026"
    assert "journal" in [conflict.field for action in plan.actions for conflict in action.conflicts]
    run(path, news, decisions=Decisions(accept=frozenset({"muller2026study:journal"})))
    assert value(path, "muller2026study", "journal") == "Journal of Foo"
    assert value(path, "muller2026study", "volume") == "6"
    assert value(path, "muller2026study", "year") == "2027"


@pytest.mark.parametrize("year", ["year = {}", "year = {2019}"])
def test_a_year_that_is_filled_or_replaced_brings_its_month_at_once(path: Path, year: str) -> None:
    written(path, f"@misc{{k, eprint = {{2606.00001}}, {year}}}\n")
    run(path, record(1), decisions=Decisions(theirs=True))
    assert value(path, "k", "month") is not None
    _, outcome, _ = run(path, record(1), decisions=Decisions(theirs=True))
    assert not outcome.written


PUT_TOGETHER = """@string{icml = "International Conference on Things"}
@misc{k,
  title = {A Study of Things},
  eprint = {2606.00001},
  year = 2026,
  month = jun # "~3",
  note = "arXiv:" # {2606.00001},
}
"""


def test_what_a_person_put_together_is_not_retired(path: Path) -> None:
    written(path, PUT_TOGETHER)
    run(path, record(1))
    run(path, appeared(1, version=2, updated="2026-07-01T00:00:00Z"))
    text = path.read_text(encoding="utf-8")
    assert 'month = jun # "~3"' in text
    assert 'note = "arXiv:" # {2606.00001}' in text
    assert value(path, "k", "booktitle") == "Networked Systems"


def test_a_day_beside_the_month_is_not_lost(path: Path) -> None:
    written(path, "@misc{k, eprint = {2606.00001}, year = 2026, month = {June 03, 2026}}\n")
    run(path, record(1))
    run(path, appeared(1, version=2, updated="2026-07-01T00:00:00Z"))
    assert "month = {June 03, 2026}" in path.read_text(encoding="utf-8")


def test_keywords_put_together_are_left_alone(path: Path) -> None:
    written(path, '@string{kw = "control"}\n@misc{k, eprint = {2606.00001}, keywords = kw # ", suite"}\n')
    run(path, record(1), extra_fields=("keywords",))
    assert 'keywords = kw # ", suite"' in path.read_text(encoding="utf-8")


def test_a_keyword_comes_behind_the_others_as_they_are_written(path: Path) -> None:
    written(
        path,
        "@misc{k, eprint = {2606.00001}, keywords = {Robotics; Control;\n     Deep Learning}}\n",
    )
    run(path, record(1), extra_fields=("keywords",))
    assert "keywords = {Robotics; Control;\n     Deep Learning; cs.DC; cs.LG}" in path.read_text(
        encoding="utf-8"
    )
    run(
        path,
        record(1, categories=("cs.DC",), version=2, updated="2026-07-01T00:00:00Z"),
        extra_fields=("keywords",),
    )
    assert "keywords = {Robotics; Control;\n     Deep Learning; cs.DC}" in path.read_text(encoding="utf-8")


def test_an_entry_that_a_person_pins_takes_no_other_versions_news(path: Path) -> None:
    run(path, record(1))
    key = Document(path.read_text(encoding="utf-8")).entries[0].key
    written(path, path.read_text(encoding="utf-8").replace("{2606.00001}", "{2606.00001v1}", 1))
    _, outcome, _ = run(path, record(1, "Other Things", version=3, updated="2026-07-01T00:00:00Z"))
    assert not outcome.written
    assert value(path, key, "title") == "A Study of Things"


def test_the_lines_between_authors_stay(path: Path) -> None:
    written(
        path,
        "@misc{k, eprint = {2606.00001},\n  author = {Müller, Jane and\n            de Lara, Bob}}\n",
    )
    run(path, record(1))
    authors = (*record(1).credits, Author("Cy", "Cole"))
    run(path, record(1, credits=authors, version=2, updated="2026-07-01T00:00:00Z"))
    assert (
        "author = {Müller, Jane and\n            de Lara, Bob and\n            Cole, Cy}"
        in path.read_text(encoding="utf-8")
    )


PASTED = """@article{real, title={Real}, author={X, Y}, journal={J}, year=2000, annote = {Pasted:
@misc{inner, title={A Study of Things}, eprint={2606.00001}}
}}
"""


def test_an_entry_pasted_into_a_value_is_part_of_it(path: Path) -> None:
    written(path, PASTED)
    document = Document(PASTED)
    assert [entry.key for entry in document.entries] == ["real"]
    assert not document.broken
    run(path, record(1))
    assert path.read_text(encoding="utf-8").startswith(PASTED)


def test_data_for_other_entries_is_no_paper(path: Path) -> None:
    text = (
        "@xdata{arx, eprint={2606.00001}, eprinttype={arXiv}}\n"
        "@online{dm, xdata={arx}, title={A Study of Things}}\n"
    )
    written(path, text)
    run(path, record(1))
    assert path.read_text(encoding="utf-8").startswith(text)


def test_a_new_entry_does_not_go_behind_text_that_bibtex_stumbles_over(path: Path) -> None:
    written(path, OTHER + "written by me@example.org\n")
    run(path, record(1))
    text = path.read_text(encoding="utf-8")
    assert text.endswith("written by me@example.org\n")
    assert len(Document(text).entries) == 2


HAND = """@article{smith,
  title   = {A Study of Things},
  author  = {Jane M{\\"u}ller and Bob de Lara},
  journal = {Nature},
  volume  = {600},
  pages   = {1--10},
  year    = {2026},
  doi     = {10.1038/s41586-026-00001-1},
  eprint  = {2606.00001},
}
"""
PRINTED = PublishedIn("600", None, "1-10")
NATURE = Stated("journalArticle", Venue("published", "Nature", "Nature", "journal", 2026), PRINTED)
IN_NATURE = {"stated": NATURE, "doi": "10.1038/s41586-026-00001-1"}


@pytest.mark.parametrize("rest", [{}, {"comment": "This paper has been withdrawn by the authors"}])
def test_what_a_person_wrote_and_arxiv_only_agreed_to_is_not_taken_away(
    path: Path, rest: dict[str, object]
) -> None:
    written(path, HAND)
    run(path, record(1, **IN_NATURE))
    before = path.read_text(encoding="utf-8")
    plan, _, _ = run(path, record(1, version=2, **rest))
    text = path.read_text(encoding="utf-8")
    for line in HAND.splitlines():
        assert line in text
    assert [(c.field, c.yours, c.theirs) for c in plan.conflicts] == [("type", "article", "misc")]
    assert run(path, record(1, version=2, **rest))[0].conflicts == plan.conflicts
    run(path, record(1, version=3, **IN_NATURE))
    assert path.read_text(encoding="utf-8") == before
    run(path, record(1, version=4), decisions=Decisions(accept=frozenset(("smith:type",))))
    assert "Nature" not in path.read_text(encoding="utf-8")
    assert "@misc{smith" in path.read_text(encoding="utf-8")


def test_a_daily_feed_takes_nothing_back_from_what_the_api_told(path: Path) -> None:
    run(path, appeared(1))
    before = path.read_bytes()
    plan, _, _ = run(path, record(1, brief=True))
    assert path.read_bytes() == before
    assert not plan.actions[0].reason
    plan, _, _ = run(path, record(1, version=2, brief=True))
    assert path.read_bytes() == before
    assert "2606.00001" in (plan.actions[0].reason or "")
    run(path, appeared(1, "A Study of All Things", version=2))
    assert "All Things" in path.read_text(encoding="utf-8")
    run(path, record(2, "Something New", brief=True))
    assert "Something New" in path.read_text(encoding="utf-8")


def test_a_note_that_names_a_version_is_a_persons(path: Path) -> None:
    written(path, "@misc{mine, title={A Study of Things}, note={arXiv:2606.00001v1}}\n")
    run(path, record(1))
    run(path, record(1, version=3, **IN_NATURE))
    assert value(path, "mine", "note") == "arXiv:2606.00001v1"
    assert value(path, "mine", "journal") == "Nature"


ICML = Stated("conferencePaper", Venue("accepted", "ICML", "Machine Learning", "conference", 2026))
NEURIPS = Stated("conferencePaper", Venue("accepted", "NeurIPS", "Neural Systems", "conference", 2025))
LETTERS = Venue("published", "PRL", "Phys. Rev. Lett.", "journal", 2025)
PRL = Stated("journalArticle", LETTERS, PublishedIn("12", None, "1-9"))
BY_HAND = """@inproceedings{k, title={A Study of Things}, author={Jane M{\\"u}ller and Bob de Lara},
  booktitle={Machine Learning}, series={ICML '26}, pages={3--4}, editor={Jo Doe}, address={Seoul},
  year={2026}, eprint={2606.00001}, archivePrefix={arXiv}}
"""


@pytest.mark.parametrize(
    ("text", "first", "then", "conflicts"),
    [
        (BY_HAND, ICML, NEURIPS, ["booktitle"]),
        (BY_HAND, ICML, PRL, ["type", "pages"]),
        (HAND, NATURE, ICML, ["type"]),
        (HAND.replace("  year ", "  number = {3},\n  issn = {1234},\n  year "), NATURE, PRL, ["journal"]),
        (HAND, NATURE, Stated("preprint"), ["type"]),
    ],
)
def test_no_reference_is_half_of_one_place_and_half_of_another(
    path: Path, text: str, first: Stated, then: Stated, conflicts: list[str]
) -> None:
    written(path, text)
    run(path, record(1, stated=first))
    before = path.read_text(encoding="utf-8")
    plan, _, _ = run(path, record(1, version=2, stated=then))
    assert [conflict.field for conflict in plan.conflicts] == conflicts
    assert path.read_text(encoding="utf-8") == before
    key = plan.conflicts[0].key
    run(path, record(1, version=2, stated=then), decisions=Decisions(accept=frozenset((key,))))
    assert path.read_text(encoding="utf-8") != before


def test_details_that_a_person_wrote_outlive_a_record_that_does_not_tell_them(path: Path) -> None:
    written(path, HAND)
    run(path, record(1, **IN_NATURE))
    before = path.read_text(encoding="utf-8")
    bare = Stated("journalArticle", NATURE.venue)
    plan, _, _ = run(path, record(1, version=2, stated=bare, doi=IN_NATURE["doi"]))
    assert path.read_text(encoding="utf-8") == before
    assert not plan.conflicts
    # what bibbridge wrote itself goes
    run(path, record(2, "Another Study", stated=NATURE))
    assert value(path, "mullerAnotherStudy2026", "volume") == "600"
    run(path, record(2, "Another Study", version=2, stated=bare))
    assert value(path, "mullerAnotherStudy2026", "volume") is None


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("misc", ("number = {arXiv:2606.00001}", "publisher = {arXiv}", "howpublished = {arXiv preprint}")),
        ("online", ("number = {arXiv:2606.00001}", "pubstate = {prepublished}")),
    ],
)
def test_what_zotero_says_of_a_preprint_goes_when_it_has_appeared(
    path: Path, head: str, told: tuple[str, ...]
) -> None:
    date = "date = {2026-06-03}" if head == "online" else "year = 2026"
    title, author = "title = {A Study of Things}", "author = {Müller, Jane and de Lara, Bob}"
    fields = ",\n  ".join((title, author, date, "eprint = {2606.00001}", *told))
    written(path, f"@{head}{{smith,\n  {fields}\n}}\n{OTHER}")
    plan, _, _ = run(path, record(1))
    assert not plan.conflicts
    assert all(line in path.read_text(encoding="utf-8") for line in told)
    plan, _, _ = run(path, appeared(1, version=2, updated="2026-07-01T00:00:00Z"))
    assert not plan.conflicts
    text = path.read_text(encoding="utf-8")
    assert text.startswith("@inproceedings{smith,")
    assert text.endswith(OTHER)
    assert not any(line in text for line in told)


@pytest.mark.parametrize(
    ("dialect", "kind", "dated", "printed"),
    [
        ("bibtex", "misc", "year = {2027}, month = {mar}", {"year": "2028", "month": None}),
        ("biblatex", "online", "date = {2027-03-10}", {"date": "2028"}),
    ],
)
def test_the_date_of_a_later_version_goes_with_the_preprint(
    path: Path, dialect: Dialect, kind: str, dated: str, printed: dict[str, str | None]
) -> None:
    written(
        path,
        f"@{kind}{{zot, title = {{A Study of Things}}, author = {{Müller, Jane and de Lara, Bob}},"
        f" {dated}, eprint = {{2606.00001}}}}\n",
    )
    later = {"version": 2, "updated": "2027-03-10T00:00:00Z"}
    plan, _, _ = run(path, record(1, **later), dialect=dialect)
    assert not plan.conflicts
    venue = Venue("published", "NSDI", "Networked Systems", "conference", 2028)
    news = record(1, stated=Stated("conferencePaper", venue), **later)
    plan, _, _ = run(path, news, dialect=dialect)
    assert not plan.conflicts
    assert {name: value(path, "zot", name) for name in printed} == printed
    plan, outcome, _ = run(path, news, dialect=dialect)
    assert (plan.conflicts, outcome.written, outcome.lock_written) == ([], False, False)


def test_a_month_that_a_person_writes_later_is_theirs(path: Path) -> None:
    written(path, OURS.replace("year={2026}", "year={2026}, month=jun"))
    run(path, record(1))
    edit(path, ("month=jun", "month=jan"))
    run(path, record(1))
    run(path, appeared(1, version=2))
    assert value(path, "smith2018", "month") == "jan"


def test_a_month_beside_a_venue_is_not_the_preprints(path: Path) -> None:
    written(path, OURS)
    later = {"version": 2, "updated": "2027-03-10T00:00:00Z"}
    venue = Venue("published", "NSDI", "Networked Systems", "conference", 2027)
    run(path, record(1, **later))
    run(path, record(1, stated=Stated("conferencePaper", venue), **later), decisions=Decisions(theirs=True))
    edit(path, ("year={2027}", "year={2027}, month=jan"))
    for _ in range(2):
        _, outcome, _ = run(path, record(1, **later))
        assert value(path, "smith2018", "month") == "jan"
    assert not outcome.written


@pytest.mark.parametrize(("dialect", "name"), [("bibtex", "date"), ("biblatex", "year")])
def test_a_date_in_the_other_notation_of_an_entry_that_inherits_is_kept_up(
    path: Path, dialect: Dialect, name: str
) -> None:
    written(
        path,
        f"@misc{{x, crossref={{c}}, title={{A Study of Things}}, {name}={{1999}}, eprint={{2606.00001}}}}\n",
    )
    run(path, record(1), dialect=dialect)
    run(path, appeared(1, version=2), dialect=dialect, decisions=Decisions(theirs=True))
    assert value(path, "x", name) == "2027"
    _, outcome, _ = run(path, appeared(1, version=2), dialect=dialect)
    assert (value(path, "x", name), outcome.written) == ("2027", False)


def test_a_number_that_a_person_put_for_arxivs_is_told_until_they_decide(path: Path) -> None:
    written(path, OURS.replace("year={2026}", "year={2026}, number={arXiv:2606.00001}"))
    run(path, record(1))
    edit(path, ("{arXiv:2606.00001}", "{5}"))
    plan, _, _ = run(path, record(1))
    assert not plan.conflicts
    for _ in range(2):
        plan, _, _ = run(path, appeared(1, version=2))
        assert [(conflict.field, conflict.yours) for conflict in plan.conflicts] == [("number", "5")]
    run(path, appeared(1, version=2), decisions=Decisions(keep=frozenset({"smith2018:number"})))
    plan, _, _ = run(path, appeared(1, version=2))
    assert (plan.conflicts, value(path, "smith2018", "number")) == ([], "5")


def test_a_month_that_a_person_changed_stays_whatever_the_type_becomes(path: Path) -> None:
    written(path, OURS.replace("year={2026}", "year={2026}, month=jun"))
    run(path, record(1))
    edit(path, ("year={2026}, month=jun", "month=jan"))
    run(path, appeared(1, version=2))
    edit(path, ("month=jan", "month=jan, date={1999}"))
    plan, _, _ = run(path, record(1, version=3))
    assert [conflict.field for conflict in plan.conflicts] == ["type"]
    assert value(path, "smith2018", "month") == "jan"


SEPTEMBER = {"version": 2, "updated": "2027-03-10T00:00:00Z"}
IN_2028 = Stated("conferencePaper", Venue("published", "NSDI", "Networked Systems", "conference", 2028))


def test_a_month_that_a_person_adds_to_a_preprint_is_theirs(path: Path) -> None:
    written(path, OURS)
    run(path, record(1))
    edit(path, ("year={2026}", "year={2026}, month=sep"))
    run(path, record(1, **SEPTEMBER))
    run(path, record(1, stated=IN_2028, **SEPTEMBER))
    assert value(path, "smith2018", "month") == "sep"


@pytest.mark.parametrize(
    ("dialect", "dated", "name"),
    [
        ("bibtex", "year={2026}, month={aug}", "month"),
        ("bibtex", "year={2026}, month={spring}", "month"),
        ("bibtex", "year={2026}, month=jan", "month"),
        ("bibtex", "year={2026/2027}", "year"),
        ("bibtex", "year={in press, 2027}", "year"),
        ("bibtex", "year={2025}", "year"),
        ("biblatex", "date={2027-03-11}", "date"),
        ("biblatex", "date={2026~}", "date"),
        ("biblatex", "date={2027-03-10/2027-03-12}", "date"),
    ],
)
def test_a_date_of_no_version_is_a_persons(path: Path, dialect: Dialect, dated: str, name: str) -> None:
    written(path, OURS.replace("year={2026}", dated))
    run(path, record(1, **SEPTEMBER), dialect=dialect)
    stands = value(path, "smith2018", name)
    run(path, record(1, stated=IN_2028, **SEPTEMBER), dialect=dialect)
    assert value(path, "smith2018", name) == stands


def test_a_later_year_is_not_set_back_by_an_acceptance_without_one(path: Path) -> None:
    written(path, OURS.replace("year={2026}", "year={2027}"))
    run(path, record(1, **SEPTEMBER))
    to_come = Stated("journalArticle", Venue("accepted", "TIT", "Information Theory", "journal"))
    for _ in range(2):
        plan, outcome, _ = run(path, record(1, stated=to_come, **SEPTEMBER))
        assert value(path, "smith2018", "year") == "2027"
        assert not plan.conflicts
    assert not outcome.written
    run(path, record(1, stated=IN_2028, **SEPTEMBER))
    assert value(path, "smith2018", "year") == "2028"


@pytest.mark.parametrize("before", [False, True])
def test_who_takes_the_year_of_a_preprint_by_name_gets_it(path: Path, before: bool) -> None:
    written(path, OURS.replace("year={2026}", "year={2027}"))
    if before:
        run(path, record(1, **SEPTEMBER))
    run(path, record(1, **SEPTEMBER), decisions=Decisions(accept=frozenset({"smith2018:year"})))
    assert value(path, "smith2018", "year") == "2026"


def test_a_preprints_month_is_filled_in_beside_its_own_year(path: Path) -> None:
    written(path, OURS)
    run(path, record(1))
    assert value(path, "smith2018", "month") == "jun"


def test_of_a_journals_section_only_one_thing_can_be_decided_on_at_a_time(path: Path) -> None:
    written(
        path,
        "@article{x, title={A Study of Things}, author={Müller, Jane and de Lara, Bob},"
        " journal={Nucl. Phys.}, volume={A956}, year={2026}, eprint={2606.00001}}\n",
    )
    nuclear = Venue("published", "Nucl. Phys. A", "Nuclear Physics A", "journal", 2026)
    news = record(1, stated=Stated("journalArticle", nuclear, PublishedIn("956")))
    plan, _, _ = run(path, news)
    assert {conflict.field for conflict in plan.conflicts} == {"journal", "volume"}
    run(path, news, decisions=Decisions(accept=frozenset({"x:journal"})))
    assert [value(path, "x", name) for name in ("journal", "volume")] == ["Nuclear Physics A", "956"]


def test_proceedings_in_an_articles_journal_hide_no_news(path: Path) -> None:
    written(
        path,
        "@article{x, title={A Study of Things}, author={Müller, Jane and de Lara, Bob},"
        " journal={Networked Systems}, year={2027}, eprint={2606.00001}}\n",
    )
    plan, _, _ = run(path, appeared(1))
    assert "type" in {conflict.field for conflict in plan.conflicts}
    _, outcome, _ = run(path, appeared(1))
    assert (outcome.written, outcome.lock_written) == (False, False)


@pytest.mark.parametrize(
    ("dialect", "name", "other"), [("biblatex", "journal", "date"), ("bibtex", "journaltitle", "year")]
)
def test_news_of_a_journal_under_its_other_name_waits_like_any_other(
    path: Path, dialect: Dialect, name: str, other: str
) -> None:
    text = (
        "@article{lee, title={A Study of Things}, author={Müller, Jane and de Lara, Bob},"
        f" {name}={{Nature}}, {other}={{2026}}, eprint={{2606.00001}}}}\n"
    )

    def at(journal: str, volume: str, version: int) -> Record:
        venue = Venue("published", journal, journal, "journal", 2026)
        return record(1, stated=Stated("journalArticle", venue, PublishedIn(volume)), version=version)

    written(path, text)
    run(path, at("Nature", "585", 2), dialect=dialect)
    for stands in ("Nature", "Nature of mine"):
        plan, _, _ = run(path, at("Science", "21", 3), dialect=dialect)
        assert [conflict.yours for conflict in plan.conflicts] == [stands]
        assert [value(path, "lee", one) for one in (name, "volume")] == [stands, "585"]
        if stands == "Nature":
            edit(path, ("{Nature}", "{Nature of mine}"))
    run(path, at("Science", "21", 3), dialect=dialect, decisions=Decisions(theirs=True))
    told = [value(path, "lee", one) for one in ("journal", "journaltitle")]
    assert sorted(told, key=str) == [None, "Science"]
    assert [value(path, "lee", one) for one in (name, "volume")] == ["Science", "21"]
    _, outcome, _ = run(path, at("Science", "21", 3), dialect=dialect)
    assert not outcome.written


@pytest.mark.parametrize("kind", ["book", "proceedings"])
def test_who_edited_a_book_is_not_made_its_author(path: Path, kind: str) -> None:
    fields = "title={A Study of Things}, editor={Müller, Jane and de Lara, Bob}, publisher={Springer}"
    written(path, f"@{kind}{{x, {fields}, year={{2026}}, eprint={{2606.00001}}}}\n")
    run(path, record(1))
    assert value(path, "x", "author") is None
    run(path, appeared(1), decisions=Decisions(accept=frozenset({"x:type"})))
    assert value(path, "x", "author") is not None
    _, outcome, _ = run(path, appeared(1))
    assert (outcome.written, outcome.lock_written) == (False, False)


def test_that_a_paper_is_withdrawn_goes_with_the_withdrawal(path: Path) -> None:
    fields = "title={A Study of Things}, author={Müller, Jane and de Lara, Bob}, journal={Nature}, volume={7}"
    written(path, f"@article{{lee, {fields}, year={{2026}}, eprint={{2606.00001}}}}\n")
    run(path, record(1))
    run(path, record(1, version=2, stated=Stated("preprint", Venue("withdrawn"))))
    assert "WITHDRAWN" in (value(path, "lee", "note") or "")
    run(path, record(1, version=3))
    assert value(path, "lee", "note") is None
    _, outcome, _ = run(path, record(1, version=3))
    assert not outcome.written


def test_a_withdrawal_that_an_entry_told_before_stays_while_its_type_waits(path: Path) -> None:
    run(path, record(1, stated=Stated("preprint", Venue("withdrawn"))))
    (path.parent / "bibbridge.lock").unlink()
    run(path, record(1, stated=Stated("preprint", Venue("withdrawn"))))
    news = Stated("conferencePaper", Venue("accepted", "NSDI", None, "conference", 2027))
    (path.parent / "bibbridge.lock").unlink()
    for _ in range(2):
        plan, outcome, _ = run(path, record(1, version=2, stated=news))
        assert "type" in {conflict.field for conflict in plan.conflicts}
    assert not outcome.written


def test_a_month_alone_is_no_date(path: Path) -> None:
    written(path, OURS.replace("year={2026}", "year={2026}, month=jun"))
    run(path, record(1))
    edit(path, ("year={2026}", "date={1999}"))
    told = [{conflict.field for conflict in run(path, appeared(1, version=2))[0].conflicts} for _ in range(2)]
    assert told == [{"date"}, {"date"}]


@pytest.mark.parametrize("year", ["2025", "2029"])
def test_a_year_of_no_version_is_a_persons(path: Path, year: str) -> None:
    written(path, OURS.replace("2026}, ", f"{year}}}, "))
    run(path, record(1))
    plan, _, _ = run(path, appeared(1, version=2))
    assert "year" in {conflict.field for conflict in plan.conflicts}
    assert value(path, "smith2018", "year") == year


def test_what_zotero_says_of_a_preprint_is_nothing_to_decide_on_by_itself(path: Path) -> None:
    written(
        path,
        "@misc{zot, title = {A Study of Things}, author = {Müller, Jane 0001 and de Lara, Bob 0002},"
        " publisher = {arXiv}, year = {2026}, month = {apr}, eprint = {2606.00001}}\n",
    )
    venue = Venue("published", "ICLR", "Learning Representations", "conference", 2027)
    news = record(1, stated=Stated("conferencePaper", venue, PublishedIn(publisher="OpenReview.net")))
    plan, _, _ = run(path, news)
    assert [conflict.field for conflict in plan.conflicts] == ["type", "year"]
    run(path, news, decisions=Decisions(accept=frozenset({"zot:type"})))
    told = [value(path, "zot", name) for name in ("publisher", "year", "month", "author")]
    assert told == ["OpenReview.net", "2027", None, "Müller, Jane 0001 and de Lara, Bob 0002"]


def test_what_a_person_wrote_into_such_a_field_stays(path: Path) -> None:
    fields = "title={A Study of Things}, eprint={2606.00001}, publisher={My Press}, pubstate={submitted}"
    written(path, f"@misc{{smith, {fields}, year=2026}}\n")
    run(path, record(1))
    run(path, appeared(1, version=2, updated="2026-07-01T00:00:00Z"))
    assert value(path, "smith", "publisher") == "My Press"
    assert value(path, "smith", "pubstate") == "submitted"


def test_a_container_that_a_person_reworded_is_not_left_where_nothing_prints_it(
    path: Path,
) -> None:
    run(path, appeared(1))
    edit(path, ("{Networked Systems}", "{Proc. NSDI}"))
    before = path.read_bytes()
    plan, _, target = run(path, record(1, version=2, updated="2026-07-01T00:00:00Z"))
    assert [(conflict.field, conflict.theirs) for conflict in plan.conflicts] == [("type", "misc")]
    assert not [problem for problem in target.problems if problem.code == "no-venue"]
    kept = path.read_bytes()
    assert b"Proc. NSDI" in kept
    assert kept.startswith(before[:14])


def test_a_venue_that_arxiv_no_longer_tells_goes_but_not_in_silence(path: Path) -> None:
    run(path, appeared(1))
    plan, _, target = run(path, record(1, version=2, updated="2026-07-01T00:00:00Z"))
    assert path.read_text(encoding="utf-8").startswith("@misc{")
    (told,) = [problem for problem in target.problems if problem.code == "no-venue"]
    assert told.place.line == 1
    assert "2606.00001" in told.detail
    assert not plan.conflicts
    _, _, target = run(path, record(1, version=2, updated="2026-07-01T00:00:00Z"))
    assert not [problem for problem in target.problems if problem.code == "no-venue"]


def test_a_venue_goes_with_a_withdrawal_and_that_is_what_is_said(path: Path) -> None:
    run(path, appeared(1))
    _, _, target = run(path, record(1, version=2, stated=Stated("preprint", Venue("withdrawn"))))
    (told,) = [problem for problem in target.problems if problem.code == "no-venue"]
    assert "2606.00001 is WITHDRAWN, so it is written as a preprint again" in told.detail


def test_a_person_who_wants_no_venue_is_not_told_that_arxiv_has_none(path: Path) -> None:
    run(path, appeared(1))
    _, _, target = run(path, appeared(1), venue_policy="note")
    assert path.read_text(encoding="utf-8").startswith("@misc{")
    assert not [problem for problem in target.problems if problem.code == "no-venue"]


@pytest.mark.parametrize(
    "imported",
    [
        "@inproceedings{k, title={A Study of Things}, booktitle={Workshop on Mine}",
        "@misc{k, title={A Study of Things}, booktitle={Workshop on Mine}",
    ],
)
def test_a_preprint_with_a_book_of_the_persons_takes_no_journal_beside_it(path: Path, imported: str) -> None:
    written(path, f"{imported}, author={{Müller, Jane and de Lara, Bob}}, eprint={{2606.00001}}}}\n")
    run(path, record(1))
    written(path, path.read_text(encoding="utf-8").replace(imported.partition("{")[0], "@misc"))
    run(path, record(1))
    printed = record(
        1,
        stated=Stated("journalArticle", Venue("published", "PRD", "Physical Review D", "journal", 2027)),
        doi="10.1103/1.2",
    )
    plan, _, _ = run(path, printed)
    assert [conflict.field for conflict in plan.conflicts] == ["type"]
    assert value(path, "k", "booktitle") == "Workshop on Mine"
    assert value(path, "k", "journal") is None
    assert not run(path, printed)[1].written
    run(path, printed, decisions=Decisions(accept=frozenset(("k:type",))))
    assert value(path, "k", "journal") == "Physical Review D"
    assert value(path, "k", "booktitle") is None


@pytest.mark.parametrize("book", ['icml # " 2027"', "{NSDI of Mine}"])
def test_a_book_that_stays_when_the_type_is_accepted_is_told_until_it_is_decided(
    path: Path, book: str
) -> None:
    stays, goes = Decisions(keep=frozenset(("k:booktitle",))), Decisions(accept=frozenset(("k:booktitle",)))
    for decided, left in ((stays, True), (goes, False)):
        path.with_name("bibbridge.lock").unlink(missing_ok=True)
        imported = (
            '@string{icml = "Networked Systems"}\n'
            "@inproceedings{k, title={A Study of Things}, author={Müller, Jane and de Lara, Bob},"
            ' booktitle=icml # "", year=2027, eprint={2606.00001}}\n'
        )
        written(path, imported)
        run(path, appeared(1))
        edit(path, ('icml # ""', book))
        run(path, record(1, version=2), decisions=Decisions(accept=frozenset(("k:type",))))
        for _ in range(2):
            plan, outcome, _ = run(path, record(1, version=2))
            assert [(told.field, told.theirs, told.base_date) for told in plan.conflicts] == [
                ("booktitle", "", None)
            ]
            assert not outcome.written
        run(path, record(1, version=2), decisions=decided)
        assert not run(path, record(1, version=2))[0].conflicts
        assert (value(path, "k", "booktitle") is not None) == left


def test_a_submission_tells_no_date_of_a_venue(path: Path) -> None:
    written(
        path,
        "@misc{k, title={A Study of Things}, author={Müller, Jane and de Lara, Bob}, year=2027, month=feb,"
        " eprint={2606.00001}}\n",
    )
    waiting = record(
        1, version=2, stated=None, comment="Submitted to ICML 2028", updated="2027-03-20T00:00:00Z"
    )
    assert not run(path, waiting)[0].conflicts


def test_that_a_paper_is_to_appear_stays_while_its_type_waits(path: Path) -> None:
    plan, _, _ = run(path, record(1, stated=None, comment="Accepted at ICML 2026"))
    key = plan.actions[0].key
    edit(path, ("@inproceedings", "@misc"))
    printed = record(1, version=2, stated=None, comment="Accepted for publication in Physical Review D")
    plan, _, _ = run(path, printed)
    assert [conflict.field for conflict in plan.conflicts] == ["type"]
    assert value(path, key, "note") == "To appear"


def test_an_entry_without_its_authors_gets_them(path: Path) -> None:
    written(path, "@misc{k, title={A Study of Things}, year=2026, eprint={2606.00001}}\n")
    run(path, record(1))
    assert value(path, "k", "author") == 'M{\\"u}ller, Jane and de Lara, Bob'


def test_what_an_entry_inherits_is_not_filled_in(path: Path) -> None:
    written(
        path,
        "@inproceedings{k, title={A Study of Things}, crossref={all}, eprint={2606.00001}}\n"
        "@proceedings{all, title={All of Them}, booktitle={All of Them}, year=2027}\n",
    )
    assert not run(path, appeared(1))[0].conflicts
    for name in ("booktitle", "year", "month"):
        assert value(path, "k", name) is None
    assert value(path, "k", "doi") == "10.1145/1.2"


def test_the_note_of_a_pinned_preprint_goes_when_that_version_has_appeared(path: Path) -> None:
    plan, _, _ = run(path, record(1, pinned=True))
    key = plan.actions[0].key
    assert "2606.00001v1" in (value(path, key, "note") or "")
    run(path, appeared(1, pinned=True))
    assert value(path, key, "note") is None
    assert path.read_text(encoding="utf-8").startswith("@inproceedings")


@pytest.mark.parametrize(("dialect", "name"), [("biblatex", "journal"), ("bibtex", "journaltitle")])
@pytest.mark.parametrize("edited", [False, True])
def test_a_journal_under_its_other_name_goes_with_its_place(
    path: Path, dialect: Dialect, name: str, edited: bool
) -> None:
    in_journal = record(
        1, stated=Stated("journalArticle", Venue("published", "PRD", "Physical Review D", "journal", 2027))
    )
    written(
        path, f"@article{{k, title={{A Study of Things}}, {name}={{Phys. Rev.}}, eprint={{2606.00001}}}}\n"
    )
    run(path, in_journal, dialect=dialect, decisions=Decisions(theirs=True))
    assert value(path, "k", name) == "Physical Review D"
    if edited:
        edit(path, ("@article", "@inproceedings"))
    run(path, appeared(1), dialect=dialect)
    assert value(path, "k", "booktitle") == "Networked Systems"
    assert value(path, "k", name) is None
    assert path.read_text(encoding="utf-8").startswith("@inproceedings")


@pytest.mark.parametrize("edited", [False, True])
def test_a_volume_that_the_record_tells_no_longer_is_told_where_it_was_edited(
    path: Path, edited: bool
) -> None:
    written(
        path,
        "@article{k, title={A Study of Things}, journal={Physical Review D}, volume={9}, year={2027},"
        " eprint={2606.00001}}\n",
    )
    venue = Venue("published", "PRD", "Physical Review D", "journal", 2027)
    told = PublishedIn(volume="9")
    for place in (told, told._replace(volume=None)):
        if edited and place.volume is None:
            edit(path, ("volume={9}", "volume={10}"))
        plan, _, _ = run(path, record(1, stated=Stated("journalArticle", venue, place)))
    assert [conflict.field for conflict in plan.conflicts] == (["volume"] if edited else [])
    assert value(path, "k", "volume") == ("10" if edited else "9")


def test_a_note_on_a_withdrawal_that_a_person_edited_stays(path: Path) -> None:
    plan, _, _ = run(path, record(1, stated=Stated("preprint", Venue("withdrawn"))))
    key = plan.actions[0].key
    own = "{WITHDRAWN} by its authors, who told me why"
    path.write_text(
        re.sub(r"note = \{.*\}", lambda _: f"note = {{{own}}}", path.read_text(encoding="utf-8")).replace(
            "@misc", "@techreport"
        ),
        encoding="utf-8",
    )
    plan, _, _ = run(path, record(1, version=2))
    assert [conflict.field for conflict in plan.conflicts] == ["note"]
    assert value(path, key, "note") == own


def test_the_key_of_a_deleted_entry_is_no_other_papers(path: Path) -> None:
    plan, _, _ = run(path, record(1))
    written(path, OTHER)
    plan, _, _ = run(path, record(1), record(2))
    deleted, added = plan.actions
    assert (deleted.kind, added.kind) == ("skip", "add")
    assert added.key == deleted.key + "a"


def test_a_field_that_is_named_stays_when_the_rest_of_a_place_is_taken(path: Path) -> None:
    written(
        path,
        "@article{k, title={A Study of Things}, journal={Letters of Mine}, volume={7}, year={2026},"
        " eprint={2606.00001}}\n",
    )
    told = Stated(
        "journalArticle",
        Venue("published", "PRD", "Physical Review D", "journal", 2027),
        PublishedIn(volume="9"),
    )
    decided = Decisions(accept=frozenset(("k:journal",)), keep=frozenset(("k:volume",)))
    run(path, record(1, stated=told), decisions=decided)
    assert (value(path, "k", "journal"), value(path, "k", "year")) == ("Physical Review D", "2027")
    assert value(path, "k", "volume") == "7"


def test_what_says_that_a_paper_is_a_preprint_goes_with_the_type_that_is_accepted(path: Path) -> None:
    written(
        path,
        "@article{k, title={A Study of Things}, journal={CoRR}, pubstate={prepublished},"
        " eprint={2606.00001}}\n",
    )
    run(path, appeared(1), decisions=Decisions(accept=frozenset(("k:type",))))
    assert path.read_text(encoding="utf-8").startswith("@inproceedings")
    for name in ("journal", "pubstate"):
        assert value(path, "k", name) is None


def test_an_entry_that_lost_its_ids_is_known_by_what_bibbridge_wrote(path: Path) -> None:
    plan, _, _ = run(path, record(1))
    key = plan.actions[0].key
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    written(path, "".join(line for line in lines if "2606.00001" not in line))
    plan, _, _ = run(path, record(1, "Another Study", version=2, credits=(Author("Ann", "Lee"),)))
    assert [(action.kind, action.key) for action in plan.actions] == [("update", key)]
    assert value(path, key, "title") == "Another Study"
