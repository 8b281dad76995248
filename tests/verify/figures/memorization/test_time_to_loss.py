"""Tests of the figure of times to a loss: planted times and exponents arrive, and what has no time is told."""

from dataclasses import replace

import numpy as np
import pytest

from tests.verify.synthetic import noise_sweeps
from tests.verify.synthetic.noise_sweeps import BY_WIDTH, PER_IMAGE, SIZES, WIDTHS
from verify.judging.verdicts import Untested
from verify.measurements.runs import nothing_beside
from verify.measurements.sweeps import Sweep

pytest.importorskip("matplotlib")

from tests.verify.figures.drawn import legend, line, words
from verify.figures.memorization.time_to_loss import PANELS, time_to_loss


def beside_only(sweep, *suffixes) -> Sweep:
    """The sweep with no other worlds beside it."""
    return replace(sweep, beside=lambda suffix: (sweep.beside if suffix in suffixes else nothing_beside)(suffix))


def exponent(label) -> float:
    return float(label.partition("exponent ")[2].partition(",")[0])


def test_times_and_exponents_over_widths_are_the_planted_ones():
    axes = time_to_loss(noise_sweeps.widths()).axes
    for ax, kinds in zip(axes, PANELS["width"].values(), strict=True):
        assert len(legend(ax)) == 1 + len(kinds)
        for label, suffix in zip(legend(ax), ("", *(f"-{kind}" for kind in kinds)), strict=True):
            base, planted = BY_WIDTH[suffix]
            x, y = line(ax, label)
            assert np.array_equal(x, WIDTHS)
            assert y == pytest.approx(base * (np.array(WIDTHS) / WIDTHS[0]) ** -planted, rel=0.08)
            assert exponent(label) == pytest.approx(-planted, abs=0.03)


def test_the_dashed_line_has_the_exponent_of_the_legend():
    ax = time_to_loss(noise_sweeps.widths()).axes[2]
    (dashed,) = (each for each in ax.lines if each.get_linestyle() == "--" and each.get_color() == "#009E73")
    slope = np.diff(np.log(dashed.get_ydata())) / np.diff(np.log(dashed.get_xdata()))
    assert slope == pytest.approx(exponent(legend(ax)[1]), abs=0.006)


def test_times_over_numbers_of_images_are_the_planted_ones():
    axes = time_to_loss(noise_sweeps.sizes()).axes
    for ax, (suffix, per_image) in zip(axes, PER_IMAGE.items(), strict=True):
        assert f"({suffix[1:]})" in legend(ax)[1]
        x, y = line(ax, legend(ax)[1])
        assert np.array_equal(x, SIZES)
        assert y == pytest.approx(per_image * np.array(SIZES), rel=0.08)
        assert exponent(legend(ax)[1]) == pytest.approx(1, abs=0.05)
        assert exponent(legend(ax)[0]) < 0.6


def test_a_panel_whose_world_is_not_there_says_so_in_its_place():
    share, inputs, labels = time_to_loss(beside_only(noise_sweeps.widths(), "-randY")).axes
    assert len(legend(labels)) == 2
    assert "left out: this claim compares with a world ...-inputs40, which is not recorded" in words(share)
    assert "...-randX, which is not recorded" in words(inputs)
    assert share.get_title() == "a share of noise inputs"


def test_a_width_without_a_time_is_named_with_its_reason():
    """Networks have 160,000 updates, and the narrowest would need 200,000 on random labels."""
    axes = time_to_loss(noise_sweeps.widths(times={**BY_WIDTH, "-randY": (2e5, 0.7)})).axes
    told = " ".join(axes[2].get_xlabel().split())
    assert "left out: 16, where networks" in told
    assert "of story-randY never reach the level" in told
    assert "left out" not in axes[0].get_xlabel()
    assert line(axes[2], "random labels")[0].tolist() == list(WIDTHS[1:])


def test_a_world_that_never_gets_there_leaves_out_its_panel_alone():
    axes = time_to_loss(noise_sweeps.widths(times={**BY_WIDTH, "-randY": (1e9, 0.0)})).axes
    assert "left out: 3 values of width must have a time to the loss level" in words(axes[2])
    assert not words(axes[0])


def test_without_any_world_of_noise_there_is_no_figure():
    with pytest.raises(Untested, match=r"\.\.\.-inputs40, which is not recorded"):
        time_to_loss(beside_only(noise_sweeps.widths()))
