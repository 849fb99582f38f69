"""Figures that the prose of a report states: 2021年共收到政府信息公开申请3件，其中予以公开2件。

How a number is named: the words between it and the boundary before it are its label. `reference/quantities.csv` holds, for each
quantity, the phrases that may stand there (`whole`, valid anywhere; `part`, valid only while the text speaks of that topic, as 其中 does).
A label must end in such a phrase, without a word between it and the number that the phrases do not know; else nothing is said. Then the
time (this year, last year, all years together), the unit and the subject must fit. A wrong figure costs more than a missing one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from extract.chinese_numerals import number
from extract.document import Locator
from extract.narrative import Section
from extract.phrases import APPEALS, Vocabulary, vocabulary


class Stated(NamedTuple):
    """One figure stated in prose.

    `value` counts in `unit`, the unit as printed ("" where none is printed); 万 before a counter belongs to the number (1.2万条 is 12000
    条), 万元 is a unit. `sentence` is the sentence as printed. `position` is the paragraph in the document, counted from 1.
    `qualifier` is "", "approximate" (余, 约), "cumulative" (all years together) or "range 10-20" (then `value` is the lower end).
    """

    quantity: str
    value: float
    unit: str
    sentence: str
    section: int
    position: int
    locator: Locator
    qualifier: str = ""


COUNTERS = "人次|条|件|份|篇|次|起|宗|个|项|期|例|则|部|批|封"
NUMBER = re.compile(
    r"(?P<about>大约|将近|约|近|超过|逾|不少于)?"
    r"(?:(?<![\d.,〔\[第/A-Za-z\-])(?P<digits>\d[\d,]*(?:\.\d+)?)(?:(?:-|—|–|~|～|至|到)(?P<to>\d[\d,]*(?:\.\d+)?))?(?P<myriad>[万亿千])?"
    rf"(?P<more>余|多|几)?(?P<unit>{COUNTERS}|元|%|个百分点)?(?![\d年月日号楼室时点分秒岁级届.:\-〕\]A-Za-z]|个百分点)"
    r"|(?<![第统唯专之同单逐进每〇零一二两三四五六七八九十百千])(?P<chinese>[零〇一二两三四五六七八九十百千]+)(?P<chinese_more>余|多|几)?"
    rf"(?P<chinese_unit>{COUNTERS}))"
)
WIDE = str.maketrans("０１２３４５６７８９％．＋－", "0123456789%.+-")
SPACES = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
ASIDE = re.compile(r"《[^《》]*》|〔20\d\d〕\d*号?|[（(][^（）()\d零一二两三四五六七八九十无未]*[）)]|https?://[\w./\-]*|“(?!双微|两微)[^“”\d]{0,16}”|[“”\"]")
SENTENCE = re.compile(r"[^。！？\n]*[。！？\n]*")

WORTH_READING = re.compile(r"公开|申请|复议|诉讼|行政|规范性文件|收费|处理费|采购|信息|结转|办结")
FIGURE = re.compile(rf"\d|[零〇一二两三四五六七八九十](?:{COUNTERS})|未[收接发产出因被受有涉新制]|没有|无|不存在|为零|零[申复诉]")
CLAUSE = re.compile(r"[，；：,;:（）()]")
LIST = re.compile(r"、|以及|或者|和|(?<!涉)及(?!时)|与|或")

TAIL = re.compile(
    r"(?:共计|共有|共|总计|合计|为|是|有|达到|达|分别|均|仅|只|只有|约|总数量|总数|总量|数量|件数|条数|案件数|总条数|总件数|数|量|总共|一共|累计|全年|了|计|[—\-、，])+$"
)
CONNECTIVE = re.compile(
    r"(?:其中|另有|另外|另|其余|还有|有|共|已|并|全年|年内|20\d\d年度?|本年度?|今年|当年|截至目前|我们?|街道|街|办事处|办|局|本|机关|单位|[、，和及与])*"
)
CHANGE = re.compile(
    r"(?P<up>增长|增加|上升|提高|提升|增幅|增多|上涨|多)?(?P<down>下降|减少|降低|降幅|回落|减|少)?(?:了|率|幅度|约|近|为|达到|达|超过|：)*$"
)
COMPARED = r"(?:与|较|比|同|和|跟|相较于?|相比于?|对比)"
LAST_YEAR_WORDS = r"(?:上年|上一年|去年|前一年|往年)度?"
CARRIED = r"(?:结转|转结|转入|遗留|接转)"
TIME = re.compile(
    rf"(?P<compare>{COMPARED}(?:{LAST_YEAR_WORDS}|(?P<base>20\d\d)年度?)(?:同期)?(?:相比|比较|比)?|(?:相比|较之|对比){LAST_YEAR_WORDS}(?:同期)?)"
    r"|(?P<asof>截[至止]到?(?:20\d\d年?)?(?:度)?(?:\d{1,2}月)?(?:\d{1,2}日|底|末)?)"
    r"|(?P<day>20\d\d年\d{1,2}月\d{1,2}日)"
    r"|(?P<month>20\d\d年\d{1,2}月(?:份)?|上半年|下半年|[一二三四1-4]季度|(?<!\d)\d{1,2}月份|\d{1,2}[-—至]\d{1,2}月)"
    rf"|(?P<since>(?:自|从)?20\d\d年.{{0,8}}以来|历年|(?:自|从).{{2,14}}以来)|(?<![至到入])(?P<year>20\d\d)年(?!度?{CARRIED})|(?P<other>(?:{LAST_YEAR_WORDS}|前年)(?!{CARRIED}))|(?P<this>今年|本年|全年|年内|当年)"
)
FOREIGN = re.compile(
    r"热线|12345|信访|投诉|举报|留言|来电|问政|信箱|咨询|工单|提案|议案|建议|诉求|阅读|点击|浏览|访问|粉丝|关注|培训|仲裁|调解|编制数|来信来访"
)
CATALOGUE = re.compile(r"清单|目录|事项库|职权|权力事项|承接|下放|赋权|取消|梳理|认领")
PUBLISHED = re.compile(r"公开|公示|发布|公布|信息")
CLASSIFIED = re.compile(
    r"(?<!收到)(?<!受理)(?<!接到)(?<!新收)(?<!办理)(?<!答复)依申请公开的?(?:政府)?(?:信息|文件|公文|类)+(?:为|共|有|计)*\d"
    r"|(?:制发|制作|印发|产生|形成|拟制|生成)(?:各类|的|各种|政府|的)*(?:公文|文件|政府信息|信息)\d"
)
NAMED_NOUN = re.compile(r"公开|依申请|信息")
ABOUT_APPLICATIONS = re.compile(r"依申请|公开申请|申请公开")
ABOUT_DISCLOSURE = re.compile(r"信息公开|政务公开|依申请|公开工作|公开申请")
OTHER_APPEALS = re.compile(r"法治|执法|普法|应诉|调解|信访|仲裁|依法行政|复议机关|行政败诉")
CHANNEL = re.compile(r"网站|官网|政府网|政务网|微信|公众号|微博|公开栏|公示栏|宣传栏|公告栏|报刊|报纸|新媒体|双微|抖音|视频号|电子屏|显示屏|广播|电视|平台|客户端")
BY_CHANNEL = re.compile(r"(?:通过|依托|利用|借助|运用|经|在|以)[^，；]{0,24}$")
OTHER_LEFT = re.compile(r"^(?:其[他它])(?:渠道|方式|途径|形式|情形)?$")
NEWLY_ADDED = re.compile(r"(?:新增|增加|更新)(?:公开|主动公开|信息|政府信息|发布)*$")

ZERO = re.compile(
    r"(?:尚|从|均|也|都)?未曾?(?=[收接发产出因被受有涉新制引提办废作实])|没有|不存在|无(?![法关论理效障偿意故条正纸缝死误锡线缘一须需])|零(?=申请|复议|诉讼|收费|行政|依申请)"
)
ZERO_AFTER = re.compile(r"(?P<names>.+?)(?:数量|数|案件|情况)?(?:均|都|皆|全部)?(?:未发生|没有发生|未产生|为零|为无|[均都皆]无|[：:]无|未收到|未出现)$")
OUTLINE_LINE = re.compile(r"\s*(?:（[一二三四五六七八九十]+）|[（(]?\d{1,2}[)）.．、]|[一二三四五六七八九十]、)")
WRAPPED = re.compile(r"[^。！？；：:;]$")
TIMELESS = frozenset({"applications_carried_in", "applications_carried_forward"})
TITLE_YEAR = re.compile(r"(20\d\d)\s*年?度?[^，。]{0,30}(?:公开|工作)[^，。]{0,10}(?:报告|年报)|统计(?:期限|时限|时间)[^，。]{0,8}(20\d\d)\s*年")


@dataclass(slots=True)
class Thread:
    """What the sentences read so far in this paragraph speak of."""

    section: int
    year: int | None
    paragraph: str
    heading: str
    topic: str = ""
    last: str = ""  # the quantity of the number just read, "" where it was not named
    family: str = ""  # of the last part read: channel, outcome or result, so that 其他 can be told
    cumulative: bool = False


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
    times: list[re.Match[str]] = field(default_factory=list)  # the time words before it, the nearest last


def stated_figures(sections: Sequence[Section], year: int | None = None) -> list[Stated]:
    """Every figure that the prose states, in reading order; the same quantity and value only once, contradicting values each.

    `year` is the report's year where the caller knows it; else it is taken from the title or the statistical period, where they tell it.
    Figures of another year are not stated figures of this report.
    """
    words = vocabulary()
    if year is None:
        year = _title_year(sections)
    figures: dict[tuple[str, float], Stated] = {}
    for section in sections:
        heading = ""
        for text, position, locator in _flowing(section):
            if len(text) <= 40 and OUTLINE_LINE.match(text) and "。" not in text:
                heading = text
            if not (FIGURE.search(text) and WORTH_READING.search(text)):
                continue
            thread = Thread(section.number, year, text, heading, "applications" if section.number == 3 else "")
            for sentence in SENTENCE.findall(text):
                if not FIGURE.search(sentence):
                    continue
                for quantity, value, unit, qualifier in _figures(sentence, thread, words):
                    stated = Stated(
                        quantity, value, unit, sentence.strip(), section.number, position, locator, qualifier
                    )
                    figures.setdefault((quantity, value), stated)
    return list(figures.values())


def flat_agreement(stated: Stated, flat_lines: Iterable[str]) -> str:
    """`agreed` where the second reading of the document holds the figure's sentence, white space aside; else `single`."""
    return agreement(stated, squeezed(flat_lines))


def squeezed(flat_lines: Iterable[str]) -> str:
    """The second reading without any white space: make it once per document, then ask `agreement` for each figure."""
    return "".join("".join(line.split()) for line in flat_lines)


def agreement(stated: Stated, squeezed_text: str) -> str:
    """`agreed` or `single`, against text that `squeezed` made."""
    sentence = "".join(stated.sentence.split())
    return "agreed" if sentence and sentence in squeezed_text else "single"


def _title_year(sections: Sequence[Section]) -> int | None:
    """The year in the title or in the statistical period, where the first lines tell one."""
    for section in sections[:2]:
        for paragraph in section.paragraphs[:8]:
            match = TITLE_YEAR.search("".join(paragraph.text.split()))
            if match:
                return int(match[1] or match[2])
    return None


def _flowing(section: Section) -> Iterator[tuple[str, int, Locator]]:
    """The section's paragraphs, lines of one hard-wrapped paragraph joined; with the place of the first line."""
    text, position, locator = "", 0, None
    for paragraph, place in zip(section.paragraphs, section.positions, strict=True):
        line = paragraph.text
        if text and len(line) > 3 and len(text) >= 20 and WRAPPED.search(text) and not OUTLINE_LINE.match(line):
            text += line
            continue
        if text and locator:
            yield text, position, locator
        text, position, locator = line.rstrip(), place, paragraph.locator
    if text and locator:
        yield text, position, locator


def _figures(printed: str, thread: Thread, words: Vocabulary) -> Iterator[tuple[str, float, str, str]]:
    """(quantity, value, unit, qualifier) for each figure of one sentence as printed."""
    sentence = printed.translate(WIDE).strip()
    if " " in sentence or "\u3000" in sentence or "\xa0" in sentence:
        sentence = SPACES.sub("", sentence)
    sentence = ASIDE.sub("", sentence)
    classified = bool(CLASSIFIED.search(sentence))
    mentions = _mentions(sentence)
    index = 0
    while index < len(mentions):
        mention = mentions[index]
        listed = _listed(mentions, index, sentence, thread, words)
        if listed:
            for name, one in listed:
                yield from _told(name, one, sentence, thread, classified)
            index += max(1, len({one.start for _, one in listed}))
            continue
        if mention.unit == "%":
            yield from _changed(mention, thread, words)
        elif not _change(mention.label):
            name = _named(mention, thread, words)
            yield from _told(name, mention, sentence, thread, classified)
        index += 1
    yield from _zeros(sentence, mentions, thread, words)


def _mentions(sentence: str) -> list[Mention]:
    """The numbers of the sentence in order, each with its words."""
    times = list(TIME.finditer(sentence))
    mentions: list[Mention] = []
    previous = 0
    for match in NUMBER.finditer(sentence):
        mention = _mention(match, sentence)
        if not mention:
            continue
        mention.times = [time for time in times if time.end() <= mention.start]
        mention.reach = sentence[previous : mention.start]
        mention.label = _label(_own(mention.reach) if mentions else mention.reach)
        boundary = CLAUSE.search(sentence, mention.end)
        mention.after = sentence[mention.end : boundary.start() if boundary else len(sentence)]
        mentions.append(mention)
        previous = mention.end
    return mentions


def _mention(match: re.Match[str], sentence: str) -> Mention | None:
    """The number as a value with its unit; None for a number that counts nothing (a year, a table's bare cell)."""
    digits = match["digits"]
    text = digits or match["chinese"]
    value = number(text)
    if value is None:
        return None
    unit = match["unit"] or match["chinese_unit"] or ""
    start, end = match.span()
    if not unit:
        follows = sentence[end : end + 2]
        if not (follows == "" or follows[0] in "，。；、）！,;)" or follows in ("申请", "相比")) or 1900 < value < 2100:
            return None
        if not re.search(r"[，。；]", sentence):
            return None
    myriad = match["myriad"] or ""
    if myriad and unit == "元":
        unit = myriad + unit
    elif myriad:
        value = number(text + myriad) if myriad != "千" else value * 1000
    qualifier = "approximate" if match["about"] or match["more"] or match["chinese_more"] else ""
    if match["to"]:
        qualifier = f"range {digits}-{match['to']}"
    return None if value is None else Mention(start, end, value, unit, qualifier)


def _own(reach: str) -> str:
    """The words since the number before, without those that still belong to it (3件予以公开，2件…)."""
    boundary = re.search(r"[、，；：,;:（()）]", reach)
    return reach[boundary.start() :] if boundary else reach


def _label(reach: str) -> str:
    """The words that name a number: the clause before it, or the one before that where the clause only leads over (，全年共)."""
    for clause in reversed(CLAUSE.split(reach[-90:])):
        label = TAIL.sub("", clause).lstrip("、和及与 ")
        if label and not CONNECTIVE.fullmatch(label):
            return label
    return ""


def _named(mention: Mention, thread: Thread, words: Vocabulary) -> str:
    """The quantity that the words around the number name, or "". Moves the thread on."""
    if FOREIGN.search(mention.reach):
        thread.topic = ""
    name = _by_label(mention.label, thread, words, mention.value == 0) or _by_after(mention, thread, words)
    if not name and thread.cumulative and thread.topic == "items" and NEWLY_ADDED.search(mention.label):
        name = words.quantities[0]
    if not name and mention.times and CONNECTIVE.fullmatch(TIME.sub("", mention.label).rstrip("的")):
        return ""  # 与上年的60条相比: the number it is compared with leaves the thread as it is
    if not name or (mention.unit and mention.unit not in name.units):
        if FOREIGN.search(mention.label) or re.search(r"收到|受理|接到|办理|开展|召开", mention.label):
            thread.topic = ""
        thread.last = ""
        return ""
    return name.code


def _by_label(label: str, thread: Thread, words: Vocabulary, is_zero: bool) -> Quantity | None:
    """The quantity whose phrase ends the label, parts of the present topic first."""
    if not label:
        return None
    if OTHER_LEFT.match(label) and thread.family:
        return next((one for one in words.quantities if one.code == thread.family), None)
    parts = words.parts.get(thread.topic)
    match = (parts.search(label) if parts else None) or words.whole.search(label)
    if not match:
        return None
    before = label[: match.start()]
    if re.search(r"(?:、|和|(?<!涉)及|与|或)$", before):
        return None  # a list of names before one number: `_listed` deals with those that are told one by one
    if not is_zero and re.search(r"(?:[未没无]|不)(?:有|能|予|曾)?$", before):
        return None
    return _fitting(words.quantity(match), match[0], label, thread)


def _by_after(mention: Mention, thread: Thread, words: Vocabulary) -> Quantity | None:
    """The quantity that the words behind the number name (5件予以公开, 收到3件申请)."""
    if not mention.after or not words.any_after.match(mention.after):
        return None
    label = "" if CONNECTIVE.fullmatch(mention.reach.lstrip("，；：（、")) else mention.label
    for phrase in words.inner:
        if phrase.topic and phrase.topic != thread.topic:
            continue
        after = phrase.after.match(mention.after)
        if after and phrase.before.search(label):
            return _fitting(phrase.quantity, label + after[0], label, thread)
    return None


def _fitting(quantity: Quantity, phrase: str, label: str, thread: Thread) -> Quantity | None:
    """The quantity, if the paragraph speaks of what the phrase leaves open (收到申请 may be any application; 复议 any reconsideration)."""
    code, context = quantity.code, thread.heading + thread.paragraph
    if quantity.topic == "applications" and not NAMED_NOUN.search(phrase) and thread.topic != "applications":
        return quantity if thread.section == 3 or ABOUT_APPLICATIONS.search(context) else None
    if quantity.topic in APPEALS:
        elsewhere = OTHER_APPEALS.search(thread.paragraph)
        return quantity if thread.section == 4 or (ABOUT_DISCLOSURE.search(context) and not elsewhere) else None
    if code == "applications_received" and not re.search(r"等|共|各", label):
        return None if BY_CHANNEL.search(label.split("收到")[0].split("受理")[0]) and CHANNEL.search(label) else quantity
    return quantity


def _told(
    name: str, mention: Mention, sentence: str, thread: Thread, classified: bool
) -> Iterator[tuple[str, float, str, str]]:
    """The figure, if time, channel and subject allow it to be this year's figure of this quantity."""
    if not name:
        return
    topic = name.split(".")[0] if name.split(".")[0] in APPEALS else ""
    qualifier, time = mention.qualifier, _time(mention, thread)
    before = sentence[: mention.start]
    if name.startswith("items_disclosed"):
        topic = "items"
        if mention.label.endswith("信息") and not PUBLISHED.search(mention.label[:-2]) and len(set(CHANNEL.findall(sentence))) < 2:
            name = ""  # 政府网站信息185条 in a list of themes is no channel
        name = _of_channels(name, mention)
        if name == "items_disclosed":
            name = _this_year_or_all(time, mention, sentence, thread)
        elif time == "all":
            name = ""
        thread.cumulative = name == "items_disclosed_cumulative"
        if thread.cumulative:
            time, qualifier = "this", qualifier or "cumulative"
        thread.family = "items_disclosed.other" if "." in name else ""
    elif name.startswith("applications"):
        topic = "applications"
        outcome = name in {f"applications_{code}" for code in ("granted", "partly_granted", "refused", "unavailable", "not_processed")}
        thread.family = "applications_other" if outcome else ""
    elif topic:
        thread.family = f"{topic}.other" if "." in name else ""
    else:
        topic, thread.family = {"p": "decisions", "c": "decisions", "d": "documents"}.get(name[0], ""), ""
        topic = "procurement" if name.startswith("procurement") else topic
        if topic == "decisions" and _merely_published(before, mention):
            name = ""
    if classified and (name.startswith("items_disclosed") or name in {"applications_granted", "applications_partly_granted", "applications_refused"}):
        name = ""
    timely = name in TIMELESS or time in ("this", "asof")
    thread.topic = topic if timely else ""
    thread.last = name if name and timely else ("" if name else thread.last)
    if name and timely:
        yield name, mention.value, mention.unit, qualifier


def _merely_published(before: str, mention: Mention) -> bool:
    """Whether decisions are counted as entries of a catalogue, or as information put on show, not as decisions taken."""
    clause = re.split(r"[，；：]", before)[-1]
    return bool(CATALOGUE.search(before) or PUBLISHED.search(clause) or PUBLISHED.match(mention.after))


def _time(mention: Mention, thread: Thread) -> str:
    """this, other or all (several years): what the nearest time word before the number says."""
    for time in reversed(mention.times):
        kind = time.lastgroup
        if kind == "base" or time["compare"]:
            continue
        if kind in ("day", "asof"):
            return "asof" if kind == "asof" else "this"
        if kind == "since":
            since = re.search(r"20\d\d", time[0])
            return "this" if since and thread.year == int(since[0]) else "all"
        if kind == "year":
            return "this" if thread.year in (None, int(time["year"])) else "other"
        return "this" if kind == "this" else "other"
    return "this"


def _this_year_or_all(time: str, mention: Mention, sentence: str, thread: Thread) -> str:
    """items_disclosed or items_disclosed_cumulative, or "" where 累计 leaves open which."""
    adds_new = re.match(r"[条件篇]?[^。\d]{0,14}新增[^。\d减]{0,12}\d", sentence[mention.end :])
    if "累计" in mention.reach or "历年" in mention.reach or time == "all":
        if adds_new or time in ("all", "asof") or "历年" in mention.reach:
            return "items_disclosed_cumulative"
        explicit = any(found["year"] or found["this"] for found in mention.times)
        return "items_disclosed" if explicit and time == "this" else ""
    return "items_disclosed"


def _of_channels(name: str, mention: Mention) -> str:
    """items_disclosed narrowed to the one channel that the words before it go through, or "" where they name several but not all."""
    if name != "items_disclosed" or mention.value == 0:
        return name
    clauses = CLAUSE.split(mention.reach)
    own = clauses[-1]
    channels = CHANNEL.findall(own)
    if not channels and len(clauses) > 1 and (through := BY_CHANNEL.search(clauses[-2])):
        own, channels = through[0], CHANNEL.findall(through[0])
    if not channels or re.search(r"等|各|多种", own):
        return name
    if len(set(channels)) > 1 and not re.search(r"、|和|及|与", own):
        channels = channels[-1:]
    if len(set(channels)) > 1:
        return name if re.search(r"共|全年|主动公开", mention.reach) else ""
    for code, words_ in ONE_CHANNEL:
        if re.search(words_, channels[0]):
            return code
    return ""


ONE_CHANNEL = (
    ("items_disclosed.website", r"网站|官网|政府网|政务网"),
    ("items_disclosed.wechat", r"微信|公众号"),
    ("items_disclosed.weibo", r"微博"),
    ("items_disclosed.bulletin_board", r"栏"),
    ("items_disclosed.newspaper", r"报"),
    ("items_disclosed.new_media", r"新媒体|双微"),
)


def _change(label: str) -> re.Match[str] | None:
    """The words of change that end a label (较上年增加, 同比下降), or None."""
    for match in CHANGE.finditer(label):
        if match["up"] or match["down"]:
            return match
    return None


def _listed(
    mentions: Sequence[Mention], index: int, sentence: str, thread: Thread, words: Vocabulary
) -> list[tuple[str, Mention]]:
    """Names and numbers told in two lists (A、B分别为3件和5件), or one zero told of several names (A、B均为0件); [] where neither."""
    first = mentions[index]
    apart = re.search(r"分别(?:为|是|有|达|共|公开|发布|办理)*[：:]?$", first.reach)
    names = [part for part in LIST.split(_label(first.reach[: apart.start()]) if apart else first.label) if part]
    run = [first]
    if apart:
        for earlier, later in zip(mentions[index:], mentions[index + 1 :], strict=False):
            if not re.fullmatch(r"[、，和及与]*", sentence[earlier.end : later.start]):
                break
            run.append(later)
    elif first.value == 0 and len(names) > 1:
        run = [first] * len(names)
    if len(names) < 2 or len(run) != len(names):
        return []
    topic, named = thread.topic, []
    for name in reversed(names):  # the last name carries the noun: 政府网站、微信公众号公开信息
        quantity = _by_label(TAIL.sub("", name), thread, words, True)
        if not quantity or any(one.unit and one.unit not in quantity.units for one in run):
            thread.topic = topic
            return []
        thread.topic = quantity.topic
        named.append(quantity.code)
    return list(zip(reversed(named), run, strict=True))


def _changed(mention: Mention, thread: Thread, words: Vocabulary) -> Iterator[tuple[str, float, str, str]]:
    """The year-on-year change in percent, signed, of the figure just told or of the quantity that the label itself names."""
    change = _change(mention.label)
    if not change or "环比" in mention.reach or "占" in mention.reach or "率" in mention.reach:
        return
    base = next((time["base"] for time in reversed(mention.times) if time["compare"]), None)
    if base and thread.year and int(base) != thread.year - 1:
        return
    subject = re.sub(r"同比|同期|相比|比较", "", TIME.sub("", mention.label[: change.start()]))
    subject = TAIL.sub("", subject)
    last = thread.last
    if subject and not CONNECTIVE.fullmatch(subject):
        quantity = _by_label(subject, thread, words, False)
        last = quantity.code if quantity else ""
    if last and last not in TIMELESS:
        yield f"{last}.change_percent", -mention.value if change["down"] else mention.value, "%", mention.qualifier


def _zeros(
    sentence: str, mentions: Sequence[Mention], thread: Thread, words: Vocabulary
) -> Iterator[tuple[str, float, str, str]]:
    """Figures of 0 that are told without a digit: 未收到政府信息公开申请, 行政复议、行政诉讼均未发生."""
    if not ZERO.search(sentence) and not re.search(r"为零|[都均]无|：无", sentence):
        return
    start = 0
    for clause in re.split(r"(?<=[，；。！])", sentence):
        end = start + len(clause)
        if not any(start <= mention.start < end for mention in mentions):
            before = [time for time in TIME.finditer(sentence) if time.end() <= end]
            place = Mention(start, end, 0.0, "", "", times=before)
            for quantity in _denied(clause.strip("，；。！"), words):
                fitting = _fitting(quantity, clause, clause, thread)
                if fitting and _time(place, thread) in ("this", "asof"):
                    thread.topic, thread.last = fitting.topic, ""
                    yield fitting.code, 0.0, "", ""
        start = end


def _denied(clause: str, words: Vocabulary) -> list[Quantity]:
    """The quantities of which the clause says that there were none; [] unless every name in its list is known."""
    zero = ZERO.search(clause)
    after = ZERO_AFTER.match(clause)
    if zero and zero.end() < len(clause):
        found = _all_known(clause[zero.end() :], words)
        if found:
            return found
    return _all_known(after["names"], words) if after else []


def _all_known(names: str, words: Vocabulary) -> list[Quantity]:
    alone = words.zero.match(names) or words.zero.match(CONNECTIVE.sub("", names, count=1))
    if alone:
        return [words.quantity(alone)]
    parts = [words.zero.match(part) for part in LIST.split(names) if part]
    return [words.quantity(part) for part in parts if part] if all(parts) else []
