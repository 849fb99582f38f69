"""What stands in a cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.numerals import read_number


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("3", 3, ""), ("  0", 0, ""), ("10,690", 10690, ""), ("1，234，567", 1234567, ""), ("１２", 12, ""), ("＋19", 19, ""), ("-8", -8, ""), ("－8", -8, ""),
        ("减8", -8, ""), ("增19", 19, ""), ("0.092", 0.092, ""), ("240万元", 240, "万元"), ("  240万元", 240, "万元"), ("75394432.52元", 75394432.52, "元"),
        ("22（其中修订16件）", 22, ""), ("55（含自然失效29件）", 55, ""), ("12件", 12, "件"), ("零", 0, ""), ("\u200b7", 7, ""), ("128.6（万元）", 128.6, "万元"), ("￥251000元", 251000, "元"), ("¥12.5", 12.5, ""), ("十五", 15, ""), ("十五件", 15, "件"), ("\x047 \x05", 7, ""),
    ],
)  # fmt: skip
def test_numbers(text: str, value: float, unit: str) -> None:
    number = read_number(text)
    assert (number.state, number.value, number.unit) == ("reported", value, unit)


@pytest.mark.parametrize("text", ["", " ", "\u00a0", "\u3000", "\n"])
def test_blank_is_not_zero(text: str) -> None:
    assert read_number(text) == (None, "", "blank", "")


@pytest.mark.parametrize("text", ["-", "/", "—", "——", "－", "无", "／", "–"])
def test_dashes(text: str) -> None:
    assert read_number(text).state == "dash" and read_number(text).value is None


@pytest.mark.parametrize(
    "text",
    [
        "O",
        "1 2",
        "3 4 5",
        "396442278396442278",
        "（3）",
        "详见附件",
        "12-15",
        "约100",
        "1.2.3",
        "12,34",
        "2021年",
        "2\x073",
        "十五六",
        "（三）",
        "¥",
    ],
)
def test_what_is_not_plainly_one_number_is_illegible(text: str) -> None:
    assert read_number(text).state == "illegible" and read_number(text).value is None


def test_a_remark_is_kept() -> None:
    assert read_number("22（其中修订16件）").remark == "其中修订16件"


@given(st.integers(0, 10**15 - 1), st.sampled_from(["{}", " {} ", "{}件", "+{}", "{:,}"]))
def test_every_whole_number_is_read_as_printed(value: int, pattern: str) -> None:
    assert read_number(pattern.format(value)).value == value


@given(st.text(max_size=40))
def test_any_text_has_exactly_one_state(text: str) -> None:
    number = read_number(text)
    assert number.state in ("reported", "blank", "dash", "illegible")
    assert (number.value is not None) == (number.state == "reported")
