"""The objective that center_correlations minimizes: squared cosines between centres after the removal of some directions."""

from typing import Any

import numpy as np
from array_api_compat import array_namespace, device

from theory.numerics.grassmann import Minimum, orthonormal, tangent

Array = Any
Cosines = Array  # (P, P)
Coordinates = Array  # X, (P, r), with X X^T the cosines
Basis = Array  # V, (..., r, K)
# Every centre keeps at least this share of the RMS remaining norm: a minimum that removes a whole centre shows no structure.
LEAST_SHARE = 0.05


class RemainingCosines:
    """The objective f(V) = sum_{mu, nu} C^2 / 2 over orthonormal V, (..., r, K).

    C are the cosines of the remainders, whose Gram matrix is R = X X^T - X V V^T X^T.
    """

    def __init__(self, xp: Any, unit: Cosines, x: Coordinates):
        self.xp, self.unit, self.x = xp, unit, x
        self.eps = xp.finfo(x.dtype).eps
        self.floor = self.array(1e3 * self.eps)

    def array(self, values: Array) -> Array:
        """The values as an array of the library, dtype and device of X."""
        return self.xp.asarray(values, dtype=self.x.dtype, device=device(self.x))

    def remainders(self, basis: Basis) -> tuple[Array, Array, Array, Array]:
        """X V (..., P, K); squared remaining norms and their inverse roots, (..., P); cosines, (..., P, P)."""
        y = self.x @ basis
        left = 1 - self.xp.sum(y * y, axis=-1)
        inverse = 1 / self.xp.sqrt(self.xp.where(left > self.floor, left, self.floor))
        return y, left, inverse, (self.unit - y @ y.mT) * inverse[..., :, None] * inverse[..., None, :]

    def evaluate(self, basis: Basis) -> tuple[Array, Array, Array]:
        """f; its gradient in the tangent space; and the least squared remaining norm divided by its bound.

        :func:`theory.numerics.grassmann.minimise` refuses a step where the last number is below 1.
        """
        y, left, inverse, cosines = self.remainders(basis)
        shared = self.xp.sum(cosines * cosines, axis=-1)
        weighted = inverse[..., None] * y
        pull = inverse[..., None] * (cosines @ weighted - shared[..., None] * weighted)
        bound = LEAST_SHARE**2 * self.xp.mean(left, axis=-1) + 1e4 * self.eps
        gradient = -2 * tangent(basis, self.x.mT @ pull)
        return self.xp.sum(shared, axis=-1) / 2, gradient, self.xp.min(left, axis=-1) / bound

    def residuals(self, basis: Basis) -> list[float]:
        """The mean absolute cosine over pairs of centres, for each of the bases."""
        cosines = self.xp.abs(self.remainders(basis)[3])
        pairs = self.unit.shape[0] * (self.unit.shape[0] - 1)
        sums = self.xp.sum(cosines, axis=(-2, -1)) - self.xp.sum(self.xp.linalg.diagonal(cosines), axis=-1)
        return [float(sums[i]) / pairs for i in range(sums.shape[0])]

    def starts(self, before: list[Minimum], k: int, n: int, rng: np.random.Generator) -> Array:
        """Start bases of rank k, (B, r, k).

        The best minima of rank k - 1 are extended by the direction of steepest descent, and by n random directions; the
        remaining starts are random.

        :param before: minima of rank k - 1, the best first; it may be empty.
        """
        xp = self.xp
        # Drawn over centres: the signs of the coordinates depend on the eigenvalue solver.
        draws = self.x.mT @ self.array(rng.standard_normal((2 * n if before else n + 2, self.x.shape[0], k)))
        warm = list(dict.fromkeys([0, min(range(len(before)), key=lambda i: before[i].value)])) if before else []
        bases = [before[i].basis for i in warm] or [self.x[:0, :].mT]
        starts = [xp.concat([basis, self.steepest(basis)], axis=1) for basis in bases]
        used = n if before else 0
        starts += [xp.concat([bases[0], draws[i, :, :1]], axis=1) for i in range(used)]
        starts += [draws[i, ...] for i in range(used, draws.shape[0])]
        return orthonormal(xp, xp.stack(starts))

    def steepest(self, basis: Basis) -> Array:
        """The direction, (r, 1), whose addition to the basis lowers f fastest."""
        _, _, inverse, cosines = self.remainders(basis)
        rest = self.x - (self.x @ basis) @ basis.mT
        weighted = inverse[:, None] * rest
        shared = self.xp.sum(cosines * cosines, axis=-1)
        falls = weighted.mT @ (cosines @ weighted - shared[:, None] * weighted)
        return self.xp.linalg.eigh(falls)[1][:, -1:]

    def metric(self, basis: Basis) -> list[Array]:
        """The inverse factors, (B, r, r) and (B, K, K), of the Gauss-Newton curvature without its cross term."""
        y, _, inverse, _ = self.remainders(basis)
        return [self.damped(inverse[..., None] * factor, share) for factor, share in ((self.x, 0.1), (y, 0.01))]

    def damped(self, factor: Array, share: float) -> Array:
        """The inverse of factor^T factor, with ``share`` of its mean diagonal added to the diagonal."""
        square = factor.mT @ factor
        scale = share * self.xp.mean(self.xp.linalg.diagonal(square), axis=-1)
        return self.xp.linalg.inv(square + scale[:, None, None] * self.array(np.eye(square.shape[-1])))


def remaining_cosines(unit: Cosines, rounding: float) -> tuple[RemainingCosines, Array]:
    """The objective in coordinates without null directions, and the coordinates' coefficients on the unit centres, (P, r).

    :param unit: cosines between the centres, (P, P). :param rounding: absolute rounding error of each cosine.
    :raises ValueError: cosines that are not positive semidefinite.
    """
    xp = array_namespace(unit)
    values, vectors = xp.linalg.eigh(unit)
    rounding = unit.shape[0] * max(rounding, float(xp.finfo(unit.dtype).eps) * float(values[-1]))
    if float(values[0]) < -1e3 * rounding:
        raise ValueError(
            f"gram must be positive semidefinite; received a least eigenvalue of {float(values[0])} "
            "(centres scaled to norm 1): compute it as centers @ centers.T"
        )
    rank = int(xp.count_nonzero(values > rounding))
    scales = xp.sqrt(values[-rank:])
    return RemainingCosines(xp, unit, vectors[:, -rank:] * scales), vectors[:, -rank:] / scales
