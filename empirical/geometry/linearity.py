"""How linear a layer is in its input, and what a linear readout finds in it: numbers of points and features, without torch.

- ``ridge_r2``: the share of the features that an affine map of the input predicts on points that it has not seen.
- ``second_difference``: how much the layer bends between two points, which is 0 for an affine map.
- ``linear_cka``: how similar the features' inner products are to those of the input.
- ``readout_accuracy``: how many labels a linear readout of the features' leading components returns.

The input may be the layer's own, or the pixels. Sources: Hoerl & Kennard 1970, Technometrics 12 (ridge regression), with the
leave-one-out residuals of Allen 1974, Technometrics 16; Kornblith et al. 2019, ICML (linear CKA). The second difference is
ours.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from empirical.separability.estimate import Estimate

Points = np.ndarray  # (n, d)
Features = np.ndarray  # (n, f)

# In units of the mean squared singular value of the centred points: from next to none to next to nothing predicted.
PENALTIES = tuple(10.0**power for power in range(-10, 5))
FOLDS = 5
BLOCKS = 10
COMPONENTS = 40
# Singular values below this part of the largest are rounding.
RANK = 1e-12
# Squares of singular values below this part of the largest cannot be told from rounding.
ROUNDING = 1e-13


def ridge_r2(points: Points, features: Features, folds: int = FOLDS, seed: int = 0) -> Estimate:
    """R^2 = 1 - sum |y - y^|^2 / sum |y - ybar|^2 of the best affine map from points to features, on points left out.

    The points fall into random folds. For each fold, a map is fitted to the others by ridge regression. Its penalty, one for
    all features, has the least squared leave-one-out residual among the points fitted, so that the fold has no part in its
    choice. Here y^ is the prediction, ybar the mean of the points fitted, and sums are over all features and all points, each
    left out once. R^2 is 1 for an affine map if more points are fitted than there are inputs; predicting worse than the mean
    makes it negative. It depends on n: more points leave less of an affine map to be guessed.

    :param points: (n, d), the layer's own input, or the pixels. :param features: (n, f), in any units.
    :param folds: 2 or more. :param seed: of the folds.
    :returns: the value, its standard error and n. The error covers which points were predicted, by the delta method; it does
        not cover the maps that other points would have given, nor other networks.
    :raises ValueError: arguments are not finite, do not fit each other or are too few, or no feature varies.
    """
    points, features = _paired(points, features)
    if not 2 <= folds <= len(points) // 2:
        raise ValueError(f"folds must be within 2..n/2 = {len(points) // 2}; received {folds}: give fewer folds or more points")
    left, total = np.empty(len(points)), np.empty(len(points))
    for fold in np.array_split(np.random.default_rng(seed).permutation(len(points)), folds):
        rest = np.setdiff1d(np.arange(len(points)), fold)
        predicted = Ridge.of(points[rest], features[rest]).predicted(points[fold])
        left[fold] = ((features[fold] - predicted) ** 2).sum(1)
        total[fold] = ((features[fold] - features[rest].mean(0)) ** 2).sum(1)
    share = left.sum() / total.sum()
    se = np.std(left - share * total, ddof=1) / np.sqrt(len(points)) / total.mean()
    return Estimate(float(1 - share), float(se), len(points))


@dataclass(frozen=True)
class Ridge:
    """An affine map that ridge regression has fitted; penalty: relative, one of :data:`PENALTIES`."""

    weights: np.ndarray  # (d, f)
    center: np.ndarray  # (d,)
    mean: np.ndarray  # (f,)
    penalty: float

    @classmethod
    def of(cls, points: Points, features: Features) -> "Ridge":
        """The map whose penalty has the least squared leave-one-out residual; the largest penalty of ties."""
        center, mean = points.mean(0), features.mean(0)
        axes, squares = _axes(points - center)
        along, residual = axes.T @ (features - mean), features - mean
        shrinkage = squares / (squares + np.mean(squares) * np.array(PENALTIES)[:, None])
        # The intercept has a leverage of 1/n.
        leverages, losses = 1 / len(points) + shrinkage @ (axes**2).T, {}
        for penalty, shrunk, leverage in zip(PENALTIES, shrinkage, leverages, strict=True):
            left_out = (residual - axes @ (shrunk[:, None] * along)) / np.maximum(1 - leverage, RANK)[:, None]
            losses[penalty] = np.vdot(left_out, left_out)
        best = max(penalty for penalty, loss in losses.items() if loss == min(losses.values()))
        weights = (points - center).T @ (axes @ (along / (squares + best * np.mean(squares))[:, None]))
        return cls(weights, center, mean, best)

    def predicted(self, points: Points) -> Features:
        """The features predicted for points (n, d), (n, f)."""
        return self.mean + (points - self.center) @ self.weights


def second_difference(layer: Callable[[Points], Features], points: Points, seed: int = 0) -> Estimate:
    """sqrt(sum |f(a) - 2 f((a + b) / 2) + f(b)|^2 / sum |f(a) - f(b)|^2), over random pairs of points a and b.

    The layer's second difference between two of its inputs, in units of the first difference. It is 0 for an affine layer, and
    at most 1 for one whose units are monotone functions of affine ones, as with ReLU. Every point is in one pair, except the
    last of an odd number.

    :param layer: the layer as a function from its own inputs (m, d) to its features (m, f).
    :param points: the layer's inputs, (n, d), 4 or more.
    :param seed: of the pairs.
    :returns: the value, its standard error over pairs by the delta method, and their number. The error does not cover other
        networks.
    :raises ValueError: points are not finite or too few, the layer returns something else than finite (m, f), or the layer
        returns the same features for both points of every pair.
    """
    points = _finite("points", points, 4)
    order = np.random.default_rng(seed).permutation(len(points))[: len(points) // 2 * 2]
    one, other = points[order[::2]], points[order[1::2]]
    ends, middles = layer(np.concatenate([one, other])), layer((one + other) / 2)
    for name, values, n in (("layer(ends)", ends, 2 * len(one)), ("layer(middles)", middles, len(one))):
        if len(_finite(name, values, 2)) != n:
            raise ValueError(f"layer must return a row of features for each of {n} points; received {np.shape(values)}")
    from_one, from_other = np.split(np.asarray(ends, dtype=float), 2)
    bent = ((from_one - 2 * np.asarray(middles, dtype=float) + from_other) ** 2).sum(1)
    apart = ((from_one - from_other) ** 2).sum(1)
    if not apart.sum() > 0:
        raise ValueError("layer must tell points apart, and returns equal features for both points of every pair")
    share = bent.sum() / apart.sum()
    se_of_share = np.std(bent - share * apart, ddof=1) / np.sqrt(len(one)) / apart.mean()
    value = float(np.sqrt(share))
    return Estimate(value, float(se_of_share / (2 * value)) if value else 0.0, len(one))


def linear_cka(points: Points, features: Features, seed: int = 0) -> Estimate:
    """|Y^T X|^2 / (|X^T X| |Y^T Y|), Frobenius norms of the centred points X and features Y: linear CKA, within 0..1.

    It is 1 where Y is X rotated, scaled and moved, and does not change when either is. An affine map that stretches some
    directions more than others makes it less than 1: CKA compares inner products, and :func:`ridge_r2` allows any affine map.
    With few points in many dimensions it is well above 0 for unrelated X and Y too.

    :param points: (n, d). :param features: (n, f). n is 10 or more.
    :param seed: of the blocks of points by whose deletion the error is computed.
    :returns: the value, its jackknife standard error and n. The error covers the choice of the points, not other networks.
    :raises ValueError: arguments are not finite, do not fit each other or are too few, or points or features do not vary.
    """
    points, features = _paired(points, features)
    _finite("points", points, BLOCKS)
    blocks = np.array_split(np.random.default_rng(seed).permutation(len(points)), BLOCKS)
    without = np.array([_cka(np.delete(points, block, 0), np.delete(features, block, 0)) for block in blocks])
    se = np.sqrt((BLOCKS - 1) / BLOCKS * ((without - without.mean()) ** 2).sum())
    return Estimate(_cka(points, features), float(se), len(points))


def readout_accuracy(features: Features, labels: np.ndarray, n_components: int = COMPONENTS) -> float:
    """The share of labels, 0..1, that least squares on the leading principal components of the features returns.

    One-hot labels are regressed on the components of these same points, and the class of the largest output is returned: how
    separable the labels are, in as many dimensions in every layer. Labels drawn at random have an accuracy well above chance,
    which rises with n_components / n: compare with theirs. The share has no error of its own; average it over networks.

    :param features: (n, f). :param labels: whole numbers, (n,).
    :param n_components: at most n - 1; where the features span fewer dimensions, all of them are read.
    :raises ValueError: features are not finite or do not vary, labels do not fit them, or n_components is out of range.
    """
    labels = np.asarray(labels)
    features, _ = _paired(features, np.arange(len(labels))[:, None])
    if not 1 <= n_components < len(features):
        raise ValueError(f"n_components must be within 1..n - 1 = {len(features) - 1}; received {n_components}")
    axes, sizes, _ = np.linalg.svd(features - features.mean(0), full_matrices=False)
    axes = axes[:, : min(n_components, int((sizes > RANK * sizes[0]).sum()))]
    classes, index = np.unique(labels, return_inverse=True)
    wanted = np.eye(len(classes))[index]
    outputs = wanted.mean(0) + axes @ (axes.T @ (wanted - wanted.mean(0)))
    return float((outputs.argmax(1) == index).mean())


def _axes(points: Points) -> tuple[np.ndarray, np.ndarray]:
    """The left singular vectors of centred points, (n, rank), and the squares of the singular values, (rank,).

    They are those of the smaller matrix of inner products, in less than half of the time of a singular value decomposition.
    """
    wide = len(points) <= points.shape[1]
    squares, found = np.linalg.eigh(points @ points.T if wide else points.T @ points)
    kept = squares > ROUNDING * squares[-1]
    squares, found = squares[kept], found[:, kept]
    return (found if wide else points @ found / np.sqrt(squares)), squares


def _cka(points, features):
    points, features = points - points.mean(0), features - features.mean(0)
    lengths = np.linalg.norm(points.T @ points) * np.linalg.norm(features.T @ features)
    return float(np.linalg.norm(features.T @ points) ** 2 / lengths)


def _paired(points, features):
    points, features = _finite("points", points, 4), _finite("features", features, 4)
    if len(points) != len(features):
        raise ValueError(f"features must have a row for each of {len(points)} points; received {len(features)} rows")
    for name, values in (("points", points), ("features", features)):
        if not (np.ptp(values, 0) > 0).any():
            raise ValueError(f"{name} must vary, and all {len(values)} rows are equal: leave out this layer")
    return points, features


def _finite(name, values, fewest):
    values = np.asarray(values, dtype=float)
    if values.ndim != 2 or len(values) < fewest or values.shape[1] == 0:
        raise ValueError(f"{name} must be (n, d), n >= {fewest} and d >= 1; received shape {values.shape}: flatten each input")
    if not np.isfinite(values).all():
        raise ValueError(f"{name} must be finite; {int((~np.isfinite(values)).any(1).sum())} of {len(values)} rows are not")
    return values
