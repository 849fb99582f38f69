"""A second, independent reading of .xlsx and .ods workbooks: rows of values straight from the tags."""

from __future__ import annotations

import re

from extract.document import Unreadable
from extract.readers.office_parts.celltext import clean
from extract.readers.office_parts.package import Package
from extract.readers.office_parts.sheetbounds import SHEET_PART

_ROW = re.compile(r"<(?:\w+:)?row\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?row>)", re.DOTALL)
_CELL = re.compile(r"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_VALUE = re.compile(r"<(?:\w+:)?v\b[^>]*>([^<]*)<")
_TEXT = re.compile(r"<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)<")
_ITEM = re.compile(r"<(?:\w+:)?si\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)
_PHONETIC = re.compile(r"<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>", re.DOTALL)
_TYPE = re.compile(r'\bt="(\w+)"')
_OPEN_ROW = re.compile(r"<table:table-row\b(?:[^>]*[^/])?>(.*?)</table:table-row>", re.DOTALL)
_OPEN_CELL = re.compile(r"<table:table-cell\b([^>]*[^/])?>(.*?)</table:table-cell>", re.DOTALL)
_REPEATED = re.compile(r'\bnumber-columns-repeated="(\d{1,2})"')  # a hundred and more are no table of a form
_OPEN_TEXT = re.compile(r"<[^>]*>")
_NOTE = re.compile(r"<office:annotation\b.*?</office:annotation>", re.DOTALL)
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


def flatten_workbook(data: bytes) -> list[str]:
    """The rows of all sheets, in the order of their part numbers, their filled cells parted by tabs."""
    try:
        package = Package(data)
        shared = _shared_strings(package)
        lines: list[str] = []
        for name in sorted(filter(SHEET_PART.fullmatch, package.names()), key=_sheet_number):
            text = package.read(name).decode("utf-8", "replace")
            for row in _ROW.findall(text):
                cells = [_cell(attributes, content, shared) for attributes, content in _CELL.findall(row)]
                if any(cells):
                    lines.append("\t".join(cells))
    except Unreadable:
        return []  # no second reading
    return lines


def flatten_open_sheet(data: bytes) -> list[str]:
    """The rows of all sheets of an .ods, their filled cells parted by tabs; equal neighbours, which the format writes once, as often as they stand."""
    try:
        text = Package(data).read("content.xml").decode("utf-8", "replace")
    except Unreadable:
        return []  # no second reading
    text = _NOTE.sub("", text)
    rows = (
        [text for cell in _OPEN_CELL.findall(row) for text in _open_cells(*cell)] for row in _OPEN_ROW.findall(text)
    )
    return ["\t".join(row) for row in rows if row]


def _open_cells(attributes: str, content: str) -> list[str]:
    text = _plain(_OPEN_TEXT.sub("", content))
    repeated = _REPEATED.search(attributes)
    return [text] * max(1, int(repeated[1]) if repeated else 1) if text else []


def _sheet_number(name: str) -> int:
    found = SHEET_PART.fullmatch(name)
    return int(found[1]) if found else 0


def _shared_strings(package: Package) -> list[str]:
    if "xl/sharedStrings.xml" not in package:
        return []
    text = _PHONETIC.sub("", package.read("xl/sharedStrings.xml").decode("utf-8", "replace"))
    return [_plain("".join(_TEXT.findall(item))) for item in _ITEM.findall(text)]


def _cell(attributes: str, content: str, shared: list[str]) -> str:
    kind = _TYPE.search(attributes)
    if kind and kind[1] == "inlineStr":
        return _plain("".join(_TEXT.findall(content)))
    value = _VALUE.search(content)
    if value is None:
        return ""
    if kind and kind[1] == "s":
        index = int(value[1]) if value[1].strip().isdigit() else -1
        return shared[index] if 0 <= index < len(shared) else ""
    if kind and kind[1] in ("str", "b", "e"):
        return _plain(value[1])
    try:
        number = float(value[1])
    except ValueError:
        return clean(value[1])
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{number:.15g}"


def resolved(text: str) -> str:
    """The text with its entities replaced by the characters that they name."""

    def character(entity: re.Match[str]) -> str:
        decimal, hexadecimal, name = entity.groups()
        code = 0 if name else int(decimal) if decimal else int(hexadecimal, 16)
        return _NAMED[name] if name else chr(code) if code < 0x110000 else ""

    return _ENTITY.sub(character, text) if "&" in text else text


def _plain(text: str) -> str:
    return clean(resolved(text))
