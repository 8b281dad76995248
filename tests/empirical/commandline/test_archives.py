"""Archives whose images are one pixel high, and what is said of images of folders."""

import numpy as np
import pytest

Image = pytest.importorskip("PIL.Image")
pytest.importorskip("torch")

from tests.empirical.commandline.user_projects import error, shown, write_images  # noqa: E402

NET = """
from torch import nn
signals = nn.Sequential(nn.Conv2d(3, 4, (1, 5)), nn.Flatten(), nn.Linear(4 * 46, 3))
one = nn.Sequential(nn.Conv2d(1, 4, (1, 5)), nn.Flatten(), nn.Linear(4 * 46, 3))
"""


@pytest.mark.parametrize(("network", "channels"), [("signals", 3), ("one", 1)])
def test_images_one_pixel_high_keep_their_channels(network, channels, inside, tmp_path, capsys):
    path = tmp_path / "signals.npz"
    (inside / "nets.py").write_text(NET)
    np.savez(path, images=np.random.default_rng(0).standard_normal((12, channels, 1, 50)), labels=np.arange(12) % 3)
    out = shown(capsys, f"nets.py:{network}", "--images", path)
    assert f"3 classes; each {channels}x1x50" in out


def test_channels_that_cannot_be_made_say_what_to_do(inside, tmp_path, capsys):
    path = tmp_path / "data.npz"
    np.savez(path, images=np.random.default_rng(0).random((12, 3, 8, 8)), labels=np.arange(12) % 3)
    said = error(capsys, "net.py:build", "--images", path, "--channels", 1)
    assert "--channels 1 cannot be made of the 3 channels that the archive's images have; leave it out, or convert" in said


@pytest.mark.slow
def test_conversions_of_a_folder_are_told(inside, tmp_path, capsys):
    folder = write_images(tmp_path / "mixed", n=4, size=(10, 10), channels=3)
    Image.new("L", (10, 10), 9).save(folder / "pears" / "grey.png")
    out = shown(capsys, "net.py:Coloured", "--images", folder)
    assert "pixels   grey copied to 3 channels (1 of 13); 0..1 (divided by 255); not normalized" in out
    out = shown(capsys, "net.py:build", "--images", folder, "--channels", 1)
    assert "pixels   colours made grey (12 of 13); 0..1 (divided by 255); not normalized" in out
