"""The unit and the instrument of each measured quantity. A quantity whose instrument changes gets a new name."""

_AUTOGRAD = "autograd, mean cross-entropy of the group; per layer, and all parameters as layer network"


_MANIFOLDS = "replica theory (Chung et al. 2018), margin 0, global mean subtracted, no correction of centres; se over probes"


_CORRECTED = "replica theory after the directions that centres share are removed (Cohen et al. 2020, K = auto); se over probes"


_CAVITY = "replica theory, each manifold in what the active points of the others leave of it (cavity method); se over draws"


_JOINT = "joint anchors (GLUE, Chou et al. 2025), global mean subtracted, all dichotomies separable; se over dichotomies"


_BLOCK = "before and after a ReLU or a max-pooling of the layer, test images"


_GRADIENT = {"unit": "loss per parameter unit", "instrument": _AUTOGRAD}


_INDEPENDENT = {"unit": "loss per parameter unit", "instrument": f"{_AUTOGRAD}: J^T p"}


_DEPENDENT = {"unit": "loss per parameter unit", "instrument": f"{_AUTOGRAD}: J^T e_label"}


_PERMUTED = f"{_AUTOGRAD}; fresh label permutations, zero logits"


_COUNTS = "100 trainings of a 64-64 ReLU network for one epoch, counted on the training images; se over trainings, jackknife"


_SENSITIVITY = "l1 norm of dL_t/dx through the unrolled SGD of a 16-16 ReLU network, from the end of the first epoch on"


_SAMPLES = "mean over 40 verified samples of 150; se over samples"


_WATCHED = "30 % of the training labels made wrong, a tenth held out; the run's network trained anew on them and watched"


_COSINE = "cosine of the two groups' gradients"


QUANTITIES = {
    "accuracy": {"unit": "share of images", "instrument": "argmax, evaluation mode; se binomial over images"},
    "loss": {"unit": "nats", "instrument": "mean cross-entropy of the group's images, evaluation mode; se over images"},
    "rewound_accuracy": {
        "unit": "share of images",
        "instrument": "accuracy of the last network with the layer (single), or it and all later (suffix) or earlier ones "
        "(prefix), as at the row's epoch, BatchNorm statistics with their layer",
    },
    "coincidence_share": {"unit": "share of permuted labels", "instrument": "count"},
    "capacity": {"unit": "manifolds per feature", "instrument": _MANIFOLDS},
    "radius": {"unit": "centre norms", "instrument": f"{_MANIFOLDS}; anchors about their mean"},
    "dimension": {"unit": "dimensions", "instrument": f"{_MANIFOLDS}; E[(t . s^)^2]"},
    "corrected_capacity": {"unit": "manifolds per feature", "instrument": _CORRECTED},
    "corrected_radius": {"unit": "centre norms", "instrument": f"{_CORRECTED}; anchors about their mean"},
    "corrected_dimension": {"unit": "dimensions", "instrument": f"{_CORRECTED}; E[(t . s^)^2]"},
    "cavity_capacity": {"unit": "manifolds per feature", "instrument": _CAVITY},
    "cavity_radius": {"unit": "centre norms", "instrument": f"{_CAVITY}; anchors about their mean"},
    "cavity_dimension": {"unit": "dimensions", "instrument": f"{_CAVITY}; E[(t . s^)^2]"},
    "cavity_held": {"unit": "share of manifolds", "instrument": "those whose active points the cavity method projected out"},
    "joint_capacity": {"unit": "manifolds per feature", "instrument": _JOINT},
    "joint_radius": {"unit": "centre parts", "instrument": f"{_JOINT}; R_eff"},
    "joint_dimension": {"unit": "dimensions", "instrument": f"{_JOINT}; D_eff"},
    "separable_share": {"unit": "share of dichotomies", "instrument": "random dichotomies that all features separate"},
    "center_correlation": {
        "unit": "cosine",
        "instrument": "mean absolute cosine over pairs of centres, global mean subtracted",
    },
    "center_rank": {"unit": "directions", "instrument": "removed from all centres by the corrected quantities"},
    "simulated_capacity": {
        "unit": "manifolds per feature",
        "instrument": "random dichotomies in nested Gaussian projections, P / (mean n* - 1/2); global mean subtracted; se over "
        "dichotomies",
    },
    "manifold_points": {"unit": "points", "instrument": "count, M of every manifold"},
    "kkt_residual": {"unit": "relative", "instrument": "worst violation of the optimality conditions over layers and groups"},
    "gradient_norm": _GRADIENT,
    "gradient_norm_label_independent": _INDEPENDENT,
    "gradient_norm_label_dependent": _DEPENDENT,
    "gradient_cosine": {"unit": "cosine", "instrument": f"{_COSINE}; {_AUTOGRAD}"},
    "gradient_cosine_label_independent": {"unit": "cosine", "instrument": f"{_COSINE}: J^T p"},
    "gradient_cosine_label_dependent": {"unit": "cosine", "instrument": f"{_COSINE}: J^T e_label"},
    "label_independent_distance": {"unit": "relative to the unpermuted group's part", "instrument": _AUTOGRAD},
    "minibatch_alignment": {
        "unit": "cosine",
        "instrument": "mean over pairs of minibatch gradients of one group; jackknife se",
    },
    "weight_norm": {"unit": "parameter units", "instrument": "norm over the layer's parameters; n is their number"},
    "distance_from_initialization": {
        "unit": "parameter units",
        "instrument": "norm of the layer's parameters less those it started from; n is their number",
    },
    "probe_accuracy": {
        "unit": "share of images",
        "instrument": "ridge classifier on the layer's standardized features, at most 512, averaged over patches; permuted and "
        "restored: cross-validated over permuted images; test: of training images and their trained labels; se binomial",
    },
    "critical_sample_ratio": {
        "unit": "share of images",
        "instrument": "held-out images for which Langevin search (Arpit et al. 2017, algorithm 1; 15 steps) finds another "
        "class within the radius, each certified by its adversarial example; se binomial",
    },
    "top_class_share": {"unit": "share of images", "instrument": "held-out images in the class predicted most; se binomial"},
    "compression": {"unit": "relative", "instrument": "tr Sigma_W / tr Sigma_B of the manifolds whose geometry is measured"},
    "discrimination": {"unit": "cosine", "instrument": "1 - largest cosine of two class means, of the same manifolds"},
    "block_capacity": {"unit": "manifolds per feature", "instrument": f"{_BLOCK}; {_MANIFOLDS}"},
    "block_radius": {"unit": "centre norms", "instrument": f"{_BLOCK}; {_MANIFOLDS}"},
    "block_dimension": {"unit": "dimensions", "instrument": f"{_BLOCK}; {_MANIFOLDS}"},
    "block_center_correlation": {"unit": "cosine", "instrument": f"{_BLOCK}; as center_correlation"},
    "permuted_gradient_variance": {"unit": "squared gradient norm", "instrument": _PERMUTED},
    "permuted_gradient_second_moment": {"unit": "squared gradient norm", "instrument": _PERMUTED},
    "cotangent_variance": {
        "unit": "squared gradient norm",
        "instrument": "autograd; Gaussian cotangents of the label scatter pulled back through the group",
    },
    "mean_permuted_gradient": {"unit": "loss per parameter unit", "instrument": f"{_AUTOGRAD}, labelled by the label shares"},
    "label_count": {"unit": "examples", "instrument": "count"},
    "misclassification_rate": {"unit": "share of images", "instrument": _COUNTS},
    "misclassification_dispersion": {
        "unit": "relative to the mean under permutation",
        "instrument": f"{_COUNTS}; variance of counts within classes, over that of independent trainings",
    },
    "misclassification_index": {
        "unit": "relative to the Binomial law",
        "instrument": f"{_COUNTS}; variance of all counts over that of Binomial(100, mean rate)",
    },
    "misclassification_quantile": {"unit": "share of trainings", "instrument": f"{_COUNTS}; quantiles over images"},
    "misclassification_class_rate": {"unit": "share of images", "instrument": f"{_COUNTS}; images of one class"},
    "misclassification_class_swing": {
        "unit": "squared share of images",
        "instrument": f"{_COUNTS}; variance over trainings of the rate of one class",
    },
    "trainings": {"unit": "trainings", "instrument": "count"},
    "images_per_class": {"unit": "images", "instrument": "count"},
    "sensitivity_gini": {
        "unit": "Gini coefficient",
        "instrument": f"{_SENSITIVITY}; averaged over every tenth step, up to the epoch; se over images",
    },
    "sensitivity_ratio": {
        "unit": "relative",
        "instrument": f"{_SENSITIVITY}; losses of single classes, other classes over the same class; se over images",
    },
    "class_sensitivity": {
        "unit": "loss per pixel range",
        "instrument": f"{_SENSITIVITY}; loss of class i, images of class j, as choice i-j; se over images",
    },
    "sensitivity_accuracy": {
        "unit": "share of images",
        "instrument": "argmax of the 16-16 network on its training images; se binomial over images",
    },
    "label_error_precision": {
        "unit": "average precision",
        "instrument": f"{_WATCHED}; wrong labels among all by rank of the score, averaged to twice the epoch of least held-out "
        "loss unless the choice says otherwise; se over examples, jackknife",
    },
    "false_discovery_share": {
        "unit": "share of reported labels",
        "instrument": f"{_WATCHED}; right labels among those with q <= 0.1, {_SAMPLES}",
    },
    "label_errors_found": {
        "unit": "share of wrong labels",
        "instrument": f"{_WATCHED}; wrong labels with q <= 0.1 among those not verified, {_SAMPLES}",
    },
    "least_loss_epoch": {"unit": "epochs", "instrument": f"{_WATCHED}; epoch of least held-out loss under given labels"},
    "jacobian_scatter": {"unit": "squared logit per parameter unit", "instrument": "torch.func, per example, centred"},
    "jacobian_mean_gram": {"unit": "squared logit per parameter unit", "instrument": "torch.func, mean over the group"},
}
