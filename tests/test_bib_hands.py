"""What a person does to a .bib by hand between two runs, and what news must not break or lose there."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from bibhelp import appeared, edit, record, run, value

from bridge import lockfile
from bridge.bibtex.blocks import Broken
from bridge.bibtex.document import Document
from bridge.bibtex.layout import delimited
from bridge.config import Dialect
from bridge.decisions import Decisions
from bridge.errors import InputError, Place
from bridge.record import Author, PublishedIn, Record, Stated, Venue

KEY = "mullerStudyThings2026"
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


CONFLICT = "<<<<<<< HEAD\n{}=======\n{}>>>>>>> other\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("@misc{a,\n title = {Q}\n}\n" + CONFLICT.format("@misc{b, title={R}}\n", ""), 4),
        ("@misc{a,\n" + CONFLICT.format(" title = {Q},\n", " title = {R},\n") + "}\n", 2),
        ("@misc{a,\r\n" + CONFLICT.format("x\n", "y\n").replace("\n", "\r\n") + "}\r\n", 2),
        ("@misc{a,\r" + CONFLICT.format("x\n", "y\n").replace("\n", "\r") + "}\r", 2),
        (CONFLICT.format("x\n||||||| base\nz\n", "y\n").rstrip("\n"), 1),
        ("<<<<<<<\n=======\n>>>>>>>\n", 1),
        ("=======\n" + CONFLICT.format("x\n", "% a rule\n=======\n"), 2),
    ],
)
def test_a_git_conflict_in_the_file_is_for_a_person_to_settle(path: Path, text: str, line: int) -> None:
    path.write_bytes(text.encode())
    with pytest.raises(InputError) as caught:
        run(path, record(1))
    assert caught.value.place == Place(str(path), line)
    assert "git conflict" in caught.value.reason
    assert "settle the merge" in (caught.value.advice or "")
    assert path.read_bytes() == text.encode()
    assert not (path.parent / lockfile.NAME).exists()


@pytest.mark.parametrize(
    "text",
    [
        "% =======\n=======\n",
        "=======\n>>>>>>> x\n<<<<<<< y\n",
        " <<<<<<< HEAD\n=======\n>>>>>>> other\n",
        "<<<<<<<< HEAD\n========\n>>>>>>>> other\n",
        "<<<<<<< HEAD\n======== \n>>>>>>> other\n",
        "<<<<<<< HEAD\n=======\n",
    ],
)
def test_what_only_looks_like_a_conflict_is_text(path: Path, text: str) -> None:
    path.write_text(text)
    run(path, record(1))
    assert path.read_text(encoding="utf-8").startswith(text)
    assert "2606.00001" in path.read_text(encoding="utf-8")


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


def accepted(number: int, **rest: object) -> Record:
    venue = Venue("accepted", "IEEE T-IT", "IEEE Transactions on Information Theory", "journal", 2026)
    return record(number, stated=Stated("journalArticle", venue), **rest)


IN_PRINT = PublishedIn("70", "3", "1-20")


def printed(number: int, place: PublishedIn = IN_PRINT, **rest: object) -> Record:
    venue = Venue("published", "IEEE T-IT", "IEEE Transactions on Information Theory", "journal", 2027)
    stated = Stated("journalArticle", venue, place)
    return record(number, stated=stated, version=2, doi="10.1109/TIT.2027.1", **rest)


@pytest.mark.parametrize(
    ("journal", "head"),
    [
        ("{IEEE Trans. Inf. Theory}", ""),
        ("{TIT}", ""),
        ("tit", '@string{tit = "IEEE Trans. Inform. Theory"}\n'),
    ],
)
def test_a_journal_that_a_person_abbreviated_takes_the_news_that_goes_with_it(
    path: Path, journal: str, head: str
) -> None:
    run(path, accepted(1))
    path.write_text(
        head + read(path).replace("{IEEE Transactions on Information Theory}", journal), encoding="utf-8"
    )
    plan, _, _ = run(path, printed(1))
    assert not plan.conflicts
    told = [value(path, KEY, name) for name in ("volume", "number", "pages", "year", "doi", "note")]
    assert told == ["70", "3", "1--20", "2027", "10.1109/TIT.2027.1", None]
    assert f"journal = {journal}" in read(path)
    _, outcome, _ = run(path, printed(1))
    assert not outcome.written


PRINTED = ["IEEE Transactions on Information Theory", "70", "3", "1--20", "2027", "10.1109/TIT.2027.1", None]


def told_of_print(path: Path) -> list[str | None]:
    names = ("journal", "volume", "number", "pages", "year", "doi", "note")
    return [value(path, KEY, name) for name in names]


def test_another_journal_of_the_persons_is_a_conflict_once_there_is_news_of_arxivs(path: Path) -> None:
    run(path, accepted(1))
    edit(path, ("{IEEE Transactions on Information Theory}", "{Nature}"))
    plan, _, _ = run(path, accepted(1))
    assert not plan.conflicts
    before = read(path)
    plan, outcome, _ = run(path, printed(1))
    assert [(conflict.field, conflict.yours) for conflict in plan.conflicts] == [("journal", "Nature")]
    assert not outcome.written  # nor the DOI of the other journal
    keep = Decisions(keep=frozenset({f"{KEY}:journal"}))
    plan, _, _ = run(path, printed(1), decisions=keep)
    assert not plan.conflicts
    plan, _, _ = run(path, printed(1))
    assert not plan.conflicts
    assert read(path) == before
    for later in (Decisions(theirs=True), Decisions(accept=frozenset({KEY})), Decisions(restore=True)):
        run(path, printed(1), decisions=later)  # nothing of it is in conflict
        assert read(path) == before
    run(path, printed(1), decisions=Decisions(accept=frozenset({f"{KEY}:journal"})))
    assert told_of_print(path) == PRINTED


def test_a_settled_journal_that_is_arxivs_again_takes_all_that_goes_with_it(path: Path) -> None:
    run(path, accepted(1))
    edit(path, ("{IEEE Transactions on Information Theory}", "{Nature}"))
    run(path, printed(1), decisions=Decisions(keep=frozenset({KEY})))
    edit(path, ("{Nature}", "{IEEE Trans. Inf. Theory}"))
    plan, _, _ = run(path, printed(1))
    assert not plan.conflicts
    assert told_of_print(path) == ["IEEE Trans. Inf. Theory", *PRINTED[1:]]


def test_of_a_settled_journal_other_news_is_told(path: Path) -> None:
    run(path, accepted(1))
    edit(path, ("{IEEE Transactions on Information Theory}", "{Nature}"))
    run(path, printed(1), decisions=Decisions(keep=frozenset({KEY})))
    other = printed(1, place=PublishedIn(volume="71", number="4", pages="30-50"))
    plan, outcome, _ = run(path, other)
    assert [conflict.field for conflict in plan.conflicts] == ["journal"]
    assert not outcome.written


@pytest.mark.parametrize(
    "taken",
    [
        Decisions(theirs=True),
        Decisions(accept=frozenset({KEY})),
        Decisions(accept=frozenset({f"{KEY}:journal"})),
    ],
)
def test_what_is_taken_of_another_place_is_all_of_it(path: Path, taken: Decisions) -> None:
    run(path, accepted(1))
    edit(path, ("{IEEE Transactions on Information Theory}", "{Nature}"))
    run(path, printed(1), decisions=taken)
    assert told_of_print(path) == PRINTED


def test_a_settled_place_that_arxiv_no_longer_tells_keeps_its_year_and_doi(path: Path) -> None:
    run(path, printed(1))
    key = "mullerStudyThings2027"
    edit(path, ("{70}", "{69}"))
    before = read(path)
    plan, _, _ = run(path, record(1, version=3))
    assert [conflict.field for conflict in plan.conflicts] == ["type"]
    assert read(path) == before
    run(path, record(1, version=3), decisions=Decisions(keep=frozenset({f"{key}:type"})))
    for _ in range(2):
        plan, _, _ = run(path, record(1, version=3))
        assert not plan.conflicts
        assert read(path) == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("@article", "journal"), ("@inproceedings", "booktitle")),
        (("@article", "  journal = {IEEE Transactions on Information Theory},\n"), ("@unpublished", "")),
    ],
)
def test_a_type_with_another_place_is_a_conflict_once_there_is_news_of_arxivs(
    path: Path, old: tuple[str, str], new: tuple[str, str]
) -> None:
    run(path, accepted(1))
    edit(path, *zip(old, new, strict=True))
    plan, _, _ = run(path, accepted(1))
    assert not plan.conflicts
    plan, _, _ = run(path, printed(1))
    assert [conflict.field for conflict in plan.conflicts] == ["type"]
    assert value(path, KEY, "year") == "2026"
    standing = read(path)
    run(path, printed(1), decisions=Decisions(keep=frozenset({f"{KEY}:type"})))
    for _ in range(2):
        plan, _, _ = run(path, printed(1))
        assert not plan.conflicts
    assert read(path) == standing


@pytest.mark.parametrize("taken", [Decisions(theirs=True), Decisions(accept=frozenset({KEY}))])
def test_a_type_that_is_kept_by_name_keeps_all_that_goes_with_it(path: Path, taken: Decisions) -> None:
    key = "mullerStudyThings2027"
    run(path, appeared(1))
    edit(path, ("  doi =", "  pages = {7--8},\n  doi ="))
    before = read(path)
    taken = taken._replace(accept=frozenset({key} if taken.accept else ()))
    for decisions in (taken._replace(keep=frozenset({f"{key}:type"})), Decisions(), Decisions()):
        plan, _, _ = run(path, printed(1), decisions=decisions)
        assert "type" not in {conflict.field for conflict in plan.conflicts}
        assert read(path) == before


def test_who_settles_the_pages_only_has_not_decided_on_the_type(path: Path) -> None:
    key = "mullerStudyThings2027"
    run(path, appeared(1))
    edit(path, ("  doi =", "  pages = {7--8},\n  doi ="))
    before = read(path)
    for decisions in (Decisions(keep=frozenset({f"{key}:pages"})), Decisions(), Decisions()):
        plan, _, _ = run(path, printed(1), decisions=decisions)
        assert [conflict.field for conflict in plan.conflicts] == ["type"]
        assert read(path) == before


@pytest.mark.parametrize("taken", [Decisions(theirs=True), Decisions(accept=frozenset({KEY}))])
def test_what_is_taken_of_a_type_is_all_that_goes_with_it(path: Path, taken: Decisions) -> None:
    run(path, accepted(1))
    edit(path, ("@article", "@unpublished"), ("  journal = {IEEE Transactions on Information Theory},\n", ""))
    run(path, printed(1), decisions=taken._replace(restore=True))
    assert "@article" in read(path)
    assert told_of_print(path) == PRINTED


ELSEWHERE = (
    f"@incollection{{{KEY},\n  title = {{A Study of Things}},\n"
    "  author = {Müller, Jane and de Lara, Bob},\n  booktitle = {A Book},\n  publisher = {Springer},\n"
    "  isbn = {1},\n  pages = {21--29},\n  year = {2025},\n"
    "  doi = {10.1007/4},\n  eprint = {2606.00001},\n  note = {Mine},\n}\n"
)


@pytest.mark.parametrize(
    "taken",
    [
        Decisions(theirs=True),
        Decisions(accept=frozenset({KEY})),
        Decisions(accept=frozenset({f"{KEY}:type", f"{KEY}:doi", f"{KEY}:pages", f"{KEY}:year"})),
    ],
)
def test_nothing_of_a_place_that_gives_way_is_left(path: Path, taken: Decisions) -> None:
    path.write_text(ELSEWHERE, encoding="utf-8")
    run(path, printed(1))
    assert read(path).startswith(ELSEWHERE[:-2])
    run(path, printed(1), decisions=taken)
    assert told_of_print(path) == [*PRINTED[:-1], "Mine"]
    assert [value(path, KEY, name) for name in ("booktitle", "publisher", "isbn")] == [None, None, None]
    plan, outcome, _ = run(path, printed(1))
    assert not plan.conflicts
    assert not outcome.written
    assert not outcome.lock_written


def beside_pages_of_ones_own(path: Path) -> str:
    run(path, appeared(1))
    edit(path, ("  doi =", "  pages = {7--8},\n  doi ="))
    return "mullerStudyThings2027"


@pytest.mark.parametrize("head", ["type", "booktitle"])
def test_what_is_kept_of_one_head_of_a_reference_is_kept_of_all(path: Path, head: str) -> None:
    key = beside_pages_of_ones_own(path)
    standing = read(path)
    run(path, printed(1), decisions=Decisions(keep=frozenset({f"{key}:{head}"})))
    plan, outcome, _ = run(path, printed(1))
    assert (plan.conflicts, outcome.lock_written, read(path)) == ([], False, standing)


@pytest.mark.parametrize("head", ["type", "journal"])
def test_what_is_taken_of_one_head_of_a_reference_is_taken_of_all(path: Path, head: str) -> None:
    key = beside_pages_of_ones_own(path)
    run(path, printed(1), decisions=Decisions(accept=frozenset({f"{key}:{head}"})))
    assert [value(path, key, name) for name in ("journal", "volume")] == [PRINTED[0], "70"]
    _, outcome, _ = run(path, printed(1))
    assert (outcome.written, outcome.lock_written) == (False, False)


def test_pages_of_ones_own_that_arxiv_no_longer_tells_are_a_conflict(path: Path) -> None:
    key = "mullerStudyThings2027"
    run(path, printed(1))
    edit(path, ("{1--20}", "{1--21}"))
    bare = printed(1, PublishedIn("71"))
    for _ in range(2):
        plan, _, _ = run(path, bare)
        assert [(c.field, c.yours, c.theirs) for c in plan.conflicts] == [("pages", "1--21", "")]
    before = path.read_bytes(), (path.parent / "bibbridge.lock").read_bytes()
    run(path, bare, decisions=Decisions(keep=frozenset({f"{key}:pages"})))
    for decisions in (Decisions(), Decisions(theirs=True)):
        plan, _, _ = run(path, bare, decisions=decisions)
        assert not plan.conflicts
        assert value(path, key, "pages") == "1--21"
    edit(path, ("  pages = {1--21},\n", ""))
    for told in (bare, printed(1)):  # deleted by hand, also once arXiv tells pages again
        run(path, told)
        assert value(path, key, "pages") is None
    path.write_bytes(before[0])
    (path.parent / "bibbridge.lock").write_bytes(before[1])
    run(path, bare, decisions=Decisions(accept=frozenset({f"{key}:pages"})))
    assert value(path, key, "pages") is None


def test_no_type_changes_while_the_booktitle_is_in_conflict(path: Path) -> None:
    chapter = Venue("published", "A Book", None, "book", 2027)
    stated = Stated("bookSection", chapter, PublishedIn(pages="1-9", publisher="Springer"))
    run(path, record(1, stated=stated))
    edit(path, ("{A Book}", "{Another Book}"))
    standing = read(path)
    plan, _, _ = run(path, appeared(1))
    assert "booktitle" in {conflict.field for conflict in plan.conflicts}
    assert read(path) == standing


def test_a_volume_that_names_arxiv_only_is_agreed_to_by_the_run_that_changes_the_type(path: Path) -> None:
    path.write_text(
        f"@article{{{KEY}, title={{A Study of Things}}, author={{Müller, Jane and de Lara, Bob}},"
        " volume={abs/2606.00001}, year={2026}, eprint={2606.00001}}\n",
        encoding="utf-8",
    )
    run(path, record(1), decisions=Decisions(accept=frozenset({f"{KEY}:type"})))
    _, outcome, _ = run(path, record(1))
    assert not outcome.lock_written
    run(path, printed(1))
    assert value(path, KEY, "volume") == "70"


def test_the_doi_of_a_place_in_conflict_waits_with_it(path: Path) -> None:
    path.write_text(
        "@inproceedings{x, title={A Study of Things}, author={Müller, Jane and de Lara, Bob},\n"
        "  booktitle={Proc. Frogs}, year=2026, eprint={2606.00001}}\n",
        encoding="utf-8",
    )
    plan, _, _ = run(path, printed(1))
    assert "type" in {conflict.field for conflict in plan.conflicts}
    assert value(path, "x", "doi") is None
    run(path, printed(1), decisions=Decisions(theirs=True))
    assert value(path, "x", "doi") == "10.1109/TIT.2027.1"


@pytest.mark.parametrize("taken", [Decisions(theirs=True), Decisions(accept=frozenset({KEY}))])
def test_what_is_kept_by_name_stays_whatever_else_is_taken(path: Path, taken: Decisions) -> None:
    run(path, record(1))
    edit(path, ("A Study of Things", "My Study of Things"), ("year = {2026}", "year = {2025}"))
    news = record(1, "A Survey of Things", published="2027-01-01T00:00:00Z", version=2)
    run(path, news, decisions=taken._replace(keep=frozenset({f"{KEY}:title"})))
    assert [value(path, KEY, name) for name in ("title", "year")] == ["My Study of Things", "2027"]


def test_pasted_entries_do_not_change_what_a_file_is_written_for(path: Path) -> None:
    run(path, record(1), dialect="biblatex")
    pasted = "".join(
        f"@article{{p{n}, title={{Paper {n}}}, author={{A, B}}, journal={{J. Foo}}, year={{2001}}}}\n"
        for n in range(9)
    )
    path.write_text(read(path) + "\n" + pasted, encoding="utf-8")
    before = path.read_bytes()
    _, outcome, _ = run(path, record(1))
    assert not outcome.written
    run(path, record(1), record(2, "Another Study"))
    assert all(line in path.read_bytes().splitlines() for line in before.splitlines())
    assert value(path, "mullerAnotherStudy2026", "eprinttype") == "arXiv"


def test_a_file_that_was_converted_as_a_whole_is_followed(path: Path) -> None:
    run(path, record(1))
    converted = "title={A Study of Things}, author={Müller, Jane and de Lara, Bob}, date={2026-06-03}"
    ids = "eprint={2606.00001}, eprinttype={arXiv}, eprintclass={cs.DC}"
    path.write_text(f"@online{{{KEY}, {converted}, {ids}}}\n", encoding="utf-8")
    run(path, record(1), record(2, "Another Study"))
    assert value(path, "mullerAnotherStudy2026", "date") == "2026-06-03"


@pytest.mark.parametrize("first", [1, 2])
def test_of_two_papers_with_one_doi_that_with_the_title_gets_the_entry(path: Path, first: int) -> None:
    text = "@article{x, title={Another Study}, author={Müller, Jane}, journal={J. Foo}, doi={10.1145/1.2}}\n"
    path.write_text(text, encoding="utf-8")
    one, two = record(1, doi="10.1145/1.2"), record(2, "Another Study", doi="10.1145/1.2")
    plan, _, _ = run(path, *((one, two) if first == 1 else (two, one)))
    assert {action.identity: action.kind for action in plan.actions} == {
        "arXiv:2606.00001": "add",
        "arXiv:2606.00002": "update",
    }


def test_our_own_note_of_a_version_follows_once_the_pin_is_taken_out(path: Path) -> None:
    run(path, record(1, pinned=True))
    assert "arXiv:2606.00001v1 [" in (value(path, KEY, "note") or "")
    edit(path, ("eprint = {2606.00001v1}", "eprint = {2606.00001}"))
    plan, _, _ = run(path, record(1, "A Survey of Things", version=3))
    assert not plan.conflicts
    assert value(path, KEY, "note") == "arXiv:2606.00001 [cs.DC]"


def test_a_note_of_what_is_to_come_goes_with_it_where_it_agreed(path: Path) -> None:
    fields = "title={A Study of Things}, author={Müller, Jane and de Lara, Bob}, year=2026"
    place = "journal={IEEE Transactions on Information Theory}, note={To appear}"
    path.write_text(f"@article{{x, {fields}, {place}, eprint={{2606.00001}}}}\n", encoding="utf-8")
    run(path, accepted(1))
    run(path, printed(1))
    assert value(path, "x", "note") is None


def test_an_emptied_doi_takes_the_publishers(path: Path) -> None:
    run(path, record(1))
    edit(path, ("{10.48550/arXiv.2606.00001}", "{}"))
    run(path, record(1))
    assert value(path, KEY, "doi") == ""
    run(path, appeared(1))
    assert value(path, KEY, "doi") == "10.1145/1.2"


@pytest.mark.parametrize("written", ["GPT-3", "{GPT}-3", "{G}PT-3"])
def test_a_word_in_parts_stays_as_a_person_wrote_it(path: Path, written: str) -> None:
    run(path, record(1, "Learning with GPT-3 and Frogs"))
    text = read(path)
    assert "{GPT-3}" in text
    path.write_text(text.replace("{GPT-3}", written), encoding="utf-8")
    key = Document(read(path)).entries[0].key
    run(path, record(1, "Learning with GPT-3 and Toads", version=2))
    assert value(path, key, "title") == f"Learning with {written} and Toads"


def withdrawn(number: int) -> Record:
    return record(number, stated=Stated("preprint", Venue("withdrawn")), version=3)


@pytest.mark.parametrize(
    "decided",
    [
        Decisions(),
        Decisions(keep=frozenset({"*:type"})),
        Decisions(theirs=True, keep=frozenset({"mullerStudyThings2027:booktitle"})),
    ],
)
def test_that_a_paper_is_withdrawn_is_said_whatever_waits(path: Path, decided: Decisions) -> None:
    key = beside_pages_of_ones_own(path)
    run(path, withdrawn(1), decisions=decided)
    assert "WITHDRAWN" in (value(path, key, "note") or "")
    assert value(path, key, "pages") == "7--8"
    for _ in range(2):
        _, outcome, _ = run(path, withdrawn(1))
        assert (outcome.written, outcome.lock_written) == (False, False)


@pytest.mark.parametrize("head", ["journal", "type"])
def test_who_takes_one_head_of_another_place_takes_all_that_goes_with_it(path: Path, head: str) -> None:
    path.write_text(
        ELSEWHERE.replace("@incollection", "@article").replace("booktitle", "journal"), encoding="utf-8"
    )
    news = printed(1) if head == "journal" else appeared(1)
    plan, _, _ = run(path, news)
    assert head in {conflict.field for conflict in plan.conflicts}
    plan, _, _ = run(path, news, decisions=Decisions(accept=frozenset({f"{KEY}:{head}"})))
    assert {conflict.field for conflict in plan.conflicts} <= {"note", "doi"}
    assert value(path, KEY, "year") == "2027"
    assert [value(path, KEY, name) for name in ("publisher", "isbn")] == [None, None]
    if head == "journal":
        assert told_of_print(path) == [*PRINTED[:-1], "Mine"]
    _, outcome, _ = run(path, news)
    assert (outcome.written, outcome.lock_written) == (False, False)


def test_who_takes_a_journals_own_spelling_takes_no_more(path: Path) -> None:
    run(path, printed(1))
    key = "mullerStudyThings2027"
    edit(
        path,
        ("{IEEE Transactions on Information Theory}", "{IEEE Trans. Inf. Theory}"),
        ("{1--20}", "{1--21}"),
    )
    run(path, printed(1), decisions=Decisions(accept=frozenset({f"{key}:journal"})))
    assert [value(path, key, name) for name in ("journal", "pages")] == [PRINTED[0], "1--21"]


def test_what_is_left_of_a_preprint_goes_with_the_journal_that_is_taken(path: Path) -> None:
    path.write_text(
        f"@article{{{KEY}, title={{A Study of Things}}, author={{Müller, Jane and de Lara, Bob}},"
        " journal={CoRR}, volume={abs/2606.00001}, year={2026}, eprint={2606.00001}}\n",
        encoding="utf-8",
    )
    run(path, printed(1), decisions=Decisions(accept=frozenset({f"{KEY}:journal"})))
    assert told_of_print(path) == PRINTED


def test_a_journal_of_ones_own_is_in_conflict_once_arxiv_no_longer_tells_the_volume(path: Path) -> None:
    run(path, accepted(1))
    run(path, printed(1))
    edit(path, ("{IEEE Transactions on Information Theory}", "{Nature}"))
    plan, _, _ = run(path, printed(1))
    assert not plan.conflicts
    standing = read(path)
    for _ in range(2):
        plan, outcome, _ = run(path, printed(1, PublishedIn()))
        assert "journal" in {conflict.field for conflict in plan.conflicts}
        assert not outcome.written
    run(path, printed(1, PublishedIn()), decisions=Decisions(keep=frozenset({f"{KEY}:journal"})))
    plan, _, _ = run(path, printed(1, PublishedIn()))
    assert not plan.conflicts
    assert read(path) == standing


def test_a_volume_that_arxiv_only_agreed_to_is_no_news_once_it_is_told_no_more(path: Path) -> None:
    run(path, printed(1))
    (path.parent / "bibbridge.lock").unlink()
    run(path, printed(1))
    edit(path, ("{IEEE Transactions on Information Theory}", "{Nature}"))
    plan, outcome, _ = run(path, printed(1, PublishedIn()))
    assert (plan.conflicts, outcome.written) == ([], False)


def test_arxivs_doi_does_not_come_into_a_reference_in_conflict(path: Path) -> None:
    run(path, printed(1))
    key = "mullerStudyThings2027"
    (path.parent / "bibbridge.lock").unlink()
    edit(path, ("{10.1109/TIT.2027.1}", "{10.1000/mine}"))
    plan, _, _ = run(path, printed(1))
    assert [conflict.field for conflict in plan.conflicts] == ["doi"]
    edit(path, ("  doi = {10.1000/mine},\n", ""))
    for _ in range(2):
        plan, _, _ = run(path, replace(appeared(1, version=3), doi=None))
        assert "type" in {conflict.field for conflict in plan.conflicts}
        assert value(path, key, "doi") is None


def test_nobody_reads_to_appear_beside_a_journal_of_ones_own(path: Path) -> None:
    run(path, printed(1))
    (path.parent / "bibbridge.lock").unlink()
    run(path, printed(1))
    again = Venue("accepted", "IEEE T-IT", "IEEE Transactions on Information Theory", "journal", 2027)
    run(path, record(1, stated=Stated("journalArticle", again), version=2))
    assert value(path, "mullerStudyThings2027", "note") == "To appear"
    edit(path, ("{IEEE Transactions on Information Theory}", "{Nature}"))
    plan, _, _ = run(path, printed(1))
    assert not plan.conflicts
    assert value(path, "mullerStudyThings2027", "note") is None


def test_nothing_of_a_place_without_its_journal_is_left_beside_another(path: Path) -> None:
    run(path, printed(1))
    key = "mullerStudyThings2027"
    edit(path, ("  journal = {IEEE Transactions on Information Theory},\n", "  series = {Mine},\n"))
    run(path, appeared(1, version=3))
    run(path, appeared(1, version=3), decisions=Decisions(accept=frozenset({f"{key}:type"})))
    names = ("booktitle", "journal", "volume", "series", "pages")
    assert [value(path, key, name) for name in names] == ["Networked Systems", None, None, None, None]


OTHER = Stated(
    "journalArticle",
    Venue("published", "JHEP", "Journal of High Energy Physics", "journal", 2028),
    PublishedIn("3"),
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("volume = {70}", "volume = {71}"),
        ("pages = {1--20}", "pages = {1--21}"),
        ("volume = {70}", "volume = {70},\n  publisher = {Mine}"),
        ("volume = {70}", "volume = {70},\n  series = {Mine}"),
    ],
)
def test_another_journal_waits_beside_details_of_ones_own(path: Path, old: str, new: str) -> None:
    run(path, printed(1))
    key = "mullerStudyThings2027"
    edit(path, (old, new))
    standing = read(path)
    plan, _, _ = run(path, record(1, stated=OTHER, doi="10.1007/other", version=3))
    assert "journal" in {conflict.field for conflict in plan.conflicts}
    assert read(path) == standing
    run(
        path,
        record(1, stated=OTHER, doi="10.1007/other", version=3),
        decisions=Decisions(accept=frozenset({f"{key}:journal"})),
    )
    names = ("journal", "volume", "pages", "number", "publisher", "series", "year", "doi")
    said = [value(path, key, name) for name in names]
    assert said == ["Journal of High Energy Physics", "3", None, None, None, None, "2028", "10.1007/other"]


@pytest.mark.parametrize(
    ("dialect", "dated", "name"),
    [("biblatex", "year={2026}, month={6}", "year"), ("bibtex", "date={2026-06-03}", "date")],
)
def test_a_date_in_the_other_notation_is_news_of_a_printed_work_too(
    path: Path, dialect: Dialect, dated: str, name: str
) -> None:
    journal = "journaltitle" if dialect == "biblatex" else "journal"
    path.write_text(
        f"@article{{{KEY}, title={{A Study of Things}}, author={{Müller, Jane and de Lara, Bob}},"
        f" {dated}, eprint={{2606.00001}}}}\n",
        encoding="utf-8",
    )
    plan, _, _ = run(path, record(1), dialect=dialect)
    assert not plan.conflicts
    plan, _, _ = run(path, printed(1), dialect=dialect)
    assert [conflict.field for conflict in plan.conflicts] == [name]
    run(path, printed(1), dialect=dialect, decisions=Decisions(theirs=True))
    assert [value(path, KEY, one) for one in (journal, name)] == [PRINTED[0], "2027"]
    plan, outcome, _ = run(path, printed(1), dialect=dialect)
    assert not plan.conflicts
    assert not outcome.written
