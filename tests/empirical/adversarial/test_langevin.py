from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from empirical.adversarial.boxes import Box
from empirical.adversarial.certificates import certified, classes
from empirical.adversarial.langevin import Langevin, _look, search
from empirical.data.pixel_range import PixelRange
from empirical.errors import AttackError
from tests.empirical.adversarial.small_networks import PIXELS, distances, drawn_images, linear


def found_in(model, images, by, seed=0, pixels=PIXELS, start=None):
    return search(model, images, pixels, by, torch.Generator().manual_seed(seed), start)


def between(apart, share):
    """The radius that a share of the distances is below, in the middle between two of them."""
    below = round(share * len(apart))
    return float(apart.sort().values[below - 1 : below + 1].mean())


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("seed", range(3))
def test_a_linear_map_has_critical_samples_within_the_margin_over_the_1_norm(share, seed):
    """The second route for two classes: without noise the search ends in the corner that decides."""
    model, images = linear(2, seed=seed), drawn_images(400, seed=seed)
    apart = distances(model, images)
    radius = between(apart, share)
    _, found = found_in(model, images, Langevin(radius, 0.2 * radius, 0.0))
    assert found.sum() == round(share * 400)
    assert torch.equal(found, apart <= radius)
    _, found = found_in(model, images, Langevin.within(radius))
    assert not found[apart > radius].any()
    assert found[apart < 0.98 * radius].all()


@pytest.mark.parametrize("seed", range(3))
def test_several_linear_classes_have_the_nearest_of_their_boundaries(seed):
    """The runner-up need not be the nearest class, so that a few critical samples are missed."""
    model, images = linear(10, seed=seed), drawn_images(400, seed=seed)
    apart = distances(model, images)
    radius = float(apart.median())
    _, found = found_in(model, images, Langevin.within(radius))
    assert not found[apart > radius].any()
    assert found[apart <= radius].double().mean() > 0.95


# A plane in which the second route can look everywhere: images of one pixel in two channels.
PLANE = PixelRange(np.zeros(2, np.float32), np.full(2, 2.55, np.float32))


def plane_network(seed):
    """Three classes whose boundaries bend many times within the range."""
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Flatten(), nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 3))
    with torch.no_grad():
        model[1].weight.normal_(0, 4)
        model[1].bias.uniform_(-8, 8)
        model[3].weight.normal_(0, 0.5)
    return model.eval()


def on_a_grid(model, images, radius, n=61):
    """Whether any point of a grid over each image's box has another class than the image."""
    line = torch.linspace(-radius, radius, n) * PLANE.step[0]
    offsets = torch.stack(torch.meshgrid(line, line, indexing="ij"), dim=2).reshape(1, -1, 2, 1, 1)
    around = classes(model, (images[:, None] + offsets).reshape(-1, 2, 1, 1)).reshape(len(images), -1)
    return (around != classes(model, images)[:, None]).any(1)


@pytest.mark.settled
@pytest.mark.parametrize("radius", [12, 40])
def test_in_two_dimensions_the_critical_samples_are_those_of_brute_force(radius):
    """All that is found is there, and most of what is there is found, over eight networks."""
    there = also_found = 0
    for seed in range(8):
        model, images = plane_network(seed), 2.55 * torch.rand((150, 2, 1, 1), generator=torch.Generator().manual_seed(seed))
        points, found = found_in(model, images, Langevin.within(radius), pixels=PLANE)
        critical = on_a_grid(model, images, radius)
        assert certified(model, images, points, PLANE, radius)[found].all()
        assert not (found & ~critical).any()
        there, also_found = there + int(critical.sum()), also_found + int((found & critical).sum())
    assert 50 < there < 1000
    assert also_found > 0.9 * there


def test_the_gradient_of_the_cross_entropy_vanishes_at_large_logits_and_that_of_the_margin_does_not():
    model, images = linear(3), drawn_images(20)
    assigned = classes(model, images)
    with torch.no_grad():
        model[1].weight.mul_(1e4)
        model[1].bias.mul_(1e4)
    softmax, margin = (
        _look(model, images, assigned, gradient)[0].abs().flatten(1).amax(1) for gradient in ("softmax", "margin")
    )
    assert (softmax == 0).double().mean() > 0.8
    assert (margin > 0).all()


def test_the_margin_finds_the_same_at_logits_of_every_size_and_the_cross_entropy_does_not():
    found = {}
    for scale in (1.0, 1e4):
        model, images = linear(3), drawn_images(300)
        with torch.no_grad():
            model[1].weight.mul_(scale)
            model[1].bias.mul_(scale)
        radius = float(distances(model, images).median())
        for gradient in ("margin", "softmax"):
            found[gradient, scale] = float(found_in(model, images, Langevin.within(radius, gradient))[1].double().mean())
    assert found["margin", 1.0] == found["margin", 1e4]
    assert found["softmax", 1e4] < 0.5 * found["softmax", 1.0]


@pytest.mark.parametrize("in_range", [False, True])
def test_points_stay_in_the_box(in_range):
    model, images = linear(5), drawn_images(300)
    points, found = found_in(model, images, Langevin.within(4, in_range=in_range))
    box = Box.around(images, 4, PIXELS)
    assert torch.equal(box.nearest(points), points)
    low, high = (torch.from_numpy(ends)[:, None, None] for ends in (PIXELS.low, PIXELS.high))
    inside = ((points >= low) & (points <= high)).flatten(1).all(1)
    assert inside.all() == in_range
    assert 0 < found.sum() < 300


def test_fewer_images_are_critical_within_the_range_of_pixel_values():
    """Black pixels can only brighten: half of the box is gone."""
    model = linear(2, side=8)
    images = torch.from_numpy(PIXELS.low)[:, None, None] + 0.02 * torch.rand(300, 2, 8, 8)
    radius = float(distances(model, images).quantile(0.8))
    free, kept = (found_in(model, images, Langevin.within(radius, in_range=inside))[1] for inside in (False, True))
    assert kept.sum() < 0.7 * free.sum()
    assert not (kept & ~free).any()


def test_a_larger_radius_goes_on_where_the_smaller_one_ended():
    model, images = linear(5), drawn_images(300)
    points, found = found_in(model, images, Langevin.within(2))
    further, more = found_in(model, images, Langevin.within(4), start=points)
    assert torch.equal(further[found], points[found])
    assert more[found].all()
    assert more.sum() > found.sum()


def test_the_noise_is_that_of_the_generator_and_leads_to_other_points():
    model, images = linear(5), drawn_images(100)
    by = Langevin.within(2)
    assert torch.equal(found_in(model, images, by)[0], found_in(model, images, by)[0])
    assert not torch.equal(found_in(model, images, by)[0], found_in(model, images, by, seed=1)[0])
    wandering = replace(by, step=0.0)
    assert not torch.equal(found_in(model, images, wandering)[0], images)
    assert torch.equal(found_in(model, images, replace(wandering, noise=0.0))[0], images)


def test_a_network_that_always_predicts_one_class_has_no_critical_samples():
    model = linear(3)
    with torch.no_grad():
        model[1].weight.zero_()
    for bias in (torch.zeros(3), torch.tensor([0.0, 1.0, 0.0])):
        model[1].bias.data = bias
        assert not found_in(model, drawn_images(30), Langevin.within(255))[1].any()


def test_images_are_searched_in_batches_and_none_is_lost():
    model, images = linear(2), drawn_images(500)
    apart = distances(model, images)
    radius = between(apart, 0.5)
    _, found = found_in(model, images, Langevin(radius, radius, 0.0))
    assert torch.equal(found, apart <= radius)


def test_a_network_in_training_mode_is_refused():
    with pytest.raises(AttackError, match="training mode"):
        found_in(linear(2).train(), drawn_images(2), Langevin.within(2))
