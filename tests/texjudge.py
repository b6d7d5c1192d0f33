r"""TeX as the judge: what BibTeX, biber and pdfLaTeX say of a .bib text that bibbridge wrote.

Without TeX the tests that ask here are skipped, with a word on how to get it; with BIBBRIDGE_REQUIRE_TEX=1
in the environment (as in .ci/run) they fail instead.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

STYLES = ("plain", "alpha", "IEEEtran", "plainnat", "ACM-Reference-Format", "elsarticle-num", "apsrev4-2")
HOW_TO_GET = (
    "on Debian or Ubuntu: apt-get install texlive-latex-base texlive-publishers texlive-bibtex-extra biber; "
    "elsewhere: https://tug.org/texlive/"
)

_BIBTEX_COMPLAINT = re.compile(
    r"^(Warning--.*|I was expecting.*|Repeated entry.*|Illegal end of database file.*"
    r"|.*error message.*|A bad cross reference.*|Name .* has a comma at the end.*|Too many commas in name.*"
    r"|You've exceeded.*|I couldn't open.*|I found no .*|.*unbalanced.*|.*isn't brace-balanced.*)$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Verdict:
    """`complaints`: the lines that are errors or warnings. `keys`: the entries that were read, in order.
    `output`: the .bbl, or the .bib that biber wrote."""

    complaints: tuple[str, ...]
    keys: tuple[str, ...]
    output: str


def need(*programs: str) -> None:
    """Skip the test unless all programs are there; fail it if TeX is required."""
    missing = [program for program in programs if shutil.which(program) is None]
    if not missing:
        return
    reason = f"{', '.join(missing)} not installed ({HOW_TO_GET})"
    if os.environ.get("BIBBRIDGE_REQUIRE_TEX") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def need_style(style: str) -> None:
    """The same for a bibliography style that no small TeX brings."""
    need("bibtex")
    need_file(f"{style}.bst")


def need_file(name: str) -> None:
    """The same for a file of TeX's."""
    need("kpsewhich")
    found = subprocess.run(["kpsewhich", name], capture_output=True, text=True)
    if found.returncode == 0:
        return
    reason = f"{name} not installed ({HOW_TO_GET})"
    if os.environ.get("BIBBRIDGE_REQUIRE_TEX") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def run_bibtex(bib: str, style: str, folder: Path) -> Verdict:
    """All entries of `bib` through BibTeX with `style`."""
    need_style(style)
    (folder / "refs.bib").write_text(bib, encoding="utf-8")
    aux = f"\\relax\n\\citation{{*}}\n\\bibstyle{{{style}}}\n\\bibdata{{refs}}\n"
    (folder / "x.aux").write_text(aux, encoding="utf-8")
    run = subprocess.run(["bibtex", "x"], cwd=folder, capture_output=True, timeout=120)
    said = run.stdout.decode("utf-8", "replace")
    complaints = tuple(match[0] for match in _BIBTEX_COMPLAINT.finditer(said))
    if run.returncode and not complaints:
        complaints = (said,)
    bbl = (folder / "x.bbl").read_text(encoding="utf-8", errors="replace")
    flat = re.sub(r"%\n\s*", "", bbl)
    return Verdict(complaints, tuple(_bibitems(flat)), bbl)


def _bibitems(bbl: str) -> list[str]:
    r"""The keys of \bibitem{key} and \bibitem[label]{key}, labels with nested braces included."""
    keys = []
    for match in re.finditer(r"\\bibitem(?![A-Za-z])\s*", bbl):
        at, square, depth = match.end(), 0, 0
        while at < len(bbl):
            char = bbl[at]
            if char == "{" and depth == 0 and square == 0:
                keys.append(bbl[at + 1 : bbl.find("}", at)])
                break
            depth += {"{": 1, "}": -1}.get(char, 0)
            if depth == 0:
                square += {"[": 1, "]": -1}.get(char, 0)
            at += 1
    return keys


def run_biber(bib: str, folder: Path) -> Verdict:
    """`bib` through `biber --tool --validate-datamodel`."""
    need("biber")
    (folder / "in.bib").write_text(bib, encoding="utf-8")
    command = ["biber", "--tool", "--validate-datamodel", "--output-file", "out.bib", "in.bib"]
    run = subprocess.run(command, cwd=folder, capture_output=True, timeout=300)
    said = run.stdout.decode("utf-8", "replace") + run.stderr.decode("utf-8", "replace")
    complaints = tuple(line for line in said.splitlines() if re.match(r"(WARN|ERROR)\b", line))
    if run.returncode and not complaints:
        complaints = (said,)
    out = folder / "out.bib"
    output = out.read_text(encoding="utf-8") if out.exists() else ""
    return Verdict(complaints, tuple(re.findall(r"^@\w+\{(.*),$", output, re.MULTILINE)), output)


def compile_article(bib: str, style: str, folder: Path, packages: tuple[str, ...] = ()) -> Verdict:
    """An article that cites all of `bib`, by pdfLaTeX in its default set-up but for `packages`; the verdict's
    output is the text of the log."""
    need("pdflatex")
    verdict = run_bibtex(bib, style, folder)
    loads = "".join(f"\\usepackage{package}\n" for package in packages)
    body = f"\\documentclass{{article}}\n{loads}\\begin{{document}}\n\\nocite{{*}}\n"
    body += f"\\bibliographystyle{{{style}}}\n\\input{{x.bbl}}\n\\end{{document}}\n"
    (folder / "article.tex").write_text(body, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-no-shell-escape", "article.tex"]
    subprocess.run(command, cwd=folder, capture_output=True, timeout=300)
    log = (folder / "article.log").read_text(encoding="utf-8", errors="replace")
    errors = tuple(match[0] for match in re.finditer(r"^! .*(?:\n.*){0,6}", log, re.MULTILINE))
    return Verdict(verdict.complaints + errors, verdict.keys, log)


def compile_text(body: str, folder: Path, head: str = "", biber: str | None = None) -> Verdict:
    """`body` as an article by pdfLaTeX, `head` before its beginning; with `biber` (a .bib) that runs between
    two runs, for biblatex. The complaints are the errors of the last run, and what its fonts lack."""
    need("pdflatex")
    if biber is not None:
        need("biber")
        need_file("biblatex.sty")
    article = f"\\documentclass{{article}}\n{head}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"
    (folder / "x.tex").write_text(article, encoding="utf-8")
    latex = ["pdflatex", "-interaction=nonstopmode", "-no-shell-escape", "x.tex"]
    subprocess.run(latex, cwd=folder, capture_output=True, timeout=300)
    if biber is not None:
        (folder / "x.bib").write_text(biber, encoding="utf-8")
        subprocess.run(["biber", "x"], cwd=folder, capture_output=True, timeout=300)
        subprocess.run(latex, cwd=folder, capture_output=True, timeout=300)
    log = (folder / "x.log").read_text(encoding="utf-8", errors="replace")
    errors = re.finditer(r"^(?:! .*|Missing character.*)", log, re.MULTILINE)
    return Verdict(tuple(match[0] for match in errors), (), log)
