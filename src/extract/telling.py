"""Whether a named number is this report's figure: of this year, of one channel or all, told of decisions and not of a catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract.channels import MEANS, names_more, narrowed
from extract.mentions import Mention, time_of
from extract.naming import INSIDE, NO_THEME, Thread
from extract.phrases import APPEALS, Vocabulary, vocabulary

Figure = tuple[str, float, str, str]  # quantity, value, unit, qualifier

CATALOGUE = re.compile(r"清单|目录|事项库|职权|权力事项|承接|下放|赋权|取消|梳理|认领")
PUBLISHED = re.compile(r"公开|公示|发布|公布|信息")
DECIDED = re.compile(r"作出|办理|办件|实施|查处|立案|办结|受理|决定(?!书)|处理|案件")
ON_DISCLOSURE_AMONG = re.compile(r"其中[^，。；]{0,8}信息公开")  # 行政复议3件，其中涉及政府信息公开的1件
AT_YEARS_END = re.compile(r"截[至止]到?(?:20\d\d年)?12月(?:31日|底)|截[至止]到?20\d\d年(?:年?底|末)")
# 累计275条，新增32条; 累计275条，…，其中本年度新增的政府信息32条
ADDS_NEW = re.compile(r"[条件篇]?[^。\d]{0,14}新增[^。\d减]{0,12}\d")
ADDS_LATER = re.compile(r"(?:本年度?|今年|当年|年内|全年)(?:内|中)?新增[^。\d减]{0,16}\d")
THIS_YEAR = re.compile(r"一年来|全年|今年|本年|年内")
OF_ITS_KIND = re.compile(
    r"[^，。；、]{0,14}?(?:事项|项目|清单|标准|决定|公告|案件|建议|提案|解读|预案|合同|栏目|服务|结果)"
)
ONE_OF_SEVERAL = re.compile(r"[一二三四五六七八九]是|[（(]?\d[)）.、]|第[一二三四五六七八九]，|[①-⑨]")
PERIODIC = re.compile(r"每(?:月|周|季|天|日|个|半)|均(?:(?<=[月日周季]均)|(?<=季度均))(?![为是系已])|平均")
POSTED = re.compile(PUBLISHED.pattern + "|推送|更新|推出|刊|编发|转发|上传|播|张贴|发送|发稿")
MAY_CLASSIFY = re.compile("依申请公开|制|印|产生|形成|生成")
CLASSIFIED = re.compile(
    r"(?<!收到)(?<!受理)(?<!接到)(?<!新收)(?<!办理)(?<!答复)依申请公开的?(?:政府)?(?:信息|文件|公文|类)+(?:为|共|有|计)*\d"
    r"|(?:制发|制作|印发|产生|形成|拟制|生成)(?:各类|的|各种|政府|的)*(?:公文|文件|政府信息|信息)\d"
    r"|主动公开类?\d+[件份]?[，、；]依申请公开类?\d"
    r"|主动公开类?(?:的|有|文件|公文)*\d[^。]{0,40}依申请公开类?(?:的|有|文件|公文)*\d[^。]{0,40}不(?:予)?公开类?(?:的|有|文件|公文)*\d"
)
SORTED = re.compile(r"依申请|不予公开|[制印]发|制作")
OUTCOMES = frozenset(
    f"applications_{code}" for code in ("granted", "partly_granted", "refused", "unavailable", "not_processed")
)
WHOLES = frozenset(("", "items_disclosed", "items_disclosed_cumulative"))
COUNTED_UP = frozenset({"applications_received", "applications_answered", "applications_handled"})
TIMELESS = frozenset({"applications_carried_in", "applications_carried_forward"})


def is_classified(sentence: str) -> bool:
    """Whether the sentence sorts documents by openness (依申请公开信息22条), which tells nothing of applications or disclosure."""
    return MAY_CLASSIFY.search(sentence) is not None and CLASSIFIED.search(sentence) is not None


def told(name: str, mention: Mention, sentence: str, thread: Thread, words: Vocabulary) -> Iterator[Figure]:
    """The figure, if time, channel and subject allow it to be this year's figure of this quantity. Moves the thread on."""
    if not name or PERIODIC.search(mention.reach):
        if thread.rest.startswith("items_disclosed"):
            thread.rest = ""  # 其他 behind a theme means other themes, not other channels
        return
    topic, qualifier, time = words.by_code[name].topic, mention.qualifier, time_of(mention, thread.years)
    if topic == "items":
        name = _of_items(name, time, mention, sentence, thread, words)
        if thread.cumulative:
            time, qualifier = "this", qualifier or "cumulative"
    elif (topic == "decisions" and _merely_published(sentence[: mention.start], mention)) or (
        topic in APPEALS and ON_DISCLOSURE_AMONG.search(sentence, mention.end)
    ):
        name = ""
    if thread.classified and (topic == "items" or name in OUTCOMES) and _sorts(sentence, mention):
        name = ""
    if name in COUNTED_UP and not (
        _is_this_years(mention, time, thread) and _is_whole(name, mention, sentence, thread)
    ):
        name = ""
    thread.rest = _rest(name, topic)
    timely = name in TIMELESS or time in ("this", "asof") or (topic == "documents" and time == "all")
    thread.topic, thread.elsewhere = topic, not timely
    if name and timely:
        thread.last, thread.presumed = name, False
        thread.whole_told = thread.whole_told or topic == "items"
        if topic == "items" and not thread.cumulative:
            thread.whole = max(thread.whole, mention.value)
            if name == "items_disclosed":
                thread.all_told = max(thread.all_told, mention.value)
        thread.parts += mention.value if name.startswith("items_disclosed.") else 0.0
        yield name, mention.value, mention.unit, qualifier
    elif not name:
        thread.last = ""


def _rest(name: str, topic: str) -> str:
    """The quantity that 其他 would mean behind this one: the other channels, outcomes or results; "" where it would mean none."""
    if topic == "applications":
        return "applications_other" if name in OUTCOMES else ""
    return f"{topic if topic in APPEALS else 'items_disclosed'}.other" if "." in name else ""


def _sorts(sentence: str, mention: Mention) -> bool:
    """Whether the words up to the next ； on either side sort documents; a part of the sentence that does not tells of disclosure again."""
    start = sentence.rfind("；", 0, mention.start) + 1
    end = sentence.find("；", mention.end)
    part = sentence[start : end if end >= 0 else len(sentence)]
    return SORTED.search(part) is not None or "信息" not in mention.label


def _of_items(name: str, time: str, mention: Mention, sentence: str, thread: Thread, words: Vocabulary) -> str:
    """The quantity of items disclosed that is meant, or "": of one channel or of all, of this year or of all years."""
    if mention.label.endswith("信息") and not POSTED.search(mention.label[:-2]) and len(words.channels(sentence)) < 2:
        name = ""  # 政府网站信息185条 in a list of themes is no channel
    if name == "items_disclosed" and mention.value:
        name = narrowed(mention, "" if thread.inside else thread.heading_channel, words)
    if name == "items_disclosed" and thread.inside and not thread.cumulative:
        name = ""  # 其中主动公开……: some of the items just told
    if name == "items_disclosed" and time == "this" and _is_a_part(mention, sentence, thread):
        name = ""
    if name == "items_disclosed":
        name = _this_year_or_all(time, mention, sentence, thread)
    elif time == "all" or name in thread.channels_told:
        name = ""  # 网站发布1089条，其专栏发布135条: the second is a part of the first
    thread.channels_told.add(name)
    thread.cumulative = name == "items_disclosed_cumulative"
    return name


def _is_a_part(mention: Mention, sentence: str, thread: Thread) -> bool:
    """Whether a count of items is a part of a larger one that the paragraph told before, or is of its own kind (等13项行政权力事项)."""
    if mention.after and OF_ITS_KIND.match(mention.after):
        return True
    if mention.value < thread.all_told:
        return True
    if thread.channels_told - WHOLES and mention.value != thread.parts and names_more(mention.label, vocabulary()):
        return True  # 网站公开43条，报刊、电视等媒体公开285条
    return mention.value < thread.whole and (
        ONE_OF_SEVERAL.match(sentence) is not None or _is_of_a_theme(mention.label)
    )


def _is_of_a_theme(label: str) -> bool:
    """Whether a theme stands before 公开 (财政专项资金公开信息1条), where who, when or how would stand before a whole."""
    head = label[: max(label.rfind("公开"), 0)].removeprefix("其中")
    return bool(head) and not head.endswith("主动") and not MEANS.search(head) and not NO_THEME.fullmatch(head)


def _is_this_years(mention: Mention, time: str, thread: Thread) -> bool:
    """Whether a count that runs up (累计收到) is told to be this year's, or is none that runs up."""
    if "累计" not in mention.reach or time not in ("this", "asof"):
        return True
    if THIS_YEAR.search(thread.paragraph) or any(f"{year}年" in thread.paragraph for year in thread.years):
        return time == "this"
    return thread.states_period or any(found["year"] or found["this"] or found["span"] for found in mention.times)


def _is_whole(name: str, mention: Mention, sentence: str, thread: Thread) -> bool:
    """Whether a count is no part of the one just told (受理6件，其中街道受理4件)."""
    told_before = thread.counted.setdefault(name, mention.end)
    return told_before >= mention.start or INSIDE.search(sentence, told_before, mention.start) is None


def _merely_published(before: str, mention: Mention) -> bool:
    """Whether decisions are counted as entries of a catalogue, or as information put on show, not as decisions taken."""
    clause = before[max(before.rfind(mark) for mark in "，；：") + 1 :]
    if CATALOGUE.search(clause) or PUBLISHED.search(clause) or PUBLISHED.match(mention.after):
        return True
    decided = DECIDED.search(clause)
    return not decided and (CATALOGUE.search(before) or PUBLISHED.search(before[before.rfind("；") + 1 :])) is not None


def _this_year_or_all(time: str, mention: Mention, sentence: str, thread: Thread) -> str:
    """items_disclosed or items_disclosed_cumulative, or "" where 累计 leaves open which."""
    adds_new = ADDS_NEW.match(sentence, mention.end) or ADDS_LATER.search(sentence, mention.end)
    if "累计" in mention.reach or "历年" in mention.reach or time == "all":
        runs_up = time == "asof" and not (thread.states_period and AT_YEARS_END.search(sentence, 0, mention.start))
        if adds_new or time == "all" or runs_up or "历年" in mention.reach:
            return "items_disclosed_cumulative"
        return "items_disclosed" if time in ("this", "asof") and _is_this_years(mention, time, thread) else ""
    return "items_disclosed"
