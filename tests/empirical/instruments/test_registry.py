from dataclasses import replace

import numpy as np
import pytest

from empirical import networks
from empirical.evidence.names import HALF_CLASSES, HALF_POINTS, OTHER_POINTS, OTHER_STARTS, VARIANTS
from empirical.evidence.quantities import QUANTITIES
from empirical.geometry import readings
from empirical.geometry.class_manifolds import manifold_activations, manifolds_of
from empirical.geometry.readings import choice_readings, geometry_readings
from empirical.instruments.layer_compression import compression_readings
from empirical.instruments.registry import READ, READ_OFTEN, Moment
from empirical.instruments.rewinding import suffix_starts
from empirical.runs.instruments import GEOMETRY, INSTRUMENTS
from empirical.training.subject import Subject

# What is measured at epochs that claims do not compare.
AT_OTHERS = (*GEOMETRY, "center_correlation", "manifold_points", "kkt_residual")


@pytest.fixture(scope="module")
def subject(tiny):
    return Subject.of(replace(tiny, train_images=600), 0)


def test_every_name_a_run_can_ask_for_has_an_instrument():
    assert READ.keys() | READ_OFTEN.keys() == INSTRUMENTS.keys()
    assert not READ.keys() & READ_OFTEN.keys()
    assert all(callable(instrument) for instrument in [*READ.values(), *READ_OFTEN.values()])


@pytest.mark.settled
@pytest.mark.parametrize("epoch", [0, 1, 2, 3])
def test_the_cavity_geometry_is_the_geometry_without_joint_anchors_and_correction(subject, epoch, monkeypatch):
    """At initialization, at an epoch of no account, at the turning point and at the last; on one layer, to be quick."""
    model = subject.build().eval()
    monkeypatch.setattr(Moment, "analysed", ["input", "conv2"])
    at = Moment(subject, subject, model, model, epoch, turning=2, last=3)
    found, whole = (list(READ[name](at)) for name in ("cavity_geometry", "geometry"))
    assert {r.quantity for r in found} == set(INSTRUMENTS["cavity_geometry"] if epoch != 1 else AT_OTHERS)
    kept = [r for r in whole if r.quantity in INSTRUMENTS["cavity_geometry"] and r.quantity != "kkt_residual"]
    assert [r for r in found if r.quantity != "kkt_residual"] == kept


def test_other_choices_change_what_they_name_and_nothing_else(subject):
    own, other, fewer, few_classes = (manifolds_of(subject, v) for v in ("", OTHER_POINTS, HALF_POINTS, HALF_CLASSES))
    for pair, index in own.items():
        assert index.shape == (10, 4)
        assert other[pair].shape == (10, 4)
        assert fewer[pair].shape == (10, 2)
        assert few_classes[pair].shape == (5, 4)
    assert not np.array_equal(own["permuted", ""], other["permuted", ""])
    labels = subject.labels.trained[few_classes["permuted", ""]]
    assert np.array_equal(labels, np.repeat(np.arange(5)[:, None], 4, 1))


def test_choices_are_read_beside_their_own_baselines(subject):
    model = subject.build().eval()
    found = {(r.choice, r.quantity): r for r in choice_readings(model, subject, ["conv3"], 0)}
    assert {choice for choice, _ in found} == {*VARIANTS, *(f"shuffled/{v}" for v in VARIANTS)}
    standard = {r.choice: r for r in geometry_readings(model, subject, ["conv3"], 0, ("permuted",)) if r.quantity == "capacity"}
    probes = found["other probes", "capacity"]
    assert probes.value != standard[""].value
    assert abs(probes.value - standard[""].value) < 5 * np.hypot(probes.se, standard[""].se)
    # Of half as many points without structure the capacity is twice as large.
    assert found["shuffled/half the points", "capacity"].value > 1.4 * standard["shuffled"].value


def test_activations_of_manifolds_are_those_of_their_images(subject):
    model, chosen = subject.build().eval(), manifolds_of(subject)
    images = subject.all_images()
    for layer, pair, clouds in manifold_activations(model, subject, chosen, ["input", "conv1"], 0):
        index = chosen[pair]
        expected = images[index.ravel()] if layer == "input" else model[0](images[index.ravel()])
        assert np.allclose(clouds, expected.detach().flatten(1).double().numpy().reshape(*index.shape, -1), atol=1e-5)


def test_compression_is_of_true_groups_alone(subject):
    rows = list(compression_readings(subject.build().eval(), subject, ["conv2"], 0))
    assert {(r.quantity, r.group, r.choice) for r in rows} == {
        (quantity, group, "")
        for quantity in ("compression", "discrimination")
        for group in ("unpermuted", "permuted", "restored", "test")
    }
    # A class of images has less scatter about its mean, relative to that of the means, than one of random labels.
    value = {r.group: r.value for r in rows if r.quantity == "compression"}
    assert value["unpermuted"] < 0.5 * value["permuted"]
    assert {r.quantity for r in rows} <= set(QUANTITIES)


def test_four_suffixes_start_ever_later_and_one_is_the_deep_third(subject):
    starts = suffix_starts(subject.build())
    assert starts == ["conv2", "conv4", "conv5", "conv6"]
    model = networks.build("thinvgg", 2, (3, 32, 32), 4)
    assert suffix_starts(model) == ["conv3", "conv6", "conv7", "fc2"]


@pytest.mark.settled
def test_other_starts_change_the_directions_and_nothing_else(subject, monkeypatch):
    """Each reading has the manifolds and probes of the usual corrected geometry, and a seed of its own for the search."""
    model, asked, original = subject.build().eval(), [], readings.measured

    def spied(grams, where, **options):
        asked.append((where, options))
        return original(grams, where, **options)

    monkeypatch.setattr(readings, "measured", spied)
    usual = list(readings.geometry_readings(model, subject, ["conv3"], 0, ("unpermuted",), methods=["published"]))
    found = list(readings.minima_readings(model, subject, ["conv3"], 0))
    (where, options), *others = [(where, options) for where, options in asked if "unpermuted" in where]
    assert [chosen.pop("center_seed") for _, chosen in others] == [1, 2, 3]
    assert all((there, chosen) == (where, options) for there, chosen in others)
    assert {r.choice for r in found} == {*OTHER_STARTS, *(f"shuffled/{choice}" for choice in OTHER_STARTS)}
    capacities = {r.value for r in (*usual, *found) if (r.quantity, r.group) == ("corrected_capacity", "unpermuted")}
    assert np.ptp(list(capacities)) < 0.5 * max(capacities)
