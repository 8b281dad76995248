import numpy as np
import pytest
import torch

from empirical.adversarial.boxes import Box, grey_level, require_in_range
from empirical.data.pixel_range import PixelRange
from empirical.errors import AttackError
from tests.empirical.adversarial.small_networks import PIXELS, drawn_images


def test_a_grey_level_is_a_step_of_an_image_of_eight_bits():
    """Both ends of the range are 255 grey levels apart in each channel."""
    level = grey_level(PIXELS, drawn_images(1)).flatten().numpy()
    assert 255 * level == pytest.approx(PIXELS.high - PIXELS.low)
    assert level[1] == pytest.approx(2 * level[0])


def test_a_box_reaches_as_far_as_its_radius_in_every_channel():
    images = drawn_images(3)
    box = Box.around(images, 8, PIXELS)
    for ends, sign in ((box.low, -1), (box.high, 1)):
        levels = (ends - images) / torch.from_numpy(PIXELS.step)[:, None, None]
        assert levels.numpy() == pytest.approx(np.full(levels.shape, sign * 8), rel=1e-4)


def test_the_nearest_image_of_a_box_is_on_its_side_where_a_point_is_outside():
    images = drawn_images(2)
    box = Box.around(images, 2, PIXELS)
    assert torch.equal(box.nearest(images), images)
    assert torch.equal(box.nearest(images + 10), box.high)
    assert torch.equal(box.of(torch.tensor([1])).nearest(images[1:] - 10), box.low[1:])


def test_a_box_in_range_ends_at_black_and_white():
    low, high = (torch.from_numpy(ends)[:, None, None] for ends in (PIXELS.low, PIXELS.high))
    images = torch.stack([low.expand(2, 4, 4), high.expand(2, 4, 4)])
    box = Box.around(images, 8, PIXELS).in_range(images, PIXELS)
    assert torch.equal(box.low[0], images[0])
    assert torch.equal(box.high[1], images[1])
    assert (box.high[0] > images[0]).all()
    assert (box.low[1] < images[1]).all()


def test_a_pixel_of_noise_outside_the_range_may_only_move_towards_it():
    images = torch.full((1, 2, 1, 1), -50.0)
    box = Box.around(images, 8, PIXELS).in_range(images, PIXELS)
    assert torch.equal(box.low, images)
    assert torch.equal(box.high, Box.around(images, 8, PIXELS).high)


@pytest.mark.parametrize("radius", [0.3 / 255, 2 / 255, 8 / 255, 0.0, -2.0, 256.0, np.nan, np.inf])
def test_a_radius_that_is_no_length_in_grey_levels_is_refused(radius):
    with pytest.raises(AttackError, match=r"radius must be in grey levels.*multiply a radius for pixels in 0\.\.1 by 255"):
        Box.around(drawn_images(1), radius, PIXELS)


@pytest.mark.parametrize("wrong", [(0.0, 1.0), (0.0, 255.0)])
def test_a_range_in_other_units_than_the_images_is_refused(wrong):
    require_in_range(drawn_images(5), PIXELS)
    ends = (np.full(2, value, np.float32) for value in wrong)
    with pytest.raises(AttackError, match=r"received -.*: give the range in the units of the images"):
        require_in_range(drawn_images(5), PixelRange(*ends))
