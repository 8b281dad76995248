from dataclasses import replace

import numpy as np
import pytest

from empirical.errors import SpecError
from empirical.identity import sweeps
from empirical.identity.images import network_images, resized
from empirical.identity.quantities import ANGLES, DEGREES, DIGITS, FAMILIES, MIXTURES, SPARSE
from empirical.toy_models.image_correlations import correlation
from tests.empirical.identity.small_world import written

pytestmark = pytest.mark.needs_torch


@pytest.fixture
def spec(tmp_path):
    return sweeps.load(written(tmp_path)).specs[0]


def test_families_have_the_size_of_the_training_image(spec):
    found = network_images(replace(spec, side=14), 0)
    assert {family for family, _ in found.families} == set(FAMILIES)
    assert found.training.shape == (1, 14, 14)
    for (family, _), images in found.families.items():
        assert images.shape[1:] == (14, 14)
        assert np.all(images.any(axis=(1, 2)))
        assert family == ANGLES or (images.min() >= 0 and images.max() <= 1)
    assert np.all(found.families[SPARSE, ""].sum((1, 2)) == round(0.05 * 196))


def test_angles_are_angles_at_the_length_of_the_training_image(spec):
    found = network_images(spec, 1)
    for angle in DEGREES:
        images = found.families[ANGLES, str(angle)]
        np.testing.assert_allclose(correlation(images, found.training), np.cos(np.radians(angle)), atol=1e-12)
        np.testing.assert_allclose((images**2).sum((1, 2)), (found.training**2).sum())


def test_networks_have_images_of_their_own_and_the_same_at_every_value(spec):
    one, other = network_images(spec, 0), network_images(spec, 1)
    again = network_images(replace(spec, depth=9, gain=2.0, width=3), 0)
    assert abs(one.training - other.training).max() > 0
    assert abs(one.families[DIGITS, ""] - other.families[DIGITS, ""]).max() > 0
    for key, images in one.families.items():
        np.testing.assert_array_equal(images, again.families[key])


def test_no_image_is_used_twice(spec):
    many = network_images(replace(spec, n_images=1794), 0)
    every = np.concatenate([many.training, many.families[DIGITS, ""]]).reshape(1797, -1)
    assert len(np.unique(every, axis=0)) == len(np.unique(resized(_all(), 8).reshape(1797, -1), axis=0))
    assert not {family for family, _ in many.families} & {ANGLES, "training"}
    with pytest.raises(SpecError, match="n_images must leave 3 test images of the 1797 of digits; received 1795"):
        network_images(replace(spec, n_images=1795), 0)


def _all():
    from empirical.data import datasets

    return datasets.load("digits").raw[:, 0] / 16


def test_mixtures_are_of_two_digits(spec):
    found = network_images(spec, 0).families
    np.testing.assert_allclose(found[MIXTURES, ""][1], (found[DIGITS, ""][0] + found[DIGITS, ""][1]) / 2)


def test_resized_images_keep_their_ink_or_its_mean():
    images = np.random.default_rng(0).random((2, 4, 4))
    np.testing.assert_allclose(resized(images, 2)[:, 0, 0], images[:, :2, :2].mean((1, 2)))
    assert resized(images, 8).sum() == pytest.approx(images.sum())
    np.testing.assert_array_equal(resized(images, 8)[:, 2:6, 2:6], images)
    np.testing.assert_array_equal(resized(images, 4), images)


@pytest.mark.parametrize(("shape", "side"), [((4, 4), 3), ((4, 4), 7), ((4, 6), 2)])
def test_a_side_that_images_cannot_have_is_refused(shape, side):
    message = (
        rf"side must divide {shape[1]}, or exceed it by an even number, for images of {shape[0]} x {shape[1]}.*received {side}"
    )
    with pytest.raises(SpecError, match=message):
        resized(np.ones((2, *shape)), side)
