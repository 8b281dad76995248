"""S-25.geometry: AlexNet and ResNet18 memorize by a smaller radius and dimension in deep layers, as S-09 says of VGG.

Stephenson et al. 2021, appendix: the findings are replicated with other architectures. The claim is asked of a world that has
networks of both architectures beside it, trained on the same images and labels. Each part of S-09 is judged for each of them.
"""

from verify import Relation, claim
from verify.claims.stephenson2021 import claim_s09
from verify.counterfeits import reverse_depth, siblings
from verify.measurements.architectures import ARCHITECTURES, in_each
from verify.measurements.runs import Runs


@claim(
    "S-25.geometry",
    needs=("capacity", "radius", "dimension", "accuracy"),
    counterfeit=siblings(reverse_depth("radius", "dimension")),
    beside=ARCHITECTURES,
)
def claim_in_other_networks_radius_and_dimension_shrink_in_deep_layers(runs: Runs) -> Relation:
    return in_each(runs, claim_s09.claim_radius_and_dimension_shrink_in_deep_layers.function)
