"""bibbridge.toml, and venue rows of one's own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.config import BibConfig, Config, load_config
from bridge.errors import InputError
from bridge.venue_table import use_tables
from tests.conftest import Run
from tests.feedtext import Paper, feed_text

ROWS = (
    "name,full_name,kind,aliases,cue_aliases,years,publisher,series\n"
    "QuuxConf,International Quux Conference,conference,QXC,,,Quux Press,\n"
)


@pytest.fixture(autouse=True)
def builtin_tables_again() -> Iterator[None]:
    yield
    use_tables(())


def test_without_a_file_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_config() == Config()


def test_the_example_of_the_readme_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)
    (tmp_path / "bibbridge.toml").write_text(example)
    monkeypatch.chdir(tmp_path)
    assert load_config().bib == BibConfig("biblatex", "upgrade", ("abstract", "-note"), "auth.lower + year")


@pytest.mark.parametrize("by_environment", [True, False])
def test_rows_of_ones_own_are_read_like_the_built_in_ones(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_environment: bool
) -> None:
    (tmp_path / "my-venues.csv").write_text(ROWS)
    (tmp_path / "bibbridge.toml").write_text('mappings = ["my-venues.csv"]\n')
    if by_environment:
        monkeypatch.setenv("BIBBRIDGE_CONFIG", str(tmp_path / "bibbridge.toml"))
    else:
        monkeypatch.chdir(tmp_path)
    feed = feed_text(Paper(comment="Accepted at QXC 2031")).encode()
    venue = json.loads(run("show", "-", "--jsonl", stdin=feed).out)["venue"]
    assert (venue["name"], venue["full_name"], venue["year"]) == (
        "QuuxConf",
        "International Quux Conference",
        2031,
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mappings = [", "no TOML"),
        ("mapping = []", "'mapping'"),
        ('mappings = "x.csv"', "list"),
        ("mappings = [1]", "list"),
        ("bib = 1", "table"),
        ("[bib]\ndialects = 'x'", "'dialects'"),
        ("[bib]\ndialect = 'tex'", "bibtex, biblatex"),
        ("[bib]\nvenue = 'on'", "upgrade, note, off"),
        ("[bib]\nfields = 'abstract'", "list"),
        ("[bib]\nkey-pattern = 1", "text"),
    ],
)
def test_what_makes_no_sense_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, told: str
) -> None:
    (tmp_path / "bibbridge.toml").write_text(text)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=told):
        load_config()


@pytest.mark.parametrize(
    "aliases", ["QXC|QXConf", "QXC |QXConf | ", " QXConf | QXC", "QXC | | QXConf", '"QXC, the | QXConf|QXC"']
)
@pytest.mark.parametrize("said", ["QXC", "QXConf"])
def test_however_aliases_are_parted_each_is_one(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, aliases: str, said: str
) -> None:
    row = f"QuuxConf,International Quux Conference,conference,{aliases},,,,\n"
    (tmp_path / "my-venues.csv").write_text(ROWS.partition("\n")[0] + "\n" + row)
    (tmp_path / "bibbridge.toml").write_text('mappings = ["my-venues.csv"]\n')
    monkeypatch.chdir(tmp_path)
    feed = feed_text(Paper(comment=f"Accepted at {said} 2031")).encode()
    venue = json.loads(run("show", "-", "--jsonl", stdin=feed).out)["venue"]
    assert (venue["name"], venue["year"]) == ("QuuxConf", 2031)


@pytest.mark.parametrize(
    "row", ["-,Foo,conference,,,,,", "Foo,!?,conference,,,,,", "Foo,Foo,conference,--,,,,"]
)
def test_a_form_without_a_word_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str
) -> None:
    (tmp_path / "my-venues.csv").write_text(ROWS + row + "\n")
    (tmp_path / "bibbridge.toml").write_text('mappings = ["my-venues.csv"]\n')
    monkeypatch.chdir(tmp_path)
    ran = run("show", "-", stdin=feed_text(Paper()).encode())
    assert ran.code == 3
    assert "my-venues.csv:3" in ran.err


def test_a_wrong_row_is_named_with_its_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my-venues.csv").write_text(ROWS + "Short,row\n")
    (tmp_path / "bibbridge.toml").write_text('mappings = ["my-venues.csv"]\n')
    monkeypatch.chdir(tmp_path)
    ran = run("show", "-", stdin=feed_text(Paper()).encode())
    assert ran.code == 3
    assert "my-venues.csv:3" in ran.err


def test_a_missing_file_is_named(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIBBRIDGE_CONFIG", str(tmp_path / "none.toml"))
    ran = run("show", "-", stdin=feed_text(Paper()).encode())
    assert ran.code == 3
    assert "none.toml" in ran.err


def test_a_project_says_once_how_its_bib_is_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "dialect = 'biblatex'\nvenue = 'off'\nfields = ['abstract']\nkey-pattern = 'auth.lower + year'\n"
    said = f"[bib]\n{said}"
    (tmp_path / "bibbridge.toml").write_text(said)
    (tmp_path / "f.atom").write_text(feed_text(Paper(comment="Accepted at ICML 2026")))
    monkeypatch.chdir(tmp_path)
    text = run("bib", "f.atom").out
    assert text.startswith("@online{ilin2026,")
    assert "abstract = {" in text
    text = run("bib", "f.atom", "--dialect", "bibtex", "--venue", "upgrade", "--fields", "").out
    assert text.startswith("@inproceedings{ilin2026,")
    assert "abstract = {" not in text


def test_styles_that_print_the_eprint_themselves_need_no_id_in_the_note(run: Run, tmp_path: Path) -> None:
    (tmp_path / "f.atom").write_text(feed_text(Paper()))
    refs = tmp_path / "refs.bib"
    run("bib", tmp_path / "f.atom", "-o", refs)
    assert "note = {arXiv:" in refs.read_text(encoding="utf-8")
    run("bib", tmp_path / "f.atom", "-o", refs, "--fields", "-note")
    assert "note" not in refs.read_text(encoding="utf-8")
    assert "eprint = {" in refs.read_text(encoding="utf-8")


def test_an_unknown_field_is_blamed_on_where_it_was_said(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bibbridge.toml").write_text("[bib]\nfields = ['abstrakt']\n")
    monkeypatch.chdir(tmp_path)
    feed = feed_text(Paper()).encode()
    for options, place in (((), "bibbridge.toml"), (("--fields", "keyword"), "--fields")):
        ran = run("bib", "-", *options, stdin=feed)
        assert ran.code == 2
        assert place in ran.err.partition("\n")[0]
