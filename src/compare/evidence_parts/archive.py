"""The facts and tables of some reports of a published folder, and where their originals lie."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from compare.cells import groups_with
from compare.evidence_parts import originals, redrawn
from compare.published import NotPublishedError, read_rows, read_table

PLACE = ("source_path", "page", "table", "row", "col", "x0", "y0", "x1", "y1", "method", "raw_text", "other_reading")

Parts = dict[str, tuple[int, ...]]  # file name → row groups


@dataclass(frozen=True)
class Archive:
    """The facts and tables of some reports (None: of all) of a published folder, and where their originals lie.

    `facts` is indexed by fact_id; `grids` holds the cells of recognised tables. What was read stays in memory. `parts` may say
    in which row groups of each file those reports stand, so that a large folder is not read from end to end.
    """

    out: Path
    report_ids: tuple[str, ...] | None = None
    parts: Parts | None = None

    @cached_property
    def facts(self) -> pd.DataFrame:
        """Rows of facts.parquet, indexed by fact_id (the first row of each); places that a folder does not tell are
        missing."""
        table = self._table("facts.parquet").to_pandas().drop_duplicates("fact_id").set_index("fact_id", drop=False)
        return table.reindex(columns=[*table.columns, *(name for name in PLACE if name not in table.columns)])

    @cached_property
    def by_report(self) -> dict[str, list[dict[str, Any]]]:
        """The facts of each report as plain rows: what its tables and sums are drawn from."""
        names = ["report_id", "cell", "value", "state", "proof", *PLACE]
        kept = self.facts.reindex(columns=names).astype(object).where(self.facts.reindex(columns=names).notna(), None)
        found: dict[str, list[dict[str, Any]]] = {}
        for values in zip(*(kept[name].tolist() for name in names), strict=True):
            found.setdefault(values[0], []).append(dict(zip(names, values, strict=True)))
        return found

    @cached_property
    def grids(self) -> dict[tuple[str, int], list[redrawn.GridCell]]:
        """The recognised tables by (report_id, table); none where the folder has no grids.parquet."""
        present = (self.out / "grids.parquet").is_file()
        return redrawn.tables_of(self._table("grids.parquet")) if present else {}

    def tables(self, report_id: str) -> dict[int, list[redrawn.GridCell]]:
        """The tables of one report by their number, in order."""
        return dict(sorted(self._tables_by_report.get(report_id, {}).items()))

    @cached_property
    def _tables_by_report(self) -> dict[str, dict[int, list[redrawn.GridCell]]]:
        found: dict[str, dict[int, list[redrawn.GridCell]]] = {}
        for (report_id, table), cells in self.grids.items():
            found.setdefault(report_id, {})[table] = cells
        return found

    @cached_property
    def codebook(self) -> pd.DataFrame:
        """The codebook, indexed by cell."""
        return read_table(self.out, "codebook.csv").drop_duplicates("cell").set_index("cell")

    @cached_property
    def urls(self) -> dict[str, str]:
        """Published address by report_id, where known."""
        if self.report_ids is None:
            reports = read_table(self.out, "reports.csv")
        else:
            reports = read_rows(self.out, "reports.csv", "report_id", self.report_ids)
        return dict(zip(reports["report_id"], reports["url"].fillna(""), strict=True)) if "url" in reports else {}

    @cached_property
    def raw(self) -> Path | None:
        """The folder of the originals, None where it is gone."""
        return originals.raw_folder(self.out)

    def original(self, fact: pd.Series) -> Path | None:
        """The original file of a fact, None where it is gone."""
        return originals.original(self.raw, told(fact.get("source_path")))

    def fact(self, fact_id: str) -> pd.Series:
        """One fact. Raises KeyError where there is none of that id."""
        if fact_id not in self.facts.index:
            raise KeyError(f"{fact_id!r} is no fact of {self.out / 'facts.parquet'}")
        return self.facts.iloc[int(self.facts.index.get_indexer(pd.Index([fact_id]))[0])]

    def _table(self, name: str) -> Any:
        import pyarrow
        import pyarrow.compute as compute
        import pyarrow.parquet as parquet

        path = self.out / name
        if not path.is_file():
            raise NotPublishedError(f"{path} is not there: run `python -m extract build RAW --out {self.out}` again.")
        if self.report_ids is None:
            return parquet.read_table(path)
        if self.parts is None:
            return parquet.read_table(path, filters=[("report_id", "in", list(self.report_ids))])
        table = parquet.ParquetFile(path).read_row_groups(list(self.parts.get(name, ())))
        return table.filter(compute.is_in(table["report_id"], pyarrow.array(self.report_ids, pyarrow.string())))


def parts_of_reports(out: Path, reports: pd.DataFrame) -> dict[str, dict[str, set[int]]]:
    """For facts.parquet and grids.parquet: report_id → the row groups in which it stands, of these rows of
    reports.csv."""
    import pyarrow
    import pyarrow.compute as compute
    import pyarrow.parquet as parquet

    wanted = pyarrow.array(reports["report_id"].astype(object), pyarrow.string())
    found: dict[str, dict[str, set[int]]] = {}
    for name in ("facts.parquet", "grids.parquet"):
        by_report = found.setdefault(name, {})
        if (out / name).is_file():
            file = parquet.ParquetFile(out / name)
            for number in groups_with(file, reports):
                ids = file.read_row_group(number, columns=["report_id"])["report_id"].unique()
                for report in ids.filter(compute.is_in(ids, value_set=wanted)).to_pylist():
                    by_report.setdefault(report, set()).add(number)
    return found


def told(value: object) -> str:
    """A published text, "" where it is missing."""
    return "" if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]
