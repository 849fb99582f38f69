"""The prose of a report: sections of paragraphs in many phrasings, and what each sentence states."""

from __future__ import annotations

import random
from pathlib import Path

from sample import people
from sample.hands import Hand
from sample.knowledge import OUTCOMES
from sample.report import Report
from sample.sentences import NUMERALS, Clause, Prose, Speaker, Stated

__all__ = ["Prose", "Stated", "compose"]

_SUBHEADINGS = ("主动公开", "依申请公开", "政府信息管理", "政府信息公开平台建设", "监督保障")
_ENDINGS = ("情况", "", "方面", "工作情况")
_PERCENT = ("received_up", "received_down")
_BESIDE = (("documents", 43, 0.12), ("procurement", 44, 0.12), ("fees", 45, 0.06))


def compose(report: Report, hand: Hand, table: Path | None = None) -> Prose:
    """Write the prose of `report`. Deterministic in the report and the hand. `table`: other whole sentences than those of wordings.csv."""
    return _Writer(Speaker(report, hand, table)).write()


class _Writer:
    """Writes one report; each sentence takes the next of the report's seeds, whether or not the one before was
    written."""

    def __init__(self, speaker: Speaker) -> None:
        self.say = speaker
        self.report, self.hand, self.prose = speaker.report, speaker.hand, speaker.prose
        self.fixed = random.Random(f"prose-{self.report.seed}-{self.report.office.number}")

    def write(self) -> Prose:
        """All sections, in order."""
        self._opening()
        self._general()
        self._figures_beside_tables()
        self._problems()
        self._last()
        return self.prose

    def _opening(self) -> None:
        year, who = self.report.year, self.report.office
        rng = self.say.rng(0)
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
        add(f"{year}年，" + self.say.plain("overview", 1) + self.say.plain("overview", 2) + self._summary())
        parts = list(enumerate(_SUBHEADINGS, 1))
        for number, name in parts:
            label = 3 if self.hand.numbers_restart and number == 4 else number  # a （三） that comes twice
            add(f"（{NUMERALS[label]}）{name}{_ENDINGS[self.hand.headings]}")
            if number == 1:
                self.say.paragraph(
                    1, self._items(), self.say.plain("proactive", 5), self._trap(6), self.say.plain("proactive", 7)
                )
            elif number == 2:
                self.say.paragraph(
                    1,
                    self._requests(),
                    self.say.plain("requests", 10),
                    self._appeals(11, 1),
                    self.say.plain("requests", 13),
                )
            else:
                topic = ("management", "platform", "supervision")[number - 3]
                slot = 14 + 4 * (number - 3)
                self.say.paragraph(
                    1, self.say.plain(topic, slot), self.say.plain(topic, slot + 1), self._trap(slot + 2)
                )

    def _figures_beside_tables(self) -> None:
        """Sections 二, 三 and 四: a sentence before the table, where the office writes one."""
        stated = self.report.stated
        known: dict[str, float] = {name: stated[name] for name in ("permits", "penalties") if name in stated}
        if self.report.prose_only:
            known["coercion"] = self.report.figures["coercion.decisions"]
        whole = "" if self.report.prose_only or not known else self.say.whole("decisions", 25, 2)
        if whole:
            self.say.paragraph(2, whole)
        elif known:
            told = [
                self.say.phrase(name, 25 + at, value, timed=at == 0) for at, (name, value) in enumerate(known.items())
            ]
            self.say.paragraph(2, self.say.sentence(told, 2))
        for topic, slot, share in _BESIDE:
            if self.say.rng(slot).random() < share:
                self.say.paragraph(2, self.say.whole(topic, slot, 2))
        if self.say.rng(28).random() < 0.2 and "applications_received" in self.report.stated:
            whole = self.say.whole("requests", 28, 3)
            self.say.paragraph(3, whole or self.say.sentence([self.say.phrase("applications_received", 28)], 3))
        if self.say.rng(29).random() < 0.25:
            self.say.paragraph(4, self._appeals(29, 4))

    def _problems(self) -> None:
        """Section 五 in the office's layout: two lists in a sentence each, lists over lines, pairs, or sentences without marks."""
        count = 2 + self.say.rng(31).randrange(3)
        problems = [self.say.clauses_of("problem", 32 + at, "") for at in range(count)]
        remedies = [self.say.clauses_of("remedy", 36 + at, "，") for at in range(count)]
        layout = self.fixed.choice(
            (self._in_sentences, self._in_sentences, self._over_lines, self._in_pairs, self._unmarked)
        )
        layout(problems, remedies)

    def _in_sentences(self, problems: list[str], remedies: list[str]) -> None:
        lead = self.fixed.choice((
            "存在的主要问题：", "（一）存在问题。", "主要问题是：", "政府信息公开工作虽然取得一定成效，但仍存在一些不足：",
        ))  # fmt: skip
        then = self.fixed.choice(
            ("改进措施：", "（二）改进措施。", "下一步将重点做好：", "针对以上问题，今后将做好以下工作：")
        )
        marks = [f"{mark}是" for mark in "一二三四"]
        for kind, start, told in (("problem", lead, problems), ("remedy", then, remedies)):
            self.prose.improvements += [(kind, one) for one in told]
            self.say.paragraph(5, start + "；".join(mark + one for mark, one in zip(marks, told, strict=False)) + "。")

    def _over_lines(self, problems: list[str], remedies: list[str]) -> None:
        heads = self.fixed.choice(
            (("存在问题：", "改进措施："), ("（一）存在的主要问题", "（二）改进情况"), ("1.存在的问题", "2.下一步打算"))
        )
        mark = self.fixed.choice(("{}.", "（{}）", "{}、")) if "1" not in heads[0] else "（{}）"
        for kind, head, told in (("problem", heads[0], problems), ("remedy", heads[1], remedies)):
            self.prose.improvements += [(kind, one) for one in told]
            lines = [mark.format(number) + one + "。" for number, one in enumerate(told, 1)]
            self.say.paragraph(5, "\n".join([head, *lines]))

    def _in_pairs(self, problems: list[str], remedies: list[str]) -> None:
        for mark, problem, remedy in zip("一二三四", problems, remedies, strict=False):
            self.prose.improvements += [("problem", problem), ("remedy", remedy)]
            self.say.paragraph(5, f"{mark}是{problem}。改进措施：{remedy}。")

    def _unmarked(self, problems: list[str], remedies: list[str]) -> None:
        problem = f"{self.report.year}年，{self.hand.who}政府信息公开工作仍存在不足，如" + "、".join(problems)
        remedy = "今后，" + "；".join(remedies)
        self.prose.improvements += [("problem", problem), ("remedy", remedy)]
        self.say.paragraph(5, f"{problem}。")
        self.say.paragraph(5, f"{remedy}。")

    def _last(self) -> None:
        fees = ""
        if self.say.rng(41).random() < 0.4:
            fees = self.say.whole("information_fees", 41, 6)
            fees = fees or self.say.sentence([self.say.phrase("information_fees", 41, value=0)], 6)
        self.say.paragraph(6, fees, self.say.plain("other", 42))

    def _summary(self) -> str:
        """A sentence of the overview that tells the year's figures at once, in one report of eight."""
        return self.say.whole("summary", 46, 1) if self.say.rng(46).random() < 0.12 else ""

    def _items(self) -> str:
        """The number of items disclosed, by channel where the office tells."""
        if "items_disclosed" not in self.report.stated:
            return ""
        if whole := self.say.whole("items", 3, 1):
            return whole
        rng = self.say.rng(3)
        total = int(self.report.stated["items_disclosed"])
        if self.hand.about and total >= 20 and rng.random() < 0.5:
            return self.say.sentence([self.say.phrase("items_disclosed", 3, value=total // 10 * 10, suffix="余")], 1)
        clauses = [self.say.phrase("items_disclosed", 3)]
        if total >= 10 and rng.random() < 0.5:
            website = rng.randint(total // 4, total // 2)
            wechat = rng.randint(total // 8, total // 4)
            media = rng.choice(("items_disclosed.wechat", "items_disclosed.new_media"))
            rest = rng.choice(("items_disclosed.bulletin_board", "items_disclosed.other"))
            parts = {"items_disclosed.website": website, media: wechat, rest: total - website - wechat}
            told = [self.say.phrase(name, 4, value=value) for name, value in parts.items()]
            clauses += [Clause("其中" + told[0].text, told[0].states), *told[1:]]
        return self.say.sentence(clauses, 1)

    def _requests(self) -> str:
        """Applications received, carried, answered, by outcome: only what the report states."""
        stated = self.report.stated
        if "applications_received" not in stated:
            return ""
        if whole := self.say.whole("requests", 8, 1):
            return whole
        clauses = [self.say.phrase("applications_received", 8)]
        clauses += self._change()
        ledger = ("applications_carried_in", "applications_answered")
        clauses += [self.say.phrase(name, 9) for name in ledger if name in stated]
        if "applications_answered" in stated and stated["applications_answered"] > 0 and self.say.rng(9).random() < 0.4:
            clauses += self._outcomes()
        if "applications_carried_forward" in stated:
            clauses.append(self.say.phrase("applications_carried_forward", 9))
        return self.say.sentence(clauses, 1)

    def _outcomes(self) -> list[Clause]:
        counts = {name: self.report.total_of(group) for group, name in OUTCOMES.items()}
        told = [self.say.phrase(name, 9, value=count) for name, count in counts.items() if count]
        return [Clause("其中" + told[0].text, told[0].states), *told[1:]] if told else []

    def _change(self) -> list[Clause]:
        """The change against last year's received applications in percent, told by one office in eight."""
        last, now = self.report.last_received, self.report.stated["applications_received"]
        if not last or now == last or now == 0 or self.fixed.random() >= 0.12:
            return []
        percent = round((now - last) / last * 100, 1)
        name = _PERCENT[percent < 0]
        told = self.say.phrase(name, 12, value=abs(percent))
        return [Clause(told.text, (("applications_received.change_percent", percent, "%", ""),))]

    def _appeals(self, slot: int, section: int) -> str:
        stated = self.report.stated
        if "reconsiderations" not in stated or "lawsuits" not in stated:
            return ""
        if whole := self.say.whole("appeals", slot, section):
            return whole
        if stated["reconsiderations"] == stated["lawsuits"] == 0 and self.say.rng(slot).random() < 0.6:
            both = self.say.phrase("both_appeals", slot, value=0)
            unit = both.states[0][2]
            states = tuple((name, 0.0, unit, "") for name in ("reconsiderations", "lawsuits"))
            return self.say.sentence([Clause(both.text, states)], section)
        return self.say.sentence(
            [self.say.phrase("reconsiderations", slot), self.say.phrase("lawsuits", slot)], section
        )

    def _trap(self, slot: int) -> str:
        """A number that is none of this year's figures: a hotline, a staff number, what was published in all years."""
        rng = self.say.rng(slot)
        if not self.hand.traps or rng.random() < 0.6:
            return ""
        if whole := self.say.whole("trap", slot, 1):
            return whole
        if rng.random() < 0.15:
            return self.say.sentence([self.say.phrase("items_disclosed_cumulative", slot, rng.randint(2000, 9999))], 1)
        return self.say.phrase("trap", slot, value=rng.randint(2, 3000)).text + "。"
