"""The fonts that come with the project print what they must, alone, and carry their licences."""

from __future__ import annotations

import hashlib
import warnings
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

SRC = Path(__file__).resolve().parents[1] / "src"
CHART_FONTS = sorted((SRC / "compare/fonts").glob("*.ttf"))
PRINT_FONTS = sorted((SRC / "sample/fonts").glob("*.ttf"))
FORMS = sorted((SRC / "extract/reference/forms").glob("*.csv"))

PROSE = "街道办事处政府信息公开工作年度报告，。、；：？！“”‘’（）《》【】—…·％￥０１２３４５６７８９①②③"
# Characters of real place names far outside everyday text; 𬒈 lies outside the Basic Multilingual Plane.
RARE_NAMES = "㵲䢺㙍垟堌垱沚氾𬒈"
CHART_SIGNS = "−–—±×≥≤≈→↑↓▲▼●○■□✓"


def characters(path: Path) -> set[str]:
    return {chr(code) for code in TTFont(path).getBestCmap()}


def test_both_places_hold_fonts() -> None:
    assert [path.name for path in CHART_FONTS] == ["NotoSansSC-Bold.ttf", "NotoSansSC-Regular.ttf"]
    assert len(PRINT_FONTS) >= 3


@pytest.mark.parametrize("path", CHART_FONTS + PRINT_FONTS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_font_prints_the_forms_and_plain_prose(path: Path) -> None:
    needed = set(PROSE) | {chr(code) for code in range(0x20, 0x7F)}
    for form in FORMS:
        needed |= set(form.read_text(encoding="utf-8-sig"))
    assert not needed - characters(path) - set("\r\n")


@pytest.mark.parametrize("path", CHART_FONTS, ids=lambda path: path.stem)
def test_chart_font_prints_place_names_and_signs(path: Path) -> None:
    assert not set(RARE_NAMES + CHART_SIGNS) - characters(path)


@pytest.mark.parametrize("path", CHART_FONTS + PRINT_FONTS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_font_is_small_truetype_and_licensed(path: Path) -> None:
    font = TTFont(path)
    assert "glyf" in font, "ReportLab embeds TrueType outlines only"
    assert font["OS/2"].fsType == 0, "embedding must not be restricted"
    assert path.stat().st_size <= (2.5e6 if path in CHART_FONTS else 1.9e6)
    family = path.stem.split("-")[0]
    named, plain = path.parent / f"OFL-{family}.txt", path.parent / "OFL.txt"
    licence = (named if named.exists() else plain).read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert licence.startswith("Copyright")


def test_weights_are_told_apart() -> None:
    from matplotlib.font_manager import ttfFontProperty
    from matplotlib.ft2font import FT2Font

    weights = {path.stem: ttfFontProperty(FT2Font(str(path))).weight for path in CHART_FONTS}
    assert weights["NotoSansSC-Regular"] == 400
    assert weights["NotoSansSC-Bold"] == 700


def test_matplotlib_draws_chinese_from_the_file_alone(tmp_path: Path) -> None:
    """No glyph is missing, and different characters give different ink (tofu boxes would all look alike)."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot
    from matplotlib.font_manager import FontProperties

    def ink(text: str) -> str:
        figure = pyplot.figure(figsize=(1, 1))
        figure.text(0.1, 0.4, text, fontproperties=FontProperties(fname=CHART_FONTS[1]), fontsize=40)
        figure.canvas.draw()
        pixels = bytes(figure.canvas.buffer_rgba())
        pyplot.close(figure)
        return hashlib.sha256(pixels).hexdigest()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len({ink("街"), ink("道"), ink("㵲"), ink("𬒈")}) == 4
