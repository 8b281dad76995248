"""Tests of the figures of regularizers: planted accuracies arrive, in a curve for each kind of regularizer."""

from dataclasses import replace

import numpy as np
import pytest

from tests.verify.synthetic import noise_sweeps
from tests.verify.synthetic.noise_sweeps import REGULARIZERS
from verify.judging.verdicts import Untested
from verify.measurements.memorization.regularizers import TooBrief
from verify.measurements.runs import nothing_beside

pytest.importorskip("matplotlib")

from tests.verify.figures.drawn import legend, words
from verify.figures.memorization.regularizers import regularizer_curves, regularizers

KINDS = ["none", "adversarial", "dropout", "dropout + adversarial", "hidden noise", "input noise", "weight decay"]
DROPOUT = [REGULARIZERS[f"dropout=0.{strength}"] for strength in (1, 3, 5)]


def shortened(sweep, last):
    """The sweep of networks that were trained for fewer epochs, with the sweep beside it."""

    def cut(key, series):
        kept = series.epochs <= last
        return key, replace(series, epochs=series.epochs[kept], values=series.values[:, kept])

    short = [replace(one, runs=tuple(runs.transformed(cut) for runs in one.runs)) for one in (sweep, sweep.beside("-randY"))]
    return replace(short[0], beside={"-randY": short[1]}.__getitem__)


def test_every_kind_is_a_curve_over_its_strengths():
    early, late = regularizers(noise_sweeps.regularizers()).axes
    assert sorted(legend(late)) == sorted(KINDS)
    # The third kind has three strengths; curves stand before the points of their kind.
    (curve,) = (each for each in late.lines if len(each.get_xdata()) == 3)
    assert curve.get_xdata() == pytest.approx([allowed for _, allowed, _ in DROPOUT], abs=0.01)
    assert curve.get_ydata() == pytest.approx([0.9 - cost for cost, _, _ in DROPOUT], abs=0.002)
    (sooner,) = (each for each in early.lines if len(each.get_xdata()) == 3)
    assert (sooner.get_xdata() < curve.get_xdata()).all()
    assert sooner.get_ydata() == pytest.approx(curve.get_ydata())


def test_the_weakest_has_the_smallest_marker():
    _, late = regularizers(noise_sweeps.regularizers()).axes
    (curve,) = (each for each in late.lines if len(each.get_xdata()) == 3)
    single = {each.get_xdata()[0]: each.get_markersize() for each in late.lines if len(each.get_xdata()) == 1}
    sizes = [single[x] for x in curve.get_xdata()]
    assert sizes == sorted(set(sizes))


def test_a_budget_that_was_not_reached_leaves_out_its_panel():
    """Plain networks fit nine tenths after 20 epochs; three times that is required."""
    early, late = regularizers(shortened(noise_sweeps.regularizers(), 40)).axes
    assert "epochs; 60 are required, 3 early budgets" in words(late)
    assert legend(early)
    with pytest.raises(TooBrief, match="fits only"):
        regularizers(shortened(noise_sweeps.regularizers(), 10))


@pytest.mark.slow
def test_curves_are_means_over_the_strengths_of_a_kind():
    sweep = noise_sweeps.regularizers()
    true, random = regularizer_curves(sweep).axes
    assert legend(true) == legend(random) == KINDS
    for ax, worlds, group in ((true, sweep, "unpermuted"), (random, sweep.beside("-randY"), "permuted")):
        (drawn,) = (each for each in ax.lines if each.get_label() == "dropout")
        alone = [worlds.runs[worlds.values.index(f"dropout=0.{strength}")].series("accuracy", group) for strength in (1, 3, 5)]
        assert np.array_equal(drawn.get_xdata(), alone[0].epochs)
        assert drawn.get_ydata() == pytest.approx(np.mean([one.values.mean(axis=0) for one in alone], axis=0))


@pytest.mark.parametrize("figure", [regularizers, regularizer_curves])
def test_without_random_labels_there_is_no_figure(figure):
    with pytest.raises(Untested, match=r"\.\.\.-randY, which is not recorded"):
        figure(replace(noise_sweeps.regularizers(), beside=nothing_beside))
