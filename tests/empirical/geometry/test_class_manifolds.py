from dataclasses import replace

import numpy as np
import pytest
import torch

from empirical.errors import GeometryError
from empirical.geometry import class_manifolds
from empirical.training.subject import Subject


@pytest.fixture
def subject(tiny):
    return Subject.of(tiny, 0)


def test_manifolds_are_of_one_class_one_group_and_one_size(subject):
    labels, n_train = subject.labels, len(subject.images)
    found = class_manifolds.manifolds_of(subject)
    assert {index.shape for index in found.values()} == {(10, 4)}
    for label in range(10):
        assert set(found["unpermuted", ""][label]) <= set(np.flatnonzero(~labels.drawn & (labels.true == label)))
        assert set(found["permuted", ""][label]) <= set(labels.permuted[labels.trained[labels.permuted] == label])
        assert set(found["restored", ""][label]) <= set(labels.permuted[labels.true[labels.permuted] == label])
    report = subject.tests["report"]
    first = n_train + len(subject.tests["select"][0])
    classes = report[1].numpy()[found["test", ""] - first]
    assert (classes == np.arange(10)[:, None]).all()
    assert torch.equal(subject.all_images()[first:], report[0])


def test_the_shuffled_baseline_has_the_permuted_groups_own_points(subject):
    found = class_manifolds.manifolds_of(subject)
    permuted, shuffled = found["permuted", ""], found["permuted", "shuffled"]
    assert sorted(permuted.ravel()) == sorted(shuffled.ravel())
    assert (permuted != shuffled).any()
    assert (subject.labels.true[shuffled] != np.arange(10)[:, None]).all()


def test_a_shuffled_label_is_any_but_the_true_one_equally_often():
    true, rng = np.arange(5).repeat(4), np.random.default_rng(0)
    places = np.zeros((5, 5))
    for _ in range(4000):
        np.add.at(places, (true[class_manifolds._shuffled(true, 5, rng)], true), 1)
    assert not places.diagonal().any()
    # 16,000 of each true label over four others: a standard deviation of at most 55, less what points share.
    assert np.abs(places[~np.eye(5, dtype=bool)] - 4000).max() < 300


def test_two_classes_leave_one_way_to_shuffle():
    true = np.array([1, 1, 1, 0, 0, 0])
    assert (true[class_manifolds._shuffled(true, 2, np.random.default_rng(0))] == true).all()


def test_points_are_fewer_where_a_class_is_smaller(tiny):
    subject = Subject.of(replace(tiny, geometry_points=1000), 0)
    sizes = {index.shape[1] for index in class_manifolds.manifolds_of(subject).values()}
    members = class_manifolds._members(subject)
    assert sizes == {min(len(one) for classes in members.values() for one in classes)}


def test_a_class_of_one_image_is_an_error_that_names_it(tiny):
    subject = Subject.of(replace(tiny, train_images=20, batch_size=10), 0)
    with pytest.raises(GeometryError, match=r"class \d has [01] images in group \w+, .* (raise|lower) .*permuted_fraction 0.5"):
        class_manifolds.manifolds_of(subject)


@pytest.mark.parametrize("fraction", [0.0, 1.0])
def test_groups_without_images_are_left_out(tiny, fraction):
    found = class_manifolds.manifolds_of(Subject.of(replace(tiny, permuted_fraction=fraction), 0))
    assert ("permuted", "") in found if fraction else ("unpermuted", "") in found
    assert len({group for group, _ in found}) == (3 if fraction else 2)
