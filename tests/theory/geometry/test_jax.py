"""Clouds of jax: measured by numpy, in seconds and in float64, and given back as jax arrays."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.theory.geometry.test_manifolds import clouds
from theory.geometry.gram_accumulation import grams_of
from theory.geometry.grams import Grams
from theory.geometry.manifolds import manifold_geometry

jnp = pytest.importorskip("jax.numpy", reason="jax is not installed: python -m tox run -e jax")
METHODS = [{}, {"correlations": "published"}, {"correlations": 0}, {"resamples": 2}]
ROOT = Path(__file__).parents[3]


def same(found, exact, rel=1e-12):
    """The numbers agree, and the columns are jax's, in the precision that it has."""
    for name in ("capacity", "radius", "dimension"):
        assert getattr(found, name).value == pytest.approx(getattr(exact, name).value, rel=rel)
        assert getattr(found, name).se == pytest.approx(getattr(exact, name).se, rel=rel)
    for name, column in found.per_manifold.items():
        assert type(column) is type(jnp.zeros(3))
        np.testing.assert_allclose(np.asarray(column), exact.per_manifold[name], rtol=max(rel, 1e-6))


@pytest.mark.parametrize("options", METHODS)
@pytest.mark.parametrize("kind", [jnp.asarray, lambda raw: [jnp.asarray(cloud[: 5 + (i % 2)]) for i, cloud in enumerate(raw)]])
def test_its_numbers_are_numpys(options, kind):
    given = kind(clouds().astype(np.float32))
    exact = [np.asarray(cloud) for cloud in given]
    same(manifold_geometry(given, n_probes=20, **options), manifold_geometry(exact, n_probes=20, **options))


def test_inner_products_are_in_float64_also_where_jax_has_none():
    raw = clouds().astype(np.float32)
    found, exact = grams_of(jnp.asarray(raw), points=True), grams_of(raw, points=True)
    np.testing.assert_array_equal(found.points, exact.points)


def test_its_own_inner_products_are_measured_in_its_precision():
    whole = grams_of(clouds(), points=True)
    parts = {name: getattr(whole, name).astype(np.float32) for name in ("offsets", "along", "centers", "points")}
    exact, given = Grams(**parts), Grams(**{name: jnp.asarray(part) for name, part in parts.items()})
    for options in METHODS:
        same(manifold_geometry(given, n_probes=20, **options), manifold_geometry(exact, n_probes=20, **options))


def test_bfloat16_is_read():
    given = jnp.asarray(clouds(), dtype=jnp.bfloat16)
    same(manifold_geometry(given, n_probes=20), manifold_geometry(np.asarray(given).astype(float), n_probes=20))


def test_with_float64_its_columns_are_numpys_to_the_last_digits():
    code = (
        "import jax, numpy as np; jax.config.update('jax_enable_x64', True); from theory.geometry import manifold_geometry; "
        "raw = np.random.default_rng(0).standard_normal((30, 5, 40)); "
        "one = manifold_geometry(jax.numpy.asarray(raw), n_probes=9); "
        "other = manifold_geometry(raw, n_probes=9); assert one.per_manifold['radius'].dtype == 'float64'; "
        "np.testing.assert_array_equal(one.per_manifold['radius'], other.per_manifold['radius'])"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
