import numpy as np
import pytest
from scipy.integrate import solve_ivp

from empirical.geometry.compression import compression, discrimination
from theory.learning import deep_linear_networks


def products(weights):
    """I, W_1, W_2 W_1, ..., W_L ... W_1."""
    found = [np.eye(weights[0].shape[1])]
    for weight in weights:
        found.append(weight @ found[-1])
    return found


def flowed(inputs, depth, scale, seed=0, until=60.0):
    """The end of the gradient flow from orthogonal weights, by an adaptive integrator; inputs (K, n, d)."""
    n_classes, n_points, d = inputs.shape
    rng = np.random.default_rng(seed)
    examples, labels = inputs.reshape(-1, d), np.repeat(np.eye(n_classes), n_points, axis=0)
    shapes = [(d, d)] * (depth - 1) + [(n_classes, d)]
    start = [scale * np.linalg.qr(rng.standard_normal((d, d)))[0][: shape[0]] for shape in shapes]
    ends = np.cumsum([0, *(np.prod(shape) for shape in shapes)])

    def unpack(flat):
        return [flat[a:b].reshape(shape) for a, b, shape in zip(ends[:-1], ends[1:], shapes, strict=True)]

    def slope(_, flat):
        weights = unpack(flat)
        below = products(weights)
        residual = (below[-1] @ examples.T - labels.T) @ examples
        gradients = []
        for weight, under in zip(weights[::-1], below[-2::-1], strict=True):
            gradients.append(-residual @ under.T)
            residual = weight.T @ residual
        return np.concatenate([g.ravel() for g in gradients[::-1]])

    flat = np.concatenate([w.ravel() for w in start])
    end = solve_ivp(slope, (0, until), flat, "DOP853", rtol=1e-9, atol=1e-10).y[:, -1]
    return start, unpack(end)


def orthonormal(n_classes, n_points, d, seed=0):
    rows = np.linalg.qr(np.random.default_rng(seed).standard_normal((d, n_classes * n_points)))[0].T
    return rows.reshape(n_classes, n_points, d)


@pytest.fixture(scope="module")
def ideal():
    inputs = orthonormal(2, 4, 24)
    return inputs, *flowed(inputs, 3, 0.2)


def layers(inputs, weights):
    return np.stack([inputs @ product.T for product in products(weights)[:-1]])


def test_golden_values_of_the_law():
    found = [deep_linear_networks.compression_ratio(10, depth, scale) for scale, depth in ((0.1, 3), (0.3, 5), (0.5, 5))]
    np.testing.assert_allclose(found, [0.00464, 0.0568, 0.1577], rtol=2e-3)
    measured = [[0.00456, 0.00458], [0.0562] * 4, [0.1552] * 4]
    for (scale, depth), golden in zip(((0.1, 3), (0.3, 5), (0.5, 5)), measured, strict=True):
        np.testing.assert_allclose(deep_linear_networks.compression_ratios(10, 3, 50, depth, scale), golden, rtol=0.01)


def test_orthonormal_inputs_have_the_compression_of_the_formula():
    for n_classes, n_points in ((2, 4), (5, 3)):
        inputs = orthonormal(n_classes, n_points, 20)
        assert compression(inputs) == pytest.approx(deep_linear_networks.input_compression(n_points, n_classes), rel=1e-12)
        assert discrimination(inputs) == pytest.approx(1, abs=1e-12)


def test_compression_and_discrimination_by_hand():
    features = np.array([[[1.0, 0], [3, 0]], [[0, 2], [0, 4]]])
    assert compression(features) == pytest.approx(1 / (13 / 4))
    assert discrimination(features + 1) == pytest.approx(1 - 7 / np.sqrt(10 * 17))


def test_compression_of_the_flow_is_the_law_to_its_leading_correction(ideal):
    inputs, _, weights = ideal
    found = compression(layers(inputs, weights))
    ratios = found[1:] / found[:-1]
    np.testing.assert_allclose(ratios, deep_linear_networks.compression_ratio(4, 3, 0.2), rtol=0.08)
    np.testing.assert_allclose(ratios, deep_linear_networks.compression_ratios(4, 2, 24, 3, 0.2), rtol=0.025)


def test_the_flow_keeps_the_imbalance(ideal):
    _, start, end = ideal
    before, after = deep_linear_networks.imbalances(start), deep_linear_networks.imbalances(end)
    np.testing.assert_allclose(after, before, atol=1e-7)
    assert abs(before[0]).max() < 1e-15
    np.testing.assert_allclose(np.linalg.svd(before[1])[1], [0.04] * 22 + [0] * 2, atol=1e-15)


def test_residual_gains_of_the_flow(ideal):
    _, _, weights = ideal
    gains = np.linalg.svd(weights[0])[1] / 0.2
    np.testing.assert_allclose(gains[2:20], 1, rtol=1e-7)  # d - 3 K of them, exactly
    np.testing.assert_allclose(gains[20:22], 1, rtol=2e-3)
    assert np.sqrt((gains[22:] ** 2).mean()) == pytest.approx(deep_linear_networks.decayed_gain(3), rel=0.06)
    top = np.sqrt(4 ** (1 / 3) + 0.04 * (1 - deep_linear_networks.decayed_gain(3) ** 2) / 3)
    np.testing.assert_allclose(gains[:2] * 0.2, top, rtol=3e-3)


def test_decayed_gains():
    assert deep_linear_networks.decayed_gain(2) == pytest.approx(0.5**0.5, rel=1e-9)
    found = [deep_linear_networks.decayed_gain(depth) for depth in (3, 4, 5)]
    np.testing.assert_allclose(found, [0.8335565, 0.8844141, 0.9116086], atol=5e-8)


def test_the_gain_of_two_small_layers_in_the_plane():
    """The limit it is derived in: a at right angles to b and a small start, by the flow itself."""
    d, scale, depth = 6, 1e-3, 3
    inputs = np.eye(d)[:1, None]

    def slope(_, flat):
        weights = [flat[: d * d].reshape(d, d), flat[d * d : -d].reshape(d, d), flat[-d:].reshape(1, d)]
        below = products(weights)
        residual = (below[-1] @ inputs[0, 0] - 1)[:, None] * inputs[0]
        first, second = weights[1].T @ weights[2].T @ residual, weights[2].T @ residual @ below[1].T
        return -np.concatenate([first.ravel(), second.ravel(), (residual @ below[2].T).ravel()])

    flat = scale * np.concatenate([np.eye(d).ravel(), np.eye(d).ravel(), np.eye(d)[1]])
    end = solve_ivp(slope, (0, 4000), flat, "LSODA", rtol=1e-9, atol=1e-13).y[:, -1]
    gains = np.linalg.svd(end[: d * d].reshape(d, d))[1] / scale
    assert gains[-1] == pytest.approx(deep_linear_networks.decayed_gain(depth), rel=1e-4)
    np.testing.assert_allclose(gains[1:-1], 1, rtol=1e-6)


def correlated(cosines, n_points, d, seed=0):
    """Unit examples of which two have the cosine of their classes."""
    gram = np.kron(cosines, np.ones((n_points, n_points)))
    np.fill_diagonal(gram, 1)
    rows = np.linalg.cholesky(gram)
    basis = np.linalg.qr(np.random.default_rng(seed).standard_normal((d, len(gram))))[0]
    return (rows @ basis.T).reshape(len(cosines), n_points, d)


def test_golden_discrimination_of_equicorrelated_inputs():
    inputs = correlated(np.full((3, 3), 0.02), 10, 50)
    found = 1 - deep_linear_networks.gram_discrimination(deep_linear_networks.mean_gram(inputs, np.arange(5), 5))
    # Those of a trained network, at eps = 0.1.
    np.testing.assert_allclose(found, [0.16949, 0.13444, 0.09985, 0.06588, 0.0326], rtol=0.01)
    assert found[0] == pytest.approx(0.16949, abs=5e-6)


def test_the_gram_is_that_of_the_balanced_solution():
    rng, depth = np.random.default_rng(2), 4
    inputs = correlated(np.array([[0.2, 0.1], [0.1, 0.3]]), 3, 12) + 0.05 * rng.standard_normal((2, 3, 12))
    examples, labels = inputs.reshape(6, 12), np.repeat(np.eye(2), 3, axis=0)
    left, values, right = np.linalg.svd(np.linalg.pinv(examples) @ labels, full_matrices=False)
    assert left.shape == (12, 2)
    assert right.shape == (2, 2)
    for layer in range(depth + 1):
        means = inputs.mean(1) @ left * values ** (layer / depth)
        np.testing.assert_allclose(
            deep_linear_networks.mean_gram(inputs, layer, depth), means @ means.T, rtol=1e-10, atol=1e-14
        )


def test_two_classes_discriminate_by_a_hyperbolic_tangent():
    inputs = correlated(np.array([[0.3, 0.1], [0.1, 0.3]]), 4, 9)
    lines = 1 - deep_linear_networks.gram_discrimination(deep_linear_networks.mean_gram(inputs, np.arange(4), 4))
    np.testing.assert_allclose(lines, np.tanh((1 - np.arange(4) / 4) * np.arctanh(lines[0])), rtol=1e-10)


def test_discrimination_of_the_flow():
    inputs = correlated(np.array([[0.3, 0.1], [0.1, 0.3]]), 3, 12)
    _, weights = flowed(inputs, 3, 0.1, until=150)
    found = 1 - discrimination(layers(inputs, weights))
    predicted = 1 - deep_linear_networks.gram_discrimination(deep_linear_networks.mean_gram(inputs, np.arange(3), 3))
    np.testing.assert_allclose(found, predicted, rtol=0.02)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: deep_linear_networks.compression_ratio(4, 1, 0.1), "depth"),
        (lambda: deep_linear_networks.compression_ratio(4, 2, 1.5), "scale"),
        (lambda: deep_linear_networks.compression_ratios(4, 2, 7, 2, 0.1), "n_features"),
        (lambda: deep_linear_networks.compression_ratios(1, 2, 2, 3, 0.1), "n_points"),
        (lambda: deep_linear_networks.mean_gram(np.ones((2, 2, 3)), 0, 2), "inputs"),
    ],
)
def test_outside_the_domain_is_refused_by_name(call, name):
    with pytest.raises(ValueError, match=f"{name} must be"):
        call()
