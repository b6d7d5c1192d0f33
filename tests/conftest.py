"""What every test runs under: folders of its own, and no way to a machine outside."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("bibbridge", deadline=None)  # how fast a machine is proves nothing
settings.load_profile("bibbridge")

NOWHERE = "http://127.0.0.1:9"  # the discard port: nothing of ours listens there


@pytest.fixture(autouse=True)
def own_world(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cache and state in a fresh folder, and every service at an address where nobody answers."""
    world = tmp_path_factory.mktemp("world")
    for name in ("ZOTERO_API_KEY", "ZOTERO_LIBRARY_ID", "ZOTERO_LIBRARY_TYPE", "BIBBRIDGE_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BIBBRIDGE_CACHE_DIR", str(world / "cache"))
    monkeypatch.setenv("BIBBRIDGE_STATE_DIR", str(world / "state"))
    for name in ("ARXIV", "OAI", "RSS", "ZOTERO"):
        monkeypatch.setenv(f"BIBBRIDGE_{name}_URL", NOWHERE)
    monkeypatch.setenv("BIBBRIDGE_ARXIV_DELAY", "0")
    # no test may meet the keyring of the person who runs it
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@dataclass(frozen=True)
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str


class _Stream(io.TextIOWrapper):
    """A standard stream whose bytes are kept, closing or not."""

    def __init__(self, content: bytes = b"") -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8", write_through=True)

    @property
    def text(self) -> str:
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue().decode("utf-8")


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line in this process: `run("show", path, stdin=b"…")`."""

    def run_command(*arguments: str | Path, stdin: bytes = b"") -> Ran:
        from bridge.__main__ import main

        out, err = _Stream(), _Stream()
        with monkeypatch.context() as patch:
            patch.setenv("SOURCE_DATE_EPOCH", "1795600000")  # 2026-11-25, whenever the tests run
            patch.setattr(sys, "argv", ["bibbridge", *map(str, arguments)])
            patch.setattr(sys, "stdin", _Stream(stdin))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            code = main()
        assert "Traceback" not in err.text
        return Ran(code, out.text, err.text)

    return run_command
