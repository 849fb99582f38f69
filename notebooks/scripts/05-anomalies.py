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
# # 05 Anomalies: what should somebody look at first?
#
# **中文**：哪些数字最该先核对？

# %% tags=["parameters"]
out = "../data/processed"  # the folder that `python -m extract build` wrote
city = ""  # e.g. one city by name; empty: all
district = ""  # a district by name or code; empty: all
offices = []  # offices by name or id; empty: all
years = ""  # "2021", "2019-2025" or "2019,2021"; empty: all
language = "zh"  # of the charts: "zh" or "en"

# %% [markdown]
# **Reads** `reports.csv`, `offices.csv`, `codebook.csv`, `identities.csv`, `stated.csv`, `sections.csv`, `facts.parquet` of the folder `out`, and `reviews.csv` beside it.
#
# **Leaves behind** `figures/nb-05-anomalies` in `out`, as PNG, SVG and CSV.

# %%
from pathlib import Path

import pandas as pd
from compare import charts, flags, panel
from compare.rules import REGISTRY

pd.set_option("display.max_colwidth", None)  # sentences are shown whole
city_panel = panel.load(out, city, district, offices, years)
assessments = flags.assess(city_panel)
found = flags.make(city_panel, assessments, Path(out).resolve().parent / "reviews.csv")
flags.summary(assessments, found)

# %% [markdown]
# ## The list
#
# Ranked by tier, severity and strength. **certain**: official figures contradict each other, and both readings of the page agree.
# **priority**: a probable error on proved figures. **review**: one reading only, or a weaker signal. **look**: worth a glance.
# **reading-doubtful**: the doubt is ours, not the office's: it goes to whoever looks after the reading, never to an auditor.

# %%
found[["rank", "tier", "check", "message_zh" if language == "zh" else "message_en", "decision"]].head(25)

# %% [markdown]
# ## Years that stand out
#
# Each point is one office in one year. The position says how far the count lies from what the office's *other* years, moved with its peers,
# lead to expect, measured in the office's own spread (z). Small and grey is ordinary life. Rules D05 and D06 flag what is large and orange: ● review,
# ▲ priority. A priority point also stands apart from the year before and the year after, so it is no new level but a single jump: there a slip of the
# pen is likeliest.

# %%
chart = charts.anomalies(city_panel, language)
charts.save(chart, Path(out) / "figures", "nb-05-anomalies")
chart.figure

# %% [markdown]
# This is a ranked list, not a probability of error. Some of the true slips (two digits swapped) hardly move a count and cannot be seen this
# way at all; some of the largest jumps are reforms.

# %%
chart.data.head(10)

# %% [markdown]
# ## What a rule says, and when it is wrong
#
# Every rule is one function, and its docstring names the usual false positives. Here is the first rule that fired.

# %%
check = found["check"].iloc[0] if len(found) else "A01"
print(REGISTRY[check].source, REGISTRY[check].assess.__doc__, sep="\n\n")

# %% [markdown]
# To decide on a flag, write a line into `reviews.csv` beside the folder `out`: flag_id, decision, reason, by, on. The flag_id is the same in
# every run, so the decision stays with the flag.

# %%
found[["flag_id", "check", "fact_ids"]].head(5)
