"""Which quantity the words around a number name, by the phrases of quantities.csv."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from extract.channels import SENT_ON, by_channel, channel_of, follow_channel
from extract.mentions import CLAUSE, CONNECTIVE, TAIL, Mention, label_of, without_times
from extract.phrases import APPEALS, Quantity, Vocabulary, vocabulary

LIST = re.compile(r"、|以及|或者|和|及(?<!涉及)(?!时)|与|或")
FOREIGN = re.compile(
    r"热线|12345|信访(?!举报投诉类)|投诉(?!类)|举报(?!投诉类)|留言|来电|问政|信箱|咨询|工单|提案|议案|建议|诉求|阅读|点击|浏览|访问|粉丝|关注|培训|仲裁|调解|编制数|来信来访|接待|群众来信"
)
NAMED_NOUN = re.compile(r"公开|依申请|信息")
ABOUT_APPLICATIONS = re.compile(r"依申请|公开申请|申请公开")
ABOUT_DISCLOSURE = re.compile(r"信息公开|政务公开|依申请|公开工作|公开申请")
OTHER_APPEALS = re.compile(r"法治|执法|普法|应诉|调解|信访|仲裁|依法行政|复议机关|行政败诉")
INSIDE = re.compile(r"其中|包括|包含|含|分别|涵盖|涉及")
OPENS_BREAKDOWN = ("其中", "包括", "主要", "具体")
BREAKS_DOWN = re.compile(
    r"其中|包括|主要(?:包括|有|为|是)|具体(?:包括|为|是|有)?[：，]"
)  # a sentence of its own: 63条。其中：公告15条
SUM = re.compile(r"(?:总计|合计|共计|总共|共)$")
EACH = re.compile(r"(?:各|均|都)(?:为|是|有)?$")
ENDS_EACH = ("各", "均", "都", "为", "是", "有")
APART = re.compile(r"分别(?P<verb>[^，。；：:\d]{0,14})[：:]?$")
WHOLE_LEDGER = frozenset({"applications_received", "applications_answered", "applications_handled"})
ONLINE = frozenset({"items_disclosed.website"})
OTHER_WAY = re.compile(r"线下|电话|书面")  # a way of asking beside others: what came that way is not the whole
# 网上政府信息公开申请件22件: what came in one way
WAY_ASKED = re.compile(
    r"(?:(?P<online>网上|网络|在线|线上)|(?P<letter>信函|邮寄|来信|书信)|(?P<email>电子邮件)|(?P<in_person>当面|现场))(?:的|提交|提出|递交|方式|形式|受理|接收|收到)*$"
)
BESIDE_WRITING = re.compile(r"网[上络]|线上|在线|当面|电子邮件|邮箱|平台")
LEAD_IN = re.compile(r"(?:^|[，；。、])([^，；：。、\d]{2,16}?)(?:(?:方面|情况|工作|数量|如下)+[：:，]|[：:])[^：:]*$")
MAY_LEAD_IN = re.compile(r"[：:面况作量下](?:(?<=[：:])|，)")
LEAD_TOPICS = (
    ("documents", re.compile(r"规范性文件")),
    ("procurement", re.compile(r"采购")),
    ("applications", re.compile(r"依申请|公开申请|申请公开")),
    ("items", re.compile(r"主动公开")),
)
# What may be told first beneath a heading: wholes, not the parts of something told before.
FIRST_TOLD = frozenset({
    "items_disclosed", "applications_received", "applications_answered", "applications_handled", "applications_carried_in",
    "applications_carried_forward", "documents_issued", "documents_repealed", "documents_effective", "procurement_items", "procurement_amount",
})  # fmt: skip
OTHER_KIND = re.compile(r"收到|受理|接到|办理|开展|召开|复议|诉讼|起诉")
IN_A_LIST = ("、", "和", "及", "与", "或")  # ends a name before another
NEGATED = re.compile(r"(?:[未没无]|不)(?:有|能|予|曾)?$")
WEAK = "信息公开"
# What may stand before a weak name: who and when, but no theme (财政预决算信息公开4条).
NO_THEME = re.compile(
    r"(?:20\d\d年度?|全年|本年度?|年度?|共|累计|各类|各项|主动|政府|政务|[^，。；：、\d]{0,8}(?:街道办事处|街道|镇|乡|街|办|局|区|县|市)|我|本|的|中)*"
)
BARE = re.compile(r"依申请公开(?:工作|事项|件|请求)*")
NO_REQUEST = re.compile(r"制|印|发文|文件|公文|主动|不予|信息|清理|梳理|属性|类")
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
    classified: bool = False  # the sentence sorts documents by openness
    topic: str = ""
    presumed: bool = False  # a heading or a lead-in says the topic, no figure has yet
    elsewhere: bool = False  # the figure just read is another year's
    sentence: str = ""
    last: str = ""  # the quantity of the number just read, "" where it was not named
    rest: str = ""  # the quantity that 其他 would mean now
    cumulative: bool = False
    heading_channel: str = ""  # the channel of which the heading above speaks
    channels_named: int = 0  # in this sentence
    channel: str = ""  # the one channel that the sentence speaks of (通过微信公众号…, 公众号…), its quantity
    whole: float = 0.0  # the largest number of items that the paragraph has told, of one channel or all
    all_told: float = 0.0  # … of all channels together
    parts: float = 0.0  # what the channels told in this sentence add up to
    whole_told: bool = False  # the sentence has told items, of all channels together or of one
    channels_told: set[str] = field(default_factory=set)  # in this sentence
    counted: dict[str, int] = field(
        default_factory=dict
    )  # in this sentence: counts of applications, and where they end
    inside: bool = False  # … and now tells what is among them (其中)
    first: bool = True  # no number of the sentence has been named yet

    def begin_sentence(self, sentence: str, channels_named: int) -> None:
        """Forget what holds within one sentence only."""
        self.sentence = sentence
        if self.elsewhere:
            self.topic, self.elsewhere = "", False
        self.channels_named, self.channel, self.parts = channels_named, "", 0.0
        breaks_down = sentence.startswith(OPENS_BREAKDOWN) and BREAKS_DOWN.match(sentence) is not None
        self.whole_told, self.inside, self.first = breaks_down and self.last.startswith("items_disclosed"), False, True
        self.channels_told.clear()
        self.counted = dict.fromkeys(self.counted, 0) if breaks_down else {}


def named(mention: Mention, thread: Thread, words: Vocabulary) -> str:
    """The quantity that the words around the number name, or "". Moves the thread on."""
    if FOREIGN.search(mention.reach) or FOREIGN.search(mention.after):
        thread.topic = ""
    lead = LEAD_IN.search(mention.reach) if MAY_LEAD_IN.search(mention.reach) else None
    if lead and (topic := topic_of(lead[1])) and topic != thread.topic:
        thread.topic, thread.presumed = topic, True
    thread.inside = thread.inside or (thread.whole_told and INSIDE.search(mention.reach) is not None)
    name = (
        (_by_after(mention, thread, words) if _begins_clause(mention) else None)
        or by_label(mention.label, thread, words, mention.value == 0)
        or _by_after(mention, thread, words)
    )
    if thread.channels_named:
        thread.channel = follow_channel(thread.channel, mention.reach, words)
        name = (
            name
            or by_channel(mention, "" if thread.inside else thread.channel, words)
            or _by_sum(mention, thread, words)
        )
    thread.first = False
    if not name and thread.cumulative and thread.topic == "items" and NEWLY_ADDED.search(mention.label):
        name = words.by_code["items_disclosed"]
    if not name and mention.times and CONNECTIVE.fullmatch(without_times(mention.label).rstrip("的")):
        return ""  # 与上年的60条相比: the number it is compared with leaves the thread as it is
    if name and name.code == "applications_received" and mention.unit == "条" and mention.label.endswith("依申请公开"):
        name = None  # 依申请公开12条 counts information
    if not name or (mention.unit and mention.unit not in name.units):
        _lose_topic(mention.label, thread)
        return ""
    return name.code


def _lose_topic(label: str, thread: Thread) -> None:
    """What a number that names no quantity does to the topic: another kind of thing ends it, 清理规范性文件 opens one."""
    if FOREIGN.search(label) or OTHER_KIND.search(label):
        thread.topic = ""
    if topic := topic_of(label):
        thread.topic, thread.presumed = topic, True
    thread.last = ""


def topic_of(lead: str) -> str:
    """The topic that a lead-in announces (规范性文件方面：…), "" where it announces none that we know."""
    return next((topic for topic, nouns in LEAD_TOPICS if nouns.search(lead)), "")


def _by_sum(mention: Mention, thread: Thread, words: Vocabulary) -> Quantity | None:
    """All channels together: 总计# behind channels that add up to it."""
    if thread.parts and mention.value == thread.parts and not mention.label and SUM.search(mention.reach):
        return words.by_code["items_disclosed"]
    return None


def by_label(label: str, thread: Thread, words: Vocabulary, is_zero: bool) -> Quantity | None:
    """The quantity whose phrase ends the label, parts of the present topic first."""
    if not label:
        return None
    if thread.rest and OTHER_LEFT.match(label):
        return words.by_code.get(thread.rest)
    match = _phrase_at_end(label, thread.topic) if thread.topic else None
    if match and not _may_be_told(words.quantity(match), thread):
        match = None
    match = match or _phrase_at_end(label, "")
    if not match:
        return None
    before = label[: match.start()]
    if _is_in_a_list(before.removesuffix("各类").removesuffix("各级")) and "." in words.quantity(match).code:
        match = _phrase_at_end(label, "") or match  # 公众号、各类新闻媒体公开信息: the last of several channels
        before = label[: match.start()]
    if _is_in_a_list(before) or label.count("复议") + label.count("诉讼") > 1:
        return None  # a list of names before one number: `_listed` deals with those that are told one by one
    if before and (before[-1] in "拟待应需须" or (not is_zero and NEGATED.search(before[-2:]))):
        return None
    return fitting(words.quantity(match), match[0], label, thread, words)


def _is_in_a_list(before: str) -> bool:
    """Whether these words before a name end as a list goes on."""
    return before.endswith(IN_A_LIST) and not before.endswith("涉及")


@lru_cache(maxsize=2048)  # most labels stand before another number in each report
def _phrase_at_end(label: str, topic: str) -> re.Match[str] | None:
    """The phrase that ends the label: a part of the topic, or one that is valid anywhere where the topic is ""."""
    words = vocabulary()
    phrases = words.parts.get(topic) if topic else words.whole
    return phrases.search(label) if phrases else None


def _may_be_told(part: Quantity, thread: Thread) -> bool:
    """Whether a part may be told now: beneath the heading 依申请公开, 来信12件 is no application while none has been told at all."""
    if not thread.presumed or part.code in FIRST_TOLD:
        return True
    return part.topic == "items" and thread.channels_named > 1


def _begins_clause(mention: Mention) -> bool:
    """Whether nothing that could name the number stands before it in its clause (均已办结，2件结转下年度)."""
    if mention.label and mention.reach.endswith(mention.label):
        return False
    own = CLAUSE.split(mention.reach)[-1].lstrip("、")
    if "余" in own:  # 其余3件: what they are the rest of may be told before
        own = mention.reach.lstrip("，；：（、")
    return CONNECTIVE.fullmatch(own) is not None


def _by_after(mention: Mention, thread: Thread, words: Vocabulary) -> Quantity | None:
    """The quantity that the words behind the number name (5件予以公开, 收到3件申请)."""
    if not mention.beyond or not words.any_after.match(mention.beyond):
        return None
    label = "" if _begins_clause(mention) else mention.label
    for phrase in words.inner:
        if phrase.topic and (phrase.topic != thread.topic or not _may_be_told(phrase.quantity, thread)):
            continue
        after = phrase.after.match(mention.beyond)
        if after and phrase.before.search(label):
            return fitting(phrase.quantity, label + after[0], label, thread, words)
    return None


def fitting(quantity: Quantity, phrase: str, label: str, thread: Thread, words: Vocabulary) -> Quantity | None:
    """The quantity, if the paragraph speaks of what the phrase leaves open (收到申请 may be any application; 复议 any reconsideration)."""
    code = quantity.code
    if quantity.topic == "applications" and not NAMED_NOUN.search(phrase) and thread.topic != "applications":
        told = thread.section == 3 or thread.last.startswith(("items_disclosed", "applications"))
        return quantity if told or ABOUT_APPLICATIONS.search(thread.heading + thread.paragraph) else None
    if quantity.topic in APPEALS:
        return quantity if thread.section == 4 or _on_disclosure(thread) else None
    if code in WHOLE_LEDGER and (way := channel_of(label[: max(label.find(phrase), 0)], words)):
        return (
            words.by_code["applications_received.online"] if way in ONLINE and code == "applications_received" else None
        )
    if quantity.topic == "items" and SENT_ON.search(label):
        return None
    if code == "applications_received" and (asked := WAY_ASKED.search(label[: max(label.find(phrase), 0)])):
        return words.by_code[f"applications_received.{asked.lastgroup}"]
    if code in WHOLE_LEDGER and phrase.endswith("各类申请"):
        return None  # of which those for information are some
    if code in WHOLE_LEDGER and OTHER_WAY.search(label) and BESIDE_WRITING.search(thread.sentence):
        return None
    if phrase == WEAK and not (thread.first and NO_THEME.fullmatch(label.removesuffix(phrase))):
        return None
    if BARE.fullmatch(phrase) and (thread.classified or NO_REQUEST.search(label.removesuffix(phrase))):
        return None
    return quantity


def _on_disclosure(thread: Thread) -> bool:
    """Whether appeals are those over disclosure: the sentence says so, or the paragraph does and speaks of no others."""
    if ABOUT_DISCLOSURE.search(thread.sentence):
        return OTHER_APPEALS.search(thread.sentence) is None
    about = ABOUT_DISCLOSURE.search(thread.heading + thread.paragraph) is not None
    return about and OTHER_APPEALS.search(thread.paragraph) is None


def listed(
    mentions: Sequence[Mention], index: int, sentence: str, thread: Thread, words: Vocabulary
) -> list[tuple[str, Mention]]:
    """Names and numbers told in two lists (A、B分别为3件和5件), or one zero told of several names (A、B均为0件); [] where neither."""
    first = mentions[index]
    apart = APART.search(first.reach) if "分别" in first.reach else None
    label = label_of(first.reach[: apart.start()]) if apart else first.label
    if not apart and label.endswith(ENDS_EACH):
        label = EACH.sub("", label)
    names = _names_in(label)
    run = [first]
    if apart:
        for earlier, later in zip(mentions[index:], mentions[index + 1 :], strict=False):
            if sentence[earlier.end : later.start].strip("、，和及与"):
                break
            run.append(later)
    elif len(names) > 1 and (EACH.search(first.reach) or (first.value == 0 and not _is_one_name(first, thread, words))):
        run = [first] * len(names)
    if len(names) < 2 or len(run) != len(names):
        return []
    topic, named = thread.topic, []
    for name in reversed(names):  # the last name carries the noun: 政府网站、微信公众号公开信息
        quantity = _listed_name(name, apart["verb"] if apart else "", thread, words)
        if not quantity or any(one.unit and one.unit not in quantity.units for one in run):
            thread.topic = topic
            return []
        thread.topic = quantity.topic
        named.append(quantity.code)
    return list(zip(reversed(named), run, strict=True))


@lru_cache(maxsize=4096)
def _names_in(label: str) -> tuple[str, ...]:
    """The names of a list (A、B和C)."""
    return tuple([part for part in LIST.split(label) if part])


def _is_one_name(mention: Mention, thread: Thread, words: Vocabulary) -> bool:
    """Whether the label is one name in spite of its 和 (收到和处理依申请公开0件)."""
    return "、" not in mention.label and by_label(mention.label, thread, words, True) is not None


def _listed_name(name: str, verb: str, thread: Thread, words: Vocabulary) -> Quantity | None:
    """The quantity of one name of a list, with the words that follow the whole list (分别公开政府信息)."""
    channels = words.channels(name)
    if len(channels) == 1 and (words.told.search(TAIL.sub("", name + verb)) or thread.topic == "items"):
        return channels[0]
    name = TAIL.sub("", name)
    return by_label(TAIL.sub("", name + verb), thread, words, True) or by_label(name, thread, words, True)
