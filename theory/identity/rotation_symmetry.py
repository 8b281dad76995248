"""What the symmetry of fully connected networks says about their outputs, exactly, at any width, depth and training time.

Assumptions. The output is f(x) = V h(x) (+ b), with hidden layers h of any kind. The last layer V starts with a law that
does not change when its outputs are rotated, V -> QV: independent Gaussian entries, zero, or a random orthogonal matrix. V
is independent of the hidden layers, and an output bias starts at 0 or as an isotropic Gaussian vector. The loss is a
function of ||f(x_i) - y_i||, and the optimizer commutes with rotations: gradient descent, with or without minibatches,
momentum, weight decay and a limit on the norm of the gradient, stopped at any time.

Derivation. Let Q be an orthogonal matrix with Q y_i = y_i for all targets. Replace V by QV. The residuals become Q (f(x_i)
- y_i), so the loss and the gradients of h are as before, and the gradient of V is multiplied by Q. By induction over steps
the trained output is Q f(x). Both starts are equally likely, so f(x) and Q f(x) have one law, jointly for all x. Let P be
the projector on the r dimensions that the targets span, and u = f/|f|. Given Pu, the direction of (1 - P) u is uniform
among the D - r others. Therefore, for any vector a,

    E[a . u | Pu] = a . Pu,        E[(a . u - a . Pu)^2 | Pu] = |(1 - P) a|^2 (1 - |Pu|^2) / (D - r).

With one training image x^ and a test image at cosine rho from it, this is E cos(f, x) = rho E cos(f, x^), at any depth, and
the mean square deviation is (1 - rho^2) E[1 - cos^2(f, x^)] / (D - 1). With several images, the parts of test images
outside their span are not reproduced on average. The symmetry is new here; Zhang et al. 2020 have the case of one layer,
theorem 1.

If the first of several layers is Gaussian as well, inputs may be rotated about x^ too: then the law of cos(f(x), x^)
depends on x through rho and |x|/|x^| only.

The symmetry fails for optimizers that treat weights one by one (Adam, sign descent), for entries that are not Gaussian
(uniform ones become invariant as the width grows), for a skip connection from the input to the output, and for a
convolutional last layer.
"""

import numpy as np
from numpy.typing import ArrayLike

from theory.identity.identity_maps import outside, span_basis
from theory.numerics.validation import require, require_finite

Targets = ArrayLike  # (D,) or (n, D)
Images = ArrayLike  # (..., D)
TargetCosines = ArrayLike  # (..., n)


def cosine_within_span(target_cosines: TargetCosines, targets: Targets, images: Images) -> np.ndarray:
    """The mean of cos(f, x) given the cosines of the output f with all targets: cos(Pf, x) |Pf|/|f|, (...).

    The mean over networks of cos(f, x) minus this number is 0.

    :param target_cosines: cos(f, y_i) of each output, (..., n). :param targets: y_i, (D,) or (n, D).
    :param images: x, (..., D); with the shape of the cosines it broadcasts in all axes but the last.
    """
    targets, images, part = _checked(target_cosines, targets, images)
    return (part * images).sum(-1) / np.linalg.norm(images, axis=-1)


def mean_square_outside_span(target_cosines: TargetCosines, targets: Targets, images: Images) -> np.ndarray:
    """The mean square of cos(f, x) minus :func:`cosine_within_span`, given the cosines with all targets, (...).

    It is 0 where the targets span everything. The arguments are those of :func:`cosine_within_span`.
    """
    targets, images, part = _checked(target_cosines, targets, images)
    basis = span_basis(targets)
    n_free = images.shape[-1] - len(basis)
    if n_free == 0:
        return np.zeros(np.broadcast_shapes(images.shape[:-1], part.shape[:-1]))
    share = (outside(basis, images) ** 2).sum(-1) / (images**2).sum(-1)
    return share * np.maximum(1 - (part**2).sum(-1), 0.0) / n_free


def _checked(target_cosines, targets, images):
    """Targets and images as arrays, and Pu, (..., D), the vector in the span of the targets that has the cosines with them."""
    targets, images = np.atleast_2d(np.asarray(targets, dtype=float)), np.asarray(images, dtype=float)
    target_cosines = np.asarray(target_cosines, dtype=float)
    for name, array in (("target_cosines", target_cosines), ("targets", targets), ("images", images)):
        require_finite(name, array)
    require(
        images.shape[-1:] == targets.shape[1:], "images", images.shape, f"of the size of the targets, (..., {targets.shape[1]})"
    )
    sizes = np.linalg.norm(targets, axis=1)
    require(sizes > 0, "targets", targets, "different from 0")
    require(np.linalg.norm(images, axis=-1) > 0, "images", images, "different from 0")
    n = len(targets)
    require(
        target_cosines.shape[-1:] == (n,), "target_cosines", target_cosines.shape, f"of shape (..., {n}), one for each target"
    )
    require(abs(target_cosines) <= 1 + 1e-9, "target_cosines", target_cosines, "within -1..1")
    return targets, images, target_cosines @ np.linalg.pinv(targets / sizes[:, None]).T
