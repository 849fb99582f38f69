"""From every mark of every chart to its cells, in one call."""

from __future__ import annotations

import pandas as pd
import pytest
import site_city

from compare import charts, panel, tracing

CHARTS = {
    "profile": (lambda city: charts.office_profile(city, city.offices.index[0], "en"), ""),
    "anomalies": (lambda city: charts.anomalies(city, "en"), ""),
    "rates": (lambda city: charts.compare_offices(city, "disclosure", "en"), "disclosure"),
    "funnel": (lambda city: charts.funnel(city, "refusal", language="en"), "refusal"),
    "outcomes by year": (lambda city: charts.outcomes(city, language="en"), "granted"),
    "outcomes by office": (lambda city: charts.outcomes(city, "office", "en"), "refused"),
    "slope": (lambda city: charts.year_on_year(city, "permits", language="en"), "permits"),
    "ledger": (lambda city: charts.carry_over(city, language="en"), "applications_received"),
}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> panel.Panel:
    return panel.load(site_city.city(tmp_path_factory) / "processed")


@pytest.mark.parametrize("name", CHARTS)
def test_every_mark_leads_to_cells_that_add_up_to_it(city: panel.Panel, name: str) -> None:
    draw, what = CHARTS[name]
    data = draw(city).data
    value = {"rates": "", "funnel": "", "slope": "after", "ledger": ""}.get(name, what or "value")
    for _, mark in data.iterrows():
        if mark.get("report_id", "") is pd.NA or (value and pd.isna(mark[value])):
            continue
        cells = tracing.cells_behind(city, mark, what)
        assert len(cells), mark
        if value:
            assert cells["value"].sum() == mark[value], mark


def test_the_largest_cells_are_shown_first(city: panel.Panel) -> None:
    mark = charts.outcomes(city, language="en").data.iloc[0]
    shown = tracing.pictures(city, mark, "granted", most=2)
    traced = tracing.trace(city, mark, "granted")
    assert len(shown) == 2 and all(picture.content for picture in shown)
    assert traced["value"].is_monotonic_decreasing and traced["source_path"].ne("").all()


def test_what_cannot_be_traced_is_told(city: panel.Panel) -> None:
    with pytest.raises(KeyError, match="no measure"):
        tracing.cells_behind(city, pd.Series({"year": 2023}), "nonsense")
    with pytest.raises(ValueError, match="no report, no office and no year"):
        tracing.cells_behind(city, pd.Series({"n": 3}), "granted")
