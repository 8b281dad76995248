"""The measured quantities: unit and instrument. A change of instrument is a new quantity, never a silent change."""

_AUTOGRAD = "autograd, evaluation mode, mean cross-entropy of the group, all parameters"
QUANTITIES = {
    "accuracy": {"unit": "share of images", "instrument": "argmax, evaluation mode; se binomial over images"},
    "coincidence_share": {"unit": "share of permuted labels", "instrument": "count"},
    "gradient_norm": {"unit": "loss per parameter unit", "instrument": _AUTOGRAD},
    "gradient_norm_label_independent": {"unit": "loss per parameter unit", "instrument": f"{_AUTOGRAD}: J^T p"},
    "gradient_norm_label_dependent": {"unit": "loss per parameter unit", "instrument": f"{_AUTOGRAD}: J^T e_label"},
    "label_independent_distance": {"unit": "relative to the unpermuted group's part", "instrument": _AUTOGRAD},
    "permuted_gradient_variance": {"unit": "squared gradient norm", "instrument": f"{_AUTOGRAD}; fresh label permutations"},
    "label_count": {"unit": "examples", "instrument": "count"},
    "jacobian_scatter": {"unit": "squared logit per parameter unit", "instrument": "torch.func, per example, centred"},
    "jacobian_mean_gram": {"unit": "squared logit per parameter unit", "instrument": "torch.func, mean over the group"},
}
