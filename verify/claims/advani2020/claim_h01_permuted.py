"""H-01.permuted: permuted labels are learned like a weaker signal with noise, at every time of training.

Advani, Saxe & Sompolinsky 2020 study Gaussian noise; here a share of the labels is permuted, as in Stephenson et al. 2021. The
mean over permutations is (1 - a) y + a ybar, a = (m - 1)/(n - 1) for m of n permuted labels, and the covariance is exact too
(:func:`theory.kernels.label_noise.permutation_moments`). The learning curve is that of labels with this mean and covariance.
The labels are a teacher's outputs, or their signs. The claim measures by gradient descent on labels that are permuted afresh
each time, at an early, a middle and a late time. A step of 0.02 / lambda_max delays the curve by at most a hundredth, well
within the effect of a tenth.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from empirical.data import permuted_labels
from theory.kernels import label_noise
from theory.learning import linear_learning_curves
from verify import Relation, averages, both, claim, given
from verify.counterfeits import planted
from verify.strategies.linear_networks import NoisyLabels, draws


def twice_as_many(right: Callable) -> Callable:
    """Moments for twice as many permuted labels as there are."""
    return lambda labels, n_permuted: right(labels, min(len(labels), 2 * n_permuted))


EXAMPLES = st.builds(NoisyLabels, st.integers(20, 30), st.integers(4, 6), st.just(0.0), draws)
TIMES = (0.3, 1.5, 6.0)
STABLE = 0.02


@claim("H-01.permuted", counterfeit=planted("theory.kernels.label_noise.permutation_moments", twice_as_many), package="torch")
@given(examples=2, world=EXAMPLES, permuted_fraction=st.sampled_from([0.25, 0.5]), signs=st.booleans())
def claim_permuted_labels_are_noise(world: NoisyLabels, permuted_fraction: float, signs: bool) -> Relation:
    design, truth = world.design(), world.truth()
    labels = np.sign(design @ truth) if signs else design @ truth
    mean, covariance = label_noise.permutation_moments(labels, round(permuted_fraction * len(labels)))
    modes = linear_learning_curves.fixed_design(design, truth, covariance, labels=mean)
    step = STABLE / modes.eigenvalue.max()

    def errors(time: float):
        return lambda n, rng: world.final_errors(permutations(labels, permuted_fraction, n, rng), step, round(time / step))

    predicted = linear_learning_curves.test_error(modes, TIMES)
    return both(*(averages(p, errors(t), 0.1, counted="permutations") for t, p in zip(TIMES, predicted, strict=True)))


def permutations(labels: np.ndarray, fraction: float, n: int, rng: np.random.Generator) -> np.ndarray:
    """The labels after n independent permutations, (examples, n)."""
    places = np.arange(len(labels))
    return np.stack([labels[permuted_labels.permute(places, fraction, len(labels), rng).trained] for _ in range(n)], axis=1)
