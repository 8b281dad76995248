"""What a table of layers holds: a layer, a class in a layer, and a layer that is not among them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LayerGeometry:
    """The geometry of the class manifolds in one layer, as in :class:`theory.geometry.manifolds.ManifoldGeometry`.

    n_features, n_manifolds: N and P. n_points: mean M.
    correlations: how correlations between manifolds are treated: "cavity", "published", or the number of directions removed.
    capacity, radius, dimension: with standard errors (``..._se``) over points and probes; without resamples over probes alone.
    baseline: capacity of the same points under shuffled labels, with its standard error.
    center_correlation: mean absolute cosine between centres.
    center_rank: number of directions removed that the centres share; None with the cavity method.
    held: share of the manifolds that the layer's features can hold at once, 0..1.
    joint_capacity: capacity from joint anchors, which is exact for these points, with its standard error over dichotomies; nan
        where it was not measured. separable: share of these dichotomies that are separable, 0..1. Where it is below 1, the
        joint capacity is an upper bound.
    n_probes: number of probes on all manifolds together.
    note: why the layer has no geometry, its numbers being nan; empty where it has one.
    """

    layer: str
    n_features: int
    n_manifolds: int
    n_points: float
    correlations: str | int
    capacity: float
    capacity_se: float
    baseline: float
    baseline_se: float
    radius: float
    radius_se: float
    dimension: float
    dimension_se: float
    center_correlation: float
    center_rank: int | None
    held: float
    joint_capacity: float
    joint_capacity_se: float
    separable: float
    n_probes: int
    kkt_residual: float
    note: str = ""


@dataclass(frozen=True)
class ClassGeometry:
    """The manifold of one class in one layer.

    label: of the class, as text. n_points: M.
    capacity, radius, dimension: with standard errors (``..._se``) over points and probes; without resamples over probes alone.
        The mean of the inverse capacities of the classes is the inverse of the layer's capacity. Capacity is inf where no probe
        moved.
    """

    layer: str
    label: str
    n_points: int
    capacity: float
    capacity_se: float
    radius: float
    radius_se: float
    dimension: float
    dimension_se: float


@dataclass(frozen=True)
class LeftOut:
    """A layer that a table does not have, and why."""

    layer: str
    why: str
