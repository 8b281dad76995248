from collections import OrderedDict

import pytest
import torch
from torch import nn

from empirical.errors import GeometryError
from empirical.geometry import class_manifolds
from empirical.geometry import readings as own
from empirical.geometry.class_manifolds import manifolds_of
from empirical.geometry.readings import choice_readings, geometry_readings
from empirical.instruments.layer_compression import compression_readings
from empirical.instruments.record import depths
from empirical.instruments.simulated_capacity import simulated_readings
from empirical.training.subject import Subject
from theory.geometry.manifolds import manifold_geometry


@pytest.fixture
def subject(tiny):
    return Subject.of(tiny, 0)


def readings(model, subject, names, **options):
    return {(r.layer, r.group, r.choice, r.quantity): r for r in geometry_readings(model, subject, names, 3, **options)}


def test_readings_are_the_theorys_on_the_layers_activations(subject):
    model = subject.build().eval()
    found = readings(model, subject, ["input", "conv2"])
    index = manifolds_of(subject)["restored", ""]
    with torch.no_grad():
        clouds = model[:2](subject.all_images()).flatten(1)[torch.from_numpy(index)].double().numpy()
    seed = int(subject.spec.rng(0, "geometry_probes").integers(2**32))
    with pytest.warns(UserWarning, match="10 manifolds"):
        exact = manifold_geometry(clouds, n_probes=5, seed=seed, correlations=0)
    for quantity in ("capacity", "radius", "dimension"):
        one = found["conv2", "restored", "", quantity]
        assert (one.value, one.se, one.n) == pytest.approx(
            (getattr(exact, quantity).value, getattr(exact, quantity).se, 50), rel=1e-5
        )
    assert found["network", "all", "", "kkt_residual"].value < 1e-9
    assert {key[1:3] for key in found if key[0] == "input"} == set(manifolds_of(subject))


def test_joint_quantities_are_read_where_every_dichotomy_is_separable(subject):
    """40 points in 128 features, of which 3 are left alive."""
    model = subject.build().eval()
    wide = readings(model, subject, ["conv2"], joint=True)
    assert wide["conv2", "permuted", "shuffled", "separable_share"].value == 1
    assert wide["conv2", "permuted", "shuffled", "joint_capacity"].value > 0
    narrow = readings(nn.Sequential(OrderedDict(conv2=Narrow())), subject, ["conv2"], joint=True)
    assert narrow["conv2", "permuted", "shuffled", "separable_share"].value < 1
    assert ("conv2", "permuted", "shuffled", "joint_capacity") not in narrow


class Narrow(nn.Module):
    """Three pixels."""

    def forward(self, images):
        return images.flatten(1)[:, 20:23]


class Elsewhere(torch.Tensor):
    """A tensor as on a GPU: numpy may read what was copied to the host, and nothing else."""

    def __array__(self, *_args, **_options):
        raise TypeError("can't convert cuda tensor to numpy")

    def numpy(self, *_args, **_options):
        return self.__array__()

    def cpu(self):
        return self.as_subclass(torch.Tensor)

    def to(self, *where, **options):
        moved = super().to(*where, **options)
        return moved.cpu() if "cpu" in where or torch.device("cpu") in where else moved


# By every method, and together.
OF_GEOMETRY = pytest.param(geometry_readings, marks=pytest.mark.settled)


@pytest.mark.parametrize("read", [OF_GEOMETRY, choice_readings, compression_readings, simulated_readings])
def test_clouds_that_are_tensors_as_on_a_gpu_have_the_same_geometry(read, subject, monkeypatch):
    model = subject.build().eval()
    options = {"methods": (0, "published", "cavity"), "joint": True} if read is geometry_readings else {}
    on_processor = list(read(model, subject, ["conv2", "conv6"], 3, **options))
    monkeypatch.setattr(class_manifolds, "placed", lambda values: values.as_subclass(Elsewhere))
    for one, other in zip(on_processor, read(model, subject, ["conv2", "conv6"], 3, **options), strict=True):
        assert vars(one) == vars(other) | {name: pytest.approx(vars(other)[name], 1e-9, 1e-12) for name in ("value", "se")}
    assert on_processor


def test_an_intervention_is_measured_without_its_baseline(subject):
    found = readings(subject.build().eval(), subject, ["conv6"], groups=("permuted", "restored"), choice="rewound")
    assert {key[1:3] for key in found if key[0] == "conv6"} == {("permuted", "rewound"), ("restored", "rewound")}


def test_a_dead_layer_is_an_error_that_names_network_epoch_layer_and_group(subject):
    model = subject.build().eval()
    model.conv3[1].weight.data.zero_()
    model.conv3[1].bias.data.fill_(-1.0)
    with pytest.raises(GeometryError, match=r"network 0, epoch 3, layer conv3, group unpermuted: .* 0 .* origin"):
        readings(model, subject, ["conv2", "conv3"])


def test_every_hidden_layer_has_a_depth(subject):
    assert depths(subject.build())["conv3"] == pytest.approx(3 / 7)


def test_joint_anchors_of_many_points_are_left_out(subject, monkeypatch):
    """Ten manifolds of four points have forty."""
    model = subject.build().eval()
    assert ("conv3", "unpermuted", "", "separable_share") in readings(model, subject, ["conv3"], joint=True)
    monkeypatch.setattr("empirical.geometry.readings.MOST_JOINT_POINTS", 39)
    assert ("conv3", "unpermuted", "", "separable_share") not in readings(model, subject, ["conv3"], joint=True)


def test_the_input_is_measured_once_and_has_the_same_numbers_at_every_epoch(subject, monkeypatch):
    def read(seed, **options):
        torch.manual_seed(seed)
        model = subject.build().eval()
        return readings(model, subject, ["input", "conv2"], groups=("permuted",), methods=(0, "cavity"), **options)

    called, known, measured = [], {}, own.measured
    monkeypatch.setattr(own, "measured", lambda *args, **options: called.append(args[1]) or measured(*args, **options))
    remembered = [read(seed, inputs=known) for seed in (1, 2)]
    assert len([where for where in called if "layer input" in where]) == len(known) == 4
    assert remembered == [read(seed) for seed in (1, 2)]
