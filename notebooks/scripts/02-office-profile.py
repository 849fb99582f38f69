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
# **Reads** `reports.csv`, `offices.csv`, `codebook.csv`, `identities.csv`, `stated.csv`, `facts.parquet` of the folder `out`.
#
# **Leaves behind** `figures/nb-02-office-profile.png` with its CSV in `out`.

# %%
from pathlib import Path

import pandas as pd
from compare import charts, flags, indicators, panel

pd.set_option("display.max_colwidth", None)  # sentences are shown whole
city_panel = panel.load(out, city, district, years=years)
found = flags.make(city_panel, reviews=Path(out).resolve().parent / "reviews.csv")

# %% [markdown]
# ## Which office?
#
# The first of `offices`, where you named one in the parameters; else the one whose flags rank highest; else the first of all. The panel itself
# keeps **all** offices: an office's normal range depends on what its peers did in the same year.

# %%
ranked = [office for office in found["office_id"] if office in city_panel.offices.index]
office = [*offices, *ranked, *city_panel.offices.index][0]
print(office)

# %%
chart = charts.office_profile(city_panel, office, language)
charts.save(chart, Path(out) / "figures", "nb-02-office-profile")
chart.figure

# %% [markdown]
# How to read it:
#
# - The vertical axis is log(1 + x): the step from 10 to 100 is as high as the one from 100 to 1,000, and zero still has a place.
# - The band is the office's **own** normal range: the median of its other years, moved with what its peers did in the same year, plus and minus
#   two of its own spreads. There is a band only where four years have a positive figure.
# - An orange mark lies so far outside (|z| ≥ 3.5) that somebody should look at the page. That is no proof of a mistake.
# - The dotted lines stand where the form changed (2021) and where reconsideration had to come first (2024): a jump there may be law, not error.

# %%
numbers = chart.data.pivot(index="measure", columns="year", values="value")
numbers.dropna(how="all")

# %% [markdown]
# ## Rates, with how sure they are
#
# Each rate comes with numerator, denominator and a 95 % interval. Where `small` is true the denominator is below 10: look at the interval,
# not at the rate. A denominator of 0 gives no rate at all.

# %%
own = charts.profile.office_id_of(city_panel, office)
rates = indicators.indicator(city_panel, "disclosure")
rates.loc[rates["office_id"] == own, ["year", "numerator", "denominator", "value", "low", "high", "small"]]

# %% [markdown]
# ## Its flags
#
# The tier says how far a flag may be trusted, by the proof of the numbers that it stands on.

# %%
found.loc[found["office_id"] == own, ["rank", "year", "check", "tier", "message_zh", "message_en"]]

# %% [markdown]
# **Next**: `03-year-on-year` sets two years of all offices side by side.
