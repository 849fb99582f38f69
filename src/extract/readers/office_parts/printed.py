"""What of a WordprocessingML tree is printed and meant: revisions accepted, hidden, doubled and struck content out.

The tree is changed in place: what reads it afterwards needs to know none of this.
"""

from __future__ import annotations

import re

from lxml import etree

from extract.readers.office_parts.numbering import W

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
P, R, PPR, RPR, TR, TRPR, TC, TBL = (W + name for name in ("p", "r", "pPr", "rPr", "tr", "trPr", "tc", "tbl"))
TXBX, T, SDT, DEL, MOVE_FROM = (W + name for name in ("txbxContent", "t", "sdt", "del", "moveFrom"))
PARAGRAPH_CHANGE, CELL_CHANGE = W + "pPrChange", W + "tcPrChange"
VANISH, RUBY_TEXT, CELL_DEL, PLACEHOLDER = (W + name for name in ("vanish", "rt", "cellDel", "showingPlcHdr"))
STRIKE, DOUBLE_STRIKE, VERTICAL = W + "strike", W + "dstrike", W + "vertAlign"
STRUCK = W + "struck"  # no element of Word's: stands where characters were left out
ALTERNATE, CHOICE, FALLBACK = _MC + "AlternateContent", _MC + "Choice", _MC + "Fallback"
_NOT_PRINTED = (
    DEL, MOVE_FROM, VANISH, RUBY_TEXT, CELL_DEL, PLACEHOLDER, TXBX, PARAGRAPH_CHANGE, CELL_CHANGE,
    STRIKE, DOUBLE_STRIKE, VERTICAL,
)  # fmt: skip
# Bulk that never prints, and the words in it that would make it matter or its ends uncertain.
_BULK = (b"w:rPr", b"w:tcBorders")
_BULK_MATTERS = (b"anish", b"w:del", b"moveFrom", b"rPrChange", b"superscript", b"<!")
_RUNS_MEET = re.compile(rb"</w:t></w:r><w:r(?: [^<>]*[^<>/])?><w:t(?: [^<>]*[^<>/])?>")
_STRIKES = re.compile(rb'trike(?! w:val="(?:0|false|off)")')
_OFF = ("0", "false", "off")
_NOTE_MARK = re.compile(r"[\d\[\]()（）〔〕①-⑳*※†]{1,4}")  # raised: a note's number, and no figure


def keep_what_prints(root: etree._Element) -> int:
    """Leave in the tree what Word prints with all revisions accepted; returns how many characters were left out because
    they are struck through or raised (17.3.2.37, 17.3.2.42), each run of which leaves STRUCK behind.

    Dropped: deleted and moved-away runs, rows and cells; hidden runs; the reading above ruby text; prompts of empty
    content controls; of alternative contents all but one. A paragraph whose mark was deleted is joined with the next.
    A text box moves behind the paragraph that anchors it.
    """
    boxes = []
    struck = 0
    for node in list(root.iter(ALTERNATE)):
        _choose(node)
    for node in list(root.iter(*_NOT_PRINTED)):
        tag = node.tag
        if tag in (DEL, MOVE_FROM):
            _accept(node)
        elif tag == VANISH:
            _hide(node)
        elif tag in (STRIKE, DOUBLE_STRIKE, VERTICAL):
            struck += _leave_out(node)
        elif tag == CELL_DEL:
            _remove(_ancestor(node, TC))
        elif tag == PLACEHOLDER:
            _empty(_ancestor(node, SDT))
        elif tag == TXBX:
            boxes.append(node)
        else:
            _remove(node)
    for box in boxes:
        _set_free(box)
    return struck


def without_bulk(data: bytes) -> bytes:
    """The bytes of a document part without run formatting and cell borders, which are half of it and print nothing,
    and with its runs, which then differ in nothing, joined.

    Left as they are where the formatting hides or deletes something, or where an element does not end.
    """
    lean = data
    for name in _BULK:
        start, end = b"<" + name + b">", b"</" + name + b">"
        head, *rest = lean.split(start)
        kept, dropped = [head], []
        for part in rest:
            place = part.find(end)
            if place < 0:
                return data
            dropped.append(part[:place])
            kept.append(part[place + len(end) :])
        formatting = b"".join(dropped)
        if any(word in formatting for word in _BULK_MATTERS) or (
            b"trike" in formatting and _STRIKES.search(formatting)
        ):
            return data
        lean = b"".join(kept)
    return _RUNS_MEET.sub(b"", lean)


def _remove(node: etree._Element | None) -> None:
    parent = None if node is None else node.getparent()
    if node is not None and parent is not None:
        parent.remove(node)


def _ancestor(node: etree._Element, tag: str) -> etree._Element | None:
    return next(node.iterancestors(tag), None)


def _choose(node: etree._Element) -> None:
    """Put the first choice that holds text or a picture, else the fallback, in place of both (ECMA-376 part 3)."""
    parent = node.getparent()
    if parent is None:
        return
    alternatives = [child for child in node if child.tag in (CHOICE, FALLBACK)]
    chosen = next((child for child in alternatives if _has_content(child)), None)
    place = parent.index(node)
    parent.remove(node)
    if chosen is not None:
        for offset, child in enumerate(list(chosen)):
            parent.insert(place + offset, child)


def _has_content(node: etree._Element) -> bool:
    return any(
        True
        for _ in node.iter(
            T,
            TBL,
            "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
            "{urn:schemas-microsoft-com:vml}imagedata",
        )
    )


def _accept(node: etree._Element) -> None:
    """Accept one deletion: of a row, of a paragraph's mark, or of the runs inside the element (17.13.5)."""
    parent = node.getparent()
    if parent is None:
        return
    if parent.tag == TRPR:
        _remove(_ancestor(node, TR))
    elif parent.tag == RPR:
        properties = parent.getparent()
        if properties is not None and properties.tag == PPR:
            _join_with_next(properties.getparent())
    else:
        parent.remove(node)


def _join_with_next(paragraph: etree._Element | None) -> None:
    """Put the content of a paragraph whose mark was deleted before that of the next, which keeps its properties."""
    following = None if paragraph is None else paragraph.getnext()
    if paragraph is None or following is None or following.tag != P:
        return
    place = 1 if len(following) and following[0].tag == PPR else 0
    for offset, child in enumerate([child for child in paragraph if child.tag != PPR]):
        following.insert(place + offset, child)
    _remove(paragraph)


def _hide(node: etree._Element) -> None:
    if node.get(W + "val", "1") not in _OFF:
        _remove(_run_of(node))


def _leave_out(node: etree._Element) -> int:
    """Take the characters out of a run that is struck through, or in a cell nothing but a raised mark; their number."""
    run = _run_of(node)
    if run is None:
        return 0
    pieces = list(run.iter(T))
    text = "".join([piece.text or "" for piece in pieces])
    if node.tag == VERTICAL:
        raised = node.get(W + "val") == "superscript" and _NOTE_MARK.fullmatch(text.strip())
        if not raised or _ancestor(node, TC) is None:  # beside sentences it does no harm
            return 0
    elif node.get(W + "val", "1") in _OFF or not text:
        return 0
    for piece in pieces:
        piece.text = ""
    run.append(run.makeelement(STRUCK))
    return len(text)


def _run_of(node: etree._Element) -> etree._Element | None:
    """The run whose own property a node is."""
    properties = node.getparent()
    run = None if properties is None or properties.tag != RPR else properties.getparent()
    return run if run is not None and run.tag == R else None


def _empty(control: etree._Element | None) -> None:
    for table in [] if control is None else control.iter(TBL):
        table.attrib.pop("plain", None)
    for piece in [] if control is None else control.iter(T):
        piece.text = ""


def _set_free(box: etree._Element) -> None:
    """Move a text box behind the outermost paragraph that anchors it, within the same cell."""
    anchor = None
    for node in box.iterancestors(P, TC, TXBX):
        if node.tag != P:
            break
        anchor = node
    if anchor is not None:
        anchor.addnext(box)
