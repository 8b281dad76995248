from dataclasses import replace

import numpy as np
import pytest

from tests.verify.synthetic import noise_sweeps, story
from verify.judging.verdicts import Broken, Untested
from verify.measurements.pairing import paired, paired_sweeps
from verify.registry import load_claims

NUMBERS = tuple(range(10))
# Claims about networks of one number in several worlds, one by one.
COMPARED = ("S-07.precision", "S-27", "Y-02")


def renumbered(runs, numbers):
    """The same runs, their networks numbered so, in the order of their rows."""
    return replace(runs, networks=tuple(numbers))


def shuffled(runs, order):
    """The same networks in another order, each with its number."""
    moved = runs.transformed(lambda key, series: (key, replace(series, values=series.values[order])))
    return replace(moved, networks=tuple(order))


def test_networks_of_one_number_are_side_by_side_whatever_their_rows():
    runs = story.story()
    one, other = paired(renumbered(runs, NUMBERS), shuffled(runs, [3, 1, 0, 7, 9, 2]))
    assert one.networks == other.networks == (0, 1, 2, 3, 7, 9)
    assert np.array_equal(one.accuracy("test", "end"), other.accuracy("test", "end"))
    assert np.array_equal(one.accuracy("test", "end"), runs.accuracy("test", "end")[[0, 1, 2, 3, 7, 9]])


def test_runs_without_numbers_have_them_from_zero():
    runs = story.story()
    one, other = paired(runs, renumbered(runs, range(5, 15)))
    assert np.array_equal(one.accuracy("test", 1), runs.accuracy("test", 1)[5:])
    assert np.array_equal(other.accuracy("test", 1), runs.accuracy("test", 1)[:5])


def test_worlds_without_a_common_network_say_so():
    runs = story.story()
    with pytest.raises(Untested, match="the worlds story, story have no network number in common"):
        paired(renumbered(runs, NUMBERS), renumbered(runs, range(10, 20)))


def test_a_network_without_its_rows_is_named_by_its_number():
    runs = shuffled(story.story(), [3, 1, 0, 7])
    gap = runs.transformed(
        lambda key, one: (key, replace(one, values=np.where(np.arange(4)[:, None] == 3, np.nan, one.values)))
    )
    with pytest.raises(Broken, match="for networks 7;"):
        paired(runs, gap)[1].accuracy("test", 1)


@pytest.mark.parametrize("name", COMPARED)
def test_verdicts_do_not_depend_on_the_order_of_rows(name):
    claim, runs, order = load_claims()[name], story.story(spread=0.05), [*range(9, -1, -1)]
    straight = claim.function(renumbered(runs, NUMBERS))
    beside = {suffix: shuffled(renumbered(runs.beside(suffix), NUMBERS), order) for suffix in claim.beside}
    turned = claim.function(replace(renumbered(runs, NUMBERS), beside=beside.__getitem__))
    for one, other in zip(*(getattr(found, "relations", (found,)) for found in (straight, turned)), strict=True):
        assert np.array_equal(one.values, other.values)


def changed(sweep, value, **fields):
    """The sweep in which the run at one value has other fields of its specification."""
    runs = (
        replace(one, spec={**one.spec, **fields}) if own == value else one
        for own, one in zip(sweep.values, sweep.runs, strict=True)
    )
    return replace(sweep, runs=tuple(runs))


def test_sweeps_are_reduced_to_values_and_networks_that_all_have():
    sweep = noise_sweeps.widths()
    other = sweep.beside("-randX")
    fewer = [replace(shuffled(runs, [4, 2, 8]), world="fewer") for runs in other.runs[:0:-1]]
    other = replace(other, values=other.values[:0:-1], runs=(*fewer[:-1], shuffled(other.runs[1], [8, 1, 4, 2])))
    one, two = paired_sweeps(sweep, other)
    assert one.values == two.values == noise_sweeps.WIDTHS[1:]
    assert {runs.networks for runs in (*one.runs, *two.runs)} == {(2, 4, 8)}
    random = two.stack(lambda runs: runs.series("loss", "unpermuted").values[:, 30])
    whole = sweep.beside("-randX").stack(lambda runs: runs.series("loss", "unpermuted").values[:, 30])
    assert np.array_equal(random, whole[[2, 4, 8], 1:])


def test_sweeps_without_two_common_values_say_so():
    sweep = noise_sweeps.widths()
    other = replace(sweep.beside("-randX"), values=(16, 33, 65, 129, 257))
    with pytest.raises(Untested, match="the worlds story, story-randX must share two or more values of width; they share 16"):
        paired_sweeps(sweep, other)


@pytest.mark.parametrize(
    "fields",
    [
        {"noise": "inputs", "noise_share": 0.4, "permuted_fraction": 1.0},
        {"name": "another", "n_networks": 8, "fitted": 0.1, "instruments": ["losses"], "device": "cuda"},
    ],
)
def test_sweeps_may_differ_in_noise_and_in_how_they_are_measured(fields):
    sweep = noise_sweeps.widths()
    assert len(paired_sweeps(sweep, changed(sweep.beside("-randX"), 64, **fields))) == 2


@pytest.mark.parametrize(
    "fields", [{"learning_rate": 0.1}, {"seed": 1}, {"train_images": 500}, {"regularizers": "dropout=0.1"}]
)
def test_sweeps_that_differ_in_anything_else_are_not_compared(fields):
    sweep = noise_sweeps.widths()
    with pytest.raises(Broken, match=f"story and story-randX differ in {next(iter(fields))}, so that they do not show"):
        paired_sweeps(sweep, changed(sweep.beside("-randX"), 64, **fields))


def test_a_longer_training_is_the_same_one_where_the_rate_is_constant():
    """A rate that decays to 0 at the last epoch is another one at every epoch."""
    sweep = noise_sweeps.widths()
    for schedule in ("constant", "linear"):
        one = changed(sweep, 64, schedule=schedule, epochs=100)
        other = changed(sweep.beside("-randX"), 64, schedule=schedule, epochs=300)
        if schedule == "constant":
            assert len(paired_sweeps(one, other)) == 2
        else:
            with pytest.raises(Broken, match="differ in epochs"):
                paired_sweeps(one, other)
