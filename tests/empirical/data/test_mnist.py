import numpy as np
import pytest

from empirical.data import datasets, mnist
from empirical.errors import GeomemError
from empirical.storage import CACHE_VARIABLE
from tests.empirical.data.published_files import MNIST, mnist_files, zipped

LABELS, IMAGES = "t10k-labels-idx1-ubyte", "t10k-images-idx3-ubyte"


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A folder with small files of the published layout, and an empty cache."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr(mnist, "COUNTS", MNIST)
    _write(tmp_path, mnist_files())
    return tmp_path


def _write(folder, files):
    for name, content in files.items():
        (folder / name).write_bytes(content)


def test_the_published_files_have_these_sizes():
    # Known of the published files since 1998.
    assert list(mnist.local_copy().sizes.values()) == [47_040_016, 60_008, 7_840_016, 10_008]
    assert mnist.n_train() == 60_000


def test_what_was_brought_in_is_read_row_by_row(source):
    found = mnist.local_copy().bring(source)
    images, labels = mnist.read()
    assert images.shape == (35, 1, 28, 28)
    last = (source / IMAGES).read_bytes()[-784:]
    assert images[-1].tobytes() == last
    assert labels[25:].tolist() == list((source / LABELS).read_bytes()[8:])
    data = datasets.load("mnist")
    assert (data.checksum, data.n_classes) == (found, 10)
    assert np.array_equal(np.flatnonzero(data.published_test), np.arange(25, 35))
    assert data.images.mean() == pytest.approx(0, abs=1e-5)
    assert data.images.std() == pytest.approx(1, abs=1e-4)
    parts = datasets.split(data, "published", 20, np.random.default_rng(0))
    assert np.bincount(data.labels[parts.train]).tolist() == [2] * 10


def test_a_process_reads_the_data_set_once_and_again_when_its_files_change(source, monkeypatch):
    mnist.local_copy().bring(source)
    first = datasets.load("mnist")
    monkeypatch.setattr(mnist, "read", lambda: pytest.fail("read again"))
    assert datasets.load("mnist") is first
    monkeypatch.undo()
    monkeypatch.setattr(mnist, "COUNTS", MNIST)
    monkeypatch.setenv(CACHE_VARIABLE, str(source / "cache"))
    path = mnist.local_copy().folder / IMAGES
    path.write_bytes(path.read_bytes()[:-1] + b"0")
    with pytest.raises(GeomemError, match="was altered after the data set was brought in"):
        datasets.load("mnist")


def test_compressed_files_are_the_same(source, tmp_path_factory):
    compressed = tmp_path_factory.mktemp("compressed")
    _write(compressed, zipped(mnist_files()))
    assert mnist.local_copy().bring(compressed) == mnist.local_copy().bring(source)


@pytest.mark.parametrize(
    ("name", "spoil", "words"),
    [
        (
            LABELS,
            lambda content: content[:8] + bytes(10),
            r"does not hold 1, 1, .* labels of 0 to 9, so it is not a file of MNIST",
        ),
        (LABELS, lambda content: content[:-1] + bytes([10]), "does not hold"),
        (LABELS, lambda content: bytes(8) + content[8:], "does not begin as an idx file of 10 labels does"),
        (IMAGES, lambda content: content[:8] + bytes(8) + content[16:], "does not begin as an idx file of 10 images does"),
        (IMAGES, lambda content: content + b"0", "has more than 7,856 bytes, and the published file has 7,856"),
    ],
)
def test_what_is_not_the_data_set_is_refused(source, name, spoil, words):
    path = source / name
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(GeomemError, match=words):
        mnist.local_copy().bring(source)
    with pytest.raises(
        GeomemError, match="MNIST has not been brought in; bring it in: python -m empirical data mnist --from PATH"
    ):
        datasets.load("mnist")


@pytest.mark.parametrize("keep", [0, 5, 60])
def test_a_compressed_file_that_is_torn_is_refused_in_one_line(source, keep):
    (source / IMAGES).unlink()
    packed = zipped(mnist_files())[f"{IMAGES}.gz"]
    (source / f"{IMAGES}.gz").write_bytes(packed[:keep])
    with pytest.raises(GeomemError, match=f"^.*{IMAGES}.*; (give|take) .*$"):
        mnist.local_copy().bring(source)
