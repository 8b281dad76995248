"""Planted errors in the sensitivity of networks to their input, and the claim that detects each."""

from tests.verify.planted.planted_error import PlantedError
from tests.verify.planted.slips.slip import slip

SENSITIVITY = [
    PlantedError(
        "outputs-summed", "the derivative of the sum of the probabilities, which is 0, in place of that of each", "V-01",
        slip("empirical.toy_models.input_jacobians.jacobian_norms", "softmax(1) if", "softmax(1).sum(1, keepdim=True) if"),
    ),
    PlantedError(
        "before-training", "the sensitivity of networks before training in place of that after it", "V-01.training",
        slip("verify.claims.novak2018.claim_v01.more_sensitive", "one.trained", "one.started"),
    ),
    PlantedError(
        "logits-in-their-own-size", "the derivative of the logits not divided by their spread", "V-01.logits",
        slip("verify.strategies.fitted_digits.FittedDigits.log_sensitivities", "if relative else", "if False else"),
    ),
]  # fmt: skip
