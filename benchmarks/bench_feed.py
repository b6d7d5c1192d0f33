"""Reading feeds and writing a new .bib, measured against peers and floors in one run.

    python -m benchmarks.bench_feed [--quick]

Every figure is the median of paired runs in processor time: ours and the peer's alternate, so that what else
the machine does hits both. Prints the table of the README; exits 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import compileall
import gc
import os
import re
import stat
import statistics
import subprocess
import sys
import tempfile
import time
import xml.parsers.expat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent / "examples" / "cs-dc.atom"


def make_feed(entries: int) -> bytes:
    """A feed of any length out of the example's entries, each with an id of its own."""
    text = EXAMPLE.read_text(encoding="utf-8")
    models = re.findall(r"  <entry>.*?</entry>\n", text, re.DOTALL)
    head = text[: text.index("  <entry>")]
    made = [head]
    for number in range(entries):
        month, serial = divmod(number, 9999)
        arxiv_id = f"{15 + month // 12:02d}{month % 12 + 1:02d}.{serial + 1:05d}"
        made.append(re.sub(r"(?<=arxiv\.org/abs/)[\d.]+(?=v)", arxiv_id, models[number % len(models)]))
    return "".join([*made, "</feed>\n"]).encode()


def read_ours(data: bytes) -> object:
    from bridge import read_feed

    return list(read_feed(data))


def read_by_arxiv(data: bytes) -> object:
    from arxiv import _feed

    return _feed.parse(data).results


def read_by_feedparser(data: bytes) -> object:
    import io

    import feedparser

    return feedparser.parse(io.BytesIO(data))


def read_by_expat(data: bytes) -> object:
    return xml.parsers.expat.ParserCreate().Parse(data, True)


def write_bib(data: bytes) -> object:
    """The whole way: feed file → records → deduplicated → a new .bib and its lock."""
    from bridge.bibtex.target import BibTarget
    from bridge.decisions import Decisions
    from bridge.pipeline import Settings, gather

    with tempfile.TemporaryDirectory() as folder:
        feed = Path(folder, "feed.atom")
        feed.write_bytes(data)
        gathered = gather([str(feed)], Settings(abstracts=False))  # as the command does
        target = BibTarget(Path(folder, "refs.bib"))
        return target.apply(target.plan(gathered.records, Decisions(), "2026-01-01"))


def processor_time(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def compile_package() -> None:
    """Make the bytecode that an installed program has; a checkout's may be missing or stale."""
    for folder in ("bridge", "mappings"):
        compileall.compile_dir(EXAMPLE.parent.parent / folder, quiet=1)


def child_time(command: list[str]) -> float:
    """User and system seconds of a whole process."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return usage.ru_utime + usage.ru_stime


def ratio(ours: Callable[[], float], theirs: Callable[[], float], runs: int) -> tuple[float, float, float]:
    """(median ratio, our median, their median) of `runs` alternating pairs."""
    pairs = [(ours(), theirs()) for _ in range(runs)]
    return (
        statistics.median(a / b for a, b in pairs),
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
    )


@dataclass
class Row:
    """One line of the table; `limit` is the most that `value` may be, None where it only informs."""

    what: str
    size: str
    value: float
    unit: str
    limit: float | None
    detail: str

    @property
    def missed(self) -> bool:
        return self.limit is not None and self.value > self.limit

    def __str__(self) -> str:
        limit = "" if self.limit is None else f"≤ {self.limit:g} {self.unit}"
        mark = " **missed**" if self.missed else ""
        return f"| {self.what} | {self.size} | {self.value:.2f} {self.unit} | {limit}{mark} | {self.detail} |"


def parsing_rows(sizes: list[int], runs: int) -> Iterator[Row]:
    peers: list[tuple[str, Callable[[bytes], object], float | None]] = [
        ("expat, no handlers", read_by_expat, None),
        ("`arxiv` 4 building Results", read_by_arxiv, 0.6),
        ("`feedparser.parse`", read_by_feedparser, 0.1),
    ]
    for size in sizes:
        data = make_feed(size)
        for name, read, limit in peers:
            # the peers are slow at the largest size, and linear: one pair tells as much there
            pairs = runs if size <= 2000 else max(1, runs // 3)
            value, ours, theirs = ratio(
                lambda d=data: processor_time(lambda: read_ours(d)),  # type: ignore[misc]
                lambda d=data, r=read: processor_time(lambda: r(d)),  # type: ignore[misc]
                pairs,
            )
            detail = f"{ours / size * 1e6:.0f} µs against {theirs / size * 1e6:.0f} µs an entry"
            yield Row(f"parsing / {name}", f"{size:,}", value, "×", limit, detail)


def growth_row(small: int, large: int, runs: int) -> Row:
    few, many = make_feed(small), make_feed(large)
    value, ours, theirs = ratio(
        lambda: processor_time(lambda: read_ours(many)) / large,
        lambda: processor_time(lambda: read_ours(few)) / small,
        runs,
    )
    detail = f"{ours * 1e6:.0f} µs against {theirs * 1e6:.0f} µs an entry"
    return Row(f"time an entry, {large:,} / {small:,}", f"{large:,}", value, "×", 1.3, detail)


def end_to_end_row(size: int, runs: int) -> Row:
    from bridge.__main__ import COLLECTOR

    data = make_feed(size)
    write_bib(make_feed(20))  # the tables are loaded once a process: that is start-up
    before = gc.get_threshold()
    gc.set_threshold(*COLLECTOR)  # both sides as the command line runs them
    try:
        value, ours, theirs = ratio(
            lambda: processor_time(lambda: write_bib(data)),
            lambda: processor_time(lambda: read_ours(data)),
            runs,
        )
    finally:
        gc.set_threshold(*before)
    detail = f"{ours / size * 1e6:.0f} µs against {theirs / size * 1e6:.0f} µs an entry"
    return Row("feed → new .bib / parsing", f"{size:,}", value, "×", 4.0, detail)


def memory_row(size: int) -> Row:
    code = (
        "import sys; from bridge.cli import main; main(sys.argv[1:], standalone_mode=False); "
        "status = open('/proc/self/status').read(); print(status.split('VmHWM:')[1].split()[0])"
    )
    with tempfile.TemporaryDirectory() as folder:
        feed = Path(folder, "feed.atom")
        feed.write_bytes(make_feed(size))
        command = [sys.executable, "-c", code, "bib", str(feed), "-o", str(Path(folder, "refs.bib"))]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    megabytes = int(done.stdout.split()[-1]) / 1024
    return Row("peak memory, feed → new .bib", f"{size:,}", megabytes, "MB", 250, "")


def start_rows(runs: int) -> Iterator[Row]:
    script = Path(sys.executable).parent / "bibbridge"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "emptymodule.py").write_text("def main():\n    return 0\n", encoding="utf-8")
        empty = Path(folder, "empty")
        text = script.read_text(encoding="utf-8").replace("bridge.__main__", "emptymodule")
        assert "emptymodule" in text, "the console script has an unknown form"
        empty.write_text(text, encoding="utf-8")
        empty.chmod(empty.stat().st_mode | stat.S_IXUSR)
        os.environ["PYTHONPATH"] = folder
        value, ours, theirs = ratio(
            lambda: child_time([str(script), "--version"]), lambda: child_time([str(empty)]), runs
        )
        del os.environ["PYTHONPATH"]
    yield Row(
        "`--version` / empty script", "", value, "×", 1.15, f"{ours * 1e3:.0f} ms, {theirs * 1e3:.0f} ms"
    )
    value, ours, theirs = ratio(
        lambda: child_time([str(script), "--help"]),
        lambda: child_time([sys.executable, "-c", "import click"]),
        runs,
    )
    yield Row("`--help` / `import click`", "", value, "×", 1.3, f"{ours * 1e3:.0f} ms, {theirs * 1e3:.0f} ms")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="small sizes and few runs: to try the script")
    quick = parser.parse_args().quick
    compile_package()
    sizes, runs = ([100, 500], 3) if quick else ([100, 2000, 30000], 9)
    rows = [*parsing_rows(sizes, runs), growth_row(sizes[1], sizes[-1], max(3, runs // 3))]
    rows += [end_to_end_row(sizes[1], runs), memory_row(sizes[-1]), *start_rows(3 * runs)]
    print("| measure | entries | ours | limit | |")
    print("|---|---|---|---|---|")
    for row in rows:
        print(row)
    return 1 if any(row.missed for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
