"""The geometry engine's simple version: one probe at a time by scipy, one manifold at a time by SVD. The oracle."""

import numpy as np
from scipy.optimize import nnls


def multipliers(coordinates, probes, margin=0.0):
    """argmin over mu >= 0 of ||S mu + T - kappa e||, (M, n); S (D + 1, M), T (D + 1, n)."""
    moved = np.array(probes, dtype=float)
    moved[-1] -= margin
    return np.stack([nnls(coordinates, -probe)[0] for probe in moved.T], axis=1)


def project(coordinates, probes, margin=0.0):
    """Squared displacements (n,), and anchors (D + 1, n): the touching point where nothing moved."""
    mu = multipliers(coordinates, probes, margin)
    steps, weight = coordinates @ mu, mu.sum(0)
    touching = coordinates[:, np.argmin(coordinates.T @ probes, axis=0)]
    return (steps**2).sum(0), np.where(weight > 0, steps / np.where(weight > 0, weight, 1.0), touching)


def frame(cloud, origin):
    """(D + 1, M): the offsets along their own axes in units of the centre's norm, and ones; an SVD."""
    center = cloud.mean(0)
    offsets = (cloud - center) / np.linalg.norm(center - origin)
    left, extent, _ = np.linalg.svd(offsets, full_matrices=False)
    kept = extent > 1e-12 * max(extent.max(), 1.0)
    return np.vstack([(left[:, kept] * extent[kept]).T, np.ones(len(cloud))])


def geometry(clouds, n_probes, seed, *, center_mean=True, margin=0.0):
    """Mean displacement, R_M and D_M, averaged over manifolds, each with a standard error over probes."""
    origin, rng = np.concatenate(clouds).mean(0) * center_mean, np.random.default_rng(seed)
    samples = []
    for cloud in clouds:
        coordinates = frame(cloud, origin)
        probes = rng.standard_normal((len(coordinates), n_probes))
        displacement, anchors = project(coordinates, probes, margin)
        offsets = anchors[:-1]
        squared = ((offsets - offsets.mean(1, keepdims=True)) ** 2).sum(0) * n_probes / (n_probes - 1)
        along = (offsets * probes[:-1]).sum(0) / np.linalg.norm(offsets, axis=0)
        samples.append((displacement, squared, along**2))
    samples = np.array(samples)
    mean, se = samples.mean(2), samples.std(2, ddof=1) / np.sqrt(n_probes)
    radius = np.sqrt(mean[:, 1])
    values = mean[:, 0].mean(), radius.mean(), mean[:, 2].mean()
    errors = [np.sqrt((e**2).sum()) / len(clouds) for e in (se[:, 0], se[:, 1] / (2 * radius), se[:, 2])]
    return dict(zip(("displacement", "radius", "dimension"), zip(values, errors, strict=True), strict=True))
