"""`bibbridge bib`: what a person gets, run after run, and what a program is told."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from arxivserver import ArxivServer
from arxivserver import Paper as Served

from tests.conftest import Run
from tests.feedtext import Paper, feed_text

EXAMPLE = Path(__file__).parent.parent / "examples" / "cs-dc.atom"
GOLDEN = Path(__file__).parent / "golden"
KEY = "ilinTitle2026"


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "listing.atom"
    path.write_text(feed_text(Paper(), Paper(id="2606.00002", title="Another One")))
    return path


@pytest.fixture
def refs(tmp_path: Path) -> Path:
    return tmp_path / "refs.bib"


@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
def test_the_example_feed_gives_the_golden_bib(run: Run, refs: Path, dialect: str) -> None:
    ran = run("bib", EXAMPLE, "-o", refs, "--dialect", dialect)
    assert ran.code == 0
    golden = (GOLDEN / f"cs-dc.{dialect}.bib").read_text(encoding="utf-8")
    assert refs.read_text(encoding="utf-8") == golden
    assert "15 added" in ran.err
    assert run("bib", EXAMPLE, "--dialect", dialect).out == golden


def test_a_second_run_writes_no_byte(run: Run, feed: Path, refs: Path) -> None:
    run("bib", feed, "-o", refs)
    before = refs.stat().st_mtime_ns, (refs.parent / "bibbridge.lock").stat().st_mtime_ns
    ran = run("bib", feed, "-o", refs)
    assert (refs.stat().st_mtime_ns, (refs.parent / "bibbridge.lock").stat().st_mtime_ns) == before
    assert "2 unchanged" in ran.err


def test_news_arrives_where_nobody_edited_and_edits_stay(run: Run, feed: Path, refs: Path) -> None:
    run("bib", feed, "-o", refs)
    refs.write_text(refs.read_text().replace("title = {A Title}", "title = {My Title}"))
    feed.write_text(feed_text(Paper(title="A Better Title"), Paper(id="2606.00002", title="Another Two")))
    ran = run("bib", feed, "-o", refs)
    text = refs.read_text()
    assert ran.code == 0
    assert "title = {My Title}" in text
    assert "title = {Another Two}" in text
    assert "1 conflict, yours kept" in ran.err
    assert f"--accept {KEY}:title" in ran.err
    accepted = run("bib", feed, "-o", refs, "--accept", f"{KEY}:Title")
    assert accepted.code == 0
    assert "--accept" not in accepted.err
    assert "title = {A Better Title}" in refs.read_text()


def test_a_bib_with_a_git_conflict_is_not_written(run: Run, feed: Path, refs: Path) -> None:
    text = "@misc{a,\n<<<<<<< HEAD\n title={Q}\n=======\n title={R}\n>>>>>>> other\n}\n"
    refs.write_text(text)
    for more in ([], ["--dry-run"], ["--check"]):
        ran = run("bib", feed, "-o", refs, *more)
        assert ran.code == 3
        assert f"error: {refs}:2: a git conflict was left in the file" in ran.err
        assert "settle the merge first" in ran.err
    assert refs.read_text() == text


def test_a_deleted_entry_stays_deleted_until_it_is_restored(run: Run, feed: Path, refs: Path) -> None:
    run("bib", feed, "-o", refs)
    refs.write_text(refs.read_text()[: refs.read_text().index("@misc", 1)])
    ran = run("bib", feed, "-o", refs)
    assert "1 skipped" in ran.err
    assert "--restore" in ran.err
    assert "2606.00002" not in refs.read_text()
    run("bib", feed, "-o", refs, "--restore")
    assert "2606.00002" in refs.read_text()


def test_dry_run_shows_a_diff_and_writes_nothing(run: Run, feed: Path, refs: Path) -> None:
    ran = run("bib", feed, "-o", refs, "--dry-run")
    assert (ran.code, refs.exists()) == (0, False)
    assert ran.out.startswith("--- ")
    assert f"+@misc{{{KEY}," in ran.out
    assert "would be 2 added" in ran.err


def test_check_exits_1_while_something_would_change(run: Run, feed: Path, refs: Path) -> None:
    assert run("bib", feed, "-o", refs, "--check").code == 1
    assert not refs.exists()
    run("bib", feed, "-o", refs)
    assert run("bib", feed, "-o", refs, "--check").code == 0


def test_json_is_the_contracts_summary(run: Run, feed: Path, refs: Path) -> None:
    ran = run("bib", feed, "-o", refs, "--json", "--dry-run")
    told = json.loads(ran.out)
    assert told["added"] == 2
    assert [step["action"] for step in told["plan"]] == ["add", "add"]
    assert {"action", "id", "key", "fields"} <= set(told["plan"][0])
    told = json.loads(run("bib", feed, "missing.atom", "-o", refs, "--json").out)
    assert {
        "added",
        "updated",
        "unchanged",
        "skipped",
        "conflicts",
        "failed",
        "requests",
        "seconds_waited",
    } <= set(told)
    assert told["failed"][0]["id"] == "missing.atom"


def test_without_a_lock_none_is_written(run: Run, feed: Path, refs: Path) -> None:
    run("bib", feed, "-o", refs, "--no-lock")
    assert [path.name for path in sorted(refs.parent.iterdir())] == ["listing.atom", "refs.bib"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--key-pattern", "auth+("), "pattern"),
        (("--fields", "nonsense"), "nonsense"),
        (("--dialect", "plain"), "dialect"),
        (("--venue", "maybe"), "venue"),
    ],
)
def test_options_that_make_no_sense(
    run: Run, feed: Path, refs: Path, arguments: tuple[str, str], told: str
) -> None:
    ran = run("bib", feed, "-o", refs, *arguments)
    assert ran.code == 2
    assert told in ran.err
    assert not refs.exists()


def test_a_key_pattern_is_checked_before_it_is_needed(run: Run, feed: Path, refs: Path) -> None:
    run("bib", feed, "-o", refs)
    assert run("bib", feed, "-o", refs, "--key-pattern", "auth+(").code == 2


@pytest.mark.parametrize(
    "options", ["--json", "--dry-run", "--check", "--theirs", "--restore", "--accept some:title"]
)
def test_what_needs_a_file_says_so(run: Run, feed: Path, options: str) -> None:
    ran = run("bib", feed, *options.split())
    assert ran.code == 2
    assert "-o FILE" in ran.err


def test_a_missing_folder_is_named(run: Run, feed: Path, tmp_path: Path) -> None:
    ran = run("bib", feed, "-o", tmp_path / "nowhere" / "refs.bib")
    assert ran.code == 3
    assert "nowhere" in ran.err


def test_fields_and_keys_as_asked(run: Run, feed: Path) -> None:
    out = run("bib", feed, "--fields", "Abstract, keywords", "--key-pattern", "auth.lower + year").out
    assert "abstract = {An abstract.}" in out
    assert "keywords = {cs.DC}" in out
    assert "@misc{ilin2026," in out
    assert "@misc{ilin2026a," in out


def test_no_tex_of_a_title_survives_that_could_do_harm(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "nasty.atom"
    path.write_text(
        feed_text(
            Paper(title=r"On {\input{/etc/passwd} and \write18{rm} 100% of $x_1"), Paper(id="2606.00002")
        )
    )
    out = run("bib", path).out
    assert "\\input" not in out
    assert "\\write" not in out
    assert out.count("{") == out.count("}")
    assert "2606.00002" in out


def test_ids_links_and_files_that_name_papers_are_asked_for_at_once(
    run: Run, refs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ArxivServer([Served(f"2606.{number:05d}") for number in range(1, 6)]) as server:
        monkeypatch.setenv("BIBBRIDGE_ARXIV_URL", server.url)
        (tmp_path / "ids.txt").write_text("2606.00002  # a remark\nhttps://arxiv.org/abs/2606.00003v1\n")
        (tmp_path / "paper.tex").write_text(r"\cite{2606.00004}, \input{sec1} \include{gone}")
        (tmp_path / "sec1.tex").write_text(r"see \cite{arXiv:2606.00005}")
        ran = run(
            "bib", "arXiv:2606.00001", tmp_path / "ids.txt", tmp_path / "paper.tex", "2606.09999", "-o", refs
        )
        assert len(server.asked()) == 1
    text = refs.read_text()
    assert ran.code == 5
    assert "arXiv has no 2606.09999" in ran.err
    for number in range(1, 6):
        assert f"2606.{number:05d}" in text
    assert "eprint = {2606.00003v1}" in text
    assert "@misc{arXiv:2606.00005," in text
    assert rf"note: {tmp_path / 'paper.tex'}:1: what \include{{gone}} takes in is not read" in ran.err


def test_a_conflict_can_be_settled_for_ones_own_side(run: Run, feed: Path, refs: Path) -> None:
    run("bib", feed, "-o", refs)
    refs.write_text(refs.read_text().replace("title = {A Title}", "title = {My Title}"))
    feed.write_text(feed_text(Paper(title="A Better Title"), Paper(id="2606.00002", title="Another Two")))
    told = run("bib", feed, "-o", refs)
    assert f"--keep {KEY}:title" in told.err
    kept = run("bib", feed, "-o", refs, "--keep", f"{KEY}:title", "--keep", "nobody:title")
    assert "yours kept" not in kept.err
    assert "--keep nobody:title: none of the entries" in kept.err
    assert "2 unchanged; settled for yours in 1 entry" in kept.err
    mistyped = run(
        "bib", feed, "-o", refs, "--keep", f"{KEY}:titel", "--keep", "*:titel", "--keep", "*:title"
    )
    for name in (f"{KEY}:titel", "*:titel"):
        assert f"--keep {name}: bibbridge writes no field 'titel' there" in mistyped.err
    assert "--keep *:title:" not in mistyped.err
    text = refs.read_text()
    assert "title = {My Title}" in text
    later = run("bib", feed, "-o", refs, "--keep", f"{KEY}:title")
    assert "yours kept" not in later.err
    assert "settled for yours" not in later.err
    assert refs.read_text() == text
    feed.write_text(feed_text(Paper(title="The Best Title"), Paper(id="2606.00002", title="Another Two")))
    again = run("bib", feed, "-o", refs)
    assert "1 conflict, yours kept" in again.err


def test_a_feed_is_one_whatever_its_name(run: Run, feed: Path, tmp_path: Path) -> None:
    named = tmp_path / "saved.txt"
    named.write_bytes(b"\xef\xbb\xbf\n" + feed.read_bytes())
    ran = run("bib", named)
    assert (ran.code, ran.out) == (0, run("bib", feed).out)


def test_papers_cited_by_their_ids_get_those_keys(
    run: Run, refs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ArxivServer([Served(f"2606.{number:05d}") for number in range(1, 6)]) as server:
        monkeypatch.setenv("BIBBRIDGE_ARXIV_URL", server.url)
        run("bib", "2606.00005", "-o", refs)
        cites = (
            r"\cite{2606.00001,Foo99}, \citep[see][]{arXiv:2606.00002}, arXiv:2606.00003, \cite{2606.00005}"
        )
        (tmp_path / "paper.tex").write_text(cites + r" % \cite{2606.00004}")
        (tmp_path / "paper.aux").write_text("\\relax\n\\citation{2606.00004v1}\n")
        ran = run("bib", tmp_path / "paper.tex", tmp_path / "paper.aux", "-o", refs)
        new = run("bib", tmp_path / "paper.tex").out
        asked = run("bib", tmp_path / "paper.tex", "--key-pattern", "'x' + arxiv").out
    text = refs.read_text()
    for key in ("2606.00001", "arXiv:2606.00002", "2606.00004v1"):
        assert f"@misc{{{key},\n" in text
    assert "@misc{2606.00003," not in text
    (note,) = [line for line in ran.err.splitlines() if "is cited" in line]
    assert note.startswith("note: 2606.00005 is cited, and has the key ")
    assert "@misc{arXiv:2606.00002,\n" in new
    assert "@misc{x2606.00002,\n" in asked


def test_a_conflict_over_a_type_says_what_waits_with_it(run: Run, feed: Path, refs: Path) -> None:
    refs.write_text(
        "@techreport{a, title={A Title}, author={Ilin, Ivan},"
        " institution={MIT}, year={2026}, eprint={2606.03498}}\n"
    )
    feed.write_text(feed_text(Paper(journal_ref="JHEP 01 (2026) 006", doi="10.1007/JHEP01(2026)006")))
    told = " ".join(run("bib", feed, "-o", refs).err.split())
    assert "waits with it: journal = Journal of High Energy Physics, volume = 01, pages = 006, doi" in told
    taken = run("bib", feed, "-o", refs, "--accept", "a:type")
    assert "waits" not in taken.err
    assert "volume={01}" in refs.read_text()


def test_a_program_is_told_of_a_file_that_is_refused(run: Run, feed: Path, refs: Path) -> None:
    refs.write_text("@misc{a,\n<<<<<<< HEAD\n title={Q}\n=======\n title={R}\n>>>>>>> other\n}\n")
    for more in ([], ["--dry-run"]):
        ran = run("bib", feed, "-o", refs, "--json", *more)
        assert ran.code == 3
        told = json.loads(ran.out)
        assert (told["added"], told["failed"][0]["id"]) == (0, str(refs))
        assert "git conflict" in told["failed"][0]["reason"]


@pytest.mark.parametrize("venue", ["off", "note"])
def test_a_key_names_the_year_that_the_entry_tells(run: Run, feed: Path, venue: str) -> None:
    feed.write_text(feed_text(Paper(comment="Accepted at NeurIPS 2027")))
    for policy, year in (("upgrade", "2027"), (venue, "2026")):
        out = run("bib", feed, "--venue", policy).out
        assert f"{{ilinTitle{year},\n" in out
        assert f"year = {{{year}}}" in out


def test_a_feed_without_versions_pins_nothing(run: Run, feed: Path, refs: Path) -> None:
    feed.write_text(feed.read_text().replace("abs/2606.00002v1", "abs/2606.00002"))
    (refs.parent / "ids.txt").write_text("2606.00002\n")
    ran = run("bib", refs.parent / "ids.txt", feed, "-o", refs, "--offline")
    assert ran.code == 0
    assert "vNone" not in (refs.parent / "bibbridge.lock").read_text() + ran.err


def test_a_kept_journal_of_ones_own_is_not_called_unknown(run: Run, feed: Path, refs: Path) -> None:
    fields = "title={A Title}, author={Ilin, Ivan}, journal={Nature}, year={2026}, eprint={2606.03498}"
    refs.write_text(f"@article{{a, {fields}}}\n")
    feed.write_text(feed_text(Paper(journal_ref="JHEP 01 (2026) 006")))
    kept = run("bib", feed, "-o", refs, "--keep", "a:journal")
    assert "settled for yours in 1 entry" in kept.err
    assert "bibbridge writes no field" not in kept.err


def test_only_what_waits_is_said_to_wait(run: Run, feed: Path, refs: Path) -> None:
    fields = "title={A Title}, author={Ilin, Ivan}, journal={Nature}, year={2026}, doi={10.1038/x}"
    refs.write_text(f"@article{{a, {fields}, eprint={{2606.03498}}, eprinttype={{arXiv}}}}\n")
    feed.write_text(feed_text(Paper(journal_ref="JHEP 01 (2026) 006")))
    told = " ".join(run("bib", feed, "-o", refs, "--dialect", "biblatex").err.split())
    assert "waits with it: volume = 01, eid = 006 to take" in told


def test_a_superseded_paper_is_not_said_to_be_withdrawn(run: Run, feed: Path, refs: Path) -> None:
    feed.write_text(feed_text(Paper(comment="Accepted at NeurIPS 2026")))
    run("bib", feed, "-o", refs)
    feed.write_text(feed_text(Paper(version=2, comment="This paper is superseded by arXiv:2607.00001")))
    ran = run("bib", feed, "-o", refs)
    assert "is SUPERSEDED by arXiv:2607.00001, so it is written as a preprint again" in ran.err


def test_a_feed_delivers_the_version_that_another_source_names(run: Run, feed: Path, refs: Path) -> None:
    (refs.parent / "paper.tex").write_text(r"\cite{2606.00002v1}, \cite{2606.03498v7}")
    ran = run("bib", refs.parent / "paper.tex", feed, "-o", refs, "--offline")
    assert ran.code == 5
    assert "note: arXiv (2606.00002v1): it is not in the cache" in ran.err
    assert "error: arXiv (2606.03498v7): it is not in the cache" in ran.err
    text = refs.read_text()
    assert "@misc{2606.00002v1,\n" in text
    assert "eprint = {2606.00002v1}" in text


def test_nobody_is_told_to_cite_an_entry_that_they_deleted(run: Run, feed: Path, refs: Path) -> None:
    run("bib", feed, "-o", refs)
    refs.write_text(refs.read_text()[: refs.read_text().index("@misc", 1)])
    (refs.parent / "paper.tex").write_text(r"\cite{2606.00002}")
    ran = run("bib", refs.parent / "paper.tex", feed, "-o", refs, "--offline")
    assert "is cited" not in ran.err
    assert "you deleted it" in ran.err
    assert run("bib", feed, "-o", refs, "--accept", "ilinAnotherOne2026").code == 0
    assert "2606.00002" in refs.read_text()


def test_a_service_that_is_down_is_named_and_what_is_cached_is_delivered(
    run: Run, refs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ArxivServer([Served("2606.00001")]) as server:
        monkeypatch.setenv("BIBBRIDGE_ARXIV_URL", server.url)
        assert run("bib", "2606.00001", "-o", refs).code == 0
    ran = run("bib", "2606.00001", "2606.00002", "-o", refs, "--timeout", "0")
    assert ran.code == 4
    assert "127.0.0.1" in ran.err
    offline = run("show", "2606.00001", "2606.00002", "--offline", "--jsonl")
    assert offline.code == 5
    assert json.loads(offline.out)["arxiv_id"] == "2606.00001"
    assert "2606.00002" in offline.err


def test_a_biblatex_file_stays_one_without_being_told(run: Run, feed: Path, refs: Path) -> None:
    run("bib", feed, "-o", refs, "--dialect", "biblatex")
    before = refs.read_text()
    assert "2 unchanged" in run("bib", feed, "-o", refs).err
    assert refs.read_text() == before


def test_a_pipe_or_device_is_written_to_and_not_replaced(run: Run, feed: Path, tmp_path: Path) -> None:
    import os
    import threading

    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    assert run("bib", feed, "-o", pipe).code == 0
    reader.join()
    assert read[0].count("@misc{") == 2
    assert pipe.is_fifo()
    assert run("bib", feed, "-o", "-").out == read[0]


def test_one_field_can_be_accepted_in_every_conflict_and_nowhere_else(
    run: Run, feed: Path, refs: Path
) -> None:
    run("bib", feed, "-o", refs)
    written = refs.read_text()
    mine = written.replace("title = {A Title}", "title = {My Title}")
    mine = mine.replace("title = {Another One}", "title = {My Other}").replace(
        "year = {2026}", "year = {2027}"
    )
    refs.write_text(mine)
    feed.write_text(feed_text(Paper(title="A Better Title"), Paper(id="2606.00002", title="Another Two")))
    told = run("bib", feed, "-o", refs)
    assert "--accept '*:title' (every title)" in told.err
    assert refs.read_text() == mine
    ran = run("bib", feed, "-o", refs, "--accept", "*:title")
    assert "conflict" not in ran.err
    expected = mine.replace("{My Title}", "{A Better Title}").replace("{My Other}", "{Another Two}")
    assert refs.read_text() == expected
    # what only the person changed is no conflict, and stays
    assert "no conflict in that field" in run("bib", feed, "-o", refs, "--accept", "*:year").err
    assert refs.read_text() == expected


def test_an_accept_that_meets_nothing_is_told(run: Run, feed: Path, refs: Path) -> None:
    assert "--accept typo:title" in run("bib", feed, "-o", refs, "--accept", "typo:title").err
    run("bib", feed, "-o", refs)
    key = re.findall(r"@\w+\{([^,]+),", refs.read_text(encoding="utf-8"))[0]
    assert "no field 'ttile'" in run("bib", feed, "-o", refs, "--accept", f"{key}:ttile").err
    assert "--accept" not in run("bib", feed, "-o", refs, "--accept", f"{key}:title").err


def test_two_papers_of_one_issue_have_two_dois(run: Run, tmp_path: Path) -> None:
    first, second = (
        f"10.1002/(SICI)1097-0118(199804)27:4<{p}::AID-JGT{n}>3.0.CO;2-H" for p, n in ((209, 4), (300, 9))
    )
    path = tmp_path / "sici.atom"
    path.write_text(feed_text(Paper(doi=first), Paper(id="2606.00002", title="Other", doi=second)))
    ran = run("show", path, "--jsonl")
    assert [json.loads(line)["doi"] for line in ran.out.splitlines()] == [first, second]
    assert "share" not in ran.err


def test_a_withdrawn_paper_is_warned_of_at_every_run_but_not_from_an_older_listing(
    run: Run, refs: Path, tmp_path: Path
) -> None:
    said = {1: "This paper has been withdrawn", 2: "Accepted at ICML 2026"}
    for version, comment in said.items():
        paper = Paper(id="2606.00001", version=version, comment=comment)
        (tmp_path / f"v{version}.atom").write_text(feed_text(paper))
    for _ in range(2):
        assert "warning: arXiv:2606.00001 is WITHDRAWN" in run("bib", tmp_path / "v1.atom", "-o", refs).err
    assert "WITHDRAWN" not in run("bib", tmp_path / "v2.atom", "-o", refs).err
    ran = run("bib", tmp_path / "v1.atom", "-o", refs)
    assert "WITHDRAWN" not in ran.err
    assert "older than version 2" in ran.err
    assert "WITHDRAWN" not in refs.read_text(encoding="utf-8")


@pytest.mark.parametrize("look", [(), ("--check",), ("--dry-run",), ("--dry-run", "--json")])
def test_what_the_encoding_lacks_is_refused_by_a_rehearsal_too(
    run: Run, refs: Path, tmp_path: Path, look: tuple[str, ...]
) -> None:
    (tmp_path / "f.atom").write_text(feed_text(Paper(authors=["\u738b \u5c0f\u660e"])), encoding="utf-8")
    refs.write_bytes("@misc{a, title={Caf\xe9}, year=2000}\n".encode("latin-1"))
    ran = run("bib", tmp_path / "f.atom", "-o", refs, *look)
    assert ran.code == 3
    assert f"{refs} (Title2026): the file is in latin-1" in ran.err
    assert "iconv -f iso8859-1 -t utf-8" in ran.err
    if "--json" in look:
        reason = json.loads(ran.out)["failed"][0]["reason"]
        assert "latin-1" in reason
        assert "iconv" in reason
    else:
        assert ran.out == ""


def test_an_accept_of_what_waits_for_the_type_says_so(run: Run, refs: Path, tmp_path: Path) -> None:
    for name, comment in (("old", None), ("new", "Accepted at ICML 2026")):
        (tmp_path / f"{name}.atom").write_text(feed_text(Paper(comment=comment)))
    run("bib", tmp_path / "old.atom", "-o", refs)
    refs.write_text(refs.read_text(encoding="utf-8").replace("@misc", "@article"), encoding="utf-8")
    key = re.findall(r"@\w+\{([^,]+),", refs.read_text(encoding="utf-8"))[0]
    ran = run("bib", tmp_path / "new.atom", "-o", refs, "--accept", f"{key}:publisher")
    assert f"--accept {key}:type" in ran.err
    assert ", and waits" in ran.err
    ran = run("bib", tmp_path / "new.atom", "-o", refs, "--accept", f"{key}:titel")
    assert "no field 'titel'" in ran.err
    assert ", and waits" not in ran.err
    ran = run("bib", tmp_path / "new.atom", "-o", refs, "--accept", f"{key}:booktitle")
    assert ", and waits" not in ran.err
    assert "@inproceedings" in refs.read_text(encoding="utf-8")
    assert "booktitle" in refs.read_text(encoding="utf-8")


def test_what_changed_in_an_entry_is_told(run: Run, refs: Path, tmp_path: Path) -> None:
    for name, comment in (("old", None), ("new", "Accepted at ICML 2026")):
        (tmp_path / f"{name}.atom").write_text(feed_text(Paper(comment=comment)))
    run("bib", tmp_path / "old.atom", "-o", refs)
    ran = run("bib", tmp_path / "new.atom", "-o", refs)
    key = re.findall(r"@\w+\{([^,]+),", refs.read_text(encoding="utf-8"))[0]
    (line,) = [line for line in ran.err.splitlines() if line.strip().startswith(key)]
    assert "misc → inproceedings; " in line
    assert "booktitle" in line
    assert "→" not in run("bib", tmp_path / "new.atom", "-o", refs).err


def test_where_nothing_could_be_read_nothing_is_said_to_be_done(run: Run, refs: Path) -> None:
    ran = run("bib", "missing.atom", "-o", refs)
    assert ran.code == 3
    assert "missing.atom" in ran.err
    assert "nothing to do" not in ran.err
    assert "0 entries" not in ran.err


def test_a_character_that_is_left_out_is_told(run: Run, refs: Path, tmp_path: Path) -> None:
    (tmp_path / "odd.atom").write_text(feed_text(Paper(title="On 😀 and ≠", authors=["Ann Qƀr"])))
    ran = run("bib", tmp_path / "odd.atom", "-o", refs)
    assert ran.code == 0
    assert "its title has '😀'" in ran.err
    assert "its author list has 'ƀ'" in ran.err
    assert "≠" not in ran.err
    told = run("bib", tmp_path / "odd.atom", "--dialect", "biblatex").err
    assert "has '" not in told


def test_a_letter_that_was_encoded_twice_is_mended_and_nothing_is_said_to_be_left_out(
    run: Run, refs: Path, tmp_path: Path
) -> None:
    feed = tmp_path / "feed.atom"
    feed.write_text(feed_text(Paper(authors=["Jean-Marc Aza\u00c3\u00afs"])), encoding="utf-8")
    ran = run("bib", str(feed), "-o", str(refs))
    assert ran.code == 0
    assert "left out" not in ran.err
    assert r"Aza{\"i}s, Jean-Marc" in refs.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", ""], "names no file"),
        (["-o", "x.bib", "--fields", "foo"], "unknown field 'foo'"),
        (["-o", "x.bib", "--key-pattern", "zz"], "no function 'zz'"),
        (["-o", "x.bib", "--key-pattern", ""], "citation-key pattern ''"),
        (["-o", "x.bib", "--accept", ""], "names no entry"),
        (["-o", "x.bib", "--accept", ":title"], "names no entry"),
    ],
)
def test_what_is_wrong_with_the_command_line_is_told_before_anything_is_read(
    run: Run, arguments: list[str], said: str
) -> None:
    ran = run("bib", "nowhere.atom", *arguments)
    assert ran.code == 2
    assert said in ran.err
    assert "nowhere.atom" not in ran.err


def test_a_folder_is_no_source(run: Run, tmp_path: Path) -> None:
    ran = run("bib", tmp_path)
    assert ran.code == 3
    assert "directory" in ran.err
