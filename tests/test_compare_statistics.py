"""Reference values of the statistics: published examples and the values that other implementations give."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from compare import anomalies, funnel, outliers, ranking, shares, surprisal, xmr

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import simple_rules

# set.seed(123); rnorm(20) in R
NORMAL = np.array(
    [-0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621, -1.26506123, -0.68685285, -0.44566197,
     1.22408180, 0.35981383, 0.40077145, 0.11068272, -0.55584113, 1.78691314, 0.49785048, -1.96661716, 0.70135590, -0.47279141]
)  # fmt: skip


@pytest.mark.parametrize(
    ("n", "z", "low", "high"),
    [
        (10, funnel.AMBER, 0.00014, 0.348661),
        (10, funnel.ALARM, 0.0, 0.524951),
        (100, funnel.AMBER, 0.049235, 0.166082),
        (100, funnel.ALARM, 0.027709, 0.210186),
    ],
)
def test_limits_of_a_proportion(n: int, z: float, low: float, high: float) -> None:
    lower, upper = funnel.proportion_limits(np.array([float(n)]), 0.1, z)
    assert lower[0] == pytest.approx(low, abs=2e-6) and upper[0] == pytest.approx(high, abs=2e-6)


@pytest.mark.parametrize(("share", "n"), [(0.58, 8), (0.45, 12), (0.66, 7)])
def test_none_of_n_is_rare_only_from_some_n_on(share: float, n: int) -> None:
    """Why small denominators are not flagged: at the usual shares none of fewer than seven to twelve is no surprise."""
    assert (1 - share) ** n < 0.001 <= (1 - share) ** (n - 1)
    below = np.array([float(funnel.FEWEST_DECIDED - 1)] * 30)
    assert np.isnan(funnel.funnel(np.zeros(30), below).z).all()


def test_overdispersion_follows_its_formula() -> None:
    rng = np.random.default_rng(3)
    n = rng.integers(10, 80, 60).astype(float)
    s = 1 / (2 * np.sqrt(n))
    z = rng.normal(0, 2, 60)
    phi, tau2 = funnel.overdispersion(z, s)
    w = 4 * n
    assert phi == pytest.approx((z**2).mean())
    assert tau2 == pytest.approx((60 * phi - 59) / (w.sum() - (w**2).sum() / w.sum()))


def test_a_funnel_without_spread_has_no_tau_and_finds_the_one_that_differs() -> None:
    rng = np.random.default_rng(1)
    total = np.full(40, 60.0)
    count = rng.binomial(60, 0.5, 40).astype(float)
    count[0] = 5
    made = funnel.funnel(count, total)
    assert made.tau2 < 0.002
    assert np.abs(made.z[0]) > funnel.ALARM and (np.abs(made.z[1:]) < funnel.ALARM).all()


def test_a_funnel_of_few_or_small_units_says_nothing() -> None:
    assert np.isnan(funnel.funnel(np.full(19, 5.0), np.full(19, 10.0)).z).all()
    made = funnel.funnel(np.full(30, 0.0), np.append(np.full(29, 12.0), 9.0))
    assert np.isnan(made.z[29]) and not np.isnan(made.z[0])


def test_own_history_by_hand() -> None:
    count, total = np.array([[2.0, 6.0, 8.0]]), np.array([[10.0, 12.0, 14.0]])
    z, expected = shares.own_history(count, total)
    pooled = 16 / 36
    p = (14 + 8 * pooled) / (26 + 8)
    error = np.sqrt(1 / 40 + 1 / (4 * 34) + 0.01)
    assert expected[0, 0] == pytest.approx(p)
    assert z[0, 0] == pytest.approx((np.arcsin(np.sqrt(0.2)) - np.arcsin(np.sqrt(p))) / error)


def test_own_history_needs_ten_decided_and_another_year() -> None:
    z, _ = shares.own_history(np.array([[2.0, 6.0], [5.0, np.nan]]), np.array([[9.0, 12.0], [20.0, np.nan]]))
    assert np.isnan(z[0, 0]) and not np.isnan(z[0, 1]) and np.isnan(z[1]).all()


OBSERVED = np.array([0, 3, 6, 1, 15, 2, 39, 0, 5, 21.0])


def test_gamma_poisson() -> None:
    expected = np.full(10, 4.7)
    prior = ranking.gamma_prior(OBSERVED, expected)
    assert prior == pytest.approx((0.54387, 0.27785), abs=2e-5)
    mean = [0.1093, 0.7119, 1.3146, 0.3101, 3.1226, 0.5110, 7.9440, 0.1093, 1.1137, 4.3279]
    low = [0.0007, 0.2226, 0.5977, 0.0381, 1.9436, 0.1192, 5.9864, 0.0007, 0.4652, 2.9166]
    assert ranking.posterior_mean(OBSERVED, expected, prior) == pytest.approx(mean, abs=1e-4)
    assert ranking.posterior_quantile(OBSERVED, expected, prior) == pytest.approx(low, abs=1e-4)


def test_benjamini_hochberg_1995() -> None:
    p = np.array(
        [
            0.0001,
            0.0004,
            0.0019,
            0.0095,
            0.0201,
            0.0278,
            0.0298,
            0.0344,
            0.0459,
            0.3240,
            0.4262,
            0.5719,
            0.6528,
            0.7590,
            1.0,
        ]
    )
    adjusted = ranking.adjusted(p)
    assert adjusted[:4] == pytest.approx([0.0015, 0.0030, 0.0095, 0.035625])
    assert adjusted[4] == pytest.approx(0.0603) and adjusted[5] == pytest.approx(0.06386, abs=1e-5)
    assert (adjusted <= 0.05).sum() == 4 and (p * len(p) <= 0.05).sum() == 3
    assert ranking.adjusted(p[::-1]) == pytest.approx(adjusted[::-1])


def test_limits_of_individuals() -> None:
    assert pytest.approx(0.1416238, abs=1e-6) == NORMAL.mean()
    with_error = NORMAL.copy()
    with_error[14] = 10.0
    screened, plain = xmr.limits(with_error), xmr.limits(with_error, screened=False)
    assert xmr.limits(NORMAL)[1:] == pytest.approx((-3.01138, 3.294627), abs=1e-5)
    assert screened[1:] == pytest.approx((-2.383666, 3.722497), abs=1e-5)
    assert plain[1:] == pytest.approx((-4.596625, 5.935456), abs=1e-5)


def test_limits_of_the_vignette() -> None:
    series = np.array([1, 2, 1, 2, 10] + [1, 2] * 6 + [1], dtype=float)
    assert xmr.limits(series).mean == pytest.approx(1.94, abs=0.005)
    assert xmr.limits(series)[1:] == pytest.approx((-0.7156, 4.6044), abs=1e-4)
    assert xmr.limits(series, screened=False)[1:] == pytest.approx((-3.0626, 6.9515), abs=1e-4)


def test_constants_of_individuals() -> None:
    assert pytest.approx(2.6596, abs=1e-4) == 3 / xmr.D2 and xmr.TO_LIMITS == 2.66
    assert pytest.approx(xmr.RANGE_LIMIT, abs=1e-3) == 1 + 3 * 0.8525 / xmr.D2


def test_seven_points_have_no_limits_because_they_cannot_show_a_spike() -> None:
    spike = np.array([10.0, 10, 10, 1e9, 10, 10, 10])
    assert np.isnan(xmr.limits(spike)).all()
    ranges = np.abs(np.diff(spike)).mean()
    assert abs(spike[3] - spike.mean()) < xmr.TO_LIMITS * ranges


def test_modified_z() -> None:
    x = np.array([2676, 2910, 3361, 2801, 26760.0])
    assert simple_rules.modified_z(x) == pytest.approx([-0.674, 0, 1.3, -0.314, 68.747], abs=1e-3)
    assert simple_rules.modified_z(np.log(x)) == pytest.approx([-0.674, 0, 1.159, -0.307, 17.852], abs=1e-3)


def test_surprise_follows_its_formula() -> None:
    """p = min(1, 1/(√(2π)·max(s, 0.4))), s = √(x + (0.3x)²): nothing for 0, and for 1 still p = 0.38."""
    assert surprisal.surprise(np.array([0.0, np.nan, 1.0, 2676.0])) == pytest.approx(
        [0, 0, 0.417807, 3.304597], abs=1e-5
    )


def test_slips_of_ten_are_labelled_by_the_bayes_factor() -> None:
    """t6(k·ln 10, s) at 1 % against t6(0, s) at 91 % and N(0, s² + 1.1²) at 8 %, by scipy."""
    from scipy.stats import norm, t

    residual, scale = np.array([0.3, 2.2, -4.7, 1.1]), np.array([0.25, 0.3, 0.2, 0.4])
    power, factor = anomalies.power_of_ten(residual, scale)
    assert power.tolist() == [1, 1, -2, 1]
    ordinary = 0.91 * t.pdf(residual / scale, 6) / scale + 0.08 * norm.pdf(residual, 0, np.sqrt(scale**2 + 1.1**2))
    slipped = 0.01 * t.pdf((residual - power * np.log(10)) / scale, 6) / scale
    assert factor == pytest.approx(np.log(slipped / ordinary))
    assert (factor > 0).tolist() == [False, True, True, False]


CHANCE = 0.013


def brute_force(y: np.ndarray, scale: float) -> np.ndarray:
    """The odds of `outliers` for one office by the dense covariance of each story, written independently."""
    from itertools import combinations

    from scipy.stats import multivariate_t

    n, nu = len(y), outliers.YEARS_OF_PRIOR
    weights: dict[tuple[int, ...], float] = {}
    for size in (0, 1, 2):
        for apart in combinations(range(n), size):
            rest = [i for i in range(n) if i not in apart]
            breaks = [None, *(k for k in range(1, n) if k not in apart)]
            for k in breaks:
                sides = [rest] if k is None else [[i for i in rest if i < k], [i for i in rest if i >= k]]
                if k is not None and min(map(len, sides)) < 2:
                    continue
                shape = np.eye(n)
                for side in sides:
                    shape[np.ix_(side, side)] += outliers.LEVELS
                for i in apart:
                    shape[i, i] += outliers.APART
                density = multivariate_t.pdf(y, loc=np.zeros(n), shape=scale**2 * shape, df=nu)
                prior = (
                    CHANCE**size * (1 - CHANCE) ** (n - size) * (1 if k is None else outliers.CHANCE_BREAK / (n - 1))
                )
                weights[apart] = weights.get(apart, 0.0) + density * prior
    total = sum(weights.values())
    share = np.array([sum(w for apart, w in weights.items() if i in apart) for i in range(n)]) / total
    return np.log(share / (1 - share))


@pytest.mark.parametrize("seed", range(4))
def test_odds_are_those_of_the_whole_sum(seed: int) -> None:
    rng = np.random.default_rng(seed)
    y = rng.normal(0, 0.25, 7)
    y[seed] += 1.4
    odds = outliers.log_odds(y[None, :], np.zeros((1, 7)), 0.25, CHANCE)[0]
    assert odds == pytest.approx(brute_force(y, 0.25), abs=1e-6)


def test_how_often_years_stand_apart_is_learnt() -> None:
    """Where many years stand apart less is asked of each, and where none does more."""
    rng = np.random.default_rng(4)
    calm = rng.normal(0, 0.25, (120, 7))
    calm[0] = [0.1, -0.2, 0.0, 1.25, 0.15, -0.1, 0.05]
    wild = calm.copy()
    wild[1:40, 2] += 2.5
    odds = [outliers.log_odds(y - np.median(y, axis=1)[:, None], np.zeros(y.shape), 0.25) for y in (calm, wild)]
    assert odds[1][0, 3] > odds[0][0, 3] + 1
    assert (odds[1][1:40, 2] > 3).mean() > 0.9 and (odds[0][1:] > 0).mean() < 0.003


def test_a_new_level_is_weighed_against_a_year_apart() -> None:
    base = np.array([0.02, -0.1, 0.1, 0.05, -0.08, 0.0, 0.04])
    level, year = base.copy(), base.copy()
    level[4:] += 1.6
    year[4] += 1.6
    odds = outliers.log_odds(np.array([level - np.median(level), year, base]), np.zeros((3, 7)), 0.2)
    assert odds[1, 4] > 3 and np.argmax(odds[1]) == 4
    assert (odds[0] < -2).all() and (odds[2] < -2).all()


def test_odds_do_not_depend_on_the_order_of_offices_and_need_three_years() -> None:
    rng = np.random.default_rng(8)
    y = rng.normal(0, 0.5, (6, 7))
    y[0, :5] = np.nan
    y[1, 2] = np.nan
    odds = outliers.log_odds(y, np.zeros((6, 7)), 0.3)
    assert np.isnan(odds[0]).all() and np.isnan(odds[1, 2]) and np.isfinite(odds[1, 3])
    again = outliers.log_odds(y[::-1], np.zeros((6, 7)), 0.3)[::-1]
    assert np.allclose(odds, again, equal_nan=True)
