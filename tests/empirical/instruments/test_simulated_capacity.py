from dataclasses import replace

import pytest
import torch

from empirical.activations.recording import activations
from empirical.geometry.class_manifolds import manifolds_of
from empirical.instruments.simulated_capacity import DRAWS, simulated_readings
from empirical.separability.certificates import Uncertified
from empirical.separability.simulated_capacity import TooFewFeatures, simulated_capacity
from empirical.training.subject import Subject


@pytest.fixture
def subject(tiny):
    return Subject.of(replace(tiny, width=4), 0)


def test_readings_are_the_simulated_capacities_of_the_layers_manifolds(subject):
    model = subject.build().eval()
    found = {(r.layer, r.group, r.choice): r for r in simulated_readings(model, subject, ["conv1", "conv3"], 0)}
    assert set(found) == {
        (layer, *pair)
        for layer in ("conv1", "conv3")
        for pair in (("unpermuted", ""), ("permuted", ""), ("permuted", "shuffled"))
    }
    index = manifolds_of(subject)["permuted", ""]
    clouds = activations(model, subject.all_images(), ["conv3"])["conv3"][torch.from_numpy(index)].double().numpy()
    seed = int(subject.spec.rng(0, "dichotomies").integers(2**32))
    exact = simulated_capacity(clouds, DRAWS, seed).capacity
    one = found["conv3", "permuted", ""]
    assert (one.value, one.se, one.n) == (exact.value, exact.se, DRAWS)


@pytest.mark.parametrize("error", [TooFewFeatures("few"), Uncertified("neither")])
def test_what_cannot_be_simulated_has_no_reading(subject, monkeypatch, error):
    def fails(*_):
        raise error

    monkeypatch.setattr("empirical.instruments.simulated_capacity.simulated_capacity", fails)
    assert not list(simulated_readings(subject.build().eval(), subject, ["conv1"], 0))
