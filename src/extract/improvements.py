"""The problems that section 五 names and the remedies that it promises or tells, one item each, as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from extract.document import Locator
from extract.narrative import SECTION_NUMERALS, Section

PROBLEM, REMEDY = "problem", "remedy"

MARK = re.compile(
    rf"(?=[{SECTION_NUMERALS}第首其再最此另问（(\d①-⑨])"
    r"(?:(?<![统唯专之])[一二三四五六七八九十]是(?!否)|第[一二三四五六七八九]，|(?:另)?一方面[，,]?(?!是)|(?:首先|其次|再次|最后|此外|另外)，"
    rf"|(?<=[：:；;。])[{SECTION_NUMERALS}]、|问题[一二三四五六七八九十\d][：:]|（[{SECTION_NUMERALS}]）|[（(]\d[)）]|(?<!\d)\d[.．、](?!\d)|[①-⑨])"
)
SENTENCE = re.compile(r"[^。！？]*[。！？]|[^。！？]+")
# Words that announce a list and nothing else: （一）存在的主要问题, 2.改进措施。
HEAD = re.compile(
    r"(?=[\s2本上去的工目当信还仍存主突问不困短下今改整努情措方打计思办])\s*(?:20\d\d年度?|[本上]一?年度?|去年)?的?(?:(?P<problem>(?:工作中|工作|目前|当前|信息公开工作)?(?:还|仍)?(?:存在)?的?(?:主要|突出)?(?:问题|不足|困难|短板)(?:和不足|与不足|及不足)?)"
    r"|(?P<remedy>(?:下一步|下步|今后)?的?(?:存在)?(?:主要)?(?:问题的?)?(?:改进|整改(?:落实)?|工作|努力)?的?(?:情况|措施|方向|打算|计划|思路|办法)(?:和措施)?|下一步|下一步工作))"
    r"(?:如下|主要有|主要是|是|为)?\s*(?:[：:。]\s*|$)"
)
SAYS_PROBLEM = re.compile(
    r"存在.{0,12}(?:问题|不足|差距|短板|薄弱)|主要问题|(?:仍有|还有|尚有).{0,8}(?:问题|不足|差距)|问题(?:是|有|如下|主要)|不足之处|^.{0,6}问题[：:]?$|(?:但|仍|还|尚)[^。；]{0,40}(?:有待|不够|欠缺|薄弱)"
)
NO_PROBLEM = re.compile(r"(?:不存在|未发现|没有).{0,8}(?:问题|不足)")
SAYS_REMEDY = re.compile(
    r"改进(?:情况|措施|方向|工作|办法)|整改(?:情况|措施|方向)|下一步|下一年度?|下步|今后|针对.{0,24}(?:问题|不足|情况)"
    r"|(?:将|要)(?:从以下|重点|切实|着力|进一步|继续|采取)|接下来|下阶段|20\d\d\s*年.{0,12}将"
)
_RAISED = r"(?:进一步)?(?:提高|加强|完善|提升|加大|改进|深化|拓展|细化|规范)"
# How a problem ends, a word in each alternative's first place: a marked item that ends so is one even behind 改进措施 (二是渠道单一。改进措施：拓宽渠道。三是…).
ENDS_AS_PROBLEM = re.compile(
    rf"(?:有待[^，。；]{{0,8}}|不够[^，。；]{{0,6}}|不强|不高|不深|不广|不佳|较为单一|单一|薄弱(?:环节)?|欠缺|滞后|不到位|不及时|不完善|不规范|不均衡|存在差距|较少|不足够|有(?:一定)?(?:的)?差距|不能(?:完全)?(?:满足|适应)[^，。；]{{0,10}}|还[需要]?{_RAISED}|仍需?{_RAISED}|尚需{_RAISED}|需要?{_RAISED})[。；;，]?\s*$"
)
STARTS_AS_REMEDY = re.compile(
    r"\s*(?:将|要|进一步|继续|加强|强化|完善|健全|提高|提升|拓宽|丰富|优化|深化|加大|规范|严格|落实|充分|推进|推动|做好|抓好|创新|组织|定期|明确|建立|注重|切实|积极|不断|针对|通过|结合|对照|聚焦|围绕|细化|扩大|改进)"
)
SIGNED = re.compile(r"\s*(?:.{2,24}(?:办事处|人民政府|街道|委员会|局|办公室)|(?:20\d\d|二.{3})年.{1,3}月.{1,3}日)\s*")
LONGEST_SIGNATURE = 28  # characters of those that SIGNED takes
LEAD_IN = re.compile(r"：\s*$|:\s*$|如下[：:。，]?\s*$|以下(?:几?个?)?(?:方面|工作|问题|措施|几点)?[：:。，]?\s*$")

ANNOUNCED = re.compile(r"[^：。，]{0,14}(?:问题|不足|措施|情况)[：:]")
ENDS_IN_A_NOUN = re.compile(r"(?:问题|不足|差距|短板|薄弱环节|工作|措施|情况)$")
TELLS_MORE = re.compile(r"如|主要是|有待|不够|将.*，|由于|因为")


class Item(NamedTuple):
    """A problem or a remedy: `kind` is problem or remedy, `position` the paragraph in the document, counted from 1."""

    kind: str
    text: str
    position: int
    locator: Locator


def problems(section: Section) -> list[Item]:
    """The problems that section 五 names."""
    return [item for item in items(section) if item.kind == PROBLEM]


def remedies(section: Section) -> list[Item]:
    """The remedies that section 五 promises or tells."""
    return [item for item in items(section) if item.kind == REMEDY]


def items(section: Section) -> list[Item]:
    """Problems and remedies in reading order. What stands before either is announced belongs to neither."""
    found: list[Item] = []
    kind, in_pairs = "", False  # 一是 a problem. 改进措施： its remedy. 二是 the next problem
    was_marked = False  # whether the last item was
    for paragraph, position in zip(section.paragraphs, section.positions, strict=True):
        if len(paragraph.text.strip()) <= LONGEST_SIGNATURE and SIGNED.fullmatch(paragraph.text):
            continue
        runs_on = False  # the last item was marked in this paragraph: unmarked sentences behind it belong to it
        for piece, marked in _pieces(paragraph.text):
            head = HEAD.match(piece)
            if head:
                kind, runs_on = head.lastgroup or kind, False
                piece, marked = piece[head.end() :], False
                if not piece.strip():
                    continue
                in_pairs = in_pairs or (kind == REMEDY and bool(found) and found[-1].kind == PROBLEM and was_marked)
            before, kind = kind, PROBLEM if in_pairs and marked else _kind_of(piece, kind, marked)
            text = _bare(piece)
            if not kind or len(text) < 4 or (not marked and LEAD_IN.search(piece)):
                continue
            if not marked and kind != before and _only_announces(text):
                continue
            if runs_on and not marked and kind == before:
                found[-1] = found[-1]._replace(text=f"{found[-1].text}。{text}")
                continue
            found.append(Item(kind, text, position, paragraph.locator))
            runs_on = was_marked = marked
    return found


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The sentences of a paragraph cut at their marks (一是, （二）, 1.): each piece and whether a mark stood before it."""
    for sentence in SENTENCE.findall(text):
        marks = [match.span() for match in MARK.finditer(sentence)]
        if not marks:
            yield sentence, False
            continue
        if sentence[: marks[0][0]].strip():
            yield sentence[: marks[0][0]], False
        ends = [start for start, _ in marks[1:]] + [len(sentence)]
        for (_, start), end in zip(marks, ends, strict=True):
            yield sentence[start:end], True


def _kind_of(text: str, kind: str, marked: bool) -> str:
    """What the text goes over to: a remedy where it speaks of one, else a problem where it speaks of one, else what it was."""
    if marked:
        if ENDS_AS_PROBLEM.search(text) and not text.lstrip().startswith("针对"):
            return PROBLEM
        return kind or ("" if STARTS_AS_REMEDY.match(text) else PROBLEM)  # a list that nothing announces
    if kind != REMEDY and ENDS_AS_PROBLEM.search(text) and not STARTS_AS_REMEDY.match(text):
        return PROBLEM
    remedy, problem = SAYS_REMEDY.search(text), SAYS_PROBLEM.search(text)
    if problem and (NO_PROBLEM.search(text) or (remedy and text.lstrip().startswith("针对"))):
        problem = None
    if remedy and problem and not text.lstrip().startswith("针对"):
        return PROBLEM if problem.start() < remedy.start() and "。" in text else REMEDY
    return REMEDY if remedy else PROBLEM if problem else kind


def _bare(piece: str) -> str:
    """The item without its end mark and without the words that announce it (整改措施：)."""
    text = piece.strip()
    announced = ANNOUNCED.match(text) if "：" in text or ":" in text else None
    return text[announced.end() if announced else 0 :].strip(" \t\n\u3000。；;，,")


def _only_announces(text: str) -> bool:
    """Whether a sentence merely announces the list to come (2021年…取得一定成效，但仍存在一些不足)."""
    return len(text) <= 60 and ENDS_IN_A_NOUN.search(text) is not None and not TELLS_MORE.search(text)
