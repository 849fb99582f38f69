"""The panel: complete, dtype-safe, blank is not zero, forms harmonised; and the rates made from it."""

from __future__ import annotations

import math
from pathlib import Path

import compare_city
import numpy as np
import pytest

from compare import __main__ as command
from compare import indicators, panel


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    cells = compare_city.city(8)
    del cells[4, 2021]
    cells[1, 2022]["permits.decisions"] = math.nan
    for cell in [c for c in cells[2, 2023] if c.startswith("applications.") and c.endswith(".total")]:
        cells[2, 2023][cell] = 0.0
    return compare_city.publish(tmp_path_factory.mktemp("city") / "processed", cells)


def test_every_office_has_every_year(out: Path) -> None:
    loaded = panel.load(out)
    assert loaded.years == list(range(2019, 2026))
    assert loaded.place.shape == (8, 7)
    series = loaded.series("permits")
    assert len(series) == 56
    missing = series[series["report_id"].isna()]
    assert list(missing["year"]) == [2021]
    assert missing["value"].isna().all()


def test_blank_is_not_zero(out: Path) -> None:
    loaded = panel.load(out)
    series = loaded.series("permits").set_index(["office_id", "year"])["value"]
    assert np.isnan(series[compare_city.report_id(1, 2022).split("-")[0], 2022])
    coercion = loaded.series("coercion")["value"].dropna()
    assert (coercion == 0).all() and len(coercion) == 55


def test_forms_are_harmonised(out: Path) -> None:
    loaded = panel.load(out)
    handling = loaded.series("other_handling")
    assert handling["value"].notna().sum() == 55  # one row of 2019, three rows of 2021
    in_force = loaded.series("documents_effective").dropna(subset="value")
    assert in_force["year"].min() == 2021  # 对外公开总数量 of form 2019 is another thing
    assert loaded.series("documents_public").dropna(subset="value")["year"].max() == 2020


def test_measures_name_cells_of_the_forms() -> None:
    for form in ("2019", "2021"):
        known = set(compare_city.form_cells(form)["cell"])
        for name in panel.measures().index:
            rule = panel.measure(name)
            named = (rule.cells_2019 if form == "2019" else rule.cells_2021).split()
            assert set(named) <= known, name


@pytest.mark.parametrize(
    ("asked", "years"), [("2021", [2021]), ("2019-2021", [2019, 2020, 2021]), ("2019,2025", [2019, 2025]), ("", [])]
)
def test_years_asked(asked: str, years: list[int]) -> None:
    assert panel.years_asked(asked) == years


@pytest.mark.parametrize(
    ("office", "district", "short"),
    [
        ("虚构区人民政府甲街道办事处", "虚构区", "甲街道"),
        ("虚构区人民政府", "虚构区", "虚构区人民政府"),
        ("虚构区财政局", "虚构区", "虚构区财政局"),
        ("乙镇人民政府", "虚构区", "乙镇人民政府"),
    ],
)
def test_short_names(office: str, district: str, short: str) -> None:
    assert panel.short_name(office, district) == short


def test_filters(out: Path) -> None:
    assert set(panel.load(out, district="虚构西区").offices["district_zh"]) == {"虚构西区"}
    assert len(panel.load(out, offices=["虚构甲街道"], years="2020-2022").reports) == 3
    assert len(panel.load(out, city="虚构市").offices) == 8


@pytest.mark.parametrize("district", ["没有的区", ""])
def test_what_cannot_be_loaded_is_one_line_and_exit_2(
    district: str, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = out if district else tmp_path
    assert command.main(["flags", str(folder), "--district", district]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "Traceback" not in error


def test_years_that_cannot_be_understood(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["flags", str(out), "--years", "last"]) == 2
    assert "2019-2025" in capsys.readouterr().err


def test_wilson_reference_value() -> None:
    low, high = indicators.wilson(np.array([3.0]), np.array([3.0]))
    assert round(float(low[0]), 3) == 0.439 and high[0] == pytest.approx(1.0)


def test_wilson_needs_a_share() -> None:
    low, _ = indicators.wilson(np.array([5.0, 0.0]), np.array([3.0, 0.0]))
    assert np.isnan(low).all()


def test_poisson_limits_reference_values() -> None:
    """Exact limits of FunnelPlotR's tests: E = 15, 20, 30, given there as ratios of the expected count."""
    expected = np.array([15.0, 20.0, 30.0])
    low95, high95 = indicators.poisson_limits(expected)
    low998, high998 = indicators.poisson_limits(expected, 0.998)
    assert low95 / expected == pytest.approx([0.5596924, 0.6108260, 0.6746958], abs=1e-6)
    assert high95 / expected == pytest.approx([1.649348, 1.544419, 1.427562], abs=1e-6)
    assert low998 / expected == pytest.approx([0.3862650, 0.4479107, 0.5289724], abs=1e-6)
    assert high998 / expected == pytest.approx([2.082907, 1.902094, 1.702771], abs=1e-6)


def city_of(folder: Path, years: dict[int, dict[str, float]]) -> panel.Panel:
    """One office that prints these cells and zeros beside them."""
    nothing = dict.fromkeys(compare_city.form_cells("2021")["cell"], 0.0)
    return panel.load(compare_city.publish(folder / "out", {(0, year): nothing | more for year, more in years.items()}))


def test_rates_of_a_published_city_report(tmp_path: Path) -> None:
    """The rates that a published city report of 2024 leads to: 3,050 decided, of them 1,362 and 454 disclosed."""
    rows = {"granted": 1362, "partly_granted": 454, "results_total": 3050, "received": 3153}
    rows |= {"refused.state_secret": 78, "refused.other_law": 100, "unavailable.not_held": 781}
    rows |= {"not_processed.repeated": 88, "other_handling.no_correction_overdue": 187}
    cells = {f"applications.{row}.total": float(count) for row, count in rows.items()}
    appeals = {"total": 351, "pending": 37, "corrected": 64}
    cells |= {f"appeals.reconsideration.{name}": float(count) for name, count in appeals.items()}
    loaded = city_of(tmp_path, {2024: cells})
    expected = {
        "disclosure": 0.5954,
        "refusal": 0.0584,
        "unavailable_rate": 0.2561,
        "not_processed_rate": 0.0289,
        "other_rate": 0.0613,
        "correction": 0.2038,
        "clearance": 0.9673,
    }
    made = {name: round(indicators.indicator(loaded, name)["value"].iloc[0], 4) for name in expected}
    assert made == expected


@pytest.mark.parametrize(
    ("name", "cells", "printed"),
    [
        # Shanghai 2023 prints it in its report; Hangzhou 2025: 97 of 669 decided.
        ("disclosure", {"applications.partly_granted.total": 10538, "applications.results_total.total": 34430}, 0.3061),
        ("correction", {"appeals.reconsideration.corrected": 97, "appeals.reconsideration.total": 669}, 0.1450),
    ],
)
def test_rates_as_published(name: str, cells: dict[str, float], printed: float, tmp_path: Path) -> None:
    rate = indicators.indicator(city_of(tmp_path, {2023: cells}), name).iloc[0]
    assert round(rate["value"], 4) == printed and rate["low"] < printed < rate["high"]


def test_sums_before_ratios(tmp_path: Path) -> None:
    """FunnelPlotR's test of aggregation: 430 of 402, 209 of 195, 225 of 220; not the mean of the years' ratios."""
    pairs = {"a": ((100, 102), (150, 135), (180, 165)), "b": ((89, 95), (120, 100)), "c": ((225, 220),)}
    made = []
    for group, years in pairs.items():
        cells = [{"penalties.decisions": float(top), "permits.decisions": float(under)} for top, under in years]
        loaded = city_of(tmp_path / group, dict(enumerate(cells, 2022)))
        made.append(indicators.pooled(loaded, "penalty_permit_ratio")["value"].iloc[0])
    assert made == pytest.approx([1.069652, 1.071795, 1.022727], abs=1e-6)


def test_no_rate_without_denominator(out: Path) -> None:
    rate = indicators.indicator(panel.load(out), "disclosure").set_index(["office_id", "year"])
    nothing = rate.loc[(compare_city.report_id(2, 2023).split("-")[0], 2023)]
    assert nothing["denominator"] == 0 and np.isnan(nothing["value"]) and not nothing["small"]


def test_small_denominators_are_marked(out: Path) -> None:
    rate = indicators.indicator(panel.load(out), "correction")
    assert rate["small"].sum() == 55 and (rate["denominator"].dropna() == 3).all()
