"""Office documents built by hand, part by part, and a fictional report that every kind must give back exactly."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import NamedTuple
from xml.sax.saxutils import escape

from extract.document import Document, Grid, Source

W_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = (
    f'xmlns:w="{W_NAMESPACE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
COLUMN_TWIPS = 600
FICTIONAL = "【虚构样例】本报告由程序生成，所述城市、机构和数字均为虚构。"
TITLE = "青禾街道办事处2023年政府信息公开工作年度报告"
SOURCE = Source("0123456789ab", "example", "", "")


class Spot(NamedTuple):
    """A cell to be written: its place, its spans, its text."""

    row: int
    col: int
    rows: int
    cols: int
    text: str


def spots_of(grid: Grid) -> list[Spot]:
    """A grid's cells in a form that compares."""
    return sorted(Spot(cell.row, cell.col, cell.row_span, cell.col_span, cell.text) for cell in grid.cells)


def texts_of(grid: Grid) -> list[list[str | None]]:
    """A grid's spread texts."""
    return [[cell.text if cell else None for cell in row] for row in grid.rows]


def paragraphs(document: Document) -> list[tuple[str, str]]:
    """(role, text) of every paragraph, furniture included."""
    return [(block.role, block.text) for block in document.blocks if not isinstance(block, Grid)]


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """The bytes of a zip with these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def relationships(*entries: tuple[str, str, str, bool]) -> str:
    """A .rels part of (id, kind, target, external)."""
    nodes = ""
    for key, kind, target, external in entries:
        mode = 'TargetMode="External"' if external else ""
        nodes += f'<Relationship Id="{key}" Type="{RELATIONS}/{kind}" Target="{target}" {mode}/>'
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{nodes}</Relationships>'
    )


def content_types(main: str, kind: str) -> str:
    """A [Content_Types].xml that names the main part."""
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    content_type = f"application/vnd.openxmlformats-officedocument.{kind}.main+xml"
    return f'<Types xmlns="{types}"><Override PartName="/{main}" ContentType="{content_type}"/></Types>'


def docx(body: str, extra: dict[str, str | bytes] | None = None, main: str = "word/document.xml") -> bytes:
    """A DOCX whose document body is this XML; `extra` adds or replaces parts."""
    document = f'<?xml version="1.0" encoding="UTF-8"?><w:document {NAMESPACES}><w:body>{body}</w:body></w:document>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": content_types(main, "wordprocessingml.document"),
        "_rels/.rels": relationships(("rId1", "officeDocument", main, False)),
        main: document,
    }
    return zipped(parts | (extra or {}))


def paragraph(text: str, properties: str = "") -> str:
    """A w:p of one run."""
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def cell(content: str, span: int = 1, merge: str = "") -> str:
    """A w:tc of block XML; `merge` is restart, continue or ""."""
    vertical = {"restart": '<w:vMerge w:val="restart"/>', "continue": "<w:vMerge/>"}.get(merge, "")
    width = f'<w:tcW w:w="{span * COLUMN_TWIPS}" w:type="dxa"/>'
    return f'<w:tc><w:tcPr>{width}<w:gridSpan w:val="{span}"/>{vertical}</w:tcPr>{content or "<w:p/>"}</w:tc>'


def table(spots: Iterable[Spot]) -> str:
    """A w:tbl of cells that tile a rectangle."""
    placed = {(row, spot.col): (spot, row) for spot in spots for row in range(spot.row, spot.row + spot.rows)}
    rows: dict[int, str] = {}
    for (row, _), (spot, _) in sorted(placed.items()):
        first = row == spot.row
        merge = "" if spot.rows == 1 else "restart" if first else "continue"
        rows[row] = rows.get(row, "") + cell(paragraph(spot.text) if first else "", spot.cols, merge)
    grid = f'<w:gridCol w:w="{COLUMN_TWIPS}"/>' * max(spot.col + spot.cols for spot, _ in placed.values())
    head = f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>"
    return head + "".join(f"<w:tr>{cells}</w:tr>" for _, cells in sorted(rows.items())) + "</w:tbl>"


def xlsx(sheets: dict[str, tuple[dict[str, object], list[str]]]) -> bytes:
    """A workbook: sheet name → (cells by reference, merged ranges). Numbers are written as numbers, texts shared."""
    shared: list[str] = []
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts: dict[str, str | bytes] = {}
    names, links = "", []
    for number, (name, (cells, merges)) in enumerate(sheets.items(), 1):
        rows: dict[int, str] = {}
        for reference, value in cells.items():
            row = int("".join(filter(str.isdigit, reference)))
            if isinstance(value, str):
                shared.append(value)
                rows[row] = rows.get(row, "") + f'<c r="{reference}" t="s"><v>{len(shared) - 1}</v></c>'
            else:
                rows[row] = rows.get(row, "") + f'<c r="{reference}"><v>{value}</v></c>'
        data = "".join(f'<row r="{row}">{content}</row>' for row, content in sorted(rows.items()))
        merged = "".join(f'<mergeCell ref="{merge}"/>' for merge in merges)
        merged = f'<mergeCells count="{len(merges)}">{merged}</mergeCells>' if merges else ""
        content = f"<sheetData>{data}</sheetData>{merged}"
        parts[f"xl/worksheets/sheet{number}.xml"] = f'<worksheet xmlns="{main}">{content}</worksheet>'
        names += f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
        links.append((f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml", False))
    strings = "".join(f"<si><t>{escape(text)}</t></si>" for text in shared)
    workbook = f'<workbook xmlns="{main}" xmlns:r="{RELATIONS}"><sheets>{names}</sheets></workbook>'
    return zipped(
        {
            "[Content_Types].xml": content_types("xl/workbook.xml", "spreadsheetml.sheet"),
            "_rels/.rels": relationships(("rId1", "officeDocument", "xl/workbook.xml", False)),
            "xl/workbook.xml": workbook,
            "xl/_rels/workbook.xml.rels": relationships(*links, ("rId99", "sharedStrings", "sharedStrings.xml", False)),
            "xl/sharedStrings.xml": f'<sst xmlns="{main}">{strings}</sst>',
            **parts,
        }
    )


# The report. Its figures are invented and add up.

_APPLICANTS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
_FILED = {
    "一、本年新收政府信息公开申请数量": (21, 4, 0, 1, 0, 2),
    "二、上年结转政府信息公开申请数量": (2, 0, 0, 0, 1, 0),
}
_HANDLED: dict[str, dict[str, tuple[int, ...]]] = {
    "（一）予以公开": {"": (9, 1, 0, 0, 1, 0)},
    "（二）部分公开（区分处理的，只计这一情形，不计其他情形）": {"": (2, 0, 0, 0, 0, 1)},
    "（三）不予公开": {
        "1.属于国家秘密": (0, 0, 0, 0, 0, 0),
        "2.其他法律行政法规禁止公开": (1, 0, 0, 0, 0, 0),
        "3.危及“三安全一稳定”": (0, 0, 0, 0, 0, 0),
        "4.保护第三方合法权益": (1, 1, 0, 0, 0, 0),
    },
    "（四）无法提供": {
        "1.本机关不掌握相关政府信息": (7, 2, 0, 1, 0, 0),
        "2.没有现成信息需要另行制作": (1, 0, 0, 0, 0, 0),
    },
    "（七）总计": {"": (21, 4, 0, 1, 1, 1)},
}
_LEFT = {"四、结转下年度继续办理": (2, 0, 0, 0, 0, 1)}


def disclosed() -> list[Spot]:
    """Section two, form 2021: four blocks in one table."""
    lines = [
        ["第二十条第（一）项"], ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"], ["规章", "0", "0", "0"],
        ["行政规范性文件", "3", "1", "12"], ["第二十条第（五）项"], ["信息内容", "本年处理决定数量"], ["行政许可", "3361"],
        ["第二十条第（六）项"], ["信息内容", "本年处理决定数量"], ["行政处罚", "13"], ["行政强制", "0"],
        ["第二十条第（八）项"], ["信息内容", "本年收费金额（单位：万元）"], ["行政事业性收费", "0.092"],
    ]  # fmt: skip
    spots = []
    for row, texts in enumerate(lines):
        spans = {1: [4], 2: [1, 3], 4: [1, 1, 1, 1]}[len(texts)]
        starts = [sum(spans[:place]) for place in range(len(spans))]
        spots += [Spot(row, col, 1, span, text) for col, span, text in zip(starts, spans, texts, strict=True)]
    return sorted(spots)


def applications() -> list[Spot]:
    """Section three: the three label columns and seven applicant columns."""
    remark = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    spots = [Spot(0, 0, 3, 3, remark), Spot(0, 3, 1, 7, "申请人情况"), Spot(1, 3, 2, 1, "自然人")]
    spots += [Spot(1, 4, 1, 5, "法人或其他组织"), Spot(1, 9, 2, 1, "总计")]
    spots += [Spot(2, 4 + place, 1, 1, text) for place, text in enumerate(_APPLICANTS[1:])]
    row = 3
    for label, counts in _FILED.items():
        spots += [Spot(row, 0, 1, 3, label), *_counts(row, counts)]
        row += 1
    spots.append(Spot(row, 0, sum(map(len, _HANDLED.values())), 1, "三、本年度办理结果"))
    for outcome, reasons in _HANDLED.items():
        if "" not in reasons:
            spots.append(Spot(row, 1, len(reasons), 1, outcome))
        for reason, counts in reasons.items():
            spots += [Spot(row, 2, 1, 1, reason) if reason else Spot(row, 1, 1, 2, outcome), *_counts(row, counts)]
            row += 1
    for label, counts in _LEFT.items():
        spots += [Spot(row, 0, 1, 3, label), *_counts(row, counts)]
    return sorted(spots)


def _counts(row: int, counts: tuple[int, ...]) -> list[Spot]:
    return [Spot(row, 3 + place, 1, 1, str(count)) for place, count in enumerate([*counts, sum(counts)])]


def appeals() -> list[Spot]:
    """Section four: fifteen columns."""
    results = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    spots = [Spot(0, 0, 1, 5, "行政复议"), Spot(0, 5, 1, 10, "行政诉讼")]
    spots += [Spot(1, 5, 1, 5, "未经复议直接起诉"), Spot(1, 10, 1, 5, "复议后起诉")]
    spots += [Spot(1, place, 2, 1, text) for place, text in enumerate(results)]
    spots += [Spot(2, 5 + place, 1, 1, text) for place, text in enumerate(results * 2)]
    numbers = [2, 0, 0, 1, 3, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    spots += [Spot(3, place, 1, 1, str(number)) for place, number in enumerate(numbers)]
    return sorted(spots)


REPORT_GRIDS = (disclosed, applications, appeals)
HEADINGS = (
    "一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项",
)  # fmt: skip
OVERVIEW = "2023年，青禾街道主动公开政府信息89条，其中通过网站公开61条、微信公众号公开28条。"


def report_docx() -> bytes:
    """The report as a DOCX."""
    body = paragraph(TITLE) + paragraph(FICTIONAL) + paragraph(HEADINGS[0]) + paragraph(OVERVIEW)
    for heading, spots in zip(HEADINGS[1:4], REPORT_GRIDS, strict=True):
        body += paragraph(heading) + table(spots())
    body += paragraph(HEADINGS[4]) + paragraph("一是工作创新不够；二是队伍建设有待加强。")
    return docx(body + paragraph(HEADINGS[5]) + paragraph("无。"))


def report_xlsx() -> bytes:
    """The report as a workbook of one sheet: prose in merged rows, tables below their headings without empty rows."""
    cells: dict[str, object] = {}
    merges: list[str] = []
    row = 1

    def prose(text: str) -> None:
        nonlocal row
        cells[f"A{row}"] = text
        merges.append(f"A{row}:O{row}")
        row += 1

    for text in (TITLE, FICTIONAL, HEADINGS[0], OVERVIEW):
        prose(text)
    for heading, spots in zip(HEADINGS[1:4], REPORT_GRIDS, strict=True):
        prose(heading)
        for spot in spots():
            place = f"{chr(65 + spot.col)}{row + spot.row}"
            cells[place] = float(spot.text) if spot.text.replace(".", "", 1).isdigit() else spot.text
            if spot.rows > 1 or spot.cols > 1:
                merges.append(f"{place}:{chr(64 + spot.col + spot.cols)}{row + spot.row + spot.rows - 1}")
        row += max(spot.row + spot.rows for spot in spots())
    prose(HEADINGS[4])
    return xlsx({"年度报告": (cells, merges)})
