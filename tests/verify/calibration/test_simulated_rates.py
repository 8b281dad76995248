"""The tables of docs/error-rates.md, recomputed from fewer samples with other seeds."""

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from tests.verify.calibration import simulated_rates
from tests.verify.calibration.simulated_rates import DISTRIBUTIONS, ERRORS, PLACES, RULES, SAMPLES, SIZES, SKEWED

PAGE = Path(__file__).parents[3] / "docs" / "error-rates.md"
pytestmark = pytest.mark.settled(reads=["docs/error-rates.md"])
FEWER = 50_000
OTHER_SEED = 1
SHAPE = (len(ERRORS), 2, len(RULES))
T, CORRECTED = range(len(RULES))
ROUNDING = np.reshape([0.5 * 10.0**-places for places in PLACES], (-1, 1, 1))


@cache
def rows() -> dict[str, np.ndarray]:
    """Numbers of the page's rows, by the row's first cell; rows of rates by name and n."""
    found = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and re.fullmatch(r"[\d.]+", cells[-1]):
            of_rates = len(cells) == 2 + np.prod(SHAPE)
            found["|".join(cells[: 1 + of_rates])] = np.array([float(cell) for cell in cells[1 + of_rates :]])
    return found


@cache
def recomputed(name: str, n: int) -> np.ndarray:
    return simulated_rates.counted(name, n, FEWER, OTHER_SEED) / FEWER


def agree(stated: np.ndarray, found: np.ndarray, rounding) -> np.ndarray:
    """Whether shares of both simulations differ by at most the rounding and four standard errors of their difference."""
    share = np.maximum(np.maximum(stated, found), 1 / FEWER)
    return abs(stated - found) <= rounding + 4 * np.sqrt(share * (1 / FEWER + 1 / SAMPLES))


CASES = [(name, n) for name in DISTRIBUTIONS for n in SIZES]


@pytest.mark.parametrize(("name", "n"), CASES)
def test_the_page_states_the_rates(name, n):
    stated, found = rows()[f"{name}|{n}"].reshape(SHAPE), recomputed(name, n)
    assert agree(stated, found, ROUNDING).all(), f"the page has {stated}, recomputed {found}"


@pytest.mark.parametrize("n", SIZES)
def test_rates_of_the_other_rule_would_be_noticed(n):
    stated, found = rows()[f"exponential|{n}"].reshape(SHAPE), recomputed("exponential", n)
    assert not agree(stated[..., ::-1], found, ROUNDING)[:, 0].any()


@pytest.mark.parametrize("n", SIZES)
def test_both_rules_keep_their_error_for_normal_values(n):
    counts = simulated_rates.counted("normal", n, 4 * FEWER, OTHER_SEED)
    for error, found in zip(ERRORS, counts, strict=True):
        assert (found <= stats.binom.isf(1e-4, 4 * FEWER, error)).all()
        # The error of t bounds is exact: a simulation that never missed would not count.
        assert (found[:, T] >= stats.binom.ppf(1e-4, 4 * FEWER, error)).all()


@pytest.mark.parametrize(("name", "n"), CASES)
def test_the_corrected_bounds_never_fail_more_often_than_t_bounds(name, n):
    rates = recomputed(name, n)
    assert (rates[..., CORRECTED] <= rates[..., T]).all()


@pytest.mark.parametrize("n", SIZES)
def test_the_page_states_the_costs(n):
    stated, found = rows()[f"{n}"].reshape(len(ERRORS), 2), simulated_rates.costs(n, FEWER, OTHER_SEED)
    assert stated == pytest.approx(found, abs=0.015)


@pytest.mark.parametrize("name", SKEWED)
def test_the_page_states_how_often_skewness_is_visible(name):
    found = np.array([simulated_rates.visible(name, n, FEWER, OTHER_SEED) for n in SIZES])
    assert agree(rows()[name], found, 5e-4).all(), f"the page has {rows()[name]}, recomputed {found}"
