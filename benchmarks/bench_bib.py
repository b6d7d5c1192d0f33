"""Merging a feed into a library, measured against peers and floors in one run.

    python -m benchmarks.bench_bib [--quick] [--tidy COMMAND] [--papers COMMAND] [--bibtool COMMAND]
                                   [--bibtexparser2 PYTHON]

The peers are programs of their own: `bibtex-tidy` (npm), `papers` (papers-cli on PyPI), `bibtool` (C), and a
Python with bibtexparser 2 (ours has 1.4, which pyzotero needs). One that is not given and not on the PATH is
left out, and said so. Figures are medians of alternating pairs in processor time, of whole processes where a
peer is a program. Prints the table of the README; exits 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shlex
import shutil
import string
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench_feed import Row, child_time, compile_package, make_feed, processor_time, ratio

NEW, OLD = 2000, 5000
_FAMILIES = 900  # first authors in a library of 5,000: some have many papers

FLOOR = """
import re, sys, xml.parsers.expat
from pathlib import Path
feed, library = map(Path, sys.argv[1:])
xml.parsers.expat.ParserCreate().Parse(feed.read_bytes(), True)
text = library.read_text(encoding="utf-8")
keys = set(re.findall(r"@\\w+\\s*[{(]\\s*([^,\\s]+)", text))
library.write_text(text + "x" * 800 * 2000, encoding="utf-8")
"""


def make_library(entries: int) -> str:
    """A library of about 1.1 kB an entry, the same for the same size."""
    chance = random.Random(entries)
    words = ["".join(chance.choices(string.ascii_lowercase, k=chance.randint(3, 10))) for _ in range(4000)]

    def some(number: int) -> str:
        return " ".join(chance.choices(words, k=number))

    def author() -> str:
        return f"{words[min(int(chance.paretovariate(0.6)), _FAMILIES)].title()}, {some(1).title()}"

    made = []
    for number in range(entries):
        month, serial = divmod(number, 9999)
        eprint = f"{8 + month // 12:02d}{month % 12 + 1:02d}.{serial + 1:04d}"
        fields = [
            ("title", some(9).capitalize()),
            ("author", " and ".join(author() for _ in range(4))),
            ("journal", some(4).title()),
            ("year", str(chance.randint(1990, 2025))),
            ("volume", str(chance.randint(1, 90))),
            ("pages", f"{number}--{number + 12}"),
            ("doi", f"10.1234/{some(1)}.{number}"),
            ("eprint", eprint),
            ("archiveprefix", "arXiv"),
            ("abstract", some(95)),
        ]
        body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields)
        made.append(f"@article{{{words[chance.randrange(4000)]}{number},\n{body}}}\n")
    return "\n".join(made)


class Bench:
    """The files of one run, in a folder of its own."""

    def __init__(self, folder: Path, new: int, old: int) -> None:
        self.folder = folder
        self.new, self.old = new, old
        self.feed = folder / "feed.atom"
        self.feed.write_bytes(make_feed(new))
        self.library = make_library(old)
        self.bib = folder / "refs.bib"
        os.environ["BIBBRIDGE_STATE_DIR"] = str(folder / "state")
        os.environ["BIBBRIDGE_CACHE_DIR"] = str(folder / "cache")
        self.command = [sys.executable, "-m", "bridge", "bib", str(self.feed), "-o", str(self.bib)]
        self.command += ["--offline", "-q"]

    def fresh(self) -> None:
        self.bib.write_text(self.library, encoding="utf-8")
        (self.folder / "bibbridge.lock").unlink(missing_ok=True)

    def ours(self) -> float:
        self.fresh()
        return child_time(self.command)

    def floor(self) -> float:
        self.fresh()
        return child_time([sys.executable, "-c", FLOOR, str(self.feed), str(self.bib)])

    def tidy(self, command: list[str]) -> float:
        self.fresh()
        return child_time([*command, str(self.bib), "-o", str(self.folder / "out.bib")])

    def bibtool(self, command: list[str]) -> float:
        self.fresh()
        return child_time([*command, "-s", str(self.bib), "-o", str(self.folder / "out.bib")])

    def papers(self, command: list[str], feed_as_bib: Path) -> float:
        self.fresh()
        flags = ["--no-git", "--no-query-doi", "--no-query-fulltext"]
        places = ["--bibtex", str(self.bib), "--filesdir", str(self.folder / "files")]
        return child_time([*command, "add", *flags, *places, str(feed_as_bib)])

    def peak(self) -> float:
        """Megabytes at most, of the whole process."""
        self.fresh()
        process = subprocess.Popen(self.command)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        return usage.ru_maxrss / 1024


def seconds(ours: float, theirs: float) -> str:
    return f"{ours:.2f} s against {theirs:.2f} s"


def merging_rows(bench: Bench, peers: dict[str, list[str]], runs: int) -> Iterator[Row]:
    size = f"{bench.new:,} + {bench.old:,}"
    value, ours, theirs = ratio(bench.ours, bench.floor, runs)
    detail = seconds(ours, theirs)
    yield Row("feed into library / floor (expat, key scan, write)", size, value, "×", 8, detail)
    if "tidy" in peers:
        value, ours, theirs = ratio(bench.ours, lambda: bench.tidy(peers["tidy"]), runs)
        yield Row("feed into library / bibtex-tidy", size, value, "×", 0.3, seconds(ours, theirs))
    if "bibtool" in peers:
        value, ours, theirs = ratio(bench.ours, lambda: bench.bibtool(peers["bibtool"]), runs)
        yield Row("feed into library / bibtool sorting it (C)", size, value, "×", None, seconds(ours, theirs))
    if "papers" in peers:
        bench.bib.unlink(missing_ok=True)
        (bench.folder / "bibbridge.lock").unlink(missing_ok=True)
        child_time(bench.command)
        feed_as_bib = bench.folder / "feed.bib"
        # it asks a person what to do about two entries that look alike, and here titles come again and again
        feed_as_bib.write_text(_told_apart(bench.bib.read_text(encoding="utf-8")), encoding="utf-8")
        # slow, and the same each time
        value, ours, theirs = ratio(bench.ours, lambda: bench.papers(peers["papers"], feed_as_bib), 1)
        yield Row("feed into library / papers-cli", size, value, "×", 0.1, seconds(ours, theirs))
    yield Row("peak memory", size, bench.peak(), "MB", 120, "")


def _told_apart(bib: str) -> str:
    """Each entry with a title and a DOI of its own."""
    entries = bib.split("\n\n")
    for number, entry in enumerate(entries):
        entry = entry.replace("  title = {", f"  title = {{Number {number} of this feed, ", 1)
        entries[number] = re.sub(r"  doi = \{[^}]*", rf"\g<0>.{number}", entry)
    return "\n\n".join(entries)


SPLIT_2 = """
import resource, sys
from pathlib import Path
from bibtexparser.splitter import Splitter
text = Path(sys.argv[1]).read_text(encoding="utf-8")
start = resource.getrusage(resource.RUSAGE_SELF)
assert len(Splitter(text).split().blocks) > 1
end = resource.getrusage(resource.RUSAGE_SELF)
print(end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime)
"""


def splitting_rows(bench: Bench, peers: dict[str, list[str]], runs: int) -> Iterator[Row]:
    from bridge.bibtex.document import Document

    bench.fresh()

    def ours() -> float:
        return processor_time(lambda: Document(bench.library))

    def second() -> float:
        command = [*peers["bibtexparser2"], "-c", SPLIT_2, str(bench.bib)]
        return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    def first() -> float:
        import bibtexparser

        return processor_time(lambda: bibtexparser.loads(bench.library))

    size = f"{bench.old:,}"
    if "bibtexparser2" in peers:
        value, mine, theirs = ratio(second, ours, runs)
        detail = seconds(theirs, mine)
        yield Row("splitting, times the speed of bibtexparser 2.1", size, -value, "×", -4, detail)
    # so slow that one pair tells enough
    value, mine, theirs = ratio(first, ours, 1)
    yield Row(
        "splitting, times the speed of bibtexparser 1.4.4", size, -value, "×", -50, seconds(theirs, mine)
    )


def growth_row(small: Bench, large: Bench, runs: int) -> Row:
    few, many = small.new + small.old, large.new + large.old
    value, ours, theirs = ratio(lambda: large.ours() / many, lambda: small.ours() / few, runs)
    detail = f"{ours * 1e6:.0f} µs against {theirs * 1e6:.0f} µs an entry"
    return Row(f"time an entry, {many:,} / {few:,}", f"{many:,}", value, "×", 1.3, detail)


def suggestion_rows(new: int, old: int) -> Iterator[Row]:
    from bridge.suggest import ALIKE, Titled, alike, likeness, titled

    chance = random.Random(old)
    entries = re.findall(r"title = \{(.*?)\},\n  author = \{(.*?),", make_library(old))
    known = [titled(title, family) for title, family in entries]
    asked: list[Titled] = []
    for number, one in enumerate(chance.choices(known, k=new)):
        letters = list(one.title)
        for _ in range(chance.randint(0, 3)):
            letters[chance.randrange(len(letters))] = chance.choice(string.ascii_lowercase)
        if number % 2:
            chance.shuffle(letters)
        asked.append(titled("".join(letters), one.author))
    likeness("a", "b")  # rapidfuzz is loaded
    found: list[tuple[int, int]] = []
    blocked = processor_time(lambda: found.extend(alike(asked, known)))
    every: set[int] = set()

    def all_pairs() -> None:
        for number, one in enumerate(asked):
            for other in known:
                if likeness(one.title, other.title) >= ALIKE and one.author == other.author:
                    every.add(number)

    whole = processor_time(all_pairs)
    recall = len(every & {number for number, _ in found}) / len(every)
    size = f"{new:,} × {old:,}"
    yield Row("title suggestions / all pairs", size, blocked / whole, "×", 0.2, seconds(blocked, whole))
    yield Row("title suggestions, recall", size, -100 * recall, "%", -99.5, f"{len(every):,} to find")


def peers_of(arguments: argparse.Namespace) -> dict[str, list[str]]:
    """The commands of the peers that are there; the others are named."""
    found = {}
    programs = (("tidy", "bibtex-tidy"), ("papers", "papers"), ("bibtool", "bibtool"), ("bibtexparser2", ""))
    for name, program in programs:
        given = getattr(arguments, name)
        command = shlex.split(given) if given else [program]
        if command[0] and shutil.which(command[0]):
            found[name] = command
        else:
            print(f"{name}: not there, left out", file=sys.stderr)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="small sizes and few runs: to try the script")
    for name in ("tidy", "papers", "bibtool", "bibtexparser2"):
        parser.add_argument(f"--{name}", metavar="COMMAND")
    arguments = parser.parse_args()
    compile_package()
    peers = peers_of(arguments)
    new, old, runs = (100, 250, 3) if arguments.quick else (NEW, OLD, 7)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        small = Bench(Path(one), new, old)
        rows = [*merging_rows(small, peers, runs), *splitting_rows(small, peers, runs)]
        large = Bench(Path(other), 15 * new, 15 * old)
        rows.append(growth_row(small, large, max(1, runs // 3)))
    rows += suggestion_rows(new, old)
    print("| measure | entries | ours | limit | |")
    print("|---|---|---|---|---|")
    for row in rows:
        print(shown(row))
    return 1 if any(row.missed for row in rows) else 0


def shown(row: Row) -> str:
    """A row; one whose limit is a least is kept with its signs turned."""
    if row.limit is None or row.limit >= 0:
        return str(row)
    mark = " **missed**" if row.missed else ""
    limit = f"≥ {-row.limit:g} {row.unit}{mark}"
    return f"| {row.what} | {row.size} | {-row.value:.2f} {row.unit} | {limit} | {row.detail} |"


if __name__ == "__main__":
    sys.exit(main())
