"""The order of columns that the words of a head tell once lines have broken them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.head_order import tells_applicants, tells_outcomes

APPLICANTS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
OUTCOMES = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")


def broken(labels: tuple[str, ...], width: int) -> list[list[str]]:
    """The labels in lines of cells that wide, as pages show them from the top."""
    pieces = [[label[at : at + width] for at in range(0, len(label), width)] for label in labels]
    return [[own[line] for own in pieces if line < len(own)] for line in range(max(map(len, pieces)))]


@pytest.mark.parametrize("width", [2, 3, 4, 6])
def test_a_head_in_the_forms_order_is_told_from_its_pieces(width: int) -> None:
    assert tells_applicants([["申请人情况"], *broken(APPLICANTS, width)])


@given(st.permutations(APPLICANTS), st.integers(1, 6))
def test_no_other_order_of_applicants_passes_for_the_forms_own(order: list[str], width: int) -> None:
    assert not tells_applicants(broken(tuple(order), width)) or tuple(order) == APPLICANTS


@given(st.permutations(OUTCOMES), st.integers(1, 4))
def test_no_other_order_of_outcomes_passes_for_the_forms_own(order: list[str], width: int) -> None:
    channels = [["行政复议", "行政诉讼"], ["未经复议直接起诉", "复议后起诉"]]
    assert not tells_outcomes([*channels, *broken(tuple(order) * 3, width)]) or tuple(order) == OUTCOMES


def test_a_wide_cell_stands_over_all_organisations() -> None:
    over = ["自然人", "法人或其他组织", "总计"]
    assert tells_applicants(
        [over, ["商业企", "科研机", "社会公益", "法律服务", "其"], ["业", "构", "组织", "机构", "他"]]
    )
    assert not tells_applicants([["自然人"], ["总计"], ["商业企", "科研机", "社会公益", "法律服务", "其"]])


@pytest.mark.parametrize("width", [1, 2, 4])
def test_outcomes_and_channels_are_told_from_their_pieces(width: int) -> None:
    lines = broken(OUTCOMES * 3, width)
    assert tells_outcomes([["行政复议", "行政诉讼"], ["未经复议直接起诉", "复议后起诉"], *lines])
    assert not tells_outcomes([["行政诉讼", "行政复议"], ["未经复议直接起诉", "复议后起诉"], *lines])
    assert not tells_outcomes(lines)


def test_sums_may_show_where_the_total_stands() -> None:
    pieces = broken(APPLICANTS[:6], 2)
    assert not tells_applicants([["总计"], *pieces])
    assert tells_applicants([["总计"], *pieces], total_is_last=True)
    assert not tells_applicants([["总计", "自然"], *pieces], total_is_last=True)
