"""The claims that a world can be asked: this depends on what its run measures, on its labels, and on what is swept."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from empirical.evidence.measurement import Measurement
from empirical.identity.sweeps import IdentitySweep
from empirical.runs.instruments import GEOMETRY
from empirical.runs.sweeps import Sweep
from verify.measurements.geometry_methods import BEST, PREFIXES
from verify.registry import Claim


@dataclass(frozen=True)
class Scope:
    """What is known of a world's run before any claim is judged.

    quantities: those that its table has, or will have.
    instruments: as in :class:`empirical.runs.runspec.RunSpec`.
    labels: "clean" if no label is permuted, "permuted" if all are, "mixed" otherwise; "images" for networks that reproduce
        images.
    architecture: the architecture of its networks.
    """

    quantities: frozenset[str]
    instruments: frozenset[str]
    labels: str
    architecture: str

    @classmethod
    def recorded(cls, manifest: dict) -> "Scope":
        """The scope of a bundle, from its manifest; runs recorded before manifests named instruments have none."""
        return cls._of(frozenset(name.partition("/")[0] for name in manifest["slices"]), manifest["spec"])

    @classmethod
    def declared(cls, sweep: Sweep | IdentitySweep) -> "Scope":
        """The scope of a run that is declared and not made yet."""
        return cls._of(sweep.specs[0].quantities(), asdict(sweep.specs[0]))

    @classmethod
    def of_rows(cls, rows: Iterable[Measurement], spec: Mapping[str, Any]) -> "Scope":
        """The scope of a table that is not written yet, from its rows and the fields of its run."""
        return cls._of(frozenset(row.quantity for row in rows), spec)

    @classmethod
    def _of(cls, quantities: frozenset[str], spec: Mapping[str, Any]) -> "Scope":
        labels = kind(spec["permuted_fraction"]) if "permuted_fraction" in spec else "images"
        return cls(quantities, frozenset(spec.get("instruments", ())), labels, spec["architecture"])

    def measures(self, claim: Claim) -> bool:
        """Whether the run measures everything the claim reads; geometry by any of the methods by which it may be judged."""
        return not self.absent(claim)

    def absent(self, claim: Claim) -> set[str]:
        """The quantities that the claim reads and the run does not measure, by the method that lacks the fewest."""
        prefixes = ("", *(PREFIXES[method] for method in claim.geometry or BEST))
        ways = ({prefix + need if need in GEOMETRY else need for need in claim.needs} for prefix in prefixes)
        return min((way - self.quantities for way in ways), key=len)

    def answers(self, claim: Claim) -> bool:
        """Whether the run measures everything the claim reads, and has its labels and architecture."""
        measured = self.measures(claim) and set(claim.instruments) <= self.instruments
        of_these_networks = not claim.architectures or self.architecture in claim.architectures
        return measured and self.labels in claim.labels and of_these_networks


def kind(permuted_fraction: float) -> str:
    """The kind of labels: "clean", "mixed" or "permuted"."""
    if permuted_fraction == 0:
        return "clean"
    return "permuted" if permuted_fraction == 1 else "mixed"
