"""Speed of the reading, kind by kind, in one process, beside what a user would take today.

python benchmarks/speed.py [--reports 30] [--seed S] [--rounds 5] [--kinds html,html-ugly,docx,pdf] [--profile]

For every document in turn: the peer's bare table reading, then our whole way from bytes to columns of facts (proof, prose, identity
included), then the floor below which nothing can go. Processor time, so that a busy machine matters less; the smallest of the rounds for
each document, the median over documents, the ratio of the medians. Peers: pandas.read_html on decoded text, python-docx reading every
cell, pdfplumber's extract_tables on every page, camelot's lattice (a few documents only: it is slow). Documents in which the peer finds no
tables are left out.
"""

from __future__ import annotations

import argparse
import gc
import io
import statistics
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from accuracy import make_city

from extract.columns import Batch
from extract.document import Source
from extract.report import read_report
from extract.sources import identify_file, walk

KINDS = "html,html-ugly,docx,pdf"
CAMELOT_DOCUMENTS = 3
FEWEST_CELLS = 150
Work = Callable[[bytes], object]


def ours(source: Source) -> Work:
    """Bytes to columns: everything that the build does with one document before it writes."""

    def run(data: bytes) -> object:
        batch = Batch()
        batch.add(read_report(source, data))
        return batch

    return run


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


def cpu(work: Work, data: bytes) -> float:
    """Milliseconds of processor time that one run takes."""
    begin = time.thread_time()
    work(data)
    return 1000 * (time.thread_time() - begin)


def _finds_tables(found: object) -> bool:
    """Whether the peer saw the tables: documents whose tables it cannot see (content controls in DOCX) are no measure of its speed."""
    if isinstance(found, list):
        return sum(_cells_in(part) for part in found) >= FEWEST_CELLS
    return True


def _cells_in(part: object) -> int:
    if isinstance(part, list):
        return sum(_cells_in(inner) for inner in part)
    return int(getattr(part, "size", 1))  # a data frame's cells, or one cell


def compare(kind: str, folder: Path, rounds: int) -> str:
    """One line of the table for one kind."""
    peer_name, peer, floor_name, floor = PEERS[kind]
    documents = []
    for path in walk(folder):
        source = identify_file(folder, path)
        assert isinstance(source, Source)
        documents.append((source, (folder / path).read_bytes()))
    documents = [(source, data) for source, data in documents if _finds_tables(peer(data))]
    for source, data in documents[:3]:  # imports and caches of a running process, on both sides
        peer(data), ours(source)(data), floor(data)
    times: dict[str, list[list[float]]] = {"peer": [], "ours": [], "floor": []}
    for source, data in documents:
        rows: dict[str, list[float]] = {"peer": [], "ours": [], "floor": []}
        for _ in range(rounds):
            rows["peer"].append(cpu(peer, data))
            rows["ours"].append(cpu(ours(source), data))
            rows["floor"].append(cpu(floor, data))
        for name, values in rows.items():
            times[name].append(values)
    best = {name: statistics.median(min(values) for values in lists) for name, lists in times.items()}
    extra = ""
    if kind == "pdf":
        slow = statistics.median(cpu(camelot_lattice, data) for _, data in documents[:CAMELOT_DOCUMENTS])
        extra = f" {slow / best['ours']:.0f} × camelot lattice"
    return (
        f"| {kind} | {len(documents)} | {peer_name} {best['peer']:.1f} | {best['ours']:.2f} | **{best['peer'] / best['ours']:.1f}** |"
        f" {floor_name} {best['floor']:.2f} |{extra} |"
    )


def profile(kind: str, folder: Path) -> None:
    """Where the time goes: the functions that take most of it themselves."""
    import cProfile
    import pstats

    documents = [(identify_file(folder, path), (folder / path).read_bytes()) for path in walk(folder)]
    for source, data in documents:  # once without the profiler: imports and caches of a running process
        assert isinstance(source, Source)
        ours(source)(data)
    profiler = cProfile.Profile()
    profiler.enable()
    for source, data in documents:
        assert isinstance(source, Source)
        ours(source)(data)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(25)


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed of the reading beside its peers, kind by kind")
    parser.add_argument("--reports", type=int, default=30)
    parser.add_argument("--seed", type=int, default=9100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kinds", default=KINDS)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    print("| kind | documents | peer, ms | ours, ms | × | floor, ms | |\n|---|---|---|---|---|---|---|")
    gc.collect()
    gc.freeze()
    with tempfile.TemporaryDirectory() as temporary:
        for kind in options.kinds.split(","):
            folder = Path(temporary) / kind
            make_city(folder, kind, options.reports, options.seed)
            if options.profile:
                profile(kind, folder)
            else:
                print(compare(kind, folder, options.rounds), flush=True)


if __name__ == "__main__":
    main()
