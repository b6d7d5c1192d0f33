"""A .bib file as a target: what a run changes, what it leaves, and what happens when things go wrong."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from bibhelp import PLAIN, TODAY, appeared, edit, record, run, value

from bridge import lockfile
from bridge.bibtex.document import Document
from bridge.bibtex.target import BibTarget, new_bib_text
from bridge.decisions import Decisions
from bridge.errors import InputError
from bridge.files import holds
from bridge.merge import DELETED
from bridge.plan import Plan
from bridge.record import Stated, Venue


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "refs.bib"


# -- the simple life --


def test_a_new_file_and_then_nothing_to_do(path: Path) -> None:
    plan, outcome, _ = run(path, record(1), record(2, "Other Matters"))
    assert [action.kind for action in plan.actions] == ["add", "add"]
    assert outcome.written
    assert outcome.lock_written
    text = path.read_text(encoding="utf-8")
    assert text.startswith("@misc{mullerStudyThings2026,\n  title = {")
    assert text == new_bib_text([record(1), record(2, "Other Matters")])
    for file in (path, path.parent / lockfile.NAME):
        os.utime(file, ns=(1, 1))
    again, outcome, _ = run(path, record(1), record(2, "Other Matters"), today="2026-04-01")
    assert [action.kind for action in again.actions] == ["unchanged", "unchanged"]
    assert not outcome.written
    assert not outcome.lock_written
    assert path.stat().st_mtime_ns == 1
    assert (path.parent / lockfile.NAME).stat().st_mtime_ns == 1


@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
@pytest.mark.parametrize("with_lock", [True, False])
def test_an_arrow_that_was_written_as_a_dash_is_left(path: Path, dialect: str, with_lock: bool) -> None:
    run(path, record(1, "From B --> C"), dialect=dialect)
    edit(path, ("-{}-{", "--{"))
    if not with_lock:
        (path.parent / lockfile.NAME).unlink()
    before = path.read_bytes()
    plan, _, _ = run(path, record(1, "From B --> C"), dialect=dialect)
    assert [action.kind for action in plan.actions] == ["unchanged"]
    assert path.read_bytes() == before


def test_nothing_at_all_makes_no_file(path: Path) -> None:
    run(path)
    assert list(path.parent.iterdir()) == []


def test_upstream_news_arrives_and_hand_edits_stay(path: Path) -> None:
    run(path, record(1))
    edit(path, ("  month = jun,\n", ""), ("{2026}", "{in press}"), ("@misc{", "% mine\n@misc{"))
    plan, _, _ = run(path, record(1, "A Study of Other Things", updated="2026-07-01T00:00:00Z"))
    (action,) = plan.actions
    assert [change.field for change in action.changes] == ["title"]
    key = action.key
    assert value(path, key, "title") == "A Study of Other Things"
    assert value(path, key, "year") == "in press"
    assert value(path, key, "month") is None
    assert path.read_text(encoding="utf-8").startswith("% mine\n")


def test_a_conflict_keeps_mine_until_somebody_decides(path: Path) -> None:
    key = run(path, record(1))[0].actions[0].key
    edit(path, ("title = {A Study of Things}", "title = {My title}"))
    for _ in range(2):
        plan, outcome, _ = run(path, record(1, "Their title"))
        assert not outcome.written
        assert [(c.field, c.yours, c.theirs, c.base_date) for c in plan.conflicts] == [
            ("title", "My title", "Their title", TODAY)
        ]
    run(path, record(1, "Their title"), decisions=Decisions(accept=frozenset({f"{key}:title"})))
    assert value(path, key, "title") == "Their title"
    assert not run(path, record(1, "Their title"))[0].conflicts


def test_theirs_takes_all_conflicts(path: Path) -> None:
    key = run(path, record(1))[0].actions[0].key
    edit(path, ("title = {A Study of Things}", "title = {My title}"))
    run(path, record(1, "Their title"), decisions=Decisions(theirs=True))
    assert value(path, key, "title") == "Their title"


@pytest.mark.parametrize("decided", ["--theirs", "KEY", "KEY:title"])
def test_what_a_decision_takes_keeps_the_braces_of_words_that_stay(path: Path, decided: str) -> None:
    key = run(path, record(1, "A Study of Things"))[0].actions[0].key
    edit(path, ("title = {A Study of Things}", "title = {My Study of {Things}}"))
    theirs = decided == "--theirs"
    accept = frozenset(() if theirs else (decided.replace("KEY", key),))
    plan, _, _ = run(path, record(1, "An Early Study of Things"), decisions=Decisions(theirs, accept))
    assert not plan.conflicts
    assert value(path, key, "title") == "An Early Study of {Things}"
    assert not run(path, record(1, "An Early Study of Things"))[0].news


def test_a_deleted_entry_stays_deleted_until_restored(path: Path) -> None:
    run(path, record(1), record(2, "Other Matters"))
    text = path.read_text(encoding="utf-8")
    path.write_text(text[text.index("@misc", 5) :], encoding="utf-8")
    plan, outcome, _ = run(path, record(1, "New title"), record(2, "Other Matters"))
    assert [(action.kind, action.reason) for action in plan.actions] == [
        ("skip", DELETED),
        ("unchanged", None),
    ]
    assert not outcome.written
    plan, _, _ = run(path, record(1), record(2, "Other Matters"), decisions=Decisions(restore=True))
    assert plan.actions[0].key == "mullerStudyThings2026"
    assert len(Document(path.read_text(encoding="utf-8")).entries) == 2


def test_a_restored_entry_gets_another_key_where_its_own_is_taken(path: Path) -> None:
    key = run(path, record(1))[0].actions[0].key
    path.write_text(
        f"@book{{{key}, title = {{Somebody else's}}, eprint = {{2606.00009}}}}\n", encoding="utf-8"
    )
    plan, _, _ = run(path, record(1), decisions=Decisions(restore=True))
    assert plan.actions[0].key == key + "a"
    assert run(path, record(1))[0].actions[0].kind == "unchanged"


def test_a_renamed_key_is_followed(path: Path) -> None:
    run(path, record(1))
    edit(path, ("@misc{mullerStudyThings2026,", "@misc{mine,"))
    plan, _, _ = run(path, record(1, "New title"))
    assert (plan.actions[0].kind, plan.actions[0].key) == ("update", "mine")
    assert value(path, "mine", "title") == "New title"


# -- upgrades --


def test_an_upgrade_changes_the_type_and_takes_along_what_is_ours(path: Path) -> None:
    key = run(path, record(1))[0].actions[0].key
    run(path, appeared(1))
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"@inproceedings{{{key},")
    assert value(path, key, "booktitle") == "Networked Systems"
    assert value(path, key, "note") is None
    assert value(path, key, "eprint") == "2606.00001"
    assert value(path, key, "doi") == "10.1145/1.2"
    assert run(path, appeared(1))[1].written is False


def test_an_upgrade_leaves_what_a_person_changed(path: Path) -> None:
    key = run(path, record(1))[0].actions[0].key
    edit(path, ("note = {arXiv:2606.00001 [cs.DC]}", "note = {Read this first}"), ("@misc", "@unpublished"))
    plan, _, _ = run(path, appeared(1))
    assert value(path, key, "note") == "Read this first"
    assert path.read_text(encoding="utf-8").startswith("@unpublished{")
    assert [conflict.field for conflict in plan.conflicts] == ["type"]
    assert value(path, key, "booktitle") is None
    run(path, appeared(1), decisions=Decisions(accept=frozenset({f"{key}:type"})))
    assert path.read_text(encoding="utf-8").startswith("@inproceedings{")
    assert value(path, key, "booktitle") == "Networked Systems"
    assert value(path, key, "note") == "Read this first"


def test_what_goes_with_the_type_waits_while_the_type_is_in_conflict(path: Path) -> None:
    key = run(path, record(1))[0].actions[0].key
    edit(path, ("@misc", "@article"), ("  note", "  journal = {My Journal},\n  note"))
    plan, _, _ = run(path, appeared(1, title="Another Title"))
    assert [conflict.field for conflict in plan.conflicts] == ["type"]
    assert value(path, key, "title") == "Another Title"
    assert value(path, key, "note") == "arXiv:2606.00001 [cs.DC]"
    assert value(path, key, "year") == "2026"
    run(path, appeared(1, title="Another Title"), decisions=Decisions(accept=frozenset({f"{key}:type"})))
    assert value(path, key, "year") == "2027"
    assert value(path, key, "note") is None


@pytest.mark.parametrize(("one", "other"), [("bibtex", "biblatex"), ("biblatex", "bibtex")])
def test_another_dialect_renames_what_is_ours(path: Path, one: str, other: str) -> None:
    names = {"bibtex": ("archivePrefix", "primaryClass"), "biblatex": ("eprinttype", "eprintclass")}
    run(path, record(1), dialect=one)
    run(path, record(1), dialect=other)
    text = path.read_text(encoding="utf-8")
    assert all(name in text for name in names[other])
    assert not any(name in text for name in names[one])
    assert run(path, record(1), dialect=other)[1].written is False


def test_a_value_put_together_by_a_person_is_theirs(path: Path) -> None:
    key = run(path, record(1))[0].actions[0].key
    edit(path, ("title = {A Study of Things}", 'title = "A Study" # { of Things}'))
    assert run(path, record(1))[1].written is False
    plan, _, _ = run(path, record(1, title="A Study of Nothing"))
    assert [conflict.field for conflict in plan.conflicts] == ["title"]
    assert value(path, key, "title") == "A Study of Things"
    run(path, record(1, title="A Study of Nothing"), decisions=Decisions(theirs=True))
    assert value(path, key, "title") == "A Study of Nothing"


def test_an_older_version_takes_nothing_back(path: Path) -> None:
    key = run(path, record(1, title="New", version=2))[0].actions[0].key
    plan, outcome, _ = run(path, record(1, title="Old"))
    assert outcome.written is outcome.lock_written is False
    assert "older" in (plan.actions[0].reason or "")
    assert value(path, key, "title") == "New"


NO_BIB = {
    "paper.tex": "\\documentclass{a} @misc{a, title={b}}",
    "listing.atom": "<feed/>",
    "ids.txt": "2401.00001",
    "README.md": "Cite us:\n```\n@article{a, title={b}}\n```\n",
    "main.py": '@app.route("/")\ndef f():\n    return {1: 2}\n',
    "saved.bib": '<?xml version="1.0"?><feed/>',
    "bibbridge.lock": "@misc{a, title={b}}",
}


@pytest.mark.parametrize("name", NO_BIB)
def test_what_is_no_bib_is_refused_untouched(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(NO_BIB[name], encoding="utf-8")
    with pytest.raises(InputError, match=r"no \.bib"):
        run(path, record(1), use_lock=False)
    assert path.read_text(encoding="utf-8") == NO_BIB[name]


@pytest.mark.parametrize(
    "text", ["", "% mine\n", '@string{a = "b"}\n', "@comment{x}\n", "@misc{a, title={b}}\n"]
)
def test_a_bib_by_another_name_is_taken(tmp_path: Path, text: str) -> None:
    path = tmp_path / "refs.txt"
    path.write_text(text, encoding="utf-8")
    run(path, record(1))
    assert path.read_text(encoding="utf-8").startswith(text)


def test_utf_16_without_its_mark_is_refused_untouched(path: Path) -> None:
    path.write_bytes("@misc{a, title={b}}".encode("utf-16-le"))
    with pytest.raises(InputError, match="UTF-16"):
        run(path, record(1))


# -- a library that was there before --

SCHOLAR = """% my library
@string{nips = {Advances in Neural Information Processing Systems}}

@article{mueller2026study,
  title={A {S}tudy of Things},
  author={M{\\"u}ller, Jane and Bob de Lara},
  journal={arXiv preprint arXiv:2606.00001},
  year={2026}
}

@book{other,
  title={Other},
  year={1999}
}
"""


def test_without_a_base_only_what_is_empty_is_filled(path: Path) -> None:
    path.write_text(SCHOLAR, encoding="utf-8")
    plan, _, _ = run(path, record(1))
    (action,) = plan.actions
    assert action.key == "mueller2026study"
    assert not action.conflicts  # that arXiv knows of no journal contradicts no @article
    after = path.read_text(encoding="utf-8")
    before, _, behind = SCHOLAR.partition("  year={2026}")
    assert after.startswith(
        before + "  year={2026},\n  doi={10.48550/arXiv.2606.00001},\n  eprint={2606.00001},"
    )
    assert after.endswith(behind)
    assert value(path, "mueller2026study", "note") is None  # goes with a @misc only
    assert run(path, record(1))[1].written is False


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("title", "{{A Study of Things}}"),
        ("title", "A\n     Study of {T}hings"),
        ("author", "{\\'E}. X"),
        ("author", 'Jane M{\\"u}ller and de Lara, Bob'),
        ("author", "Jane Müller and Bob {de Lara}"),
        ("doi", "https://doi.org/10.48550/ARXIV.2606.00001"),
        ("url", "http://arxiv.org/abs/2606.00001v3"),
        ("eprint", "arXiv:2606.00001"),
        ("eprint", "2606.00001v2"),
        ("month", "June"),
        ("month", "6"),
        ("archiveprefix", "arxiv"),
        ("note", "arXiv:2606.00001"),
    ],
)
def test_another_notation_is_no_difference(path: Path, name: str, written: str) -> None:
    run(path, record(1))
    document = Document(path.read_text(encoding="utf-8"))
    field = document.entries[0].field(name)
    assert field is not None
    text = document.text[: field.start] + "{" + written + "}" + document.text[field.end :]
    path.write_text(text, encoding="utf-8")
    (path.parent / lockfile.NAME).unlink()
    plan, outcome, _ = run(path, record(1))
    if written == "{\\'E}. X":
        assert [conflict.field for conflict in plan.conflicts] == ["author"]
    else:
        assert not plan.conflicts
    assert not outcome.written
    assert path.read_text(encoding="utf-8") == text


def test_a_date_in_the_other_notation_is_left_alone(path: Path) -> None:
    path.write_text(
        "@misc{k, title={A Study of Things}, date={2026-06}, eprint={2606.00001}}\n", encoding="utf-8"
    )
    run(path, record(1))
    assert value(path, "k", "year") is None
    path.write_text("@misc{k, title={A Study of Things}, year=2026, eprint={2606.00001}}\n", encoding="utf-8")
    (path.parent / lockfile.NAME).unlink()
    run(path, record(1), dialect="biblatex")
    assert value(path, "k", "date") is None


def test_biblatex_names_are_the_same_fields(path: Path) -> None:
    path.write_text("@online{k, eprint={2606.00001}, archiveprefix={arXiv}}\n", encoding="utf-8")
    run(path, record(1), dialect="biblatex")
    assert value(path, "k", "eprinttype") is None
    assert value(path, "k", "archiveprefix") == "arXiv"


def test_a_publishers_doi_is_not_replaced_by_arxivs(path: Path) -> None:
    path.write_text("@misc{k, eprint={2606.00001}, doi={10.1145/9.9}}\n", encoding="utf-8")
    plan, _, _ = run(path, record(1), decisions=Decisions(theirs=True))
    assert value(path, "k", "doi") == "10.1145/9.9"
    assert "doi" not in [conflict.field for conflict in plan.conflicts]


def test_a_pinned_entry_stays_pinned_until_a_person_unpins_it(path: Path) -> None:
    run(path, record(1))
    plan, _, _ = run(path, record(1, pinned=True, version=2))
    assert [change.field for change in plan.actions[0].changes] == ["eprint", "url", "note"]
    assert value(path, plan.actions[0].key, "eprint") == "2606.00001v2"
    lock = lockfile.load(path.parent / lockfile.NAME)
    assert list(lock.bases("refs.bib")) == ["arXiv:2606.00001v2"]
    assert lock.bases("refs.bib")["arXiv:2606.00001v2"].version == 2
    for version, told in ((1, True), (2, False), (3, True)):
        again, outcome, _ = run(path, record(1, version=version, title="Other"))
        assert outcome.written is outcome.lock_written is False
        assert bool(again.actions[0].reason) is told
    edit(path, ("eprint = {2606.00001v2}", "eprint = {2606.00001}"))
    run(path, record(1, version=4, title="Free again"))
    assert value(path, plan.actions[0].key, "title") == "Free again"


@pytest.mark.parametrize(("one", "other"), [("bibtex", "biblatex"), ("biblatex", "bibtex")])
def test_a_date_that_a_person_changed_stays_in_any_dialect(path: Path, one: str, other: str) -> None:
    key = run(path, appeared(1), dialect=one)[0].actions[0].key
    edit(path, ("{2027}", "{2028}"))
    run(path, appeared(1), dialect=other)
    dates = {name: value(path, key, name) for name in ("year", "date")}
    assert sorted(filter(None, dates.values())) == ["2028"]
    assert run(path, appeared(1), dialect=other)[1].written is False


def test_what_a_person_deleted_stays_deleted_through_another_dialect(path: Path) -> None:
    key = run(path, record(1))[0].actions[0].key
    edit(path, ("  note = {arXiv:2606.00001 [cs.DC]},\n", ""))
    run(path, record(1), dialect="biblatex")
    run(path, record(1), dialect="bibtex")
    assert value(path, key, "note") is None


def test_keywords_merge_member_by_member(path: Path) -> None:
    key = run(path, record(1), extra_fields=("keywords",))[0].actions[0].key
    edit(path, ("keywords = {cs.DC, cs.LG}", "keywords = {my own; cs.LG}"))
    run(path, record(1, categories=("cs.DC", "cs.AI")), extra_fields=("keywords",))
    assert value(path, key, "keywords") == "my own; cs.AI"


def test_new_keys_avoid_every_key_in_the_file_in_any_case(path: Path) -> None:
    path.write_text(
        "@misc{MullerStudyThings2026, title={x}}\n% @misc{mullerStudyThings2026a, title={y}}\n",
        encoding="utf-8",
    )
    plan, _, _ = run(path, record(1), record(2))
    assert [action.key for action in plan.actions] == ["mullerStudyThings2026b", "mullerStudyThings2026c"]


def test_a_broken_entry_is_reported_and_not_doubled(path: Path) -> None:
    text = "@misc{k,\n  title = {open {x},\n  eprint = {2606.00001}\n}\n\n@misc{l, title={y}}\n"
    path.write_text(text, encoding="utf-8")
    plan, _, target = run(path, record(1), record(2))
    assert [action.kind for action in plan.actions] == ["skip", "add"]
    assert "line 2" in (plan.actions[0].reason or "")
    assert [problem.code for problem in target.problems] == ["broken-entry"]
    assert (
        "@misc{k,\n  title = {open {x},\n  eprint = {2606.00001}\n}\n\n@misc{l, title={y}}\n"
        in path.read_text(encoding="utf-8")
    )


def test_look_alikes_are_named_and_not_merged(path: Path) -> None:
    path.write_text(
        '@article{m, title={A study of {Things}}, author={M{\\"u}ller, J. and others}}\n', encoding="utf-8"
    )
    plan, _, target = run(path, record(1))
    assert plan.actions[0].kind == "add"
    (problem,) = target.problems
    assert (problem.code, problem.place.entry, problem.lost) == ("same-title", "m", False)


def test_values_that_would_damage_the_file_are_left_out(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bridge.bibtex import style
    from bridge.bibtex.entry import Entry

    rendered = Entry("misc", (("title", "fine"), ("note", "open {"), ("url", "} closed {")))
    monkeypatch.setattr(style, "entry_fields", lambda *_, **__: rendered)
    plan, _, target = run(path, record(1))
    assert [change.field for change in plan.actions[0].changes] == ["type", "title"]
    assert [problem.code for problem in target.problems] == ["unbalanced-braces"] * 2
    assert len(Document(path.read_text(encoding="utf-8")).entries) == 1


# -- bytes --

LAYOUTS = {
    "crlf": SCHOLAR.replace("\n", "\r\n").encode(),
    "bom": ("\ufeff" + SCHOLAR).encode(),
    "utf-16": SCHOLAR.encode("utf-16"),
    "latin-1": SCHOLAR.replace('{\\"u}', "ü").encode("latin-1"),
    "no last line end": SCHOLAR.rstrip().encode(),
    "stray bytes": (SCHOLAR.replace('{\\"u}', "ü") + "% ä").encode() + b" \xff\n",
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_byte_that_is_not_ours_stays(path: Path, name: str) -> None:
    data = LAYOUTS[name]
    path.write_bytes(data)
    plan, _, _ = run(path, record(2, "Something New"))
    assert [action.kind for action in plan.actions] == ["add"]
    after = path.read_bytes()
    assert after.startswith(data)
    added = after[len(data) :]
    if name == "crlf":
        assert added.count(b"\r\n") == added.count(b"\n")
    assert not run(path, record(2, "Something New"))[1].written
    assert path.read_bytes() == after


def test_what_the_encoding_lacks_is_refused_untouched(path: Path) -> None:
    data = LAYOUTS["latin-1"]
    path.write_bytes(data)
    with pytest.raises(InputError, match="latin-1"):
        run(path, record(2, "On 李"), dialect="biblatex")
    assert path.read_bytes() == data
    assert not (path.parent / lockfile.NAME).exists()


def test_a_file_that_cannot_be_decoded_is_refused_untouched(path: Path) -> None:
    path.write_bytes(b"\xff\xfe@\x00x")
    with pytest.raises(InputError):
        run(path, record(1))
    assert path.read_bytes() == b"\xff\xfe@\x00x"


def test_a_symbolic_link_and_the_mode_stay(path: Path, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere" / "library.bib"
    real.parent.mkdir()
    real.write_text(SCHOLAR, encoding="utf-8")
    real.chmod(0o640)
    path.symlink_to(real)
    run(path, record(1))
    assert path.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert "2606.00001},\n" in real.read_text(encoding="utf-8")
    assert sorted(file.name for file in real.parent.iterdir()) == ["library.bib"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_file_or_folder_is_refused(path: Path) -> None:
    path.write_text(SCHOLAR, encoding="utf-8")
    path.chmod(0o444)
    with pytest.raises(InputError, match="read-only"):
        run(path, record(1))
    path.chmod(0o644)
    path.parent.chmod(0o555)
    with pytest.raises(InputError, match="nothing can be written"):
        run(path, record(1))
    path.parent.chmod(0o755)


def test_a_folder_in_the_files_place_is_refused(path: Path) -> None:
    path.mkdir()
    with pytest.raises(InputError, match="cannot be read"):
        run(path, record(1))


# -- others at work --


def test_a_file_saved_since_the_plan_is_planned_again(path: Path) -> None:
    run(path, record(1))
    target = BibTarget(path)
    plan = target.plan([record(1, "Their title")], PLAIN, TODAY)
    edit(path, ("title = {A Study of Things}", "title = {My title}"))
    outcome = target.apply(plan)
    assert outcome.plan is not plan
    assert [conflict.yours for conflict in outcome.plan.conflicts] == ["My title"]
    assert not outcome.written
    assert "My title" in path.read_text(encoding="utf-8")


def test_a_file_that_is_never_left_alone_is_given_up(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text(SCHOLAR, encoding="utf-8")
    target = BibTarget(path)
    plan = target.plan([record(1)], PLAIN, TODAY)
    saved = 0

    def busy(path: Path, data: bytes | None) -> bool:
        nonlocal saved
        saved += 1
        path.write_text(SCHOLAR + "%" * saved, encoding="utf-8")
        return holds(path, data)

    monkeypatch.setattr("bridge.bibtex.target.holds", busy)
    with pytest.raises(InputError, match="somebody else"):
        target.apply(plan)
    assert path.read_text(encoding="utf-8").startswith(SCHOLAR)


def test_whether_a_file_still_holds_what_was_read(path: Path) -> None:
    long = bytes(range(256)) * 4000
    assert holds(path, None)
    assert not holds(path, b"")
    path.write_bytes(long)
    assert holds(path, long)
    for other in (None, b"", long[:-1], long + b"x", b"x" + long[1:], long[:-1] + b"x"):
        assert not holds(path, other)
    with pytest.raises(InputError, match="cannot be read"):
        holds(path.parent, b"")


def test_a_foreign_plan_is_refused(path: Path) -> None:
    with pytest.raises(ValueError, match="not made by"):
        BibTarget(path).apply(Plan(()))


def test_two_files_share_a_lock(path: Path) -> None:
    run(path, record(1))
    run(path.with_name("more.bib"), record(2))
    lock = lockfile.load(path.parent / lockfile.NAME)
    assert list(lock.targets) == ["more.bib", "refs.bib"]
    assert not run(path, record(1))[1].lock_written


def test_without_a_lock_nothing_is_remembered(path: Path) -> None:
    run(path, record(1), use_lock=False)
    assert [file.name for file in path.parent.iterdir()] == ["refs.bib"]
    plan, outcome, _ = run(path, record(1, "New title"), use_lock=False)
    assert [conflict.field for conflict in plan.conflicts] == ["title"]
    assert not outcome.written


def test_a_kill_between_file_and_lock_costs_nothing(path: Path) -> None:
    run(path, record(1))
    old_lock = (path.parent / lockfile.NAME).read_bytes()
    run(path, appeared(1, "New title"))
    after = path.read_bytes()
    (path.parent / lockfile.NAME).write_bytes(old_lock)
    plan, outcome, _ = run(path, appeared(1, "New title"))
    assert not plan.conflicts
    assert not outcome.written
    assert outcome.lock_written
    assert path.read_bytes() == after
    run(path, appeared(1, "Newer title"))
    assert value(path, plan.actions[0].key, "title") == "Newer title"


def test_a_kill_between_file_and_lock_is_no_doing_of_the_persons(path: Path) -> None:
    news = appeared(1, version=2)
    last = record(1, version=3, stated=Stated("preprint", Venue("withdrawn")))
    lock = path.parent / lockfile.NAME
    run(path, record(1))
    before = lock.read_bytes()
    run(path, news)
    undisturbed = lock.read_bytes()
    lock.write_bytes(before)
    run(path, news)
    assert lock.read_bytes() == undisturbed
    plan, _, _ = run(path, last)
    assert not plan.conflicts
    assert "WITHDRAWN" in (value(path, plan.actions[0].key, "note") or "")
    assert path.read_text(encoding="utf-8").startswith("@misc")


# A process of its own that is killed (-9) just before it puts a file in its place, the given one of those.
KILLED_AT = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = {folders!r}
from test_bib_target import PLAIN, TODAY, appeared, record
from bridge.bibtex.target import BibTarget

left = {before}

def kill(event, arguments):
    global left
    if event == "os.rename":
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

target = BibTarget(Path({path!r}))
plan = target.plan([appeared(1), record(2)], PLAIN, TODAY)
sys.addaudithook(kill)
target.apply(plan)
"""


@pytest.mark.parametrize("days_later", [False, True])
@pytest.mark.parametrize("before", [1, 2])
def test_a_kill_before_either_file_is_in_its_place_changes_nothing_later(
    path: Path, before: int, days_later: bool, tmp_path: Path
) -> None:
    lock = path.with_name(lockfile.NAME)
    run(path, record(1))
    untouched = path.read_bytes()
    script = KILLED_AT.format(
        folders=[str(Path(__file__).parents[1]), str(Path(__file__).parent)], path=str(path), before=before
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert (path.read_bytes() == untouched) == (before == 1)
    if days_later:
        for file in path.parent.glob(".*.new"):
            os.utime(file, (1_000_000_000, 1_000_000_000))
    twin = tmp_path / "twin" / path.name
    twin.parent.mkdir()
    run(twin, record(1))
    run(twin, appeared(1), record(2))

    outcome = run(path, appeared(1), record(2))[1]
    assert (outcome.written, outcome.lock_written) == (before == 1, True)
    assert path.read_bytes() == twin.read_bytes()
    assert lock.read_bytes() == twin.with_name(lockfile.NAME).read_bytes()
    # what the killed run added is bibbridge's own, and what was left behind is not taken for news again
    run(path, record(2), decisions=Decisions(keep=frozenset(("*:title",))))
    plan, _, _ = run(path, appeared(1), appeared(2, "Another Title"))
    assert not plan.conflicts
    assert value(path, plan.actions[1].key, "title") == "Another Title"
    assert not run(path, appeared(1), appeared(2, "Another Title"))[1].written

    left = list(path.parent.glob(".*.new"))
    assert len(left) == (1 if before == 1 and not days_later else 0)
    own = path.with_name(f".{path.name}.notes.new")
    own.write_text("a person's", encoding="utf-8")
    for file in (*left, own):
        os.utime(file, (1_000_000_000, 1_000_000_000))
    run(path, appeared(1, "Yet Another Title"))
    assert list(path.parent.glob(".*.new")) == [own]


def test_a_lock_that_may_not_be_written_keeps_the_file_as_it_is(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(path, record(1))
    before = path.read_bytes()
    monkeypatch.setattr(os, "access", lambda file, mode: Path(file).name != lockfile.NAME)
    with pytest.raises(InputError, match=r"bibbridge\.lock: the file is read-only"):
        run(path, record(1, "Another Study"))
    assert path.read_bytes() == before
    assert list(path.parent.glob(".*.new")) == []


def test_what_is_saved_while_the_new_file_is_written_is_not_lost(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor saves between the writing of the new file and its renaming: when the new file reaches the
    disk."""
    run(path, record(1))
    saved: list[str] = []
    sync = os.fsync

    def save_first(handle: int) -> None:
        if not saved:
            saved.append(path.read_text(encoding="utf-8") + "% saved meanwhile\n")
            path.write_text(saved[0], encoding="utf-8")
        sync(handle)

    monkeypatch.setattr(os, "fsync", save_first)
    run(path, record(1, "Another Study"))
    text = path.read_text(encoding="utf-8")
    assert "% saved meanwhile" in text
    assert "Another Study" in text
    assert [one.name for one in path.parent.glob(".*.new")] == []


def test_the_diff_is_what_apply_does(path: Path, tmp_path: Path) -> None:
    path.write_text(SCHOLAR, encoding="utf-8")
    target = BibTarget(path)
    plan = target.plan([record(1), record(2, "Something New")], PLAIN, TODAY)
    diff = target.diff(plan)
    assert path.read_text(encoding="utf-8") == SCHOLAR
    assert "+  eprint={2606.00001}," in diff
    if shutil.which("patch"):
        copy = tmp_path / "copy.bib"
        copy.write_text(SCHOLAR, encoding="utf-8")
        subprocess.run(["patch", "-s", str(copy)], input=diff.encode(), check=True)
        target.apply(plan)
        assert copy.read_bytes() == path.read_bytes()


def test_one_action_a_record(path: Path) -> None:
    plan, _, _ = run(path, record(1), record(1), record(2))
    assert [action.identity for action in plan.actions] == ["arXiv:2606.00001", "arXiv:2606.00002"]
    assert json.dumps(plan.listing())


def test_stray_bytes_can_be_shown(path: Path) -> None:
    path.write_bytes("@misc{k, title = {Größe ".encode() + b"\xff}, eprint = {2606.00001}}\n")
    target = BibTarget(path)
    plan = target.plan([record(1)], PLAIN, TODAY)
    assert "Größe \ufffd" in target.diff(plan)
    assert [conflict.yours for conflict in plan.conflicts] == ["Größe \ufffd"]
    target.apply(plan)
    assert b"\xff}, eprint" in path.read_bytes()


def test_a_state_folder_that_cannot_be_used_stops_nobody(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_the_way = path.with_name("file")
    in_the_way.write_text("", encoding="utf-8")
    monkeypatch.setenv("BIBBRIDGE_STATE_DIR", str(in_the_way / "state"))
    monkeypatch.setattr("tempfile.tempdir", str(path.parent))
    assert run(path, record(1))[1].written


ADDER = """
import sys
from pathlib import Path
sys.path[:0] = {folders!r}
from test_bib_target import PLAIN, TODAY, record
from bridge.bibtex.target import BibTarget
target = BibTarget(Path({path!r}))
for number in range({first}, {first} + 15):
    target.apply(target.plan([record(number)], PLAIN, TODAY))
"""


def test_two_runs_at_once_lose_nothing(path: Path) -> None:
    here = Path(__file__).parent
    folders = [str(here.parent), str(here)]
    scripts = [ADDER.format(folders=folders, path=str(path), first=first) for first in (100, 200, 300)]
    processes = [subprocess.Popen([sys.executable, "-c", script]) for script in scripts]
    assert [process.wait() for process in processes] == [0, 0, 0]
    document = Document(path.read_text(encoding="utf-8"))
    assert len(document.entries) == len(document.keys) == 45
    assert len(lockfile.load(path.parent / lockfile.NAME).bases("refs.bib")) == 45


# A process of its own, so that its children may be killed at will: each writes the file over and over.
KILLER = """
import os, random, signal, sys, time
from dataclasses import replace
from pathlib import Path
sys.path[:0] = {folders!r}
from test_bib_target import TODAY, Decisions, record
from bridge.bibtex.document import Document
from bridge.bibtex.target import BibTarget
from bridge import lockfile

path = Path({path!r})
records = [record(n, "Title number %d " % n + "x" * 3000) for n in range(1, 60)]

def write(path, times):
    target = BibTarget(path)
    for turn in range(times):
        these = [replace(one, title=("odd ", "even ")[turn % 2] + one.title) for one in records]
        target.apply(target.plan(these, Decisions(theirs=True), TODAY))

write(path.with_name("warm.bib"), 1)  # everything is imported and read before the first fork
start = time.monotonic()
write(path.with_name("warm.bib"), 4)
turn = (time.monotonic() - start) / 4  # on this machine, under this load

chance = random.Random({seed})
seen = set()
for _ in range({kills}):
    child = os.fork()
    if child == 0:
        write(path, 100000)
    time.sleep(chance.uniform(0.0, 5 * turn))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if not path.exists():
        continue
    document = Document(path.read_text(encoding="utf-8"))
    first = {{document.value(entry.fields[0]).split()[0] for entry in document.entries}}
    assert len(document.entries) == 59 and len(first) == 1 and not document.broken, first
    assert not lockfile.load(path.parent / lockfile.NAME).problems
    seen |= first
print(*sorted(seen))
"""


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_a_whole_file(path: Path) -> None:
    here = Path(__file__).parent
    kills = int(os.environ.get("BIBBRIDGE_TEST_KILLS", "20"))
    script = KILLER.format(folders=[str(here.parent), str(here)], path=str(path), kills=kills, seed=kills)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.split() == ["even", "odd"], done.stderr
    # and the next run goes on as if nothing had happened, wherever the last kill fell
    word = Document(path.read_text(encoding="utf-8")).text.partition("title = {")[2].split()[0]
    title = "Title number {} " + "x" * 3000
    records = [record(n, f"{word} {title.format(n)}") for n in range(1, 60)]
    plan, outcome, _ = run(path, *records)
    assert not plan.conflicts
    assert not outcome.written
    twin = path.with_name("twin") / path.name
    twin.parent.mkdir()
    run(twin, *records)
    bases = (lockfile.load(one.with_name(lockfile.NAME)).bases(path.name).values() for one in (path, twin))
    ours, its = ({base.identity: (base.fields, base.agreed) for base in some} for some in bases)
    assert ours == its


# -- TeX as the judge --


@pytest.mark.tex
def test_bibtex_and_biber_read_what_they_read_before_and_the_new(path: Path, tmp_path: Path) -> None:
    from texjudge import run_biber, run_bibtex

    before = SCHOLAR + '\n@article(p, author = "A. Bee", title = nips # { x}, journal = {J}, year = 1999)\n'
    path.write_text(before, encoding="utf-8")
    run(path, record(1), record(2, "Something New"), appeared(3, "Quite Another"))
    after = path.read_text(encoding="utf-8")
    for judge in (lambda text: run_bibtex(text, "plain", tmp_path), lambda text: run_biber(text, tmp_path)):
        assert len(judge(after).keys) == len(judge(before).keys) + 2


def test_replacing_one_record_by_its_twin_changes_nothing(path: Path) -> None:
    run(path, record(1))
    assert not run(path, replace(record(1), source="elsewhere"))[1].written


def test_conflicts_without_a_lock_are_told_with_their_cause(path: Path) -> None:
    run(path, record(1))
    path.with_name("bibbridge.lock").unlink()
    _, _, target = run(path, record(1))
    assert not target.problems  # nothing to decide
    path.with_name("bibbridge.lock").unlink()
    _, _, target = run(path, record(1, "Another Title", version=2))
    assert [problem.code for problem in target.problems] == ["no-lock"]
    _, _, target = run(path, record(1, "Another Title", version=2))
    assert not target.problems  # it is there again, and the conflict as well


def test_a_renamed_file_is_known_by_its_entries(path: Path) -> None:
    run(path, record(1), record(2, "Another Study"))
    edit(path, ("Another Study", "Another Study, {Mine}"))
    renamed = path.with_name("thesis.bib")
    path.rename(renamed)
    plan, _, _ = run(renamed, appeared(1, "A Study of Many Things"), record(2, "Another Study"), record(3))
    assert [action.kind for action in plan.actions] == ["update", "unchanged", "add"]
    assert "Many Things" in renamed.read_text(encoding="utf-8")
    assert "{Mine}" in renamed.read_text(encoding="utf-8")


def test_an_entry_of_a_file_that_is_gone_is_no_deleted_one(path: Path) -> None:
    run(path, record(1), record(2, "Another Study"))
    path.unlink()
    other = path.with_name("other.bib")
    other.write_text("", encoding="utf-8")
    plan, _, _ = run(other, record(1), record(2, "Another Study"))
    assert [action.kind for action in plan.actions] == ["add", "add"]


def test_a_file_that_stands_keeps_what_is_known_of_it(path: Path) -> None:
    run(path, record(1))
    copied = path.with_name("copied.bib")
    copied.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    run(copied, record(1))
    plan, _, _ = run(path, appeared(1))
    assert plan.actions[0].kind == "update"


def test_a_file_that_is_gone_begins_anew(path: Path) -> None:
    run(path, record(1), record(2, "Another Study"))
    before = path.read_text(encoding="utf-8")
    path.unlink()
    plan, outcome, _ = run(path, record(1), record(2, "Another Study"))
    assert ([action.kind for action in plan.actions], outcome.written) == (["add", "add"], True)
    assert path.read_text(encoding="utf-8") == before
    plan, outcome, _ = run(path, record(1), record(2, "Another Study"))
    assert not outcome.written


def test_an_id_mistyped_later_is_no_deletion(path: Path) -> None:
    run(path, record(1))
    edit(path, ("eprint = {2606.00001}", "eprint = {2606.00007}"))
    text = path.read_text(encoding="utf-8").replace("2606.00001", "2606.00007")
    path.write_text(text, encoding="utf-8")
    plan, _, _ = run(path, record(1))
    (skipped,) = plan.actions
    assert (skipped.kind, skipped.key) == ("skip", "mullerStudyThings2026")
    assert "names another paper by now" in skipped.reason
    assert path.read_text(encoding="utf-8") == text


def test_an_entry_without_an_id_under_a_known_key_is_not_said_to_have_another(path: Path) -> None:
    run(path, record(1))
    theirs = "@article{mullerStudyThings2026, title={Things, Studied}, author={Müller, Jane}, year=2026}\n"
    path.write_text(theirs, encoding="utf-8")
    plan, _, _ = run(path, record(1))
    (skipped,) = plan.actions
    assert skipped.kind == "skip"
    assert "names no arXiv paper" in skipped.reason
    assert "eprint = {2606.00001}" in skipped.reason
    assert path.read_text(encoding="utf-8") == theirs


def test_a_publishers_doi_comes_where_arxivs_was_deleted(path: Path) -> None:
    run(path, record(1))
    edit(path, ("  doi = {10.48550/arXiv.2606.00001},\n", ""))
    run(path, record(1))
    assert value(path, "mullerStudyThings2026", "doi") is None
    run(path, appeared(1))
    assert value(path, "mullerStudyThings2026", "doi") == "10.1145/1.2"
    edit(path, ("  doi = {10.1145/1.2},\n", ""))
    run(path, appeared(1))
    assert value(path, "mullerStudyThings2026", "doi") is None


ACCEPTED = Stated("conferencePaper", Venue("accepted", "NSDI", "Networked Systems", "conference", 2027))


@pytest.mark.parametrize(
    ("dialect", "name", "old", "new"),
    [
        ("biblatex", "pubstate", "pubstate = {inpress}", "pubstate = {forthcoming}"),
        ("bibtex", "note", "note = {To appear}", "note = {To appear. Best paper}"),
    ],
)
def test_who_wrote_that_a_paper_is_to_come_hears_when_it_has(
    path: Path, dialect: str, name: str, old: str, new: str
) -> None:
    run(path, record(1, stated=ACCEPTED), dialect=dialect)
    edit(path, (old, new))
    for _ in range(2):
        plan, _, _ = run(path, appeared(1), dialect=dialect)
        assert [(c.field, c.theirs) for c in plan.conflicts] == [(name, "")]
        assert new in path.read_text(encoding="utf-8")
    accepted = Decisions(accept=frozenset({f"mullerStudyThings2027:{name}"}))
    run(path, appeared(1), dialect=dialect, decisions=accepted)
    assert name not in path.read_text(encoding="utf-8")
    plan, outcome, _ = run(path, appeared(1), dialect=dialect)
    assert not plan.conflicts
    assert not outcome.written


@pytest.mark.parametrize("keep", ["x", "x:type", "*:type"])
def test_a_type_of_ones_own_can_be_settled(path: Path, keep: str) -> None:
    run(path, record(1))
    edit(path, ("@misc{mullerStudyThings2026", "@techreport{mullerStudyThings2026"))
    keep = keep.replace("x", "mullerStudyThings2026")
    plan, _, _ = run(path, appeared(1))
    assert "type" in [c.field for c in plan.conflicts]
    plan, _, _ = run(path, appeared(1), decisions=Decisions(keep=frozenset({keep})))
    assert "type" not in [c.field for c in plan.conflicts]
    text = path.read_text(encoding="utf-8")
    assert "@techreport{" in text
    dates = [value(path, "mullerStudyThings2026", name) for name in ("year", "month")]
    assert dates in (["2026", "jun"], ["2027", None])
    plan, outcome, _ = run(path, appeared(1))
    assert not plan.conflicts
    assert not outcome.written
