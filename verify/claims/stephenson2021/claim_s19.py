"""S-19: near initialization the gradient of permuted examples averages out, and that of unpermuted examples does not.

Stephenson et al. 2021, section 4.4 and appendix. The label-independent part of the gradient is the same for both groups. The
label-dependent part of permuted examples cancels the label-independent part, except for sampling noise.
"""

import numpy as np

from empirical.evidence.names import NETWORK
from theory.learning import permuted_gradient
from verify import Relation, both, claim, dominates, matches, negligible
from verify.counterfeits import scaled
from verify.measurements.runs import Runs

GROUP = "permuted_all"
NEEDS = ("gradient_norm", "permuted_gradient_variance", "jacobian_scatter", "jacobian_mean_gram", "label_count")
ANY_NETWORK = ("gradient_norm", "cotangent_variance", "mean_permuted_gradient")
SMALL = (*ANY_NETWORK, "label_independent_distance")


@claim("S-19.moments", needs=NEEDS, counterfeit=scaled("jacobian_scatter", GROUP, 1.5))
def claim_exact_moments_predict_the_permuted_gradient(runs: Runs) -> Relation:
    """S-19.moments: with zero logits, the permutation identity gives the exact moments of the permuted gradient.

    Stephenson et al. 2021, section 4.4 and appendix, sharpened to an identity (theory.learning.permuted_gradient). It gives the
    total variance over label permutations, (1/(n-1)) sum ||Jc^T ec||^2 / n^2, and the second moment of the gradient, of which
    the network's own permutation is one draw. Autograd measures the gradients, over fresh permutations and for the trained
    permutation. The claim tests the theory alone, without the comparison of the two groups in S-19.zero.
    """
    permuted = runs.gradient_norm(GROUP, 0, "zero_logits")
    return both(
        matches(predicted_variance(runs), runs.initial("permuted_gradient_variance", GROUP), effect=0.05),
        matches(predicted_second_moment(runs), permuted**2, effect=0.05),
    )


@claim("S-19.layers", needs=(*NEEDS[1:], "permuted_gradient_second_moment"), counterfeit=scaled("jacobian_scatter", GROUP, 1.5))
def claim_exact_moments_predict_the_permuted_gradient_of_every_layer(runs: Runs) -> Relation:
    """S-19.layers: the permutation identity predicts the permuted gradient of every layer.

    Stephenson et al. 2021, section 4.4 and appendix. An identity for all parameters is also an identity for the parameters of
    each hidden layer, and of the readout. The claim tests variance and second moment at zero logits, both over fresh
    permutations.
    """
    layers = (*runs.layers, runs.readout)
    measured = (
        runs.layerwise(f"permuted_gradient_{moment}", GROUP, 0, "", layers).T for moment in ("variance", "second_moment")
    )
    predicted = ([moment(runs, layer) for layer in layers] for moment in (predicted_variance, predicted_second_moment))
    return both(
        *(
            matches(*pair, effect=0.1)
            for moments in zip(predicted, measured, strict=True)
            for pair in zip(*moments, strict=True)
        )
    )


@claim(
    "S-19.zero",
    needs=(*SMALL, "permuted_gradient_variance"),
    counterfeit=scaled("cotangent_variance", GROUP, 1.5),
)
def claim_permuted_gradient_averages_out_at_zero_logits(runs: Runs) -> Relation:
    """S-19.zero: with zero logits, the permuted gradient has its exact moments and is smaller than the unpermuted gradient.

    Stephenson et al. 2021, section 4.4 and appendix, where the theory is exact: the network's own initial output is subtracted,
    f(x; theta) - f(x; theta_0), so that every probability is 1/C. The theory (theory.learning.permuted_gradient) predicts two
    moments over label permutations. The variance is (1/(n-1)) sum ||Jc^T ec||^2 / n^2; random cotangents that are pulled back
    through the group measure it. The mean square follows from the imbalance of the labels alone. Autograd measures the
    gradients.
    """
    return both(
        matches(pulled_back(runs), runs.initial("permuted_gradient_variance", GROUP), effect=0.1),
        *permuted_gradient_is_predicted_and_small(runs, "zero_logits"),
    )


@claim("S-19.standard", needs=SMALL, counterfeit=scaled("gradient_norm", GROUP, 1.5))
def claim_permuted_gradient_averages_out_at_standard_initialization(runs: Runs) -> Relation:
    """S-19.standard: at the standard initialization, the zero-logit theory still predicts the permuted gradient.

    Stephenson et al. 2021, section 4.4 and appendix, which assume probabilities near 1/C. The statements are those of
    S-19.zero, on the network as it is initialized, whose logits are not zero.
    """
    return both(*permuted_gradient_is_predicted_and_small(runs, "standard"))


@claim(
    "S-19.exact",
    needs=(*ANY_NETWORK, "permuted_gradient_variance"),
    counterfeit=scaled("cotangent_variance", GROUP, 1.5),
)
def claim_exact_moments_hold_at_any_probabilities(runs: Runs) -> Relation:
    """S-19.exact: at any output probabilities, one mean gradient and random cotangents predict the permuted gradient.

    Beyond Stephenson et al. 2021, section 4.4: E||g||^2 = ||mean_mu J_mu^T (p_mu - m)||^2 + variance, where m are the shares of
    labels (theory.learning.permuted_gradient). The claim uses the standard initialization, whose probabilities are not 1/C. It
    tests the second moment of all parameters, of which the network's own permutation is one draw, and the variance of every
    layer over fresh permutations.
    """
    second = runs.initial("mean_permuted_gradient", GROUP, "standard") ** 2 + pulled_back(runs)
    measured = runs.layerwise("permuted_gradient_variance", GROUP, 0, "", (*runs.layers, runs.readout)).T
    return both(
        matches(second, runs.gradient_norm(GROUP, 0, "standard") ** 2, effect=0.1),
        *(
            matches(pulled_back(runs, layer), variance, effect=0.1)
            for layer, variance in zip((*runs.layers, runs.readout), measured, strict=True)
        ),
    )


def permuted_gradient_is_predicted_and_small(runs: Runs, choice: str) -> tuple[Relation, Relation, Relation]:
    """The relations that the permuted gradient is predicted, is smaller, and shares its label-independent part."""
    permuted, unpermuted = (runs.gradient_norm(group, 0, choice) for group in (GROUP, "unpermuted"))
    predicted = runs.initial("mean_permuted_gradient", GROUP, "zero_logits") ** 2 + pulled_back(runs)
    return (
        matches(predicted, permuted**2, effect=0.1),
        dominates(np.log(unpermuted), np.log(permuted), effect=0.1, unit="log ratio"),
        negligible(runs.initial("label_independent_distance", f"unpermuted+{GROUP}", choice), effect=0.1, unit="relative"),
    )


def pulled_back(runs: Runs, layer: str = NETWORK) -> np.ndarray:
    """The variance over permutations, measured by random cotangents, (networks,)."""
    return runs.initial("cotangent_variance", GROUP, layer=layer)


def predicted_variance(runs: Runs, layer: str = NETWORK) -> np.ndarray:
    """The variance over permutations that the permutation identity gives, (networks,)."""
    counts, scatter = label_counts(runs), class_matrix(runs, "jacobian_scatter", layer)
    return np.array([permuted_gradient.permuted_gradient_variance(s, c) for s, c in zip(scatter, counts, strict=True)])


def predicted_second_moment(runs: Runs, layer: str = NETWORK) -> np.ndarray:
    """The second moment over permutations that the permutation identity gives, (networks,)."""
    counts, gram = label_counts(runs), class_matrix(runs, "jacobian_mean_gram", layer)
    mean_square = [permuted_gradient.permuted_gradient_mean_square(g, c) for g, c in zip(gram, counts, strict=True)]
    return np.array(mean_square) + predicted_variance(runs, layer)


def label_counts(runs: Runs) -> np.ndarray:
    """The number of examples of each trained label in the group, (networks, C)."""
    return np.stack([runs.initial("label_count", GROUP, str(label)) for label in range(runs.n_classes)], axis=1)


def class_matrix(runs: Runs, quantity: str, layer: str) -> np.ndarray:
    """A symmetric matrix over classes, (networks, C, C)."""
    rows, columns = np.triu_indices(runs.n_classes)
    upper = [runs.initial(quantity, GROUP, f"{i}-{j}", layer) for i, j in zip(rows, columns, strict=True)]
    matrix = np.empty((len(upper[0]), runs.n_classes, runs.n_classes))
    matrix[:, rows, columns] = matrix[:, columns, rows] = np.stack(upper, axis=1)
    return matrix
