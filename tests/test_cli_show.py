"""`bibbridge show`: cards, JSON, exit codes and what a person is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.feedtext import DAILY_RSS, Paper, entry_text, error_feed_text, feed_text

EXAMPLE = Path(__file__).parent.parent / "examples" / "cs-dc.atom"
GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "listing.atom"
    path.write_text(feed_text(Paper(comment="Accepted at NeurIPS 2025, 12 pages"), Paper(id="2606.00002")))
    return path


RECORD_KEYS = (
    "arxiv_id version pinned title authors abstract published updated primary_category categories comment "
    "journal_ref doi arxiv_doi url pages figures tables item_type published_in venue related fields"
)


def test_jsonl_is_one_record_a_line_with_every_key_of_the_contract(run: Run, feed: Path) -> None:
    ran = run("show", feed, "--jsonl")
    assert ran.code == 0
    records = [json.loads(line) for line in ran.out.splitlines()]
    assert [record["arxiv_id"] for record in records] == ["2606.03498", "2606.00002"]
    first = records[0]
    assert set(RECORD_KEYS.split()) <= set(first)
    assert set(first["authors"][0]) == {"given", "family", "suffix", "literal", "affiliations"}
    assert {"volume", "number", "pages", "article_number", "publisher"} == set(first["published_in"])
    venue = first["venue"]
    assert (venue["status"], venue["name"], venue["year"]) == ("accepted", "NeurIPS", 2025)
    evidence = venue["evidence"][0]
    assert first["comment"][evidence["start"] : evidence["end"]] == evidence["text"]
    assert first["pages"] == 12
    assert records[1]["venue"]["status"] == "none"


def test_json_is_a_list(run: Run, feed: Path) -> None:
    ran = run("show", feed, "--json")
    assert [record["arxiv_id"] for record in json.loads(ran.out)] == ["2606.03498", "2606.00002"]


def test_the_example_feed_gives_the_golden_records(run: Run) -> None:
    ran = run("show", EXAMPLE, "--jsonl")
    assert ran.code == 0
    expected = (GOLDEN / "cs-dc.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line) for line in ran.out.splitlines()] == [
        json.loads(line) for line in expected.splitlines()
    ]


def test_a_card_says_what_a_person_wants_to_know(run: Run, feed: Path) -> None:
    out = run("show", feed).out
    assert "arXiv:2606.03498v1  [cs.DC]  2026-06-02" in out
    assert "accepted by NeurIPS 2025 (conference)" in out
    assert "“" in out
    assert "https://arxiv.org/abs/2606.03498" in out


def test_standard_input_and_several_sources_are_one_listing(run: Run, feed: Path) -> None:
    ran = run("show", feed, "-", "--jsonl", stdin=feed_text(Paper(version=2)).encode())
    records = [json.loads(line) for line in ran.out.splitlines()]
    assert [(record["arxiv_id"], record["version"]) for record in records] == [
        ("2606.03498", 2),
        ("2606.00002", 1),
    ]
    assert "3 entries from 2 sources, 2 records after merging" in ran.err
    assert "other version left out" in ran.err


def test_all_versions(run: Run, feed: Path) -> None:
    ran = run("show", feed, "-", "--jsonl", "--versions", "all", stdin=feed_text(Paper(version=2)).encode())
    versions = [json.loads(line)["version"] for line in ran.out.splitlines()]
    assert versions == [1, 2, 1]


def test_daily_feeds_are_shown(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "cs.DC.rss"
    path.write_text(DAILY_RSS)
    record = json.loads(run("show", path, "--jsonl").out)
    assert record["arxiv_id"] == "2609.31763"
    assert [author["family"] for author in record["authors"]] == ["de Lara", "Smith", "Bee"]
    assert record["authors"][1]["suffix"] == "Jr."


def test_a_feed_without_entries_is_no_error(run: Run) -> None:
    ran = run("show", "-", "--jsonl", stdin=feed_text().encode())
    assert (ran.code, ran.out) == (0, "")
    assert "no entries" in ran.err


def test_quiet_says_nothing_but_errors(run: Run, feed: Path) -> None:
    assert run("show", feed, "-q").err == ""
    assert "not XML" in run("show", "-", "-q", stdin=b"x").err


@pytest.mark.parametrize(
    ("content", "code", "told"),
    [
        (b"", 3, "empty"),
        (b"no feed", 3, "not XML"),
        (b"<html></html>", 3, "HTML page"),
        (error_feed_text("incorrect id format for abc").encode(), 3, "incorrect id format for abc"),
        (feed_text(Paper()).encode()[:-30], 3, "damaged"),
        (feed_text(Paper(), entry_text(Paper(), leave_out=("id",))).encode(), 5, "no id"),
    ],
)
def test_bad_input_is_told_and_costs_no_good_input(
    run: Run, feed: Path, content: bytes, code: int, told: str
) -> None:
    ran = run("show", "-", feed, "--jsonl", stdin=content)
    assert ran.code == code
    assert told in ran.err or "XML" in ran.err
    assert "standard input" in ran.err
    assert {json.loads(line)["arxiv_id"] for line in ran.out.splitlines()} >= {"2606.03498", "2606.00002"}


def test_a_file_without_a_single_id_is_unreadable(run: Run, feed: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("bogus\nmore of it\n")
    ran = run("show", bad)
    assert ran.code == 3
    assert "bad.txt:1" in ran.err
    assert run("show", bad, feed).code == 5


def test_an_id_that_a_listing_tells_of_is_not_missed_offline(run: Run, feed: Path) -> None:
    ran = run("show", "2606.03498", feed, "--offline", "--jsonl")
    assert ran.code == 0
    assert "another source" in ran.err
    assert run("show", "2606.09999", feed, "--offline", "--jsonl").code == 5


def test_a_file_that_is_not_there_is_named(run: Run, feed: Path) -> None:
    ran = run("show", "missing.atom", feed, "--jsonl")
    assert ran.code == 3
    assert "missing.atom: No such file" in ran.err
    assert len(ran.out.splitlines()) == 2


@pytest.mark.parametrize("source", ["not an id", "1706.03762v0", "2606.0349", "query:"])
def test_what_is_no_source_is_a_usage_error_with_the_reason(run: Run, source: str) -> None:
    ran = run("show", source)
    assert ran.code == 2
    assert "error:" in ran.err
    assert ran.out == ""


def test_options_that_exclude_each_other(run: Run, feed: Path) -> None:
    assert run("show", feed, "--json", "--jsonl").code == 2


def test_help_and_version(run: Run) -> None:
    assert run("--version").out.startswith("bibbridge 0.")
    overview = run("--help").out
    for command in ("show", "bib", "push", "pull", "login"):
        assert command in overview
        assert "SOURCE" in run(command, "--help").out or command in ("pull", "login")


def test_an_unknown_option_is_a_usage_error(run: Run) -> None:
    assert run("show", "x", "--nonsense").code == 2


@pytest.mark.parametrize("doi", ["10.1103/PhysRevD.98.030001", "https://doi.org/10.1103/PhysRevD.98.030001"])
def test_a_publishers_doi_is_no_source(run: Run, doi: str) -> None:
    ran = run("show", doi)
    assert ran.code == 2
    assert "publisher's DOI" in ran.err


@pytest.mark.parametrize(
    "text",
    ["2606.03498\n", "# mine\nhttps://arxiv.org/abs/2606.03498\n", "@misc{a, eprint = {2606.03498}}\n"],
)
def test_standard_input_may_be_whatever_a_source_is(run: Run, text: str) -> None:
    ran = run("show", "-", "--offline", "--no-cache", stdin=text.encode())
    assert "arXiv (2606.03498): it is not in the cache" in ran.err


def test_standard_input_that_is_nothing_of_that_kind(run: Run) -> None:
    ran = run("show", "-", stdin=b"garbage\nand more\n")
    assert ran.code == 3
    assert "no feed" in ran.err or "not a feed" in ran.err
