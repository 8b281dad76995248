"""What a run may measure besides accuracies: each instrument by name, and the quantities that it writes.

What an instrument does is in :mod:`empirical.instruments.registry`; its name and quantities are known here before anything is
made, and without torch.
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
MANIFOLDS = (
    *GEOMETRY,
    *(f"corrected_{quantity}" for quantity in GEOMETRY),
    *("center_correlation", "center_rank", "manifold_points", "kkt_residual"),
)

INSTRUMENTS = {
    "geometry": MANIFOLDS,
    "final_geometry": MANIFOLDS,
    "simulation": ("simulated_capacity",),
    "gradients": (*INITIAL, "minibatch_alignment"),
    "jacobians": ("jacobian_scatter", "jacobian_mean_gram"),
    "rewinding": ("rewound_accuracy",),
    "probes": ("probe_accuracy",),
    "compression": ("compression", "discrimination"),
    "choices": GEOMETRY,
    "blocks": tuple(f"block_{quantity}" for quantity in (*GEOMETRY, "center_correlation")),
}
