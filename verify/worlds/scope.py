"""The claims that a world can be asked: this depends on what its run measures, on its labels, and on what is swept."""

from dataclasses import dataclass

from empirical.runs.sweeps import Sweep
from verify.registry import Claim


@dataclass(frozen=True)
class Scope:
    """What is known of a world's run before any claim is judged.

    quantities: those that its table has, or will have.
    instruments: as in :class:`empirical.runs.runspec.RunSpec`.
    labels: "clean" if no label is permuted, "permuted" if all are, "mixed" otherwise.
    architecture: the architecture of its networks.
    """

    quantities: frozenset[str]
    instruments: frozenset[str]
    labels: str
    architecture: str

    @classmethod
    def recorded(cls, manifest: dict) -> "Scope":
        """The scope of a bundle, from its manifest; runs recorded before manifests named instruments have none."""
        spec = manifest["spec"]
        in_table = frozenset(name.partition("/")[0] for name in manifest["slices"])
        return cls(in_table, frozenset(spec.get("instruments", ())), kind(spec["permuted_fraction"]), spec["architecture"])

    @classmethod
    def declared(cls, sweep: Sweep) -> "Scope":
        """The scope of a run that is declared and not made yet."""
        spec = sweep.specs[0]
        return cls(spec.quantities(), frozenset(spec.instruments), kind(spec.permuted_fraction), spec.architecture)

    def answers(self, claim: Claim) -> bool:
        """Whether the run measures everything the claim reads, and has its labels and architecture."""
        measured = set(claim.needs) <= self.quantities and set(claim.instruments) <= self.instruments
        of_these_networks = not claim.architectures or self.architecture in claim.architectures
        return measured and self.labels in claim.labels and of_these_networks


def kind(permuted_fraction: float) -> str:
    """The kind of labels: "clean", "mixed" or "permuted"."""
    if permuted_fraction == 0:
        return "clean"
    return "permuted" if permuted_fraction == 1 else "mixed"
