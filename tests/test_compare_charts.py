"""Charts in both languages: no missing glyph, whole years, data beside the picture, few offices without a failure."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from pathlib import Path

import compare_city
import numpy as np
import pandas as pd
import pytest

from compare import __main__ as command
from compare import charts, figures, flags, panel
from compare.charts import style


@pytest.fixture(autouse=True)
def glyphs_must_be_there() -> Iterator[None]:
    """A missing glyph is only a warning to matplotlib; here it is an error."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph .* missing")
        warnings.filterwarnings("error", message=".*findfont.*")
        warnings.filterwarnings("error", category=RuntimeWarning)
        yield


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    cells = compare_city.city(8)
    cells[0, 2022]["applications.granted.total"] += 3
    cells[1, 2023]["permits.decisions"] *= 10
    del cells[2, 2021]
    return compare_city.publish(tmp_path_factory.mktemp("charts") / "processed", cells)


def few(kind: str) -> compare_city.City:
    """Data too small for most charts."""
    cells = compare_city.city(2)
    if kind == "one report":
        return {(0, 2023): cells[0, 2023]}
    if kind == "one year":
        return {key: values for key, values in cells.items() if key[1] == 2023}
    return {(0, year): dict.fromkeys(cells[0, year], math.nan) for year in (2022, 2023)}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_standing_figure_is_drawn(out: Path, language: str, tmp_path: Path) -> None:
    loaded = panel.load(out)
    assessments = flags.assess(loaded)
    found = flags.make(loaded, assessments)
    for name, draw in figures.standing(loaded, assessments, found):
        chart = draw(language=language)
        picture = charts.save(chart, tmp_path, name)
        assert picture.stat().st_size > 10_000
        assert len(pd.read_csv(tmp_path / f"{name}.csv", encoding="utf-8-sig")) == len(chart.data) > 0
        texts = [text.get_text() for text in chart.figure.texts]
        assert any(("虚构样例" if language == "zh" else "FICTIONAL") in text for text in texts), name


@pytest.mark.parametrize("kind", ["one report", "one year", "only blanks"])
def test_few_data_are_said_not_failed(kind: str, tmp_path: Path) -> None:
    loaded = panel.load(compare_city.publish(tmp_path / "processed", few(kind)))
    assessments = flags.assess(loaded)
    found = flags.make(loaded, assessments)
    for name, draw in figures.standing(loaded, assessments, found):
        charts.save(draw(language="zh"), tmp_path, name)


def test_the_font_is_the_projects_own_even_after_another_style() -> None:
    import matplotlib.pyplot as plt

    plt.rcParams["font.family"] = ["Arial"]
    figure, axes = style.canvas(3, 2)
    text = axes[0, 0].set_title("街道")
    figure.canvas.draw()
    assert text.get_fontname() == style.FONT


def test_years_on_an_axis_are_whole(out: Path) -> None:
    chart = charts.office_profile(panel.load(out), "虚构乙街道", "zh")
    chart.figure.canvas.draw()
    labels = [label.get_text() for label in chart.figure.axes[0].get_xticklabels()]
    assert labels == [str(year) for year in range(2019, 2026)]


def test_an_unknown_office_is_told_with_the_names_there_are(out: Path) -> None:
    with pytest.raises(KeyError, match="虚构甲街道"):
        charts.office_profile(panel.load(out), "没有街道")


def test_unknown_language(out: Path) -> None:
    with pytest.raises(ValueError, match="'en' or 'zh'"):
        charts.coverage(panel.load(out), pd.DataFrame(columns=flags.COLUMNS), "fr")


def test_labels_are_moved_apart_in_order() -> None:
    placed = style.spread_labels(np.array([1.0, 1.01, 1.02, 5.0]), 0.5)
    assert (np.diff(placed) >= 0.5 - 1e-6).all() and placed[3] == 5.0


def test_site_is_one_page_with_everything_escaped(tmp_path: Path) -> None:
    cells = compare_city.city(2, years=(2023, 2025))
    cells[0, 2024]["applications.granted.total"] += 3
    evil = "<script>alert(1)</script>街道"
    out = compare_city.publish(tmp_path / "processed", cells, report=lambda row: row | {"office_zh": evil})
    style.save(style.nothing_to_show(panel.load(out), "zh", "t", "w"), out / "figures", "coverage.zh")
    assert command.main(["site", str(out), "--to", str(tmp_path / "site")]) == 0
    page = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
    assert "http://" not in page and "https://" not in page  # works from the disk, asks nobody
    assert "../processed/flags.csv" in page or "flags.csv" in page
    assert "虚构样例" in page and "Fictional sample" in page
