import numpy as np
import pytest
from scipy import integrate

from tests.theory.identity import connected_networks as networks
from theory.identity import identity_maps, wide_networks

CASES = [("linear", 1 / 3, 3), ("linear", 1.0, 3), ("relu", 1.0, 2), ("relu", 2.0, 3)]
COSINE, SIZE, N_IMAGES = 0.5, 8, 16


def images_at(cosine, n_networks, rng):
    """The training image, (D, 1), and test images of its length at a cosine from it, others for each network."""
    training = np.zeros((SIZE, 1))
    training[0] = np.sqrt(SIZE)
    others = rng.standard_normal((n_networks, SIZE - 1, N_IMAGES))
    others *= np.sqrt(1 - cosine**2) / np.linalg.norm(others, axis=1, keepdims=True)
    return training, np.sqrt(SIZE) * np.concatenate([np.full((n_networks, 1, N_IMAGES), cosine), others], axis=1)


def extrapolated(widths, values, errors, powers):
    """The intercept of the weighted least-squares fit in powers of the width, and its standard error."""
    design = np.power.outer(np.asarray(widths, dtype=float), powers) / np.asarray(errors)[:, None]
    covariance = np.linalg.inv(design.T @ design)
    return (covariance @ design.T @ (np.asarray(values) / errors))[0], np.sqrt(covariance[0, 0])


@pytest.mark.parametrize("activation", ["linear", "relu"])
def test_one_layer_is_theorem_1(activation):
    rng = np.random.default_rng(0)
    training, images, gain = rng.standard_normal(SIZE), rng.standard_normal((6, SIZE)), 0.7
    rho = images @ training / np.linalg.norm(training) / np.linalg.norm(images, axis=1)
    layer = identity_maps.expected_correlations(training, images, np.sqrt(gain / SIZE))
    found = wide_networks.constant_correlation(rho, 1, gain, activation, SIZE)
    np.testing.assert_allclose(found, layer.constant[:, 0], atol=1e-12)
    np.testing.assert_allclose(rho * found, layer.identity, atol=1e-12)


@pytest.mark.parametrize(("depth", "first_rate"), [(2, 1.0), (3, 0.3), (5, 1.0)])
def test_relu_kernels_by_integrals_over_two_gaussians(depth, first_rate):
    """The kernels of each layer by quadrature over the pair of pre-activations in polar coordinates, where radii separate."""
    rho, gain = 0.3, 1.3
    product, tangent, square = gain * rho, first_rate * gain * rho, gain
    for _ in range(depth - 1):
        angle = np.arccos(product / square)
        both_on = integrate.quad(lambda turn: 1.0, angle - np.pi / 2, np.pi / 2)[0] / (2 * np.pi)
        both = integrate.quad(lambda turn, a=angle: np.cos(turn) * np.cos(turn - a), angle - np.pi / 2, np.pi / 2)[0] / np.pi
        product, tangent = gain * square * both, gain * (square * both + both_on * tangent)
        square = gain * square / 2
    own = (depth - 1 + first_rate) * square
    kappa = tangent / own
    noise = np.sqrt(square - 2 * kappa * product + kappa**2 * square)
    found = wide_networks.trained_output(rho, depth, gain, "relu", first_rate=first_rate)
    assert found.learned == pytest.approx(kappa, abs=1e-12)
    assert found.noise == pytest.approx(noise, abs=1e-12)


def test_training_that_stops_early():
    """One layer, whose weights move along the training image alone: W_0 + (1 - q) (1 - W_0) x^ x^^T / |x^|^2."""
    rng, n_networks, loss, gain, cosine = np.random.default_rng(6), 20_000, 0.2, 0.8, 0.6
    start = np.sqrt(gain / SIZE) * rng.standard_normal((n_networks, SIZE, SIZE))
    residual = np.eye(SIZE)[0] - start[:, :, 0]
    left = np.sqrt(loss / (residual**2).sum(1).mean())
    ends = start[:, :, 0] * cosine + start[:, :, 1] * np.sqrt(1 - cosine**2) + (1 - left) * cosine * residual
    expected = wide_networks.trained_output(cosine, 1, gain, "linear", loss)
    np.testing.assert_allclose(ends.mean(0), expected.learned * np.eye(SIZE)[0], atol=0.01)
    rest = ((ends - expected.learned * np.eye(SIZE)[0]) ** 2).sum(1).mean()
    assert expected.noise**2 == pytest.approx(rest, rel=0.02)
    assert expected.learned < 0.8 * cosine


@pytest.mark.parametrize(("activation", "gain", "depth"), CASES)
def test_the_noise_of_drawn_networks(activation, gain, depth):
    """N^2 given the last hidden layer, whose mean over networks deviates by terms in 1/width."""
    rng, n_networks, widths = np.random.default_rng(1), 1000, (16, 32, 64)
    expected = wide_networks.trained_output(COSINE, depth, gain, activation)
    values, errors = [], []
    for width in widths:
        training, images = images_at(COSINE, n_networks, rng)
        hidden = networks.drawn(rng, n_networks, [SIZE] + [width] * (depth - 1))
        ends = [
            networks.activations([*hidden, np.zeros((1, 1, width))], gain, activation, one)[-2] for one in (images, training)
        ]
        squares = gain * ((ends[0] - expected.learned * ends[1]) ** 2).mean((1, 2))
        values.append(squares.mean())
        errors.append(squares.std() / np.sqrt(n_networks))
    intercept, error = extrapolated(widths, values, errors, [0, -1])
    assert abs(intercept - expected.noise**2) < 4.5 * error
    assert error < 0.02 * expected.noise**2


@pytest.mark.settled
@pytest.mark.parametrize(("activation", "gain", "depth"), CASES)
def test_trained_networks_approach_the_limit(activation, gain, depth):
    """Paired with kappa x^ + f_0(x) - kappa f_0(x^) of the same initial weights, whose noise both share.

    ReLU networks approach it as width^-1/2: a unit that training pushes over its kink stops to learn, and such units are within
    width^-1/2 of the kink at the start.
    """
    rng, widths = np.random.default_rng(2), (32, 64, 128, 256)
    kappa = wide_networks.trained_output(COSINE, depth, gain, activation).learned
    values, errors = [], []
    for width in widths:
        n_networks = 60 * 256 // width
        training, images = images_at(COSINE, n_networks, rng)
        start = networks.drawn(rng, n_networks, [SIZE] + [width] * (depth - 1) + [SIZE])
        first = [networks.outputs(start, gain, activation, one) for one in (images, training)]
        limit = kappa * training + first[0] - kappa * first[1]
        end = networks.outputs(networks.trained(start, gain, activation, training), gain, activation, images)
        gap = (networks.cosines(end, training) - networks.cosines(limit, training)).mean(1)
        values.append(gap.mean())
        errors.append(gap.std() / np.sqrt(n_networks))
    intercept, error = extrapolated(widths, values, errors, [0, -0.5, -1] if activation == "relu" else [0, -1])
    assert abs(intercept) < 4.5 * error
    assert error < 0.02
    assert abs(values[-1]) < 0.03


@pytest.mark.parametrize(("activation", "critical"), wide_networks.CRITICAL_GAIN.items())
def test_depth_acts_in_opposite_ways_below_and_above_the_critical_gain(activation, critical):
    depths = np.array([50, 200])
    below, above = (wide_networks.constant_correlation(0.4, depths, factor * critical, activation) for factor in (0.8, 1.25))
    assert below[0] > 0.9
    assert below[1] > 1 - 1e-6
    assert above[0] < 0.1
    assert above[1] < 1e-6


@pytest.mark.slow
def test_depth_at_the_critical_gain():
    flat = wide_networks.constant_correlation(0.4, np.arange(1, 30), 1.0, "linear")
    np.testing.assert_allclose(flat, 0.4)
    limit = 0.25 / np.sqrt(0.25**2 + 2 * 0.75**2)
    deep = wide_networks.constant_correlation([-0.5, 0.0, 0.4, 0.9], 30_000, 2.0, "relu")
    np.testing.assert_allclose(deep, limit, atol=1e-3)


def test_vanishing_gain():
    rho = np.array([-0.5, 0.5, 1.0])
    np.testing.assert_array_equal(wide_networks.constant_correlation(rho, 4, 0.0, "linear"), [-1, 1, 1])
    np.testing.assert_array_equal(wide_networks.constant_correlation(rho, 4, 0.0, "relu"), [1, 1, 1])
    assert np.isnan(wide_networks.constant_correlation(0.0, 2, 0.0, "linear"))
    assert np.isnan(wide_networks.constant_correlation(-1.0, 2, 0.0, "relu"))
    small = wide_networks.constant_correlation(rho, 4, 1e-12, "relu", 9)
    np.testing.assert_allclose(small, 1, atol=1e-9)


def test_the_training_image_is_reproduced():
    found = wide_networks.constant_correlation(1.0, np.arange(1, 9), 2.0, "relu", 30)
    np.testing.assert_allclose(found, 1)


def test_depth_gain_and_angle_broadcast():
    depth, gain, rho = np.array([4, 1, 2])[:, None, None], np.array([0.3, 2.0])[:, None], np.linspace(-0.9, 0.9, 5)
    found = wide_networks.constant_correlation(rho, depth, gain, "relu", 20)
    assert found.shape == (3, 2, 5)
    for index in np.ndindex(found.shape):
        one = (np.broadcast_to(values, found.shape)[index] for values in (rho, depth, gain))
        assert found[index] == pytest.approx(wide_networks.constant_correlation(*one, "relu", 20), abs=1e-14)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"cosine": 1.1}, "cosine"),
        ({"cosine": np.nan}, "cosine"),
        ({"depth": 0}, "depth"),
        ({"depth": 1.5}, "depth"),
        ({"gain": -0.1}, "gain"),
        ({"gain": np.inf}, "gain"),
        ({"activation": "tanh"}, "activation"),
        ({"n_features": 0}, "n_features"),
        ({"relative_loss": 1.0}, "relative_loss"),
        ({"relative_loss": -0.1}, "relative_loss"),
        ({"first_rate": -1.0}, "first_rate"),
    ],
)
def test_outside_the_domain_is_refused_by_name(change, name):
    arguments = {"cosine": 0.5, "depth": 2, "gain": 1.0, "activation": "relu"} | change
    with pytest.raises(ValueError, match=f"{name} must be"):
        wide_networks.constant_correlation(**arguments)
