"""Bytes to text: byte order mark, strict UTF-8, else GB18030 (which holds GBK and GB2312). What a file declares is not asked: declarations lie."""

from __future__ import annotations

MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
UNKNOWN = "\ufffd"


def decode(data: bytes) -> str:
    """Decode Chinese text. Bytes that fit no character become U+FFFD; of UTF-8 and GB18030 the one with fewer of them wins."""
    for mark, charset in MARKS:
        if data.startswith(mark):
            return data.decode(charset, "replace").lstrip("\ufeff")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        as_utf8, as_gb = data.decode("utf-8", "replace"), data.decode("gb18030", "replace")
        return as_utf8 if as_utf8.count(UNKNOWN) < as_gb.count(UNKNOWN) else as_gb
