"""The notebooks: short, paired, without outputs, and they run on any published folder."""

from __future__ import annotations

import ast
from pathlib import Path

import compare_city
import jupytext
import nbformat
import pytest

from compare import __main__ as command

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
PARAMETERS = {"out", "city", "district", "offices", "years", "language"}


def code_of(notebook: Path) -> list[nbformat.NotebookNode]:
    """The code cells."""
    return [cell for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]


def test_there_are_notebooks() -> None:
    assert len(NOTEBOOKS) >= 5


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_short_and_without_outputs(notebook: Path) -> None:
    content = nbformat.read(notebook, as_version=4)
    assert len(content.cells) <= 25
    for cell in code_of(notebook):
        assert not cell.outputs and cell.execution_count is None


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_imports_from_compare_only_and_defines_nothing(notebook: Path) -> None:
    allowed = {"compare", "pandas", "pathlib"}
    for cell in code_of(notebook):
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            if isinstance(node, ast.ImportFrom):
                assert (node.module or "").split(".")[0] in allowed
            if isinstance(node, ast.Import):
                assert {alias.name.split(".")[0] for alias in node.names} <= allowed


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_parameters_come_first_then_what_it_reads_and_leaves(notebook: Path) -> None:
    cells = nbformat.read(notebook, as_version=4).cells
    first = next(cell for cell in cells if cell.cell_type == "code")
    assert "parameters" in first.metadata.get("tags", [])
    names = {target.id for node in ast.parse(first.source).body for target in node.targets}  # type: ignore[attr-defined]
    assert names == PARAMETERS
    after = cells[cells.index(first) + 1]
    assert after.cell_type == "markdown" and "**Reads**" in after.source and "**Leaves behind**" in after.source


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_paired_script_says_the_same(notebook: Path) -> None:
    script = jupytext.read(notebook.parent / "scripts" / f"{notebook.stem}.py")
    ours = nbformat.read(notebook, as_version=4)
    assert [(cell.cell_type, cell.source) for cell in script.cells] == [(c.cell_type, c.source) for c in ours.cells]


@pytest.mark.parametrize("size", ["city", "one report"])
def test_notebooks_run(size: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cells = compare_city.city(6)
    cells[0, 2022]["applications.granted.total"] += 3
    if size == "one report":
        cells = {(0, 2023): cells[0, 2023]}
    out = compare_city.publish(tmp_path / "processed", cells)
    assert command.main(["notebooks", str(out), "--language", "en"]) == 0, capsys.readouterr().out
    for notebook in NOTEBOOKS:
        assert (out / "notebooks" / notebook.name).is_file()
        assert list((out / "figures").glob(f"nb-{notebook.stem[:2]}-*.png"))
    for picture in (out / "figures").glob("*.png"):
        assert picture.with_suffix(".csv").is_file()


def test_a_failing_notebook_names_its_cell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1"), nbformat.v4.new_code_cell("1 / 0")])
    (tmp_path / "notebooks").mkdir()
    nbformat.write(broken, tmp_path / "notebooks" / "01-broken.ipynb")
    out = compare_city.publish(tmp_path / "processed", compare_city.city(2))
    assert command.main(["notebooks", str(out), "--notebooks", str(tmp_path / "notebooks")]) == 1
    said = capsys.readouterr().out
    assert "FAILED" in said and "ZeroDivisionError" in said and "cell " in said
