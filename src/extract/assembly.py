"""Results from the manifest, put together in the order of the documents; from the rows that are kept to the rows that are published."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .manifest import KEPT, Parts, Place
from .schemas import arrow, stored

Column: TypeAlias = pa.Array | pa.ChunkedArray


class Assembly:
    """Some documents, by the places of their results, in the order in which they are published: `parts` int64 (documents), `spans` uint32
    (documents, tables, 2), as Place has them."""

    def __init__(self, manifest: Parts, parts: np.ndarray, spans: np.ndarray) -> None:
        self._manifest, self.parts, self.spans = manifest, parts, spans

    @classmethod
    def of(cls, manifest: Parts, places: Sequence[Place]) -> Assembly:
        """The documents whose results lie at these places."""
        spans = np.array([place.spans for place in places], dtype=np.uint32).reshape(len(places), len(KEPT), 2)
        return cls(manifest, np.array([place.part for place in places], dtype=np.int64), spans)

    def pieces(self, name: str, columns: tuple[str, ...] = ()) -> Iterator[pa.Table]:
        """The rows of one table that these documents gave, as they are kept; with these columns alone where some are named."""
        at = self._manifest.position(name)
        unpacked: dict[int, pa.Table] = {}
        for part, first, last in self._runs:
            start, end = int(self.spans[first, at, 0]), int(self.spans[last, at].sum())
            if end > start and part not in unpacked:
                unpacked[part] = self._manifest.table(part, name, columns)
            if end > start:
                yield unpacked[part].slice(start, end - start)

    @cached_property
    def _runs(self) -> list[tuple[int, int, int]]:
        """(part, first document, last document) of documents whose rows follow each other in one part, in every table: these are taken in one piece."""
        ends = self.spans[:-1].sum(axis=2)
        torn = (np.diff(self.parts) != 0) | (ends != self.spans[1:, :, 0]).any(axis=1)
        starts = np.flatnonzero(np.concatenate([[True], torn])) if len(self.parts) else np.zeros(0, dtype=np.int64)
        lasts = np.append(starts[1:], len(self.parts)) - 1
        return [(int(self.parts[first]), int(first), int(last)) for first, last in zip(starts, lasts, strict=True)]

    def heights(self, name: str) -> np.ndarray:
        """How many of these rows each document gave, int64."""
        return self.spans[:, self._manifest.position(name), 1].astype(np.int64)


def joined(pieces: Iterable[pa.Table], name: str) -> pa.Table:
    """Pieces as one table. What stands in its dictionaries does not depend on how the rows were cut into pieces."""
    fields: list[pa.Field] = []
    waiting: deque[list[pa.Array]] = deque()
    for piece in pieces:
        fields = list(piece.schema)
        waiting.extend([] for _ in range(len(fields) - len(waiting)))
        for chunks, column in zip(waiting, piece.columns, strict=True):
            chunks += column.chunks
        del piece, column
    # Column by column, each forgotten as it was when it is done: no two copies of all of them at a time.
    columns = [_joined(waiting.popleft(), field.type) for field in fields]
    return pa.table(columns, schema=pa.schema(fields)) if fields else stored(name).empty_table()


def _joined(chunks: list[pa.Array], kind: pa.DataType) -> pa.Array:
    whole = pa.chunked_array(chunks, kind).unify_dictionaries().combine_chunks()
    return compact(whole) if pa.types.is_dictionary(kind) else whole


def compact(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """The same values; the dictionary holds each value in use once, in the order in which they first appear, and no null."""
    texts = column.dictionary
    indices = column.indices
    if texts.null_count:
        indices = pc.if_else(texts.is_valid().take(indices), indices, None)
    used = indices.unique().drop_null()
    return pa.DictionaryArray.from_arrays(pc.index_in(indices, used), texts.take(used))


def published(rows: pa.Table, name: str, heights: np.ndarray, keys: pa.Table) -> pa.Table:
    """The rows with all columns of the published file: what follows from a document's row of `keys` (columns of reports.csv) is taken from there.

    `heights` says how many rows each row of `keys` has. Texts may come as dictionaries.
    """
    which = pa.array(np.repeat(np.arange(keys.num_rows, dtype=np.int32), heights))
    columns: dict[str, Column] = {field: rows[field] for field in rows.column_names}
    for field in arrow(name).names:
        if field in keys.column_names and field not in columns:
            columns[field] = _spread(keys[field], which)
    if "fact_id" in arrow(name).names:
        columns["fact_id"] = pc.binary_join_element_wise(
            columns["report_id"].cast(pa.string()), columns["cell"].cast(pa.string()), "/"
        )
    return pa.table({field: columns[field] for field in arrow(name).names})


def _spread(column: pa.ChunkedArray, which: pa.Array) -> pa.Array:
    values = column.combine_chunks()
    if not pa.types.is_string(values.type):
        return values.take(which)
    encoded = values.dictionary_encode()
    return compact(pa.DictionaryArray.from_arrays(encoded.indices.take(which), encoded.dictionary))
