import numpy as np
import pytest

from empirical.data.noise import NoiseLaw, replaced


@pytest.fixture
def images():
    """Two channels of unlike brightness and contrast, which differ from pixel to pixel."""
    rng = np.random.default_rng(0)
    brightness = np.arange(2 * 3 * 4).reshape(2, 3, 4)
    return (brightness + (1 + brightness / 10) * rng.standard_normal((500, 2, 3, 4))).astype(np.float32)


@pytest.mark.parametrize(("noise", "axes"), [("inputs", (0, 2, 3)), ("pixels", 0)])
def test_noise_has_the_moments_of_the_images_by_channel_or_by_pixel(images, noise, axes):
    drawn = NoiseLaw.of(noise, images).draw(20_000, np.random.default_rng(1))
    assert (drawn.shape, drawn.dtype) == ((20_000, 2, 3, 4), np.float32)
    mean, deviation = images.mean(axis=axes), images.std(axis=axes)
    error = deviation / np.sqrt(drawn[:, 0, 0, 0].size * (12 if noise == "inputs" else 1))
    assert np.all(abs(drawn.mean(axis=axes) - mean) < 5 * error)
    assert np.all(abs(drawn.std(axis=axes) - deviation) < 5 * error)


def test_noise_of_one_law_is_independent_from_pixel_to_pixel_and_gaussian(images):
    law = NoiseLaw.of("pixels", images)
    drawn = (law.draw(20_000, np.random.default_rng(1)) - law.mean) / law.deviation
    correlations = np.corrcoef(drawn.reshape(len(drawn), -1).T)
    assert abs(correlations - np.eye(24)).max() < 5 / np.sqrt(20_000)
    assert np.mean(drawn**4) == pytest.approx(3, abs=5 * np.sqrt(96 / drawn.size))


def test_a_pixel_that_never_changes_does_not_change_in_noise(images):
    images[:, 0, 0, 0] = 7
    assert np.all(NoiseLaw.of("pixels", images).draw(10, np.random.default_rng(0))[:, 0, 0, 0] == 7)


@pytest.mark.parametrize(("share", "count"), [(0, 0), (0.3, 150), (1, 500)])
def test_a_share_of_the_images_is_replaced_and_the_others_stay(images, share, count):
    before, law = images.copy(), NoiseLaw.of("inputs", images)
    mixed, noisy = replaced(images, share, law, np.random.default_rng(2))
    assert (noisy.dtype, noisy.shape, noisy.sum()) == (bool, (500,), count)
    assert np.array_equal(images, before)
    assert np.array_equal(mixed[~noisy], images[~noisy])
    assert not (mixed[noisy] == images[noisy]).any()


@pytest.mark.parametrize("share", [-0.1, 1.1, 40, float("nan")])
def test_a_share_outside_its_range_is_refused(images, share):
    with pytest.raises(ValueError, match=r"share must be within 0\.\.1"):
        replaced(images, share, NoiseLaw.of("inputs", images), np.random.default_rng(0))
