from dataclasses import replace

import numpy as np
import pytest

from empirical.evidence.bundle import Bundle, read_bundle, write_bundle
from empirical.evidence.measurement import Measurement
from tests.verify.synthetic import paper
from verify.judging.error_rates import of_claim
from verify.judging.verdicts import Broken, NotAsked, Status, Untested
from verify.measurements.levels import levels
from verify.measurements.runs import Runs, Unfit
from verify.measurements.series import Key, Series


def test_the_turning_point_is_chosen_on_its_own_half(synthetic):
    """The halves peak at different epochs; the epoch is one half's, the number the other's, averaged over both ways."""
    rows = paper.rows(spread=0.0)
    moved = [r for r in rows if r.choice != "report"]
    shifted = {0: 0.9, paper.PEAK: 0.5}
    report = [r for r in rows if r.choice == "report"]
    moved += [type(r)(**{**vars(r), "value": shifted.get(r.epoch, 0.1)}) for r in report]
    runs = synthetic(moved)
    assert (runs.turning_points() == paper.PEAK).all()
    assert runs.reported_accuracy("turning_point") == pytest.approx(np.full(10, 0.5))
    exchanged = runs.both_ways[1]
    assert (exchanged.turning_points() == 0).all()
    at_first = exchanged.reported_accuracy("turning_point")
    assert (at_first == runs.series("accuracy", "test", "select").values[:, 0]).all()
    assert runs.accuracy("test", "turning_point") == pytest.approx((0.5 + at_first) / 2)


def test_crossing_epochs_are_interpolated(synthetic):
    runs = synthetic(paper.rows(spread=0.0))
    assert runs.crossing_epochs("unpermuted", 0.5) == pytest.approx(np.full(10, 4 * 0.4 / 0.85))
    assert (runs.crossing_epochs("unpermuted", 0.99) == paper.EPOCHS[-1] + 1).all()
    assert (runs.crossing_epochs("unpermuted", 0.05) == 0).all()


def test_the_last_epoch_before_an_accuracy_is_reached(synthetic):
    """Permuted accuracy, 0.08 + 0.1125 (e - 4), reaches 0.5 at epoch 8; measured at 0, 2, 7, 8, 12, one network not at 7."""
    rows = [
        Measurement(n, 0, e, "conv1", 0.5, "permuted", "", "capacity", float(e), 0.0, 1)
        for n in range(10)
        for e in (0, 2, 7, 8, 12)
        if (n, e) != (3, 7)
    ]
    runs = synthetic([*paper.rows(spread=0.0), *rows])
    capacity = runs.series("capacity", "permuted", layer="conv1")
    found = runs.last_below("permuted", 0.5, capacity)
    assert found.tolist() == [7, 7, 7, 2, 7, 7, 7, 7, 7, 7]
    assert runs.at(capacity, found).tolist() == found.tolist()
    assert capacity.shared_epochs().tolist() == [0, 2, 8, 12]
    with pytest.raises(Untested, match=r"before permuted accuracy reached 0\.05"):
        runs.last_below("permuted", 0.05, capacity)


def test_a_world_that_did_not_fit_its_labels_is_not_asked(synthetic, registry):
    rows = [type(r)(**{**vars(r), "value": 0.4}) if r.group == "permuted" else r for r in paper.rows()]
    runs = synthetic(rows)
    with pytest.raises(Unfit, match=r"fitted only 0\.40 of its permuted labels"):
        runs.accuracy("test", "end")
    for name in ("S-01", "S-02", "S-03"):
        assert registry[name].judge(of_claim(0, ""), runs).status == Status.NOT_ASKED


def test_without_the_rows_that_show_the_fit_nothing_is_supported(synthetic, registry):
    runs = synthetic([r for r in paper.rows() if (r.group, r.network) != ("permuted", 3)])
    assert {registry[name].judge(of_claim(0, ""), runs).status for name in ("S-01", "S-02", "S-03")} == {Status.BROKEN}


def test_gradient_claims_on_accuracies_alone_are_untested(synthetic, registry):
    runs = synthetic(paper.rows())
    for name in ("S-17.eval", "S-19.zero", "S-19.moments", "S-19.standard"):
        assert registry[name].judge(of_claim(0, ""), runs).status == Status.UNTESTED


def test_what_was_not_measured_is_untested_with_its_command(synthetic):
    runs = synthetic(paper.rows())
    with pytest.raises(Untested, match="python -m empirical bundle synthetic"):
        runs.gradient_norm("unpermuted", 1)
    with pytest.raises(Untested, match="measured epochs: 0, 1, 2"):
        runs.accuracy("test", 99)


def test_where_no_label_was_permuted_nothing_is_to_be_measured(synthetic):
    runs = replace(synthetic([r for r in paper.rows() if r.group != "permuted"]), trained_groups=("unpermuted",))
    with pytest.raises(NotAsked, match="permuted_fraction is 0"):
        runs.accuracy("permuted", 1)


def test_layers_come_in_order_of_depth_without_input_and_readout(synthetic):
    places = [("readout", 1.0), ("conv2", 2 / 3), ("conv1", 1 / 3), ("input", 0.0)]
    rows = [
        Measurement(n, 0, e, layer, depth, "permuted", "", "capacity", depth + n + e, 0.0, 1)
        for layer, depth in places
        for n in range(10)
        for e in (0, 12)
    ]
    runs = synthetic([*paper.rows(), *rows])
    assert (runs.layers, runs.readout, runs.early, runs.deep) == (("conv1", "conv2"), "readout", slice(0, 1), slice(1, 2))
    assert runs.layerwise("capacity", "permuted", 0)[3] == pytest.approx([3 + 1 / 3, 3 + 2 / 3])
    assert runs.layerwise("capacity", "permuted", "end", layers=["input"])[3] == pytest.approx([15])


def test_memorization_lasts_from_the_turning_point_to_the_end(synthetic):
    """Measured at the epochs 0, 2, 4, 8 and 12, one network at its own epoch 6 too; the turning point is epoch 4."""
    rows = [
        Measurement(n, 0, e, "conv1", 0.5, "weights", "", "weight_norm", float(e), 0.0, 1)
        for n in range(10)
        for e in (0, 2, 4, 8, 12, *([6] if n == 3 else []))
    ]
    runs = synthetic([*paper.rows(spread=0.0), *rows])
    found = runs.during_memorization(runs.series("weight_norm", "weights", layer="conv1"))
    assert found == pytest.approx([8.0] * 3 + [7.5] + [8.0] * 6)


def test_a_series_with_gaps_is_broken(synthetic):
    runs = synthetic([r for r in paper.rows() if (r.network, r.epoch, r.group) != (3, 5, "restored")])
    with pytest.raises(Broken, match=r"no rows of .*restored for networks"):
        runs.accuracy("restored", 5)
    assert runs.accuracy("permuted", 5).shape == (10,)


def test_some_networks_of_a_run_are_judged_by_themselves(tmp_path):
    """Seven of ten: a row each and no gaps; a gap is called by its network's number, not by its row's."""
    some = (0, 2, 3, 4, 5, 7, 9)
    rows = [row for row in paper.rows() if row.network in some]
    about = {**paper.manifest(), "networks": list(some)}
    write_bundle(tmp_path / "some", about, rows)
    runs = Runs.of(read_bundle(tmp_path / "some"))
    whole = Runs.of(Bundle(paper.manifest(), tuple(paper.rows())))
    assert runs.networks == some
    assert runs.accuracy("test", "end") == pytest.approx(whole.accuracy("test", "end")[list(some)])
    gap = Runs.of(Bundle(about, tuple(row for row in rows if (row.network, row.group) != (7, "restored"))))
    with pytest.raises(Broken, match=r"for networks 7; make"):
        gap.accuracy("restored", 5)


def test_a_bundle_that_does_not_say_so_is_of_all_networks():
    about = {name: value for name, value in paper.manifest().items() if name != "networks"}
    assert Runs.of(Bundle(about, tuple(paper.rows()))).networks == tuple(range(10))


def test_depth_is_counted_over_all_layers_between_the_first_and_the_last_measured():
    runs = Runs("w", {}, 2, 0.9, (), layers=("b", "c", "e"), all_layers=("a", "b", "c", "d", "e", "f"))
    assert runs.relative_depth() == pytest.approx([0, 1 / 3, 1])
    assert replace(runs, layers=("a", "b"), all_layers=()).relative_depth() == pytest.approx([0, 1])


def test_a_level_averages_layers_choices_and_epochs_within_a_network():
    table = {
        Key("capacity", "test", "", "conv1"): Series(np.array([0, 1]), np.array([[1.0, 3.0], [2.0, np.nan]])),
        Key("capacity", "test", "other", "conv2"): Series(np.array([0]), np.array([[5.0], [6.0]])),
        Key("radius", "test", "", "conv1"): Series(np.array([0]), np.array([[9.0], [9.0]])),
    }
    (found,) = levels(Runs("w", table, 2, 0.9, ()), ("capacity",))
    assert found == ("capacity of test", pytest.approx(3.5), pytest.approx(0.5), 2)
