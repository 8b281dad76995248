"""The figure and the table of how linear layers are and where they memorize: python -m verify.figures.linearity FOLDER.

It trains what it shows, a dozen networks of each kind from one root seed: those of Q-09 to Q-11, and networks of which only
the first layer, or only the later layers, are linear.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from empirical.storage import make_folder, write_atomic
from verify.figures.style import BAND, COLORS, GREY, LOOK, MARKERS, MUTED, band, legend_above, sheet, svg
from verify.strategies.fitted_digits import DEPTH, LINEAR, RANDOM_FEATURES, RELU, FittedDigits

NETWORKS, SEED = 12, 0
# The fraction of permuted labels, or None before training.
TIMES = {"before training": None, "true labels": 0.0, "half permuted": 0.5, "all permuted": 1.0}
# Colour and marker of each.
OF_TIMES = dict(
    zip(TIMES, [(GREY, "D"), *((COLORS[g], MARKERS[g]) for g in ("unpermuted", "restored", "permuted"))], strict=True)
)
KINDS = {
    "all ReLU": RELU,
    "first linear, rest ReLU": ("linear", *RELU[1:]),
    "first ReLU, rest linear": ("relu", *LINEAR[1:]),
    "all linear": LINEAR,
}
OF_KINDS = dict(zip(KINDS, zip(MUTED[:4], "os^D", strict=True), strict=True))
Values = dict[str, np.ndarray]  # (networks, layers)


def measured(n: int = NETWORKS, seed: int = SEED) -> dict[str, Values]:
    """What the figure and the table show, by quantity and kind of network, (networks, layers) each."""
    seeds = FittedDigits.drawn(n, np.random.default_rng([seed, 9]), 0.0).seeds
    found: dict[str, Values] = {"R^2": {}, "second difference": {}, "CKA": {}, "log gain": {}}
    for words, fraction in TIMES.items():
        networks = FittedDigits(seeds, fraction or 0.0)
        layers = networks.started if fraction is None else networks.trained
        found["R^2"][words] = networks.r2_from_input(layers)
        found["second difference"][words] = networks.second_differences(layers)
        found["CKA"][words] = networks.cka_with_input(layers)
        if fraction == 0.5:
            found["log gain"]["all ReLU, from pixels"] = networks.log_gains(layers)
    for words, activations in KINDS.items():
        networks = FittedDigits(seeds, 0.5, activations, RANDOM_FEATURES)
        found["log gain"][words] = networks.log_gains(networks.trained)
    return found


def fitted_from_pixels(n: int = NETWORKS, seed: int = SEED) -> np.ndarray:
    """The share of half-permuted labels that linear networks on pixels fit, which have no room for them, (networks,)."""
    from empirical.toy_models.fitted_networks import NotFitted

    networks = FittedDigits(FittedDigits.drawn(n, np.random.default_rng([seed, 9]), 0.0).seeds, 0.5, LINEAR)
    try:
        layers = networks.trained
    except NotFitted as error:
        return error.shares
    return networks.shape.fitted_shares(layers, networks.inputs, np.stack([one.trained for one in networks.labels]))


def linearity(found: dict[str, Values]) -> Figure:
    """A figure of how linear the layers of perceptrons are, and of the layers in which networks on one input memorize."""
    figure = sheet(
        11, 4.4, "digits: how linear layers are, and where labels are held", f"{BAND}; hidden layers, from the first"
    )
    axes = figure.subplots(1, 3)
    for ax, quantity, label in zip(
        axes,
        ("R^2", "second difference", "log gain"),
        ("R² of the best affine map from pixels", "second difference in own input", "log gain in capacity, permuted labels"),
        strict=True,
    ):
        _over_layers(ax, found[quantity], OF_KINDS if quantity == "log gain" else OF_TIMES)
        ax.set_ylabel(label)
    axes[0].set_title("linear in the pixels")
    axes[1].set_title("the layer's own bend (linear: 0)")
    axes[2].set_title("one input, 800 random features")
    axes[2].axhline(0, color=GREY, linestyle=":")
    legend_above(figure, *axes)
    return figure


def _over_layers(ax: Axes, values: Values, looks: Mapping[str, tuple[str, str]]) -> None:
    for words, (color, marker) in looks.items():
        band(ax, range(1, DEPTH + 1), values[words], color, words, marker=marker, markersize=4)
    ax.set_xticks(range(1, DEPTH + 1))
    ax.set_xlabel("hidden layer")


def table(found: dict[str, Values]) -> str:
    """The means over networks with their standard errors, a row for each quantity and kind of network."""
    rows = [["quantity", "networks", "n", *(f"layer {layer}" for layer in range(1, DEPTH + 1))]]
    rows.append(["---"] * len(rows[0]))
    for quantity, kinds in found.items():
        for words, values in kinds.items():
            errors = values.std(0, ddof=1) / np.sqrt(len(values))
            cells = [f"{mean:.2f} ({error:.2f})" for mean, error in zip(values.mean(0), errors, strict=True)]
            rows.append([quantity, words, str(len(values)), *cells])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main(arguments: Sequence[str]) -> None:
    """Write the figure into the folder that is named, and print the table."""
    found = measured()
    with rc_context(LOOK):
        write_atomic(make_folder(Path(arguments[0])) / "digits-linearity.svg", svg(linearity(found)))
    shares = fitted_from_pixels()
    error = shares.std(ddof=1) / np.sqrt(len(shares))
    sys.stdout.write(
        f"{table(found)}\n\nLinear networks on the pixels fit {shares.mean():.3f} (se {error:.3f}) of their labels.\n"
    )


if __name__ == "__main__":
    main(sys.argv[1:] or ["docs/figures"])
