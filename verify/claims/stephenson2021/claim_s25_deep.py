"""S-25.deep: AlexNet and ResNet18 memorize predominantly in the deep layers, as S-07 says of VGG.

Stephenson et al. 2021, appendix: the findings are replicated with other architectures. The claim is asked of a world that has
networks of both architectures beside it, trained on the same images and labels. Each part of S-07 is judged for each of them.
"""

from verify import Relation, claim
from verify.claims.stephenson2021 import claim_s07
from verify.counterfeits import reverse_depth, siblings
from verify.measurements.architectures import ARCHITECTURES, in_each
from verify.measurements.runs import Runs


@claim("S-25.deep", needs=("capacity", "accuracy"), counterfeit=siblings(reverse_depth("capacity")), beside=ARCHITECTURES)
def claim_in_other_networks_permuted_capacity_grows_in_deep_layers(runs: Runs) -> Relation:
    return in_each(runs, claim_s07.claim_permuted_capacity_grows_in_deep_layers.function)
