"""What labels name."""

from __future__ import annotations

import pytest

from extract.codebook import FORMS, all_cells, all_identities, form, form_cells
from extract.labels import ROW, cut_after_number, likeness, near_role, role_of, roles, stem, unit_in


def test_the_forms_have_198_and_200_cells() -> None:
    assert (len(form_cells("2019")), len(form_cells("2021"))) == (198, 200)
    assert set(all_cells()) == form_cells("2019") | form_cells("2021")
    assert len(set(all_cells())) == len(all_cells())


def test_identities_stay_within_one_form() -> None:
    for identity in all_identities():
        names = FORMS if "/" in identity.form else (identity.form,)
        for name in names:
            assert set(identity.left + identity.right) <= form_cells(name)


@pytest.mark.parametrize("name", FORMS)
def test_every_official_label_names_its_own_line(name: str) -> None:
    for lines in (form(name).rows, form(name).columns):
        for line in (line for block in lines.values() for line in block):
            assert any(
                r.code == line.code and r.kind == line.axis and r.matched_by == "exact" for r in roles(line.label_zh)
            ), line.label_zh


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("1、属于国家秘密", "row", "refused.state_secret"), ('3.危及"三安全一稳定"', "row", "refused.three_security_one_stability"),
        ("规 章", "row", "government_rules"), ("规章(设区的市、自治州人民政府应提供相关数据)", "row", "government_rules"),
        ("规范性文件", "row", "normative_documents"), ("（二）部分公开", "row", "partly_granted"), ("（七）总计", "row", "results_total"),
        ("行政處罰", "row", "penalties"), ("本年增\\减", "column", "change"), ("本年增/", "column", "change"), ("上一年项目数量(指2019年事项数)", "column", "previous_items"),
        ("处理决定数量(指2020年办件量)", "column", "decisions"), ("社会公益 组织", "column", "social_welfare"), ("结果\n维持", "column", "upheld"),
        ("第二十条 第（一）项", "group", "article_20"), ("结果维持 Upheld", "column", "upheld"), ("行政处罚\nPenalties (cases)", "row", "penalties"), ("自然", "column", "natural_person"),
    ],
)  # fmt: skip
def test_spellings(text: str, kind: str, code: str) -> None:
    role = role_of(text, kind)
    assert role is not None and role.code == code


@pytest.mark.parametrize("text", ["其他主动公开文件", "行政检查", "2021年", "说明", "第二十条规定的其他事项和说明"])
def test_what_the_forms_do_not_have_names_nothing(text: str) -> None:
    assert roles(text) == ()


def test_misspelt_labels_are_like_their_own() -> None:
    assert likeness("2.其他法律行政止公开", "row", "applications", "refused.other_law") > 0.85
    assert likeness("2.其他法律行政止公开", "row", "applications", "refused.state_secret") < 0.6


@pytest.mark.parametrize(
    "text, code",
    [("行政许川", "permits"), ("政府集采购", "procurement"), ("行政外罚", "penalties"), ("行政事业性收赀", "fees")],
)
def test_one_character_misread(text: str, code: str) -> None:
    role = near_role(text, "row", ("permits", "penalties", "procurement", "fees"))
    assert role is not None and (role.code, role.matched_by) == (code, "near")
    assert role_of(text, "row") is None


@pytest.mark.parametrize("text", ["行政许可", "行政", "行政检查", "行政许可类", "规则", "政府采买项", ""])
def test_what_is_no_misread_label(text: str) -> None:
    """Labels as they stand, short ones, and those that differ in more than a character."""
    assert near_role(text, "row", ("documents", "permits", "penalties", "procurement")) is None


def test_units_in_headers() -> None:
    assert unit_in("采购总金额（万元）") == "万元"
    assert unit_in("本年收费金额（单位：万元）") == "万元"
    assert unit_in("采购项目数量") == ""


def test_stem_of_a_label_that_is_all_remark_is_not_empty() -> None:
    assert stem("（三）") != ""


def test_a_number_tells_one_other_from_another() -> None:
    """A narrow cell shows of 2.其他法律行政法规禁止公开 in its first line no more than 2.其他, with the row's numbers beside it."""
    assert role_of("2.其他", ROW, "applications").code == "refused.other_law"  # type: ignore[union-attr]
    assert role_of("3、其他", ROW, "applications").code == "other_handling.other"  # type: ignore[union-attr]
    assert role_of("其他", ROW, "applications").code == "other_handling.other"  # type: ignore[union-attr]
    assert role_of("1.其他", ROW, "applications") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("4.保护", "refused.third_party_rights"), ("5.属于", "refused.internal_affairs"), ("6．属于", "refused.process_information"),
        ("5.要求", "not_processed.confirm_or_reissue"), ("3.要求提", "not_processed.public_publication"),
        ("2.申请", "other_handling.fee_unpaid_overdue"), ("5.属", ""), ("9.属于", ""), ("属于", ""), ("1.属于国家秘密", ""), ("2.属于", ""),
    ],
)  # fmt: skip
def test_number_and_first_words_name_one_row(text: str, code: str) -> None:
    assert cut_after_number(text) == code
