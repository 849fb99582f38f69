# ---
# jupyter:
#   jupytext:
#     cell_metadata_filter: tags,-all
#     formats: ipynb,scripts//py:percent
#     notebook_metadata_filter: kernelspec,jupytext,-all
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
# ---

# %% [markdown]
# # 02 Office profile: one office over the years
#
# What did one street office report, year by year, and which of its years look unlike the others?
# **中文**：一个街道历年报告了什么，哪一年与其他年份不同？

# %% tags=["parameters"]
out = "../data/processed"  # the folder that `python -m extract build` wrote
city = ""  # e.g. one city by name; empty: all
district = ""  # a district by name or code; empty: all
offices = []  # offices by name or id; empty: all
years = ""  # "2021", "2019-2025" or "2019,2021"; empty: all
language = "zh"  # of the charts: "zh" or "en"

# %% [markdown]
# **Reads** `reports.csv`, `offices.csv`, `codebook.csv`, `identities.csv`, `stated.csv`, `sections.csv`, `facts.parquet` of the folder `out`.
#
# **Leaves behind** `figures/nb-02-office-profile`, `figures/nb-02-carry-over` and `figures/nb-02-report-card` in `out`, each as PNG, SVG and CSV.

# %%
from pathlib import Path

import pandas as pd
from compare import charts, flags, indicators, panel

pd.set_option("display.max_colwidth", None)  # sentences are shown whole
city_panel = panel.load(out, city, district, years=years)
assessments = flags.assess(city_panel)
found = flags.make(city_panel, assessments, Path(out).resolve().parent / "reviews.csv")

# %% [markdown]
# ## Which office?
#
# The first of `offices`, where you named one in the parameters; else the one whose flags rank highest; else the first of all. The panel itself
# keeps **all** offices: an office's normal range depends on what its peers did in the same year.

# %%
ranked = [office for office in found["office_id"] if office in city_panel.offices.index]
office = [*offices, *ranked, *city_panel.offices.index][0]
own = charts.profile.office_id_of(city_panel, office)
print(own, city_panel.offices.at[own, "office_zh"])

# %%
chart = charts.office_profile(city_panel, office, language)
charts.save(chart, Path(out) / "figures", "nb-02-office-profile")
chart.figure

# %% [markdown]
# How to read it:
#
# - The vertical axis is log(1+x): the step from 10 to 100 is as high as the one from 100 to 1,000, and zero still has a place.
# - The band is the office's **own** normal range: the median of its other years, moved with what its peers did in the same year, plus and minus
#   two of its own spreads. There is a band only where three years have a positive figure.
# - An orange mark is a year that rule D05 or D06 flags: somebody should look at the page. That is no proof of a mistake.
# - × on the axis: no report was read. –: the cell is printed blank, or that year's form does not have it. □: kinds of items were counted in place of
#   decisions, another quantity. None of them is a zero; an open mark is.

# %%
chart.data.pivot(index="measure", columns="year", values="value").dropna(how="all")

# %% [markdown]
# ## Does the ledger balance?
#
# What was carried in and what came in must be decided or carried forward, and the next year has to take up what this one left. Where it does not,
# a diamond says by how much. The break lies between two reports: read both before you ask either.

# %%
chart = charts.carry_over(city_panel, office, language)
charts.save(chart, Path(out) / "figures", "nb-02-carry-over")
chart.figure

# %% [markdown]
# ## Rates, with how sure they are
#
# Each rate comes with numerator, denominator and a 95 % interval. Where `small` is true the denominator is below 10: look at the interval,
# not at the rate. A denominator of 0 gives no rate at all.

# %%
rates = indicators.indicator(city_panel, "disclosure")
rates.loc[rates["office_id"] == own, ["year", "numerator", "denominator", "value", "low", "high", "small"]]

# %% [markdown]
# ## The card of one report
#
# Every check of the report whose flag ranks highest (of the last one, where there is none): ◆ fails, ● holds, ○ cannot be assessed. A check that cannot
# be assessed is no check that holds.

# %%
of_office = city_panel.reports.loc[city_panel.reports["office_id"] == own, "report_id"]
report = [*(r for r in found.loc[found["office_id"] == own, "report_id"] if r), *of_office[::-1]][0]
chart = charts.report_card(city_panel, assessments, report, language)
charts.save(chart, Path(out) / "figures", "nb-02-report-card")
chart.figure

# %%
found.loc[found["office_id"] == own, ["rank", "year", "check", "tier", f"message_{language}"]]

# %% [markdown]
# **Next**: `03-year-on-year` sets two years side by side.
