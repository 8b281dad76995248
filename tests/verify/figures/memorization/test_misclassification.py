"""Tests of the figure of misclassification rates: planted rates arrive, and the range of equally hard images is theirs."""

from dataclasses import replace

import numpy as np
import pytest

from verify.judging.verdicts import Untested
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series

pytest.importorskip("matplotlib")

from tests.verify.figures.drawn import line
from verify.figures.memorization.misclassification import SHOWN, envelope, misclassification

NETWORKS, TRAININGS, CLASSES, PER_CLASS, ERROR = 3, 60, 4, 25, 0.8
PLACES = np.linspace(0, 1, 21).round(2)


def counts_of(hard, rng):
    """Sorted rates of every network, (networks, places), where images are misclassified with their own probabilities."""
    rates = rng.binomial(TRAININGS, hard, (NETWORKS, CLASSES * PER_CLASS)) / TRAININGS
    return np.quantile(rates, PLACES, axis=1).T, rates.mean(axis=1)


def runs_of(**hard):
    """Runs of which each kind of data has images of these probabilities to be misclassified."""
    rng, cells = np.random.default_rng(0), {}
    for kind, probabilities in hard.items():
        rates, means = counts_of(probabilities, rng)
        cells |= {("quantile", f"{kind}/{place:g}"): column for place, column in zip(PLACES, rates.T, strict=True)}
        cells |= {("rate", kind): means, ("dispersion", kind): means * 0 + len(kind)}
    table = {Key(f"misclassification_{name}", "unpermuted", choice): each for (name, choice), each in cells.items()}
    for kind in hard:
        table[Key("trainings", "unpermuted", kind)] = np.full(NETWORKS, TRAININGS)
        table[Key("images_per_class", "unpermuted", kind)] = np.full(NETWORKS, PER_CLASS)
    # Another learning rate is no other place.
    table[Key("misclassification_quantile", "unpermuted", "randX/rate 0.03/0.5")] = np.full(NETWORKS, 0.123)
    return Runs("w", {key: Series(np.array([1]), each[:, None], key.quantity) for key, each in table.items()}, CLASSES, 0.9, ())


@pytest.fixture
def runs():
    spread = np.random.default_rng(1).uniform(0.6, 1, CLASSES * PER_CLASS)
    return runs_of(real=spread, randX=ERROR, randY=np.repeat([ERROR - 0.1, ERROR + 0.1], 50))


def test_every_kind_has_its_own_rates_and_dispersion(runs):
    axes = misclassification(runs).axes
    for ax, kind, words in zip(axes, SHOWN, ("real data", "noise inputs", "random labels"), strict=True):
        x, y = line(ax, words)
        assert np.array_equal(x, PLACES)
        planted = [runs.table[Key("misclassification_quantile", "unpermuted", f"{kind}/{place:g}")] for place in PLACES]
        assert y == pytest.approx([each.values.mean() for each in planted])
        assert ax.get_title() == f"{kind}: dispersion {len(kind):.2f}"


def test_the_range_is_that_of_drawn_images_which_are_equally_hard(runs):
    """Ends of the range are whole counts, and drawn ones are means of sorted draws: they agree to within a count."""
    rng = np.random.default_rng(2)
    rate = runs.table[Key("misclassification_rate", "unpermuted", "randX")].values.mean()
    drawn = np.sort(rng.binomial(TRAININGS, rate, (4000, CLASSES * PER_CLASS)), axis=1) / TRAININGS
    found = np.stack(envelope(runs, "randX", PLACES))
    quantiles = np.quantile(np.quantile(drawn, PLACES, axis=1), [0.025, 0.975], axis=1)
    assert np.abs(found - quantiles).max() <= 1.01 / TRAININGS


def test_equally_hard_images_are_within_the_range_and_others_are_not(runs):
    def outside(kind):
        """The share of places at which the drawn curve is outside of the drawn range."""
        ax = misclassification(runs).axes[SHOWN.index(kind)]
        corners = ax.collections[0].get_paths()[0].vertices
        low, high = (np.array([end(corners[corners[:, 0] == place, 1]) for place in PLACES]) for end in (np.min, np.max))
        _, y = line(ax, {"real": "real", "randX": "noise"}[kind])
        return np.mean((y < low - 1e-9) | (y > high + 1e-9))

    assert outside("randX") == 0
    assert outside("real") > 0.5


def test_without_rates_there_is_no_figure(runs):
    for gone in ("real/0", "randY/0", "randX"):
        table = {key: series for key, series in runs.table.items() if key.choice != gone}
        with pytest.raises(Untested, match=r"misclassification_.* of unpermuted was not measured"):
            misclassification(replace(runs, table=table))
