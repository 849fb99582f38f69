"""The styles of a WordprocessingML document: which make titles and headings, which number."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from extract.readers.office_parts.numbering import W

_VAL = W + "val"
_MAX_BASES = 20


@dataclass(slots=True)
class Styles:
    """Roles and lists by style id. A document without styles.xml has none of either."""

    roles: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[str, int]] = field(default_factory=dict)

    def role(self, style: str, paragraph: etree._Element) -> str:
        """title, heading, furniture (contents) or body; an outline level of the paragraph makes a heading."""
        if style in self.roles:
            return self.roles[style]
        return "heading" if _outline(paragraph) else "body"

    def list_of(self, style: str) -> tuple[str, int]:
        """(list id, level) that the style gives its paragraphs; ("", 0) where it gives none."""
        return self.lists.get(style, ("", 0))


def read_styles(root: etree._Element) -> Styles:
    """The styles of styles.xml, what a style inherits included (17.7.4.3)."""
    nodes = {node.get(W + "styleId", ""): node for node in root.iterchildren(W + "style")}
    styles = Styles()
    for style_id, node in nodes.items():
        if node.get(W + "type", "paragraph") != "paragraph":
            continue
        line = _ancestry(node, nodes)
        role = next((role for role in map(_own_role, line) if role), "")
        if role:
            styles.roles[style_id] = role
        numbered = _list(line)
        if numbered[0]:
            styles.lists[style_id] = numbered
    return styles


def _ancestry(node: etree._Element, nodes: dict[str, etree._Element]) -> list[etree._Element]:
    line = [node]
    while len(line) < _MAX_BASES:
        base = line[-1].find(W + "basedOn")
        parent = None if base is None else nodes.get(base.get(_VAL, ""))
        if parent is None or parent in line:
            break
        line.append(parent)
    return line


def _own_role(node: etree._Element) -> str:
    name = node.find(W + "name")
    lowered = "" if name is None else name.get(_VAL, "").lower()
    if lowered == "title":
        return "title"
    if lowered.startswith("heading ") or _outline(node):
        return "heading"
    return "furniture" if lowered.startswith(("toc ", "header", "footer")) else ""


def _outline(node: etree._Element) -> bool:
    """Whether a paragraph or style has an outline level of its own: 0 to 8; 9 is body text (17.3.1.20)."""
    level = node.find(f"{W}pPr/{W}outlineLvl")
    return level is not None and level.get(_VAL, "9") in "012345678"


def _list(line: list[etree._Element]) -> tuple[str, int]:
    list_id, level = "", ""
    for node in line:
        for child in node.iterfind(f"{W}pPr/{W}numPr/*"):
            if child.tag == W + "numId":
                list_id = list_id or child.get(_VAL, "")
            elif child.tag == W + "ilvl":
                level = level or child.get(_VAL, "")
    return list_id, int(level) if level.isdigit() else 0
