"""Each figure of each office over the years, with the office's own normal band and the middle of its peers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.anomalies import MEASURES, scores
from compare.panel import Panel

SHOWN = (*MEASURES, "reconsiderations", "documents_issued")
ENOUGH_PEERS = 5
COLUMNS = [
    "office_id", "office", "district_zh", "year", "measure", "value", "low", "high", "peers", "z", "grade", "items",
    "report_id",
]  # fmt: skip


def trajectory(panel: Panel, measure: str) -> pd.DataFrame:
    """A measure as rows office × year with COLUMNS: the printed value (NaN where blank or missing), low and high (own
    normal band), peers (median of the district's offices that year, or of all where fewer than five report), z and
    grade (what D05 and D06 make of it), items (bool: kinds of items were counted in place of decisions, A06: another
    quantity, outside of every comparison), report_id (NA where there is no report)."""
    plain = panel.series(measure)
    frame = scores(panel, measure) if measure in MEASURES else plain.assign(low=np.nan, high=np.nan, z=np.nan, grade="")
    compared = frame["value"].where(frame["value"].notna())
    near, far = compared.groupby([frame["district_zh"], frame["year"]]), compared.groupby(frame["year"])
    middle = near.transform("median").where(near.transform("count") >= ENOUGH_PEERS)
    everyone = far.transform("median").where(far.transform("count") >= ENOUGH_PEERS)
    items = (compared.isna() & plain["value"].notna()).to_numpy(dtype=bool)
    return frame.assign(
        measure=measure, value=plain["value"].to_numpy(dtype=float), peers=middle.fillna(everyone), items=items,
        report_id=plain["report_id"].to_numpy(),
    )[COLUMNS]  # fmt: skip


def trajectories(panel: Panel, office_id: str = "") -> pd.DataFrame:
    """All SHOWN measures, one after the other, of one office or of all."""
    parts = [trajectory(panel, measure) for measure in SHOWN]
    whole = pd.concat(parts, ignore_index=True)
    return whole[whole["office_id"] == office_id].reset_index(drop=True) if office_id else whole
