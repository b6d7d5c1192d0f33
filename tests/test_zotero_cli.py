"""push, pull and login on the command line: what is printed where, exit codes, and the key nowhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from zoteroserver import Fault, ZoteroServer

from bridge.cli import run

ENTRY = """<entry><id>http://arxiv.org/abs/2601.{0:05}v1</id><updated>2026-01-06T10:00:00Z</updated>
<published>2026-01-05T10:00:00Z</published><title>{1} {0}</title><summary>We study {0}.</summary>
<author><name>Ada Lovelace</name></author><arxiv:comment>{2}</arxiv:comment>
<arxiv:primary_category term="cs.DC"/><category term="cs.DC"/></entry>"""
FEED = """<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"
xmlns:arxiv="http://arxiv.org/schemas/atom">{}</feed>"""


@pytest.fixture
def server() -> Iterator[ZoteroServer]:
    with ZoteroServer() as running:
        yield running


def feed(folder: Path, count: int = 3, title: str = "On the number", comment: str = "5 pages") -> str:
    path = folder / "listing.atom"
    path.write_text(FEED.format("".join(ENTRY.format(n, title, comment) for n in range(1, count + 1))))
    return str(path)


Shell = Callable[..., tuple[int, str, str]]


@pytest.fixture
def shell(server: ZoteroServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: Any) -> Shell:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZOTERO_API_KEY", server.KEY)
    monkeypatch.setenv("BIBBRIDGE_ZOTERO_URL", server.url)

    def bibbridge(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["bibbridge", *words])
        code = run()
        shown = capfdbinary.readouterr()
        out, err = shown.out.decode(), shown.err.decode()
        for key in (server.KEY, server.READ_ONLY, server.NO_NOTES):
            assert key not in out + err
        return code, out, err

    return bibbridge


def test_push_tells_people_and_programs(shell: Shell, server: ZoteroServer, tmp_path: Path) -> None:
    source = feed(tmp_path)
    code, out, err = shell("push", source, "--collection", "A/B", "--dry-run", "--json")
    told = json.loads(out)
    assert (code, told["added"], len(told["plan"])) == (0, 3, 3)
    assert set(told["plan"][0]) == {"action", "id", "key", "fields"}
    assert "would be 3 added" in err
    assert server.writes() == []
    code, out, err = shell("push", source, "--collection", "A/B", "--collection", "C", "--json")
    told = json.loads(out)
    assert (code, told["added"], told["failed"]) == (0, 3, [])
    assert set(told) == {
        *("added", "updated", "unchanged", "skipped", "conflicts", "failed", "requests", "seconds_waited")
    }
    assert "3 created" in err
    code, out, err = shell("push", source, "--collection", "A/B")
    assert (code, out) == (0, "")
    assert "3 unchanged (2 requests)" in err


def test_conflicts_leave_exit_code_0(shell: Shell, server: ZoteroServer, tmp_path: Path) -> None:
    shell("push", feed(tmp_path, 1))
    state = server.library()
    [key] = [key for key, one in state.items.items() if "title" in one.data]
    state.write_item({"key": key, "version": state.items[key].version, "title": "Mine"})
    code, out, err = shell("push", feed(tmp_path, 1, title="Theirs"), "--json")
    [conflict] = json.loads(out)["conflicts"]
    assert (code, conflict["field"], conflict["yours"]) == (0, "title", "Mine")
    assert "1 conflict, yours kept" in err
    code, out, err = shell("push", feed(tmp_path, 1, title="Theirs"), "--accept", f"{key}:title")
    assert (code, state.items[key].data["title"]) == (0, "Theirs 1")
    state.write_item({"key": key, "version": state.items[key].version, "title": "Mine"})
    code, out, err = shell("push", feed(tmp_path, 1, title="New"), "--accept", "*:title")
    assert (code, state.items[key].data["title"]) == (0, "New 1")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--library", "nowhere"), 2, "names no Zotero library"),
        (("--collection", "A//B"), 2, "empty name"),
        (("--collection", ""), 2, "empty name"),
        (("--library", "group:77"), 4, "Group not found"),
        (("--library", "user:99"), 4, "belongs to user 1"),
        (("--offline",), 2, "offline"),
    ],
)
def test_what_cannot_be_pushed_to(
    shell: Shell, server: ZoteroServer, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    assert shell("push", feed(tmp_path), *words)[0] == code
    assert said in shell("push", feed(tmp_path), *words)[2]
    assert server.writes() == []


@pytest.mark.parametrize("debug", [False, True])
def test_a_wrong_key_is_told_and_not_shown(
    shell: Shell, server: ZoteroServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, debug: bool
) -> None:
    if debug:
        monkeypatch.setenv("BIBBRIDGE_DEBUG", "1")
    for key in ("wrongwrongwrongwrongwrong", "bad key\u00e9"):
        monkeypatch.setenv("ZOTERO_API_KEY", key)
        code, out, err = shell("push", feed(tmp_path), "-v")
        assert code in (2, 4)
        assert key not in out + err
    monkeypatch.setenv("ZOTERO_API_KEY", server.READ_ONLY)
    code, _, err = shell("push", feed(tmp_path))
    assert code == 4
    assert "Allow write access" in err
    assert server.writes() == []


def test_a_service_that_fails_ends_with_4_or_5(shell: Shell, server: ZoteroServer, tmp_path: Path) -> None:
    server.faults |= {number: Fault(500) for number in range(1, 40)}
    assert shell("push", feed(tmp_path), "--timeout", "0")[0] == 4
    server.forget()
    shell("push", feed(tmp_path, 1))
    server.forget()
    # the items are written, their notes are not
    server.faults |= {number: Fault(503) for number in range(4, 40)}
    code, out, err = shell("push", feed(tmp_path, 3), "--timeout", "0", "--json")
    told = json.loads(out)
    assert (code, told["added"]) == (5, 2)
    assert [one["id"] for one in told["failed"]] == ["arXiv:2601.00002", "arXiv:2601.00003"]
    assert "run it again" in err
    server.forget()
    code, out, _ = shell("push", feed(tmp_path, 3), "--json")
    assert (code, json.loads(out)["failed"]) == (0, [])
    assert len(server.library().items) == 6


def test_pull_writes_checks_and_compares(shell: Shell, server: ZoteroServer, tmp_path: Path) -> None:
    shell("push", feed(tmp_path), "--collection", "TCP\\/IP/Sub")
    code, out, _ = shell("pull", "--collection", "TCP\\/IP", "-o", "a.bib", "--dry-run", "--json")
    assert (code, json.loads(out)["added"]) == (0, 3)
    assert shell("pull", "--collection", "TCP\\/IP", "-o", "a.bib", "--check")[0] == 1
    assert not (tmp_path / "a.bib").exists()
    code, out, err = shell("pull", "--collection", "TCP\\/IP", "-o", "a.bib", "--json")
    assert (code, json.loads(out)["added"]) == (0, 3)
    assert "3 items" in err
    before = (tmp_path / "a.bib").read_bytes()
    assert shell("pull", "--collection", "TCP\\/IP", "-o", "a.bib", "--check")[0] == 0
    assert shell("pull", "--collection", "TCP\\/IP/Sub", "-o", "a.bib")[0] == 0
    assert (tmp_path / "a.bib").read_bytes() == before
    code, _, err = shell("pull", "--collection", "Nowhere", "-o", "a.bib")
    assert code == 2
    assert "TCP\\/IP/Sub" in err
    server.library().write_collection({"name": "Empty"})
    assert shell("pull", "--collection", "Empty", "-o", "b.bib")[0] == 0
    assert shell("pull", "-o", "c.bib")[0] == 0


def test_a_login_without_a_key_says_so(run: Run) -> None:
    ran = run("login")
    assert ran.code == 2
    assert "no key" in ran.err
