"""All documents of a run in the order of their paths, in files: whoever publishes takes one piece of them after the other and holds nothing of the rest."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from .document import Source
from .manifest import KEPT, Place
from .storage import shown

DOCUMENTS, SETTLED = "documents.arrow", "settled.arrow"
LINED_UP = pa.schema(
    {
        "document_id": pa.string(),
        "source_path": pa.string(),
        "part": pa.int64(),
        "spans": pa.list_(pa.uint32(), 2 * len(KEPT)),
    }
)


@contextlib.contextmanager
def pieces_into(path: Path, schema: pa.Schema) -> Iterator[pa.ipc.RecordBatchFileWriter]:
    """A new file whose pieces are the batches that are written."""
    with path.open("wb") as file, pa.ipc.new_file(file, schema) as writer:
        yield writer


def lined_up(sources: Sequence[Source], places: Sequence[Place]) -> pa.RecordBatch:
    """Some documents, with the columns of LINED_UP."""
    spans = np.array([place.spans for place in places], dtype=np.uint32).ravel()
    columns = [
        pa.array([source.document_id for source in sources], pa.string()),
        pa.array([shown(source.path) for source in sources], pa.string()),
        pa.array([place.part for place in places], pa.int64()),
        pa.FixedSizeListArray.from_arrays(pa.array(spans, pa.uint32()), 2 * len(KEPT)),
    ]
    return pa.record_batch(columns, schema=LINED_UP)


class Lineup:
    """The two files in a folder: DOCUMENTS with the columns of LINED_UP, and SETTLED with what was settled of those that are reports, as many
    pieces. Use as a context manager."""

    def __init__(self, folder: Path) -> None:
        self._files = contextlib.ExitStack()
        self._documents, self._settled = (self._opened(folder / name) for name in (DOCUMENTS, SETTLED))

    def __enter__(self) -> Lineup:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def __len__(self) -> int:
        return int(self._documents.num_record_batches)

    def piece(self, number: int) -> tuple[pa.RecordBatch, pa.Table]:
        """The documents of the piece with this number, counted from 0, and what was settled of its reports."""
        settled = self._settled.get_batch(number)
        return self._documents.get_batch(number), pa.Table.from_batches([settled])

    def _opened(self, path: Path) -> pa.ipc.RecordBatchFileReader:
        file = self._files.enter_context(path.open("rb"))
        return pa.ipc.open_file(pa.PythonFile(file, "r"))
