import numpy as np
import pytest
import torch

from empirical.toy_models import one_image_networks
from empirical.toy_models.linear_networks import NotConverged
from empirical.toy_models.one_image_networks import Connected, Convolutional
from empirical.toy_models.one_image_training import train
from empirical.toy_models.stacked_optimizers import Adam, Descent

pytestmark = pytest.mark.slow
RNG = np.random.default_rng(0)
DOUBLE = torch.float64
IMAGES = RNG.random((2, 5, 5))
CASES = [
    (Connected(2, 30), Descent()),
    (Connected(2, 25, skip=True), Adam()),
    (Convolutional(3, 3, 8), Descent(0.05, 0.9)),
    (Convolutional(3, 3, 8, 1 / 3), Adam(0.003)),
    (Convolutional(4, 3, 8, skip=True), Adam(0.003)),
]


def relative_losses(architecture, weights, images):
    found = one_image_networks.outputs(architecture, weights, images)
    return ((found - images) ** 2).sum((1, 2, 3)) / (images**2).sum((-3, -2, -1))


@pytest.mark.settled
@pytest.mark.parametrize(("architecture", "optimizer"), CASES, ids=str)
@pytest.mark.parametrize("n_images", [1, 2])
def test_every_network_reaches_the_loss_and_says_when(architecture, optimizer, n_images):
    images = IMAGES[:n_images]
    found = train(architecture, images, range(4), optimizer, 0.03, dtype=DOUBLE)
    assert np.all(found.relative_loss <= 0.03)
    np.testing.assert_allclose(found.relative_loss, relative_losses(architecture, found.weights, images), rtol=1e-9)
    assert len(set(found.steps)) > 1
    # One step less is not enough for the slowest network.
    with pytest.raises(NotConverged):
        train(architecture, images, range(4), optimizer, 0.03, found.steps.max() - 1, DOUBLE)


@pytest.mark.parametrize(("architecture", "optimizer"), CASES, ids=str)
def test_a_network_does_not_depend_on_the_others(architecture, optimizer):
    together = train(architecture, IMAGES[:1], [3, 4, 5], optimizer, 0.05, dtype=DOUBLE)
    for network, seed in enumerate([3, 4, 5]):
        alone = train(architecture, IMAGES[:1], [seed], optimizer, 0.05, dtype=DOUBLE)
        assert alone.steps[0] == together.steps[network]
        for one, layer in zip(alone.weights, together.weights, strict=True):
            np.testing.assert_allclose(one[0], layer[network], atol=1e-7)


def test_networks_have_images_of_their_own():
    images = IMAGES[:, None]
    found = train(Convolutional(2, 3, 6), images, [1, 1], Adam(0.003), 0.02, dtype=DOUBLE)
    np.testing.assert_allclose(found.relative_loss, relative_losses(found.architecture, found.weights, images), rtol=1e-9)
    alone = train(Convolutional(2, 3, 6), images[1], [1], Adam(0.003), 0.02, dtype=DOUBLE)
    np.testing.assert_allclose(alone.weights[0][0], found.weights[0][1], atol=1e-9)
    assert abs(found.weights[0][0] - found.weights[0][1]).max() > 1e-3


def test_a_loss_that_is_not_reached_names_seeds_and_losses():
    with pytest.raises(
        NotConverged, match=r"2 networks have not come down to the relative loss 1e-06 in 3 steps.*7 \(0\.\d+\), 9"
    ):
        train(Connected(2, 10), IMAGES[:1], [7, 9], Descent(), 1e-6, most_steps=3)
    with pytest.raises(NotConverged, match="too large a rate"):
        train(Convolutional(3, 3, 8), IMAGES[:1], [7, 9], Descent(1e4), 1e-2, most_steps=500)


def test_more_than_the_machine_holds_is_refused_before_it_is_drawn():
    with pytest.raises(MemoryError, match=r"2 networks of [\d,]+ weights need [\d,.]+ GB, and this machine has"):
        train(Convolutional(3, 5, 500_000), IMAGES[:1], [1, 2])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"relative_loss": 0.0}, "relative_loss must be"),
        ({"relative_loss": 1.0}, "relative_loss must be"),
        ({"seeds": []}, "seeds must"),
        ({"images": np.zeros((1, 5, 5))}, "images must not all be 0"),
        ({"images": np.ones((5, 5))}, r"images must be \(m, H, W\)"),
    ],
)
def test_impossible_trainings_are_refused(change, message):
    arguments = {"architecture": Connected(1, 1), "images": IMAGES, "seeds": [0], "relative_loss": 0.1}
    with pytest.raises(ValueError, match=message):
        train(**(arguments | change))
