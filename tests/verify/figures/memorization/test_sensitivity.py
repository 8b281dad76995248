"""Tests of the figures of loss sensitivity: planted coefficients and matrices arrive, each where it belongs."""

from dataclasses import replace

import numpy as np
import pytest

from verify.judging.verdicts import Untested
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series

pytest.importorskip("matplotlib")

from tests.verify.figures.drawn import legend, line, words
from verify.figures.memorization.sensitivity import SHOWN, class_sensitivity, sensitivity

EPOCHS, CLASSES, NETWORKS = np.arange(1, 11), 3, 4
OWN = ("real/own classes", "randX/own classes")


@pytest.fixture
def runs():
    rng = np.random.default_rng(0)
    table = {Key("sensitivity_gini", "unpermuted", choice): rng.uniform(0, 1, (NETWORKS, 10)) for choice in (*SHOWN, *OWN)}
    curves = {key: Series(EPOCHS, values, key.quantity) for key, values in table.items()}
    entries = {
        Key("class_sensitivity", "unpermuted", f"{kind}/{i}-{j}"): np.full((NETWORKS, 1), 10.0 * place + 3 * i + j)
        for place, kind in enumerate(SHOWN)
        for i in range(CLASSES)
        for j in range(CLASSES)
    }
    matrices = {key: Series(np.array([10]), values, key.quantity) for key, values in entries.items()}
    return Runs("w", curves | matrices, CLASSES, 0.9, ("unpermuted",))


def without(runs, *choices):
    return replace(runs, table={key: series for key, series in runs.table.items() if key.choice not in choices})


def test_every_kind_has_its_own_curve_in_its_panel(runs):
    classes, own = sensitivity(runs).axes
    shown = {"real data": "real", "noise inputs": "randX", "random labels": "randY"}
    for ax, suffix in ((classes, ""), (own, "/own classes")):
        for label, kind in shown.items():
            if kind == "randY" and suffix:
                continue
            x, y = line(ax, label)
            planted = runs.table[Key("sensitivity_gini", "unpermuted", kind + suffix)].values
            assert np.array_equal(x, EPOCHS)
            assert y == pytest.approx(planted.mean(axis=0))
    assert (len(legend(classes)), len(legend(own))) == (3, 2)


def test_a_panel_that_was_not_measured_says_so_in_its_place(runs):
    """Nor is a part of it drawn."""
    classes, own = sensitivity(without(runs, OWN[1])).axes
    assert len(legend(classes)) == 3
    assert not own.lines
    assert words(own).startswith("left out: sensitivity_gini of unpermuted was not measured")
    assert not words(classes)


def test_without_coefficients_there_is_no_figure(runs):
    with pytest.raises(Untested, match="sensitivity_gini of unpermuted was not measured"):
        sensitivity(without(runs, *SHOWN, *OWN))


def test_matrices_are_drawn_on_one_scale_with_the_loss_in_rows(runs):
    *axes, _ = class_sensitivity(runs).axes
    assert len(axes) == len(SHOWN)
    for place, ax in enumerate(axes):
        (image,) = ax.images
        assert image.get_array()[2, 1] == 10 * place + 3 * 2 + 1
        assert image.get_array()[1, 2] == 10 * place + 3 * 1 + 2
        assert image.get_clim() == (0, 28)
        assert ax.get_xlabel() == "class of the images"
    assert axes[0].get_ylabel() == "class of the loss"


def test_a_matrix_without_an_entry_is_not_drawn(runs):
    with pytest.raises(Untested, match="class_sensitivity of unpermuted was not measured"):
        class_sensitivity(without(runs, "randX/2-1"))
