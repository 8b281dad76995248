import pytest
import torch
from torch import nn

from empirical.adversarial.certificates import certified, classes
from empirical.errors import AttackError
from tests.empirical.adversarial.small_networks import PIXELS, distances, drawn_images, linear


@pytest.fixture(scope="module")
def across():
    """Images, and for each the point just across the nearest boundary of a linear map with two classes; their distance."""
    model, images = linear(2), drawn_images(50)
    apart = distances(model, images)
    weights = (model[1].weight[1] - model[1].weight[0]).detach().reshape(2, 4, 4)
    way = torch.where(classes(model, images) == 0, 1, -1)[:, None, None, None] * weights.sign()
    steps = torch.from_numpy(PIXELS.step)[:, None, None]
    return model, images, lambda share: images + (share * apart)[:, None, None, None].float() * way * steps, apart


def test_a_point_across_the_boundary_is_certified_within_its_own_distance_only(across):
    model, images, point_at, apart = across
    for image, point, distance in zip(images, point_at(1.001), apart.tolist(), strict=True):
        found = (certified(model, image[None], point[None], PIXELS, share * distance) for share in (1.01, 0.98))
        assert [bool(one) for one in found] == [True, False]


def test_a_point_of_the_same_class_is_not_certified(across):
    model, images, point_at, _ = across
    assert not certified(model, images, point_at(0.999), PIXELS, 255).any()
    assert certified(model, images, point_at(1.001), PIXELS, 255).all()


def test_one_pixel_too_far_is_too_far(across):
    model, images, point_at, apart = across
    points, further = point_at(1.001), point_at(1.1)
    radius = 1.01 * float(apart[0])
    assert certified(model, images[:1], points[:1], PIXELS, radius)
    points[:, 1, 2, 3] = further[:, 1, 2, 3]
    assert not certified(model, images[:1], points[:1], PIXELS, radius)


def test_classes_leave_the_network_as_it_is():
    model, images = linear(3), drawn_images(20)
    with torch.no_grad():
        assert torch.equal(classes(model, images), model(images).argmax(1))
    assert model[1].weight.dtype == torch.float32


@pytest.mark.parametrize("layer", [nn.Dropout(0.5), nn.BatchNorm2d(2)])
def test_a_network_in_training_mode_is_refused(layer):
    model = nn.Sequential(layer, *linear(2))
    assert classes(model.eval(), drawn_images(2)).shape == (2,)
    with pytest.raises(AttackError, match=r"the network is in training mode.*call its method eval first"):
        classes(model.train(), drawn_images(2))
