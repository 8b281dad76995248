"""All that the pages show, read once: the entries of a ledger, the claims, the worlds and their manifests, the history."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from empirical.errors import GeomemError
from verify.judging.verdicts import Status
from verify.registry import THEORY, Claim
from verify.report import lookup
from verify.report.ledger import Entry, in_order
from verify.report.tally import UNJUDGED, Tally, tallies
from verify.site.history import Moment
from verify.worlds import recorded
from verify.worlds.world import State, World, declared, declared_names
from verify.written_commands import JUDGE

# What the ledger says of the seed where the networks are those that the world declares.
OWN_SEED = None
# Data sets as they are written.
DATASETS = {"cifar100": "CIFAR-100", "mnist": "MNIST", "digits": "digits"}


class EvidenceUnreadable(GeomemError):
    """The evidence of a world that the ledger judged cannot be read; the message names the world."""


@dataclass(frozen=True)
class Material:
    """What the pages show.

    entries: in the order of claims and worlds, of claims that exist. gone: ids in the ledger that are no claims any more.
    claims: all claims, by id. worlds: all worlds, by name. ledger: the digest of the ledger. history: from old to new.
    drawings: the names of each world's figures, by world.
    """

    entries: tuple[Entry, ...]
    gone: tuple[str, ...]
    claims: Mapping[str, Claim]
    worlds: Mapping[str, World]
    ledger: str
    history: tuple[Moment, ...] = ()
    drawings: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, ledger: Path, claims: Mapping[str, Claim], worlds: Mapping[str, World], history: list[Moment]) -> "Material":
        """The material of a ledger.

        :raises GeomemError: there is no ledger, or it cannot be read.
        """
        found = lookup.last_verdicts(ledger)
        if not found:
            raise GeomemError(f"{ledger} has no verdicts; judge the claims first: {JUDGE} --ledger {ledger}")
        every = in_order(found.values())
        gone = tuple(sorted({entry.id for entry in every} - set(claims)))
        digest = hashlib.sha256(ledger.read_bytes()).hexdigest()
        return cls(tuple(entry for entry in every if entry.id in claims), gone, claims, worlds, digest, tuple(history))

    @cached_property
    def judged(self) -> list[Entry]:
        """The entries in which something was judged."""
        return [entry for entry in self.entries if entry.verdict.status not in UNJUDGED]

    @cached_property
    def shown(self) -> list[Claim]:
        """The claims of the ledger, in the order of their ids."""
        return lookup.in_order(self.claims[id] for id in {entry.id for entry in self.entries})

    @cached_property
    def papers(self) -> list[str]:
        """The folders of the papers whose claims are in the ledger, sorted."""
        return sorted({claim.paper for claim in self.shown})

    @cached_property
    def tallies(self) -> dict[str, Tally]:
        """The tallies of the judged claims, by id; variants are with the claim whose sentence they share."""
        return tallies(self.entries, self.claims)

    @cached_property
    def places(self) -> list[str]:
        """The worlds of networks in the ledger, by data set and name."""
        found = {entry.world for entry in self.entries} - {THEORY}
        return sorted(found, key=lambda name: (self.dataset(name), name))

    def of_claim(self, id: str) -> list[Entry]:
        """The entries of a claim, by world."""
        return [entry for entry in self.entries if entry.id == id]

    def of_world(self, name: str) -> list[Entry]:
        """The entries of a world, in the order of claims."""
        order = {claim.id: number for number, claim in enumerate(self.shown)}
        return sorted((entry for entry in self.entries if entry.world == name), key=lambda entry: order[entry.id])

    def count(self, status: Status) -> int:
        """How many entries have a status."""
        return sum(entry.verdict.status == status for entry in self.entries)

    def folder(self, name: str) -> Path | None:
        """The folder of a world's evidence: recorded, or made where a live world was judged; None where there is none."""
        world = self.worlds.get(name)
        if world is None or world.state is State.MISSING or (not world.recorded and self._was_drawn_anew(name)):
            return None
        return found if recorded.is_evidence(found := world.folder(None)) else None

    def _was_drawn_anew(self, name: str) -> bool:
        """Whether a live world was judged on networks of another seed than its own."""
        return any(entry.seed != OWN_SEED for entry in self.of_world(name))

    def manifests(self, name: str) -> list[dict]:
        """The manifests of a world; none where :meth:`folder` is None.

        :raises EvidenceUnreadable: they cannot be read.
        """
        if (folder := self.folder(name)) is None:
            return []
        try:
            return recorded.manifests(folder)
        except (GeomemError, OSError, ValueError, KeyError) as error:
            raise EvidenceUnreadable(f"the evidence of {name} in {folder} cannot be read: {error}") from error

    def spec(self, name: str) -> dict:
        """The specification of a world's run, or of the first of a sweep; empty where nothing is known of it."""
        if found := self.manifests(name):
            return found[0]["spec"]
        return vars(declared(name).specs[0]) if name in declared_names() else {}

    def dataset(self, name: str) -> str:
        """The data set of a world."""
        found = str(self.spec(name).get("dataset", "unknown data"))
        return DATASETS.get(found, found)

    def is_other_evidence(self, entry: Entry) -> bool:
        """Whether the evidence in the folder is other than that which was judged."""
        world = self.worlds.get(entry.world)
        return bool(entry.evidence and world and world.evidence(self.claims[entry.id]) != entry.evidence)
