"""A zip container of office parts (Office Open XML, OpenDocument), opened within bounds."""

from __future__ import annotations

import html
import io
import posixpath
import re
import struct
import zipfile
import zlib
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from extract.document import Unreadable

ZIP_MAGIC = b"PK\x03\x04"
MAX_PART_BYTES = 64 * 1024 * 1024
MAX_RATIO = 400  # ordinary word/document.xml packs 10 to 40 to 1; a bomb packs about 1000 to 1
SMALL_PART_BYTES = 4 * 1024 * 1024  # below this size no ratio is an attack
MAX_MEMBERS = 10_000
_HEADER = 30  # bytes before the name of a member
_UNUSUAL_FLAGS = 0x61  # of a member: encrypted, patched data, strongly encrypted
_USUAL_RELATIONS = 16 * 1024  # bytes; longer ones are not remembered

_KIND_OF_CONTENT_TYPE = (
    (b"wordprocessingml.document", "word"),
    (b"ms-word.document", "word"),
    (b"wordprocessingml.template", "word"),
    (b"spreadsheetml.sheet", "sheet"),
    (b"ms-excel.sheet", "sheet"),
    (b"spreadsheetml.template", "sheet"),
    (b"opendocument.spreadsheet", "sheet"),
    (b"opendocument.text", "open text"),
)
_STRICT = (  # ISO/IEC 29500 strict namespaces and the transitional ones that this project reads
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
    (
        b"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing",
        b"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    ),
)
# What zipfile raises on damaged or protected containers (NotImplementedError is a RuntimeError).
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError, OverflowError)
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^<>]*)>")
_ATTRIBUTE = re.compile(r"""(\w+)\s*=\s*["']([^"']*)["']""")
_ROOT_START = re.compile(rb"<[A-Za-z_]")
_HEAD = 16 * 1024  # a document element with all its namespaces has about 4 kB
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, collect_ids=False, remove_comments=True, remove_pis=True
)


class Relation(NamedTuple):
    """One relationship of a part: `kind` ends its type; `target` is a part name, or an address where `external`."""

    kind: str
    target: str
    external: bool


def main_kind(head: bytes) -> str:
    """What the first bytes of a zip say it holds: "word", "sheet", "open text" or "" where they do not tell.

    Looks at the names of the members whose headers lie in `head`, and into a leading [Content_Types].xml or mimetype.
    """
    if not head.startswith(ZIP_MAGIC):
        return ""
    first = _first_member(head)
    for mark, kind in _KIND_OF_CONTENT_TYPE:
        if mark in first:
            return kind
    names = re.findall(rb"PK\x03\x04.{26}((?:word|xl)/)", head, re.DOTALL)
    if names:
        return "word" if names[0] == b"word/" else "sheet"
    return ""


def _first_member(head: bytes) -> bytes:
    """As much of the first member as lies in `head`, inflated; b"" where it is neither stored nor deflated."""
    if len(head) < 30:
        return b""
    method, (name_length, extra_length) = struct.unpack_from("<H", head, 8)[0], struct.unpack_from("<HH", head, 26)
    body = head[30 + name_length + extra_length :]
    if method == 0:
        return body
    try:
        return zlib.decompressobj(-15).decompress(body, 64 * 1024) if method == 8 else b""
    except zlib.error:
        return b""


class Package:
    """The parts of an office file. Raises Unreadable where the zip is broken, protected or beyond its bounds."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._data = data
        except _DAMAGE as error:
            raise Unreadable(
                f"The file is a damaged zip container ({error}); ask for it again or save it anew."
            ) from error
        members = self._zip.infolist()
        if len(members) > MAX_MEMBERS:
            raise Unreadable(f"The zip container has {len(members)} members, more than any office file needs.")
        self._members = {member.filename.replace("\\", "/").lstrip("/").casefold(): member for member in members}

    def __contains__(self, name: str) -> bool:
        return name.lstrip("/").casefold() in self._members

    def names(self) -> list[str]:
        """The names of all members as the zip has them."""
        return [member.filename for member in self._members.values()]

    def read(self, name: str) -> bytes:
        """The bytes of one part. Raises Unreadable where it is missing, encrypted, damaged or too large."""
        member = self._members.get(name.lstrip("/").casefold())
        if member is None:
            raise Unreadable(f"The file has no part {name}: it is incomplete.")
        _refuse_bomb(name, member.file_size, member.compress_size)
        plain = _inflated(self._data, member)
        if plain is not None:
            return plain
        try:
            with self._zip.open(member) as stream:
                data = stream.read(MAX_PART_BYTES + 1)
        except _DAMAGE as error:
            raise Unreadable(
                f"The part {name} cannot be unpacked ({error}); the file is damaged or protected."
            ) from error
        _refuse_bomb(name, len(data), member.compress_size)
        return data

    def xml(self, name: str) -> etree._Element:
        """The root of an XML part, namespaces made transitional. Raises Unreadable for entities and broken XML."""
        return parse_xml(self.read(name), name)

    def relations(self, part: str) -> dict[str, Relation]:
        """The relationships of a part ("" for the whole package) by id; {} where it has none."""
        folder, base = posixpath.split(part.lstrip("/"))
        name = posixpath.join(folder, "_rels", base + ".rels")
        if name not in self:
            return {}
        data = self.read(name)
        return dict(_known_relations(data, folder) if len(data) <= _USUAL_RELATIONS else _relations(data, folder))


def _inflated(data: bytes, member: zipfile.ZipInfo) -> bytes | None:
    """A deflated member straight from the bytes of its zip, which is faster than a stream; None where anything about it is unusual or wrong, which
    zipfile then judges."""
    place, name = member.header_offset, member.orig_filename
    header = data[place : place + _HEADER]
    is_usual = member.compress_type == zipfile.ZIP_DEFLATED and not member.flag_bits & _UNUSUAL_FLAGS and name.isascii()
    if not is_usual or len(header) < _HEADER or not header.startswith(ZIP_MAGIC):
        return None
    name_length, extra_length = struct.unpack_from("<HH", header, 26)
    place += _HEADER
    body = place + name_length + extra_length
    if data[place : place + name_length] != name.encode():
        return None
    stream = zlib.decompressobj(-15)
    try:
        found = stream.decompress(data[body : body + member.compress_size], member.file_size + 1)
    except zlib.error:
        return None
    is_whole = stream.eof and len(found) == member.file_size and zlib.crc32(found) == member.CRC
    return found if is_whole else None


def _relations(data: bytes, folder: str) -> dict[str, Relation]:
    """The relationships of the parts in a folder by id, from the bytes of their own part."""
    found = {}
    for tag in _RELATION.findall(in_transitional_utf8(data)):
        given = {key: html.unescape(value) for key, value in _ATTRIBUTE.findall(tag.decode("utf-8", "replace"))}
        target, external = given.get("Target", ""), given.get("TargetMode") == "External"
        if not external:
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        found[given.get("Id", "")] = Relation(given.get("Type", "").rsplit("/", 1)[-1], target, external)
    return found


_known_relations = lru_cache(maxsize=64)(_relations)  # a program writes the same ones in all its documents


def _refuse_bomb(name: str, size: int, packed: int) -> None:
    if size > MAX_PART_BYTES:
        raise Unreadable(f"The part {name} is larger than {MAX_PART_BYTES // 1024 // 1024} MB: refused.")
    if size > SMALL_PART_BYTES and size > MAX_RATIO * max(packed, 1):
        raise Unreadable(f"The part {name} unpacks to more than {MAX_RATIO} times its size: refused as a zip bomb.")


def parse_xml(data: bytes, name: str) -> etree._Element:
    """The root of XML bytes. Document types are refused: office files have none, and entities can explode."""
    data = in_transitional_utf8(data)
    root_start = _ROOT_START.search(data)
    declares = root_start is not None and b"<!DOCTYPE" in data[: root_start.start()]
    try:
        root = None if declares else etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"The part {name} is not well-formed XML ({error.msg}).") from error
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable(f"The part {name} declares entities, which no office program writes: refused.")
    return root


def in_transitional_utf8(data: bytes) -> bytes:
    """XML bytes in UTF-8 with transitional namespaces, whatever encoding and conformance class they came in."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", "replace")
        data = re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode()
    if b"purl.oclc.org/ooxml" in data[:_HEAD]:
        for strict, transitional in _STRICT:
            data = data.replace(strict, transitional)
    return data
