"""Flags that several processes have found, kept in files and ranked together, so that no process holds all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from compare import flags

PIECE = 5_000  # flags that are held at once
TOLD = ["tier", "flag_id", "decision"]


def keep(found: pd.DataFrame, path: Path) -> None:
    """Write ranked flags to a file of Arrow's stream format."""
    table = pa.Table.from_pandas(found, preserve_index=False)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, table.schema) as stream:
        stream.write_table(table, max_chunksize=PIECE // 5)


def write_together(files: Sequence[Path], to: Path) -> pd.DataFrame:
    """Write the flags of several files, each ranked, as one table ranked anew; returns the columns TOLD of all of them in
    that order."""
    keys = [columns_of(path, [*flags.ORDERED_BY, "decision"]) for path in files]
    number = np.repeat(np.arange(len(files)), [len(part) for part in keys])
    together = pd.concat(keys, ignore_index=True)
    order = flags.order_of(together) if len(together) else np.zeros(0, dtype=np.int64)
    flags.write_pieces(pieces([Reader(path) for path in files], number[order]), to)
    return together.iloc[order][TOLD].reset_index(drop=True)


def columns_of(path: Path, names: list[str]) -> pd.DataFrame:
    """Some columns of a file."""
    with pa.OSFile(str(path), "rb") as file, pa.ipc.open_stream(file) as stream:
        return pa.concat_tables(
            [stream.schema.empty_table().select(names)]
            + [pa.Table.from_batches([batch.select(names)]) for batch in stream]
        ).to_pandas()


def pieces(readers: Sequence[Reader], of_rank: np.ndarray) -> Iterator[pd.DataFrame]:
    """The rows of all files in their order, PIECE at a time: `of_rank` says from which file each comes. Every file gives
    its rows in its own order."""
    if not len(of_rank):
        yield pd.DataFrame(columns=flags.COLUMNS)
    for start in range(0, len(of_rank), PIECE):
        source = of_rank[start : start + PIECE]
        taken = [readers[number].take(int((source == number).sum())) for number in np.unique(source)]
        place = np.argsort(np.argsort(source, kind="stable"), kind="stable")
        piece = pd.concat(taken, ignore_index=True).iloc[place]
        yield piece.assign(rank=np.arange(start + 1, start + 1 + len(piece)))


class Reader:
    """The flags of one file, so many at a time."""

    def __init__(self, path: Path) -> None:
        self.stream = pa.ipc.open_stream(pa.OSFile(str(path), "rb"))
        self.rest = self.stream.schema.empty_table()

    def take(self, count: int) -> pd.DataFrame:
        """The next rows."""
        while self.rest.num_rows < count:
            batch = pa.Table.from_batches([self.stream.read_next_batch()])
            self.rest = pa.concat_tables([self.rest, batch])
        taken, self.rest = self.rest.slice(0, count), self.rest.slice(count)
        frame: pd.DataFrame = taken.to_pandas()
        return frame
