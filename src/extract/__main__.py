"""python -m extract build RAW [--out OUT] [--jobs N] [--scheduler ADDRESS] · python -m extract show FILE"""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from pathlib import Path

USAGE_ERROR, FAILED, STOPPED = 2, 1, 130


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code is 0 where it did its work, 2 where it was called wrongly, 1 where nothing could be read or another run is at work."""
    options = _parser().parse_args(arguments)
    try:
        return _build(options) if options.command == "build" else _show(options)
    except KeyboardInterrupt:
        done = "; what was read is kept, and the next run goes on from there" if options.command == "build" else ""
        print(f"\nStopped; nothing was published{done}.", file=sys.stderr)
        return STOPPED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m extract", description="Published reports in, tidy tables out.")
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="read every report in a folder and publish the tables")
    build.add_argument(
        "raw", help="folder with the reports, in any sub-folders; or an address such as s3://bucket/reports"
    )
    build.add_argument(
        "--out", default="data/processed", help="where the tables go: a folder or an address (default: data/processed)"
    )
    build.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="processes to work side by side (default: one per core)"
    )
    build.add_argument(
        "--scheduler", metavar="ADDRESS", help="work on the Dask cluster of this scheduler, such as tcp://10.0.0.1:8786"
    )
    build.add_argument(
        "--cache",
        type=Path,
        help="where to remember what was read (default: OUT/.cache; for addresses in ~/.cache/jiedao)",
    )
    build.add_argument(
        "--rehash",
        action="store_true",
        help="read every file to see whether it changed, whatever its size and time say",
    )
    build.add_argument("--retry", action="store_true", help="read again the documents whose reading was broken off")
    build.add_argument(
        "--corrections",
        type=Path,
        metavar="FILE",
        help="people's corrections (document_id, cell, expected, value, reason, evidence, by, on) beside the project's own",
    )
    build.add_argument(
        "--seconds", type=float, default=None, help="longest time that one document may take (default: 120)"
    )
    build.add_argument(
        "--megabytes",
        type=int,
        default=None,
        help="most memory of one process, where the system can bound it (default: 1900)",
    )
    show = commands.add_parser("show", help="print what was read from one document")
    show.add_argument("file", type=Path, help="one report")
    return parser


def _build(options: argparse.Namespace) -> int:
    wrong = _called_wrongly(options)
    if wrong:
        return _complain(wrong)
    from .crew import ClusterError, start_early
    from .heap import keep_few_heaps, keep_pandas_out

    keep_few_heaps()
    if _is_first_run(options):
        start_early()
    keep_pandas_out()
    from .build import Limits, build
    from .lock import Busy
    from .storage import MissingExtra

    given = {name: getattr(options, name) for name in ("seconds", "megabytes") if getattr(options, name) is not None}
    try:
        summary = build(
            options.raw, options.out, options.jobs, scheduler=options.scheduler, cache_folder=options.cache,
            limits=Limits(**given), rehash=options.rehash, retry=options.retry, corrections=options.corrections,
        )  # fmt: skip
    except (FileNotFoundError, MissingExtra, ClusterError) as error:
        return _complain(str(error))
    except Busy as error:
        _complain(str(error))
        return FAILED
    except OSError as error:
        kept = "nothing was published, what was read is kept, and the next run goes on from there"
        _complain(f"{error.filename or options.out}: {error.strerror or error}; {kept}")
        return FAILED
    done = (
        "Nothing has changed"
        if summary.unchanged
        else f"Read {summary.read:,} documents, {summary.known:,} known from earlier runs"
    )
    print(
        f"{done}: {summary.files} files, {summary.reports} reports, {summary.unread} files that gave no report, {summary.issues} issues."
    )
    issues = f"{str(options.out).rstrip('/')}/issues.csv"
    print(f"Tables: {options.out}   what to know of the reading: {issues}")
    if summary.reports == 0:
        print(f"None of the {summary.files} files is a report that could be read: {issues} says why.", file=sys.stderr)
        return FAILED
    return 0


def _is_first_run(options: argparse.Namespace) -> bool:
    """Whether nothing has been read yet, so that processes of this machine will be needed."""
    from .storage import is_url, local_path

    if options.scheduler or is_url(options.out):
        return False
    return not (options.cache or local_path(options.out) / ".cache").exists()


def _called_wrongly(options: argparse.Namespace) -> str:
    """What is wrong with the call, "" where nothing is."""
    from .storage import is_url, local_path

    if not is_url(options.raw):
        raw = local_path(options.raw)
        if not raw.is_dir():
            kind = (
                "is a file, not a folder: python -m extract show reads one file"
                if raw.exists()
                else "there is no such folder"
            )
            return f"{raw}: {kind}{_nearest(raw)}"
    if options.jobs < 1:
        return f"--jobs {options.jobs}: at least one process is needed"
    if not is_url(options.out):
        out = local_path(options.out)
        if out.exists() and not out.is_dir():
            return f"{out}: is a file; --out names a folder"
        if not is_url(options.raw) and out.resolve() == local_path(options.raw).resolve():
            return f"{out}: is the folder with the reports; the tables need one of their own"
    if options.seconds is not None and options.seconds <= 0:
        return f"--seconds {options.seconds:g}: a document needs some time"
    if options.megabytes is not None and options.megabytes < 300:
        return f"--megabytes {options.megabytes}: less than 300 is too little for any document"
    if options.corrections is not None:
        from .corrections import read_corrections

        try:
            read_corrections(options.corrections)
        except (OSError, ValueError) as error:
            return f"--corrections: {error}"
    return ""


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
