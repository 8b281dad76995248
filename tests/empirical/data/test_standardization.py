import numpy as np
import pytest

from empirical.data.standardization import Standardization


@pytest.fixture
def raw():
    """Two channels, of which the second is darker and flatter."""
    rng = np.random.default_rng(0)
    return np.stack([rng.integers(0, 256, (300, 4, 5)), rng.integers(10, 60, (300, 4, 5))], axis=1).astype(np.uint8)


def test_every_channel_has_mean_0_and_deviation_1(raw):
    images = Standardization.of(raw).applied(raw)
    assert (images.shape, images.dtype) == (raw.shape, np.float32)
    assert images.mean(axis=(0, 2, 3), dtype=float) == pytest.approx([0, 0], abs=1e-6)
    assert images.std(axis=(0, 2, 3), dtype=float) == pytest.approx([1, 1], abs=1e-6)


def test_the_table_gives_the_bits_of_the_arithmetic(raw):
    """In the order in which networks were standardized before there was a table."""
    images = raw.astype(np.float32)
    images -= images.mean(axis=(0, 2, 3), keepdims=True, dtype=np.float64).astype(np.float32)
    images /= np.sqrt((images**2).mean(axis=(0, 2, 3), keepdims=True, dtype=np.float64)).astype(np.float32)
    assert np.array_equal(Standardization.of(raw).applied(raw), images)


def test_the_range_is_that_of_black_and_white_images(raw):
    standardization = Standardization.of(raw)
    flat = standardization.applied(np.stack([np.zeros((2, 4, 5)), np.full((2, 4, 5), 255)]).astype(np.uint8))
    assert np.array_equal(flat[0, :, 0, 0], standardization.pixels.low)
    assert np.array_equal(flat[1, :, 0, 0], standardization.pixels.high)
    # A step of one grey level is smaller where the channel has more contrast.
    assert standardization.pixels.step == pytest.approx(1 / raw.std(axis=(0, 2, 3)), rel=1e-5)
