"""Standard streams that the caller has closed, or that nobody reads to the end: real processes and pipes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parent.parent / "examples" / "cs-dc.atom"


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of sh; `$BIB` is `bibbridge bib FEED`."""
    environment = os.environ | {"BIB": f"{sys.executable} -m bridge bib {EXAMPLE}"}
    environment |= {"PYTHONPATH": str(EXAMPLE.parent.parent)}
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "command",
    [
        "$BIB -o refs.bib 2>&-",
        "$BIB -o refs.bib <&-",
        "$BIB -o refs.bib >&-",
        # the reader of what is told goes away at once
        "{ $BIB -o refs.bib 2>&1; echo $? >code; } | true; exit $(cat code)",
    ],
)
def test_the_work_is_done_whoever_listens(command: str, tmp_path: Path) -> None:
    ran = shell(command, tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "refs.bib").read_text(encoding="utf-8").count("@") == 15


def test_a_result_that_would_be_lost_is_a_slip(tmp_path: Path) -> None:
    ran = shell("$BIB >&-", tmp_path)
    assert ran.returncode == 2
    assert "standard output is closed" in ran.stderr


def test_closed_input_is_empty(tmp_path: Path) -> None:
    ran = shell(f"{sys.executable} -m bridge show - <&-", tmp_path)
    assert ran.returncode == 3
    assert "the file is empty" in ran.stderr


@pytest.mark.parametrize("options", ["--foo", "--fields foo"])
def test_a_slip_stays_one_where_nobody_reads_of_it(options: str, tmp_path: Path) -> None:
    ran = shell(f"{{ $BIB {options} 2>&1; echo $? >code; }} | true; exit $(cat code)", tmp_path)
    assert ran.returncode == 2
