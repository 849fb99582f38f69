"""Charts in both languages: no missing glyph, whole years, data beside the picture, few offices without a failure."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from pathlib import Path

import compare_city
import figure_text
import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from compare import charts, figures, flags, panel
from compare.charts import lettering, style


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
    folder = compare_city.publish(tmp_path_factory.mktemp("charts") / "processed", cells)
    own = ["".join(chr(0x4E00 + 300 * office + step) for step in range(160)) for office in range(8)]
    rows = [
        (
            compare_city.report_id(office, year),
            1,
            "一",
            f"本街道{year}年主动公开{office + year}条。{own[office % 7]}。共{year % 7}次。",
        )
        for office, year in cells
    ]
    sections = pd.DataFrame(rows, columns=["report_id", "section", "title", "text"])
    sections.to_csv(folder / "sections.csv", index=False, encoding="utf-8-sig")
    return folder


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
    names = []
    for name, draw in figures.standing(loaded, assessments, found):
        chart = draw(language=language)
        assert not figure_text.faults(chart.figure), name
        if language == "zh":  # once is enough: the letters of both languages are checked above
            picture = charts.save(chart, tmp_path, name)
            assert picture.stat().st_size > 10_000 and picture.with_suffix(".svg").stat().st_size > 10_000
            assert len(pd.read_csv(tmp_path / f"{name}.csv", encoding="utf-8-sig")) == len(chart.data) > 0
        texts = [text.get_text() for text in chart.figure.texts]
        assert any(("虚构样例" if language == "zh" else "FICTIONAL") in text for text in texts), name
        assert any(("来源" if language == "zh" else "Source") in text for text in texts), name
        said = {text.get_text() for text in chart.figure.findobj(Text)}
        if language == "en":
            assert not [text for text in said if set(text) & set("，。；：") and not name.startswith("text-")], name
        names.append(name.partition("-")[0])
    assert {"coverage", "data", "anomalies", "outcomes", "grounds", "compare", "funnel", "year"} <= set(names)
    assert {"carry", "similarity", "office", "text", "card"} <= set(names)
    assert not [
        name
        for name in ("similarity", "text")
        if list(tmp_path.glob(f"{name}*.csv")) and "note" in columns_of(tmp_path, name)
    ]


def columns_of(folder: Path, name: str) -> list[str]:
    """The columns of the first CSV whose name begins so."""
    return list(pd.read_csv(sorted(folder.glob(f"{name}*.csv"))[0], encoding="utf-8-sig").columns)


@pytest.mark.parametrize("kind", ["one report", "one year", "only blanks"])
def test_few_data_are_said_not_failed(kind: str, tmp_path: Path) -> None:
    loaded = panel.load(compare_city.publish(tmp_path / "processed", few(kind)))
    assessments = flags.assess(loaded)
    found = flags.make(loaded, assessments)
    for name, draw in figures.standing(loaded, assessments, found):
        assert not figure_text.faults(draw(language="zh").figure), name


def test_the_font_is_the_projects_own_even_after_another_style() -> None:
    import matplotlib.pyplot as plt

    plt.rcParams["font.family"] = ["Arial"]
    figure, axes = style.canvas(3, 2)
    text = axes[0, 0].set_title("街道")
    figure.canvas.draw()
    assert text.get_fontname() == lettering.FONT


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


def test_names_that_the_font_lacks_are_told_by_a_sign_and_not_by_a_box(tmp_path: Path) -> None:
    cells = compare_city.city(2, years=(2023, 2024))
    name = "虚构𪚥街道"  # four dragons: in no font of the project
    out = compare_city.publish(tmp_path / "processed", cells, report=lambda row: row | {"office_zh": name})
    loaded = panel.load(out)
    chart = charts.coverage(loaded, pd.DataFrame(columns=flags.COLUMNS), "zh")
    charts.save(chart, tmp_path, "coverage")
    labels = [label.get_text() for label in chart.figure.axes[0].get_yticklabels()]
    assert labels and all("𪚥" not in label and "虚构〓街道" in label for label in labels)


def test_lines_are_folded_between_words_and_before_no_closing_mark() -> None:
    lines = lettering.folded("某某街道，" * 12 + " and some words of Latin letters", 2.0, 10)
    assert len(lines) > 4 and all(lettering.text_width(line, 10) <= 2.0 for line in lines)
    assert not [line for line in lines if line[0] in lettering.CLOSING]
    assert "".join(lines).replace(" ", "") == ("某某街道，" * 12 + "andsomewordsofLatinletters")
