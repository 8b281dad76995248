import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.theory import simple
from tests.theory.shapes_of_clouds import SHAPES, frame
from theory.geometry import anchors
from theory.geometry.anchor_statistics import measure_anchors
from theory.geometry.frames import frames_of
from theory.geometry.gram_accumulation import grams_of
from theory.numerics import batches
from theory.numerics.certificate import Uncertified
from theory.numerics.nnls import kkt_residual

DRAWS = {"seed": st.integers(0, 2**32), "n_points": st.integers(1, 20), "dim": st.integers(1, 12), "margin": st.floats(-1, 2)}


def drawn(seed, n_points, dim, n_probes=25):
    """A Gaussian frame of any radius, and probes."""
    rng = np.random.default_rng(seed)
    offsets = 10 ** rng.uniform(-1, 1) * rng.standard_normal((dim, n_points))
    return np.vstack([offsets, np.ones(n_points)]), rng.standard_normal((dim + 1, n_probes)), rng


def assert_same(one, other, scale):
    """Displacements and anchors; where nothing is moved far, an anchor is the ratio of two small numbers."""
    np.testing.assert_allclose(one.displacement, other.displacement, atol=1e-8 * scale**2)
    weight = np.sqrt(one.displacement)
    np.testing.assert_allclose(weight * one.anchors, weight * other.anchors, atol=1e-6 * scale**2)


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


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
@pytest.mark.parametrize("size", [(14, 5), (30, 40)])
def test_displacements_and_anchors_are_those_of_scipys_nnls(shape, size):
    coordinates, probes = frame(shape, size)
    found = anchors.project(coordinates, probes, 0.5)
    displacement, expected = simple.project(coordinates, probes, 0.5)
    scale = 1 + np.abs(probes).max() * np.abs(coordinates).max()
    np.testing.assert_allclose(found.displacement, displacement, atol=1e-8 * scale**2)
    pull = np.sqrt(displacement)
    np.testing.assert_allclose(pull * found.anchors, pull * expected, atol=1e-6 * scale**2)
    np.testing.assert_allclose(found.anchors[-1], 1, atol=1e-12)


def test_where_nothing_moves_the_anchor_is_the_touching_point():
    coordinates, probes, _ = drawn(0, 9, 3)
    found = anchors.project(coordinates, probes, -40.0)
    assert not found.displacement.any()
    np.testing.assert_allclose(found.anchors, coordinates[:, np.argmin(coordinates.T @ probes, axis=0)])


def test_many_probes_in_parts_are_the_same_probes(monkeypatch):
    coordinates, probes, _ = drawn(1, 9, 3, 100)
    whole = anchors.project(coordinates, probes)
    monkeypatch.setattr(batches, "IN_CACHE", 70)
    parts = anchors.project(coordinates, probes)
    np.testing.assert_allclose(parts.anchors, whole.anchors, atol=1e-9)
    assert parts.kkt_residual == pytest.approx(whole.kkt_residual, abs=1e-10)


@pytest.mark.parametrize("margin", [-0.5, 0.0, 1.0])
def test_manifolds_are_measured_by_the_projections_that_claims_look_at(margin):
    """C-02, C-03 and C-08 test ``project``: on one frame and its probes it gives what the engine says of a manifold."""
    rng = np.random.default_rng(2)
    clouds = rng.standard_normal((3, 12, 30)) + 2 * rng.standard_normal((3, 1, 30))
    (frames,) = frames_of(grams_of(clouds, center_mean=False))
    seeds = [5, 6, 7]
    measured = measure_anchors(frames, seeds, margin, 200, "published")
    for i, seed in enumerate(seeds):
        coordinates = np.vstack([frames.root[i], np.ones(12)])
        probes = np.random.default_rng(seed).standard_normal((200, 13)).T
        found = anchors.project(coordinates, probes, margin)
        spread = found.anchors.var(axis=1).sum()
        np.testing.assert_allclose(measured.displacement[i], found.displacement.mean(), rtol=1e-9)
        np.testing.assert_allclose(measured.radius[i], np.sqrt(spread), rtol=1e-9)


def test_a_mistake_of_the_engine_is_one_of_what_claims_look_at(monkeypatch):
    right = anchors.nonnegative_least_squares
    coordinates, probes, _ = drawn(3, 9, 3)
    (frames,) = frames_of(grams_of(coordinates.T[None], center_mean=False))

    def doubled(gram, products):
        multipliers, residual = right(gram, products)
        return 2 * multipliers, residual

    def displacements():
        measured = measure_anchors(frames, [0], 0.0, 50, "reduced")
        return anchors.project(coordinates, probes).displacement.mean(), measured.displacement[0]

    before = np.array(displacements())
    monkeypatch.setattr(anchors, "nonnegative_least_squares", doubled)
    np.testing.assert_allclose(displacements(), 4 * before)


@pytest.mark.parametrize("wrong", [lambda right: 0.9 * right, lambda right: right * np.nan])
def test_a_wrong_solution_is_not_certified(monkeypatch, wrong):
    right = anchors.nonnegative_least_squares

    def mistaken(gram, products):
        found = wrong(right(gram, products)[0])
        return found, kkt_residual(gram, products, found)

    monkeypatch.setattr(anchors, "nonnegative_least_squares", mistaken)
    with pytest.raises(Uncertified, match=r"5 points of rank 3, margin 0: optimality violated"):
        anchors.project(np.vstack([np.random.default_rng(0).standard_normal((2, 5)), np.ones(5)]), -np.ones((3, 4)))


@settings(max_examples=40, deadline=None)
@given(**DRAWS)
def test_rotation_changes_nothing(seed, n_points, dim, margin):
    coordinates, probes, rng = drawn(seed, n_points, dim)
    turn = np.eye(dim + 1)
    turn[:-1, :-1] = np.linalg.qr(rng.standard_normal((dim, dim)))[0]
    one, other = anchors.project(coordinates, probes, margin), anchors.project(turn @ coordinates, turn @ probes, margin)
    other = anchors.Projections(other.displacement, turn.T @ other.anchors, other.kkt_residual)
    assert_same(one, other, 1 + np.abs(coordinates).max() * np.abs(probes).max())


@settings(max_examples=40, deadline=None)
@given(**DRAWS, added=st.integers(1, 5))
def test_directions_without_extent_change_nothing(seed, n_points, dim, margin, added):
    coordinates, probes, rng = drawn(seed, n_points, dim)
    wide = np.vstack([np.zeros((added, n_points)), coordinates])
    one = anchors.project(coordinates, probes, margin)
    other = anchors.project(wide, np.vstack([rng.standard_normal((added, 25)), probes]), margin)
    other = anchors.Projections(other.displacement, other.anchors[added:], other.kkt_residual)
    assert_same(one, other, 1 + np.abs(coordinates).max() * np.abs(probes).max())


@settings(max_examples=40, deadline=None)
@given(**DRAWS, inside=st.integers(1, 8))
def test_order_duplicates_and_points_inside_the_hull_change_nothing(seed, n_points, dim, margin, inside):
    """The centre held: it is the frame's origin."""
    coordinates, probes, rng = drawn(seed, n_points, dim)
    mixtures = coordinates @ rng.dirichlet(np.ones(n_points), inside).T
    more = np.hstack([coordinates, mixtures, coordinates[:, :1]])
    one = anchors.project(coordinates, probes, margin)
    assert_same(
        one,
        anchors.project(more[:, rng.permutation(more.shape[1])], probes, margin),
        1 + np.abs(more).max() * np.abs(probes).max(),
    )


@settings(max_examples=40, deadline=None)
@given(**DRAWS)
def test_what_probe_and_anchor_say_of_the_displacement_agrees(seed, n_points, dim, margin):
    """F = [kappa - T.s]_+^2 / ||s||^2 (Chung et al. 2018), s the anchor."""
    coordinates, probes, _ = drawn(seed, n_points, dim)
    found = anchors.project(coordinates, probes, margin)
    short = np.maximum(margin - (probes * found.anchors).sum(0), 0)
    scale = 1 + np.abs(coordinates).max() * np.abs(probes).max()
    np.testing.assert_allclose(found.displacement, short**2 / (found.anchors**2).sum(0), atol=1e-8 * scale**2)
