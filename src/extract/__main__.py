"""python -m extract build RAW [--out OUT] [--jobs N] · python -m extract show FILE"""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from pathlib import Path

USAGE_ERROR, FAILED, STOPPED = 2, 1, 130


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code is 0 where it did its work, 2 where it was called wrongly, 1 where nothing could be read."""
    parser = argparse.ArgumentParser(prog="python -m extract", description="Published reports in, tidy tables out.")
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="read every report in a folder and publish the tables")
    build.add_argument("raw", type=Path, help="folder with the reports, in any sub-folders")
    build.add_argument(
        "--out", type=Path, default=Path("data/processed"), help="where the tables go (default: data/processed)"
    )
    build.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="processes to work side by side (default: one per core)"
    )
    show = commands.add_parser("show", help="print what was read from one document")
    show.add_argument("file", type=Path, help="one report")
    options = parser.parse_args(arguments)
    try:
        return _build(options) if options.command == "build" else _show(options)
    except KeyboardInterrupt:
        print("\nStopped; nothing was written.", file=sys.stderr)
        return STOPPED


def _build(options: argparse.Namespace) -> int:
    if not options.raw.is_dir():
        kind = (
            "is a file, not a folder: python -m extract show reads one file"
            if options.raw.exists()
            else "there is no such folder"
        )
        return _complain(f"{options.raw}: {kind}{_nearest(options.raw)}")
    if options.jobs < 1:
        return _complain(f"--jobs {options.jobs}: at least one process is needed")
    if options.out.exists() and not options.out.is_dir():
        return _complain(f"{options.out}: is a file; --out names a folder")
    from .build import build

    try:
        summary = build(options.raw, options.out, options.jobs)
    except FileNotFoundError as error:
        return _complain(str(error))
    except PermissionError as error:
        return _complain(f"{error.filename}: cannot be written ({error.strerror})")
    done = "Nothing has changed" if summary.unchanged else "Read"
    print(
        f"{done}: {summary.files} files, {summary.reports} reports, {summary.unread} files that gave no report, {summary.issues} issues."
    )
    print(f"Tables: {options.out}   what to know of the reading: {options.out / 'issues.csv'}")
    if summary.reports == 0:
        print(
            f"None of the {summary.files} files is a report that could be read: {options.out / 'issues.csv'} says why.",
            file=sys.stderr,
        )
        return FAILED
    return 0


def _show(options: argparse.Namespace) -> int:
    if not options.file.is_file():
        kind = (
            "is a folder: python -m extract build reads folders" if options.file.is_dir() else "there is no such file"
        )
        return _complain(f"{options.file}: {kind}{_nearest(options.file)}")
    from .show import show

    text, readable = show(options.file)
    print(text)
    return 0 if readable else FAILED


def _nearest(path: Path) -> str:
    """A name close to the mistyped one, where the parent folder has it."""
    if path.exists() or not path.parent.is_dir():
        return ""
    close = difflib.get_close_matches(path.name, [entry.name for entry in path.parent.iterdir()], 1)
    return f" (did you mean {path.parent / close[0]}?)" if close else ""


def _complain(message: str) -> int:
    print(f"extract: {message}", file=sys.stderr)
    return USAGE_ERROR


if __name__ == "__main__":
    sys.exit(main())
