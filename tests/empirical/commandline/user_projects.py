"""A project of a user: a file that builds networks, and images; and what commands say there."""

from pathlib import Path

import numpy as np
from PIL import Image

from empirical.__main__ import main

NET = """
import sys

from torch import nn

from widths import WIDTH

print("the user's file prints")


class Net(nn.Module):
    def __init__(self, channels=1, width=WIDTH):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(channels, width, 3), nn.ReLU(inplace=True))
        self.head = nn.Linear(width, 3)

    def forward(self, images):
        print("so does its network")
        return self.head(self.body(images).mean((2, 3)))


class Coloured(Net):
    def __init__(self):
        super().__init__(3)


def build():
    return Net()


def wide(width, depth):
    return Net(width)


def pair():
    return Net(), {"epoch": 3}


def fails():
    return Net(channels="three")


def ends():
    sys.exit(3)


ready = Net()
epochs = 3
"""
FILES = {
    "net.py": NET,
    "widths.py": "WIDTH = 4\n",
    "broken.py": "from torch import nn\n\nimport numpyy\n",
    "unfinished.py": "def build(:\n",
    "script.py": "import sys\n\nsys.exit('usage: script.py DATA')\n",
}
QUICK = ("--probes", "5", "--resamples", "2", "--joint-draws", "2")
CLASSES = ("Äpfel", "pears", "犬")


def write_project(folder: Path) -> Path:
    """The folder with a blank in its name, and its files."""
    folder = folder / "my project"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    write_images(folder / "photos")
    return folder


def write_images(folder: Path, n: int = 6, size: tuple[int, int] = (9, 8), channels: int = 1) -> Path:
    """Noise whose mean depends on the class, in one sub-folder for each class, beside files that other programs leave."""
    rng = np.random.default_rng(0)
    for brightness, name in enumerate(CLASSES):
        (folder / name).mkdir(parents=True)
        for number in range(n):
            values = rng.integers(50 * brightness, 50 * brightness + 100, (*size, channels), dtype=np.uint8)
            Image.fromarray(values[..., 0] if channels == 1 else values).save(folder / name / f"image {number}.png")
    for path in (folder / ".DS_Store", folder / CLASSES[0] / "Thumbs.db"):
        path.write_bytes(b"\0\1")
    return folder


def shown(capsys, *arguments) -> str:
    """What a command that succeeds prints on stdout."""
    assert main(["measure", *map(str, arguments), *QUICK]) == 0
    return capsys.readouterr().out


def error(capsys, *arguments) -> str:
    """The last line that a command which fails says; the user's own code may print lines before it."""
    assert main(["measure", *map(str, arguments), *QUICK]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("geomem: ")
    return last
