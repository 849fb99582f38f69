"""Documents damaged in seeded ways: what disks, transfers, converters and attackers do to files of every kind."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from structure_mutations import by_structure

EXAMPLES = Path(__file__).parent / "examples"
SAMPLE_KINDS = ("html", "html-ugly", "text", "docx", "odt", "pdf", "doc", "rtf", "xlsx", "xls", "markdown")
PICTURE_KINDS = ("picture", "scan")
OF_STRUCTURE = 0.6
EACH_KIND = 2  # documents of each kind: offices lay theirs out in their own ways
Mutation = Callable[[random.Random, bytes], bytes]
# Pieces that break parsers: ends of things that have not begun, numbers that overflow, half characters, other encodings.
POISON = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\x80\x80", b"<", b"</table>", b"<table><tr><td>", b"&#x0;", b"&#xD800;", b"&#99999999999;",
    b"<!--", b"]]>", b"<![CDATA[", b"colspan='-1' rowspan=\"99999999999\"", b"%PDF-", b"endstream", b"endobj", b"<<", b"[", b"(", b"\\bin99999999 ", b"{\\rtf1",
    b"\\u-1?", b"PK\x03\x04", b"99999999999999999999", b"-1", b"1e999", b"NaN", "零〇亿万亿".encode(), "\u202e\u2028\ufeff".encode(), b"|---|", b"\r", b"\t" * 50,
)  # fmt: skip


def flip(rng: random.Random, data: bytes) -> bytes:
    """Some bits turned over."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 4, 30, 300))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def cut(rng: random.Random, data: bytes) -> bytes:
    """The end is missing, or the beginning, or a piece of the middle."""
    start, end = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    return rng.choice((data[:end], data[start:], data[:start] + data[end:])) or b" "


def insert(rng: random.Random, data: bytes) -> bytes:
    """Poison at some places."""
    for _ in range(rng.choice((1, 3, 20))):
        at = rng.randrange(len(data) + 1)
        data = data[:at] + rng.choice(POISON) * rng.choice((1, 1, 1, 40)) + data[at:]
    return data


def repeat(rng: random.Random, data: bytes) -> bytes:
    """A piece stands there many times."""
    start = rng.randrange(len(data))
    piece = data[start : start + rng.choice((10, 200, 3000))]
    return data[:start] + piece * rng.choice((2, 30)) + data[start:]


def swap(rng: random.Random, data: bytes) -> bytes:
    """Two pieces have changed places."""
    places = sorted(rng.randrange(len(data) + 1) for _ in range(4))
    a, b, c, d = places
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def recode(rng: random.Random, data: bytes) -> bytes:
    """Another encoding than the file says, or two in one file."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return flip(rng, data)
    half = rng.randrange(len(text) + 1)
    first, second = (rng.choice(("utf-8", "gb18030", "utf-16", "big5", "utf-16-be")) for _ in range(2))
    return text[:half].encode(first, "replace") + text[half:].encode(second, "replace")


def renumber(rng: random.Random, data: bytes) -> bytes:
    """Digits are other digits, or very many of them."""
    digits = [i for i, byte in enumerate(data) if 48 <= byte <= 57]
    if not digits:
        return insert(rng, data)
    changed = bytearray(data)
    for at in rng.sample(digits, min(len(digits), 20)):
        changed[at] = rng.choice(b"0123456789-")
    at = rng.choice(digits)
    return bytes(changed[:at]) + b"9" * rng.choice((0, 5, 400)) + bytes(changed[at:])


def inside(rng: random.Random, data: bytes) -> bytes:
    """An archive that is whole, with a damaged member."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except Exception:  # zipfile answers a damaged archive with errors of many kinds
        return flip(rng, data)
    chosen = rng.choice([name for name, content in members if content] or [""])
    damage = rng.choice((flip, cut, insert, repeat, swap, renumber, recode))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            if name != chosen or rng.random() > 0.1:
                archive.writestr(name, damage(rng, content) if name == chosen else content)
    return made.getvalue()


MUTATIONS: tuple[Mutation, ...] = (flip, cut, insert, repeat, swap, recode, renumber, inside)


def originals(kinds: tuple[str, ...] = SAMPLE_KINDS, seed: int = 1, examples: bool = True) -> list[tuple[str, bytes]]:
    """(name, content) of undamaged documents: two of each kind of the sample city, and the examples beside the tests."""
    from sample import city, page
    from sample import kinds as written

    made = city.city(EACH_KIND, [2021], seed, {})
    reports = list(city.reports(made))
    found = []
    for kind in kinds:
        for number, (report, hand) in enumerate(reports[:EACH_KIND]):
            found.append(
                (f"{kind}.{number}{written.by_name()[kind].suffix}", written.write(page.lay_out(report, hand), kind))
            )
    beside = (
        sorted(path for path in EXAMPLES.iterdir() if path.suffix not in (".csv", ".json", ".md")) if examples else []
    )
    return found + [(path.name, path.read_bytes()) for path in beside]


def mutated(documents: list[tuple[str, bytes]], count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """(name, content) of `count` damaged documents, every original in turn, each with one to three mutations, more than half of them of its structure."""
    for number in range(count):
        rng = random.Random(f"{seed}-{number}")
        name, data = documents[number % len(documents)]
        used = []
        for _ in range(rng.choice((1, 1, 2, 3))):
            mutation = rng.choice(by_structure(data) if rng.random() < OF_STRUCTURE else MUTATIONS)
            data = mutation(rng, data) or b" "
            used.append(mutation.__name__)
        yield f"{number:06}-{'-'.join(used)}-{name}", data
