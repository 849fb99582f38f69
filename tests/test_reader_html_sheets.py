"""Words, cells and rows that a page's own style sheet hides are not read; what scripts show and what is hidden in print alone is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from official import full_page, numbers, read, values_of

from extract.readers.html_parts.sheets import MARK, with_hidden_marked

SHEET = "<style>/* .a{} */ p{color:red} .shown{display:none} .no, span.gone {DISPLAY : none} .shown{display:inline} .cut{text-decoration:line-through} @media print{.print{display:none}} @font-face{src:x}</style>"


def page_with(sheet: str, inside: str) -> bytes:
    """A page with such a sheet, and this before each number of its tables."""
    page = full_page(numbers()).decode().replace("<head>", f"<head>{sheet}")
    return re.sub(r"(<td[^>]*>)(\d+)(</td>)", rf"\1{inside}\2\3", page).encode()


@pytest.mark.parametrize(
    "inside", ['<span class="no">9</span>', "<SPAN id=x CLASS='b no'>9</SPAN>", "<i class=no>9</i>", '<span class="gone">9</span>', '<b class="cut">9</b>'],
)  # fmt: skip
@pytest.mark.parametrize("sheet", [SHEET, SHEET.replace("style>", "STYLE>").replace("<STYLE", "<STYLE media=screen")])
def test_digits_that_a_sheet_hides_are_not_read(sheet: str, inside: str) -> None:
    assert values_of(read(page_with(sheet, inside))) == numbers()


@pytest.mark.parametrize("name", ["shown", "print", "p", "nothing"])
def test_what_no_sheet_hides_on_a_screen_is_read(name: str) -> None:
    shown = with_hidden_marked(page_with(SHEET, f'<span class="{name}">9</span>'))
    assert MARK not in shown


@pytest.mark.parametrize(
    ("sheet", "element"),
    [
        ("<style media='print'>.no{display:none}</style>", '<span class="no">'),
        ("<style>.no{display:none}</style>", '<div class="no">'),
        ("<style>.no{display:none}</style>", '<span class="no" style="display:inline">'),
        ("<style>.no .in{display:none}</style>", '<span class="in">'),
        ("<style>b.no{display:none}</style>", '<span class="no">'),
        ("<style>/* .no{display:none} </style>", '<span class="no">'),
        ("<style>.no{display:none}", '<span class="no">'),
    ],
)
def test_other_elements_and_rules_hide_nothing(sheet: str, element: str) -> None:
    page = f"<html><head>{sheet}</head><body>{element}9</span></body></html>".encode()
    assert with_hidden_marked(page) == page


def test_a_row_that_a_sheet_hides_is_not_read() -> None:
    page = page_with(SHEET, "").replace(b"</table>", b"<tr class=no><td>9</td><td>9</td></tr></table>")
    assert values_of(read(page)) == numbers()


PARTS = ("<style>", "</style>", ".no", "{", "}", "display:none", "/*", "*/", "@media x", "@", ";", ",", "<span class=no>", "<td class='no'>", "</span>", "<style media=", ">", '"', "<")  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=40).map("".join))
@settings(max_examples=300, deadline=None)
def test_only_marks_are_added(markup: str) -> None:
    page = f"<style>.no{{display:none}}</style>{markup}".encode()
    assert with_hidden_marked(page).replace(MARK, b"") == page


@pytest.mark.parametrize(
    "piece", ["<style>", "/*", "@", "@{", "a{}", ".a", "<style>@x{a{}", "<span class", "<span class= ", "{", "*"]
)
def test_endless_sheets_are_passed_over(piece: str) -> None:
    page = f"<style>.no{{display:none}}</style><style>{piece * 200_000}".encode()
    assert with_hidden_marked(page).replace(MARK, b"") == page
