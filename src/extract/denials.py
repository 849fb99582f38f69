"""Figures of 0 that are told without a digit: 未收到政府信息公开申请, 行政复议、行政诉讼均未发生."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from extract.mentions import CONNECTIVE, Mention, time_of, times_in
from extract.naming import ABOUT_DISCLOSURE, LIST, Thread, fitting
from extract.phrases import ZERO_TRAIL, Quantity, Vocabulary, vocabulary
from extract.telling import TIMELESS, Figure

ZERO = re.compile(
    r"未曾?(?=[收接发产出因被受有涉新制引提办废作实向对])|没有|不存在|无一(?=[引被提产发涉])|无(?=一[例件起宗])|无(?![法关论理效障偿意故条正纸缝死误锡线缘一须需])|零(?=申请|复议|诉讼|收费|行政|依申请)"
)
ZERO_AFTER = re.compile(
    r"(?P<names>.+?)(?:数量|数|案件|情况)?(?:均|都|皆|全部)?(?:未发生|没有发生|未产生|为零|为无|[均都皆]无|[：:]无|未收到|未出现)$"
)

SAYS_NONE = re.compile(r"为零|都无|均无|：无")
CLAUSES = re.compile(r"(?<=[，；。！])")
DENIABLE = re.compile(r"申请|复议|诉讼|许可|处罚|强制|费|规范性文件|采购|结转|公开|信息")
LAST_WORDS = ("发生", "产生", "零", "无", "收到", "出现")  # those of ZERO_AFTER
# What is denied in one breath with what we count: 投诉举报、行政复议或行政诉讼.
OTHER_TROUBLE = re.compile(
    r"[^，。；：]{0,24}?(?:投诉|举报|申诉|信访|上访|纠纷|争议|仲裁|问责|追责|责任追究|泄密|败诉|检举)(?:举报|申诉|案件|事件|情况|问题|事项|现象|行为|发生|出现|等|件|案|的)*"
)
# An office's own name before what it had none of; whoever did not ask (公民、法人和其他组织).
OWN_NAME = re.compile(r"^[^，。；：、的未无不除]{0,16}?(?=(?:因|就|涉及|有关)?(?:政府)?信息公开|行政复议|行政诉讼)")
ANYBODY = re.compile(
    r"^(?:收到|接到|受理|有|任何|来自|由)*(?:公民|法人|其[他它]组织|企业|单位|个人|群众|自然人|社会公众|申请人|、|和|或者?|及|与|任何|的|人(?=向))+(?=向|提出|提交|申请|要求|请求|的|依)"
)
FAULTS = re.compile(r"不[^、，]{1,4}、(?=不)")  # 因公开不及时、不规范而引发的…
# 针对机关和社区有关信息公开事务的…: whose disclosure it was
ABOUT = re.compile(
    r"^(?:发生|收到|出现|产生)?(?:针对|涉及|关于)[^，。；、]{1,24}?(?=(?:的|有关|相关)*(?:政府)?信息公开)"
)
# An appeal over disclosure, in whatever words: 因违反信息公开规定而出现行政复议
APPEAL = re.compile(
    r"(?:(?!复议|诉讼)[^，。；：、\d]){0,30}?(?:信息公开|政务公开|申请公开|政府信息)(?:(?!复议|诉讼)[^，。；：、\d]){0,16}(?:行政)?"
    rf"(?P<kind>复议|诉讼){ZERO_TRAIL}$"
)
AGAIN = re.compile(r"^(?:也|均|都)?(?:零|无|未发生|没有)")  # 零复议、零诉讼
NOT_DECIDED = re.compile(r"申请|收到|接到|公开|公示")
ASKED = re.compile(r"申请|收到|接到|受理|要求")


def denials_in(sentence: str, mentions: Sequence[Mention]) -> list[tuple[Mention, tuple[Quantity, ...]]]:
    """The clauses without a number that deny something: 未收到政府信息公开申请, 行政复议、行政诉讼均未发生."""
    if not ZERO.search(sentence) and not SAYS_NONE.search(sentence):
        return []
    denials, start = [], 0
    for clause in CLAUSES.split(sentence):
        end = start + len(clause)
        if DENIABLE.search(clause) and not any(start <= mention.start < end for mention in mentions):
            quantities = _denied(clause.strip("，；。！."))
            if quantities:
                before = [time for time in times_in(sentence) if time.end() <= end]
                denials.append((Mention(start, end, 0.0, "", "", label=clause, times=before), quantities))
        start = end
    return denials


def zeros(place: Mention, quantities: Sequence[Quantity], thread: Thread, words: Vocabulary) -> Iterator[Figure]:
    """Figures of 0 that are told without a digit."""
    for quantity in quantities:
        fits = fitting(quantity, place.label, place.label, thread, words)
        if fits and (fits.code in TIMELESS or time_of(place, thread.years) in ("this", "asof")):
            thread.topic, thread.last, thread.presumed = fits.topic, "", False
            yield fits.code, 0.0, "", ""


@lru_cache(maxsize=1024)  # a clause without a number comes back as it is
def _denied(clause: str) -> tuple[Quantity, ...]:
    """The quantities of which the clause says that there were none; () unless every name in its list is known."""
    zero = ZERO.search(clause)
    after = ZERO_AFTER.match(clause) if clause.endswith(LAST_WORDS) else None
    found = _all_known(clause[zero.end() :]) if zero and zero.end() < len(clause) else ()
    if not found and after:
        found = _all_known(OWN_NAME.sub("", after["names"], count=1))
    return tuple([one for one in found if not _something_else(one, clause)])


def _something_else(quantity: Quantity, clause: str) -> bool:
    """Whether the clause denies a request for a thing, or its publication, and not the thing itself (未收到行政许可申请)."""
    if quantity.code == "information_fees":
        return ABOUT_DISCLOSURE.search(clause) is None and "处理费" not in clause
    if quantity.topic == "items":
        return ASKED.search(clause) is not None
    return quantity.topic in ("decisions", "documents") and NOT_DECIDED.search(clause) is not None


@lru_cache(maxsize=1024)  # offices deny the same things in the same words
def _all_known(names: str) -> tuple[Quantity, ...]:
    """The quantities of a list of denied names; () unless every one is known or is some other trouble."""
    words = vocabulary()
    names = ABOUT.sub("", ANYBODY.sub("", FAULTS.sub("", names), count=1), count=1)
    alone = _known(names, words) or _known(CONNECTIVE.sub("", names, count=1), words)
    if alone:
        return (alone,)
    parts = [(part, _known(AGAIN.sub("", part), words)) for part in LIST.split(names) if part]
    if all(quantity or OTHER_TROUBLE.fullmatch(part) for part, quantity in parts):
        return tuple([quantity for _, quantity in parts if quantity])
    return ()


def _known(name: str, words: Vocabulary) -> Quantity | None:
    """The quantity that a denied name names, or None."""
    match = words.zero.match(name)
    if match:
        return words.quantity(match)
    appeal = APPEAL.match(name)
    return words.by_code["reconsiderations" if appeal["kind"] == "复议" else "lawsuits"] if appeal else None
