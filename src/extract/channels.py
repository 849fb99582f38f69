"""Through which channel information was published, as the words before a number say: 门户网站公开120条, 公众号保持更新，全年推送信息312条."""

from __future__ import annotations

import re
from functools import lru_cache

from extract.mentions import CLAUSE, Mention
from extract.phrases import Quantity, Vocabulary, vocabulary

MEANS = re.compile(r"通过|依托|利用|借助|运用|运营|运维|开设|开通|用好|经|在|以|于")
# What may stand before a channel that is the subject of its clause.
SUBJECT_LEAD = re.compile(
    r"(?:同时|此外|另外|其中|另|还有|[一二三四五六七八九]是|\d[.、]|我们?|本|街道办事处|街道|街|办|镇|乡|局|区|市|县|级|的|[^，；：、\d]{1,12}(?:人民政府|街道办事处|街道|镇|乡|局)|全年|20\d\d年度?|年度?|共|、)*"
)
TENDS = re.compile(r"更新|维护|建设|完善|管理|运营|加强|做好|优化|改版")  # 实时更新局门户网站…
TENDED = re.compile(r"(?:建设|管理|运营|维护|栏目建设|平台建设|阵地)(?!的)")
OTHER_MEANS = re.compile(r"平台|客户端|系统|APP|专栏|栏目|子站|网页")
# 等渠道, 等 right behind a channel, 各平台: more channels than are named
MANY = re.compile(
    r"各(?:种|类)?(?:渠道|平台|媒体|方式|途径|形式|载体)|多(?:种|个|样)?(?:渠道|平台|媒体|方式|途径|形式|载体)"
    r"|等(?:多|各|公开|宣传|线上|线下|网络|新闻|官方|政务|主要|信息|传统|新)*(?:种|个|类)?(?:渠道|平台|媒体|方式|途径|形式|载体|阵地)"
)
# Between a channel and what it published: a noun that says what the number counts, a theme or a part of the site (网站的部门动态信息发布49篇).
THEME = re.compile(
    r"(?:信息|动态|文件|目录|栏目|专栏|内容|领域|方面|类|解读|公告|事项|新闻|稿件)$|(?:公开|发布|推送|更新|公示|刊登|上传)了?[^，。；]{3,}$"
)
# What was sent to somebody else's channel or taken over by it: 上报市政府网站信息, 被省政府网站采用
SENT_ON = re.compile(
    r"上报|报送|投稿|供稿|选送|推荐|被[^，。；]{2,14}(?:采用|录用|转载|采纳)|向[^，。；]{1,10}(?:报送|推送|提供)"
)
AND_OTHERS = re.compile(r"[^，；]{0,6}等(?!各类|方面|领域|信息|内容|事项)")
A_NUMBER_OF_THEM = re.compile(r"[^\d，]{0,3}\d")  # 电子屏3块
JOINED = re.compile(r"、|和|及|与")
SAYS_NOTHING = re.compile(
    r"(?:各类|政务|政府|公开|相关|有关|的)*(?:信息|消息|文章|推文|图文|内容|稿件|短视频|视频|文件|公文|其中|以上|左右|[。！？、；]|$)"
)
BESIDE_ANOTHER = re.compile(r"[^，；：、\d]{2,}(?:、|和|及|与)$")  # 宣传册、电子屏: one that we do not know
CHECKED = re.compile(r"核查|检查|排查|巡查|清理|整改|抽查|监测|纠正|删除|修正")


@lru_cache(maxsize=4096)  # headings and the words before numbers come back in other reports
def channels_in(clause: str) -> tuple[str, ...]:
    """The quantities of the channels that a clause publishes through, each once; those that it builds or tends left out."""
    words = vocabulary()
    found = [match for match in words.channel.finditer(clause) if not TENDED.match(clause, match.end())]
    if found and BESIDE_ANOTHER.search(clause, 0, found[0].start()):
        return words.quantity(found[0]).code, ""
    if found and AND_OTHERS.match(clause, found[-1].end()):
        return ()
    return tuple(dict.fromkeys([words.quantity(match).code for match in found]))


def names_more(clause: str, words: Vocabulary) -> bool:
    """Whether the clause says that there are more channels than it names (通过网站等渠道)."""
    ends = [match.end() for match in words.channel.finditer(clause)]
    return MANY.search(clause) is not None or bool(ends and AND_OTHERS.match(clause, ends[-1]))


def channel_of(clause: str, words: Vocabulary) -> str | None:
    """The quantity of the one channel that a clause goes through or has for its subject; "" where it has several; None where none."""
    found = words.channel.search(clause)
    if not found or A_NUMBER_OF_THEM.match(clause, found.end()):
        return None
    before = clause[: found.start()]
    if not MEANS.search(before) and (
        TENDS.search(before) or not SUBJECT_LEAD.fullmatch(before) or TENDED.match(clause, found.end())
    ):
        return None
    codes = channels_in(clause)
    return codes[0] if len(codes) == 1 and not names_more(clause, words) else ""


def follow_channel(channel: str, reach: str, words: Vocabulary) -> str:
    """The channel that the sentence speaks of behind these words: the last one they go through, else the one it spoke of before."""
    for clause in reversed(CLAUSE.split(reach)):
        now = channel_of(clause, words)
        if now is not None:
            return now
    return channel


def by_channel(mention: Mention, channel: str, words: Vocabulary) -> Quantity | None:
    """The channel's quantity where the label only says that something was published there, and counts nothing of its own kind."""
    told = words.told.search(mention.label) if mention.unit else None
    if not told:
        return None
    before = mention.label[: told.start()]
    if mention.after and not SAYS_NOTHING.match(mention.after):
        return None  # 网站发布了72条政策解读: something of its own kind
    if CHECKED.search(before) or SENT_ON.search(before) or names_more(before, words):
        return None
    if mention.label.endswith("公告") and channels_in(before)[:1] != ("items_disclosed.bulletin_board",):
        return None
    if "法定主动公开" in mention.label:
        return None  # a part of every site, and not what was published there
    if (last := _last_channel(before, words)) and THEME.search(before, last.end()):
        return None
    codes = channels_in(before) or ((channel,) if channel and "等" not in told[0] else ())
    found = words.by_code[codes[0]] if len(codes) == 1 else None
    return found if found and mention.unit in found.units else None


def _last_channel(text: str, words: Vocabulary) -> re.Match[str] | None:
    """The last channel that the text names."""
    last = None
    for last in words.channel.finditer(text):  # noqa: B007
        pass
    return last


def narrowed(mention: Mention, heading: str, words: Vocabulary) -> str:
    """items_disclosed, or the one channel that the words before the number go through; "" where they name several but not all."""
    clauses = CLAUSE.split(mention.reach)
    own = clauses[-1]
    if names_more(own, words):
        return "items_disclosed"
    codes = channels_in(own)
    if not codes and len(clauses) > 1 and channel_of(clauses[-2], words) is not None:
        own = clauses[-2]
        codes = channels_in(own)
    if names_more(own, words):
        return "items_disclosed"
    if not codes:
        other = OTHER_MEANS.search(words.channel.sub("", own)) and MEANS.search(own)
        return "" if other else heading or "items_disclosed"
    if len(codes) > 1 and not JOINED.search(own):
        codes = codes[-1:]
    if len(codes) > 1:
        return "items_disclosed" if re.search(r"共|全年|主动公开|累计", mention.reach) else ""
    return codes[0]
