"""The rows of published tables dealt out to parts of a panel in one pass, so that no part reads a whole table again."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from compare.heap import sweep
from compare.published import NotPublishedError, text_type, typed
from compare.scratch import Scratch

GROWTH = 20_000_000  # bytes that dealing out may take before they are looked through for free ones
Blocks = Callable[[str], Iterator[pa.Table]]  # of a table by name, as published.blocks_of gives them


class Portions:
    """Tables dealt out by report: `part_of` (int64 per report of `report_ids`) says to which part. What it wrote goes
    with it. `blocks` says where a table comes from, `parts` how many there are."""

    def __init__(self, blocks: Blocks, report_ids: pd.Series | pd.Index, part_of: np.ndarray, parts: int) -> None:
        self.blocks, self.part_of, self.parts = blocks, part_of, parts
        self.index = pd.Index(report_ids.astype(object))
        self.scratch = Scratch()
        self.store = self.scratch.path

    def portion(self, number: int) -> Portion:
        """One part; a table is dealt out when a part first asks for it."""
        return Portion(self.store, number, self.deal)

    def deal(self, name: str) -> None:
        """Write each part's rows of a table to a file of its own, block by block. Raises NotPublishedError where the table
        is not there."""
        sweep()
        blocks = self.blocks(name)
        schema = next(blocks).schema
        (self.store / name).mkdir()
        files = [pa.OSFile(str(file_of(self.store, name, part)), "wb") for part in range(self.parts)]
        writers = [pa.ipc.new_stream(file, schema) for file in files]
        try:
            for block in blocks:
                self.hand_out(block, writers)
                sweep(beyond=GROWTH)
        finally:
            for writer, file in zip(writers, files, strict=True):
                writer.close()
                file.close()

    def hand_out(self, block: pa.Table, writers: list[pa.RecordBatchStreamWriter]) -> None:
        """Append the rows of a block to the files of the parts they belong to."""
        reports = block["report_id"].combine_chunks().dictionary_encode()
        place = self.index.get_indexer(pd.Index(reports.dictionary.to_pylist(), dtype=object))
        part_of = np.append(np.where(place >= 0, self.part_of[place], -1), -1)
        codes = reports.indices.fill_null(len(place)).to_numpy(zero_copy_only=False)
        part = part_of[codes]
        for number in np.unique(part[part >= 0]):
            writers[number].write_table(block.take(pa.array(np.flatnonzero(part == number))))


@dataclass(frozen=True)
class Portion:
    """One part of the tables that were dealt out into the folder `store`. Without `deal` it holds the tables that were
    dealt out before and no others, and may be sent to another process; `others`: the rows that are in no part."""

    store: Path
    number: int
    deal: Callable[[str], None] | None = None
    others: Portion | None = None

    @property
    def own(self) -> bool:
        """Whether the tables are dealt out by this process, to exactly the reports of a panel."""
        return self.deal is not None

    def blocks(self, name: str) -> Iterator[pa.Table]:
        """The part's rows of a table, as published.blocks_of gives them. Raises NotPublishedError where it is not
        there."""
        path = file_of(self.store, name, self.number)
        if self.deal is not None and not path.is_file():
            self.deal(name)
        if not path.is_file():
            raise NotPublishedError(f"{name} was not dealt out.")
        return read_blocks(path)

    def rows(self, name: str) -> pd.DataFrame:
        """The part's rows of a table in the order of the file, with the dtypes of read_table. Raises NotPublishedError where
        the table is not there."""
        return typed(pa.concat_tables(self.blocks(name)).to_pandas(types_mapper=text_type))

    def stored(self, name: str, make: Callable[[Any], Any], source: Any) -> Any:
        """What `make` works out of `source`, worked out once and then read from a file that this process has written."""
        path = self.store / f"{name}-{self.number}.pickle"
        if path.is_file():
            with path.open("rb") as file:
                return pickle.load(file)
        made = make(source)
        with path.open("wb") as file:
            pickle.dump(made, file, protocol=pickle.HIGHEST_PROTOCOL)
        return made


def file_of(store: Path, name: str, number: int) -> Path:
    """Where a part's rows of a table lie."""
    return store / name / f"{number}.arrow"


def read_blocks(path: Path) -> Iterator[pa.Table]:
    """What `deal` wrote for a part, an empty block first."""
    with pa.OSFile(str(path), "rb") as file, pa.ipc.open_stream(file) as stream:
        yield stream.schema.empty_table()
        for batch in stream:
            yield pa.Table.from_batches([batch])
