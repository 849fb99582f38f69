"""Each check beyond the first: where it fires, where it holds, where it cannot tell."""

from __future__ import annotations

import math
from pathlib import Path

import compare_city
import numpy as np
import pandas as pd
import pytest

from compare import flags, panel, rules

STATED = {"section": 1, "proof": "agreed", "page": 1, "row": 1}


def loaded_city(folder: Path, cells: compare_city.City, **how: object) -> panel.Panel:
    """A city published and loaded."""
    return panel.load(compare_city.publish(folder / "processed", cells, **how))  # type: ignore[arg-type]


def failures(loaded: panel.Panel, check: str) -> set[tuple[str, str]]:
    """(report_id, instance) of the failures of one check."""
    found = rules.run(loaded, [check])
    failing = found[found["status"] == rules.FAIL]
    return set(zip(failing["report_id"], failing["instance"], strict=True))


def status(loaded: panel.Panel, check: str, office: int, year: int, instance: str) -> str:
    """What a check says of one instance."""
    found = rules.run(loaded, [check])
    mine = (found["report_id"] == compare_city.report_id(office, year)) & (found["instance"] == instance)
    return str(found.loc[mine, "status"].squeeze())


def told(
    office: int, year: int, quantity: str, value: float, sentence: str = "", unit: str = "件", qualifier: str = ""
) -> dict[str, object]:
    """A row of stated.csv."""
    rid = compare_city.report_id(office, year)
    return {
        **STATED,
        "report_id": rid,
        "year": year,
        "quantity": quantity,
        "value": value,
        "sentence": sentence,
        "unit": unit,
        "qualifier": qualifier or None,
    }


def sections(folder: Path, texts: dict[tuple[int, int], dict[int, str]]) -> None:
    """Write sections.csv: (office, year) → section → text."""
    rows = [
        {"report_id": compare_city.report_id(*key), "section": number, "title": "", "text": text}
        for key, parts in texts.items()
        for number, text in parts.items()
    ]
    pd.DataFrame(rows).to_csv(folder / "processed" / "sections.csv", index=False, encoding="utf-8-sig")


def test_every_check_of_the_catalogue_is_there() -> None:
    wanted = {f"A{n:02}" for n in range(1, 7)} | {f"B{n:02}" for n in range(1, 10)} | {f"C{n:02}" for n in range(1, 9)}
    wanted |= {f"D{n:02}" for n in range(1, 11)} | {f"E{n:02}" for n in range(1, 8)}
    assert set(rules.REGISTRY) == wanted
    for rule in rules.REGISTRY.values():
        text = rule.assess.__doc__ or ""
        assert text.startswith(f"{rule.check}:") and "False positives" in text and rule.source, rule.check


def test_every_rule_assesses_a_panel_of_one_report_and_of_none_to_compare(tmp_path: Path) -> None:
    cells = {(0, 2023): compare_city.city(1)[0, 2023]}
    loaded = loaded_city(tmp_path, cells)
    assessments = flags.assess(loaded)
    assert set(assessments.counts["status"]) <= {rules.PASS, rules.NOT_ASSESSABLE} and assessments.failures.empty
    assert flags.make(loaded, assessments).empty


def test_a06_items_in_place_of_decisions(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    cells[0, 2020] |= {"permits.previous_items": 21.0, "permits.change": 19.0, "permits.decisions": 40.0}
    many = cells[1, 2020]["permits.decisions"]
    cells[1, 2020] |= {"permits.previous_items": many, "permits.change": 0.0}  # a coincidence: as many as ever
    cells[2, 2019] |= {"normative_documents.total_public": 2.0, "normative_documents.newly_public": 5.0}
    loaded = loaded_city(tmp_path, cells)
    assert failures(loaded, "A06") == {
        (compare_city.report_id(0, 2020), "permits"),
        (compare_city.report_id(2, 2019), "normative_documents"),
    }
    assert status(loaded, "A06", 0, 2022, "permits") == rules.NOT_ASSESSABLE
    assert (compare_city.report_id(0, 2020), "permits") not in failures(loaded, "D05") | failures(loaded, "D06")


def test_b02_and_b06(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    answered = {o: cells[o, 2023]["applications.results_total.total"] for o in range(8)}
    granted = cells[1, 2023]["applications.granted.total"]
    stated = [
        told(0, 2023, "applications_answered", answered[0]),
        told(1, 2023, "applications_granted", granted + 1),
        told(2, 2023, "applications_answered", answered[2] + 3),
        told(3, 2023, "applications_received", 0, "没有收到申请。"),
        told(4, 2023, "applications_received", cells[4, 2023]["applications.received.total"]),
        told(4, 2023, "applications_received", 0, "其中信函0件。"),
        told(5, 2023, "reconsiderations", 0, "无行政复议。"),
    ]
    loaded = loaded_city(tmp_path, cells, stated=stated)
    assert failures(loaded, "B02") == {
        (compare_city.report_id(1, 2023), "applications_granted"),
        (compare_city.report_id(2, 2023), "applications_answered"),
    }
    assert {r for r, _ in failures(loaded, "B06")} == {compare_city.report_id(o, 2023) for o in (3, 5)}
    assert failures(loaded, "B01") == set()


def test_a_doubtful_sentence_is_for_analysts(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    stated = [told(3, 2023, "reconsiderations", 9) | {"proof": proof} for proof in ("disputed",)]
    found = flags.make(loaded_city(tmp_path, cells, stated=stated))
    assert list(found.loc[found["check"] == "B03", "tier"]) == ["reading-doubtful"]


def test_b04_parts(tmp_path: Path) -> None:
    def items(office: int, whole: float, parts: dict[str, float]) -> list[dict[str, object]]:
        sentence = f"公开{whole:.0f}条。"
        rows = [told(office, 2023, "items_disclosed", whole, sentence, "条")]
        return rows + [told(office, 2023, f"items_disclosed.{k}", v, sentence, "条") for k, v in parts.items()]

    stated = items(0, 286, {"website": 160, "wechat": 120})  # less than the whole: the rest is not told
    stated += items(1, 286, {"website": 160, "other": 120})  # the rest is told as 其他
    stated += items(2, 280, {"website": 160, "wechat": 120}) + items(3, 200, {"website": 160, "wechat": 120})
    stated += items(4, 400, {"website": 160, "wechat": 120})  # a third of it is not told: nobody says that all is
    loaded = loaded_city(tmp_path, compare_city.city(8), stated=stated)
    found = rules.run(loaded, ["B04"])
    failing = found[found["status"] == rules.FAIL].set_index("report_id")["severity"]
    assert failing.to_dict() == {
        compare_city.report_id(0, 2023): "S3",
        compare_city.report_id(1, 2023): "S2",
        compare_city.report_id(3, 2023): "S2",
    }


def test_rough_parts_close_no_sum_and_rough_figures_are_held_to_nothing(tmp_path: Path) -> None:
    """B04 with one part of 余; B01, B06 and B07 with figures that the text only gives roughly, of all years, or as a range."""
    sentence = "公开200条，其中网站120余条，微信50条，其他30条。"
    stated = [told(0, 2023, "items_disclosed", 200, sentence, "条")]
    stated += [told(0, 2023, "items_disclosed.website", 120, sentence, "条", "approximate")]
    stated += [
        told(0, 2023, f"items_disclosed.{name}", n, sentence, "条") for name, n in (("wechat", 50), ("other", 30))
    ]
    cells = compare_city.city(8)
    cells[1, 2023]["applications.received.total"] = 23.0
    stated += [told(1, 2023, "applications_received", 20, "收到申请20余件。", qualifier="approximate")]
    stated += [told(1, 2023, "applications_received", 0, "网上申请0件。")]
    stated += [told(2, 2023, "permits", 99999, "历年累计99999件。", qualifier="cumulative")]
    stated += [told(3, 2023, "penalties", 99990, "99990至99999件。", qualifier="range 99990-99999")]
    loaded = loaded_city(tmp_path, cells, stated=stated)
    assert {check: failures(loaded, check) for check in ("B01", "B04", "B06", "B07")} == {
        "B01": set(), "B04": set(), "B06": set(), "B07": set(),
    }  # fmt: skip


def test_b05_whole_percents_are_rounded(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    for office in (0, 1):
        cells[office, 2023]["applications.received.total"] = 691.0
        cells[office, 2022]["applications.received.total"] = 588.0  # +17.52 %
    stated = [told(0, 2023, "applications_received.change_percent", 18, unit="%")]
    stated += [told(1, 2023, "applications_received.change_percent", 19, unit="%")]
    loaded = loaded_city(tmp_path, cells, stated=stated)
    assert {r for r, _ in failures(loaded, "B05")} == {compare_city.report_id(1, 2023)}


def test_b05_change(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    for office, now in ((0, 691.0), (1, 691.0)):
        cells[office, 2023]["applications.received.total"] = now
        cells[office, 2022]["applications.received.total"] = 588.0
    stated = [told(0, 2023, "applications_received.change_percent", 17.52, unit="%")]
    stated += [told(1, 2023, "applications_received.change_percent", 27.52, unit="%")]
    stated += [told(2, 2019, "applications_received.change_percent", 5, unit="%")]
    loaded = loaded_city(tmp_path, cells, stated=stated)
    assert {r for r, _ in failures(loaded, "B05")} == {compare_city.report_id(1, 2023)}
    assert status(loaded, "B05", 2, 2019, "applications_received") == rules.NOT_ASSESSABLE


def test_b07_decisions_and_money(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    permits = cells[0, 2023]["permits.decisions"]
    stated = [told(0, 2023, "permits", permits), told(1, 2023, "permits", 1.0)]
    stated += [told(2, 2023, "fees", 12500, unit="元"), told(3, 2023, "fees", 12500, unit="万元")]
    loaded = loaded_city(tmp_path, cells, stated=stated)
    assert failures(loaded, "B07") == {
        (compare_city.report_id(1, 2023), "permits"),
        (compare_city.report_id(3, 2023), "fees"),
    }


def test_b08_fees_for_information(tmp_path: Path) -> None:
    stated = [told(0, 2023, "information_fees", 0, unit="元"), told(1, 2023, "information_fees", 50000, unit="元")]
    loaded = loaded_city(tmp_path, compare_city.city(8), stated=stated)
    assert {r for r, _ in failures(loaded, "B08")} == {compare_city.report_id(1, 2023)}


@pytest.mark.parametrize(
    ("signed", "same"),
    [("虚构西区人民政府虚构甲街道办事处", True), ("虚构甲街道", True), ("虚构丁街道办事处", False), ("", None)],
)
def test_b09_signature(signed: str, same: bool | None, tmp_path: Path) -> None:
    loaded = loaded_city(tmp_path, compare_city.city(2), report=lambda row: row | {"signed_by": signed})
    wanted = rules.NOT_ASSESSABLE if same is None else rules.PASS if same else rules.FAIL
    assert status(loaded, "B09", 0, 2023, "signature") == wanted


LONG = "".join(chr(0x4E00 + (i * 7919) % 4000) for i in range(700))
OTHER = "".join(chr(0x4E00 + (i * 104729 + 13) % 4000) for i in range(700))


def test_c04_c08_sections(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    loaded_city(tmp_path, cells)
    whole = dict.fromkeys(range(7), LONG[:100])
    without = {n: text for n, text in whole.items() if n != 4}
    few = whole | {1: "（一）甲。" + LONG[:400] + "\n（二）乙。", 5: "无。"}
    sections(tmp_path, {(0, 2023): whole, (1, 2023): without, (2, 2023): few, (3, 2023): whole | {5: ""}})
    loaded = panel.load(tmp_path / "processed")
    assert failures(loaded, "C04") == {
        (compare_city.report_id(1, 2023), "section_4"),
        (compare_city.report_id(2, 2023), "parts"),
    }
    assert status(loaded, "C04", 4, 2023, "section_4") == rules.NOT_ASSESSABLE
    assert failures(loaded, "C08") == {(compare_city.report_id(2, 2023), "section_5")}
    assert status(loaded, "C08", 3, 2023, "section_5") == rules.NOT_ASSESSABLE


def test_c05_missing_table_and_habit_of_blanks(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    for year in (2021, 2022, 2023):
        for applicant in ("research", "other"):
            cells[0, year][f"applications.received.{applicant}"] = math.nan
    gone = compare_city.report_id(1, 2022)
    loaded = loaded_city(
        tmp_path, cells, report=lambda row: row | ({"form_appeals": ""} if row["report_id"] == gone else {})
    )
    assert failures(loaded, "C05") == {(gone, "appeals"), (compare_city.report_id(0, 2023), "blanks")}
    found = flags.make(loaded)
    assert "3 of its reports" in found.loc[found["report_id"] == compare_city.report_id(0, 2023), "message_en"].iloc[0]


def test_c07_two_documents_of_one_year(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    out = compare_city.publish(tmp_path / "processed", cells)
    reports, facts = (
        pd.read_csv(out / "reports.csv", encoding="utf-8-sig", dtype=str),
        pd.read_parquet(out / "facts.parquet"),
    )
    for office, changed in ((0, 3.0), (1, 0.0)):
        mine = compare_city.report_id(office, 2022)
        other = mine.replace("abcdef", "fedcba")
        again = reports[reports["report_id"] == mine].assign(
            report_id=other, is_primary="false", source_path="old.html"
        )
        copied = facts[facts["report_id"] == mine].assign(report_id=other)
        copied.loc[copied["cell"] == "permits.decisions", "value"] += changed
        reports, facts = pd.concat([reports, again]), pd.concat([facts, copied], ignore_index=True)
    reports.to_csv(out / "reports.csv", index=False, encoding="utf-8-sig")
    facts.to_parquet(out / "facts.parquet")
    loaded = panel.load(out)
    assert failures(loaded, "C07") == {(compare_city.report_id(0, 2022), "versions")}
    assert status(loaded, "C07", 1, 2022, "versions") == rules.PASS
    assert status(loaded, "C07", 2, 2022, "versions") == rules.NOT_ASSESSABLE


def test_d01_is_graded(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    for applicant in ("natural_person", "total"):
        cells[0, 2023][f"applications.carried_in.{applicant}"] += 2
        cells[0, 2023][f"applications.received.{applicant}"] -= 2
    cells[1, 2023]["applications.carried_in.natural_person"] += 1
    cells[1, 2023]["applications.carried_in.business"] -= 1
    cells[1, 2023]["applications.received.natural_person"] -= 1
    cells[1, 2023]["applications.received.business"] += 1
    cells[2, 2023]["applications.carried_in.natural_person"] += 4  # and its own flow breaks by it
    cells[2, 2023]["applications.carried_in.total"] += 4
    found = rules.run(loaded_city(tmp_path, cells), ["D01"])
    grades = (
        found[found["status"] == rules.FAIL].groupby("report_id")["severity"].agg(lambda s: "/".join(sorted(set(s))))
    )
    assert grades.to_dict() == {
        compare_city.report_id(0, 2023): "S1",
        compare_city.report_id(1, 2023): "S3",
        compare_city.report_id(2, 2023): "S2",
    }


def test_d01_a_wholly_blank_row_means_none_only_where_the_flow_says_so(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    for office in (0, 1):
        forward = cells[office, 2022]["applications.carried_forward.natural_person"]
        for applicant in (*compare_city.APPLICANTS, "total"):
            cells[office, 2022][f"applications.carried_forward.{applicant}"] = math.nan
        for applicant in ("natural_person", "total"):  # everything was decided
            for row in ("granted", "results_total"):
                cells[office, 2022][f"applications.{row}.{applicant}"] += forward
        for applicant in ("natural_person", "total"):
            cells[office, 2023][f"applications.received.{applicant}"] += (
                cells[office, 2023][f"applications.carried_in.{applicant}"] - 2
            )
            cells[office, 2023][f"applications.carried_in.{applicant}"] = 2.0
    cells[1, 2022]["applications.received.total"] = math.nan
    found = rules.run(loaded_city(tmp_path, cells), ["D01"])
    failing = found[(found["status"] == rules.FAIL)]
    assert set(zip(failing["report_id"], failing["severity"], strict=True)) == {(compare_city.report_id(0, 2023), "S2")}


def test_d04_and_e03_likeness(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    loaded_city(tmp_path, cells)
    text = {1: LONG, 5: LONG[300:500], 6: ""}
    twin = {1: OTHER, 5: OTHER[200:420], 6: ""}
    sections(tmp_path, {
        (0, 2022): text,
        (0, 2023): {1: LONG.replace(LONG[10], "5，6"), 5: LONG[300:500], 6: ""},
        (1, 2022): twin,
        (2, 2023): twin | {5: OTHER[200:400]},
        (1, 2023): {1: LONG[::-1], 5: LONG[::-2], 6: ""},
    })  # fmt: skip
    loaded = panel.load(tmp_path / "processed")
    assert {r for r, i in failures(loaded, "D04") if i == "prose"} == {compare_city.report_id(0, 2023)}
    assert failures(loaded, "E03") == {(compare_city.report_id(2, 2023), "prose")}
    found = flags.make(loaded)
    assert set(found.loc[found["check"].isin(["D04", "E03"]), "tier"]) == {"review"}
    assert "虚构乙街道2022年" in found.loc[found["check"] == "E03", "message_zh"].iloc[0]


def test_d05_fees_in_yuan(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    cells[0, 2024]["fees.amount"] = 12500.0
    assert failures(loaded_city(tmp_path, cells), "D05") == {(compare_city.report_id(0, 2024), "fees")}


def test_d07_zero_between_and_a_district_that_begins(tmp_path: Path) -> None:
    cells = compare_city.city(12)
    cells[7, 2023]["permits.decisions"] = 0.0
    for values in cells.values():
        values["penalties.decisions"] += 60
    for office in range(6):  # the whole of the first district is given its powers in 2022
        for year in (2019, 2020, 2021):
            cells[office, year]["penalties.decisions"] = 0.0
    loaded = loaded_city(tmp_path, cells)
    zeros = failures(loaded, "D07")
    assert (compare_city.report_id(7, 2023), "permits") in zeros
    assert {(compare_city.report_id(o, 2021), "penalties") for o in range(6)} <= zeros
    found = flags.make(loaded)
    notes = found[found["check"] == "D07"]
    assert len(notes) == 2 and set(notes["tier"]) == {"look"}
    note = notes[notes["office_id"] == ""].squeeze()
    assert note["district_zh"] and "6 of 6 offices" in note["message_en"] and len(note["fact_ids"].split()) == 6


def test_d08_swapped_digits(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    cells = compare_city.city(12)
    for (office, _), values in cells.items():
        values["permits.decisions"] = float(round((2800 + 100 * office) * rng.lognormal(0, 0.01)))
    cells[3, 2023]["permits.decisions"] = 1310.0  # 3110
    loaded = loaded_city(tmp_path, cells)
    assert failures(loaded, "D08") == {(compare_city.report_id(3, 2023), "permits")}


def test_d09_d10_appeals(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    for outcome in (*compare_city.OUTCOMES, "total"):
        cells[0, 2023][f"appeals.reconsideration.{outcome}"] = 0.0
        for office in range(8):
            for year in range(2019, 2026):
                cells[office, year][f"appeals.litigation_direct.{outcome}"] = 0.0
    for year in (2023, 2024):
        for row in ("unavailable.not_held", "granted"):
            cells[1, year][f"applications.{row}.total"] = 0.0
        cells[1, year] |= {"applications.refused.state_secret.total": 2.0, "appeals.litigation_direct.total": 1.0}
    loaded = loaded_city(tmp_path, cells)
    assert (compare_city.report_id(0, 2023), "reconsideration") in failures(loaded, "D09")
    assert failures(loaded, "D10") == {(compare_city.report_id(1, 2024), "litigation_direct")}


def test_e01_e02_shares(tmp_path: Path) -> None:
    cells = compare_city.city(24)
    collapsed = cells[5, 2023]
    for row in ("granted", "partly_granted"):
        collapsed["applications.unavailable.not_held.total"] += collapsed[f"applications.{row}.total"]
        collapsed[f"applications.{row}.total"] = 0.0
    loaded = loaded_city(tmp_path, cells)
    mine = (compare_city.report_id(5, 2023), "disclosure")
    assert mine in failures(loaded, "E01") and failures(loaded, "E02") == {mine}
    found = flags.make(loaded)
    assert list(found.loc[(found["report_id"] == mine[0]) & (found["check"] == "E02"), "tier"]) == ["priority"]
    assert not ((found["report_id"] == mine[0]) & (found["check"] == "E01")).any()  # E02 speaks for it


def test_e04_streets_and_their_district(tmp_path: Path) -> None:
    cells = compare_city.city(6)
    governing = {compare_city.report_id(5, year): {"level": "district"} for year in range(2019, 2026)}
    for year in range(2019, 2026):
        cells[5, year]["permits.decisions"] = 1_000_000.0 if year != 2022 else 10.0
        cells[5, year]["penalties.decisions"] = 1_000_000.0
        cells[5, year]["applications.received.total"] = 1_000_000.0
    loaded = loaded_city(tmp_path, cells, report=lambda row: row | governing.get(row["report_id"], {}))
    assert failures(loaded, "E04") == {(compare_city.report_id(5, 2022), "permits")}


def test_e05_twins(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    cells[3, 2023] = dict(cells[1, 2022])
    found = rules.run(loaded_city(tmp_path, cells), ["E05"])
    failing = found[found["status"] == rules.FAIL]
    assert list(failing["report_id"]) == [compare_city.report_id(3, 2023)]


def test_e06_round_numbers(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    cells[0, 2023] |= {"permits.decisions": 1200.0, "penalties.decisions": 300.0, "coercion.decisions": 100.0}
    assert failures(loaded_city(tmp_path, cells), "E06") == {(compare_city.report_id(0, 2023), "round")}


def test_e07_nothing_in_any_year(tmp_path: Path) -> None:
    cells = compare_city.city(40)
    for year in range(2019, 2026):
        cells[4, year]["applications.received.total"] = 0.0
    loaded = loaded_city(tmp_path, cells)
    assert failures(loaded, "E07") == {(compare_city.report_id(4, 2025), "applications_received")}


def test_a_decision_is_stale_when_its_facts_changed(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    cells[0, 2022]["applications.granted.total"] += 3
    loaded = loaded_city(tmp_path, cells)
    first = flags.make(loaded)["flag_id"].iloc[0]
    reviews = tmp_path / "reviews.csv"
    reviews.write_text(f"flag_id,decision,reason,by,on\n{first},confirmed,seen,AB,2026-01-02\n", encoding="utf-8")
    assert flags.make(loaded, reviews=reviews)["decision"].iloc[0] == "confirmed"
    cells[0, 2022]["applications.granted.total"] += 1
    again = flags.make(loaded_city(tmp_path, cells), reviews=reviews)
    assert again["decision"].iloc[0] == "stale: confirmed"
    assert again["flag_id"].iloc[0].partition("-")[0] == first.partition("-")[0] != ""


def test_breaks_known_in_law_are_no_anomaly(tmp_path: Path) -> None:
    """In 2024 all reconsiderations rise, and in 2021 all offices change the form: nothing is flagged for it."""
    cells = compare_city.city(12)
    for (_, year), values in cells.items():
        if year >= 2024:
            for outcome in (*compare_city.OUTCOMES, "total"):
                values[f"appeals.reconsideration.{outcome}"] *= 8
                values[f"appeals.litigation_direct.{outcome}"] = 0.0
    found = flags.make(loaded_city(tmp_path, cells))
    assert set(found["check"]) <= {"D09"}
