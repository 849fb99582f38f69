"""The two-way robust residual on series made for the purpose."""

from __future__ import annotations

import numpy as np
import pytest

from compare import anomalies

NOWHERE = np.array([0] * 12)


def steady(seed: int = 3, offices: int = 12, years: int = 7) -> np.ndarray:
    """Counts of offices that keep their level, offices × years."""
    rng = np.random.default_rng(seed)
    level = 800 * rng.lognormal(0, 1, size=(offices, 1))
    return np.round(level * rng.lognormal(0, 0.2, size=(offices, years)))


def test_a_slip_by_ten_is_isolated_and_labelled() -> None:
    x = steady()
    x[4, 3] *= 10
    fitted = anomalies.fit(x, NOWHERE)
    assert fitted.z[4, 3] > 3.5 and fitted.isolation[4, 3] > 3.5
    assert (np.abs(np.delete(fitted.z.ravel(), 4 * 7 + 3)) < 3.5).all()
    power, slip = anomalies.power_of_ten(np.log(x) - np.log(fitted.expected), fitted.scale)
    assert power[4, 3] == 1 and slip[4, 3] > 0 and (slip > 0).sum() == 1


def test_a_year_that_rises_for_all_is_nobodys_anomaly() -> None:
    x = steady()
    x[:, 5] *= 6
    assert (np.abs(anomalies.fit(x, NOWHERE).z) < 3.5).all()


def test_a_new_level_is_not_isolated() -> None:
    x = steady()
    x[2, 4:] *= 8
    fitted = anomalies.fit(x, NOWHERE)
    assert fitted.isolation[2, 4] < 3.5


def test_isolation_is_never_above_z() -> None:
    x = steady(seed=9)
    x[1, 2] *= 30
    fitted = anomalies.fit(x, NOWHERE)
    assert (fitted.isolation <= np.abs(fitted.z) + 1e-12).all()


@pytest.mark.parametrize("zeros", [0.0, np.nan])
def test_fewer_than_three_positive_years_are_not_assessed(zeros: float) -> None:
    x = steady()
    x[0, :5] = zeros
    assert np.isnan(anomalies.fit(x, NOWHERE).z[0]).all()
    assert not np.isnan(anomalies.fit(x, NOWHERE).z[1]).any()


def test_one_office_alone_has_no_peers() -> None:
    x = steady(offices=1)
    x[0, 2] *= 20
    fitted = anomalies.fit(x, np.array([-1]))
    assert (fitted.peers == 0).all() and fitted.z[0, 2] > 3.5


def test_nothing_at_all() -> None:
    fitted = anomalies.fit(np.zeros((3, 7)), np.array([-1, -1, -1]))
    assert np.isnan(fitted.z).all()


def test_densities() -> None:
    from scipy import stats

    t = np.linspace(-5, 5, 11)
    assert anomalies.student6(t) == pytest.approx(stats.t.pdf(t, 6))
    assert anomalies.normal(t, np.array(1.7)) == pytest.approx(stats.norm.pdf(t, scale=1.7))
