"""The house stays as drawn: who may import whom, one module a library, instant start, documented commands."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BRIDGE = ROOT / "bridge"
MODULES = sorted(BRIDGE.rglob("*.py"))
SHORES = ("arxiv", "bibtex", "zotero")
# who sees all shores
ABOVE = {"pipeline.py", "cli.py", "cli_zotero.py"}

# the one room of each third-party library
ROOMS = {
    "bibtexparser": {"bibtex/bibname.py"},
    "click": {"cli.py", "cli_zotero.py", "cli_options.py", "cli_output.py"},
    "feedparser": {"arxiv/feeds.py"},
    "keyring": {"credentials.py"},
    "lxml": {"arxiv/atom.py", "arxiv/saved.py", "arxiv/oai.py"},
    "platformdirs": {"places.py"},
    "pylatexenc": {"bibtex/letters.py"},
    "pyzotero": {"zotero/library.py"},
    "rapidfuzz": {"suggest.py"},
    "rich": {"progress.py"},
}
HEAVY = [name for name in ROOMS if name not in ("click", "lxml")]


@cache
def imports(path: Path, *, at_load: bool = False) -> frozenset[str]:
    """The modules that a file imports; with `at_load` only those that importing it imports."""

    def is_deferred(node: ast.AST) -> bool:
        if isinstance(node, ast.If):
            return "TYPE_CHECKING" in ast.dump(node.test)
        return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)

    def walk(node: ast.AST) -> Iterator[str]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                yield from (alias.name for alias in child.names)
            elif isinstance(child, ast.ImportFrom) and child.module:
                yield child.module
                yield from (f"{child.module}.{alias.name}" for alias in child.names)
            elif not (at_load and is_deferred(child)):
                yield from walk(child)

    return frozenset(walk(ast.parse(path.read_text(encoding="utf-8"))))


def shore_of(path: Path) -> str | None:
    name = path.relative_to(BRIDGE).parts[0]
    return name if name in SHORES else None


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(BRIDGE)))
def test_shores_do_not_see_each_other_and_the_middle_sees_none(path: Path) -> None:
    if path.name in ABOVE:
        return
    seen = {name.split(".")[1] for name in imports(path) if name.startswith("bridge.") and "." in name}
    assert seen & set(SHORES) <= {shore_of(path)}


@pytest.mark.parametrize("library", sorted(ROOMS))
def test_each_library_has_one_room(library: str) -> None:
    users = {
        path.relative_to(BRIDGE).as_posix()
        for path in MODULES
        if any(name.split(".")[0] == library for name in imports(path))
    }
    assert users
    assert users <= ROOMS[library]


@pytest.mark.parametrize("library", HEAVY)
def test_heavy_libraries_are_loaded_when_they_are_needed(library: str) -> None:
    for path in MODULES:
        assert library not in {name.split(".")[0] for name in imports(path, at_load=True)}, path


def modules_after(argument: str) -> set[str]:
    code = (
        f"import sys; sys.argv = ['bibbridge', {argument!r}]\n"
        "from bridge.__main__ import main; main(); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(done.stdout.splitlines()[-1].split())


def test_help_loads_nothing_but_click() -> None:
    loaded = modules_after("--help")
    assert "click" in loaded
    assert not loaded & {*HEAVY, "lxml", "httpx2", "sqlite3", "bridge.record", "bridge.pipeline"}


def test_version_does_not_even_load_click() -> None:
    assert "click" not in modules_after("--version")


def test_a_checkout_finds_its_tables_without_being_installed() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(BRIDGE.parent)!r})\n"
        "from bridge.tables import builtin_text; print(len(builtin_text('journals.csv')))"
    )
    # -S: no site-packages, and so no editable install that would point to the tables
    done = subprocess.run([sys.executable, "-S", "-c", code], check=True, capture_output=True, text=True)
    assert int(done.stdout) > 100_000


def test_files_stay_readable() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {path.name: length for path, length in lengths.items() if length > 450} == {}


def test_every_command_has_help_and_stands_in_the_readme() -> None:
    from bridge.cli import main

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, command in main.commands.items():
        assert command.help, name
        assert f"bibbridge {name}" in readme, name
        for option in command.params:
            if option.param_type_name == "option":
                assert option.help, f"{name} {option.name}"  # type: ignore[attr-defined]


def test_every_table_is_explained() -> None:
    readme = (ROOT / "mappings" / "README.md").read_text(encoding="utf-8")
    for table in (ROOT / "mappings").glob("*.csv"):
        assert table.name in readme, table.name


def test_every_dependency_says_why() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text[text.index("dependencies = [") : text.index("[project.scripts]")]
    for line in block.splitlines():
        if line.strip().startswith('"'):
            assert "# " in line, line


def test_the_entries_in_the_readme_are_what_the_example_gives() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = readme.partition("```bibtex\n")[2].partition("```")[0]
    assert 0 < len(shown.splitlines()) <= 20
    classic, _, modern = shown.partition("\n\n")
    golden = {
        dialect: (ROOT / "tests" / "golden" / f"cs-dc.{dialect}.bib").read_text(encoding="utf-8")
        for dialect in ("bibtex", "biblatex")
    }
    assert golden["bibtex"].startswith(classic + "\n")
    whole = golden["biblatex"].partition("\n\n")[0].splitlines()
    told = [line for line in modern.splitlines() if line.strip() != "…"]
    assert [line for line in whole if line in told] == told
    # what is left out is what the first says as well
    assert set(whole) - set(told) <= set(classic.splitlines())
