"""The prose of a report: sections of paragraphs in many phrasings, and what each sentence states.

Wording comes from reference/clauses.csv (sentences without figures, three clauses each) and reference/phrases.csv
(clauses that state one quantity). Which phrasing is used follows from the report's sentence seeds, so an office
that keeps a sentence keeps its words and changes the numbers in it.
"""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from sample import people
from sample.hands import Hand
from sample.panel import SLOTS
from sample.report import Report

_NUMERALS = "零一二三四五六七八九十"
_SUBHEADINGS = ("主动公开", "依申请公开", "政府信息管理", "政府信息公开平台建设", "监督保障")
_ENDINGS = ("情况", "", "方面", "工作情况")
_OUTCOMES = {
    "granted": "applications_granted",
    "partly_granted": "applications_partly_granted",
    "refused": "applications_refused",
    "unavailable": "applications_unavailable",
    "not_processed": "applications_not_processed",
    "other_handling": "applications_other",
}
_PERCENT = ("received_up", "received_down")


class Stated(NamedTuple):
    """A figure that a sentence states: `unit` as printed ("" for a plain 'none'), `section` 1 to 6, 0 before the
    first heading."""

    quantity: str
    value: float
    unit: str
    sentence: str
    section: int


class Clause(NamedTuple):
    """A clause and the (quantity, value, unit) it states."""

    text: str
    states: tuple[tuple[str, float, str], ...] = ()


@dataclass(slots=True)
class Prose:
    """Paragraphs by section (0 before the first heading), and the figures stated in them in reading order."""

    paragraphs: dict[int, list[str]] = field(default_factory=lambda: {section: [] for section in range(7)})
    stated: list[Stated] = field(default_factory=list)


@cache
def _pools() -> tuple[dict[tuple[str, str], list[str]], dict[tuple[str, str], list[str]]]:
    """(topic, part) → clauses without figures; (quantity, when) → phrases that state it."""
    clauses: dict[tuple[str, str], list[str]] = {}
    phrases: dict[tuple[str, str], list[str]] = {}
    reference = files("sample").joinpath("reference")
    for row in csv.DictReader(reference.joinpath("clauses.csv").read_text(encoding="utf-8").splitlines()):
        clauses.setdefault((row["topic"], row["part"]), []).append(row["text"])
    for row in csv.DictReader(reference.joinpath("phrases.csv").read_text(encoding="utf-8").splitlines()):
        phrases.setdefault((row["quantity"], row["when"]), []).append(row["text"])
    return clauses, phrases


def compose(report: Report, hand: Hand) -> Prose:
    """Write the prose of `report`. Deterministic in the report and the hand."""
    return _Writer(report, hand).write()


class _Writer:
    """Writes one report; each sentence takes the next of the report's seeds, whether or not the one before was
    written."""

    def __init__(self, report: Report, hand: Hand) -> None:
        self.report, self.hand = report, hand
        self.clauses, self.phrases = _pools()
        self.prose = Prose()
        self.fixed = random.Random(f"prose-{report.seed}-{report.office.number}")

    def write(self) -> Prose:
        """All sections, in order."""
        self._opening()
        self._general()
        self._figures_beside_tables()
        self._problems()
        self._last()
        return self.prose

    def _rng(self, slot: int) -> random.Random:
        return random.Random(self.report.prose[slot % SLOTS] * SLOTS + slot)

    def _opening(self) -> None:
        year, who = self.report.year, self.report.office
        rng = self._rng(0)
        contact = people.contact(self.fixed, who.stem)
        period = rng.choice((
            f"本报告所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。",
            f"报告中所列数据的统计期限为{year}年1月1日至{year}年12月31日。",
            f"本报告中数据统计期限从{year}年1月1日至{year}年12月31日。",
        ))  # fmt: skip
        law = rng.choice((
            f"根据《中华人民共和国政府信息公开条例》要求，现公布{who.stem}街道办事处{year}年政府信息公开工作年度报告。",
            f"按照《中华人民共和国政府信息公开条例》第五十条规定，{who.stem}街道办事处编制了{year}年度政府信息公开工作年度报告。",
            f"{who.stem}街道办事处依据《中华人民共和国政府信息公开条例》编制本报告。",
        ))  # fmt: skip
        where = f"地址：{contact.street}，邮编：{contact.postcode}，电话：{contact.telephone}，联系人：{contact.person}"
        asks = f"如对本报告有疑问，请与{who.stem}街道办事处联系（{where}）。"
        self.prose.paragraphs[0].append(law + period + (asks if self.fixed.random() < 0.6 else ""))

    def _general(self) -> None:
        """Section 一: an overview and five parts, of which the first two carry figures."""
        add = self.prose.paragraphs[1].append
        year = self.report.year
        add(f"{year}年，" + self._plain("overview", 1) + self._plain("overview", 2))
        parts = list(enumerate(_SUBHEADINGS, 1))
        for number, name in parts:
            label = 3 if self.hand.numbers_restart and number == 4 else number  # a （三） that comes twice
            add(f"（{_NUMERALS[label]}）{name}{_ENDINGS[self.hand.headings]}")
            if number == 1:
                self._paragraph(
                    1, self._items(), self._plain("proactive", 5), self._trap(6), self._plain("proactive", 7)
                )
            elif number == 2:
                self._paragraph(
                    1, self._requests(), self._plain("requests", 10), self._appeals(11, 1), self._plain("requests", 13)
                )
            else:
                topic = ("management", "platform", "supervision")[number - 3]
                slot = 14 + 4 * (number - 3)
                self._paragraph(1, self._plain(topic, slot), self._plain(topic, slot + 1), self._trap(slot + 2))

    def _figures_beside_tables(self) -> None:
        """Sections 二, 三 and 四: a sentence before the table, where the office writes one."""
        stated = self.report.stated
        known: dict[str, float] = {name: stated[name] for name in ("permits", "penalties") if name in stated}
        if self.report.prose_only:
            known["coercion"] = self.report.figures["coercion.decisions"]
        if known:
            told = [self._phrase(name, 25 + at, value, timed=at == 0) for at, (name, value) in enumerate(known.items())]
            self._paragraph(2, self._sentence(told, 2))
        if self._rng(28).random() < 0.2 and "applications_received" in self.report.stated:
            self._paragraph(3, self._sentence([self._phrase("applications_received", 28)], 3))
        if self._rng(29).random() < 0.25:
            self._paragraph(4, self._appeals(29, 4))

    def _problems(self) -> None:
        marks = "一二三四"
        count = 2 + self._rng(31).randrange(3)
        problems = [f"{marks[at]}是" + self._clauses_of("problem", 32 + at, "") for at in range(count)]
        remedies = [f"{marks[at]}是" + self._clauses_of("remedy", 36 + at, "，") for at in range(count)]
        lead = self.fixed.choice(("存在的主要问题：", "（一）存在问题。", "主要问题是："))
        then = self.fixed.choice(("改进措施：", "（二）改进措施。", "下一步将重点做好："))
        self._paragraph(5, lead + "；".join(problems) + "。")
        self._paragraph(5, then + "；".join(remedies) + "。")

    def _last(self) -> None:
        fees = (
            self._sentence([self._phrase("information_fees", 41, value=0)], 6) if self._rng(41).random() < 0.4 else ""
        )
        self._paragraph(6, fees, self._plain("other", 42))

    def _items(self) -> str:
        """The number of items disclosed, by channel where the office tells."""
        if "items_disclosed" not in self.report.stated:
            return ""
        rng = self._rng(3)
        total = int(self.report.stated["items_disclosed"])
        if self.hand.about and total >= 20 and rng.random() < 0.5:
            return self._sentence([self._phrase("items_disclosed", 3, value=total // 10 * 10, suffix="余")], 1)
        clauses = [self._phrase("items_disclosed", 3)]
        if total >= 10 and rng.random() < 0.5:
            website = rng.randint(total // 4, total // 2)
            wechat = rng.randint(total // 8, total // 4)
            media = rng.choice(("items_disclosed.wechat", "items_disclosed.new_media"))
            rest = rng.choice(("items_disclosed.bulletin_board", "items_disclosed.other"))
            parts = {"items_disclosed.website": website, media: wechat, rest: total - website - wechat}
            told = [self._phrase(name, 4, value=value) for name, value in parts.items()]
            clauses += [Clause("其中" + told[0].text, told[0].states), *told[1:]]
        return self._sentence(clauses, 1)

    def _requests(self) -> str:
        """Applications received, carried, answered, by outcome: only what the report states."""
        stated = self.report.stated
        if "applications_received" not in stated:
            return ""
        clauses = [self._phrase("applications_received", 8)]
        clauses += self._change()
        ledger = ("applications_carried_in", "applications_answered")
        clauses += [self._phrase(name, 9) for name in ledger if name in stated]
        if "applications_answered" in stated and stated["applications_answered"] > 0 and self._rng(9).random() < 0.4:
            clauses += self._outcomes()
        if "applications_carried_forward" in stated:
            clauses.append(self._phrase("applications_carried_forward", 9))
        return self._sentence(clauses, 1)

    def _outcomes(self) -> list[Clause]:
        counts = {name: self.report.total_of(group) for group, name in _OUTCOMES.items()}
        told = [self._phrase(name, 9, value=count) for name, count in counts.items() if count]
        return [Clause("其中" + told[0].text, told[0].states), *told[1:]] if told else []

    def _change(self) -> list[Clause]:
        """The change against last year's received applications in percent, told by one office in eight."""
        last, now = self.report.last_received, self.report.stated["applications_received"]
        if not last or now == last or now == 0 or self.fixed.random() >= 0.12:
            return []
        percent = round((now - last) / last * 100, 1)
        name = _PERCENT[percent < 0]
        told = self._phrase(name, 12, value=abs(percent))
        return [Clause(told.text, (("applications_received.change_percent", percent, "%"),))]

    def _appeals(self, slot: int, section: int) -> str:
        stated = self.report.stated
        if "reconsiderations" not in stated or "lawsuits" not in stated:
            return ""
        if stated["reconsiderations"] == stated["lawsuits"] == 0 and self._rng(slot).random() < 0.6:
            both = self._phrase("both_appeals", slot, value=0)
            unit = both.states[0][2]
            return self._sentence([Clause(both.text, (("reconsiderations", 0, unit), ("lawsuits", 0, unit)))], section)
        return self._sentence([self._phrase("reconsiderations", slot), self._phrase("lawsuits", slot)], section)

    def _trap(self, slot: int) -> str:
        """A number that is none of this year's figures: a hotline, a staff number, what was published in all years."""
        rng = self._rng(slot)
        if not self.hand.traps or rng.random() < 0.6:
            return ""
        if rng.random() < 0.15:
            return self._sentence([self._phrase("items_disclosed_cumulative", slot, rng.randint(2000, 9999))], 1)
        return self._phrase("trap", slot, value=rng.randint(2, 3000)).text + "。"

    def _phrase(
        self, quantity: str, slot: int, value: float | None = None, suffix: str = "", timed: bool = True
    ) -> Clause:
        """A clause that states `quantity`: the value given, else the one the report states; `timed` lets it say when."""
        rng = self._rng(slot)
        known = self.report.stated[quantity] if value is None else value
        pool = self.phrases.get((quantity, "any")) or self.phrases[(quantity, "positive" if known else "zero")]
        template = rng.choice(pool)
        year = self.report.year
        time = rng.choice(("全年", f"{year}年，", f"{year}年度，", "本年度", "", f"{year}年"))
        time = time if timed else ""
        digits = _numeral(known) if self.hand.chinese_numerals and quantity not in _PERCENT else f"{known:g}"
        text = template.replace("{time}", time).replace("{who}", self.hand.who).replace("{n}", digits + suffix)
        unit = template.partition("{n}")[2] if "{n}" in template else ""
        return Clause(text, ((quantity, known, unit),))

    def _sentence(self, clauses: list[Clause], section: int) -> str:
        """Join clauses to a sentence and note what it states."""
        sentence = "，".join(clause.text for clause in clauses) + "。"
        for clause in clauses:
            self.prose.stated += [Stated(*figure, sentence, section) for figure in clause.states]
        return sentence

    def _plain(self, topic: str, slot: int) -> str:
        return self._clauses_of(topic, slot, "，") + "。"

    def _clauses_of(self, topic: str, slot: int, between: str) -> str:
        rng = self._rng(slot)
        parts = [rng.choice(self.clauses[(topic, part)]) for part in "123" if (topic, part) in self.clauses]
        return between.join(parts).replace("{who}", self.hand.who)

    def _paragraph(self, section: int, *sentences: str) -> None:
        text = "".join(sentences)
        if text:
            self.prose.paragraphs[section].append(text)


def _numeral(value: float) -> str:
    """Small whole numbers as Chinese numerals (申请三件), others as digits."""
    return _NUMERALS[int(value)] if 1 <= value <= 10 and value == int(value) else f"{value:g}"
