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
# # 06 Trace a number: where does it stand?
#
# A bar in a chart, a row in a table, a flag: each is made of cells that somebody printed. This notebook walks from a mark back to the page.
# **中文**：从图上的一个点回到原件上的那一格。

# %% tags=["parameters"]
out = "../data/processed"  # the folder that `python -m extract build` wrote
city = ""  # e.g. one city by name; empty: all
district = ""  # a district by name or code; empty: all
offices = []  # offices by name or id; empty: all
years = ""  # "2021", "2019-2025" or "2019,2021"; empty: all
language = "zh"  # of the charts: "zh" or "en"

# %% [markdown]
# **Reads** `reports.csv`, `offices.csv`, `codebook.csv`, `identities.csv`, `stated.csv`, `sections.csv`, `facts.parquet`, `grids.parquet`, `run.json` of the folder
# `out`, and the originals that `run.json` points to.
#
# **Leaves behind** `figures/nb-06-office-profile` in `out`, as PNG, SVG and CSV.

# %%
from pathlib import Path

import pandas as pd
from compare import charts, evidence, flags, panel, tracing

pd.set_option("display.max_colwidth", None)  # sentences are shown whole
city_panel = panel.load(out, city, district, years=years)
found = flags.make(city_panel, reviews=Path(out).resolve().parent / "reviews.csv")

# %% [markdown]
# ## Start from a chart
#
# One office: the first of `offices`, where you named one; else the one whose flags rank highest; else the first of all.

# %%
ranked = [office for office in found["office_id"] if office in city_panel.offices.index]
office = [*offices, *ranked, *city_panel.offices.index][0]
chart = charts.office_profile(city_panel, office, language)
charts.save(chart, Path(out) / "figures", "nb-06-office-profile")
chart.figure

# %% [markdown]
# ## Choose a mark
#
# Every row of `chart.data` is a mark. Here: the one that lies furthest from what the office's other years lead to expect. Change `choice` to look at
# another.

# %%
marks = chart.data.dropna(subset=["value"]).sort_values("z", key=abs, ascending=False, na_position="last")
marks[["office", "year", "measure", "value", "low", "high", "z"]].head(5)

# %% [markdown]
# ## One call: the place on the page
#
# `tracing.pictures` takes a mark of any chart. A PDF or a scan is cropped around the cell. A web page, a Word document or a spreadsheet is drawn again
# from its cells. Of a text file you see the lines. Where the original is not there any more, the picture says so. Marks of other charts stand for many
# cells (an office over the years, a year of all offices): name what you ask for, as in `tracing.pictures(city_panel, mark, "refused")`.

# %%
choice = 0
tracing.pictures(city_panel, marks.iloc[choice])[0]

# %% [markdown]
# ## What is known of it
#
# `raw_text` is what stood there, `value` what was read. `proof` says how sure the reading is, and `other_reading` what a second reading saw where it differed.
# A blank is not a zero: then `value` is missing and `state` says why. A **fact_id** is the report, a slash, the cell; the same id stands in
# `facts.parquet`, in `flags.csv` and on the pages of the site, and it is the same in every run.

# %%
traced = tracing.trace(city_panel, marks.iloc[choice])
traced.iloc[0]

# %% [markdown]
# ## From a flag to its cells
#
# A flag names its facts. This is the first flag of the list that has any; its picture shows the first of them.

# %%
flagged = found[found["fact_ids"].fillna("").ne("")]
flagged[["flag_id", "check", "tier", f"message_{language}"]].head(1)

# %%
flag_facts = [fact_id for text in flagged["fact_ids"].head(1) for fact_id in text.split()] or list(traced["fact_id"])
traced = pd.DataFrame([evidence.trace(out, fact_id) for fact_id in flag_facts[:12]])
traced[[f"label_{language}", "year", "raw_text", "proof", f"place_{language}"]]

# %%
evidence.picture(out, flag_facts[0])

# %% [markdown]
# ## The file itself
#
# When in doubt, the original decides. `source_path` is relative to the folder of the originals; `url` is its published address, where known.

# %%
traced[["source_path", "url"]].drop_duplicates()
