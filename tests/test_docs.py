"""What the documents say exists: links, commands, kinds of files, and every kind of issue that extraction can raise."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

import pytest

from extract.readers import READERS
from extract.schemas import dictionary

ROOT = Path(__file__).resolve().parents[1]
EXTRACT = ROOT / "src" / "extract"
NOT_OURS = {"node_modules", "build", "dist", "site", "sample"}
PACKAGES = ("extract", "compare", "collect", "sample")


def is_ours(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return not any(part in NOT_OURS or part.startswith(".") for part in parts) and parts[:2] != ("data", "processed")


def markdown_files() -> list[Path]:
    return sorted(path for path in ROOT.rglob("*.md") if is_ours(path))


DOCUMENTS = [path.relative_to(ROOT).as_posix() for path in markdown_files()]


def prose(text: str) -> str:
    """A Markdown text without its blocks and spans of code, in which nothing is a link or a heading."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def targets(text: str) -> list[str]:
    """Where a document's links and pictures point to, addresses of other hosts left out."""
    found = re.findall(r"\]\(([^()\s]+)\)", prose(text)) + re.findall(r'(?:src|href)="([^"]+)"', prose(text))
    return [target for target in found if not re.match(r"[a-z]+:", target)]


def anchors(text: str) -> set[str]:
    """The anchors that GitHub gives a document's headings."""
    without_blocks = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ +(.+?) *$", without_blocks, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(document: Path) -> Iterator[str]:
    for target in targets(document.read_text(encoding="utf-8")):
        name, _, anchor = unquote(target).partition("#")
        file = (document.parent / name).resolve() if name else document
        known = anchors(file.read_text(encoding="utf-8")) if file.suffix == ".md" and file.exists() else {anchor}
        if not file.exists() or (anchor and anchor not in known):
            yield target


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    assert list(broken_links(ROOT / name)) == []


def test_a_broken_link_is_seen(tmp_path: Path) -> None:
    document = tmp_path / "a.md"
    document.write_text(
        "# One two\n[x](#one-two) [y](#three) [z](b.md) [w](a.md#four) ![p](c.png)\n```\n[no](link)\n```\n"
    )
    assert list(broken_links(document)) == ["#three", "b.md", "a.md#four", "c.png"]


# --- commands ---


def commands(text: str, pattern: str) -> list[str]:
    """What follows a pattern in the code of a Markdown text (spans and blocks), up to the end of the command."""
    code = re.findall(r"^```\w*\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL) + re.findall(r"`([^`\n]+)`", text)
    lines = (line.partition("#")[0] for piece in code for line in piece.splitlines())
    return [match.strip() for line in lines for match in re.findall(rf"(?:^|[\s/;&]){pattern}([^;&|→·]*)", line)]


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_make_targets_exist(name: str) -> None:
    for command in commands((ROOT / name).read_text(encoding="utf-8"), r"make(?= |$)"):
        named = [word for word in command.split() if "=" not in word and re.fullmatch(r"[a-z]+", word)]
        assert set(named[:1]) <= make_targets(), f"make {command}"
        settings = re.findall(r"\b([A-Z_]+)=", command)
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        assert all(f"$({setting})" in makefile for setting in settings), f"make {command}"


@cache
def help_of(module: str, subcommand: str = "") -> str:
    """What a command says of itself; "" where it cannot be called so."""
    call = [sys.executable, "-m", module, *([subcommand] if subcommand else []), "--help"]
    environment = os.environ | {"COLUMNS": "200"}
    done = subprocess.run(call, capture_output=True, text=True, timeout=120, cwd=ROOT, env=environment)
    return done.stdout if done.returncode == 0 else ""


def why_not(command: str) -> str:
    """Why `python -m command` cannot be called as written, "" where it can."""
    module, *words = command.split()
    if module.split(".")[0] not in PACKAGES:
        return "" if find_spec(module.split(".")[0]) else "no such module"
    said = help_of(module)
    subcommands = re.search(r"\{([a-z,]+)\}", said)
    known = subcommands[1].split(",") if subcommands else []
    alternatives = [words[0]] if words and known else []
    for subcommand in alternatives:
        if subcommand not in known:
            return f"no such subcommand: {subcommand}"
        said = help_of(module, subcommand)
    missing = [option for option in words if option.startswith("--") and option.split("=")[0] not in said]
    return "" if said and not missing else f"{missing or 'it does not run'}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_python_commands_exist(name: str) -> None:
    for command in commands((ROOT / name).read_text(encoding="utf-8"), r"python3? -m (?=[a-z])"):
        assert not why_not(command.replace("[", "").replace("]", "")), f"python -m {command}"


def test_a_command_that_does_not_exist_is_seen() -> None:
    assert why_not("extract rebuild data/raw") and why_not("extract build data/raw --fast") and why_not("nothing_here")
    assert not why_not("extract build data/raw --out data/processed --jobs 2")


# --- kinds of files ---


def between(text: str, mark: str) -> str:
    return text.partition(f"<!-- {mark} -->")[2].partition(f"<!-- /{mark} -->")[0]


def first_cells(table: str) -> list[str]:
    """The code span that begins each row of a Markdown table."""
    return re.findall(r"^\| `([^`]+)`", table, flags=re.MULTILINE)


def test_the_coverage_table_names_every_reader() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(first_cells(between(readme, "coverage"))) == set(READERS)


# --- kinds of issues ---


def parameters(definition: ast.AST) -> list[str]:
    """What a class or function is called with, in order; self left out."""
    if isinstance(definition, ast.ClassDef):
        made = next((f for f in definition.body if isinstance(f, ast.FunctionDef) and f.name == "__init__"), None)
        if made is not None:
            return parameters(made)
        return [f.target.id for f in definition.body if isinstance(f, ast.AnnAssign) and isinstance(f.target, ast.Name)]
    if isinstance(definition, ast.FunctionDef):
        return [argument.arg for argument in definition.args.args if argument.arg != "self"]
    return []


def tellers(trees: list[ast.Module]) -> dict[str, list[str]]:
    """Name → parameters of everything that tells an issue: what is called with a kind and a message."""
    found = {}
    for tree in trees:
        for node in ast.walk(tree):
            called_with = parameters(node)
            if {"kind", "message"} <= set(called_with):
                found[node.name] = called_with  # type: ignore[attr-defined]
    return found


def constants(argument: ast.expr) -> Iterator[str]:
    """The words that an expression may be: a constant, or one of two. What is handed on from elsewhere has none."""
    if isinstance(argument, ast.Constant):
        yield str(argument.value)
    elif isinstance(argument, ast.IfExp):
        yield from constants(argument.body)
        yield from constants(argument.orelse)


def raised_in(trees: list[ast.Module]) -> set[str]:
    """Every kind of issue that some code of these modules tells."""
    told: set[str] = set()
    known = tellers(trees)
    for call in (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name not in known:
            continue
        named = [keyword.value for keyword in call.keywords if keyword.arg == "kind"]
        place = known[name].index("kind")
        for argument in named or call.args[place : place + 1]:
            told |= set(constants(argument))
    return told


def extract_trees() -> list[ast.Module]:
    return [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(EXTRACT.rglob("*.py"))]


def test_every_kind_of_issue_is_explained() -> None:
    methodology = (ROOT / "METHODOLOGY.md").read_text(encoding="utf-8")
    listed = first_cells(between(methodology, "issue kinds"))
    assert listed == sorted(set(listed)), "the table of issue kinds is in order, each kind once"
    raised = raised_in(extract_trees())
    assert len(raised) > 20
    assert raised - set(listed) == set(), "raised in src/extract, not explained in METHODOLOGY.md"
    assert set(listed) - raised == set(), "explained in METHODOLOGY.md, raised nowhere in src/extract"


def test_kinds_are_found_however_they_are_raised() -> None:
    source = """
class Note(NamedTuple):
    kind: str
    message: str
class Refused(NamedTuple):
    path: str
    kind: str
    message: str
def _note(source, kind, message):
    return Note(kind, message)
def f(batch, one):
    Note("a", "…"), Refused("x", "b", "…"), _note(1, "c", "…"), Note(message="…", kind="d" if one else "e")
    Note(*one), Note(one.kind, "…")
"""
    assert raised_in([ast.parse(source)]) == {"a", "b", "c", "d", "e"}


def test_the_committed_data_dictionary_is_what_a_run_writes() -> None:
    assert (ROOT / "data" / "processed" / "README.md").read_text(encoding="utf-8") == dictionary()
