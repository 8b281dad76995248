"""Planted errors in joint anchors and effective geometry, and the claim that detects each."""

from dataclasses import replace

import numpy as np

from tests.verify.planted.planted_error import PlantedError, formula
from tests.verify.planted.slips.slip import slip


def apart(right):
    """Every manifold is projected on for itself, as mean-field theory does."""

    def joint_anchors(clouds, probes, labels):
        alone = [right([cloud], probes, own[:, None]) for cloud, own in zip(clouds, labels.T, strict=True)]
        anchors = np.concatenate([found.anchors for found in alone], axis=1)
        return replace(alone[0], anchors=anchors, overlap=np.sum([found.overlap for found in alone], axis=0))

    return joint_anchors


def signed(right):
    """Anchors that keep the sign of their label, so that centres cancel."""

    def joint_anchors(clouds, probes, labels):
        found = right(clouds, probes, labels)
        return replace(found, anchors=labels[..., None] * found.anchors)

    return joint_anchors


def with_rank(found, clouds):
    """How many axes of a cloud are longer than a tenth of its longest: the noise is shorter."""
    extents = np.linalg.svd(clouds - clouds.mean(1, keepdims=True), compute_uv=False)
    rank = float((extents > 0.1 * extents[:, :1]).sum(1).mean())
    return replace(found, dimension=replace(found.dimension, value=rank))


JOINT = [
    PlantedError(
        "anchors-apart", "every manifold projected on for itself, not all of them jointly", "G-01",
        formula("theory.geometry.joint_anchors.joint_anchors", apart),
    ),
    PlantedError(
        "labels-forgotten", "the joint cone of the points as they are, whatever their labels", "G-02",
        formula("theory.geometry.joint_anchors.joint_anchors", lambda right: lambda c, t, y: right(c, t, np.abs(y))),
    ),
    PlantedError(
        "projection-not-squared", "the length of the projection for its square", "G-03",
        formula("theory.geometry.joint_anchors.joint_overlaps", lambda right: lambda *draws: np.sqrt(right(*draws))),
    ),
    PlantedError(
        "anchors-signed", "anchors that keep the sign of their label, so that centres cancel", "G-04",
        formula("theory.geometry.joint_anchors.joint_anchors", signed),
    ),
    PlantedError(
        "generator-dimension", "the rank of the points for the dimension of their anchors", "G-05",
        formula("theory.geometry.glue.effective_geometry", lambda right: lambda c, *a, **k: with_rank(right(c, *a, **k), c)),
    ),
    PlantedError(
        "half-a-margin", "the replica theory at the margin 1/2 in place of none", "G-06",
        formula(
            "theory.geometry.manifolds.manifold_geometry",
            lambda right: lambda clouds, margin, *about, **options: right(clouds, margin + 0.5, *about, **options),
        ),
    ),
    PlantedError(
        "manifolds-before-learning", "the manifolds of the first hidden layer before training, at every scale", "G-07",
        slip("verify.claims.chou2025.claim_g07.unseen_features", "one.features(unseen)", "start.features(unseen)"),
    ),
]  # fmt: skip
