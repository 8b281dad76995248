"""Tests of the figure of best accuracies over widths: planted accuracies arrive, and rings mark the best width."""

import numpy as np
import pytest

from tests.verify.synthetic import noise_sweeps
from tests.verify.synthetic.noise_sweeps import BEST, BY_WIDTH, WIDTHS
from verify.judging.verdicts import EvidenceError

pytest.importorskip("matplotlib")

from tests.verify.figures.drawn import line
from verify.figures.memorization.best_accuracy import best_accuracy


def test_every_share_of_noise_has_its_curve_and_the_best_width_its_ring():
    (ax,) = best_accuracy(noise_sweeps.widths()).axes
    rings = [(each.get_xdata()[0], each.get_ydata()[0]) for each in ax.lines if len(each.get_xdata()) == 1]
    labels = ("real data", "40 % noise", "80 % noise")
    for label, planted, ring in zip(labels, BEST.values(), rings, strict=True):
        x, y = line(ax, label)
        assert np.array_equal(x, WIDTHS)
        assert y == pytest.approx(planted, rel=0.005)
        assert ring == (WIDTHS[int(np.argmax(planted))], pytest.approx(max(planted), rel=0.005))


def test_without_a_share_of_noise_there_is_no_figure():
    sweep = noise_sweeps.widths(times={kind: each for kind, each in BY_WIDTH.items() if kind != "-inputs80"})
    with pytest.raises((EvidenceError, KeyError), match="inputs80"):
        best_accuracy(sweep)
