"""Mean displacement, radius and dimension of each manifold from the anchors of Gaussian probes, with standard errors."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import array_api_compat as api
import numpy as np

from theory.geometry.anchors import anchor_weights
from theory.geometry.frames import Frames
from theory.numerics.certificate import certify

Array = Any


class AnchorStatistics(NamedTuple):
    """Averages over the probes of p manifolds; every field is an array (p,).

    displacement: mean squared displacement. radius: R_M. dimension: D_M.
    displacement_se, radius_se, dimension_se: standard errors over probes.
    kkt_residual: the worst relative violation of the optimality conditions over a manifold's probes.
    """

    displacement: Array
    displacement_se: Array
    radius: Array
    radius_se: Array
    dimension: Array
    dimension_se: Array
    kkt_residual: Array


class Probed(NamedTuple):
    """The anchors of n probes on each of p manifolds, which do not depend on the kind of the frames.

    rngs: the generators of the probes, one for each manifold. axes: the probes along the axes of the frames, (p, n, M).
    live: their products with the offsets, (p, n, M). displacement: (p, n). weights: of the points in the anchors, (p, n, M).
    residual: the worst relative violation of the optimality conditions, (p,).
    """

    rngs: list[np.random.Generator]
    axes: Array
    live: Array
    displacement: Array
    weights: Array
    residual: Array


def measure_anchors(
    frames: Frames, streams: Sequence[np.random.SeedSequence], margin: float, n_probes: int, kind: str
) -> AnchorStatistics:
    """Displacement, radius and dimension of every manifold, averaged over probes that this function draws.

    Source: Chung, Lee & Sompolinsky 2018, eqs. 28 and 29. With kind "published" the dimension is that of the published code,
    D (E cos)^2.

    :param streams: one seed per manifold. :param margin: kappa, standardized units.
    :param kind: as in :func:`theory.geometry.frames.frames_of`.
    :raises theory.numerics.certificate.Uncertified: a solve without a certificate; the error names the manifold.
    """
    return statistics(frames, probed(frames, streams, margin, n_probes), kind)


def probed(frames: Frames, streams: Sequence[np.random.SeedSequence], margin: float, n_probes: int) -> Probed:
    """The anchors of every manifold's probes, which this function draws; arguments and errors as in :func:`measure_anchors`."""
    xp, rngs = api.array_namespace(frames.gram), [np.random.default_rng(stream) for stream in streams]
    # Probes are drawn on the host, so that every library and device has equal probes.
    drawn = np.stack([rng.standard_normal((n_probes, frames.gram.shape[1] + 1)) for rng in rngs])
    probes = xp.asarray(drawn, dtype=frames.gram.dtype, device=api.device(frames.gram))
    # The last coordinate of a probe lies along the centre; the last coordinate of every point is 1.
    live = probes[:, :, :-1] @ frames.root
    displacement, weights, residual = anchor_weights(frames.gram + 1, live + probes[:, :, -1:], margin)
    _certify(frames, residual, margin)
    return Probed(rngs, probes[:, :, :-1], live, displacement, weights, residual)


def statistics(frames: Frames, probes: Probed, kind: str) -> AnchorStatistics:
    """The averages over probes; ``kind`` as in :func:`measure_anchors`. Published frames may draw from the generators."""
    xp = api.array_namespace(frames.gram)
    along = _along(xp, frames.gram, probes.weights, probes.live)
    if kind == "published":
        cosine = along / _probe_lengths(xp, frames, probes.axes, probes.rngs)
        dimension = _published_dimension(xp, frames, *_mean(xp, cosine))
    else:
        dimension = _mean(xp, along**2)
    radius = _radius(xp, frames.gram, probes.weights, kind)
    return AnchorStatistics(*_mean(xp, probes.displacement), *radius, *dimension, probes.residual)


def _certify(frames: Frames, residual, margin) -> None:
    worst, n_points = int(api.array_namespace(residual).argmax(residual)), frames.gram.shape[1]
    certify(
        residual[worst],
        lambda: f"manifold {frames.index[worst]}, {n_points} points of rank {int(frames.rank[worst])}, margin {margin:g}",
    )


def _along(xp, gram, weights, live):
    """The probe's component along each anchor's direction, (p, n); 0 for an anchor at the centre."""
    length = xp.sqrt(xp.clip(xp.sum(weights * (weights @ gram), axis=2), 0.0))
    return xp.where(length > 0, xp.sum(weights * live, axis=2) / xp.where(length > 0, length, 1.0), 0.0)


def _radius(xp, gram, weights, kind):
    """RMS distance of the anchors from their mean, and its standard error.

    Let C be the covariance of the n anchors. Squared distances from the sample mean have a variance that is 4 tr(C^2)/n
    larger than that of squared distances from the true mean; n times the variance of their average is larger by 2 tr(C^2)/n
    only. The difference is subtracted.
    """
    n_probes = weights.shape[1]
    offset = weights - xp.mean(weights, axis=1, keepdims=True)
    pulled = offset @ gram
    squared, se = _mean(xp, xp.clip(xp.sum(offset * pulled, axis=2), 0.0))
    covariance = xp.matrix_transpose(offset) @ pulled / n_probes
    second = 2 * xp.sum(covariance * xp.matrix_transpose(covariance), axis=(1, 2)) / n_probes**2
    se = xp.sqrt(xp.maximum(se**2 - second, xp.clip(second, 0.0)))
    return _root(xp, squared, se) if kind == "published" else _unbiased_root(xp, n_probes, squared, se)


def _mean(xp, samples):
    """Means over probes and their standard errors, (p,) each."""
    return xp.mean(samples, axis=1), xp.std(samples, axis=1, correction=1) / samples.shape[1] ** 0.5


def _root(xp, squared, se):
    """The square root, and its standard error by the delta method."""
    root = xp.sqrt(squared)
    return root, xp.where(root > 0, se / xp.where(root > 0, 2 * root, 1.0), 0.0)


def _unbiased_root(xp, n_probes, squared, se):
    """The square root, corrected for the bias of the mean anchor and, to leading order, for that of the root.

    Both biases would be visible in an average over many manifolds.
    """
    shrunk = n_probes / (n_probes - 1)
    root, se = _root(xp, shrunk * squared, shrunk * se)
    return root * (1 + xp.where(root > 0, se / xp.where(root > 0, root, 1.0), 0.0) ** 2 / 2), se


def _published_dimension(xp, frames: Frames, mean, se):
    """D times the squared mean cosine between probe and anchor."""
    axes = xp.astype(frames.axes, mean.dtype)
    return axes * mean**2, 2 * axes * xp.abs(mean) * se


def _probe_lengths(xp, frames: Frames, drawn, rngs):
    """Lengths of the probes over all axes of the frames; axes without extent get new draws."""
    n_points, n_probes = frames.gram.shape[1], drawn.shape[1]
    _, axes = xp.linalg.eigh(frames.root @ xp.matrix_transpose(frames.root))
    points = xp.arange(n_points, device=api.device(frames.gram))
    alive = points[None, None, :] >= n_points - frames.rank[:, None, None]
    length = xp.sum(xp.where(alive, drawn @ axes, 0.0) ** 2, axis=2)
    n_dead = [int(axes) - int(rank) for axes, rank in zip(frames.axes, frames.rank, strict=True)]
    dead = [rng.chisquare(n, n_probes) if n else np.zeros(n_probes) for n, rng in zip(n_dead, rngs, strict=True)]
    return xp.sqrt(length + xp.asarray(np.stack(dead), dtype=length.dtype, device=api.device(length)))
