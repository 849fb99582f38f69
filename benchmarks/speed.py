"""Speed of the reading, kind by kind, in one process, beside what a user would take today.

python benchmarks/speed.py [--reports 42] [--seed S] [--rounds 5] [--kinds html,html-ugly,docx,pdf] [--together N] [--turns 7,1] [--profile]

A city at a time: first the peer's bare table reading of its documents, then our whole way from bytes to columns of facts (proof, prose, identity
included; all documents through one step before the next, as a batch of the build has it), then the floor below which nothing can go. Each round is
another city, and each document is read once only: what a process has learnt of labels and spellings helps, as it does in a real run, what it remembers of
the very same document cannot. Processor time, so that a busy machine matters less; medians over all documents; × is the median of the ratios document by
document. Peers: pandas.read_html on decoded text, python-docx reading every cell, pdfplumber's extract_tables on every page, camelot's lattice (a few
documents only: it is slow). Documents in which the peer finds no tables are left out. --profile adds where our time goes, stage by stage.

Who takes turns more often than once a city finds the processor's caches full of the other's data, which costs the quicker one more, and has fewer
documents to take through a step together: --together takes turns after so many documents, and --turns prints what that makes of × for web pages, each in a
process of its own.
"""

from __future__ import annotations

import argparse
import gc
import io
import re
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from accuracy import make_city
from stages import STAGES, Stopwatch

from extract import report
from extract.columns import Batch
from extract.document import Source
from extract.sources import identify_file, walk

KINDS = "html,html-ugly,docx,pdf"
CAMELOT_DOCUMENTS = 3
TURNS_KINDS = ("html", "html-ugly")
WARM_UP = 14  # reports of a city that is not measured: imports, tables of reference, labels
FEWEST_CELLS = 150
Given = TypeVar("Given")
Made = TypeVar("Made")
Work = Callable[[bytes], object]


def ours(batch: Batch, some: list[tuple[Source, bytes]]) -> list[float]:
    """Bytes to columns: everything that the build does with a batch of documents before it writes, in milliseconds for each of them."""
    opened = [timed(lambda pair: report.opened(*pair), pair) for pair in some]
    spent, reports = [ms for ms, _ in opened], [one for _, one in opened]
    left = {number: report.steps(one) for number, one in enumerate(reports)}
    while left:
        for number, steps in list(left.items()):
            ms, goes_on = timed(lambda pair: report.goes_on(*pair), (reports[number], steps))
            spent[number] += ms
            if not goes_on:
                del left[number]
    return [ms + timed(batch.add, one)[0] for ms, one in zip(spent, reports, strict=True)]


def read_html(data: bytes) -> object:
    import pandas as pd

    from extract.charset import decode

    return pd.read_html(io.StringIO(decode(data)))


def python_docx(data: bytes) -> object:
    import docx

    return [
        [[cell.text for cell in row.cells] for row in table.rows] for table in docx.Document(io.BytesIO(data)).tables
    ]


def pdfplumber_tables(data: bytes) -> object:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return [page.extract_tables() for page in pdf.pages]


def camelot_lattice(data: bytes) -> object:
    import camelot

    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(data)
        file.flush()
        return [table.df for table in camelot.read_pdf(file.name, pages="all", flavor="lattice")]


def parse_html(data: bytes) -> object:
    from lxml import etree

    return etree.fromstring(data, etree.HTMLParser(encoding="utf-8"))


def unzip_and_parse(data: bytes) -> object:
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return etree.fromstring(file.read("word/document.xml"))


def pdfium_text(data: bytes) -> object:
    import pypdfium2

    pdf = pypdfium2.PdfDocument(data)
    try:
        return [page.get_textpage().get_text_range() for page in pdf]
    finally:
        pdf.close()


PEERS: dict[str, tuple[str, Work, str, Work]] = {
    "html": ("pandas.read_html", read_html, "lxml parse", parse_html),
    "html-ugly": ("pandas.read_html", read_html, "lxml parse", parse_html),
    "docx": ("python-docx", python_docx, "unzip + lxml parse", unzip_and_parse),
    "pdf": ("pdfplumber extract_tables", pdfplumber_tables, "pypdfium2 text", pdfium_text),
}


def timed(work: Callable[[Given], Made], given: Given) -> tuple[float, Made]:
    """Milliseconds of processor time that one run takes, and what it gives."""
    begin = time.thread_time()
    found = work(given)
    return 1000 * (time.thread_time() - begin), found


def _finds_tables(found: object) -> bool:
    """Whether the peer saw the tables: documents whose tables it cannot see (content controls in DOCX) are no measure of its speed."""
    if isinstance(found, list):
        return sum(_cells_in(part) for part in found) >= FEWEST_CELLS
    return True


def _cells_in(part: object) -> int:
    if isinstance(part, list):
        return sum(_cells_in(inner) for inner in part)
    return int(getattr(part, "size", 1))  # a data frame's cells, or one cell


def documents(kind: str, reports: int, seed: int) -> Iterator[tuple[Source, bytes]]:
    """The documents of one city."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        make_city(folder, kind, reports, seed)
        for path in walk(folder):
            source = identify_file(folder, path)
            assert isinstance(source, Source)
            yield source, (folder / path).read_bytes()


def warm_up(kind: str, seed: int) -> None:
    """Bring both sides to the state of a process that has been reading for a while."""
    _, peer, _, floor = PEERS[kind]
    for source, data in documents(kind, WARM_UP, seed):
        peer(data), ours(Batch(), [(source, data)]), floor(data)
    gc.collect()
    gc.freeze()


def measure(kind: str, batch: Batch, some: list[tuple[Source, bytes]]) -> list[tuple[float, float, float]]:
    """(peer, ours, floor) in milliseconds for each of some documents in which the peer finds tables."""
    _, peer, _, floor = PEERS[kind]
    theirs = [timed(peer, data) for _, data in some]
    mine = ours(batch, some)
    least = [timed(floor, data)[0] for _, data in some]
    return [
        (peer_ms, own_ms, floor_ms)
        for (peer_ms, found), own_ms, floor_ms in zip(theirs, mine, least, strict=True)
        if _finds_tables(found)
    ]


def compare(kind: str, options: argparse.Namespace) -> str:
    """One line of the table for one kind."""
    peer_name, _, floor_name, _ = PEERS[kind]
    times: list[tuple[float, float, float]] = []
    some: list[tuple[Source, bytes]] = []
    for turn in range(options.rounds):
        batch = Batch()
        every = list(documents(kind, options.reports, options.seed + turn))
        together = options.together or len(every)
        for start in range(0, len(every), together):
            some = every[start : start + together]
            times += measure(kind, batch, some)
    peer_ms, own_ms, floor_ms = (statistics.median(column) for column in zip(*times, strict=True))
    ratio = statistics.median(theirs / own for theirs, own, _ in times)
    extra = ""
    if kind == "pdf":
        slow = statistics.median(timed(camelot_lattice, data)[0] for _, data in some[:CAMELOT_DOCUMENTS])
        extra = f" {slow / own_ms:.0f} × camelot lattice"
    return f"| {kind} | {len(times)} | {peer_name} {peer_ms:.1f} | {own_ms:.2f} | **{ratio:.1f}** | {floor_name} {floor_ms:.2f} |{extra} |"


def turns(kind: str, options: argparse.Namespace) -> str:
    """One line: × of one kind where the two take turns after so many documents."""
    ratios = []
    for together in options.turns.split(","):
        size = ["--reports", str(options.reports), "--rounds", str(options.rounds), "--seed", str(options.seed)]
        command = [sys.executable, __file__, *size, "--kinds", kind, "--together", together]
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        ratios.append(re.findall(r"\*\*([\d.]+)\*\*", printed)[-1])
    return f"| {kind} | " + " | ".join(ratios) + " |"


def profile(kind: str, options: argparse.Namespace) -> str:
    """One line: the shares of the stages in our time, over the documents of one city."""
    batch, watch = Batch(), Stopwatch()
    with watch.running():
        ours(batch, list(documents(kind, options.reports, options.seed + options.rounds)))
    return f"| {kind} | " + " | ".join(f"{share:.0f}" for share in watch.shares().values()) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed of the reading beside its peers, kind by kind")
    parser.add_argument("--reports", type=int, default=42, help="documents of one city")
    parser.add_argument("--seed", type=int, default=9100)
    parser.add_argument("--rounds", type=int, default=5, help="cities of each kind")
    parser.add_argument("--kinds", default=KINDS)
    parser.add_argument("--together", type=int, default=0, help="documents between turns (0: a city)")
    parser.add_argument("--turns", default="", help="numbers of documents between turns to show besides: 7,1")
    parser.add_argument("--profile", action="store_true", help="where our time goes, besides")
    options = parser.parse_args()
    kinds, shares = options.kinds.split(","), []
    print("| kind | documents | peer, ms | ours, ms | × | floor, ms | |\n|---|---|---|---|---|---|---|")
    for kind in kinds:
        warm_up(kind, options.seed - 1)
        print(compare(kind, options), flush=True)
        if options.profile:
            shares.append(profile(kind, options))
    if options.profile:
        print(f"\n| share of our time, % | {' | '.join(STAGES)} |\n|---|{'---|' * len(STAGES)}")
        print("\n".join(shares))
    if options.turns:
        numbers = options.turns.split(",")
        print(
            f"\n| × where turns are taken after so many documents | {' | '.join(numbers)} |\n|---|{'---|' * len(numbers)}"
        )
        print("\n".join(turns(kind, options) for kind in kinds if kind in TURNS_KINDS))


if __name__ == "__main__":
    main()
