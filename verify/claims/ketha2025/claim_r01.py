"""R-01: deep layers of a network that memorized retain more generalization than its output shows.

Ketha & Ramaswamy 2025, abstract: one or more layers of networks trained on shuffled labels retain much more generalization than
the output shows. At the end of training, linear probes of each layer of the last third recognize test images better than the
network does, although the probes are trained on the noisy training labels. The accuracies are those of the reported half,
averaged over the layers. Their probes are projections on class subspaces; ours are ridge classifiers.
"""

from verify import Relation, claim, dominates
from verify.counterfeits import scaled
from verify.measurements.runs import Runs

NEEDS = ("probe_accuracy", "accuracy")


@claim("R-01", needs=NEEDS, counterfeit=scaled("probe_accuracy", "test", 0.5), instruments="probes", source="abstract")
def claim_deep_layers_know_more_than_the_output(runs: Runs) -> Relation:
    probed = runs.layerwise("probe_accuracy", "test", "end", "report")[:, runs.deep].mean(axis=1)
    return dominates(probed, runs.reported_accuracy("end"), effect=0.05, unit="accuracy")
