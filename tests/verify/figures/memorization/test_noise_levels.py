"""Tests of the figure of shares of noise: accuracies and critical samples of every share arrive in its colour."""

from dataclasses import replace

import numpy as np
import pytest

from tests.verify.synthetic import noise_levels as synthetic
from verify.judging.verdicts import NotAsked, Untested
from verify.measurements.runs import nothing_beside

pytest.importorskip("matplotlib")

from tests.verify.figures.drawn import legend, line
from verify.figures.memorization.noise_levels import noise_levels


def clean_with_noise_beside():
    """A world of real data and true labels, with a sweep over noise inputs beside it."""
    sweep = synthetic.inputs()
    without = synthetic.labels().runs[0]
    return replace(without, beside=lambda suffix: sweep if suffix == "-input-noise" else nothing_beside(suffix))


def test_every_share_has_its_curves_in_one_colour():
    above, below = noise_levels(synthetic.labels()).axes[:2]
    assert legend(below) == [f"{share:.0%} random labels" for share in synthetic.LABELS]
    for place, share in enumerate(synthetic.LABELS):
        x, y = line(below, f"{share:.0%} random")
        assert np.array_equal(x, synthetic.EPOCHS)
        assert y == pytest.approx(np.linspace(0.2, 0.35 + 0.5 * share, len(x)), rel=0.02)
        test, training = above.lines[2 * place : 2 * place + 2]
        assert test.get_color() == training.get_color() == below.lines[place].get_color()
        assert test.get_ydata()[2] == pytest.approx(0.85 - 0.3 * share, rel=0.02)
        assert training.get_ydata()[1] == pytest.approx(0.6 * (1 - share) + 0.1 * share, rel=0.02)
    assert len({each.get_color() for each in below.lines}) == len(synthetic.LABELS)


def test_a_world_of_real_data_is_the_share_of_none():
    below = noise_levels(clean_with_noise_beside()).axes[1]
    assert legend(below) == ["0% noise inputs", *(f"{share:.0%} noise inputs" for share in synthetic.INPUTS)]
    assert line(below, "0% noise")[1][-1] == pytest.approx(0.35, rel=0.02)


def test_without_noise_or_ratios_there_is_no_figure():
    alone = replace(clean_with_noise_beside(), beside=nothing_beside)
    with pytest.raises(Untested, match=r"\.\.\.-input-noise, which is not recorded"):
        noise_levels(alone)
    with pytest.raises(NotAsked, match="100% permuted labels, and this figure compares noise with real data"):
        noise_levels(replace(alone, spec={"permuted_fraction": 1.0}))
    sweep = synthetic.inputs()
    bare = tuple(replace(one, table={k: v for k, v in one.table.items() if k.quantity == "accuracy"}) for one in sweep.runs)
    with pytest.raises(Untested, match="critical_sample_ratio of test was not measured"):
        noise_levels(replace(sweep, runs=bare))
