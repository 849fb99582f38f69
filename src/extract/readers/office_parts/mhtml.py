"""Web archives (.mht, and .doc files that Word saved as one): the page inside, for the HTML reader.

Rules: RFC 2557 (MHTML), read with the standard library's mail parser.
"""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import Message

from extract.document import Unreadable

MAX_BYTES = 64 * 1024 * 1024
_HEADER = re.compile(rb"(?im)^MIME-Version:\s*1\.0")
PAGES = ("text/html", "application/xhtml+xml")
_FRAMES = re.compile(rb"(?i)<i?frame\b")
_RELATED = re.compile(rb"(?im)^Content-Type:\s*(?:multipart/related|multipart/mixed|text/html)")


def is_mhtml(head: bytes) -> bool:
    """Whether the bytes begin a web archive: mail headers that announce a page and its files."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:4096]
    return start[:1].isalpha() and bool(_HEADER.search(start)) and bool(_RELATED.search(start))


def html_part(data: bytes) -> bytes:
    """The bytes of the HTML page of a web archive, decoded from their transfer encoding, as UTF-8 where the archive names the character set,
    with the pages that it frames. Raises Unreadable where there is none."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"The web archive has over {MAX_BYTES // 1024 // 1024} MB: no report is that large.")
    pages: list[bytes] = []
    for part in message_from_bytes(data.lstrip(b"\xef\xbb\xbf \t\r\n")).walk():
        if part.get_content_type() in PAGES:
            page = part.get_payload(decode=True)
            if isinstance(page, bytes) and page.strip():
                pages.append(_in_utf8(page, part))
    if not pages:
        raise Unreadable("The web archive holds no page: open it in a browser and save the page as .html.")
    # The first part is the page; where it frames others (Excel's sheets, a report in a frame), their tables stand in the parts behind it.
    framed = [page for page in pages[1:] if _FRAMES.search(pages[0]) and b"<t" in page.lower()]
    return b"\n".join(map(_as_utf8, [pages[0], *framed])) if framed else pages[0]


def _as_utf8(page: bytes) -> bytes:
    """Pages of several character sets in one: those that are not UTF-8 are taken for GB18030."""
    try:
        page.decode("utf-8")
    except UnicodeDecodeError:
        return page.decode("gb18030", "replace").encode("utf-8")
    return page


def _in_utf8(page: bytes, part: Message) -> bytes:
    charset = part.get_content_charset() or ""
    if charset in ("", "utf-8", "us-ascii"):
        return page
    try:
        text = page.decode("gb18030" if charset in ("gb2312", "gbk") else charset, "strict")
    except (LookupError, UnicodeDecodeError):
        return page  # the declaration is wrong: the HTML reader finds out by itself
    return text.encode("utf-8")
