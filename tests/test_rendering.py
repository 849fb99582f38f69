"""Pieces of published tables: the same bytes however the rows came together, checked, and with texts as dictionaries or not."""

from __future__ import annotations

import csv
import io
import itertools
from pathlib import Path

import pandera.errors
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.assembly import compact, joined
from extract.rendering import harmless, rendered
from extract.schemas import arrow, stored

TEXTS = st.lists(st.sampled_from(["街道", "=1+1", 'quo"te', "a,b", "", None, "new\nline", "-8", "镇"]), max_size=12)
CUTS = st.lists(st.integers(0, 12), max_size=4)


def cut(column: pa.Array, cuts: list[int]) -> pa.ChunkedArray:
    """A column in pieces, some of them empty."""
    places = [0, *sorted(min(at, len(column)) for at in cuts), len(column)]
    return pa.chunked_array([column.slice(a, b - a) for a, b in itertools.pairwise(places)], type=column.type)


def sections_of(titles: pa.ChunkedArray) -> pa.Table:
    """Rows of sections.csv with these titles."""
    height = len(titles)
    columns = {
        field.name: pa.nulls(height, field.type) if field.name != "title" else titles for field in arrow("sections.csv")
    }
    return pa.table(columns)


@given(TEXTS, CUTS, st.booleans())
def test_lines_do_not_depend_on_how_the_rows_were_cut_or_kept(
    texts: list[str | None], cuts: list[int], encoded: bool
) -> None:
    whole = pa.array(texts, pa.string())
    kept = cut(whole.dictionary_encode() if encoded else whole, cuts)
    piece = rendered("sections.csv", sections_of(kept))
    assert piece == rendered("sections.csv", sections_of(pa.chunked_array([whole])))
    assert isinstance(piece.content, bytes) and piece.rows == len(texts)
    rows = list(csv.reader(io.StringIO(piece.content.decode(), newline="")))
    expected = harmless(pa.chunked_array([whole], pa.string())).to_pylist()
    assert [row[arrow("sections.csv").names.index("title")] for row in rows] == [text or "" for text in expected]


@given(TEXTS, CUTS)
def test_dictionaries_say_the_same_and_hold_what_is_used_in_order_of_appearance(
    texts: list[str | None], cuts: list[int]
) -> None:
    whole = pa.array(texts, pa.string())
    pieces = cut(whole, cuts)
    tables = [
        pa.table({f.name: c.dictionary_encode() if f.name == "text" else pa.nulls(len(c), f.type) for f in stored("grids.parquet")})
        for c in pieces.chunks
    ]  # fmt: skip
    made = joined(tables, "grids.parquet")["text"].combine_chunks()
    assert made.to_pylist() == texts
    assert made.dictionary.to_pylist() == list(dict.fromkeys(text for text in texts if text is not None))


def test_a_null_among_the_texts_of_a_dictionary_becomes_a_null_of_the_column() -> None:
    column = pa.DictionaryArray.from_arrays(pa.array([0, 1, None, 2, 1], pa.int32()), pa.array(["a", None, "b"]))
    made = compact(column)
    assert made.to_pylist() == ["a", None, None, "b", None] and made.dictionary.to_pylist() == ["a", "b"]


def test_values_that_a_schema_does_not_know_are_refused_whatever_was_seen_before() -> None:
    table = arrow("appeals.csv").empty_table()
    good = pa.Table.from_pylist([{"state": "reported"}], schema=table.schema)
    bad = pa.Table.from_pylist([{"state": "guessed"}], schema=table.schema)
    rendered("appeals.csv", good)
    for _ in range(2):
        with pytest.raises(pandera.errors.SchemaErrors, match="guessed"):
            rendered("appeals.csv", bad)
    with pytest.raises(KeyError):
        rendered("appeals.csv", good.drop_columns(["count"]))


def test_dates_and_flags_are_checked() -> None:
    row = {"report_id": "x-1-2021-abc", "is_primary": True, "fictional": True}
    schema = arrow("reports.csv")
    rendered("reports.csv", pa.Table.from_pylist([row | {"published_on": "2022-01-20"}], schema=schema))
    for wrong in ({"published_on": "20.1.2022"}, {"is_primary": None}, {"report_id": "a/b"}):
        with pytest.raises(pandera.errors.SchemaErrors):
            rendered("reports.csv", pa.Table.from_pylist([row | wrong], schema=schema))


def test_a_parquet_piece_is_written_with_plain_texts(tmp_path: object) -> None:
    """Readers see the published types: the dictionaries are a matter of writing alone."""
    import pyarrow.parquet as pq

    from extract.publish import Destination, Publisher

    with Publisher(Destination(f"{tmp_path}/out")) as publisher:
        schema = arrow("facts.parquet")
        publisher.add("facts.parquet", pa.Table.from_pylist([{"fact_id": "r/c", "cell": "c", "value": 1.0}], schema=schema))  # fmt: skip
        publisher.add("facts.parquet", pa.Table.from_pylist([{"fact_id": "r/d", "cell": "d"}], schema=schema))
    assert pq.read_schema(f"{tmp_path}/out/facts.parquet").equals(schema)
    assert pq.read_table(f"{tmp_path}/out/facts.parquet").select(["fact_id", "cell", "value"]).to_pylist() == [
        {"fact_id": "r/c", "cell": "c", "value": 1.0}, {"fact_id": "r/d", "cell": "d", "value": None},
    ]  # fmt: skip


def test_a_file_that_others_wrote_goes_on_and_its_rows_count(tmp_path: Path) -> None:
    """Whether it has begun or not: one head, the rows in the order in which they came."""
    from extract.files import Files
    from extract.publish import Destination, Publisher

    schema = arrow("issues.csv")
    one, two, three = (pa.Table.from_pylist([{"source_path": name, "kind": "x"}], schema=schema) for name in "abc")
    written = {}
    for begun in (True, False):
        with Files(tmp_path) as files:
            files.append(rendered("issues.csv", two))
        with Publisher(Destination(tmp_path / f"{begun}")) as publisher:
            if begun:
                publisher.add("issues.csv", one)
            publisher.take(tmp_path, files.rows)
            publisher.add("issues.csv", three)
        assert publisher.rows["issues.csv"] == 2 + begun
        written[begun] = (tmp_path / f"{begun}" / "issues.csv").read_text(encoding="utf-8-sig").splitlines()
        (tmp_path / "issues.csv").unlink(missing_ok=True)
    head, *rows = written[True]
    assert head.startswith("source_path") and [row.partition(",")[0] for row in rows] == ['"a"', '"b"', '"c"']
    assert written[False] == [head, *rows[1:]]
