"""R-02: the probed test accuracy of deep layers peaks early, and falls only modestly while labels are memorized.

Ketha & Ramaswamy 2026 (arXiv 2603.19865), abstract. The probes are those of R-01, averaged over the last third of the hidden
layers. Their test accuracy rises from initialization to the turning point. From there to the end it loses less than half of
what the network's own test accuracy loses.
"""

from dataclasses import replace

from verify import Relation, both, claim, dominates, exceeds
from verify.claims.ketha2025.claim_r01 import NEEDS
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series


def forgotten_alike(runs: Runs) -> Runs:
    """Runs in which probes of every layer lose test accuracy as the network does, epoch by epoch."""
    own = runs.series("accuracy", "test", "report")

    def change(key: Key, series: Series):
        if key[:2] != ("probe_accuracy", "test"):
            return key, series
        return key, replace(own, name=series.name)

    return runs.transformed(change)


@claim("R-02", needs=NEEDS, counterfeit=forgotten_alike, instruments="probes", source="abstract")
def claim_deep_layers_forget_little(runs: Runs) -> Relation:
    initial, best, end = (
        runs.layerwise("probe_accuracy", "test", when, "report")[:, runs.deep].mean(axis=1)
        for when in (0, "turning_point", "end")
    )
    lost = runs.reported_accuracy("turning_point") - runs.reported_accuracy("end")
    return both(
        dominates(best, initial, effect=0.05, unit="accuracy", about="probes rise"),
        exceeds(lost / 2, best - end, "accuracy", about="probes keep"),
    )
