"""Compound files (OLE2), the container of .doc, .xls and .wps: its directory and its streams, within bounds.

Rules: [MS-CFB]. Sector chains are followed through the file allocation tables; a chain longer than its table is a loop.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from extract.document import Unreadable

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_STREAM_BYTES = 64 * 1024 * 1024
_MAX_ENTRIES = 20_000
_LAST_SECTOR = 0xFFFFFFFA
_HEADER = struct.Struct("<8s16xHHHHH6xIIIIIIIIII")
_ENTRY_BYTES = 128
_DIFAT_PLACE, _END_OF_CHAIN = 68, b"\xfe\xff\xff\xff"
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_WORD, _SHEET = ("worddocument",), ("workbook", "book")


class _Entry(NamedTuple):
    name: str
    kind: int
    start: int
    size: int


def kind_of(data: bytes) -> str:
    """What a compound file holds: "word", "sheet", "protected" (an encrypted office file) or "other".

    Raises Unreadable where its directory is damaged.
    """
    names = {name.casefold() for name in Compound(data).names()}
    if "encryptedpackage" in names:
        return "protected"
    if names.intersection(_WORD):
        return "word"
    return "sheet" if names.intersection(_SHEET) else "other"


def with_list_ended(data: bytes) -> bytes:
    """The same file for libraries that follow the list of its tables (DIFAT) to an end mark, whatever its header counts: the mark is set where it
    counts none. Raises Unreadable where the list runs in a loop, which would fill all memory."""
    fields = _HEADER.unpack_from(data)
    shift, number, count = fields[4], fields[13], fields[14]
    if not count:
        return data[:_DIFAT_PLACE] + _END_OF_CHAIN + data[_DIFAT_PLACE + len(_END_OF_CHAIN) :]
    followed: set[int] = set()
    while number < _LAST_SECTOR:
        if number in followed:
            raise Unreadable("The compound file chains its tables in a loop: it is damaged.")
        followed.add(number)
        end = (number + 2) << shift
        if end > len(data):
            break
        (number,) = struct.unpack_from("<I", data, end - 4)
    return data


class Compound:
    """The streams of a compound file. Raises Unreadable where header, tables or directory are damaged."""

    def __init__(self, data: bytes) -> None:
        if not data.startswith(MAGIC) or len(data) < 512:
            raise Unreadable("The file is no OLE compound file, or it ends within its header.")
        self._data = data
        fields = _HEADER.unpack_from(data)
        self._shift, self._mini_shift = fields[4], fields[5]
        directory, self._cutoff, mini_fat, mini_count, difat, difat_count = fields[8], *fields[10:15]
        if self._shift not in (9, 12) or not 0 < self._mini_shift <= self._shift:
            raise Unreadable("The compound file declares sector sizes that do not exist: it is damaged.")
        self._fat = self._read_fat(difat, difat_count)
        self._entries = self._read_directory(directory)
        mini_size = mini_count << self._shift
        self._mini_fat = self._numbers(self._chain(mini_fat, mini_size)) if mini_count else ()
        root = next((entry for entry in self._entries.values() if entry.kind == _ROOT), None)
        self._mini_stream = self._chain(root.start, root.size) if root and root.size else b""

    def names(self) -> list[str]:
        """The names of all streams, in the order of the directory."""
        return [entry.name for entry in self._entries.values() if entry.kind == _STREAM]

    def read(self, name: str) -> bytes:
        """The bytes of a stream, by its name in any case. Raises Unreadable where it is missing or too large."""
        entry = self._entries.get(name.casefold())
        if entry is None or entry.kind != _STREAM:
            raise Unreadable(f"The compound file has no stream {name}.")
        if entry.size >= self._cutoff:
            return self._chain(entry.start, entry.size)
        return self._mini_chain(entry.start, entry.size)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) << self._shift
        return self._data[start : start + (1 << self._shift)]

    @staticmethod
    def _numbers(data: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])

    def _read_fat(self, difat: int, difat_count: int) -> tuple[int, ...]:
        sectors = list(self._numbers(self._data[76:512]))
        sector_count = len(self._data) >> self._shift
        for _ in range(min(difat_count, sector_count)):
            if difat >= _LAST_SECTOR:
                break
            part = self._numbers(self._sector(difat))
            if not part:
                break
            sectors.extend(part[:-1])
            difat = part[-1]
        table: list[int] = []
        for number in sectors:
            if number < sector_count and len(table) <= sector_count:
                table.extend(self._numbers(self._sector(number)))
        return tuple(table)

    def _chain(self, start: int, size: int) -> bytes:
        """The bytes of a chain of sectors, `size` of them (to its end where the size is not known: -1)."""
        if size > MAX_STREAM_BYTES:
            raise Unreadable(f"A stream of the compound file claims {size} bytes: refused.")
        parts, number, length = [], start, 0
        while number < len(self._fat) and (size < 0 or length < size):
            part = self._sector(number)
            parts.append(part)
            length += max(len(part), 1)
            if length > MAX_STREAM_BYTES or len(parts) > len(self._fat):
                raise Unreadable("The compound file chains its sectors in a loop: it is damaged.")
            number = self._fat[number]
        data = b"".join(parts)
        return data if size < 0 else data[:size]

    def _mini_chain(self, start: int, size: int) -> bytes:
        number, step = start, 1 << self._mini_shift
        parts: list[bytes] = []
        while number < len(self._mini_fat) and len(parts) * step < size:
            parts.append(self._mini_stream[number * step : (number + 1) * step])
            number = self._mini_fat[number]
        return b"".join(parts)[:size]

    def _read_directory(self, start: int) -> dict[str, _Entry]:
        data = self._chain(start, -1)
        if len(data) > _MAX_ENTRIES * _ENTRY_BYTES or not data:
            raise Unreadable("The compound file has no directory of a plausible size: it is damaged.")
        entries: dict[str, _Entry] = {}
        for place in range(0, len(data) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
            length = min(struct.unpack_from("<H", data, place + 64)[0], 64)
            kind = data[place + 66]
            name = data[place : place + max(length - 2, 0)].decode("utf-16-le", "replace")
            first, size = struct.unpack_from("<II", data, place + 116)
            if kind in (_STORAGE, _STREAM, _ROOT):
                entries.setdefault(name.casefold(), _Entry(name, kind, first, size))
        return entries
