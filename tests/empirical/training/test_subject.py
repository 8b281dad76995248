from dataclasses import replace

import numpy as np
import pytest
import torch

from empirical.errors import SpecError
from empirical.instruments.accuracies import logits_of
from empirical.instruments.sampling import sampled
from empirical.training.subject import Subject
from empirical.training.train import train


@pytest.fixture(scope="module")
def real(tiny):
    return Subject.of(tiny, 0)


def noisy(tiny, noise="inputs", share=0.4, network=0):
    return Subject.of(replace(tiny, noise=noise, noise_share=share), network)


def test_without_noise_no_image_is_noise_and_none_can_be_drawn(real):
    assert (real.noisy.shape, real.noisy.sum()) == ((300,), 0)
    with pytest.raises(SpecError, match='tiny has no images of noise, because its noise is "none"'):
        real.fresh_noise(3)


@pytest.mark.parametrize("noise", ["inputs", "pixels"])
def test_noise_replaces_training_images_alone(tiny, real, noise):
    mixed = noisy(tiny, noise)
    assert mixed.noisy.sum() == 120
    assert torch.equal(mixed.images[~mixed.noisy], real.images[~real.noisy][~mixed.noisy])
    assert not (mixed.images[mixed.noisy] == real.images[mixed.noisy]).flatten(1).all(1).any()
    assert all(torch.equal(mixed.tests[half][0], real.tests[half][0]) for half in ("select", "report"))
    assert np.array_equal(mixed.labels.trained, real.labels.trained)


@pytest.mark.parametrize("noise", ["inputs", "pixels"])
def test_the_law_of_the_noise_is_of_the_training_images_and_not_of_the_test_images(tiny, real, noise):
    """A law that knew the test images, or images that are noise already, would have other means."""
    images, every = real.images.numpy(), real.all_images().numpy()
    axes = (0, 2, 3) if noise == "inputs" else 0
    mean = noisy(tiny, noise).noise.mean
    assert mean.ravel() == pytest.approx(images.mean(axis=axes, dtype=float).ravel(), abs=1e-6)
    assert not np.allclose(mean.ravel(), every.mean(axis=axes, dtype=float).ravel(), atol=1e-3)


def test_fresh_noise_is_new_has_one_law_with_the_noise_trained_on_and_repeats(tiny):
    mixed = noisy(tiny, "inputs", 1.0)
    fresh = mixed.fresh_noise(300)
    assert (fresh.shape, fresh.dtype) == (mixed.images.shape, torch.float32)
    assert torch.equal(fresh, mixed.fresh_noise(300))
    assert torch.equal(fresh[:7], mixed.fresh_noise(7))
    assert not {row.numpy().tobytes() for row in fresh} & {row.numpy().tobytes() for row in mixed.images}
    assert float(fresh.mean() - mixed.images.mean()) == pytest.approx(0, abs=5 * (2 / fresh.numel()) ** 0.5)
    assert float(fresh.std() / mixed.images.std()) == pytest.approx(1, abs=5 / fresh.numel() ** 0.5)
    assert not torch.equal(fresh, noisy(tiny, "inputs", 1.0, network=1).fresh_noise(300))


def test_a_larger_share_keeps_the_noise_of_the_smaller(tiny):
    """So that the noise levels of a sweep are compared network by network."""
    few, many = noisy(tiny, share=0.2), noisy(tiny, share=0.4)
    assert (many.noisy | ~few.noisy).all()
    assert torch.equal(many.images[few.noisy], few.images[few.noisy])


def test_a_sample_knows_which_of_its_images_are_noise(tiny):
    mixed = Subject.of(replace(tiny, noise="inputs", noise_share=0.4, group_images=50), 0)
    small = sampled(mixed)
    places = [next(i for i, row in enumerate(mixed.images) if torch.equal(row, one)) for one in small.images]
    assert np.array_equal(small.noisy, mixed.noisy[places])


def test_a_network_with_dropout_is_measured_without_it(tiny, tmp_path):
    subject = Subject.of(replace(tiny, architecture="mlp2", batch_norm=False, dropout=0.5, epochs=1), 0)
    train(subject, tmp_path)
    model = subject.at(tmp_path, 1)
    assert (logits_of(model, subject) == logits_of(model, subject)).all()
    model.train()
    assert not (logits_of(model, subject) == logits_of(model, subject)).all()


def test_the_pixels_of_a_subject_are_those_of_its_data(real):
    images = real.all_images()
    assert float(images.min()) == real.pixels.low
    assert float(images.max()) == real.pixels.high


def test_a_network_is_read_in_the_format_in_which_it_is_measured_sooner(real, tmp_path):
    train(real, tmp_path)
    found, written = real.at(tmp_path, real.spec.epochs), real.build()
    weights = [value for value in found.state_dict().values() if value.ndim == 4]
    assert weights
    assert all(value.is_contiguous(memory_format=torch.channels_last) for value in weights)
    written.load_state_dict(found.state_dict())
    torch.testing.assert_close(logits_of(found, real), logits_of(written.eval(), real), rtol=1e-5, atol=1e-5)
