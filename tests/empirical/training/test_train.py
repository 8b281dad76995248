import errno
from dataclasses import replace

import pytest
import torch

from empirical import storage
from empirical.errors import GeomemError, StorageError
from empirical.instruments import accuracies
from empirical.instruments.accuracies import predict
from empirical.training import checkpoints
from empirical.training.sgd import Steps
from empirical.training.subject import Subject
from empirical.training.train import one_epoch, train


class Killed(BaseException):
    """Not an Exception: nothing in our code may swallow it."""


def weights(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.glob("epoch-*.safetensors"))}


@pytest.fixture(scope="module")
def subject(tiny):
    return Subject.of(tiny, 0)


@pytest.fixture(scope="module")
def uninterrupted(subject, tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    train(subject, folder)
    return weights(folder)


@pytest.mark.parametrize("write", range(8))
def test_a_kill_at_any_write_resumes_to_the_same_bits(subject, uninterrupted, tmp_path, monkeypatch, write):
    """Epochs 0..3, two files each: killed before, within and after every one of the eight writes."""
    calls = iter(range(100))
    whole_write = storage._write

    def killed(path, content):
        if next(calls) == write:
            path.write_bytes(content[: len(content) // 3])
            raise Killed
        whole_write(path, content)

    monkeypatch.setattr(storage, "_write", killed)
    with pytest.raises(Killed):
        train(subject, tmp_path)
    monkeypatch.undo()
    train(subject, tmp_path)
    assert weights(tmp_path) == uninterrupted


def test_a_full_disk_is_an_error_and_then_resumed(subject, uninterrupted, tmp_path, monkeypatch):
    def full(path, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(storage, "_write", full)
    with pytest.raises(StorageError, match="no space left"):
        train(subject, tmp_path)
    monkeypatch.undo()
    train(subject, tmp_path)
    assert weights(tmp_path) == uninterrupted


@pytest.mark.parametrize("victim", ["last.safetensors", "epoch-0001.safetensors"])
def test_a_corrupt_checkpoint_is_replaced_by_training_again(subject, uninterrupted, tmp_path, victim):
    train(subject, tmp_path)
    (tmp_path / victim).write_bytes(b"junk")
    train(subject, tmp_path)
    assert weights(tmp_path) == uninterrupted


def test_networks_of_a_run_differ_in_everything(tiny, subject):
    other = Subject.of(tiny, 1)
    assert not torch.equal(other.images, subject.images)
    assert (other.labels.trained != subject.labels.trained).any()
    assert checkpoints.digest(other.build().state_dict()) != checkpoints.digest(subject.build().state_dict())
    assert checkpoints.digest(subject.build().state_dict()) == checkpoints.digest(Subject.of(tiny, 0).build().state_dict())


def test_training_and_test_images_do_not_meet(subject):
    train_rows = {row.numpy().tobytes() for row in subject.images}
    halves = [{row.numpy().tobytes() for row in images} for images, _ in subject.tests.values()]
    assert not halves[0] & halves[1]
    assert all(not half & train_rows for half in halves)


def test_a_subject_in_pieces_is_predicted_as_in_one(subject, monkeypatch):
    model = subject.build().eval()
    whole = predict(model, subject)
    monkeypatch.setattr(accuracies, "BATCH", 700)
    assert (predict(model, subject) == whole).all()


class Watched(Steps):
    """Steps that are not taken, and the rates that they should have."""

    def __init__(self, model):
        self.model, self.rates, self.seen = model, [], []

    def take(self, index, rate):
        """Take note of a step."""
        self.rates.append(rate)
        self.seen.append(index)
        return torch.tensor(0.0)


def test_the_rate_falls_linearly_from_the_first_step_to_zero_after_the_last(subject):
    """Three epochs of three steps: nine ninths of the rate, eight ninths, and so on; and every image once an epoch."""
    steps = Watched(subject.build())
    for epoch in (1, 2, 3):
        one_epoch(steps, subject, epoch)
        assert sorted(torch.cat(steps.seen[-3:]).tolist()) == list(range(300))
    assert steps.rates == pytest.approx([subject.spec.learning_rate * left / 9 for left in range(9, 0, -1)])


def test_a_constant_rate_is_constant(subject):
    steps = Watched(subject.build())
    for epoch in (1, 2, 3):
        one_epoch(steps, replace(subject, spec=replace(subject.spec, schedule="constant")), epoch)
    assert steps.rates == [subject.spec.learning_rate] * 9


def test_divergence_is_an_error_that_names_the_rate(tiny, tmp_path):
    wild = Subject.of(replace(tiny, learning_rate=1e30), 0)
    with pytest.raises(GeomemError, match="lower learning_rate"):
        train(wild, tmp_path)
