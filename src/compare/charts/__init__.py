"""Charts: each takes a Panel, speaks `language='zh'` or `'en'`, and returns a Chart (figure, data) that `save`
writes as PNG and CSV."""

from compare.charts.anomaly import anomalies
from compare.charts.comparison import compare_offices, outcomes, year_on_year
from compare.charts.coverage import coverage, data_quality
from compare.charts.profile import office_profile
from compare.charts.style import Chart, save

__all__ = [
    "Chart",
    "anomalies",
    "compare_offices",
    "coverage",
    "data_quality",
    "office_profile",
    "outcomes",
    "save",
    "year_on_year",
]
