"""Word 2003 XML and flat DOCX brought into the form that the main part of a DOCX has."""

from __future__ import annotations

from lxml import etree

from extract.document import Unreadable
from extract.readers.office_parts.numbering import W
from extract.readers.office_parts.package import parse_xml

_WORD_2003 = b"http://schemas.microsoft.com/office/word/2003/wordml"
_FLAT = b"http://schemas.microsoft.com/office/2006/xmlPackage"
MARKS = (_WORD_2003, _FLAT)
_PACKAGE, _ANNOTATION = "{" + _FLAT.decode() + "}", "{http://schemas.microsoft.com/aml/2001/core}"
_HINT = "{http://schemas.microsoft.com/office/word/2003/auxHint}"
_RENAMED = {W + "vmerge": W + "vMerge", W + "hmerge": W + "hMerge"}


def main_part(data: bytes) -> bytes:
    """The bytes of the main part that the same document has as DOCX. Raises Unreadable where there is none."""
    root = parse_xml(data.replace(_WORD_2003, W[1:-1].encode()), "of the file")
    if root.tag == W + "wordDocument":
        _modernise(root)
        document = root.makeelement(W + "document", nsmap=root.nsmap)
        document.extend(list(root.iterchildren(W + "body")))
        return etree.tostring(document)
    for part in root.iter(_PACKAGE + "part"):
        if part.get(_PACKAGE + "contentType", "").endswith("main+xml"):
            return etree.tostring(part[0][0])
    raise Unreadable("The file is an XML package without a Word document: save it as DOCX.")


def _modernise(root: etree._Element) -> None:
    """Change in place what Word 2003 says in other words: merges, sections, and tracked changes, which are accepted."""
    for node in list(root.iter(*_RENAMED)):
        node.tag = _RENAMED[node.tag]
    for node in list(root.iter(_ANNOTATION + "annotation")):
        if node.get(W + "type") == "Word.Deletion":
            _replace(node, [])
        else:
            _replace(node, [child for held in node.iterchildren(_ANNOTATION + "content") for child in held])
    for node in list(root.iter(_HINT + "*")):
        _replace(node, list(node))


def _replace(node: etree._Element, by: list[etree._Element]) -> None:
    parent = node.getparent()
    if parent is None:
        return
    place = parent.index(node)
    parent[place : place + 1] = by
