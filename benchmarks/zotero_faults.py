"""A push of 120 new and 40 changed records, disturbed at every single request in every way, then run again.

    python benchmarks/zotero_faults.py [--new 120] [--changed 40] [--portion 50]

Prints a line a fault; the exit code is 1 if a library was ever not what an undisturbed push makes of it.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from test_zotero_faults import KINDS
from zoterohelp import Stage
from zoteroserver import ZoteroServer

from bridge.errors import RemoteError


def disturbed(stage: Stage, kind: str, place: int, patient: bool) -> None:
    stage.rewind()
    stage.server.faults[place] = KINDS[kind]()
    seconds = 0.0 if not patient else (0.2 if "timed out" in kind else 60.0)
    with contextlib.suppress(RemoteError):
        stage.push(seconds)
    stage.server.faults.clear()
    stage.push(60)
    stage.check()


def killed(stage: Stage, moment: str, place: int) -> None:
    stage.rewind()
    stage.push_and_be_killed(place, moment)
    stage.server.forget()
    stage.push(60)
    stage.check()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--new", type=int, default=120)
    parser.add_argument("--changed", type=int, default=40)
    parser.add_argument("--portion", type=int, default=50)
    asked = parser.parse_args()
    wrong = runs = 0
    began = time.monotonic()
    with ZoteroServer() as server, tempfile.TemporaryDirectory() as folder:
        stage = Stage(server, Path(folder) / "home", asked.new, asked.changed, asked.portion)
        print(f"an undisturbed push takes {stage.requests} requests")
        cases = [(kind, lambda p, k=kind: disturbed(stage, k, p, True)) for kind in KINDS]
        cases += [(f"{kind}, given up", lambda p, k=kind: disturbed(stage, k, p, False)) for kind in KINDS]
        cases += [(f"killed {m}", lambda p, m=m: killed(stage, m, p)) for m in ("before", "after")]
        for name, run in cases:
            failed = []
            for place in range(1, stage.requests + 1):
                runs += 1
                try:
                    run(place)
                except AssertionError:
                    failed.append(place)
            wrong += len(failed)
            print(
                f"{name:32} {'wrong at ' + str(failed) if failed else 'right at every request'}", flush=True
            )
    print(f"{runs} disturbed pushes, {wrong} wrong, {time.monotonic() - began:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
