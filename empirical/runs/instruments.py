"""The instruments of a run: the name of each, and the quantities that it measures. Accuracies need no instrument.

:mod:`empirical.instruments.registry` says what each instrument does. The names are here, so that they are known before
anything is measured, and where torch is not installed.
"""

# Of every training, whatever its instruments.
ALWAYS = ("accuracy", "coincidence_share", "weight_norm", "distance_from_initialization")
GEOMETRY = ("capacity", "radius", "dimension")
GRADIENTS = ("gradient_norm", "gradient_norm_label_independent", "gradient_norm_label_dependent")
COSINES = ("gradient_cosine", "gradient_cosine_label_independent", "gradient_cosine_label_dependent")
PERMUTATIONS = (
    *("permuted_gradient_variance", "permuted_gradient_second_moment", "cotangent_variance", "mean_permuted_gradient"),
    "label_count",
)
INITIAL = (*GRADIENTS, *COSINES, "label_independent_distance", *PERMUTATIONS)
CAVITY_MANIFOLDS = (
    *GEOMETRY,
    *(f"cavity_{quantity}" for quantity in GEOMETRY),
    *("center_correlation", "cavity_held", "manifold_points", "kkt_residual"),
)
MANIFOLDS = (
    *CAVITY_MANIFOLDS,
    *(f"{method}_{quantity}" for method in ("corrected", "joint") for quantity in GEOMETRY),
    *("center_rank", "separable_share"),
)
# The instruments that train small networks of their own, on equally many real images of each class.
SMALL_NETWORKS = ("first_epochs", "loss_sensitivity")

INSTRUMENTS = {
    "geometry": MANIFOLDS,
    "final_geometry": MANIFOLDS,
    "cavity_geometry": CAVITY_MANIFOLDS,
    "minima": (*(f"corrected_{quantity}" for quantity in GEOMETRY), "center_rank"),
    "simulation": ("simulated_capacity",),
    "gradients": (*INITIAL, "minibatch_alignment"),
    "jacobians": ("jacobian_scatter", "jacobian_mean_gram"),
    "rewinding": ("rewound_accuracy",),
    "probes": ("probe_accuracy",),
    "compression": ("compression", "discrimination"),
    "choices": GEOMETRY,
    "critical_samples": ("critical_sample_ratio", "top_class_share"),
    "blocks": tuple(f"block_{quantity}" for quantity in (*GEOMETRY, "center_correlation")),
    "losses": ("loss",),
    "first_epochs": (
        *("misclassification_rate", "misclassification_dispersion", "misclassification_index", "misclassification_quantile"),
        *("misclassification_class_rate", "misclassification_class_swing", "trainings", "images_per_class"),
    ),
    "label_errors": ("label_error_precision", "false_discovery_share", "label_errors_found", "least_loss_epoch"),
    "loss_sensitivity": ("sensitivity_gini", "sensitivity_ratio", "class_sensitivity", "sensitivity_accuracy"),
}
