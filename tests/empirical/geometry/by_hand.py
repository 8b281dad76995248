"""Activations computed by hand, and the rows that a table of them has."""

import warnings

import numpy as np
import pytest
import torch

from theory.geometry.manifolds import manifold_geometry

P, M = 3, 6
LABELS = np.tile(np.arange(P), M)


def drawn(*shape, seed=1):
    """Inputs whose classes have means of their own, (P M, ...)."""
    draws = torch.Generator().manual_seed(seed)
    return torch.randn(P * M, *shape, generator=draws) + torch.randn(P, *shape, generator=draws).repeat(M, *[1] * len(shape))


def exact(values):
    """The theory's capacity of activations (n, ...)."""
    clouds = values.detach().flatten(1).double().numpy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = manifold_geometry([clouds[label == LABELS] for label in range(P)], n_probes=10, correlations=0)
    return found.capacity.value, found.radius.value, found.dimension.value


def require_rows(table, expected):
    """Rows are those of activations computed by hand, by the name of the layer."""
    assert [row.layer for row in table] == list(expected)
    for row, values in zip(table, expected.values(), strict=True):
        assert (row.capacity, row.radius, row.dimension) == pytest.approx(exact(values), rel=1e-4), row
        assert row.note == ""
