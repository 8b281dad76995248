from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from tests.verify.synthetic import story
from verify.counterfeits import backwards, best_at_the_end
from verify.judging.error_rates import Chance
from verify.judging.relations import positive
from verify.judging.verdicts import Status, Untested
from verify.measurements.memorization.critical_samples import over_training, radius_of, ratio, rise
from verify.measurements.runs import Unfit
from verify.measurements.series import Key, Series

RATIO = Key("critical_sample_ratio", "test", "2")


@pytest.fixture
def runs():
    return story.story(spread=0.005)


def flat(n_draws, seed=0):
    """Ratios that only fluctuate: 8 networks at 10 epochs."""
    return np.random.default_rng(seed).normal(0.5, 0.02, (n_draws, 8, 10))


def test_a_rise_is_from_the_lowest_epoch_after_the_first_to_the_end():
    curve = np.array([0.0, 0.5, 0.2, 0.4, 0.6])
    assert rise(np.tile(curve, (4, 1))) == pytest.approx([0.4] * 4)
    assert rise(np.tile(curve[[0, 4, 3, 1, 2]], (4, 1))) == pytest.approx([-0.2] * 4)


def test_a_fall_to_the_end_is_no_rise_of_zero():
    assert rise(np.tile([0.1, 0.9, 0.7, 0.5], (4, 1))) == pytest.approx([-0.2] * 4)


def test_the_lowest_epoch_of_a_network_is_read_off_the_other_half():
    """Even networks are lowest at the second epoch, odd ones at the third."""
    values = np.array([[0.0, 0.3, 0.1, 0.5, 1.0], [0.0, 0.3, 0.5, 0.1, 1.0]] * 4)
    assert rise(values) == pytest.approx([0.5] * 8)


def test_a_ratio_that_only_fluctuates_does_not_rise_on_average():
    """The lowest of a network's own values lies below its last one by chance."""
    found = np.array([rise(values).mean() for values in flat(2000)])
    assert abs(found.mean()) < 4 * found.std() / len(found) ** 0.5
    own = np.array([(values[:, -1] - values[:, 1:-1].min(axis=1)).mean() for values in flat(2000)])
    assert own.mean() > 0.02


@pytest.mark.settled
@pytest.mark.parametrize("level", [0.05, 0.2])
def test_a_ratio_that_only_fluctuates_is_rarely_said_to_rise(level):
    chance, n = Chance(alarm=level, false_support=level), 2000
    supported = sum(positive(rise(values), 1e-9).judge(chance).status == Status.SUPPORTED for values in flat(n, seed=1))
    assert supported <= stats.binom.isf(1e-4, n, level)


def test_the_radius_is_that_of_the_architecture(runs):
    assert radius_of(runs) == "2"
    convolutional = replace(runs, spec={**runs.spec, "architecture": "convnet"})
    assert radius_of(convolutional) == "0.3"
    assert np.array_equal(ratio(convolutional, "end"), runs.table[RATIO._replace(choice="0.3")].last())
    assert np.array_equal(
        ratio(convolutional, "end", radius="8", how="softmax"), runs.table[RATIO._replace(choice="8/softmax")].last()
    )


def test_ratios_over_training_are_at_epochs_that_all_networks_have(runs):
    """A network's turning point is an epoch of its own."""
    series = runs.table[RATIO]
    gappy = series.values.copy()
    gappy[2, 1] = np.nan
    changed = replace(runs, table={**runs.table, RATIO: replace(series, values=gappy)})
    assert np.array_equal(over_training(changed), series.values[:, [0, 2, 3]])


def test_networks_that_fitted_nothing_have_no_curve(runs):
    with pytest.raises(Unfit, match="a network fitted only"):
        over_training(replace(runs, fitted=0.999))
    with pytest.raises(Untested, match="critical_sample_ratio of noise was not measured"):
        over_training(runs, "noise")


def test_a_counterfeit_backwards_leaves_epochs_that_some_networks_lack():
    values = np.array([[1.0, np.nan, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]])
    table = {RATIO: Series(np.arange(4), values, "ratio")}
    changed = backwards(RATIO.quantity)(replace(story.story(), table=table)).table[RATIO].values
    assert np.array_equal(changed, [[4, np.nan, 3, 1], [8, 6, 7, 5]], equal_nan=True)


def test_a_counterfeit_best_at_the_end_leaves_other_groups_alone(runs):
    changed = best_at_the_end("accuracy", "test")(runs)
    assert (np.diff(changed.accuracy("test")) >= 0).all()
    assert np.array_equal(changed.accuracy("permuted"), runs.accuracy("permuted"))
    assert set(changed.turning_points()) == {12}


def test_training_accuracy_weighs_the_groups_by_their_shares(runs):
    mixed = replace(runs, spec={"permuted_fraction": 0.2})
    expected = 0.8 * runs.accuracy("unpermuted") + 0.2 * runs.accuracy("permuted")
    assert np.allclose(mixed.training_accuracy(), expected)
    clean = story.clean()
    assert np.array_equal(clean.training_accuracy(), clean.accuracy("unpermuted"))
    # The last epoch before nine tenths is 4 of 12, and the share of the way to there is interpolated.
    low, high = expected[:, 2], expected[:, 3]
    assert mixed.fitting_epochs(0.9) == pytest.approx(4 + 8 * (0.9 - low) / (high - low))


def test_labels_that_are_not_fitted_have_no_fitting_epoch(runs):
    with pytest.raises(Unfit):
        replace(runs, fitted=0.999).fitting_epochs(0.9)
