"""What a world can be asked: its run decides, by what it measures, by its labels, and by what is swept."""

from dataclasses import dataclass

from empirical.runs.sweeps import Sweep
from verify.registry import Claim


@dataclass(frozen=True)
class Scope:
    """What is known of a world's run before any claim is judged.

    quantities: those in its table, or that will be. instruments: as in :class:`empirical.runs.runspec.RunSpec`.
    labels: "clean", none of them permuted; "permuted", all; "mixed", a part.
    architecture: of its networks.
    """

    quantities: frozenset[str]
    instruments: frozenset[str]
    labels: str
    architecture: str

    @classmethod
    def recorded(cls, manifest: dict) -> "Scope":
        """Of a bundle, by its manifest; runs recorded before they named their instruments have none."""
        spec = manifest["spec"]
        in_table = frozenset(name.partition("/")[0] for name in manifest["slices"])
        return cls(in_table, frozenset(spec.get("instruments", ())), kind(spec["permuted_fraction"]), spec["architecture"])

    @classmethod
    def declared(cls, sweep: Sweep) -> "Scope":
        """Of a run that is yet to be made."""
        spec = sweep.specs[0]
        return cls(spec.quantities(), frozenset(spec.instruments), kind(spec.permuted_fraction), spec.architecture)

    def answers(self, claim: Claim) -> bool:
        """Whether the claim reads nothing that is missing, and is about these labels and networks."""
        measured = set(claim.needs) <= self.quantities and set(claim.instruments) <= self.instruments
        of_these_networks = not claim.architectures or self.architecture in claim.architectures
        return measured and self.labels in claim.labels and of_these_networks


def kind(permuted_fraction: float) -> str:
    """Labels in a word: "clean", "mixed" or "permuted"."""
    if permuted_fraction == 0:
        return "clean"
    return "permuted" if permuted_fraction == 1 else "mixed"
