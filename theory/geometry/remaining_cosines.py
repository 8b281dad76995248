"""Cosines between what is left of several centres once some directions are removed, as an objective over subspaces."""

from typing import Any

import numpy as np
from array_api_compat import array_namespace, device

from theory.numerics.grassmann import orthonormal, tangent

Array = Any
# No centre may keep less than this share of the RMS norm that all keep: minima that annihilate one are no structure.
LEAST_SHARE = 0.05


class RemainingCosines:
    """f(V) = sum_{mu, nu} C^2 / 2, C the cosines of the remainders R = X X^T - X V V^T X^T; V (..., r, K), orthonormal."""

    def __init__(self, xp, unit, x):
        self.xp, self.unit, self.x = xp, unit, x
        self.eps = xp.finfo(x.dtype).eps
        self.floor = self.array(1e3 * self.eps)

    def array(self, values):
        return self.xp.asarray(values, dtype=self.x.dtype, device=device(self.x))

    def remainders(self, basis):
        """X V, the squared norms left, (..., P), the inverse norms, and the cosines, (..., P, P)."""
        y = self.x @ basis
        left = 1 - self.xp.sum(y * y, axis=-1)
        inverse = 1 / self.xp.sqrt(self.xp.where(left > self.floor, left, self.floor))
        return y, left, inverse, (self.unit - y @ y.mT) * inverse[..., :, None] * inverse[..., None, :]

    def evaluate(self, basis):
        """f, its gradient in the tangent space, and the least norm left over its bound, squared: below 1 is refused."""
        y, left, inverse, cosines = self.remainders(basis)
        shared = self.xp.sum(cosines * cosines, axis=-1)
        weighted = inverse[..., None] * y
        pull = inverse[..., None] * (cosines @ weighted - shared[..., None] * weighted)
        bound = LEAST_SHARE**2 * self.xp.mean(left, axis=-1) + 1e4 * self.eps
        gradient = -2 * tangent(basis, self.x.mT @ pull)
        return self.xp.sum(shared, axis=-1) / 2, gradient, self.xp.min(left, axis=-1) / bound

    def residuals(self, basis) -> list[float]:
        cosines = self.xp.abs(self.remainders(basis)[3])
        pairs = self.unit.shape[0] * (self.unit.shape[0] - 1)
        sums = self.xp.sum(cosines, axis=(-2, -1)) - self.xp.sum(self.xp.linalg.diagonal(cosines), axis=-1)
        return [float(sums[i]) / pairs for i in range(sums.shape[0])]

    def starts(self, before, k, n, rng):
        """Starts of rank k, (B, r, k): the best before with the direction of steepest descent, or a random one; random ones."""
        xp = self.xp
        # Drawn over centres: the signs of coordinates belong to whoever computed them.
        draws = self.x.mT @ self.array(rng.standard_normal((2 * n if before else n + 2, self.x.shape[0], k)))
        warm = list(dict.fromkeys([0, min(range(len(before)), key=lambda i: before[i].value)])) if before else []
        bases = [before[i].basis for i in warm] or [self.x[:0, :].mT]
        starts = [xp.concat([basis, self.steepest(basis)], axis=1) for basis in bases]
        used = n if before else 0
        starts += [xp.concat([bases[0], draws[i, :, :1]], axis=1) for i in range(used)]
        starts += [draws[i, ...] for i in range(used, draws.shape[0])]
        return orthonormal(xp, xp.stack(starts))

    def steepest(self, basis):
        """The direction, (r, 1), along which adding to the basis lowers f fastest."""
        _, _, inverse, cosines = self.remainders(basis)
        rest = self.x - (self.x @ basis) @ basis.mT
        weighted = inverse[:, None] * rest
        shared = self.xp.sum(cosines * cosines, axis=-1)
        falls = weighted.mT @ (cosines @ weighted - shared[:, None] * weighted)
        return self.xp.linalg.eigh(falls)[1][:, -1:]

    def metric(self, basis):
        """Inverse factors, (B, r, r) and (B, K, K), of the Gauss-Newton curvature without its cross term."""
        y, _, inverse, _ = self.remainders(basis)
        return [self.damped(inverse[..., None] * factor, share) for factor, share in ((self.x, 0.1), (y, 0.01))]

    def damped(self, factor, share):
        square = factor.mT @ factor
        scale = share * self.xp.mean(self.xp.linalg.diagonal(square), axis=-1)
        return self.xp.linalg.inv(square + scale[:, None, None] * self.array(np.eye(square.shape[-1])))


def remaining_cosines(unit, rounding):
    """The objective in coordinates without null directions, and those coordinates' coefficients on the unit centres, (P, r).

    :param unit: cosines, (P, P). :param rounding: of each.
    """
    xp = array_namespace(unit)
    values, vectors = xp.linalg.eigh(unit)
    rounding = unit.shape[0] * max(rounding, float(xp.finfo(unit.dtype).eps) * float(values[-1]))
    if float(values[0]) < -1e3 * rounding:
        raise ValueError(
            f"gram must be positive semidefinite; with centres of norm 1 its least eigenvalue is {float(values[0])}"
        )
    rank = int(xp.count_nonzero(values > rounding))
    scales = xp.sqrt(values[-rank:])
    return RemainingCosines(xp, unit, vectors[:, -rank:] * scales), vectors[:, -rank:] / scales
