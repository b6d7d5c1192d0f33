"""An arXiv client for the tests: at the stand-in server, on a virtual clock, in a folder of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from arxivserver import ArxivServer, VirtualClock

from bridge.arxiv.api import ArxivClient, FetchResult
from bridge.arxiv.services import Services
from bridge.errors import Problem
from bridge.identifiers import ArxivId, parse_arxiv_id
from bridge.patience import Patience

DELAY = 3.0


class Desk:
    """A server, a folder and a clock; `client()` opens another client there, as another run would."""

    def __init__(self, server: ArxivServer, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.clock = VirtualClock()
        self.problems: list[Problem] = []

    def client(self, *, seconds: float = 120.0, oai: bool = False, **also: Any) -> ArxivClient:
        services = Services(
            self.server.url,
            self.server.oai_url if oai else None,
            self.server.rss_url,
            DELAY,
            "me@example.org",
        )
        return ArxivClient(
            services, Patience(seconds, clock=self.clock), self.folder, self.problems.append, **also
        )

    def fetch(self, *ids: str, all_versions: bool = False, **also: Any) -> FetchResult:
        """One run that asks for ids; checks the account before it is returned."""
        asked = [parse_arxiv_id(text) for text in ids]
        with self.client(**also) as client:
            result = client.fetch(asked, all_versions=all_versions)
        check_account(result, asked, all_versions=all_versions)
        return result

    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self.problems]


def check_account(result: FetchResult, asked: list[ArxivId], *, all_versions: bool = False) -> None:
    """Asked = delivered + unknown + malformed + failed, every one in exactly one of them, and each named."""
    assert result.asked == tuple(dict.fromkeys(asked))
    lost = [*result.unknown, *result.malformed, *(failure.id for failure in result.failed)]
    assert {problem.place.entry for problem in result.problems} == {str(one) for one in lost}
    assert all(problem.lost for problem in result.problems)
    assert list(result.delivered) == [one for one in result.asked if one in result.delivered]
    for one, entries in result.delivered.items():
        for entry in entries:
            named = parse_arxiv_id(entry.id or "")
            assert named.id == one.id
            assert one.version in (None, named.version)
    if not all_versions:
        assert sorted([*result.delivered, *lost], key=str) == sorted(result.asked, key=str)
        assert all(len(entries) == 1 for entries in result.delivered.values())


def versions_of(result: FetchResult, text: str) -> list[int | None]:
    """The versions delivered for an id."""
    return [parse_arxiv_id(entry.id or "").version for entry in result.delivered[parse_arxiv_id(text)]]
