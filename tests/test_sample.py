"""The sample city: sums that close, mistakes where the truth says so, the same report in every kind, names that no
place bears."""

from __future__ import annotations

import csv
import filecmp
import io
import random
import re
import zipfile
from collections import Counter
from collections.abc import Iterable
from html import unescape
from importlib.resources import files
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from fontTools.ttLib import TTFont

from sample import __main__ as command
from sample import cells, city, hands, kinds, knowledge, page, panel, places, plants, truth, wordings
from sample.report import FICTION

YEARS = range(2019, 2026)
HELD_OUT = Path(__file__).parent.parent / "benchmarks" / "held_out_wordings.csv"


@pytest.fixture(scope="module")
def clean() -> city.City:
    """A city of 60 offices without planted mistakes."""
    return city.city(60, YEARS, 7, {})


def test_forms_have_200_and_198_cells() -> None:
    assert len(cells.codes("2021", "2021")) == 200
    assert len(cells.codes("2019", "2019")) == 198


def test_no_real_place_bears_the_names() -> None:
    """No office, district, city or province of the sample stands anywhere in the gazetteer, not even inside a
    longer name."""
    reference = files("extract").joinpath("reference")
    real = "".join(
        reference.joinpath(name).read_text(encoding="utf-8-sig") for name in ("offices.csv", "divisions.csv")
    )
    invented = places.stems() + [name[:-1] for name in (*places.districts(80), places.CITY, places.PROVINCE)]
    assert [name for name in invented if name in real] == []
    assert len(set(places.stems())) == len(places.stems())


@pytest.mark.parametrize("form", cells.FORMS)
def test_identities_hold_in_every_report(clean: city.City, form: str) -> None:
    """A01 to A04 within the report, D01 and D02 between years, at every office and year of a city without mistakes."""
    column = clean.panel.column
    for row in (*cells.FRAME_ROWS, *cells.result_rows(form)):
        parts = sum(column(f"applications.{row}.{applicant}") for applicant in cells.APPLICANTS)
        assert (parts == column(f"applications.{row}.total")).all(), row
    for applicant in (*cells.APPLICANTS, "total"):
        of = {row: column(f"applications.{row}.{applicant}") for row in cells.FRAME_ROWS}
        results = sum(column(f"applications.{row}.{applicant}") for row in cells.result_rows(form))
        assert (results == of["results_total"]).all()
        assert (of["received"] + of["carried_in"] == of["results_total"] + of["carried_forward"]).all()
        assert (of["carried_in"][:, 1:] == of["carried_forward"][:, :-1]).all()
    for channel in cells.CHANNELS:
        outcomes = sum(column(f"appeals.{channel}.{outcome}") for outcome in cells.OUTCOMES)
        assert (outcomes == column(f"appeals.{channel}.total")).all()
    stock = {name: column(f"normative_documents.{name}") for name in ("issued", "repealed", "effective")}
    assert (
        stock["effective"][:, 1:] == stock["effective"][:, :-1] + stock["issued"][:, 1:] - stock["repealed"][:, 1:]
    ).all()


def test_the_city_is_as_uneven_as_real_ones() -> None:
    """Zeros and means of 300 offices over three seeds stay near what published reports show."""
    cities = [panel.simulate(300, YEARS, seed) for seed in (11, 12, 13)]
    applications = np.concatenate([made.column("applications.received.total").ravel() for made in cities])
    permits = np.concatenate([made.column("permits.decisions").ravel() for made in cities])
    assert 0.26 < (applications == 0).mean() < 0.37
    assert 3.5 < applications.mean() < 5.2
    assert 0.09 < (applications >= 10).mean() < 0.17
    assert 0.48 < (permits == 0).mean() < 0.64


@pytest.mark.parametrize("kind", sorted(plants.PLANTERS))
def test_every_mistake_can_be_planted_and_stays_in_its_place(kind: str) -> None:
    """Five mistakes of one kind change five reports and nothing else that is printed (a wrong stock is carried on,
    as it would be)."""
    before, after = city.city(200, YEARS, 21, {}), city.city(200, YEARS, 21, {kind: 5})
    assert Counter(mistake.kind for mistake in after.planted) == {kind: 5}
    at = {(mistake.office, mistake.year - YEARS[0]) for mistake in after.planted}
    changed = set()
    for name in ("figures", "proactive", "published", "title_year", "dropped", "prose"):
        differs = getattr(before.panel, name) != getattr(after.panel, name)
        changed |= {(int(place[0]), int(place[1])) for place in np.argwhere(differs)}
    for quantity, stated in before.panel.stated.items():
        differs = ~np.isclose(stated, after.panel.stated[quantity], equal_nan=True)
        changed |= {(int(place[0]), int(place[1])) for place in np.argwhere(differs)}
    assert at <= changed
    if kind != "stock":
        assert changed == at


def test_mistakes_change_the_cells_they_name() -> None:
    made = city.city(
        120, YEARS, 5, {"row_sum": 5, "flow": 5, "unit": 5, "spike": 5, "transposition": 5, "share": 5, "appeal": 5}
    )
    for mistake in made.planted:
        year = mistake.year - YEARS[0]
        named = [cells.position()[code] for code in mistake.cells]
        changed = np.flatnonzero(made.panel.figures[mistake.office, year] != made.true_figures[mistake.office, year])
        assert sorted(named) == changed.tolist(), mistake


def test_no_report_carries_two_mistakes() -> None:
    made = city.city(100, YEARS, 3, dict.fromkeys(plants.PLANTERS, 10))
    places_used = [(mistake.office, mistake.year) for mistake in made.planted]
    assert len(places_used) == len(set(places_used))


def _numbers(written: str) -> list[str]:
    return re.findall(r"[-+]?\d+(?:\.\d+)?", written)


def _plain_text(data: bytes, hand: hands.Hand) -> str:
    """The characters of a document without markup, scripts and white space."""
    charset = hand.charset.partition(" ")[0]
    text = data.decode("utf-8-sig" if charset == "utf-8" else charset)
    text = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]*>", "", text)))


@pytest.mark.parametrize("kind", ["html", "html-ugly", "text"])
def test_every_kind_says_the_same(clean: city.City, kind: str) -> None:
    """Every sentence and every table of the laid-out page stands in the document, in order, whatever the kind puts
    around it."""
    for number, (report, hand) in enumerate(city.reports(clean)):
        if number % 7:
            continue
        laid = page.lay_out(report, hand)
        charset = hands.Hand(charset="utf-8") if kind == "html" else hand
        text = _plain_text(kinds.write(laid, kind), charset).replace("|", "")
        at = 0
        for block in laid.blocks:
            said = (
                block.text
                if isinstance(block, page.Paragraph)
                else "".join(box.text for row in block.rows for box in row)
            )
            said = re.sub(r"\s+", "", said)
            place = text.find(said, at)
            assert place >= 0, (report.office.name, report.year, said[:80])
            at = place + len(said)


def test_every_kind_is_the_same_twice(clean: city.City) -> None:
    """A report gives the same bytes whenever it is written, in every kind that can be written here."""
    report, hand = next(city.reports(clean))
    for kind in kinds.KINDS:
        if kinds.installed(kind):
            assert kinds.render(report, kind.name, hand) == kinds.render(report, kind.name, hand), kind.name


def _joined(texts: Iterable[str]) -> str:
    return re.sub(r"\s+", "", "".join(texts))


def _said(laid: page.Page) -> list[str]:
    """What the page says, block by block, without white space."""
    return [
        _joined([block.text] if isinstance(block, page.Paragraph) else [box.text for row in block.rows for box in row])
        for block in laid.blocks
    ]


@pytest.mark.parametrize("kind", ["docx", "doc"])
def test_word_files_hold_every_block(clean: city.City, kind: str, tmp_path: Path) -> None:
    """Read back by a library that knows nothing of the sample: every paragraph and every table, deleted text left out."""
    doc2docx = pytest.importorskip("doc2docx")
    for number, (report, hand) in enumerate(city.reports(clean)):
        if number % 60:
            continue
        laid = page.lay_out(report, hand)
        data = kinds.write(laid, kind)
        if kind == "doc":
            (tmp_path / "a.doc").write_bytes(data)
            doc2docx.convert(tmp_path / "a.doc", tmp_path / "a.docx")
            data = (tmp_path / "a.docx").read_bytes()
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            document = archive.read("word/document.xml").decode()
        document = re.sub(r"<mc:Fallback>.*?</mc:Fallback>|<w:delText.*?</w:delText>", "", document, flags=re.DOTALL)
        text = _joined(unescape(one) for one in re.findall(r"<w:t(?: [^>]*)?>(.*?)</w:t>", document, flags=re.DOTALL))
        assert text == "".join(_said(laid))


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_workbooks_hold_every_block(clean: city.City, kind: str) -> None:
    calamine = pytest.importorskip("python_calamine")
    for number, (report, hand) in enumerate(city.reports(clean)):
        if number % 60 or hand.full_width or hand.thousands:
            continue
        laid = page.lay_out(report, hand)
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(kinds.write(laid, kind)))
        cells_read = [
            cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row
        ]
        text = _joined(f"{cell:.10g}" if isinstance(cell, float) else str(cell) for cell in cells_read)
        assert text == "".join(_said(laid))


def test_pdf_prints_every_character(clean: city.City) -> None:
    """The text layer holds every character of the report as often as the page says it, page numbers aside."""
    pytest.importorskip("reportlab")
    for number, (report, hand) in enumerate(city.reports(clean)):
        if number % 60:
            continue
        laid = page.lay_out(report, hand)
        document = pdfium.PdfDocument(kinds.write(laid, "pdf"))
        text = _joined(document[at].get_textpage().get_text_bounded() for at in range(len(document)))
        missing = Counter("".join(_said(laid))) - Counter(text)
        assert not missing


def test_every_typeface_has_every_character(clean: city.City) -> None:
    """Nothing in any report lacks a glyph: place names, people, prose and the labels of both forms."""
    faces = [TTFont(str(path)) for path in files("sample").joinpath("fonts").iterdir() if path.name.endswith(".ttf")]
    known = set.intersection(*(set(face.getBestCmap()) for face in faces))
    used = set("".join(places.stems() + places.districts(80)))
    for report, hand in city.reports(clean):
        used |= set("".join(_said(page.lay_out(report, hand))))
    assert len(faces) == 3
    assert sorted(character for character in used if ord(character) not in known) == []


def test_pictures_are_pictures(clean: city.City) -> None:
    pytest.importorskip("reportlab")
    report, hand = next(city.reports(clean))
    assert kinds.render(report, "picture", hand)[:3] == b"\xff\xd8\xff"
    document = pdfium.PdfDocument(kinds.render(report, "scan-photocopy", hand))
    assert len(document) >= 2
    assert all(document[at].get_textpage().count_chars() == 0 for at in range(len(document)))


def test_cells_are_printed_as_the_truth_says(clean: city.City) -> None:
    """The values of the laid-out tables are the entries of the truth, cell by cell, and digits mean the figure."""
    for report, hand in city.reports(clean):
        laid = page.lay_out(report, hand)
        values = [
            box.text
            for block in laid.blocks
            if isinstance(block, page.Table)
            for row in block.rows
            for box in row
            if box.role == "value"
        ]
        assert Counter(values) == Counter(laid.cells[code].text for code in report.codes())
        for code, entry in laid.cells.items():
            if entry.state == "reported" and code != "procurement.amount":
                assert float(entry.printed) == pytest.approx(report.figures[code])
            elif entry.state != "reported":
                assert report.figures[code] == 0


def test_stated_figures_stand_in_their_sentences(clean: city.City) -> None:
    counted = 0
    for report, hand in city.reports(clean):
        laid = page.lay_out(report, hand)
        prose = "".join(block.text for block in laid.blocks if isinstance(block, page.Paragraph))
        for figure in laid.stated:
            assert figure.sentence in prose
            if figure.unit and not hand.chinese_numerals:
                assert f"{abs(figure.value):.12g}" in _numbers(figure.sentence), figure
                counted += 1
    assert counted > 300


def test_every_whole_sentence_is_told_somewhere_and_states_known_quantities(clean: city.City) -> None:
    """Each row of wordings.csv fits some report of the city; what it states is a quantity of the reader's table; none is held out too."""
    table = files("extract").joinpath("reference/quantities.csv").read_text(encoding="utf-8")
    known = {row["quantity"] for row in csv.DictReader(table.splitlines())}
    known_reports = [knowledge.Knowledge(report) for report, _ in city.reports(clean)]
    for topic, rows in wordings.wordings().items():
        for row in rows:
            assert set(wordings.names(row)) <= known, row
            assert any(wordings.choose((row,), one.value, random.Random(1)) for one in known_reports), (topic, row)
    held_out = {row.text for rows in wordings.wordings(HELD_OUT).values() for row in rows}
    assert held_out and not held_out & {row.text for rows in wordings.wordings().values() for row in rows}


def test_parts_told_in_one_sentence_add_up(clean: city.City) -> None:
    """Channels of one whole sentence add up to the items it tells, unless it says that the rest is elsewhere."""
    told = 0
    for report, hand in city.reports(clean):
        figures = [one for one in page.lay_out(report, hand).stated if one.unit != "%" and not one.qualifier]
        for whole in (one for one in figures if one.quantity == "items_disclosed"):
            parts = [
                one.value
                for one in figures
                if one.quantity.startswith("items_disclosed.") and one.sentence == whole.sentence
            ]
            assert sum(parts) <= whole.value
            told += len(parts) > 1 and sum(parts) == whole.value
    assert told > 8


def test_same_seed_same_bytes_another_seed_others(tmp_path: Path) -> None:
    for folder, seed in (("a", "4"), ("b", "4"), ("c", "5")):
        assert command.main([str(tmp_path / folder), "--offices", "6", "--years", "2019-2022", "--seed", seed]) == 0
    names = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*.*"))
    assert len(names) > 20
    assert all(filecmp.cmp(tmp_path / "a" / name, tmp_path / "b" / name, shallow=False) for name in names)
    same = [
        name
        for name in names
        if (tmp_path / "c" / name).exists() and filecmp.cmp(tmp_path / "a" / name, tmp_path / "c" / name, shallow=False)
    ]
    assert same == []


def test_a_large_city_has_one_scan_of_each_kind(clean: city.City) -> None:
    """One for every 80 documents, of offices that are all different; a small city has none."""
    few = city.scanned(clean, kinds.FEW)
    assert sorted(few.values()) == sorted(kinds.FEW)
    offices = {office for office, _ in few}
    assert len(offices) == len(few)
    published = {(report.office.number, report.year) for report, _ in city.reports(clean)}
    assert set(few) <= published
    assert city.scanned(city.city(8, YEARS, 7, {}), kinds.FEW) == {}


def test_truth_covers_every_document(tmp_path: Path) -> None:
    wish = ["--offices", "8", "--seed", "2", "--plants", "row_sum=2,late=3", "--kinds", "html,html-ugly,text"]
    assert command.main([str(tmp_path), *wish]) == 0
    book = {
        name: list(csv.DictReader((tmp_path / truth.FOLDER / name).open(encoding="utf-8-sig")))
        for name in truth.COLUMNS
    }
    documents = {row["path"]: row for row in book["documents.csv"]}
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("district-*/*/*.*")}
    assert set(documents) == written
    assert Counter(row["kind"] for row in book["planted.csv"]) == {"row_sum": 2, "late": 3}
    per_document = Counter(row["path"] for row in book["cells.csv"])
    assert set(per_document) == written
    for path, row in documents.items():
        proactive = len(cells.proactive_codes(row["form_proactive"]))
        applications = len(cells.application_codes(row["form_applications"]))
        appeals = 0 if row["missing_section"] == "4" else 15
        assert per_document[path] in (proactive + applications + appeals, applications + appeals)
    fiction = re.sub(r"\s", "", FICTION)
    for path, row in documents.items():
        data = (tmp_path / path).read_bytes()
        assert any(fiction in re.sub(r"\s", "", data.decode(charset, "replace")) for charset in ("utf-8", "gb18030")), (
            row
        )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--years", "2025-2019"], "--years"),
        (["--years", "soon"], "--years"),
        (["--kinds", "papyrus"], "papyrus"),
        (["--plants", "gremlin=3"], "gremlin"),
        (["--plants", "row_sum=many"], "row_sum"),
        (["--offices", "0"], "--offices"),
    ],
)
def test_impossible_wishes_get_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert command.main([str(tmp_path / "city"), *arguments]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1
    assert not (tmp_path / "city").exists()


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    assert command.main([str(tmp_path), "--offices", "2"]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
