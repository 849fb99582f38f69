"""Charts: each takes a Panel, speaks `language='zh'` or `'en'`, and returns a Chart (figure, data) that `save`
writes as PNG, SVG and CSV. What cannot be shown is said on the chart."""

from compare.charts.anomaly import anomalies
from compare.charts.card import report_card
from compare.charts.changes import year_on_year
from compare.charts.coverage import coverage
from compare.charts.ledger import carry_over
from compare.charts.likeness import similarity
from compare.charts.outcomes import outcomes, refusal_grounds
from compare.charts.profile import office_profile
from compare.charts.quality import data_quality
from compare.charts.rates import compare_offices, funnel
from compare.charts.style import Chart, save
from compare.charts.wording import text_changes

__all__ = [
    "Chart",
    "anomalies",
    "carry_over",
    "compare_offices",
    "coverage",
    "data_quality",
    "funnel",
    "office_profile",
    "outcomes",
    "refusal_grounds",
    "report_card",
    "save",
    "similarity",
    "text_changes",
    "year_on_year",
]
