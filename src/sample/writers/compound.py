"""Compound files, the container of old Office documents: a small file system of 512-byte sectors (MS-CFB, version 3)."""

from __future__ import annotations

import struct
from collections.abc import Mapping

_SECTOR = 512
_CUTOFF = 4096  # shorter streams would belong into the mini stream; they are padded to this length instead
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def contain(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of these streams (name → content, at most three). Content is padded with zeros to 4096 bytes."""
    padded = {name: content.ljust(_CUTOFF, b"\0") for name, content in streams.items()}
    table: list[int] = []
    starts: dict[str, int] = {}
    body = b""
    for name, content in padded.items():
        starts[name] = len(table)
        body += _chain(content, table)
    directory_start = len(table)
    body += _chain(_directory(padded, starts), table)
    fat_start = len(table)
    fat_sectors = 1
    while (len(table) + fat_sectors) * 4 > fat_sectors * _SECTOR:
        fat_sectors += 1
    table += [_FAT] * fat_sectors
    table += [_FREE] * (fat_sectors * _SECTOR // 4 - len(table))
    fat = struct.pack(f"<{len(table)}I", *table)
    return _header(directory_start, fat_start, fat_sectors) + body + fat


def _chain(content: bytes, table: list[int]) -> bytes:
    """The content in whole sectors; its sectors are chained in `table`."""
    sectors = -(-len(content) // _SECTOR)
    first = len(table)
    table += [*range(first + 1, first + sectors), _END]
    return content.ljust(sectors * _SECTOR, b"\0")


def _directory(streams: Mapping[str, bytes], starts: Mapping[str, int]) -> bytes:
    """The root entry and one entry a stream, as a tree in which each entry is the right sibling of the one before."""
    # The tree is ordered by length of name, then by name.
    names = sorted(streams, key=lambda name: (len(name), name.upper()))
    entries = [_entry("Root Entry", 5, _FREE, 1, _END, 0)]
    for at, name in enumerate(names, 1):
        right = at + 1 if at < len(names) else _FREE
        entries.append(_entry(name, 2, right, _FREE, starts[name], len(streams[name])))
    entries += [b"\0" * 68 + struct.pack("<3I", _FREE, _FREE, _FREE) + b"\0" * 48] * (-len(entries) % 4)
    return b"".join(entries)


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    told = struct.pack("<HBB3I", len(encoded), kind, 1, _FREE, right, child)
    return encoded.ljust(64, b"\0") + told + b"\0" * 36 + struct.pack("<IQ", start, size)


def _header(directory_start: int, fat_start: int, fat_sectors: int) -> bytes:
    magic = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    told = struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    told += struct.pack("<9I", 0, fat_sectors, directory_start, 0, _CUTOFF, _END, 0, _END, 0)
    difat = [*range(fat_start, fat_start + fat_sectors), *[_FREE] * (109 - fat_sectors)]
    return magic + told + struct.pack("<109I", *difat)
