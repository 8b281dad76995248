"""The regularizers of a training as one text, such as "dropout=0.3+adversarial=0.5"."""

from dataclasses import dataclass, fields
from difflib import get_close_matches

from empirical.errors import SpecError

NONE = "none"


@dataclass(frozen=True)
class Regularizers:
    """The strength of every regularizer of a training; 0 where it is not used.

    The regularizers are those of Arpit et al. 2017, figure 10. All of them act in training alone.

    dropout, input_dropout: share of the hidden units, and of the pixels, that are dropped, below 1.
    input_noise: standard deviation of the Gaussian noise added to pixels, in the units of the standardized images.
    hidden_noise: standard deviation of the Gaussian noise added to the outputs of every hidden layer.
    weight_decay: w in the term w/2 |theta|^2 of the loss, over all parameters theta.
    adversarial: weight of the loss on adversarial images, at most 1; the loss on the images themselves has the rest.
    """

    dropout: float = 0.0
    input_dropout: float = 0.0
    input_noise: float = 0.0
    hidden_noise: float = 0.0
    weight_decay: float = 0.0
    adversarial: float = 0.0


NAMES = tuple(field.name for field in fields(Regularizers))
# Where they are not strengths of any size: a share of 1 would leave nothing to train on.
ALLOWED = {
    "dropout": ("above 0 and below 1", lambda share: 0 < share < 1),
    "input_dropout": ("above 0 and below 1", lambda share: 0 < share < 1),
    "adversarial": ("above 0 and at most 1", lambda weight: 0 < weight <= 1),
}
POSITIVE = ("above 0 and finite", lambda strength: 0 < strength < float("inf"))


def parsed(text: str) -> Regularizers:
    """The regularizers that a text names: "none", or names with their strengths and "+" between them.

    :raises SpecError: a name is unknown or comes twice, or a strength is no number or out of range.
    """
    found: dict[str, float] = {}
    for part in [] if text == NONE else text.split("+"):
        name, _, strength = part.partition("=")
        _require_name(name, text)
        if name in found:
            raise SpecError(f"regularizers must name each one once; received {text!r}: leave one {name} out")
        found[name] = _strength(name, strength, text)
    return Regularizers(**found)


def _require_name(name: str, text: str) -> None:
    if name not in NAMES:
        near = get_close_matches(name, NAMES, n=1, cutoff=0)[0]
        raise SpecError(
            f'regularizers must be "none", or {", ".join(NAMES)} with their strengths, as in dropout=0.3+adversarial=0.5; '
            f"received {text!r}: did you mean {near!r} instead of {name!r}?"
        )


def _strength(name: str, written: str, text: str) -> float:
    allowed, holds = ALLOWED.get(name, POSITIVE)
    try:
        strength = float(written)
    except ValueError:
        strength = float("nan")
    if not holds(strength):
        raise SpecError(
            f"the strength of {name} must be {allowed}; received {written!r} in {text!r}: change it, or leave {name} out"
        )
    return strength
