import numpy as np
import pytest
from scipy.optimize import minimize

from theory.geometry.center_correlations import _keeps_rising, center_structure, center_structures
from theory.geometry.remaining_cosines import RemainingCosines


def centred(n_centers, n_features, rank=0, strength=3.0, seed=0):
    """Gaussian centres with a planted common structure, minus their mean."""
    rng = np.random.default_rng(seed)
    common = rng.standard_normal((n_centers, rank)) @ rng.standard_normal((rank, n_features))
    centers = strength * common + rng.standard_normal((n_centers, n_features))
    return centers - centers.mean(0)


def gram_of(*args, **kwargs):
    centers = centred(*args, **kwargs)
    return centers @ centers.T


def residual_of(gram, directions):
    rest = gram - gram @ directions @ directions.T @ gram
    cosines = rest / np.sqrt(np.outer(np.diag(rest), np.diag(rest)))
    return np.abs(cosines[~np.eye(len(gram), dtype=bool)]).mean()


def unit_coordinates(centers):
    unit = centers / np.linalg.norm(centers, axis=1, keepdims=True)
    left, extent, _ = np.linalg.svd(unit, full_matrices=False)
    return left[:, extent > 1e-10] * extent[extent > 1e-10]


def value_at(x, basis):
    """Half the sum of squared cosines, from its definition."""
    q = np.linalg.qr(basis)[0]
    rest = x - x @ q @ q.T
    rest /= np.linalg.norm(rest, axis=1, keepdims=True)
    return ((rest @ rest.T) ** 2).sum() / 2


@pytest.mark.parametrize("rank", ["auto", 0, 1, 4])
def test_directions_are_orthonormal_and_the_residual_is_theirs(rank):
    gram = gram_of(12, 30, 2)
    found = center_structure(gram, rank)
    assert found.directions.shape == (12, found.rank)
    np.testing.assert_allclose(found.directions.T @ gram @ found.directions, np.eye(found.rank), atol=1e-9)
    assert found.residual == pytest.approx(residual_of(gram, found.directions), rel=1e-9)
    assert found.correlation == pytest.approx(residual_of(gram, np.zeros((12, 0))), rel=1e-12)


def test_rank_0_removes_nothing():
    found = center_structure(gram_of(12, 30), 0)
    assert (found.rank, found.residual) == (0, found.correlation)


def test_value_and_gradient_are_those_of_the_definition():
    x = unit_coordinates(centred(9, 30, 2))
    rng = np.random.default_rng(1)
    basis = np.linalg.qr(rng.standard_normal((x.shape[1], 3)))[0]
    value, gradient, _ = RemainingCosines(x @ x.T, x).evaluate(basis)
    assert value == pytest.approx(value_at(x, basis), rel=1e-12)
    for _ in range(5):
        move = rng.standard_normal(basis.shape)
        slope = (value_at(x, basis + 1e-5 * move) - value_at(x, basis - 1e-5 * move)) / 2e-5
        assert (gradient * move).sum() == pytest.approx(slope, rel=1e-6, abs=1e-7)


def searched(x, k, n_starts):
    """Minima by a plain search over unconstrained bases, whose span alone counts."""
    objective = RemainingCosines(x @ x.T, x)

    def value_and_slope(flat):
        q, r = np.linalg.qr(flat.reshape(-1, k))
        value, gradient, _ = objective.evaluate(q)
        return value, (gradient @ np.linalg.inv(r).T).ravel()

    rng = np.random.default_rng(2)
    options = {"gtol": 1e-9, "ftol": 1e-15, "maxiter": 2000}
    for _ in range(n_starts):
        start = rng.standard_normal(x.shape[1] * k)
        found = minimize(value_and_slope, start, jac=True, method="L-BFGS-B", options=options)
        yield np.linalg.qr(found.x.reshape(-1, k))[0]


@pytest.mark.settled
@pytest.mark.parametrize(("n_centers", "n_features", "k"), [(15, 40, 1), (15, 40, 3), (25, 60, 3), (30, 12, 3)])
def test_the_answer_is_a_minimum_no_worse_than_a_plain_search(n_centers, n_features, k):
    centers = centred(n_centers, n_features, 3)
    x = unit_coordinates(centers)
    found = center_structure(centers @ centers.T, k)
    cosines = [residual_of(x @ x.T, np.linalg.pinv(x.T) @ basis) for basis in searched(x, k, 8)]
    assert found.residual <= min(cosines) * (1 + 1e-6)
    basis = np.linalg.qr(x.T @ (found.directions * np.linalg.norm(centers, axis=1)[:, None]))[0]
    value, gradient, _ = RemainingCosines(x @ x.T, x).evaluate(basis)
    assert np.linalg.norm(gradient) < 1e-5 * value


@pytest.mark.parametrize("rank", [2, 5])
def test_a_planted_structure_is_found(rank):
    gram = gram_of(40, 400, rank)
    found = center_structure(gram)
    noise = center_structure(gram_of(40, 400, seed=3), 0).correlation
    assert rank <= found.rank <= rank + 2
    assert found.correlation > 4 * noise
    assert found.residual < 1.5 * noise


def test_auto_removes_one_direction_even_from_unstructured_centres():
    found = center_structure(gram_of(40, 2000))
    assert found.rank == 1
    assert found.residual >= found.correlation


def test_one_rise_does_not_end_the_search():
    """Five triples of centres: in the rough sweep cosines rise from three directions to four, and are least with five."""
    rng = np.random.default_rng(9)
    centers = np.repeat(rng.standard_normal((5, 60)), 3, axis=0) + 0.05 * rng.standard_normal((15, 60))
    assert center_structure(centers @ centers.T).rank == 5


def test_the_search_ends_after_three_rises_in_a_row_and_not_before_five():
    falling = [0.5, 0.4, 0.3, 0.2, 0.1]
    assert _keeps_rising([*falling, 0.2, 0.3, 0.4])
    assert not _keeps_rising([*falling, 0.2])
    assert not _keeps_rising([*falling, 0.2, 0.3])
    assert not _keeps_rising([*falling, 0.2, 0.1, 0.2, 0.3])
    assert not _keeps_rising([0.1, 0.2, 0.3, 0.4])
    assert _keeps_rising([0.1, 0.2, 0.3, 0.4, 0.5])


@pytest.mark.settled
@pytest.mark.parametrize("scale", [1e-8, 1e8])
def test_scale_and_order_change_nothing_but_units(scale):
    gram = gram_of(20, 60, 3)
    order = np.random.default_rng(1).permutation(20)
    one, other = center_structure(gram), center_structure(scale * gram[np.ix_(order, order)])
    assert one.rank == other.rank
    assert other.correlation == pytest.approx(one.correlation, rel=1e-10)
    assert other.residual == pytest.approx(one.residual, rel=0.03)
    assert center_structure(scale * gram).residual == pytest.approx(one.residual, rel=1e-6)


def test_the_same_seed_gives_the_same_answer():
    gram = gram_of(14, 30, 4)
    one, other = center_structure(gram, seed=5), center_structure(gram, seed=5)
    np.testing.assert_array_equal(one.directions, other.directions)
    assert one.residual == other.residual


@pytest.mark.settled
def test_every_backend_finds_the_same_structure(backend):
    gram = gram_of(12, 200, 2)
    expected, near = center_structure(gram), 1e-6 if backend.dtype == "float64" else 1e-2
    found = center_structure(backend.array(gram))
    assert found.rank == expected.rank == 2
    assert backend.numpy(found.directions).shape == (12, 2)
    assert found.directions.dtype == getattr(backend.xp, backend.dtype)
    assert found.residual == pytest.approx(expected.residual, rel=near)
    assert tuple(center_structure(backend.array(gram), 0).directions.shape) == (12, 0)


@pytest.mark.parametrize("n_centers", [2, 3, 4])
def test_too_few_centres_keep_all_their_directions(n_centers):
    with pytest.warns(UserWarning, match=f"{n_centers} centres"):
        found = center_structure(gram_of(n_centers, 10))
    assert found.rank == 0


def test_five_centres_give_at_most_two():
    assert 1 <= center_structure(gram_of(5, 10)).rank <= 2


def test_fewer_features_than_centres():
    assert center_structure(gram_of(30, 6, 1)).rank <= 4
    with pytest.warns(UserWarning, match="too few"):
        assert center_structure(gram_of(30, 2)).rank == 0


def test_duplicate_centres_stay_duplicates():
    centers = centred(20, 50, 2)
    centers[1] = centers[0]
    gram = centers @ centers.T
    found = center_structure(gram)
    rest = gram - gram @ found.directions @ found.directions.T @ gram
    assert rest[0, 1] == pytest.approx(rest[0, 0], rel=1e-8)
    assert np.isfinite(found.residual)


@pytest.mark.settled
def test_no_centre_is_annihilated():
    centers = centred(20, 200)
    centers[0] *= 100
    centers[1:10] += np.outer(np.linspace(1, 2, 9), centers[0])
    gram = centers @ centers.T
    for rank in ("auto", 6, 12):
        found = center_structure(gram, rank)
        rest = np.diag(gram - gram @ found.directions @ found.directions.T @ gram) / np.diag(gram)
        assert rest.min() >= 0.99 * 0.05**2 * rest.mean()


def test_nearly_parallel_centres_lose_what_they_share():
    rng = np.random.default_rng(0)
    centers = 1e3 + rng.standard_normal((20, 500))
    found = center_structure(centers @ centers.T)
    assert found.correlation > 0.9999
    assert found.residual < 0.1


GRAM = gram_of(8, 20)


@pytest.mark.parametrize(
    ("gram", "rank", "words"),
    [
        (GRAM[:, :5], 1, r"gram must be \(P, P\).*received shape \(8, 5\)"),
        (GRAM[:1, :1], 1, "at most 0"),
        (np.where(np.eye(8) > 0, np.nan, GRAM), 1, "gram must be finite"),
        (GRAM.astype(int), 1, "floating"),
        (GRAM + np.triu(GRAM, 1), 1, "symmetric"),
        (np.eye(8) - np.ones((8, 8)) / 2, 1, "positive semidefinite"),
        (GRAM * np.outer(np.arange(8), np.arange(8)), 1, "centre 0 lies at the origin"),
        (GRAM, 6, "at most 5 .* received 6"),
        (gram_of(8, 4), 3, "at most 2"),
        (GRAM, -1, "whole number >= 0; received -1"),
        (GRAM, 1.5, "received 1.5"),
        (GRAM, True, "received True"),
        (GRAM, "all", "received 'all'"),
    ],
)
def test_errors_name_the_cause(gram, rank, words):
    with pytest.raises(ValueError, match=words):
        center_structure(gram, rank)


@pytest.mark.slow
def test_directions_of_several_sets_are_those_of_each_alone():
    grams = [gram_of(*shape) for shape in ((12, 30, 2), (12, 30, 0), (6, 20, 1), (12, 5, 0), (30, 60, 3))]
    together = center_structures(grams, seed=4)
    for gram, found in zip(grams, together, strict=True):
        alone = center_structure(gram, seed=4)
        assert (found.rank, found.residual) == (alone.rank, pytest.approx(alone.residual, rel=1e-9))
        np.testing.assert_allclose(found.directions @ found.directions.T, alone.directions @ alone.directions.T, atol=1e-6)
    assert len({found.rank for found in together}) > 1


def test_no_sets_have_no_directions():
    assert center_structures([]) == []


def test_a_warning_names_the_line_that_asked():
    for asked in (center_structure, lambda gram: center_structures([gram])):
        with pytest.warns(UserWarning, match="no direction is removed") as found:
            asked(gram_of(4, 10))
        assert found[0].filename == __file__
