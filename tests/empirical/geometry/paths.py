"""Options of few numbers, for each way in which a layer's inner products are summed."""

QUICK = {"n_points": None, "n_probes": 10, "correlations": 0, "resamples": 0, "joint_draws": 0, "baseline": False}
# By the file of :mod:`empirical.activations.products` that sums them: within classes, or of all points, which is the default.
PATHS = {"class_sums": QUICK, "point_products": QUICK | {"baseline": True}}
