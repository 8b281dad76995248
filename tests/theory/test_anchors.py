import cvxpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theory import anchors


def by_quadratic_program(coordinates, probe, margin):
    """The inner problem as it is written, by Clarabel."""
    v = cvxpy.Variable(len(probe))
    problem = cvxpy.Problem(cvxpy.Minimize(cvxpy.sum_squares(v - probe)), [coordinates.T @ v >= margin])
    problem.solve(solver=cvxpy.CLARABEL)
    return problem.value


@settings(max_examples=50, deadline=None)
@given(
    n_points=st.integers(1, 12),
    dim=st.integers(0, 8),
    margin=st.floats(-1, 2),
    duplicates=st.booleans(),
    seed=st.integers(0, 2**32),
)
def test_displacements_agree_with_quadratic_programming(n_points, dim, margin, duplicates, seed):
    rng = np.random.default_rng(seed)
    coordinates = np.vstack([rng.standard_normal((dim, n_points)), np.ones(n_points)])
    if duplicates:
        coordinates = np.hstack([coordinates, coordinates])
    probe = rng.standard_normal(dim + 1)
    found = anchors.project(coordinates, probe[:, None], margin)
    assert found.displacement[0] == pytest.approx(by_quadratic_program(coordinates, probe, margin), rel=1e-5, abs=1e-6)
    assert found.kkt_residual < anchors.CERTIFIED


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
