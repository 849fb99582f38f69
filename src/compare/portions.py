"""The rows of a published table dealt out to parts of a panel in one pass, so that no part reads the whole table again."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from compare.published import blocks_of, published, text_type, typed


class Portions:
    """Tables dealt out by report: `part_of` (int64 per report of `report_ids`) says to which part. What it wrote goes
    with it."""

    def __init__(self, folder: Path, report_ids: pd.Series, part_of: np.ndarray) -> None:
        self.folder, self.part_of = folder, part_of
        self.index = pd.Index(report_ids.astype(object))
        self.parts = int(part_of.max()) + 1 if len(part_of) else 0
        self.dealt: dict[str, Path] = {}
        self.temporary = tempfile.TemporaryDirectory(prefix="jiedao-", ignore_cleanup_errors=True)
        self.store = Path(self.temporary.name)

    def rows(self, part: int, name: str) -> pd.DataFrame:
        """The rows of table `name` that belong to a part, in the order of the file, with the dtypes of read_table.
        Raises NotPublishedError where the table is not there."""
        if name not in self.dealt:
            self.deal(name)
        with pa.OSFile(str(self.dealt[name] / f"{part}.arrow"), "rb") as file:
            return typed(pa.ipc.open_stream(file).read_all().to_pandas(types_mapper=text_type))

    def deal(self, name: str) -> None:
        """Write each part's rows of a table to a file of its own, block by block."""
        path = published(self.folder, name)
        store = self.store / name
        store.mkdir()
        blocks = blocks_of(path)
        schema = next(blocks).schema
        files = [pa.OSFile(str(store / f"{part}.arrow"), "wb") for part in range(self.parts)]
        writers = [pa.ipc.new_stream(file, schema) for file in files]
        try:
            for block in blocks:
                self.hand_out(block, writers)
        finally:
            for writer, file in zip(writers, files, strict=True):
                writer.close()
                file.close()
        self.dealt[name] = store

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
    """One part of the tables that were dealt out, and what was made of it."""

    portions: Portions
    number: int

    def rows(self, name: str) -> pd.DataFrame:
        """See Portions.rows."""
        return self.portions.rows(self.number, name)

    def stored(self, name: str, make: Callable[[Any], Any], source: Any) -> Any:
        """What `make` works out of `source`, worked out once and then read from a file of this process's own."""
        path = self.portions.store / f"{name}-{self.number}.pickle"
        if path.is_file():
            with path.open("rb") as file:
                return pickle.load(file)
        made = make(source)
        with path.open("wb") as file:
            pickle.dump(made, file, protocol=pickle.HIGHEST_PROTOCOL)
        return made
