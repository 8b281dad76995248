import numpy as np
import pytest

from theory import anchors


def test_one_orthant_is_solved_by_hand():
    """M orthogonal points: V is the positive part, the displacement the negative part's square."""
    m = 7
    basis = np.linalg.qr(np.column_stack([np.ones(m), np.eye(m)[:, 1:]]))[0]
    basis[:, 0] *= np.sign(basis[0, 0])
    coordinates = np.sqrt(m) * np.vstack([basis[:, 1:].T, basis[:, :1].T])
    probes = np.random.default_rng(0).standard_normal((m, 200))
    against = (coordinates.T / np.sqrt(m)) @ probes
    np.testing.assert_allclose(
        anchors.project(coordinates, probes).displacement, (np.minimum(against, 0) ** 2).sum(0), atol=1e-12
    )


def test_a_wrong_solution_is_not_certified(monkeypatch):
    monkeypatch.setattr(anchors, "nnls", lambda matrix, target: (np.full(matrix.shape[1], 0.1), 0.0))
    with pytest.raises(anchors.Uncertified, match="rank 3 of 5 points"):
        anchors.project(np.vstack([np.random.default_rng(0).standard_normal((2, 5)), np.ones(5)]), np.ones((3, 4)))
