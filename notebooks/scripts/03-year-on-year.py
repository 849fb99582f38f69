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
# # 03 Year on year: what changed between two years?
#
# **中文**：两年之间，哪些街道变化最大？文字改了多少？

# %% tags=["parameters"]
out = "../data/processed"  # the folder that `python -m extract build` wrote
city = ""  # e.g. one city by name; empty: all
district = ""  # a district by name or code; empty: all
offices = []  # offices by name or id; empty: all
years = ""  # "2021", "2019-2025" or "2019,2021"; empty: all
language = "zh"  # of the charts: "zh" or "en"

# %% [markdown]
# **Reads** `reports.csv`, `offices.csv`, `codebook.csv`, `identities.csv`, `sections.csv`, `facts.parquet` of the folder `out`.
#
# **Leaves behind** `figures/nb-03-permits`, `figures/nb-03-applications`, `figures/nb-03-ledger` and `figures/nb-03-text` in `out`, each as PNG, SVG and CSV.

# %%
from pathlib import Path

from compare import charts, panel, rules

city_panel = panel.load(out, city, district, offices, years)
year_from, year_to = city_panel.years[-2:] if len(city_panel.years) > 1 else city_panel.years * 2
print(year_from, "→", year_to)

# %% [markdown]
# ## What may be compared at all
#
# The form changed with the reports for 2021. The table says which cells a measure adds up in each form; where a form has none, that measure
# cannot be followed across 2021. Documents *in force* (2021) and documents *public in total* (2019) are two different things.

# %%
panel.measures()[["label_en", "label_zh", "cells_2019", "cells_2021"]].map(lambda codes: codes if len(codes) < 60 else codes[:57] + "…")

# %% [markdown]
# ## Permits
#
# Each line is an office. ↑ orange rises, ↓ blue falls; only the largest relative changes are named, so that the names can be read. Ask of each:
# did powers move, did the counting change, or was a digit lost?

# %%
chart = charts.year_on_year(city_panel, "permits", year_from, year_to, language)
charts.save(chart, Path(out) / "figures", "nb-03-permits")
chart.figure

# %%
chart.data.head(10)

# %% [markdown]
# ## Applications received
#
# Street offices receive few applications, so a change from 2 to 6 means little. Look at the counts beside the names, not at the slope alone.

# %%
chart = charts.year_on_year(city_panel, "applications_received", year_from, year_to, language)
charts.save(chart, Path(out) / "figures", "nb-03-applications")
chart.figure

# %% [markdown]
# ## Does one year continue the other?
#
# What was carried forward at the end of one year must be what was carried in at the start of the next (D01), and the stock of documents in
# force must follow from last year's (D02). Cross-year rules fail often everywhere, so read them as questions.

# %%
chart = charts.carry_over(city_panel, language=language)
charts.save(chart, Path(out) / "figures", "nb-03-ledger")
chart.figure

# %%
continued = rules.run(city_panel, ["D01", "D02"])
continued.groupby(["check", "status"]).size().unstack(fill_value=0) if len(continued) else "one year only: nothing to continue"

# %% [markdown]
# ## The words of two years
#
# The prose of one office against that of the year before, sentence by sentence. Changed numbers are marked; sentences that are the same are only
# counted. Notice 〔2021〕30号 names near-duplicate reports as a fault, but set phrases recur in honest reports too: read before you judge.

# %%
with_both = city_panel.offices.index[(city_panel.place[:, -2:] >= 0).all(axis=1)]
chart = charts.text_changes(city_panel, [*with_both, *city_panel.offices.index][0], year_to, language)
charts.save(chart, Path(out) / "figures", "nb-03-text")
chart.figure

# %% [markdown]
# **Next**: `04-compare-offices` compares rates between offices.
