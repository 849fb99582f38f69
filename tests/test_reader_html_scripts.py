"""Pages of which the browser is shown next to nothing: a script, or a text field, holds the report."""

from __future__ import annotations

import html
import json

import pytest
from official import full_page, numbers, read, values_of


def _in_single_quotes(markup: str) -> str:
    return "'" + markup.replace("\\", "\\\\").replace("'", "\\'").replace("<", "\\x3c") + "'"


SCRIPTED = {
    "JSON": lambda markup: f"<script>window.__STATE__={json.dumps({'article': {'content': markup}})}</script>",
    "JSON, Chinese as it is": lambda markup: f"<script>var data = {json.dumps([markup], ensure_ascii=False)};</script>",
    "JSON in a string of JSON": lambda markup: f"<script>JSON.parse({json.dumps(json.dumps({'body': markup}))})</script>",
    "single quotes": lambda markup: f"<script>document.write({_in_single_quotes(markup)});</script>",
    "a template": lambda markup: f"<SCRIPT>let it\\'s = `{markup}`</SCRIPT>",
    "a text field": lambda markup: f"<textarea style='display:none'>{html.escape(markup)}</textarea>",
}  # fmt: skip


@pytest.mark.parametrize("kind", SCRIPTED)
@pytest.mark.parametrize("navigation", ["", "<ul><li>行政许可</li><li>政府信息公开年报</li></ul>"])
def test_a_page_that_a_script_writes_later(kind: str, navigation: str) -> None:
    values = numbers()
    body = full_page(dict(values)).decode().partition("<body>")[2].partition("</body>")[0].replace("<", "\n<")
    page = f"<html><head><title>雾屿街道办事处2022年政府信息公开工作年度报告</title></head><body>{navigation}{SCRIPTED[kind](body)}</body></html>"
    report = read(page.encode())
    assert values_of(report) == values
    assert report.identity is not None and report.identity.year == 2022
