"""Imports run one way. The rules are the table "Who may import whom" of docs/architecture.md, read from there."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src"
PACKAGES = ("extract", "compare", "collect", "sample")
ARCHITECTURE = ROOT / "docs/architecture.md"

Rules = dict[str, list[str]]


def read_rules(text: str) -> Rules:
    """Module pattern → patterns of what it may import, from the rows between the two marks of docs/architecture.md."""
    table = text.partition("<!-- imports -->")[2].partition("<!-- /imports -->")[0]
    rules: Rules = {}
    for line in table.splitlines():
        cells = [re.findall(r"`([^`]+)`", cell) for cell in line.strip().strip("|").split("|")]
        if len(cells) < 2 or not cells[0]:
            continue  # the heading and the line beneath it
        for module in cells[0]:
            assert module not in rules, f"{module} stands twice in the table"
            rules[module] = cells[1]
    return rules


def rule_for(module: str, rules: Rules) -> str | None:
    """The row that speaks of a module: its own, or else the pattern that says most about it."""
    fitting = [pattern for pattern in rules if fnmatchcase(module, pattern)]
    return module if module in rules else max(fitting, key=len, default=None)


def modules(src: Path) -> dict[str, Path]:
    """Dotted name → file, of every module of the project."""
    found = {}
    for package in PACKAGES:
        for path in sorted((src / package).rglob("*.py")):
            parts = path.relative_to(src).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported_names(tree: ast.AST, module: str, is_package: bool) -> Iterator[str]:
    """Everything a module imports, anywhere in it: also inside functions, under TYPE_CHECKING, and by import_module."""
    parents = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = parents[: len(parents) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("import_module", "__import__"):
                yield named_in_call(node.args[0])


def named_in_call(argument: ast.expr) -> str:
    """The name given to import_module: what varies in it is written *."""
    if isinstance(argument, ast.Constant):
        return str(argument.value)
    if isinstance(argument, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "*" for part in argument.values)
    return "*"


def imports(src: Path) -> dict[str, set[str]]:
    """Module → the project's own modules that it imports (a name with * where only the beginning is known)."""
    known = modules(src)
    graph: dict[str, set[str]] = {}
    for module, path in known.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        graph[module] = set()
        for name in imported_names(tree, module, path.name == "__init__.py"):
            while name and name not in known and "*" not in name:
                name = name.rpartition(".")[0]
            if name and name != module and (name == "*" or name.split(".")[0] in PACKAGES):
                graph[module].add(name)
    return graph


def breaches(graph: dict[str, set[str]], rules: Rules) -> list[str]:
    """One sentence for each import that no row allows, and for each module of which no row speaks."""
    found = []
    for module, targets in sorted(graph.items()):
        row = rule_for(module, rules)
        if row is None:
            found.append(f"{module} is not in the table of docs/architecture.md")
            continue
        for target in sorted(targets):
            closed = target.endswith(".__main__") or (target == "extract.build" and module != "extract.__main__")
            if closed or not any(fnmatchcase(target, allowed) for allowed in rules[row]):
                found.append(f"{module} may not import {target}")
    return found


def rings(graph: dict[str, set[str]]) -> list[str]:
    """Modules that import each other in a ring; a package's door (its __init__) and its rooms are different modules."""
    found: list[str] = []
    done: set[str] = set()

    def walk(module: str, path: list[str]) -> None:
        if module in path:
            found.append(" → ".join([*path[path.index(module) :], module]))
        elif module not in done:
            for target in sorted(graph.get(module, ())):
                walk(target, [*path, module])
            done.add(module)

    for module in sorted(graph):
        walk(module, [])
    return found


def test_imports_follow_the_table() -> None:
    rules = read_rules(ARCHITECTURE.read_text(encoding="utf-8"))
    assert len(rules) > 10
    found = breaches(imports(SRC), rules)
    assert not found, "\n" + "\n".join(found)


def test_no_module_imports_itself_in_a_ring() -> None:
    assert not rings(imports(SRC))


def test_the_table_keeps_the_walls() -> None:
    """Whatever is added to the table, these hold: they are what the house is built on."""
    rules = read_rules(ARCHITECTURE.read_text(encoding="utf-8"))
    for module, allowed in rules.items():
        package = module.split(".")[0]
        others = {name.split(".")[0] for name in allowed} - {package}
        assert not {name for name in allowed if name.endswith((".__main__", ".build")) and module != "extract.__main__"}
        assert others <= ({"extract"} if package == "collect" else set()), f"{module} looks over the wall: {others}"
        if module.startswith("extract.readers."):
            rooms = [name for name in allowed if name.startswith("extract.") and "_parts." not in name]
            assert set(rooms) <= {"extract.document", "extract.charset", "extract.known"}, f"{module} knows too much"


def notebook_code(path: Path) -> str:
    if path.suffix == ".py":
        return path.read_text(encoding="utf-8")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    lines = [line for cell in cells if cell["cell_type"] == "code" for line in "".join(cell["source"]).splitlines()]
    return "\n".join(line for line in lines if not line.lstrip().startswith(("%", "!")))


def test_notebooks_import_compare_only() -> None:
    for path in sorted((ROOT / "notebooks").rglob("*.*")):
        if path.suffix not in (".py", ".ipynb") or ".ipynb_checkpoints" in path.parts:
            continue
        names = {name.split(".")[0] for name in imported_names(ast.parse(notebook_code(path)), path.stem, False)}
        assert not names & (set(PACKAGES) - {"compare"}), path


CASES = {
    "a reader imports a form": ("extract/readers/html.py", "from extract import forms", "extract.forms"),
    "a reader imports a reader": ("extract/readers/html.py", "from . import docx", "extract.readers.docx"),
    "inside a function": ("extract/document.py", "def f():\n    import extract.facts", "extract.facts"),
    "by name": (
        "compare/panel.py",
        "from importlib import import_module\nimport_module('extract.facts')",
        "extract.facts",
    ),
    "by half a name": ("compare/panel.py", "import importlib\nimportlib.import_module(f'extract.{1}')", "extract.*"),
    "over the wall": ("compare/panel.py", "from extract.codebook import anything", "extract.codebook"),
    "the main program": ("sample/city.py", "import sample.__main__", "sample.__main__"),
}


@pytest.mark.parametrize(("file", "code", "target"), CASES.values(), ids=CASES)
def test_a_breach_is_seen(tmp_path: Path, file: str, code: str, target: str) -> None:
    rooms = ["forms", "facts", "codebook", "document", "readers/html", "readers/docx", "readers/__init__"]
    for name in [*(f"extract/{room}" for room in rooms), "compare/panel", "sample/__main__", "sample/city"]:
        path = tmp_path / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
    (tmp_path / file).write_text(code, encoding="utf-8")
    module = file.removesuffix(".py").replace("/", ".")
    rules = read_rules(ARCHITECTURE.read_text(encoding="utf-8"))
    assert f"{module} may not import {target}" in breaches(imports(tmp_path), rules)


def test_a_module_without_a_row_is_seen() -> None:
    assert breaches({"extract.helpers": set()}, {"extract.document": []}) == [
        "extract.helpers is not in the table of docs/architecture.md"
    ]


def test_a_ring_is_seen() -> None:
    assert rings({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == ["a → b → c → a"]
