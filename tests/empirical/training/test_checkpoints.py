import pytest
import torch

from empirical.errors import CheckpointError
from empirical.training import checkpoints

TENSORS = {"b": torch.arange(6.0).reshape(2, 3), "a": torch.tensor(3)}


@pytest.fixture
def path(tmp_path):
    path = checkpoints.path_of(tmp_path, 4)
    checkpoints.save(path, TENSORS, "run", 4)
    return path


def test_round_trip(path):
    tensors, epoch = checkpoints.load(path, "run")
    assert epoch == 4
    assert all(torch.equal(tensors[name], TENSORS[name]) for name in TENSORS)


def test_every_truncation_is_noticed(path):
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(CheckpointError, match=r"delete .* run the same command again"):
            checkpoints.load(path, "run")


def test_every_altered_byte_of_the_content_is_noticed(path):
    whole = bytearray(path.read_bytes())
    for position in range(len(whole) - 32, len(whole)):
        altered = whole.copy()
        altered[position] ^= 1
        path.write_bytes(altered)
        with pytest.raises(CheckpointError, match="altered"):
            checkpoints.load(path, "run")


def test_missing_and_foreign_checkpoints_are_named(path, tmp_path):
    with pytest.raises(CheckpointError, match="belongs to run run, not other"):
        checkpoints.load(path, "other")
    with pytest.raises(CheckpointError, match="is of epoch 4, not 5"):
        checkpoints.load(path, "run", 5)
    with pytest.raises(CheckpointError, match="train first"):
        checkpoints.load(tmp_path / "nothing", "run")
