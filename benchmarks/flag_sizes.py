"""Time and memory of `python -m compare flags` over small and large panels: a district, a province, the country.

python benchmarks/flag_sizes.py [--offices 36,600,3000,12000] [--years 2019-2025] [--seed 8101] [--jobs 2] [--folder DIR] [--quick]

Cities of 300 offices, ten of them a province, are simulated, all of them different, mistakes planted at their own
frequency, and written straight into the published tables; no document is laid out. The command is then run as people
run it; processor time is that of all its processes, the largest resident set that of the largest of them. Prints
Markdown.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet
from planted_tables import draw, publish
from runs import Run, timed

from sample import city

TOGETHER, OF_PROVINCE = 300, 10
APPENDED = ("reports.csv", "offices.csv", "stated.csv", "sections.csv")


def write_tables(folder: Path, offices: int, years: range, seed: int) -> int:
    """The published tables of so many offices, city by city; returns the number of reports."""
    folder.mkdir(parents=True, exist_ok=True)
    writer: parquet.ParquetWriter | None = None
    reports = 0
    for number, first in enumerate(range(0, offices, TOGETHER)):
        drawn = draw(city.city(min(TOGETHER, offices - first), years, seed + number), first)
        with tempfile.TemporaryDirectory() as temporary:
            made = publish(drawn, Path(temporary), 0.0, np.random.default_rng(seed)).folder
            facts = parquet.read_table(made / "facts.parquet")
            schema = pa.schema(
                [(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type) for f in facts.schema]
            )
            writer = writer or parquet.ParquetWriter(folder / "facts.parquet", schema)
            writer.write_table(facts.cast(schema))
            for name in APPENDED:
                table = pd.read_csv(made / name, dtype=str, keep_default_na=False, encoding="utf-8-sig")
                table = renamed(table, number)
                table.to_csv(folder / name, index=False, mode="w" if not number else "a", header=not number, encoding="utf-8")  # fmt: skip
            for name in ("codebook.csv", "identities.csv", "run.json"):
                (folder / name).write_bytes((made / name).read_bytes())
        reports += len(drawn.values)
    assert writer is not None
    writer.close()
    return reports


def renamed(table: pd.DataFrame, number: int) -> pd.DataFrame:
    """A table whose districts bear the number of their city: two cities may have drawn the same name."""
    if "district_zh" not in table:
        return table
    province = f"虚构省{number // OF_PROVINCE}"
    return table.assign(district_zh=table["district_zh"] + str(number), city_zh=f"虚构市{number}", province_zh=province)


def measure(folder: Path, jobs: int) -> tuple[Run, str]:
    """The run of the command on a folder, and the last line that it printed about what it found."""
    run = timed([sys.executable, "-m", "compare", "flags", str(folder), "--jobs", str(jobs)])
    found = [line for line in run.printed.splitlines() if " →" in line]
    return run, found[-1].partition(" →")[0]


def main() -> int:
    """Measure each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offices", default="36,600,3000,12000")
    parser.add_argument("--years", default="2019-2025")
    parser.add_argument("--seed", type=int, default=8101)
    parser.add_argument("--jobs", type=int, default=2, help="provinces at once")
    parser.add_argument("--folder", type=Path, help="keep the tables here, for the next time")
    parser.add_argument("--quick", action="store_true", help="36 and 600 offices")
    options = parser.parse_args()
    start, end = (int(year) for year in options.years.split("-"))
    print(
        "| offices | reports | cells | processor time, s | ms a report | s by the clock | largest resident set, MB | found |\n"
        "|---:|---:|---:|---:|---:|---:|---:|---|"
    )
    with tempfile.TemporaryDirectory() as temporary:
        for offices in map(int, ("36,600" if options.quick else options.offices).split(",")):
            folder = (options.folder or Path(temporary)) / f"{offices}-{options.years}-{options.seed}"
            if not (folder / "facts.parquet").is_file():
                write_tables(folder, offices, range(start, end + 1), options.seed)
            cells = parquet.read_metadata(folder / "facts.parquet").num_rows
            reports = sum(1 for _ in (folder / "reports.csv").open(encoding="utf-8")) - 1
            run, told = measure(folder, options.jobs)
            used = (
                f"{run.processor:.1f} | {1000 * run.processor / reports:.1f} | {run.seconds:.1f} | {run.megabytes:,.0f}"
            )
            print(f"| {offices:,} | {reports:,} | {cells:,} | {used} | {told} |", flush=True)
    print(f"\nThe process that prints this took {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
