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
# **Reads** `reports.csv`, `offices.csv`, `codebook.csv`, `identities.csv`, `facts.parquet` of the folder `out`.
#
# **Leaves behind** `figures/nb-04-disclosure.png`, `figures/nb-04-outcomes.png` and `figures/nb-04-outcomes-by-office.png`, each with its CSV, in `out`.

# %%
from pathlib import Path

from compare import charts, indicators, panel

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
# An office that lies apart with its whole bar is worth a question: what is asked for there? Demolition files, for instance, are asked for by
# many people and often not held by the street office.

# %%
apart = chart.data.query("not small and (low > numerator.sum() / denominator.sum() or high < numerator.sum() / denominator.sum())") \
    if "low" in chart.data else chart.data
apart

# %% [markdown]
# ## What became of the applications
#
# Six groups of results, comparable in both forms: 其他处理 is one row in form 2019 and three rows in form 2021, added up here.

# %%
chart = charts.outcomes(city_panel, language=language)
charts.save(chart, Path(out) / "figures", "nb-04-outcomes")
chart.figure

# %%
chart = charts.outcomes(city_panel, "office", language)
charts.save(chart, Path(out) / "figures", "nb-04-outcomes-by-office")
chart.figure

# %% [markdown]
# **Next**: `05-anomalies` lists what somebody should look at first.
