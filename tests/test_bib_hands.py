"""What a person does to a .bib by hand between two runs, and what news must not break or lose there."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from bibhelp import appeared, edit, record, run, value

from bridge.bibtex.blocks import Broken
from bridge.bibtex.document import Document
from bridge.bibtex.layout import delimited
from bridge.decisions import Decisions
from bridge.record import Author, PublishedIn, Stated, Venue

JOURNAL = Stated(
    "journalArticle",
    Venue("published", "Journal of Foo", "Journal of Foo", "journal", 2027),
    PublishedIn("25", None, "1-30"),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "refs.bib"


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("remark", [" % first submission", ""])
def test_a_field_goes_with_the_comma_before_it_where_commas_lead(path: Path, remark: str) -> None:
    run(path, record(1))
    key = Document(read(path)).entries[0].key
    path.write_text(
        f"@misc{{{key}\n  , title = {{A Study of Things}}\n"
        '  , author = {M{\\"u}ller, Jane and de Lara, Bob}\n'
        f"  , year = {{2026}} % checked\n  , month = jun{remark}\n  , eprint = {{2606.00001}}\n}}\n",
        encoding="utf-8",
    )
    run(path, appeared(1))
    text = read(path)
    assert "month" not in text
    assert "% checked" in text
    assert remark in text
    (entry,) = Document(text).entries
    between = [text[one.end : other.name_start] for one, other in pairwise(entry.fields)]
    assert all(gap.count(",") == 1 for gap in between)


@pytest.mark.parametrize(
    "title",
    [
        r"A Study \\ of Things",
        r"A Study of Things\thanks{for all}",
        r"\href{https://x.org}{A Study} of Things",
    ],
)
def test_what_only_changes_the_print_of_a_title_is_no_news_to_lose(path: Path, title: str) -> None:
    run(path, record(1))
    edit(path, ("A Study of Things", title))
    plan, _, _ = run(path, record(1, "A Better Study of Things", version=2))
    assert title in read(path)
    assert [conflict.field for conflict in plan.conflicts] == ["title"]
    assert run(path, record(1, "A Better Study of Things", version=2))[0].conflicts == plan.conflicts
    run(path, record(1, "A Better Study of Things", version=2), decisions=Decisions(theirs=True))
    assert "A Better Study of Things" in read(path)


def test_quotes_stay_where_braces_guard_the_quotes_inside() -> None:
    assert delimited('M{\\"u}ller', '"') == '"M{\\"u}ller"'
    assert delimited('a "b" c', '"') == '{a "b" c}'


OPEN = "@misc{open,\n  author = {Ann Lee},\n  title = {Deep Things}\n"


@pytest.mark.parametrize("end", ["", "  eprint = {2401.00009},\n"])
def test_nothing_new_goes_behind_an_entry_that_never_closes(path: Path, end: str) -> None:
    unclosed = OPEN.removesuffix("\n") + (",\n" + end if end else "\n")
    path.write_text("@misc{a, title={A}}\n" + unclosed, encoding="utf-8")
    run(path, record(1))
    text = read(path)
    assert text.index("2606.00001") < text.index("@misc{open")
    assert text.endswith(unclosed)


SORTED = "@misc{b1, title={B}}\n@misc{c1, title={C}}\n@misc{d1, title={D}}\n"


@pytest.mark.parametrize(
    ("above", "between"),
    [
        ("% My references\n\n% the one to read first\n", "% the one to read first\n@misc{b1"),
        ("% My references\n", None),
        ("  ", "\n  @misc{b1"),
    ],
)
def test_a_new_first_entry_parts_no_entry_from_its_remark(
    path: Path, above: str, between: str | None
) -> None:
    path.write_text(above + SORTED, encoding="utf-8")
    run(path, record(1, credits=(Author("Ann", "Aaa"),)))
    text = read(path)
    assert text.index("2606.00001") < text.index("@misc{b1")
    if between is None:
        assert text.startswith(above)  # what begins the file may be about all of it
    else:
        assert between in text


def test_the_id_behind_a_brace_too_many_is_seen(path: Path) -> None:
    path.write_text("@misc{k,\n  note = {a \\} b},\n  eprint = {2606.00001}\n}\n", encoding="utf-8")
    plan, _, _ = run(path, record(1))
    assert [action.kind for action in plan.actions] == ["skip"]


@pytest.mark.parametrize("newline", ["\r", "\n"])
def test_a_broken_entry_ends_at_the_next_one_in_old_files_too(newline: str) -> None:
    text = newline.join(
        ["@misc{one, title = {a", "@misc", "{two, title = {b}}", "@misc{three, title = {c}}", ""]
    )
    document = Document(text)
    assert [block.key for block in document.blocks if isinstance(block, Broken)] == ["one"]
    assert [entry.key for entry in document.entries] == ["two", "three"]


def test_a_git_conflict_in_the_lock_is_settled_by_the_next_run(path: Path) -> None:
    run(path, record(1), record(2, "Other Things"))
    lock = path.with_name("bibbridge.lock")
    first, *lines = read(lock).splitlines(keepends=True)
    lock.write_text(
        "".join([first, "<<<<<<< HEAD\n", lines[0], "=======\n", lines[1], ">>>>>>> other\n"]),
        encoding="utf-8",
    )
    _, outcome, target = run(path, record(1), record(2, "Other Things"))
    assert not outcome.written
    assert [problem.code for problem in target.problems] == ["lock-conflict"] * 3
    assert read(lock).splitlines(keepends=True) == [first, *lines]


CROSSREF = (
    '@inproceedings{x,\n  author = {M{\\"u}ller, Jane and de Lara, Bob},\n  title = {A Study of Things},\n'
    "  eprint = {2606.00001},\n  crossref = {parent},\n}\n"
    "@proceedings{parent, title = {Proceedings of Foo}, booktitle = {Proceedings of Foo}, year = 2026}\n"
)


def test_the_type_of_an_entry_that_inherits_its_place_waits_for_a_decision(path: Path) -> None:
    path.write_text(CROSSREF, encoding="utf-8")
    run(path, appeared(1))
    plan, _, _ = run(path, record(1, version=2, stated=JOURNAL, doi="10.1145/1.2"))
    assert [conflict.field for conflict in plan.conflicts] == ["type"]
    assert "@inproceedings{x" in read(path)
    accept = Decisions(accept=frozenset(("x:type",)))
    run(path, record(1, version=2, stated=JOURNAL, doi="10.1145/1.2"), decisions=accept)
    assert "@article{x" in read(path)
    assert value(path, "x", "journal") == "Journal of Foo"
    assert value(path, "x", "volume") == "25"


def test_a_reference_moves_whole_under_a_type_of_the_persons(path: Path) -> None:
    venue = Venue("accepted", "NSDI", "Networked Systems", "conference", 2027)
    run(path, record(1, stated=Stated("conferencePaper", venue)))
    edit(path, ("@inproceedings", "@techreport"))
    key = Document(read(path)).entries[0].key
    other = Venue("published", "OSDI", "Operating Systems", "conference", 2028)
    news = Stated("conferencePaper", other, PublishedIn("235", None, "100-120"))
    plan, _, _ = run(path, record(1, version=2, stated=news))
    assert not plan.conflicts
    assert "@techreport" in read(path)
    assert value(path, key, "booktitle") == "Operating Systems"
    assert value(path, key, "pages") == "100--120"
    assert "To appear" not in read(path)


def test_a_note_with_the_id_that_a_person_wrote_stays(path: Path) -> None:
    note = "arXiv:2606.00001 [cs.LG]"
    path.write_text(
        '@misc{x,\n  title = {A Study of Things},\n  author = {M{\\"u}ller, Jane and de Lara, Bob},\n'
        f"  year = {{2026}},\n  note = {{{note}}},\n}}\n",
        encoding="utf-8",
    )
    run(path, record(1))
    run(path, record(1, version=2, stated=JOURNAL))
    assert value(path, "x", "journal") == "Journal of Foo"
    assert value(path, "x", "note") == note


def test_an_old_id_in_arxivs_own_doi_is_seen(path: Path) -> None:
    path.write_text(
        '@article{k, title={A Study of Things}, author={Jane M{\\"u}ller and Bob de Lara},'
        " doi={10.48550/arXiv.math/0309136}}\n",
        encoding="utf-8",
    )
    plan, _, _ = run(path, record(1, arxiv_id="math/0309136"))
    assert [action.key for action in plan.actions] == ["k"]


def test_a_version_that_a_person_put_into_our_note_is_not_overwritten(path: Path) -> None:
    run(path, record(1))
    note = value(path, Document(read(path)).entries[0].key, "note")
    assert note is not None
    edit(path, (note, note.replace("2606.00001", "2606.00001v1")))
    venue = Venue("accepted", "NSDI", "Networked Systems", "conference", 2027)
    plan, _, _ = run(path, record(1, stated=Stated("conferencePaper", venue)))
    assert "2606.00001v1" in read(path)
    assert [conflict.field for conflict in plan.conflicts] == ["note"]


def test_an_entry_that_was_commented_out_is_named_by_its_key(path: Path) -> None:
    run(path, record(1))
    text = read(path)
    key = Document(text).entries[0].key
    path.write_text("@comment{" + text.rstrip() + "}\n", encoding="utf-8")
    plan, _, _ = run(path, record(1))
    assert [(action.kind, action.key) for action in plan.actions] == [("skip", key)]


def test_a_second_entry_under_the_same_key_is_told(path: Path) -> None:
    run(path, record(1))
    path.write_text(read(path) * 2, encoding="utf-8")
    _, _, target = run(path, record(1))
    assert "same-paper" in [problem.code for problem in target.problems]


@pytest.mark.parametrize(
    ("mine", "then"),
    [
        ("{{mine, cs.LG}}", "{{mine, math.PR}}"),
        ("{{mine, cs.LG}, x}", "{{mine, cs.LG}, x, math.PR}"),
        ("{{{mine; cs.LG}}}", "{{{mine; math.PR}}}"),
        (r"{\textit{a, cs.LG}}", r"{\textit{a, cs.LG}, math.PR}"),
        ('"{mine, cs.LG}"', '"{mine, math.PR}"'),
        ("{{a, {cs.LG, b}}, c}", "{{a, {cs.LG, b}}, c, math.PR}"),
        ("{mine, cs.LG, }", "{mine, math.PR, }"),
        ("{{ cs.LG }}", "{{ math.PR }}"),
        ("{{}}", "{{math.PR}}"),
    ],
)
def test_braces_in_keywords_stay_balanced(path: Path, mine: str, then: str) -> None:
    run(path, record(1, categories=("cs.LG",)), extra_fields=("keywords",))
    edit(path, ("{cs.LG}", mine))
    run(path, record(1, categories=("math.PR",)), extra_fields=("keywords",))
    assert then in read(path)
    assert not any(isinstance(block, Broken) for block in Document(read(path)).blocks)


def test_a_comma_too_many_is_no_habit(path: Path) -> None:
    path.write_text("@misc{x,\n  title = {T},\n  year = {2020},,\n}\n", encoding="utf-8")
    run(path, record(1))
    assert read(path).count(",,") == 1
