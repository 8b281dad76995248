import io
import tarfile

import numpy as np
import pytest

from empirical.data import cifar100, datasets
from empirical.errors import GeomemError
from empirical.storage import CACHE_VARIABLE
from tests.empirical.data.published_files import CIFAR, cifar_archive, cifar_files


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A folder with small files of the published layout, and an empty cache."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr(cifar100, "FILES", CIFAR)
    (tmp_path / "cifar-100-binary").mkdir()
    for name, content in cifar_files().items():
        (tmp_path / "cifar-100-binary" / name).write_bytes(content)
    return tmp_path


def bring(source):
    return cifar100.local_copy().bring(source)


def test_what_was_brought_in_is_read_plane_by_plane(source):
    found = bring(source)
    images, labels = cifar100.read()
    raw = np.fromfile(source / "cifar-100-binary" / "train.bin", np.uint8).reshape(-1, cifar100.RECORD)
    assert images.shape == (300, 3, 32, 32)
    assert np.array_equal(images[7, 1].ravel(), raw[7, 2 + 1024 : 2 + 2048])
    assert np.array_equal(labels[:200], raw[:, 1])
    assert datasets.checksum("cifar100") == found
    data = datasets.load("cifar100")
    assert np.array_equal(np.flatnonzero(data.published_test), np.arange(200, 300))
    np.testing.assert_allclose(data.images.mean(axis=(0, 2, 3)), 0, atol=1e-5)
    np.testing.assert_allclose(data.images.std(axis=(0, 2, 3)), 1, atol=1e-4)


def test_the_archive_and_the_folder_inside_it_are_the_same(source):
    path = source / "cifar-100-binary.tar.gz"
    path.write_bytes(cifar_archive(cifar_files()))
    assert bring(path) == bring(source) == bring(source / "cifar-100-binary")


def test_nothing_of_an_archive_is_written_where_it_wants(source):
    path = source / "other.tar.gz"
    path.write_bytes(cifar_archive(cifar_files() | {"more.txt": b"more"}, "../escaped/"))
    found = bring(path)
    assert found == bring(source)
    assert not list(source.rglob("escaped"))
    assert sorted(p.name for p in cifar100.local_copy().folder.iterdir()) == ["sha256.txt", "test.bin", "train.bin"]


def test_a_link_in_an_archive_is_not_followed(source):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name in CIFAR:
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.SYMTYPE, str(source / "cifar-100-binary" / name)
            archive.addfile(link)
    (source / "links.tar.gz").write_bytes(packed.getvalue())
    with pytest.raises(GeomemError, match=r"has no train.bin, .*; give the published archive"):
        bring(source / "links.tar.gz")


NO_ARCHIVE = "cannot read .*other.tar.gz: .*; give the published archive, or a folder"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            cifar_archive(cifar_files())[:300_000],
            "cannot read .*other.tar.gz: .*; give the published archive, or a folder",
        ),
        (b"<html>not found</html>", NO_ARCHIVE),
        (b"", NO_ARCHIVE),
        (cifar_archive({"train": b""}), "has no train.bin, .*; give"),
        (cifar_archive({**cifar_files(), "test.bin": bytes(400_000)}), "test.bin has more than 307,400 bytes, .* has 307,400"),
    ],
    # An archive holds the second at which it was made, and processes collect tests in different seconds.
    ids=["cut off", "a page", "empty", "without images", "too long"],
)
def test_another_archive_is_refused_in_one_line(source, content, words):
    (source / "other.tar.gz").write_bytes(content)
    with pytest.raises(GeomemError, match=f"^.*{words}.*$"):
        bring(source / "other.tar.gz")


def test_some_classes_are_labelled_anew(source):
    bring(source)
    data = datasets.load("cifar100")
    few = data.of_classes(np.array([70, 3]))
    assert few.n_classes == 2
    assert np.array_equal(few.images[few.labels == 0], data.images[data.labels == 70])
    assert np.array_equal(few.images[few.labels == 1], data.images[data.labels == 3])


def test_without_it_the_message_says_how_to_bring_it_in(source):
    with pytest.raises(GeomemError, match=r"python -m empirical data cifar100 --from PATH .* or --download"):
        datasets.load("cifar100")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda path: path.unlink(), "cannot read .*test.bin: No such file"),
        (
            lambda path: path.write_bytes(path.read_bytes()[:-1]),
            "test.bin has 307,399 bytes, and the published file has 307,400",
        ),
        (
            lambda path: path.write_bytes(bytes(307_400)),
            "test.bin does not hold 1 images of each of 100 classes, so it is not a file of CIFAR-100",
        ),
    ],
)
def test_what_is_not_the_data_set_is_refused(source, spoil, words):
    spoil(source / "cifar-100-binary" / "test.bin")
    with pytest.raises(GeomemError, match=words):
        bring(source)
    with pytest.raises(GeomemError, match="has not been brought in"):
        datasets.checksum("cifar100")


def test_a_copy_that_was_altered_is_noticed(source):
    bring(source)
    path = cifar100.local_copy().folder / "test.bin"
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    with pytest.raises(GeomemError, match="was altered"):
        cifar100.read()
