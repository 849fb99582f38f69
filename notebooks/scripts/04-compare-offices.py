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
# # 04 Compare offices: rates with their uncertainty
#
# **中文**：比较各街道的比率，并看清有多大把握。

# %% tags=["parameters"]
out = "../data/processed"  # the folder that `python -m extract build` wrote
city = ""  # e.g. one city by name; empty: all
district = ""  # a district by name or code; empty: all
offices = []  # offices by name or id; empty: all
years = ""  # "2021", "2019-2025" or "2019,2021"; empty: all
language = "zh"  # of the charts: "zh" or "en"

# %% [markdown]
# **Reads** `reports.csv`, `offices.csv`, `codebook.csv`, `identities.csv`, `sections.csv`, `facts.parquet`, `grids.parquet` of the folder `out`.
#
# **Leaves behind** `figures/nb-04-disclosure`, `nb-04-funnel`, `nb-04-outcomes`, `nb-04-outcomes-by-office`, `nb-04-grounds` and `nb-04-similarity` in
# `out/figures`, each as PNG, SVG and CSV.

# %%
from pathlib import Path

from compare import charts, indicators, panel, tracing

city_panel = panel.load(out, city, district, offices, years)
indicators.indicators()[["label_en", "label_zh", "numerator", "denominator"]]

# %% [markdown]
# ## The disclosure rate
#
# Granted and partly granted, of all applications decided, all years together. The dot is the rate, the bar its 95 % interval (Wilson), the
# dashed line the rate of all offices. **Where bars overlap widely, the order of the dots means nothing**; that is why no ranks are printed.
# Fewer than 10 applications: grey, at the bottom, not compared.

# %%
chart = charts.compare_offices(city_panel, "disclosure", language)
charts.save(chart, Path(out) / "figures", "nb-04-disclosure")
chart.figure

# %% [markdown]
# From any mark to its cells, in one call: `tracing.trace` lists them, `tracing.pictures` shows the page. Here the topmost dot; choose another row.

# %%
mark = chart.data.iloc[0]
traced = tracing.trace(city_panel, mark, "disclosure") if "office_id" in mark else chart.data
traced.reindex(columns=["year", "label_en", "value", "proof", "place_en"]).head(8) if "label_en" in traced else traced

# %% [markdown]
# ## Outside chance?
#
# A funnel asks one question of every office at once: could its rate come from chance and the ordinary spread between offices? Few cases allow wide
# swings, many do not. Outside the outer limits lies one in five hundred by chance; ask there what is asked for. Demolition files, for instance, are
# asked for by many people and often not held by the street office.

# %%
chart = charts.funnel(city_panel, "disclosure", language=language)
charts.save(chart, Path(out) / "figures", "nb-04-funnel")
chart.figure

# %% [markdown]
# ## What became of the applications, and why they were refused
#
# Six groups of results, comparable in both forms: 其他处理 is one row in form 2019 and three rows in form 2021, added up here. Of the refusals the form
# asks for eight grounds; rows with fewer than 10 are pooled, since a mix of so few says nothing.

# %%
chart = charts.outcomes(city_panel, language=language)
charts.save(chart, Path(out) / "figures", "nb-04-outcomes")
chart.figure

# %%
chart = charts.outcomes(city_panel, "office", language)
charts.save(chart, Path(out) / "figures", "nb-04-outcomes-by-office")
chart.figure

# %%
chart = charts.refusal_grounds(city_panel, language=language)
charts.save(chart, Path(out) / "figures", "nb-04-grounds")
chart.figure

# %% [markdown]
# ## Who writes alike?
#
# The likeness of the prose of a district's offices; shown is the district and year with the most alike pair. Offices of one district share a template,
# so 0.3 to 0.5 is ordinary. The diagonal compares each office with its own report of the year before.

# %%
chart = charts.similarity(city_panel, language=language)
charts.save(chart, Path(out) / "figures", "nb-04-similarity")
chart.figure

# %% [markdown]
# **Next**: `05-anomalies` lists what somebody should look at first.
