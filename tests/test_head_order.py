"""The order of columns that the words of a head tell once lines have broken them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from extract.codebook import APPEALS, APPLICATIONS
from extract.head_order import Word, across, beside, tells_applicants, tells_outcomes

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


def swapped(at: int) -> list[str]:
    """The applicants with two neighbours in each other's place."""
    return [*APPLICANTS[:at], APPLICANTS[at + 1], APPLICANTS[at], *APPLICANTS[at + 2 :]]


ORDERS = st.one_of(st.permutations(APPLICANTS), st.integers(0, 5).map(swapped))


def placed(lines: list[str]) -> list[list[Word]]:
    return [[Word(found[0], found.start() + 1, found.end()) for found in re.finditer(r"\S+", line)] for line in lines]


def laid(columns: Sequence[str], width: int, tops: Sequence[int]) -> list[str]:
    """A head as a page shows it: each label in lines of `width` characters in its own column, the first one in line `tops`."""
    height = max(top + -(-len(label) // width) for label, top in zip(columns, tops, strict=True))
    lines = [""] * height
    for at, (label, top) in enumerate(zip(columns, tops, strict=True)):
        for line in range(-(-len(label) // width)):
            piece = label[line * width : (line + 1) * width]
            lines[top + line] = lines[top + line].ljust(4 + at * (width + 3)) + piece
    return lines


def told_across(lines: list[str]) -> bool:
    head = placed(lines)
    texts = [[word.text for word in line] for line in head]
    return tells_applicants([*texts, across(head, APPLICATIONS), *beside(head)])


def test_labels_in_lines_of_their_own_are_placed_by_where_they_stand() -> None:
    lines = laid(APPLICANTS, 3, (0, 0, 0, 0, 0, 2, 0))
    assert told_across(lines) and not told_across([line.strip() for line in lines])
    lines = laid(OUTCOMES * 3, 2, (0, 0, 0, 0, 2) * 3)
    head = placed(["行政复议 行政诉讼", "未经复议直接起诉 复议后起诉", *lines])
    assert not tells_outcomes([[word.text for word in line] for line in head])
    assert tells_outcomes([*([word.text for word in line] for line in head), across(head, APPEALS)])


@settings(max_examples=500, deadline=None)
@given(ORDERS, st.integers(2, 6), st.lists(st.integers(0, 3), min_size=7, max_size=7), st.booleans())
def test_no_other_order_passes_by_its_places(order: list[str], width: int, tops: list[int], is_kept: bool) -> None:
    lines = laid(order, width, tops)
    told = told_across(lines if is_kept else [re.sub(" +", " ", line).strip() for line in lines])
    assert not told or tuple(order) == APPLICANTS


@settings(max_examples=500, deadline=None)
@given(
    st.permutations(OUTCOMES),
    st.integers(1, 4),
    st.lists(st.integers(0, 2), min_size=5, max_size=5),
    st.integers(0, 6),
    st.sampled_from([0, 1, 3]),
)
def test_no_other_order_of_outcomes_passes_by_its_places(
    order: list[str], width: int, tops: list[int], lower: int, room: int
) -> None:
    """The outcomes of all channels broken alike, those of the lawsuits some lines lower; `room` is what is left of the spaces, 0 for all of them."""
    lines = laid(order * 3, width, [*tops, *(top + lower for top in tops * 2)])
    kept = [re.sub(" +", " " * room, line).strip() if room else line for line in lines]
    head = placed(["行政复议   行政诉讼", "未经复议直接起诉   复议后起诉", *kept])
    texts = [[word.text for word in line] for line in head]
    assume(not tells_outcomes(texts))
    assert not tells_outcomes([*texts, across(head, APPEALS)]) or tuple(order) == OUTCOMES
