"""Tests of the figure of critical samples: the ratios of every world arrive, from the images that belong to it."""

from dataclasses import replace

import numpy as np
import pytest

from tests.verify.synthetic import story
from tests.verify.synthetic.critical_samples import CURVES
from verify.judging.verdicts import NotAsked, Untested
from verify.measurements.runs import nothing_beside

pytest.importorskip("matplotlib")

from tests.verify.figures.drawn import caption, legend, line
from verify.figures.memorization.critical_samples import critical_samples


@pytest.fixture
def runs():
    """A world without permuted labels, with the worlds of noise beside it."""
    return replace(story.story(spread=0.01), spec={"permuted_fraction": 0.0})


def only(runs, suffix):
    """The runs with no other world beside them."""
    return replace(runs, beside=lambda other: runs.beside(other) if other == suffix else nothing_beside(other))


def test_every_world_has_its_own_curve(runs):
    (ax,) = critical_samples(runs).axes
    for label, kind in (("real data", "real"), ("noise inputs", "randX"), ("random labels", "randY")):
        x, y = line(ax, label)
        assert np.array_equal(x, story.EPOCHS)
        assert y == pytest.approx(CURVES[kind], rel=0.02)
    assert len(legend(ax)) == 3


def test_a_world_that_is_not_there_is_named_below(runs):
    figure = critical_samples(only(runs, "-randY"))
    assert len(legend(figure.axes[0])) == 2
    assert "randX left out: this claim compares with a world ...-randX, which is not recorded" in caption(figure)


def test_noise_inputs_are_looked_at_among_noise_alone(runs):
    """Ratios of test images stand in for nothing."""

    def beside(suffix):
        world = runs.beside(suffix)
        return replace(world, table={key: series for key, series in world.table.items() if key.group != "noise"})

    figure = critical_samples(replace(runs, beside=beside))
    assert "randX left out: critical_sample_ratio of noise was not measured" in caption(figure)


def test_alone_or_among_noise_there_is_no_figure(runs):
    with pytest.raises(Untested, match=r"\.\.\.-randX, which is not recorded"):
        critical_samples(only(runs, ""))
    with pytest.raises(NotAsked, match="story trains on 100% noise and 0% permuted labels"):
        critical_samples(replace(runs, spec={"permuted_fraction": 0.0, "noise_share": 1.0}))
    with pytest.raises(NotAsked, match="story trains on 0% noise and 50% permuted labels"):
        critical_samples(story.story())
