"""The objective that center_correlations minimizes: squared cosines between centres after the removal of some directions."""

from collections.abc import Sequence

import numpy as np

from theory.numerics.grassmann import EPS, Minimum, orthonormal, tangent

Array = np.ndarray
Cosines = Array  # (P, P)
Coordinates = Array  # X, (P, r), with X X^T the cosines
Basis = Array  # V, (..., r, K)
# Every centre keeps at least this share of the RMS remaining norm: a minimum that removes a whole centre shows no structure.
LEAST_SHARE = 0.05
# The least squared remaining norm that is divided by.
FLOOR = 1e3 * EPS


class RemainingCosines:
    """The objective f(V) = sum_{mu, nu} C^2 / 2 over orthonormal V, (..., r, K).

    C are the cosines of the remainders, whose Gram matrix is R = X X^T - X V V^T X^T. The cosines, (..., P, P), and X,
    (..., P, r), may be those of several sets of centres, one for each V.
    """

    def __init__(self, unit: Cosines, x: Coordinates):
        self.unit, self.x = unit, x

    @classmethod
    def stacked(cls, objectives: "Sequence[RemainingCosines]") -> "RemainingCosines":
        """Several objectives of equally many centres and coordinates in one record, for :meth:`of`."""
        return cls(np.stack([one.unit for one in objectives]), np.stack([one.x for one in objectives]))

    def of(self, owner: np.ndarray) -> "RemainingCosines":
        """The record of the objectives with these numbers, (B,), of those that were stacked."""
        # A single objective is shared by all subspaces, and is not copied.
        return RemainingCosines(*((self.unit[0], self.x[0]) if len(self.x) == 1 else (self.unit[owner], self.x[owner])))

    def remainders(self, basis: Basis) -> tuple[Array, Array, Array, Array]:
        """X V (..., P, K); squared remaining norms and their inverse roots, (..., P); cosines, (..., P, P)."""
        y = self.x @ basis
        left = 1 - (y * y).sum(-1)
        inverse = 1 / np.sqrt(np.maximum(left, FLOOR))
        return y, left, inverse, (self.unit - y @ y.mT) * inverse[..., :, None] * inverse[..., None, :]

    def evaluate(self, basis: Basis) -> tuple[Array, Array, Array]:
        """f; its gradient in the tangent space; and the least squared remaining norm divided by its bound.

        :func:`theory.numerics.grassmann.minimise` refuses a step where the last number is below 1.
        """
        y, left, inverse, cosines = self.remainders(basis)
        shared = (cosines * cosines).sum(-1)
        weighted = inverse[..., None] * y
        pull = inverse[..., None] * (cosines @ weighted - shared[..., None] * weighted)
        bound = LEAST_SHARE**2 * left.mean(-1) + 1e4 * EPS
        gradient = -2 * tangent(basis, self.x.mT @ pull)
        return shared.sum(-1) / 2, gradient, left.min(-1) / bound

    def residuals(self, basis: Basis) -> list[float]:
        """The mean absolute cosine over pairs of centres, for each of the bases."""
        cosines = np.abs(self.remainders(basis)[3])
        pairs = self.unit.shape[-1] * (self.unit.shape[-1] - 1)
        sums = cosines.sum((-2, -1)) - cosines.diagonal(0, -2, -1).sum(-1)
        return (sums / pairs).tolist()

    def starts(self, before: list[Minimum], k: int, n: int, rng: np.random.Generator) -> Array:
        """Start bases of rank k, (B, r, k).

        The best minima of rank k - 1 are extended by the direction of steepest descent, and by n random directions; the
        remaining starts are random.

        :param before: minima of rank k - 1, the best first; it may be empty.
        """
        # Drawn over centres: the signs of the coordinates depend on the eigenvalue solver.
        draws = self.x.T @ rng.standard_normal((2 * n if before else n + 2, self.x.shape[0], k))
        warm = list(dict.fromkeys([0, min(range(len(before)), key=lambda i: before[i].value)])) if before else []
        bases = [before[i].basis for i in warm] or [self.x[:0].T]
        starts = [np.concatenate([basis, self.steepest(basis)], axis=1) for basis in bases]
        used = n if before else 0
        starts += [np.concatenate([bases[0], draws[i, :, :1]], axis=1) for i in range(used)]
        return orthonormal(np.stack([*starts, *draws[used:]]))

    def steepest(self, basis: Basis) -> Array:
        """The direction, (r, 1), whose addition to the basis lowers f fastest."""
        _, _, inverse, cosines = self.remainders(basis)
        rest = self.x - (self.x @ basis) @ basis.mT
        weighted = inverse[:, None] * rest
        shared = (cosines * cosines).sum(-1)
        falls = weighted.mT @ (cosines @ weighted - shared[:, None] * weighted)
        return np.linalg.eigh(falls)[1][:, -1:]

    def metric(self, basis: Basis) -> list[Array]:
        """The inverse factors, (B, r, r) and (B, K, K), of the Gauss-Newton curvature without its cross term."""
        y, _, inverse, _ = self.remainders(basis)
        return [self.damped(inverse[..., None] * factor, share) for factor, share in ((self.x, 0.1), (y, 0.01))]

    def damped(self, factor: Array, share: float) -> Array:
        """The inverse of factor^T factor, with ``share`` of its mean diagonal added to the diagonal."""
        square = factor.mT @ factor
        scale = share * square.diagonal(0, -2, -1).mean(-1)
        return np.linalg.inv(square + scale[:, None, None] * np.eye(square.shape[-1]))


def remaining_cosines(unit: Cosines, rounding: float) -> tuple[RemainingCosines, Array]:
    """The objective in coordinates without null directions, and the coordinates' coefficients on the unit centres, (P, r).

    :param unit: cosines between the centres, (P, P). :param rounding: absolute rounding error of each cosine.
    :raises ValueError: cosines that are not positive semidefinite.
    """
    values, vectors = np.linalg.eigh(unit)
    rounding = unit.shape[0] * max(rounding, EPS * float(values[-1]))
    if float(values[0]) < -1e3 * rounding:
        raise ValueError(
            f"gram must be positive semidefinite; received a least eigenvalue of {float(values[0])} "
            "(centres scaled to norm 1): compute it as centers @ centers.T"
        )
    rank = int(np.count_nonzero(values > rounding))
    scales = np.sqrt(values[-rank:])
    return RemainingCosines(unit, vectors[:, -rank:] * scales), vectors[:, -rank:] / scales
