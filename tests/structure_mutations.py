"""Documents damaged where their structure is: attributes and elements of markup, objects of a PDF, sectors of a compound file, control words, lines,
the heads of pictures. A reader gets past the first bytes of these, and meets what no program would write further inside."""

from __future__ import annotations

import base64
import io
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable

Mutation = Callable[[random.Random, bytes], bytes]
COMPOUND = b"\xd0\xcf\x11\xe0"
NUMBERS = (b"0", b"1", b"-1", b"3", b"17", b"255", b"65536", b"2147483647", b"4294967295", b"-2147483648", b"99999999999999999999", b"1e9", b"0.001", b"NaN", b"")  # fmt: skip
VALUES = (*NUMBERS, b"3px", b"100%", b"true", b"none", b"auto", b"display:none", b"restart", b"rId999", b"A1:XFD1048576", b"../../x", b"\xe8\xa1\x8c" * 300, b"a" * 70_000)  # fmt: skip
ATTRIBUTE = re.compile(rb"""\s([A-Za-z][\w:.-]*)\s*=\s*("[^"<]*"|'[^'<]*'|[^\s<>"']+)""")
TAG = re.compile(rb"<(/?)([A-Za-z][\w:.-]*)([^<>]*)>")
OBJECT = re.compile(rb"(\d+) (\d+) obj\b.*?endobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
REFERENCE = re.compile(rb"(\d+) 0 R\b")
PDF_NUMBER = re.compile(
    rb"(?<=[\[ /A-Za-z])(?<=\s)-?\d+(?:\.\d+)?(?=[\s\]/>])|(?<=/Length )\d+|(?<=/Count )\d+|(?<=/Width )\d+"
)
CONTROL = re.compile(rb"\\([a-z]{2,20})(-?\d+)?")


def spliced(data: bytes, start: int, end: int, new: bytes) -> bytes:
    return data[:start] + new + data[end:]


def chosen(rng: random.Random, pattern: re.Pattern[bytes], data: bytes) -> re.Match[bytes] | None:
    """One of the places where a pattern stands, from a random place on: the first after it, else the first of all."""
    return pattern.search(data, rng.randrange(len(data) + 1)) or pattern.search(data)


def attributes(rng: random.Random, data: bytes) -> bytes:
    """Attributes with other values, gone, or there twice."""
    for _ in range(rng.choice((1, 3, 12))):
        found = chosen(rng, ATTRIBUTE, data)
        if not found:
            break
        name, value = found[1], found[2]
        other = chosen(rng, ATTRIBUTE, data)
        new = rng.choice((
            b" " + name + b'="' + rng.choice(VALUES) + b'"', b"", found[0] * 2, b" " + name + b"=" + (other[2] if other else b"''"),
            b" " + (other[1] if other else b"x") + b"=" + value,
        ))  # fmt: skip
        data = spliced(data, found.start(), found.end(), new)
    return data


def elements(rng: random.Random, data: bytes) -> bytes:
    """Tags gone, doubled, renamed, closed too early or a hundred times, elements in places of others."""
    for _ in range(rng.choice((1, 3, 12))):
        found, other = chosen(rng, TAG, data), chosen(rng, TAG, data)
        if not found or not other:
            break
        new = rng.choice((
            b"", found[0] * 2, other[0], found[0] * 400, b"<" + found[1] + other[2] + found[3] + b">", b"</" + found[2] + b">",
            b"<" + found[2] + b"/>", found[0] + other[0] * 30,
        ))  # fmt: skip
        data = spliced(data, found.start(), found.end(), new)
    if rng.random() < 0.3:
        a, b = sorted(rng.randrange(len(data) + 1) for _ in range(2))
        piece = data[a : min(b, a + 5000)]
        at = rng.randrange(len(data) + 1)
        data = data[:at] + piece + data[at:]
    return data


def objects(rng: random.Random, data: bytes) -> bytes:
    """Objects of a PDF gone, doubled or in each other's place; references that lead elsewhere, also back; numbers that nothing has."""
    found = list(OBJECT.finditer(data))
    if not found:
        return data
    for _ in range(rng.choice((1, 2, 6))):
        one, other = rng.choice(found), rng.choice(found)
        body = data[one.start() : one.end()]
        damage = rng.randrange(6)
        if damage == 0:
            body = b""
        elif damage == 1:
            body = body + b"\n" + body
        elif damage == 2:
            body = one[1] + b" 0 obj" + data[other.start() : other.end()].partition(b" obj")[2]
        elif damage == 3:
            numbers = [match[1] for match in found]
            body = REFERENCE.sub(
                lambda match, numbers=numbers: rng.choice([match[1], rng.choice(numbers)]) + b" 0 R", body
            )
        elif damage == 4:
            body = PDF_NUMBER.sub(lambda match: rng.choice(NUMBERS) if rng.random() < 0.2 else match[0], body)
        else:
            body = _restreamed(rng, body)
        data = spliced(data, one.start(), one.end(), body)
        found = list(OBJECT.finditer(data)) or found
    return data if rng.random() < 0.7 else data[: data.rfind(b"xref")]


def _restreamed(rng: random.Random, body: bytes) -> bytes:
    """A stream with other content: unpacked, damaged, packed again."""
    found = STREAM.search(body)
    if not found:
        return body
    try:
        packed = base64.a85decode(found[1].strip().removesuffix(b"~>")) if b"/ASCII85Decode" in body else found[1]
        content = zlib.decompress(packed)
    except (ValueError, zlib.error):
        return body
    words = content.split(b" ")
    for _ in range(rng.choice((1, 5, 50))):
        at = rng.randrange(len(words))
        words[at] = rng.choice((b"", words[rng.randrange(len(words))], rng.choice(NUMBERS), words[at] * 3, b"q " * 500, b"Q", b"BT", b"ET"))  # fmt: skip
    packed = zlib.compress(b" ".join(words))
    body = body.replace(b"/ASCII85Decode", b"")
    body = re.sub(rb"/Length \d+(?: \d+ R)?", b"/Length %d" % len(packed), body, count=1)
    found = STREAM.search(body)
    return spliced(body, found.start(1), found.end(1), packed) if found else body


def sectors(rng: random.Random, data: bytes) -> bytes:
    """A compound file whose chains, directory or head lie, or whose sectors have changed places."""
    changed = bytearray(data.ljust(2048, b"\0"))
    count = len(changed) // 512 - 1
    for _ in range(rng.choice((1, 2, 6))):
        fat = min(struct.unpack_from("<I", changed, 76)[0], count - 1)
        directory = min(struct.unpack_from("<I", changed, 48)[0], count - 1)
        lie = rng.choice((0, 1, count - 1, count, 0xFFFFFFFE, 0xFFFFFFFF, 0x7FFFFFFF, rng.randrange(count + 1)))
        what = rng.randrange(5)
        if what == 0:  # a link of a chain
            struct.pack_into("<I", changed, 512 * (fat + 1) + 4 * rng.randrange(128), lie)
        elif what == 1:  # a sibling, a child, a start or a size
            entry = 512 * (directory + 1) + 128 * rng.randrange(4)
            struct.pack_into("<I", changed, entry + rng.choice((68, 72, 76, 116, 120)), lie)
        elif what == 2:  # the head
            struct.pack_into("<I", changed, rng.choice((28, 40, 44, 48, 56, 60, 64, 68, 72, 76)), lie)
        elif what == 3:  # two sectors
            a, b = (512 * (1 + rng.randrange(count)) for _ in range(2))
            changed[a : a + 512], changed[b : b + 512] = changed[b : b + 512], changed[a : a + 512]
        else:  # a number within a stream: a length or an offset of the old formats
            struct.pack_into("<H", changed, 512 + 2 * rng.randrange((len(changed) - 1024) // 2), lie & 0xFFFF)
    return bytes(changed)


def controls(rng: random.Random, data: bytes) -> bytes:
    """Control words of RTF with other numbers, gone, doubled, or others in their place; braces gone or too many."""
    for _ in range(rng.choice((1, 4, 20))):
        found, other = chosen(rng, CONTROL, data), chosen(rng, CONTROL, data)
        if not found or not other:
            break
        new = rng.choice((b"\\" + found[1] + rng.choice(NUMBERS), b"", found[0] * 2, other[0], b"{" * 30, b"}", b"\\bin" + rng.choice(NUMBERS) + b" "))  # fmt: skip
        data = spliced(data, found.start(), found.end(), new)
    return data


def lines(rng: random.Random, data: bytes) -> bytes:
    """Lines gone, doubled, joined, cut, or in another order."""
    rows = data.split(b"\n")
    for _ in range(rng.choice((1, 4, 20))):
        at, to = rng.randrange(len(rows)), rng.randrange(len(rows))
        what = rng.randrange(6)
        if what == 0 and len(rows) > 1:
            del rows[at]
        elif what == 1:
            rows.insert(to, rows[at])
        elif what == 2:
            rows[at], rows[to] = rows[to], rows[at]
        elif what == 3:
            rows[at] += rows[to]
        elif what == 4:
            half = rng.randrange(len(rows[at]) + 1)
            rows[at : at + 1] = [rows[at][:half], rows[at][half:]]
        else:
            rows[at] = rows[at].replace(rng.choice((b" ", b"|", b"\t", b"0")), rng.choice((b"", b"\t", b"|", "　".encode(), "０".encode())))  # fmt: skip
    return b"\n".join(rows)


def heads(rng: random.Random, data: bytes) -> bytes:
    """A picture, alone or inside another file, whose head claims other sizes or lacks a part."""
    at = max(data.find(magic) for magic in (b"\xff\xd8\xff", b"\x89PNG", b"IHDR", b"II*\0", b"GIF8", b"BM"))
    if at < 0:
        return data
    changed = bytearray(data)
    for _ in range(rng.choice((1, 2, 6))):
        place = at + rng.randrange(min(400, len(data) - at))
        changed[place : place + 2] = struct.pack(">H", rng.choice((0, 1, 0xFFFF, 0x7FFF, rng.randrange(65536))))
    return bytes(changed)


def members(rng: random.Random, data: bytes) -> bytes:
    """An archive of which a member is gone, empty, doubled, under another's name, or damaged in its markup."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = {info.filename: archive.read(info) for info in archive.infolist()}
    except Exception:  # zipfile answers a damaged archive with errors of many kinds
        return data
    names = sorted(found)
    for _ in range(rng.choice((1, 1, 3))):
        name, other = rng.choice(names), rng.choice(names)
        damage = rng.randrange(7)
        if damage == 0:
            found[name] = b""
        elif damage == 1:
            found[name] = found[other]
        elif damage == 2:
            found.pop(name, None)
            found.setdefault(other, b"")
        else:
            found[name] = rng.choice((attributes, elements))(rng, found.get(name) or b"<a/>")
        names = sorted(found)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in found.items():
            archive.writestr(name, content)
    return made.getvalue()


def by_structure(data: bytes) -> tuple[Mutation, ...]:
    """The mutations that fit a file of this content."""
    if data.startswith(b"PK"):
        return (members,)
    if data.startswith(b"%PDF"):
        return (objects, objects, heads)
    if data.startswith(COMPOUND):
        return (sectors,)
    if data.startswith(b"{\\rtf"):
        return (controls,)
    if data.startswith((b"\xff\xd8", b"\x89PNG", b"II*", b"MM", b"GIF8", b"BM", b"RIFF")):
        return (heads,)
    if b"<" in data[:4096]:
        return (attributes, elements)
    return (lines,)
