"""Execute the project's notebooks on a published folder, each in its own process, with the running Python as kernel."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any, NamedTuple

from compare.panel import NotPublishedError

PROJECT_NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
CELL_SECONDS = 120
KERNEL = "jiedao-running-python"


class Executed(NamedTuple):
    """One notebook that was run: where it stands now, how long it took, and what went wrong ("" where nothing did)."""

    path: Path
    seconds: float
    error: str

    def line(self) -> str:
        """What the command line says of it."""
        return f"{'FAILED' if self.error else 'ok':<7}{self.seconds:5.1f} s  {self.path}  {self.error}".rstrip()


def execute(notebook: Path, out: Path, parameters: dict[str, Any]) -> Executed:
    """Run one notebook into out/notebooks under its own name. An error in a cell is told with the cell's number,
    not raised."""
    import papermill
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    target = out / "notebooks" / notebook.name
    target.parent.mkdir(parents=True, exist_ok=True)
    started, error = time.monotonic(), ""
    with tempfile.TemporaryDirectory() as folder:
        use_this_python(Path(folder))
        # A socket file in a folder of this run alone, where the system has such sockets, instead of a network port.
        transport = {} if os.name == "nt" else {"transport": "ipc", "ip": str(Path(folder) / "socket")}
        try:
            papermill.execute_notebook(
                str(notebook),
                str(target),
                parameters={"out": str(out.resolve()), **parameters},
                kernel_name=KERNEL,
                language="python",
                progress_bar=False,
                log_output=False,
                cwd=str(target.parent),
                execution_timeout=CELL_SECONDS,
                config=Config({"KernelManager": transport}),
            )
            name_ordinary_kernel(target)
        except PapermillExecutionError as problem:
            error = f"cell {problem.cell_index + 1}: {problem.ename}: {problem.evalue}"
        except Exception as problem:  # a dead kernel, a cell that does not end: the other notebooks still run
            error = f"{type(problem).__name__}: {problem}"
    return Executed(target, time.monotonic() - started, error)


def use_this_python(folder: Path) -> None:
    """Describe the running Python as a kernel of this process's own, ahead of whatever python3 kernel the machine
    has."""
    spec = folder / "kernels" / KERNEL
    spec.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "--log-level=CRITICAL", "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(
        json.dumps({"argv": command, "display_name": "Python", "language": "python"}), encoding="utf-8"
    )
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(folder), os.environ.get("JUPYTER_PATH", "")]))


def name_ordinary_kernel(notebook: Path) -> None:
    """An executed notebook opens with the ordinary python3 kernel, whatever ran it."""
    import nbformat

    content = nbformat.read(notebook, as_version=4)
    content.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(content, notebook)


def execute_all(out: Path, parameters: dict[str, Any], folder: Path | None = None, jobs: int = 2) -> Iterator[Executed]:
    """Run every notebook of the folder, `jobs` at once; yields each as it ends. Raises NotPublishedError where there is
    no notebook."""
    notebooks = sorted((folder or PROJECT_NOTEBOOKS).glob("[0-9]*.ipynb"))
    if not notebooks:
        raise NotPublishedError(
            f"no notebook stands in {folder or PROJECT_NOTEBOOKS}; name their folder with --notebooks"
        )
    with ProcessPoolExecutor(max(1, min(jobs, len(notebooks)))) as pool:
        running = [pool.submit(execute, notebook, out, parameters) for notebook in notebooks]
        for job in as_completed(running):
            yield job.result()
