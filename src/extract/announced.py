"""The office that the prose of a report names as its own, where no title, signature or publisher does: who drew the report up, whose report
is announced, whom to ask about it, and last who does something in its first sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extract import owner
from extract.gazetteer import LETTER
from extract.imprint import LABELLED_LINE
from extract.titles import bare

_GOVERNMENT = r"(?:人民)?政府(?:办公室|办公厅)?"
_STREET = r"街道办事处|街办事处|街道办|街办|街道|地区办事处|(?<=[^大])街"
_TOWN = rf"(?:(?<!城)镇|(?<!城)乡|苏木)(?:{_GOVERNMENT})?"
_DEPARTMENT = (
    r"(?<![邮当结布格])局|委员会|管委会|(?<=[健革教])委|(?<=[^客餐食车大])厅|分局|支队|大队|管理处|事务中心|服务中心"
)
_OFFICE = rf"(?:{_STREET}|{_TOWN}|{_DEPARTMENT}|{_GOVERNMENT})"
# The unit inside an office that holds the pen or answers the telephone: 党政综合办公室, 政府信息公开领导小组办公室.
_UNIT = (
    r"(?:党工委|党委|党政|党建|综合|行政|政务|政府|信息|公开|宣传|事务|管理|服务|工作|领导|小组|机关|办公|文秘|秘书"
    r"|督考|督查|督办|考核|考评|法制|法规|政策|监督|审批|人事|组织|财务|后勤|公共|网络|新闻|便民|群众|中心|室|办|科|股|处|站)*"
)
_YEAR = r"(?:(?:20|二)[\d〇○零一二三四五六七八九]{2,3}年度?)"
_NAME = rf"(?![年度]){LETTER}{{2,40}}?"

# 由X街道党政办公室编制; 由X局根据…编制
_DRAWN_UP = re.compile(
    rf"由(?P<name>{_NAME}{_OFFICE}){_UNIT}(?:负责)?(?:组织)?(?:编制|编写|撰写|起草|编撰|编纂|汇编|根据|依据|按照|结合)"
)
# 现公布X局2023年政府信息公开…报告; 编制2023年度X镇政府信息公开…报告; 现将X街道2023年政府信息公开工作情况报告如下
_ANNOUNCED = re.compile(
    rf"(?:公布|发布|公开|编制|编写|制定|撰写|形成|现将|报告)了?《?(?P<before>{_YEAR})?(?P<name>{_NAME}(?:{_OFFICE}|办公室))(?P<after>{_YEAR})?(?:关于)?(?:20\d\d年度?)?的?"
    r"(?:政府|政务)?信息公开.{0,8}?(?:报告|年报|情况)(?!.{0,6}(?:通知|要求|格式|编制))"
)
# X局编制了2023年度政府信息公开工作年度报告
_WRITES = re.compile(
    rf"(?:^|[,。;:])(?P<name>{_NAME}{_OFFICE})(?:特|现)?(?:向社会)?(?:编制|发布|公布|撰写|形成)了?{_YEAR}.{{0,4}}(?:政府)?信息公开.{{0,8}}报告"
)
_ANNOUNCED_SIMPLY = re.compile(
    rf"(?:本报告由|现将|现(?:向社会)?(?:予以)?(?:公布|发布|公开)|特(?:向社会)?公布)(?P<name>{LETTER}{{3,40}}?)"
    r"(?=(?:20|二)[\d〇○零一二三四五六七八九]{2,3}年|根据|按照|依据|编制)"
)
# 请与X街道办事处党政办公室联系: whoever answers for a report writes it.
_ASKED = re.compile(
    rf"(?:请|可)(?:及时|直接)?(?:与|联系|向|致电|咨询):?(?P<name>{_NAME}(?:{_STREET}|{_TOWN}|{_DEPARTMENT}|(?<=[区县市旗]){_GOVERNMENT})){_UNIT}"
    r"(?:联系|咨询|反映|垂询|\(|,|。|;|$)"
)
# X街道认真贯彻…, 2023年,X镇人民政府严格按照…
_DOES = re.compile(
    rf"(?:^|[,。;:])(?:{_YEAR},?|截至\w{{2,14}},)?(?P<name>{_NAME}(?:{_STREET}|{_TOWN}|分局|(?<=.{{4}})(?<![邮当结布格])局|(?<=.{{4}})(?:厅|委员会)|管委会))(?=(?:党工委)?(?:"
    r"认真|严格|深入|始终|坚持|高度重视|按照|积极|紧紧围绕|紧扣|切实|全面|持续|不断|根据|依据|依法|坚决|围绕|充分|贯彻|扎实|进一步|结合|以习近平"
    r"|共?主动公开|共?公开政|政府信息公开|信息公开|共?收到|共?受理|共?办理|共?处理|共?发布|未收到|未接到|没有收到|严把|着力|聚焦|立足|牢固|加强|强化|规范|通过|依托|利用|累计|在(?=.{0,24}(?:公开|发布))"
    r"))"
)
_ASIDE = re.compile(rf"(?<=区)\({LETTER}{{1,6}}\)(?={LETTER})")  # X高新区(Y)财政局
# Whoever keeps the site, and answers for the report of a whole district or city.
_KEEPS_SITE = re.compile(r"政务服务|大数据|行政审批|政务公开|信息中心|机关事务")
_FIRST_LINES, _LINES_OF_DEEDS = 8, 16
_NOBODY = re.compile(
    r"^(?:在|从|对|向|与|为|由|经|按|将|把|以|和|及|各|全|本|我|该|其|某|结合|按照|根据|上级|国务院|中华人民共和国|相关|有关|请|通过|依托|针对|围绕)|[我本][街镇乡局委办区县市]"
)


def office_told(opening: Sequence[str]) -> str:
    """The office's name as the first paragraphs tell it, "" where they name none. The surest kind of sentence is asked first."""
    lines = [_ASIDE.sub("", bare(line[:LABELLED_LINE])) for line in opening[:_LINES_OF_DEEDS]]
    for pattern, among in (
        (_DRAWN_UP, lines[:_FIRST_LINES]),
        (_ANNOUNCED, lines[:_FIRST_LINES]),
        (_WRITES, lines[:_FIRST_LINES]),
        (_ANNOUNCED_SIMPLY, lines[:_FIRST_LINES]),
        (_ASKED, lines[:_FIRST_LINES]),
        (_DOES, lines),
    ):
        name = next(_names(pattern, among), "")
        if name:
            return name
    return ""


def _names(pattern: re.Pattern[str], lines: Sequence[str]) -> Iterator[str]:
    """What the sentences name, if it is somebody: not 我局 or 区政府, and with a year where a report is announced."""
    for line in lines:
        for match in pattern.finditer(line):
            groups = match.groupdict()
            name = groups["name"]
            if "before" in groups and not (groups["before"] or groups["after"]):
                continue
            if (
                _NOBODY.search(name)
                or (pattern is _ASKED and _KEEPS_SITE.search(name))
                or re.match(r"[区县市省州镇乡](?:人民)?政府", name)
            ):
                continue
            if owner.owner_of(name).key or owner.owner_of(name).mentions:
                yield name
