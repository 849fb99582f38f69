"""The numbers of a sentence, each with the words that may name it and the time words that stand before it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from extract.chinese_numerals import number

COUNTER = "[条件份篇次起宗个项期例则部批封张]"  # of one character
COUNTERS = f"人次|条次|件次|{COUNTER}"
# Written so that its first character alone is looked for: `digits` and `chinese` are what follows it.
NUMBER = re.compile(
    r"[0-9零〇一二两三四五六七八九十百千]"
    r"(?:(?<=\d)(?<![\d.,〔\[第/A-Za-z\-].)(?P<digits>[\d,]*(?:\.\d+)?)(?:(?:-|—|–|~|～|至|到)(?P<to>\d[\d,]*(?:\.\d+)?))?(?P<early>余|多)?(?P<myriad>[万亿千])?"
    rf"(?P<more>余|多|几)?(?P<unit>{COUNTERS}|元|%|个百分点)?(?![\d年月日号楼室时点分秒岁级届.:\-〕\]A-Za-z]|个百分点)"
    r"|(?<!\d)(?<![第统唯专之同单逐进每〇零一二两三四五六七八九十百千无].)(?<!没有.)(?<!未发生.)(?<!未收到.)(?<!未出现.)(?P<chinese>[零〇一二两三四五六七八九十百千]*)(?P<chinese_more>余|多|几)?"
    rf"(?P<chinese_unit>{COUNTERS}))"
)
ABOUT = ("大约", "将近", "约", "近", "超过", "逾", "不少于", "不低于")  # stands before a number
WIDE = str.maketrans("０１２３４５６７８９％．＋－", "0123456789%.+-")
WIDE_SEEN = re.compile("[０-９％．＋－]")
NARROW = str.maketrans(";!?()", "；！？（）")  # as dumps write whose makers folded all wide characters
NARROW_MARKS = ",:;!?()"
NARROW_SEEN = re.compile(f"[{NARROW_MARKS}]")
NARROW_BETWEEN_WORDS = re.compile(r",(?!\d{3}(?!\d))|:(?!\d|//)")
SPACES = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
FORM = re.compile(r"《([^《》]{0,16}申请[表书])》")
ASIDE = re.compile(
    r"《[^《》]*》|〔20\d\d〕\d*号?|[（(][^（）()\d零一二两三四五六七八九十无未]*[）)]|https?://[\w./\-]*|“(?!双微|两微)(?![^“”]{0,15}(?:网站|官网|公众号|微信|微博|公开网|政务网|政府网|申请|依申请公开政府信息)”)[^“”\d]{0,16}”|[“”\"]"
)
ASIDE_SEEN = re.compile(r"[《〔（(h“”\"]")
CLAUSE = re.compile(r"[，；：,;:（）()]")
_TAIL = "(?:共计|共有|共|总计|合计|的总数|的数量|的总量|为|是|有|达到|达|分别|均|仅|只|只有|约|总数量|总数|总量|数量|件数|条数|案件数|总条数|总件数|数|量|总共|一共|累计|全年|了|计|—|-|、|，)"
TAIL = re.compile(f"{_TAIL}{_TAIL}*$")  # written so that first characters are looked for
CONNECTIVE = re.compile(
    r"(?:其中|除了?|另有|另外|另|其余|剩余|剩下|余下|还有|尚有|仅有|此外|同时|还|有|共|已|并|全年|年内|20\d\d年度?|本年度?|今年|当年|截至目前|我们?|街道|街|办事处|办|局|本|机关|单位|[、，和及与])*"
)
CHANGE = re.compile(
    r"(?P<up>增长|增加|上升|提高|提升|增幅|增多|上涨|净增|多出|多)?(?P<down>下降|减少|降低|降幅|减幅|回落|少于|减|少)?(?:了|率|幅度|约|近|为|达到|达|超过|：)*$"
)
MAY_CHANGE = re.compile("[增上提净多下减降回少]")  # with one of these begins each word of change
COMPARED = r"(?:同比|与|较|比|同|和|跟|相较于?|相比于?|对比)"
LAST_YEAR_WORDS = r"(?:上年|上一年|去年|前一年|往年)度?"
CARRIED = r"(?:结转|转结|转入|遗留|接转)"
TIME = re.compile(
    r"(?=[0-9与较比同和跟相对截上下一二三四历自从去前往今本全年当])"
    rf"(?:(?P<compare>{COMPARED}(?:{LAST_YEAR_WORDS}|(?P<base>20\d\d)年度?)(?:同期)?(?:相比|比较|比)?|(?:相比|较之|对比){LAST_YEAR_WORDS}(?:同期)?)"
    r"|(?P<asof>截[至止]到?(?:20\d\d年?)?(?:度)?(?:\d{1,2}月)?(?:\d{1,2}日|底|末)?)"
    r"|(?P<day>20\d\d年\d{1,2}月\d{1,2}日)"
    r"|(?P<span>(?:20\d\d年)?(?<!\d)0?1[-—–～~至]12月(?:份)?|(?:20\d\d年)?0?1月(?:份)?(?:至|到|[-—–~～])(?:20\d\d年|同年)?12月(?:份|底|末)?(?!\d))"
    r"|(?P<month>20\d\d年\d{1,2}月(?:份)?|上半年|下半年|[一二三四1-4]季度|(?<!\d)\d{1,2}月份|\d{1,2}[-—至]\d{1,2}月)"
    rf"|(?P<since>(?:自|从)?20\d\d年.{{0,18}}以来|历年|(?:自|从).{{2,14}}以来)|(?<![至到入转])(?P<year>20\d\d)年(?!度?{CARRIED})|(?<!结转)(?<!转结)(?<!转入)(?P<other>(?:{LAST_YEAR_WORDS}|前年)(?!度?{CARRIED}))|(?P<this>今年|本年|全年|年内|当年))"
)
MAY_TELL_TIME = re.compile("年|月|截|季|以来")  # one of these stands in every match of TIME
NOT_ONE = re.compile(r"(?:没有|未曾?|无)(?:收到|接到|接收|受理|发生|产生|出现|引发|过|有|任何)*$")
BOUNDARY = re.compile(r"[、，；：,;:（()）]")
YEAR = re.compile(r"20\d\d")
FURTHEST, FURTHEST_BEFORE = 48, 90  # characters behind and before a number that may still name it


@dataclass(slots=True)
class Mention:
    """One number in a normalised sentence, with the words it may be named by."""

    start: int
    end: int
    value: float
    unit: str
    qualifier: str
    label: str = ""  # the words before it, their fillers taken off
    reach: str = ""  # all words since the number before
    after: str = ""  # the words behind it up to the next boundary
    beyond: str = ""  # the words behind it, boundaries or not
    times: list[re.Match[str]] = field(default_factory=list)  # the time words before it, the nearest last


def in_chinese_marks(text: str) -> str:
    """The text with Chinese punctuation, character for character; commas and colons within numbers and addresses stay."""
    if not NARROW_SEEN.search(text):
        return text
    return NARROW_BETWEEN_WORDS.sub(lambda mark: "，" if mark[0] == "," else "：", text.translate(NARROW))


def in_marks_like(text: str) -> Callable[[str], str]:
    """How the parts of a text are to be read: `in_chinese_marks`, or as they are where it holds no other marks."""
    return in_chinese_marks if any(map(text.__contains__, NARROW_MARKS)) else str


def normalised(printed: str) -> str:
    """The sentence as the phrases expect it: western digits, no spaces, titles of documents and asides taken out."""
    sentence = printed.translate(WIDE).strip() if WIDE_SEEN.search(printed) else printed.strip()
    if " " in sentence or "\u3000" in sentence or "\xa0" in sentence:
        sentence = SPACES.sub("", sentence)
    if "申请表》" in sentence or "申请书》" in sentence:
        sentence = FORM.sub(r"\1", sentence)
    return ASIDE.sub("", sentence) if ASIDE_SEEN.search(sentence) else sentence


def mentions_of(sentence: str) -> list[Mention]:
    """The numbers of the sentence in order, each with its words."""
    mentions: list[Mention] = []
    previous = 0
    found = [mention for match in NUMBER.finditer(sentence) if (mention := _mention(match, sentence))]
    times = times_in(sentence) if found else []
    for mention in found:
        mention.times = [time for time in times if time.end() <= mention.start]
        mention.reach = sentence[previous : mention.start]
        mention.label = label_of(_own(mention.reach) if mentions else mention.reach)
        boundary = CLAUSE.search(sentence, mention.end)
        mention.after = sentence[mention.end : boundary.start() if boundary else len(sentence)]
        mention.beyond = sentence[mention.end : mention.end + FURTHEST]
        mentions.append(mention)
        previous = mention.end
    return mentions


def times_in(text: str) -> list[re.Match[str]]:
    """The time words of a text, in order."""
    return list(TIME.finditer(text)) if MAY_TELL_TIME.search(text) else []


def without_times(text: str) -> str:
    """The text without its time words."""
    return TIME.sub("", text) if MAY_TELL_TIME.search(text) else text


def _mention(match: re.Match[str], sentence: str) -> Mention | None:
    """The number as a value with its unit; None for a number that counts nothing (a year, a table's bare cell)."""
    digits, to, early, myriad, more, western_unit, _, chinese_more, chinese_unit = match.groups()
    unit = western_unit or chinese_unit or ""
    start, end = match.span()
    if not unit:
        follows = sentence[end : end + 2]
        if follows and follows[0] not in "，。；、）！,;)" and follows not in ("申请", "相比"):
            return None
        if "，" not in sentence and "。" not in sentence and "；" not in sentence:
            return None
    text = sentence[start : match.end("chinese" if digits is None else "digits")]
    value = number(text)
    is_about = sentence.endswith(ABOUT, 0, start)
    if is_about:
        start -= len(next(word for word in ABOUT if sentence.endswith(word, 0, start)))
    if text == "一" and NOT_ONE.search(sentence[:start]):
        return None  # 没有接到一件申请
    if value is None or (not unit and 1900 < value < 2100):
        return None
    if myriad and unit == "元":
        unit = myriad + unit
    elif myriad:
        value = number(text + myriad) if myriad != "千" else value * 1000
    qualifier = "approximate" if is_about or early or more or chinese_more else ""
    if to:
        qualifier = f"range {text}-{to}"
    return None if value is None else Mention(start, end, value, unit, qualifier)


def _own(reach: str) -> str:
    """The words since the number before, without those that still belong to it (3件予以公开，2件…)."""
    boundary = BOUNDARY.search(reach)
    return reach[boundary.start() :] if boundary else reach


def label_of(reach: str) -> str:
    """The words that name a number: the clause before it, or the one before that where the clause only leads over (，全年共)."""
    return _label_in(reach[-FURTHEST_BEFORE:])


@lru_cache(maxsize=2048)  # the same words stand before another number in each report
def _label_in(reach: str) -> str:
    for clause in reversed(CLAUSE.split(reach)):
        label = TAIL.sub("", clause).lstrip("、和及与 ")
        if label and not CONNECTIVE.fullmatch(label):
            return label
    return ""


@lru_cache(maxsize=4096)
def change_in(label: str) -> re.Match[str] | None:
    """The words of change that end a label (较上年增加, 同比下降), or None."""
    if not MAY_CHANGE.search(label):
        return None
    for match in CHANGE.finditer(label):
        if match["up"] or match["down"]:
            return match
    return None


def time_of(mention: Mention, years: frozenset[int]) -> str:
    """this, other or all (several years): what the nearest time word before the number says."""
    for time in reversed(mention.times):
        kind = time.lastgroup
        if kind == "base" or time["compare"]:
            continue
        if kind in ("day", "asof"):
            return "asof" if kind == "asof" else "this"
        if kind == "since":
            since = YEAR.search(time[0])
            return "this" if since and int(since[0]) in years else "all"
        if kind in ("year", "span"):
            year = YEAR.search(time[0])
            return "this" if not years or not year or int(year[0]) in years else "other"
        return "this" if kind == "this" else "other"
    return "this"
