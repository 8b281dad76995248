from dataclasses import replace

import numpy as np
import pytest
import torch

from empirical.instruments.sampling import sampled, with_fewer_tests
from empirical.training.subject import Subject


@pytest.fixture(scope="module")
def subject(tiny):
    return Subject.of(replace(tiny, group_images=50), 0)


def test_a_sample_has_so_many_of_each_group_and_all_test_images(subject):
    small = sampled(subject)
    assert len(small.labels.unpermuted) == len(small.labels.permuted_all) == 50
    assert len(small.images) == 100
    assert all(torch.equal(small.tests[half][0], images) for half, (images, _) in subject.tests.items())


def test_every_image_keeps_its_labels(subject):
    small = sampled(subject)
    known = {image.numpy().tobytes(): index for index, image in enumerate(subject.images)}
    index = np.array([known[image.numpy().tobytes()] for image in small.images])
    for field in ("true", "trained", "drawn"):
        assert np.array_equal(getattr(small.labels, field), getattr(subject.labels, field)[index])


def test_it_is_the_same_every_time_and_another_for_another_network(subject):
    assert torch.equal(sampled(subject).images, sampled(subject).images)
    other = replace(subject, network=1)
    assert not torch.equal(sampled(subject).images, sampled(other).images)


def test_a_subject_that_has_no_more_is_left_alone(tiny):
    subject = Subject.of(replace(tiny, group_images=150), 0)
    assert sampled(subject) is subject


def test_fewer_test_images_of_each_half_with_their_labels(subject):
    fewer = with_fewer_tests(replace(subject, spec=replace(subject.spec, rewound_images=100)))
    for half, (images, true) in subject.tests.items():
        kept, labels = fewer.tests[half]
        known = {image.numpy().tobytes(): index for index, image in enumerate(images)}
        index = [known[image.numpy().tobytes()] for image in kept]
        assert len(set(index)) == 100
        assert torch.equal(labels, true[index])
    assert with_fewer_tests(subject) is subject
