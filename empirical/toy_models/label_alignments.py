"""How examples align with those of their label, and tasks with kernels, and how well a score ranks right examples."""

import numpy as np
from scipy.stats import rankdata

Kernel = np.ndarray  # (n, n)
Labellings = np.ndarray  # (k, n), whole numbers
Scores = np.ndarray  # (k, n)


def centred(kernel: Kernel) -> Kernel:
    """The kernel of features without their mean over the examples."""
    rows = kernel - kernel.mean(axis=1, keepdims=True)
    return rows - rows.mean(axis=0)


def without_themselves(kernel: Kernel) -> Kernel:
    """The kernel with 0 for every example with itself."""
    return kernel - np.diag(np.diag(kernel))


def alignments(kernel: Kernel, labellings: Labellings, n_classes: int) -> Scores:
    """The sum over examples of K_ij (1 - 1/C) for equal labels and -K_ij / C for others, divided by n, for each labelling."""
    residuals = np.eye(n_classes)[labellings] - 1 / n_classes
    toward = np.einsum("ij,kjc->kic", kernel, residuals, optimize=True)
    return own_outputs(toward, labellings) / len(kernel)


def target_alignments(kernels: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """y^T K y / (||y||^2 ||K||), with the Frobenius norm, of every target with the kernel of its row, (k, targets).

    :param kernels: (k, n, n). :param targets: (k, n, targets), not 0.
    """
    along = np.einsum("kit,kij,kjt->kt", targets, kernels, targets, optimize=True)
    return along / ((targets**2).sum(1) * np.linalg.norm(kernels, axis=(1, 2))[:, None])


def own_outputs(outputs: np.ndarray, labellings: Labellings) -> Scores:
    """The output of each example's label, of outputs (k, n, C)."""
    return np.take_along_axis(outputs, labellings[..., None], axis=2)[..., 0]


def area(scores: Scores, right: np.ndarray) -> np.ndarray:
    """The share of pairs of a right and a wrong example in which the right one scores higher, (k,); equal scores count half.

    :param right: bool, (k, n), with both kinds in every row.
    """
    n_right = right.sum(axis=1)
    if not np.all((n_right > 0) & (n_right < right.shape[1])):
        raise ValueError("right must have right and wrong examples in every row; a row has one kind only: permute more labels")
    ranks = np.where(right, rankdata(scores, axis=1), 0).sum(axis=1)
    return (ranks - n_right * (n_right + 1) / 2) / (n_right * (right.shape[1] - n_right))
