"""Clouds of every kind that people have: measured right, or refused in words."""

import warnings

import numpy as np
import pytest
from scipy.sparse import csr_array

from theory.geometry.glue import effective_geometry
from theory.geometry.gram_accumulation import grams_of
from theory.geometry.manifolds import manifold_geometry

P, M, N = 32, 6, 30
RAW = np.random.default_rng(0).integers(-9, 9, (P, 1, N)) + np.random.default_rng(1).integers(-4, 5, (P, M, N))


def measured(clouds, **options):
    """The geometry, with warnings as errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return manifold_geometry(clouds, n_probes=20, **options)


EXACT = measured(RAW.astype(float))


def objects(clouds):
    """What loadmat gives for a cell array: one dimension, of objects."""
    found = np.empty(len(clouds), dtype=object)
    found[:] = list(clouds)
    return found


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw,
        lambda raw: raw.astype(np.int8),
        lambda raw: raw.astype(np.float16),
        lambda raw: raw.astype(np.float32),
        lambda raw: raw.astype(">f8"),
        lambda raw: list(raw),
        lambda raw: iter(raw.astype(np.float16)),
        lambda raw: raw.tolist(),
        objects,
        lambda raw: np.ma.masked_array(raw),
        lambda raw: np.asfortranarray(raw),
        lambda raw: dict(enumerate(raw)),
        lambda raw: [np.asmatrix(cloud) for cloud in raw],
        lambda raw: raw[:, ::-1][:, ::-1],
    ],
)
def test_other_kinds_of_numbers_are_the_same_numbers(change):
    found = measured(change(RAW))
    assert found.capacity.value == pytest.approx(EXACT.capacity.value, rel=1e-9)
    assert found.dimension.value == pytest.approx(EXACT.dimension.value, rel=1e-9)


def test_booleans_are_zeros_and_ones():
    assert measured(RAW > 0).capacity == measured((RAW > 0).astype(float)).capacity


def test_tensors_of_few_digits_are_the_same_numbers():
    torch = pytest.importorskip("torch")
    for dtype in (torch.bfloat16, torch.float16, torch.int32):
        found = measured(torch.from_numpy(RAW).to(dtype))
        assert found.capacity.value == pytest.approx(EXACT.capacity.value, rel=1e-9)


@pytest.mark.parametrize("function", [manifold_geometry, effective_geometry, grams_of])
@pytest.mark.parametrize("kind", [lambda raw: raw, list])
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda raw: raw + 1j, r"must be real; received complex128: .*concatenate\(\[z.real, z.imag\], axis=-1\)"),
        (lambda raw: raw.astype(object), "must be numbers; received dtype object: convert to float"),
        (lambda raw: raw.astype(str), "must be numbers; received dtype <U21"),
        (lambda raw: np.where(raw == raw[3, 2, 1], np.nan, raw), r"manifold \d+ must be finite; it has \d+ NaN"),
    ],
)
def test_what_is_no_number_is_refused(function, kind, change, words):
    with pytest.raises(ValueError, match=words):
        function(kind(change(RAW)))


def test_complex_tensors_and_complex_centres_are_refused():
    torch = pytest.importorskip("torch")
    with pytest.raises(ValueError, match=r"clouds must be real; received torch\.complex64"):
        manifold_geometry(torch.from_numpy(RAW).to(torch.complex64))
    with pytest.raises(ValueError, match="centers must be real"):
        grams_of(RAW, centers=RAW.mean(1) + 1j)


def test_sparse_clouds_are_refused_with_a_remedy_that_works():
    sparse = [csr_array(cloud) for cloud in RAW]
    with pytest.raises(ValueError, match=r"manifold 0 must be dense; received csr_array: pass cloud\.toarray\(\)"):
        measured(sparse)
    assert measured([cloud.toarray() for cloud in sparse]).capacity == EXACT.capacity


def test_padded_points_are_an_error_that_names_what_leaves_them_out():
    padded = np.where(np.arange(M)[:, None] > 3, np.nan, RAW)
    with pytest.raises(ValueError, match=r"manifold 0 .* 2 of its points are missing: theory.geometry.clouds_of_recording"):
        measured(padded)


@pytest.mark.parametrize("listed", [False, True])
def test_masked_points_are_missing(listed):
    mask = np.zeros(RAW.shape, dtype=bool)
    mask[::3, 4:] = True
    masked = np.ma.masked_array(np.where(mask, 10**6, RAW), mask)
    given = list(masked) if listed else masked
    exact = [cloud[: 4 if index % 3 == 0 else M].astype(float) for index, cloud in enumerate(RAW)]
    assert measured(given).capacity == measured(exact).capacity
    assert effective_geometry(given, 20).capacity == effective_geometry(exact, 20).capacity


def test_masked_parts_of_points_are_refused():
    mask = np.zeros(RAW.shape, dtype=bool)
    mask[2, 4, :5] = mask[2, 5] = True
    with pytest.raises(ValueError, match=r"point 4 of manifold 2 is masked in 5 of 30 features .* mask the whole point"):
        measured(np.ma.masked_array(RAW, mask))
    mask[2] = True
    with pytest.raises(ValueError, match="manifold 2 has no point that is not masked"):
        measured(np.ma.masked_array(RAW, mask))


@pytest.mark.parametrize("kind", [lambda raw: raw, list])
def test_features_in_rows_are_warned_of_with_a_remedy_that_works(kind):
    with pytest.warns(UserWarning, match=r"M >= 30, N = 6.*pass \[cloud.T for cloud in clouds\].*clouds_of_recording"):
        manifold_geometry(kind(RAW.transpose(0, 2, 1)), n_probes=20)
    assert measured([cloud.T for cloud in RAW.transpose(0, 2, 1)]).capacity == EXACT.capacity


def test_neurons_by_trials_by_stimuli_are_warned_of():
    with pytest.warns(UserWarning, match="M >= 20, N = 8"):
        grams_of(np.random.default_rng(0).standard_normal((40, 20, 8)))


def test_one_manifold_of_few_points_is_enough_not_to_warn():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        grams_of([np.eye(5), np.ones((9, 5))])
