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
# # 01 Coverage: what is there, and how well was it read?
#
# Before any figure is compared, two questions: which reports are there, and can their numbers be trusted?
# **中文**：先看有哪些报告、读得准不准，再谈比较。
#
# The next cell holds the parameters: change them and run everything again (Run → Run All Cells).

# %% tags=["parameters"]
out = "../data/processed"  # the folder that `python -m extract build` wrote
city = ""  # e.g. one city by name; empty: all
district = ""  # a district by name or code; empty: all
offices = []  # offices by name or id; empty: all
years = ""  # "2021", "2019-2025" or "2019,2021"; empty: all
language = "zh"  # of the charts: "zh" or "en"

# %% [markdown]
# **Reads** `reports.csv`, `offices.csv`, `codebook.csv`, `identities.csv`, `stated.csv`, `sections.csv`, `facts.parquet`, `issues.csv` of the folder `out`.
#
# **Leaves behind** `figures/nb-01-coverage` and `figures/nb-01-data-quality` in `out`, each as PNG, SVG and CSV.

# %%
from pathlib import Path

import pandas as pd
from compare import charts, flags, panel

pd.set_option("display.max_colwidth", None)  # sentences are shown whole
city_panel = panel.load(out, city, district, offices, years)
assessments = flags.assess(city_panel)
found = flags.make(city_panel, assessments, Path(out).resolve().parent / "reviews.csv")
print(len(city_panel.reports), "reports of", len(city_panel.offices), "offices,", city_panel.years)

# %% [markdown]
# ## Every office, every year
#
# One row per office, one column per year. A crossed empty box is a report that is **not among the files read**: it may never have been
# published, not have been collected, or not be readable, so look into `issues.csv` before you blame anyone. A dot marks a report that came after
# 31 January. That is the date which article 49 of the Regulations sets for departments; street offices report under local orders,
# so for them it is a reference date, no breach.
#
# Colour and sign are the gravest flag of the report (◆ certain, ▲ priority, ● review, ○ look), the number says how many flags it has. Dotted lines
# stand where the form changed (2021) and where reconsideration had to come first (2024).

# %%
chart = charts.coverage(city_panel, found, language)
charts.save(chart, Path(out) / "figures", "nb-01-coverage")
chart.figure

# %% [markdown]
# The same as a table: how many reports each year has, of how many expected. `chart.data` is always the data behind the picture.

# %%
chart.data.groupby("year").agg(expected=("expected", "sum"), found=("found", "sum"), late=("late", "sum"), flags=("flags", "sum"))

# %% [markdown]
# ## How well was it read?
#
# Above: every printed cell, by its proof. *Verified* cells are confirmed by the form's own arithmetic, *agreed* ones by a second reading made
# by another way; a *single* reading is weaker, and where two readings *differ* nobody is accused of anything until a person has looked.
# Below: what each check could say. What fails stands at the left, where small shares can be compared; pale means **not assessable**: a blank
# is never taken for a zero.

# %%
chart = charts.data_quality(city_panel, assessments, language)
charts.save(chart, Path(out) / "figures", "nb-01-data-quality")
chart.figure

# %% [markdown]
# ## What the reading wants you to know
#
# Files that could not be read, numbers that no row of the form claims, labels that nobody knew. Nothing is dropped in silence.

# %%
issues = panel.read_table(Path(out), "issues.csv")
issues["kind"].value_counts().rename("issues").to_frame()

# %%
issues[["source_path", "kind", "message"]].head(10)

# %% [markdown]
# **Try**: set `district` in the parameters and run again. Does one district miss more reports than the others?
#
# **Next**: `02-office-profile` follows one office over the years.
