"""Bytes to text: byte order mark, UTF-16 by its zero bytes, strict UTF-8, else GB18030 (which holds GBK and GB2312) or Big5, by which of the two
gives Chinese that is in use. What a file declares is not asked: declarations lie."""

from __future__ import annotations

import re

MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
UNKNOWN = "\ufffd"
NOT_ASCII = re.compile(rb"[\x80-\xff]+")
WIDE = re.compile("[\u2e80-\U0010ffff]+")
SAMPLE = 1000  # characters that tell the set
RARE = 20  # of Chinese read in the right set more than one character in so many is in use
ENOUGH = SAMPLE // RARE  # more of a sample than this is more than one in RARE of it
HEAD = 4096  # bytes: enough to see how a text is encoded
# Bytes of a page: enough, most often or hardly ever not, to see which Chinese characters are in use in it.
BEGINNINGS = (1024, 16384)
# Characters that stand in every report, in both scripts: read in the wrong set they turn into rare ones.
IN_USE = frozenset(
    "的是不在有和了为年月日本政府信息公开工作行机关数量件总结告度区街道办人情况一二三四五六為開作總結數個機關資訊會區處辦與對實條"
)


def decode(data: bytes) -> str:
    """Decode Chinese text. Bytes that fit no character become U+FFFD; of UTF-8 and GB18030 the one with fewer of them wins."""
    for mark, charset in MARKS:
        if data.startswith(mark):
            return data.decode(charset, "replace").lstrip("\ufeff")
    if wide := utf16_without_mark(data[:HEAD]):
        return data.decode(wide, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _chinese(data)


def in_utf8(data: bytes) -> bytes:
    """The text that `decode` finds, in UTF-8; the bytes themselves where they are that already."""
    return data if not tells_its_set(data) and _is_utf8(data) else decode(data).encode("utf-8", "replace")


def tells_its_set(data: bytes) -> bool:
    """Whether a mark, or the zero bytes of UTF-16, say how the bytes are to be read; all others are in UTF-8 if they can be."""
    return any(data.startswith(mark) for mark, _ in MARKS) or bool(utf16_without_mark(data[:HEAD]))


def begins_in_utf8(data: bytes) -> bool:
    """Whether the first bytes that are no ASCII are UTF-8: in another set of Chinese characters they hardly ever are."""
    first = NOT_ASCII.search(data)
    return first is None or _is_utf8(first[0])


def begins_in_gb18030(data: bytes) -> bool:
    """Whether `decode` takes markup that is no UTF-8 for GB18030 if all of it can be: it does where the Chinese with which it begins is in use."""
    for size in BEGINNINGS:
        end = data.rfind(b"<", 0, size)  # no character of GB18030 holds this byte
        try:
            common, wide = _in_use(data[: max(end, 0)].decode("gb18030"), ENOUGH)
        except UnicodeDecodeError:
            return False
        if common > ENOUGH and common * RARE > wide:
            return True
    return False


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _chinese(data: bytes) -> str:
    try:
        return _big5_or(data.decode("gb18030"), data)
    except UnicodeDecodeError:
        as_utf8, as_gb = data.decode("utf-8", "replace"), data.decode("gb18030", "replace")
        return as_utf8 if as_utf8.count(UNKNOWN) < as_gb.count(UNKNOWN) else _big5_or(as_gb, data)


def utf16_without_mark(head: bytes) -> str:
    """UTF-16 without its mark shows itself where every other byte of its Latin letters and digits is zero; a stray zero byte does not."""
    low, high = head[0::2].count(0), head[1::2].count(0)
    if max(low, high) * 10 < len(head) or len(head) < 8:
        return ""
    return "utf-16-le" if high > 4 * low else "utf-16-be" if low > 4 * high else ""


def _big5_or(as_gb: str, data: bytes) -> str:
    """The text as Big5 where that gives clearly more characters in use than GB18030 does."""
    common, wide = _in_use(as_gb, ENOUGH)
    if common * RARE > wide:
        return as_gb
    try:
        as_big5 = data.decode("big5hkscs")
    except UnicodeDecodeError:
        return as_gb
    return as_big5 if _in_use(as_big5, SAMPLE)[0] > 2 * common else as_gb


def _in_use(text: str, enough: int) -> tuple[int, int]:
    """How many of the first characters that are no Latin ones stand in every report, and how many there are; of a text in which more than `enough`
    stand, only so many are counted."""
    common = wide = 0
    for run in WIDE.finditer(text):
        characters = run[0][: SAMPLE - wide]
        wide += len(characters)
        common += sum(map(IN_USE.__contains__, characters))
        if wide >= SAMPLE or common > enough:
            break
    return common, wide
