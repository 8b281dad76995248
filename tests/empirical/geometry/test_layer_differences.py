"""Two networks on the same images, the classes of layers, and how many images they need."""

from dataclasses import astuple, replace

import numpy as np
import pytest
import torch
from torch import nn

from empirical.errors import GeometryError
from empirical.geometry import compare, layer_comparison, layer_geometry, layer_sample_sizes
from empirical.layer_tables.table import LayerTable
from tests.empirical.geometry.test_layers import LABELS, M, P
from theory.geometry.errors_over_points import paired_differences
from theory.geometry.manifolds import manifold_geometry

QUICK = {"n_points": None, "n_probes": 20, "resamples": 3, "joint_draws": 0, "baseline": False}


class Scaled(nn.Module):
    """Returns its input times a number."""

    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, x):
        return self.factor * x


def network(seed, factor=1.0):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Flatten(), Scaled(factor), nn.Linear(108, 40, bias=False), nn.Tanh(), nn.Linear(40, 30))


@pytest.fixture
def inputs():
    draws = torch.Generator().manual_seed(1)
    return torch.randn(P * M, 3, 6, 6, generator=draws) + torch.randn(P, 3, 6, 6, generator=draws).repeat(M, 1, 1, 1)


def geometry(clouds, **options):
    with pytest.warns(UserWarning, match="6 manifolds"):
        return manifold_geometry(clouds, n_probes=20, resamples=3, **options)


def test_classes_have_the_theorys_values_and_their_labels(inputs):
    labels = np.array(["ant", "bee", "cat", "dog", "eel", "fox"])[LABELS]
    keep = (LABELS > 0) | (np.arange(P * M) < 3 * P)
    table = layer_geometry(network(0), inputs[keep], labels[keep], ["input", "2"], **QUICK)
    assert [(one.layer, one.label, one.n_points) for one in table.classes] == [
        (layer, label, 3 if label == "ant" else M) for layer in ("input", "2") for label in np.unique(labels)
    ]
    flat = inputs.flatten(1).double().numpy()
    exact = geometry([flat[keep & (label == LABELS)] for label in range(P)])
    for name, column in exact.per_manifold.items():
        assert [getattr(one, name) for one in table.classes[:P]] == pytest.approx(column.tolist(), rel=1e-5)
    inverse = np.mean([1 / one.capacity for one in table.classes[:P]])
    assert 1 / inverse == pytest.approx(table[0].capacity, rel=1e-9)


@pytest.mark.slow
def test_a_network_does_not_differ_from_itself_nor_from_itself_rescaled(inputs):
    for one in layer_comparison(network(0), network(0), inputs, LABELS, **QUICK):
        assert not any(astuple(one)[2:-1])
    (one,) = layer_comparison(network(0), network(0, 4.0), inputs, LABELS, ["2"], **QUICK)
    assert np.abs(astuple(one)[2:-1]).max() < 1e-5


def test_differences_are_the_theorys(inputs):
    tables = [layer_geometry(network(seed), inputs, LABELS, **QUICK) for seed in (0, 1)]
    found = compare(*tables)
    assert [(one.layer, one.other) for one in found] == [("input", "input"), ("2", "2"), ("4", "4")]
    values = [network(seed)[:3](inputs).detach().double().numpy() for seed in (0, 1)]
    clouds = [np.stack([one[label == LABELS] for label in range(P)]) for one in values]
    for name, exact in paired_differences(*map(geometry, clouds)).items():
        assert getattr(found[1], name) == pytest.approx(exact.value, rel=1e-3)
        assert getattr(found[1], f"{name}_se") == pytest.approx(exact.se, rel=1e-3)


def test_saved_tables_compare_as_they_did(inputs, tmp_path):
    tables = [layer_geometry(network(seed), inputs, LABELS, **QUICK) for seed in (0, 1)]
    for number, table in enumerate(tables):
        table.save(tmp_path / f"{number}.json")
    assert compare(*(LayerTable.load(tmp_path / f"{number}.json") for number in (0, 1))) == compare(*tables)


@pytest.mark.slow
def test_layers_of_other_names_are_paired_by_hand_and_those_of_one_network_are_told(inputs):
    deep = nn.Sequential(*network(1), nn.Tanh(), nn.Linear(30, 20))
    with pytest.warns(UserWarning, match="layers of one table alone are not compared: 6"):
        assert [one.layer for one in layer_comparison(network(0), deep, inputs, LABELS, **QUICK)] == ["input", "2", "4"]
    (one,) = layer_comparison(network(0), deep, inputs, LABELS, [("4", "6")], **QUICK)
    assert (one.layer, one.other) == ("4", "6")


def test_a_layer_without_a_geometry_has_no_difference(inputs):
    table = layer_geometry(network(0), inputs, LABELS, ["2", "4"], **QUICK)
    rest = {"classes": table.classes, "halves": table.halves, "seed": table.seed, "settings": table.settings}
    failed = LayerTable([replace(table[0], note="dead"), table[1]], **rest)
    for one, other in ((table, failed), (failed, table)):
        dead, alive = compare(one, other)
        assert (dead.note, alive.note) == ("dead", "")
        assert np.isnan(astuple(dead)[2:-1]).all()
        assert alive.capacity == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"seed": 1}, "differ in seed, 0 and 1"),
        ({"n_points": 5}, r"differ in n_points, \[9\.0\] and \[5\.0\]"),
        ({"n_probes": 30}, "differ in n_probes"),
        ({"correlations": 0}, "differ in correlations"),
    ],
)
def test_tables_of_other_points_are_refused(inputs, changes, words):
    one, other = (layer_geometry(network(0), inputs, LABELS, ["2"], **QUICK | how) for how in ({}, changes))
    with pytest.raises(GeometryError, match=words):
        compare(one, other)


def test_other_labels_other_names_and_no_halves_are_refused(inputs):
    one = layer_geometry(network(0), inputs, LABELS, ["2"], **QUICK)
    with pytest.raises(GeometryError, match="differ in labels"):
        compare(one, layer_geometry(network(0), inputs, LABELS + 1, ["2"], **QUICK))
    with pytest.raises(GeometryError, match=r"no layer 'other'; the tables have \[2\] and \[2\]"):
        compare(one, one, ["other"])
    bare = layer_geometry(network(0), inputs, LABELS, ["2"], **QUICK | {"resamples": 0})
    with pytest.raises(GeometryError, match=r"layer 2: .* measure with resamples=2 or more"):
        compare(bare, bare)
    with (
        pytest.raises(GeometryError, match="no layer has one name in both"),
        pytest.warns(UserWarning, match="one table alone"),
    ):
        compare(one, LayerTable([replace(one[0], layer="3")]))


@pytest.mark.slow
def test_sample_sizes_end_with_the_rows_own_numbers(inputs):
    model, options = network(0), {"n_probes": 20, "resamples": 3}
    (row,) = layer_geometry(model, inputs, LABELS, ["2"], **QUICK)
    points = layer_sample_sizes(model, inputs, LABELS, ["2"], sizes=[4, 9], **options)["2"]
    classes = layer_sample_sizes(model, inputs, LABELS, "2", vary="manifolds", sizes=[3, 6], **options)["2"]
    assert [one.n_points for one in points.rows] == [4, 9]
    assert [one.n_manifolds for one in classes.rows] == [3, 6]
    for curve in (points, classes):
        assert curve.rows[-1].capacity.value == pytest.approx(row.capacity, rel=1e-5)
        assert curve.rows[-1].capacity.se == pytest.approx(row.capacity_se, rel=1e-5)
    assert list(layer_sample_sizes(model, inputs, LABELS, sizes=[4, 9], **options)) == ["input", "2", "4"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"vary": "images"}, "vary must be one of points, manifolds; received 'images'"),
        ({"vary": "manifolds"}, "layer 2: a change needs two numbers of manifolds or more"),
        ({"sizes": [1, 9]}, "layer 2: a change needs two numbers of points or more, each 2 or more and at most 9"),
    ],
)
def test_sample_sizes_that_cannot_be_are_named(inputs, options, words):
    with pytest.raises(GeometryError, match=words):
        layer_sample_sizes(network(0), inputs, LABELS, ["2"], **options)
