"""The figures of an album: which a world has, and what each is said to show."""

import pytest

pytest.importorskip("matplotlib")

from verify.figures import album
from verify.worlds.world import all_worlds

# One world of every kind: runs, sweeps over widths and over words, and networks that reproduce images.
WORLDS = ("cifar100-small", "mnist-mlp-widths", "mnist-regularizers", "identity-mnist14-linear")


@pytest.mark.slow
@pytest.mark.parametrize("name", WORLDS)
def test_every_figure_has_a_line_that_says_what_it_shows(name):
    world = all_worlds()[name]
    figures = album._figures(world.runs(None), world.folder(None))
    assert figures
    assert not set(figures) - set(album.ABOUT)
