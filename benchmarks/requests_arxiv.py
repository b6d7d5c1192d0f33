"""How many requests N papers cost, and how long politeness makes them last.

    python benchmarks/requests_arxiv.py [--faults]

A loopback server stands in for arXiv and a virtual clock for the pauses, so that it runs in seconds and shows
the same figures everywhere. The peer is any client that asks for one id a request (with the pause that arXiv
asks for), which is counted and not run. With --faults the server fails 30 % of the requests, and the figures
are means of 20 runs.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path
from statistics import mean

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from arxivserver import ArxivServer, Fault, Paper, Reply, VirtualClock, reset_mid_body, status, truncated

from bridge.arxiv.api import ArxivClient
from bridge.arxiv.pacing import ARXIV_DELAY
from bridge.arxiv.services import Services
from bridge.identifiers import ArxivId
from bridge.patience import Patience

SIZES = (1, 40, 200, 2000)
RUNS = 20
FAULTS: tuple[Fault, ...] = (status(406), status(429), status(503), reset_mid_body, truncated)


def measure(server: ArxivServer, folder: Path, count: int) -> tuple[int, float, int]:
    """Requests, seconds of pauses, and papers delivered for the first `count` papers."""
    services = Services(server.url, None, None, ARXIV_DELAY)
    clock = VirtualClock()
    with ArxivClient(services, Patience(600, clock=clock), folder, lambda problem: None) as client:
        ids = [ArxivId(text) for text in list(server.papers)[:count]]
        result = client.fetch(ids)
        return client.stats.requests, client.stats.seconds_waited, len(result.delivered)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", action="store_true", help="fail 30 %% of the requests")
    faulty = parser.parse_args().faults
    chance = random.Random(2026)

    def sometimes(reply: Reply) -> Reply:
        return chance.choice(FAULTS)(reply) if chance.random() < 0.3 else reply

    print("| papers | requests, cold | pauses | requests, warm | delivered | one id a request | its pauses |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    with ArxivServer([Paper(f"2601.{number:05d}") for number in range(1, SIZES[-1] + 1)]) as server:
        server.always = sometimes if faulty else None
        for count in SIZES:
            cold, warm = [], []
            for _ in range(RUNS if faulty else 1):
                with tempfile.TemporaryDirectory() as folder:
                    cold.append(measure(server, Path(folder), count))
                    warm.append(measure(server, Path(folder), count))
            cells = [
                f"{count:,}",
                f"{mean(run[0] for run in cold):g}",
                f"{mean(run[1] for run in cold):.0f} s",
                f"{mean(run[0] for run in warm):g}",
                f"{mean(run[2] for run in cold):,g}",
                f"{count:,}",
                f"{(count - 1) * ARXIV_DELAY:,.0f} s",
            ]
            print("|", " | ".join(cells), "|")


if __name__ == "__main__":
    main()
