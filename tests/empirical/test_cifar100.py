import numpy as np
import pytest

from empirical import cifar100, datasets
from empirical.errors import GeomemError
from empirical.storage import CACHE_VARIABLE

N = {"train.bin": 200, "test.bin": 100}


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A folder with small files of the published layout, and an empty cache."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr(cifar100, "FILES", N)
    (tmp_path / "cifar-100-binary").mkdir()
    rng = np.random.default_rng(0)
    for name, n in N.items():
        records = rng.integers(0, 256, (n, cifar100.RECORD), dtype=np.uint8)
        records[:, 1] = rng.permutation(np.arange(n) % 100)
        records[:, 0] = records[:, 1] // 5
        records.tofile(tmp_path / "cifar-100-binary" / name)
    return tmp_path


def test_what_was_brought_in_is_read_plane_by_plane(source):
    found = cifar100.bring(source)
    images, labels = cifar100.read()
    raw = np.fromfile(source / "cifar-100-binary" / "train.bin", np.uint8).reshape(-1, cifar100.RECORD)
    assert images.shape == (300, 3, 32, 32)
    assert np.array_equal(images[7, 1].ravel(), raw[7, 2 + 1024 : 2 + 2048])
    assert np.array_equal(labels[:200], raw[:, 1])
    assert datasets.checksum("cifar100") == found
    data = datasets.load("cifar100")
    np.testing.assert_allclose(data.images.mean(axis=(0, 2, 3)), 0, atol=1e-5)
    np.testing.assert_allclose(data.images.std(axis=(0, 2, 3)), 1, atol=1e-4)


def test_some_classes_are_labelled_anew(source):
    cifar100.bring(source)
    data = datasets.load("cifar100")
    few = data.of_classes(np.array([70, 3]))
    assert few.n_classes == 2
    assert np.array_equal(few.images[few.labels == 0], data.images[data.labels == 70])
    assert np.array_equal(few.images[few.labels == 1], data.images[data.labels == 3])


def test_without_it_the_message_says_how_to_bring_it_in(source):
    with pytest.raises(GeomemError, match="python -m empirical data cifar100 --from FOLDER"):
        datasets.load("cifar100")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda path: path.unlink(), "cannot read .*test.bin: No such file"),
        (lambda path: path.write_bytes(path.read_bytes()[:-1]), "has 307,399 bytes where CIFAR-100's 100 images have 307,400"),
        (lambda path: path.write_bytes(bytes(307_400)), "does not hold 1 images of each of 100 classes"),
    ],
)
def test_what_is_not_the_data_set_is_refused(source, spoil, words):
    spoil(source / "cifar-100-binary" / "test.bin")
    with pytest.raises(GeomemError, match=words):
        cifar100.bring(source)
    with pytest.raises(GeomemError, match="is not here"):
        cifar100.checksum()


def test_a_copy_that_was_altered_is_noticed(source):
    cifar100.bring(source)
    path = cifar100.folder() / "test.bin"
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    with pytest.raises(GeomemError, match="was altered"):
        cifar100.read()
