"""Files made to harm: each ends in a clear issue, in bounded time and memory, and nothing that is published can bite."""

from __future__ import annotations

import csv
import io
import os
import sys
import zipfile
import zlib
from pathlib import Path

import pyarrow as pa
import pytest
from test_build import frame, page_of
from test_crash_safety import OFFICES

from extract.batches import Limits
from extract.build import build
from extract.rendering import harmless

LIMITS = Limits(seconds=40, megabytes=1200)
GOOD = page_of(OFFICES[0], 2022)
WORD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'
CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def docx_of(document: str | bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("word/document.xml", document)
    return made.getvalue()


def pdf_of(objects: list[bytes]) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def page_bomb() -> bytes:
    """A page whose content unpacks to 30 million bytes of drawing."""
    squeezed = zlib.compress(b"1 0 0 1 0 0 cm " * 2_000_000, 9)
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(squeezed), squeezed)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>"
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, stream])


def endless_pages() -> bytes:
    """A tree of pages that claims two billion of them and leads back into itself."""
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2000000000 >>"])


def entities(depth: int) -> str:
    lines = ['<!ENTITY a0 "ha">', *(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, depth))]
    return f"<?xml version='1.0'?><!DOCTYPE d [{''.join(lines)}]>"


def harmful(secret: Path) -> dict[str, bytes]:
    """File name -> content."""
    text = f"&a{9};"
    outside = f"<?xml version='1.0'?><!DOCTYPE d [<!ENTITY a SYSTEM '{secret.as_uri()}'>]>"
    bomb = docx_of(b"<w:t>" + b" " * 400_000_000)
    return {
        "zip-bomb.docx": bomb,
        "zip-in-zip.docx": docx_of(bomb),
        "entities.docx": docx_of(entities(10) + WORD.format(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")),
        "outside.docx": docx_of(outside + WORD.format("<w:p><w:r><w:t>&a;</w:t></w:r></w:p>")),
        "entities.html": (entities(10) + f"<html><body>{text}</body></html>").encode(),
        "outside.html": (outside + "<html><body><p>政府信息公开工作年度报告 &a;</p></body></html>").encode(),
        "spans.html": b"<html><body><table>"
        + b"<tr><td rowspan=999999999 colspan=999999999>1</td></tr>" * 2000
        + b"</table></body></html>",
        "nested-tables.html": b"<html><body>" + b"<table><tr><td>" * 50_000 + b"</body></html>",
        "nested.docx": docx_of(WORD.format("<w:tbl><w:tr><w:tc>" * 20_000 + "</w:tc></w:tr></w:tbl>" * 20_000)),
        "nested.rtf": b"{\\rtf1 " + b"{" * 2_000_000,
        "nested.pdf": pdf_of([b"[" * 500_000]),
        "endless.pdf": endless_pages(),
        "bomb.pdf": page_bomb(),
        "one-line.txt": "政府信息公开工作年度报告".encode() * 800_000,
        "half.html": GOOD[: len(GOOD) // 2].decode("utf-8", "ignore").encode("gb18030") + GOOD[len(GOOD) // 2 :],
        "nothing.html": bytes(5_000_000),
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of harmful files beside one good report, and what came of it."""
    folder = tmp_path_factory.mktemp("hostile")
    secret = folder / "secret.txt"
    secret.write_text("泄露的秘密 SECRET", encoding="utf-8")
    raw = folder / "raw"
    raw.mkdir()
    for name, content in harmful(secret).items():
        (raw / name).write_bytes(content)
    (raw / "good.html").write_bytes(GOOD)
    build(raw, folder / "out", 2, limits=LIMITS)
    return raw, folder / "out"


def test_every_harmful_file_is_told_and_the_good_one_read(built: tuple[Path, Path]) -> None:
    raw, out = built
    reports, issues = frame(out, "reports.csv"), frame(out, "issues.csv")
    assert "good.html" in set(reports["source_path"])
    assert set(reports["source_path"]) | set(issues["source_path"]) == {path.name for path in raw.iterdir()}
    assert "reader_failed" not in set(issues["kind"]), issues[issues["kind"] == "reader_failed"][
        ["source_path", "message"]
    ].values.tolist()
    assert issues["message"].str.len().between(16, 500).all()


def test_no_harmful_file_had_to_be_stopped_from_outside(built: tuple[Path, Path]) -> None:
    """Readers bound themselves; the watchdog and the bound of memory are for what nobody has thought of."""
    issues = frame(built[1], "issues.csv")
    stopped = issues[issues["kind"] == "reading_broken_off"]
    assert stopped[["source_path", "message"]].values.tolist() == []


def test_nothing_from_outside_the_folder_is_published(built: tuple[Path, Path]) -> None:
    for path in built[1].rglob("*"):
        if path.is_file():
            assert b"SECRET" not in path.read_bytes(), path.name
    assert b"SECRET" not in b"".join(c for _, c in read_parts(built[1]))


def read_parts(out: Path) -> list[tuple[str, bytes]]:
    facts, grids = frame(out, "facts.parquet"), frame(out, "grids.parquet")
    return [("facts", facts.to_csv().encode()), ("grids", grids.to_csv().encode())]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes and links as POSIX has them")
def test_what_is_no_file_and_what_leads_out_is_refused_by_name(tmp_path: Path) -> None:
    raw, outside = tmp_path / "raw", tmp_path / "outside"
    (raw / "in").mkdir(parents=True)
    outside.mkdir()
    (outside / "report.html").write_bytes(page_of(OFFICES[1], 2022))
    (raw / "in" / "good.html").write_bytes(GOOD)
    (raw / "inner-link.html").symlink_to(raw / "in" / "good.html")
    (raw / "link.html").symlink_to(outside / "report.html")
    (raw / "dangling.html").symlink_to(raw / "nowhere")
    (raw / "ring").symlink_to(raw)
    (raw / "folder-link").symlink_to(outside)
    os.mkfifo(raw / "pipe.html")
    if Path("/dev/zero").exists():
        (raw / "device.html").symlink_to("/dev/zero")
    summary = build(raw, tmp_path / "out")
    told = frame(tmp_path / "out", "issues.csv").set_index("source_path")["kind"].to_dict()
    expected = {
        "link.html": "outside_raw_folder", "dangling.html": "cannot_open", "folder-link": "outside_raw_folder", "ring": "cannot_open",
        "pipe.html": "not_a_file", "device.html": "outside_raw_folder", "in/good.html": "same_bytes",
    }  # fmt: skip
    assert {path: told.get(path) for path in expected} == expected and summary.reports == 1
    assert build(raw, tmp_path / "out").unchanged


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not allow such names")
def test_names_with_formulas_quotes_newlines_and_no_encoding_are_published_unharmed(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    names = ["=1+1.html", "@x.html", "+cmd|' calc'!A0.html", 'quo"te,comma.html', "new\nline.html", "ret\rurn.html", "\tTab.html", "-8.html", "＝全角.html", "a'b.html", "bell\x07.html"]  # fmt: skip
    for number, name in enumerate(names):
        (raw / name).write_bytes(page_of(OFFICES[0], 2021, **{"permits.decisions": number}))
    undecodable = os.fsencode(raw) + b"/\xd1\xee.html"
    Path(os.fsdecode(undecodable)).write_bytes(page_of(OFFICES[1], 2021))
    (raw / "notes.txt").write_text("=HYPERLINK(1)", encoding="utf-8")
    summary = build(raw, tmp_path / "out", 2)
    assert summary.reports == len(names) + 1
    for path in (tmp_path / "out").glob("*.csv"):
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")):
            for cell in row:
                assert not cell.startswith(("=", "@", "\t", "\r", "\n", "＝", "＋", "＠")), (path.name, cell)
                assert (
                    not cell.startswith(("+", "-"))
                    or cell[1:].replace(".", "").replace(",", "").isdigit()
                    or cell in "+-"
                ), (path.name, cell)
                assert "\x07" not in cell
    reports = frame(tmp_path / "out", "reports.csv")
    assert {'quo"te,comma.html', "new\nline.html", "'=1+1.html", "\\xd1\\xee.html", "a'b.html"} <= set(
        reports["source_path"]
    )
    assert build(raw, tmp_path / "out").unchanged


def test_a_file_past_the_size_limit_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "good.html").write_bytes(GOOD)
    with (tmp_path / "raw" / "huge.pdf").open("wb") as file:
        file.truncate(5 * 2**30)
    build(tmp_path / "raw", tmp_path / "out")
    assert frame(tmp_path / "out", "issues.csv").set_index("source_path").loc["huge.pdf", "kind"] == "too_large"


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("=1+1", "'=1+1"), ("-8", "-8"), ("+19", "+19"), ("-8,000.5", "-8,000.5"), ("-8+cmd", "'-8+cmd"), ("@a", "'@a"), ("\n=1", "'\n=1"),
        ("plain", "plain"), ("", ""), (None, None), ("a\x00b", "a\ufffdb"), ("\x01=1", "\ufffd=1"), ("＝1", "'＝1"), ("a=1", "a=1"),
    ],
)  # fmt: skip
def test_cells_that_a_spreadsheet_would_run_are_made_harmless(text: str | None, published: str | None) -> None:
    assert harmless(pa.array(["first", text], pa.string())).to_pylist()[1] == published
