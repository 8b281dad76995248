"""Tests of the time to a loss level on curves whose time is known."""

from dataclasses import replace

import numpy as np
import pytest

from tests.verify.synthetic import noise_sweeps
from verify.judging.error_rates import of_claim
from verify.judging.verdicts import NotAsked, Status, Untested
from verify.measurements.memorization.time_to_loss import LEVEL, NotTimed, exponents, times_to_loss, updates_to_loss
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series
from verify.measurements.sweeps import Sweep

EPOCHS = np.array([0, 1, 2, 5, 10, 40])
CLASSES = 10
CHANCE = np.log(CLASSES)


def runs_with(losses, groups=("unpermuted",), **spec):
    """Runs of these losses, (networks, epochs), of every group that is trained on."""
    table = {Key("loss", group): Series(EPOCHS, np.asarray(losses, dtype=float), "loss") for group in groups}
    return Runs("w", table, CLASSES, 0.9, groups, spec={"train_images": 1000, "batch_size": 30, **spec})


def test_a_power_of_time_is_timed_exactly():
    """The loss of chance times (epoch / T)^-2 is a tenth of it at T sqrt(10); 1,000 images are 34 batches of 30."""
    paces = np.array([0.5, 1.5, 3.0, 8.0])
    with np.errstate(divide="ignore"):
        losses = np.minimum(CHANCE, CHANCE * (EPOCHS / paces[:, None]) ** -2.0)
    assert updates_to_loss(runs_with(losses)) == pytest.approx(34 * paces * np.sqrt(10), rel=1e-12)


def test_the_first_time_counts_and_what_comes_after_does_not():
    level = LEVEL * CHANCE
    losses = [[CHANCE, 2 * level, level, 5 * level, level / 2, level / 3]]
    assert updates_to_loss(runs_with(losses)) == pytest.approx([34 * 2])


def test_a_network_that_is_there_too_early_or_never_has_no_time():
    losses = [[CHANCE, 0.1, 0.1, 0.1, 0.1, 0.1], [CHANCE, 2, 2, 2, 2, 1], [CHANCE, 1, 0.0, 0.0, 0.0, 0.0]]
    early, never, suddenly = updates_to_loss(runs_with(losses))
    assert (early, never) == (0.0, np.inf)
    assert 34 < suddenly < 2 * 34


def test_the_group_is_the_one_with_all_labels():
    losses = [[CHANCE, 1, 0.1, 0.1, 0.1, 0.1]]
    assert np.isfinite(updates_to_loss(runs_with(losses, ("permuted",)))).all()
    with pytest.raises(NotAsked, match="w trains on unpermuted and permuted labels"):
        updates_to_loss(runs_with(losses, ("unpermuted", "permuted")))
    with pytest.raises(Untested, match="loss of unpermuted was not measured"):
        updates_to_loss(replace(runs_with(losses), table={}))


def test_exponents_are_those_of_powers():
    values = np.array([10.0, 20.0, 80.0])
    logs = np.log([3 * values**0.7, 0.1 * values**-1.2])
    assert exponents(logs, values) == pytest.approx([0.7, -1.2])


def slowed(sweep, value, factor, rows=slice(None)):
    """The sweep in which some networks at one value take a factor longer, or never come down if it is infinite."""

    def later(key: Key, series: Series):
        if key.quantity != "loss":
            return key, series
        values = series.values.copy()
        values[rows] = CHANCE * (values[rows] / CHANCE) ** (1 / factor)
        return key, replace(series, values=values)

    runs = [one.transformed(later) if own == value else one for own, one in zip(sweep.values, sweep.runs, strict=True)]
    return replace(sweep, runs=tuple(runs))


def test_a_value_at_which_any_network_has_no_time_is_left_out_of_every_world():
    sweep = noise_sweeps.sizes()
    whole = times_to_loss(sweep, sweep.beside("-randY"))
    assert whole.values.tolist() == list(noise_sweeps.SIZES)
    assert whole.left_out == ""
    some = times_to_loss(sweep, slowed(sweep.beside("-randY"), 4000, np.inf, [3, 5]))
    assert some.values.tolist() == [250, 500, 1000, 2000]
    assert some.left_out == "networks 3, 5 of story-randY never reach the level"
    for one, other in zip(whole.logs, some.logs, strict=True):
        assert np.array_equal(one[:, :4], other)


def test_a_network_that_is_there_within_its_first_epoch_is_said():
    sweep = noise_sweeps.sizes()
    assert times_to_loss(slowed(sweep, 4000, 1e-3)).left_out.endswith("of story reach the level in their first epoch")


@pytest.mark.parametrize(
    ("never", "words"),
    [
        ((1000, 2000, 4000), "3 values of train_images must have a time .* of story-randY never reach the level"),
        ((250, 4000), ""),
        ((250, 500), ""),
        ((250, 500, 4000), "the largest 4 times the smallest or more"),
    ],
)
def test_too_few_values_decide_nothing(never, words, registry):
    sweep = noise_sweeps.sizes()
    for value in never:
        random = slowed(sweep.beside("-randY"), value, np.inf, [0])
        sweep = replace(sweep, beside=lambda suffix, random=random: random)
    if not words:
        assert len(times_to_loss(sweep, sweep.beside("-randY")).values) == 5 - len(never)
        return
    with pytest.raises(NotTimed, match=words):
        times_to_loss(sweep, sweep.beside("-randY"))
    assert registry["A-08.randY"].judge(of_claim(0, "A-08.randY"), sweep).status == Status.INCONCLUSIVE


def test_times_of_one_number_stay_together():
    """Networks in another order, each with its number, have the same times."""
    sweep = noise_sweeps.sizes()
    order = [3, 1, 0, 7, 9, 2, 4, 5, 8, 6]

    def turned(one: Sweep) -> Sweep:
        def moved(key: Key, series: Series):
            return key, replace(series, values=series.values[order])

        return replace(one, runs=tuple(replace(runs.transformed(moved), networks=tuple(order)) for runs in one.runs))

    straight = times_to_loss(sweep, sweep.beside("-randX"))
    mixed = times_to_loss(sweep, turned(sweep.beside("-randX")))
    for one, other in zip(straight.logs, mixed.logs, strict=True):
        assert np.array_equal(one, other)
