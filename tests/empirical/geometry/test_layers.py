from dataclasses import asdict

import numpy as np
import pytest
import torch
from torch import nn

from empirical.activations.recording import activations
from empirical.errors import ActivationError, GeometryError
from empirical.geometry.layers import layer_geometry
from theory.geometry.glue import effective_geometry
from theory.geometry.manifolds import manifold_geometry

P, M = 6, 9
PROBES = {"n_probes": 20, "correlations": 0, "resamples": 0, "joint_draws": 0}
EXACT = {"n_probes": 20, "correlations": 0}


class Net(nn.Module):
    """A network of nobody's: blocks, BatchNorm, work in place, a skip, a shared layer, a tuple within."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(inplace=True))
        self.block = nn.ModuleDict({"body": nn.Conv2d(4, 4, 3, padding=1), "drop": nn.Dropout(0.5)})
        self.pair, self.nothing = Pair(), Nothing()
        self.head = nn.Linear(4 * 36, 7)
        self.shared = nn.Linear(7, 7)

    def forward(self, x):
        x = self.stem(x)
        x = x + self.block["drop"](self.block["body"](x))
        x, _ = self.pair(x)
        self.nothing(x)
        return self.shared(self.shared(self.head(x.flatten(1))).relu_())


class Pair(nn.Module):
    def forward(self, x):
        return x, None


class Nothing(nn.Module):
    def forward(self, x):
        return None


@pytest.fixture
def model():
    torch.manual_seed(0)
    return Net()


@pytest.fixture
def inputs():
    draws = torch.Generator().manual_seed(1)
    return torch.randn(P * M, 3, 6, 6, generator=draws) + torch.randn(P, 3, 6, 6, generator=draws).repeat(M, 1, 1, 1)


LABELS = np.tile(np.arange(P), M)


def test_rows_are_the_theorys_on_the_activations(model, inputs):
    table = layer_geometry(model, inputs, LABELS, n_points=None, seed=3, **PROBES)
    assert [row.layer for row in table] == ["input", "stem.0", "block.body", "head", "shared:1", "shared:2"]
    assert table.left_out == ()
    values = activations(model.eval(), inputs, [row.layer for row in table])
    for row in table:
        clouds = torch.stack([values[row.layer][label == LABELS] for label in range(P)]).double()
        with pytest.warns(UserWarning, match="6 manifolds"):
            exact = manifold_geometry(clouds.numpy(), seed=3, **EXACT)
        assert (row.n_features, row.n_manifolds, row.n_probes) == (clouds.shape[2], P, 20 * P)
        assert (row.n_points, row.correlations, row.center_rank, row.held) == (M, 0, 0, 1)
        for name in ("capacity", "radius", "dimension"):
            one = getattr(exact, name)
            assert (getattr(row, name), getattr(row, f"{name}_se")) == pytest.approx((one.value, one.se), rel=1e-6)
        assert row.center_correlation == pytest.approx(exact.center_correlation, rel=1e-6)
        assert row.kkt_residual < 1e-9
        assert all(isinstance(value, str | int | float) for value in asdict(row).values())


@pytest.mark.slow
def test_the_default_is_one_table_of_capacity_baseline_and_joint_capacity(model, inputs):
    """The cavity's capacity, the same points under shuffled labels, joint anchors; errors that cover the choice of points."""
    (row,) = layer_geometry(model, inputs, LABELS, ["input"], n_points=None, n_probes=60, seed=3)
    clouds = np.stack([inputs[label == LABELS].flatten(1).double().numpy() for label in range(P)])
    with pytest.warns(UserWarning, match="6 manifolds"):
        exact = manifold_geometry(clouds, n_probes=60, seed=3, resamples=8)
    with pytest.warns(UserWarning, match="6 manifolds"):
        of_points = manifold_geometry(clouds, n_probes=60, seed=3)
    assert (row.correlations, row.center_rank) == ("cavity", None)
    assert (row.capacity, row.capacity_se) == pytest.approx((exact.capacity.value, exact.capacity.se), rel=1e-6)
    assert row.capacity_se != pytest.approx(of_points.capacity.se, rel=1e-3)
    joint = effective_geometry(clouds, 20, 3, center_mean=True)
    assert row.separable == 1
    assert abs(row.joint_capacity - joint.capacity.value) < 4 * (row.joint_capacity_se + joint.capacity.se)
    assert row.capacity > row.baseline + 2 * row.baseline_se
    assert abs(row.baseline - 2 / M) < 5 * row.baseline_se


def test_where_dichotomies_are_not_separable_the_joint_capacity_is_a_bound(inputs):
    """54 points in four features."""
    narrow = nn.Sequential(nn.Flatten(), nn.Linear(108, 4)).eval()
    (row,) = layer_geometry(narrow, inputs, LABELS, ["1"], n_probes=20, resamples=0)
    assert row.separable < 0.5
    assert row.held < 1
    assert P / row.joint_capacity <= 4 + 1e-9


def test_the_model_is_left_as_it_was(model, inputs):
    model.train()
    model.stem[1].eval()
    modes = {name: module.training for name, module in model.named_modules()}
    state, given = {name: value.clone() for name, value in model.state_dict().items()}, inputs.clone()
    layer_geometry(model, inputs, LABELS, **PROBES)
    assert {name: module.training for name, module in model.named_modules()} == modes
    assert all(torch.equal(value, state[name]) for name, value in model.state_dict().items())
    assert torch.equal(inputs, given)
    assert not any(module._forward_hooks for module in model.modules())
    assert all(parameter.grad is None and parameter.requires_grad for parameter in model.parameters())


def test_the_model_is_left_as_it_was_after_an_error(model, inputs):
    model.train()
    with pytest.raises(ActivationError):
        layer_geometry(model, inputs, LABELS, ["nothing"], **PROBES)
    assert model.block["drop"].training
    assert not any(module._forward_hooks for module in model.modules())


def test_labels_may_be_a_list_an_array_or_a_tensor(model, inputs):
    kinds = LABELS, LABELS.tolist(), torch.from_numpy(LABELS)
    found = [layer_geometry(model, inputs, labels, ["head"], **PROBES) for labels in kinds]
    assert found[0] == found[1] == found[2]


def test_points_are_drawn_by_seed(model, inputs):
    few = {"n_points": 4, **PROBES}
    one, again, other = (layer_geometry(model, inputs, LABELS, ["head"], seed=seed, **few)[0] for seed in (0, 0, 1))
    assert one == again != other
    assert one.n_points == 4


def test_classes_may_differ_in_size(model, inputs):
    keep = (LABELS > 0) | (np.arange(P * M) < 3 * P)
    (row,) = layer_geometry(model, inputs[keep], LABELS[keep], ["head"], n_points=None, **PROBES)
    values = activations(model.eval(), inputs[keep], ["head"])["head"].double().numpy()
    with pytest.warns(UserWarning, match="6 manifolds"):
        exact = manifold_geometry([values[label == LABELS[keep]] for label in range(P)], **EXACT)
    assert row.capacity == pytest.approx(exact.capacity.value, rel=1e-6)
    assert row.n_points == pytest.approx(keep.sum() / P)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precisions(model, inputs, dtype):
    (exact,) = layer_geometry(model, inputs, LABELS, ["stem.0"], **PROBES)
    (row,) = layer_geometry(model.to(dtype), inputs.to(dtype), LABELS, ["stem.0"], **PROBES)
    assert row.capacity == pytest.approx(exact.capacity, rel=0.02)


def test_an_unknown_layer_has_a_hint(model, inputs):
    with pytest.raises(ActivationError, match=r"no layer 'block_body'; .*did you mean 'block.body'\?"):
        layer_geometry(model, inputs, LABELS, ["block_body"])


def test_a_layer_without_an_output_is_an_error_that_names_it(model, inputs):
    with pytest.raises(ActivationError, match="layer nothing returned no tensor for 2 inputs"):
        layer_geometry(model, inputs, LABELS, ["nothing"])


def test_a_dead_layer_has_a_note_and_the_others_their_rows(model, inputs):
    exact = layer_geometry(model, inputs, LABELS, ["stem.0"], **PROBES)[0]
    model.head.weight.data.zero_()
    with pytest.warns(UserWarning, match="layers that have no geometry: 1, .* head: returned the same"):
        table = layer_geometry(model, inputs, LABELS, ["stem.0", "head"], **PROBES)
    assert table[0] == exact
    assert table[1].note.startswith("returned the same for all inputs")
    assert np.isnan([table[1].capacity, table[1].radius_se, table[1].held, table[1].kkt_residual]).all()
    assert (table[1].layer, table[1].n_manifolds, table[1].n_points) == ("head", P, M)
    with pytest.raises(ActivationError, match="layer head returned the same for all inputs"):
        layer_geometry(model, inputs, LABELS, ["stem.0", "head"], on_error="raise", **PROBES)
    with pytest.raises(ActivationError, match="layer head returned the same for all inputs"):
        layer_geometry(model, inputs, LABELS, ["head"], **PROBES)


def test_too_few_classes_and_labels_that_do_not_fit(model, inputs):
    with pytest.raises(GeometryError, match="two classes or more; received 1"):
        layer_geometry(model, inputs, np.zeros(P * M))
    with pytest.raises(GeometryError, match=r"one per input, \(54,\); received shape \(53,\)"):
        layer_geometry(model, inputs, LABELS[1:])


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ({"n_probes": 1}, "n_probes must be a whole number >= 2; received 1"),
        ({"n_probes": 2.5}, "n_probes must be a whole number"),
        ({"resamples": 1}, "resamples must be 0, or 2 or more; received 1"),
        ({"joint_draws": -1}, "joint_draws must be a whole number >= 0"),
        ({"margin": 1e4}, r"margin must be within \+-1000"),
        ({"correlations": "cavities"}, "'cavities'"),
        ({"correlations": -1}, "or a whole number >= 0; received -1"),
        ({"on_error": "skip"}, 'on_error must be "note" or "raise"; received \'skip\''),
        ({"n_points": 1}, "n_points must be at least 2"),
    ],
)
def test_an_option_out_of_range_is_told_before_the_model_runs(inputs, option, words):
    with pytest.raises(GeometryError, match=words):
        layer_geometry(lambda _: pytest.fail("the model ran"), inputs, LABELS, **option)


def test_correlations_may_be_left_or_removed_as_published(model, inputs):
    quick = {"n_probes": 20, "resamples": 0, "joint_draws": 0}
    (plain,), (published,), (cavity,) = (
        layer_geometry(model, inputs, LABELS, ["input"], correlations=which, **quick) for which in (0, "published", "cavity")
    )
    assert plain.center_rank == 0 < published.center_rank
    assert plain.center_correlation == pytest.approx(published.center_correlation)
    assert plain.center_correlation == pytest.approx(cavity.center_correlation)


def test_a_single_module_is_its_own_input_only(inputs):
    table = layer_geometry(nn.Flatten(), inputs, LABELS, **PROBES)
    assert [row.layer for row in table] == ["input"]
