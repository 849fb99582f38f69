"""Which quantity the words around a number name, by the phrases of quantities.csv."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extract.mentions import CONNECTIVE, TAIL, TIME, Mention, label_of
from extract.phrases import APPEALS, Quantity, Vocabulary

LIST = re.compile(r"、|以及|或者|和|(?<!涉)及(?!时)|与|或")
FOREIGN = re.compile(
    r"热线|12345|信访|投诉|举报|留言|来电|问政|信箱|咨询|工单|提案|议案|建议|诉求|阅读|点击|浏览|访问|粉丝|关注|培训|仲裁|调解|编制数|来信来访"
)
NAMED_NOUN = re.compile(r"公开|依申请|信息")
ABOUT_APPLICATIONS = re.compile(r"依申请|公开申请|申请公开")
ABOUT_DISCLOSURE = re.compile(r"信息公开|政务公开|依申请|公开工作|公开申请")
OTHER_APPEALS = re.compile(r"法治|执法|普法|应诉|调解|信访|仲裁|依法行政|复议机关|行政败诉")
CHANNEL = re.compile(
    r"网站|官网|政府网|政务网|微信|公众号|微博|公开栏|公示栏|宣传栏|公告栏|报刊|报纸|新媒体|双微|抖音|视频号|电子屏|显示屏|广播|电视|平台|客户端"
)
BY_CHANNEL = re.compile(r"(?:通过|依托|利用|借助|运用|经|在|以)[^，；]{0,24}$")
OTHER_LEFT = re.compile(r"^(?:其[他它])(?:渠道|方式|途径|形式|情形)?$")
NEWLY_ADDED = re.compile(r"(?:新增|增加|更新)(?:公开|主动公开|信息|政府信息|发布)*$")


@dataclass(slots=True)
class Thread:
    """What the sentences read so far in this paragraph speak of."""

    section: int
    years: frozenset[int]  # the report's year, empty where it is unknown, several where the report contradicts itself
    paragraph: str
    heading: str
    states_period: bool  # the report names its statistical period, so a bare 累计 means that year
    topic: str = ""
    last: str = ""  # the quantity of the number just read, "" where it was not named
    rest: str = ""  # the quantity that 其他 would mean now
    cumulative: bool = False


def named(mention: Mention, thread: Thread, words: Vocabulary) -> str:
    """The quantity that the words around the number name, or "". Moves the thread on."""
    if FOREIGN.search(mention.reach) or FOREIGN.search(mention.after):
        thread.topic = ""
    name = by_label(mention.label, thread, words, mention.value == 0) or _by_after(mention, thread, words)
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


def by_label(label: str, thread: Thread, words: Vocabulary, is_zero: bool) -> Quantity | None:
    """The quantity whose phrase ends the label, parts of the present topic first."""
    if not label:
        return None
    if OTHER_LEFT.match(label) and thread.rest:
        return next((one for one in words.quantities if one.code == thread.rest), None)
    parts = words.parts.get(thread.topic)
    match = (parts.search(label) if parts else None) or words.whole.search(label)
    if not match:
        return None
    before = label[: match.start()]
    if re.search(r"(?:、|和|(?<!涉)及|与|或)$", before) or len(re.findall("复议|诉讼", label)) > 1:
        return None  # a list of names before one number: `_listed` deals with those that are told one by one
    if not is_zero and re.search(r"(?:[未没无]|不)(?:有|能|予|曾)?$", before):
        return None
    return fitting(words.quantity(match), match[0], label, thread)


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
            return fitting(phrase.quantity, label + after[0], label, thread)
    return None


def fitting(quantity: Quantity, phrase: str, label: str, thread: Thread) -> Quantity | None:
    """The quantity, if the paragraph speaks of what the phrase leaves open (收到申请 may be any application; 复议 any reconsideration)."""
    code, context = quantity.code, thread.heading + thread.paragraph
    if quantity.topic == "applications" and not NAMED_NOUN.search(phrase) and thread.topic != "applications":
        return quantity if thread.section == 3 or ABOUT_APPLICATIONS.search(context) else None
    if quantity.topic in APPEALS:
        elsewhere = OTHER_APPEALS.search(thread.paragraph)
        return quantity if thread.section == 4 or (ABOUT_DISCLOSURE.search(context) and not elsewhere) else None
    if code == "applications_received" and not re.search(r"等|共|各", label):
        return (
            None if BY_CHANNEL.search(label.split("收到")[0].split("受理")[0]) and CHANNEL.search(label) else quantity
        )
    return quantity


def listed(
    mentions: Sequence[Mention], index: int, sentence: str, thread: Thread, words: Vocabulary
) -> list[tuple[str, Mention]]:
    """Names and numbers told in two lists (A、B分别为3件和5件), or one zero told of several names (A、B均为0件); [] where neither."""
    first = mentions[index]
    apart = re.search(r"分别(?:为|是|有|达|共|公开|发布|办理)*[：:]?$", first.reach)
    names = [part for part in LIST.split(label_of(first.reach[: apart.start()]) if apart else first.label) if part]
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
        quantity = by_label(TAIL.sub("", name), thread, words, True)
        if not quantity or any(one.unit and one.unit not in quantity.units for one in run):
            thread.topic = topic
            return []
        thread.topic = quantity.topic
        named.append(quantity.code)
    return list(zip(reversed(named), run, strict=True))
