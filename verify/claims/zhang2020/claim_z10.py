"""Z-10: deep convolutional networks that return their training image have lost the test image in early layers.

Zhang et al. 2020, section 4.1 and figure 6: in the middle of deep networks that memorized, hardly any of the input is left.
Scale the activations of a layer for each digit to unit energy; the share that differs between digits is one minus the squared
length of their mean. In layer 5 of 14, or at the same place of another depth, it is below a fifth of the digits' own share,
after training and already at the initialization; and these networks are nearer to returning their training image than to
copying. The paper shows trained networks only.
"""

from verify import Relation, both, claim, exceeds
from verify.counterfeits import at_every_value
from verify.measurements.identity import contrast, layer_share, without_skip
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series
from verify.measurements.sweeps import Sweep

SHARE, LEFT, PLACE = "image_share", 0.2, 5 / 14
MOMENTS = {"at initialization": 0, "after training": 1}


@at_every_value
def nothing_lost(runs: Runs) -> Runs:
    """Networks in all of whose layers as much differs between digits as in the digits, as with skip connections."""

    def kept(key: Key, series: Series) -> tuple[Key, Series]:
        same = key.quantity == SHARE and key.layer in (*runs.layers, runs.readout)
        return (key, runs.table[key._replace(layer="input")]) if same else (key, series)

    return runs.transformed(kept)


@claim(
    "Z-10",
    needs=(SHARE, "corr_id", "corr_const"),
    sweep="depth",
    labels="images",
    architectures="convolutional",
    counterfeit=nothing_lost,
    source="figure",
)
def claim_early_layers_lose_the_image(sweep: Sweep) -> Relation:
    deepest = without_skip(sweep).runs[-1]
    layer = f"layer{round(PLACE * deepest.spec['depth'])}"
    return both(
        exceeds(contrast(sweep, "digits")[:, -1], 0.0, "cosine", about="the deepest return the training image"),
        *(
            exceeds(
                LEFT * layer_share(deepest, "input", epoch),
                layer_share(deepest, layer, epoch),
                "share",
                about=f"{layer} {when}",
            )
            for when, epoch in MOMENTS.items()
        ),
    )
