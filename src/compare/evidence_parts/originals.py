"""The untouched originals beside the published tables: where they lie, and what a text file says line by line."""

from __future__ import annotations

import json
from pathlib import Path

BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
LONGEST_TEXT = 20_000_000  # bytes; a longer text file is no report


def raw_folder(out: Path) -> Path | None:
    """The folder of the originals that `out` was made from, as run.json says; None where it does not say or it is
    gone."""
    try:
        run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    named = run.get("raw") if isinstance(run, dict) else None
    folder = (out / named).resolve() if isinstance(named, str) and named else None
    return folder if folder is not None and folder.is_dir() else None


def original(raw: Path | None, source_path: str) -> Path | None:
    """The original file of a report; None where it is not there any more, or where its path leads out of the folder."""
    if raw is None or not source_path:
        return None
    path = (raw / source_path).resolve()
    return path if path.is_relative_to(raw) and path.is_file() else None


def text_lines(path: Path) -> list[str]:
    """The lines of a text file: UTF-8 or UTF-16 by its mark, else UTF-8 where it is valid, else GB18030. Characters
    that fit neither become U+FFFD."""
    data = path.read_bytes()[:LONGEST_TEXT]
    marked = next((charset for mark, charset in BYTE_ORDER_MARKS if data.startswith(mark)), "")
    text = data.decode(marked, "replace") if marked else decoded(data)
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def decoded(data: bytes) -> str:
    """Text without a byte order mark."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")
