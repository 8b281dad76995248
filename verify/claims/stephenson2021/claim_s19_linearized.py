"""S-19.linearized: a linearized network follows the closed loss curves, and ignores permuted examples until the predicted step.

Stephenson et al. 2021, section 4.4, followed beyond the first step (theory.learning.early_learning): squared loss on one-hot
labels, weights that start at 0, and a kernel that depends only on whether two examples are one, of one class, or of two
classes. The claim trains linear models by autograd, with features that realize the drawn kernel.

For one permutation, the losses of unpermuted, permuted and restored examples follow the theory at every step; the theory knows
the learning rate and what that permutation did. Permuted examples are ignored until the predicted step. This is the last step
at which their loss, about the mean output, has fallen by no more than a drawn share of the fall of the unpermuted group's loss.
Over fresh permutations, the loss of a drawn group at a drawn time has the predicted mean.
"""

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from theory.kernels import exchangeable_kernels
from theory.kernels.exchangeable_kernels import Exchangeable, Rates
from theory.learning import early_learning
from verify import Relation, agrees, both, claim, given, matches, vanishes
from verify.counterfeits import planted

Labellings = np.ndarray  # (labellings, N)

GROUPS = ("unpermuted", "permuted", "restored")
# Of the slowest mode: by then permuted examples are being learnt whatever the share below.
TIME_CONSTANTS = 1.5
EFFECT = 0.02
# Of every loss; a permutation that moves no label lets one fall to where rounding is all of it.
START = 0.5


@dataclass(frozen=True)
class PermutedClasses:
    """C classes of n examples, some examples of each class permuted.

    between: covariance within classes minus that between them, in units of an example's own part.
    common: covariance between classes, in the same units.
    pace: learning rate in units of the largest that does not overshoot.
    share, group, moment: the share at which permuted examples count as ignored; the group and the time of the mean loss.
    """

    n_classes: int
    n_per_class: int
    n_permuted: int
    between: float
    common: float
    pace: float
    share: float
    group: str
    moment: float
    draw: int

    @property
    def kernel(self) -> Exchangeable:
        """The kernel of the examples."""
        return Exchangeable(1 + self.between + self.common, self.between + self.common, self.common)

    @property
    def mixture(self) -> tuple[int, float]:
        """The number of classes, and the share of permuted examples."""
        return self.n_classes, self.n_permuted / self.n_per_class

    @property
    def classes(self) -> np.ndarray:
        """The true class of every example, (N,)."""
        return np.repeat(np.arange(self.n_classes), self.n_per_class)

    @property
    def drawn(self) -> np.ndarray:
        """Which examples are permuted, (N,)."""
        return np.tile(np.arange(self.n_per_class) < self.n_permuted, self.n_classes)

    @property
    def features(self) -> np.ndarray:
        """A root of the kernel matrix, (N, N)."""
        values, vectors = np.linalg.eigh(self.kernel.matrix(self.classes))
        return vectors * np.sqrt(np.maximum(values, 0))

    @property
    def schedule(self) -> tuple[float, int]:
        """The learning rate and the number of steps."""
        values, n = np.linalg.eigvalsh(self.kernel.matrix(self.classes)), len(self.classes)
        learning_rate = self.pace * n / values[-1]
        return learning_rate, int(np.ceil(TIME_CONSTANTS * n / values[0] / learning_rate))

    @property
    def step(self) -> int:
        """The step at which the mean loss is measured."""
        return round(self.moment * self.schedule[1])

    def rates(self) -> Rates:
        """The learning rates of the modes under gradient descent."""
        flow = exchangeable_kernels.rates(self.kernel, self.n_per_class, self.n_classes)
        return flow.of_descent(self.schedule[0])

    def labellings(self, n: int, rng: np.random.Generator) -> Labellings:
        """The labels after n independent permutations, (n, N)."""
        labels = np.tile(self.classes, (n, 1))
        labels[:, self.drawn] = rng.permuted(labels[:, self.drawn], axis=1)
        return labels


@st.composite
def permuted_classes(draw: st.DrawFn) -> PermutedClasses:
    """Classes from nearly independent examples to nearly identical ones."""
    n_classes, n_per_class = draw(st.integers(2, 4)), draw(st.integers(3, 10))
    between, common = draw(rounded(0.3, 3.0)), draw(rounded(0.0, 0.5))
    n_permuted, pace, share = draw(st.integers(1, n_per_class - 1)), draw(rounded(0.1, 0.9)), draw(rounded(0.05, 0.6))
    group, moment = draw(st.sampled_from(GROUPS)), draw(st.sampled_from([0.1, 0.3, 0.6]))
    return PermutedClasses(
        n_classes, n_per_class, n_permuted, between, common, pace, share, group, moment, draw(st.integers(0, 2**16))
    )


def rounded(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers from low to high, rounded so that a failure is readable."""
    return st.floats(low, high).map(lambda ratio: round(ratio, 2))


one_rate_for_all = planted(
    "theory.kernels.exchangeable_kernels.rates",
    lambda right: lambda *kernel: replace(right(*kernel), between=right(*kernel).within),
)


@claim("S-19.linearized", counterfeit=one_rate_for_all, package="torch")
@given(examples=15, problem=permuted_classes())
def claim_a_linearized_network_learns_on_the_closed_curves(problem: PermutedClasses) -> Relation:
    learning_rate, n_steps = problem.schedule
    labels = problem.labellings(1, np.random.default_rng(problem.draw))
    outputs = trained_outputs(problem, labels)[:, :, 0]
    rates = problem.rates()
    mixing = early_learning.realized_mixing(problem.classes[problem.drawn], labels[0, problem.drawn], problem.n_classes)
    curves = early_learning.losses(learning_rate * np.arange(n_steps + 1), rates, *problem.mixture, mixing)
    until = early_learning.ignored_until(rates, *problem.mixture, mixing, problem.share) / learning_rate
    expected = early_learning.losses(
        learning_rate * problem.step,
        rates,
        *problem.mixture,
        early_learning.expected_mixing(problem.n_per_class, *problem.mixture),
    )

    def differences(n: int, rng: np.random.Generator) -> np.ndarray:
        fresh = problem.labellings(n, rng)
        measured = group_loss(problem, trained_outputs(problem, fresh, [problem.step])[0], fresh, problem.group)
        return (measured - getattr(expected, problem.group)) / START

    return both(
        *(vanishes(group_loss(problem, outputs, labels[0], group) - getattr(curves, group), scale=START) for group in GROUPS),
        matches(1 + np.floor(until), 1 + last_ignored(problem, outputs, labels[0])),
        agrees(differences, EFFECT, unit="of the loss at first", counted="permutations"),
    )


def trained_outputs(problem: PermutedClasses, labellings: Labellings, keep: list[int] | None = None) -> np.ndarray:
    """The outputs of a model trained on each labelling, (steps kept, N, labellings, C)."""
    from empirical.toy_models import kernel_descent

    learning_rate, n_steps = problem.schedule
    targets = np.moveaxis(np.eye(problem.n_classes)[labellings], 0, 1).reshape(len(problem.classes), -1)
    last = n_steps if keep is None else max(keep)
    found = kernel_descent.descend(problem.features, targets, learning_rate, last, keep)
    return found.reshape(*found.shape[:2], len(labellings), problem.n_classes)


def group_loss(problem: PermutedClasses, outputs: np.ndarray, labels: np.ndarray, group: str) -> np.ndarray:
    """Half the mean squared distance of a group's outputs from its labels, for each step or labelling.

    :param outputs: (steps, N, C) for one labelling (N,), or (N, labellings, C) for several labellings (labellings, N).
    """
    outputs = outputs if labels.ndim == 1 else np.moveaxis(outputs, 1, 0)
    members = ~problem.drawn if group == "unpermuted" else problem.drawn
    targets = np.eye(problem.n_classes)[problem.classes if group == "restored" else labels]
    return ((outputs - targets) ** 2).sum(-1)[..., members].mean(-1) / 2


def last_ignored(problem: PermutedClasses, outputs: np.ndarray, labels: np.ndarray) -> int:
    """The last step at which the loss of permuted examples has fallen by no more than the share, without the mean output."""
    centred = outputs - outputs.mean(1, keepdims=True) + 1 / problem.n_classes
    falls = []
    for group in ("permuted", "unpermuted"):
        loss = group_loss(problem, centred, labels, group)
        falls.append(loss[0] - loss)
    return int(np.flatnonzero(falls[0] <= problem.share * falls[1])[-1])
