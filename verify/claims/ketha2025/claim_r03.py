"""R-03: deep layers still encode the true label of images that the network memorized under a permuted label.

Ketha & Ramaswamy 2025; against S-11 and S-12 of Stephenson et al. 2021, in so far as these say that the true label is lost. At
the end of training, linear probes of the last third of the hidden layers decode the true label of permuted images,
cross-validated among these images. Their accuracy, averaged over the layers, is far above chance, 1/C, and above the accuracy
with which the network's output names the true label.
"""

from verify import Relation, both, claim, dominates
from verify.claims.ketha2025.claim_r01 import NEEDS
from verify.counterfeits import scaled
from verify.measurements.runs import Runs


@claim("R-03", needs=NEEDS, counterfeit=scaled("probe_accuracy", "restored", 0.05), instruments="probes", source="ours")
def claim_deep_layers_know_the_true_labels(runs: Runs) -> Relation:
    probed = runs.layerwise("probe_accuracy", "restored", "end")[:, runs.deep].mean(axis=1)
    return both(
        dominates(probed, 1 / runs.n_classes, effect=0.1, unit="accuracy above chance", about="over chance"),
        dominates(probed, runs.accuracy("restored", "end"), effect=0.1, unit="accuracy", about="over the output"),
    )
