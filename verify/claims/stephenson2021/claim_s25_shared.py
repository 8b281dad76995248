"""S-25.shared: AlexNet and ResNet18 learn first from the examples that share features, as S-05 says of VGG.

Stephenson et al. 2021, appendix: the findings are replicated with other architectures. The claim is asked of a world that has
networks of both architectures beside it, trained on the same images and labels. Each part of S-05 is judged for each of them.
"""

from verify import Relation, claim
from verify.claims.stephenson2021 import claim_s05
from verify.counterfeits import siblings, swap_groups
from verify.measurements.architectures import ARCHITECTURES, in_each
from verify.measurements.runs import Runs


@claim(
    "S-25.shared",
    needs=("capacity", "accuracy"),
    counterfeit=siblings(swap_groups("permuted", "restored", "capacity")),
    beside=ARCHITECTURES,
)
def claim_in_other_networks_layers_learn_preferentially_what_is_shared(runs: Runs) -> Relation:
    return in_each(runs, claim_s05.claim_layers_learn_preferentially_what_is_shared.function)
