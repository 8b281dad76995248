"""The sentences of the main paper's abstract, and what they come to in the worlds that judged their claims."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from verify.judging.verdicts import Status
from verify.report.ledger import Entry
from verify.report.tally import UNJUDGED

MAIN_PAPER = "stephenson2021"
# In the order of the abstract, with the claims that a sentence stands on.
SENTENCES = {
    "all layers learn first from examples that share features, and this goes with generalization": ("S-05", "S-02"),
    "memorization sits in the deep layers, by a smaller radius and dimension; early layers hardly change": (
        "S-06",
        "S-07",
        "S-09",
    ),
    "rewinding the final few layers to an earlier epoch restores generalization": (
        "S-13.restored",
        "S-13.single",
        "S-13.suffix",
        "S-13.prefix",
    ),
    "double descent goes with a change of the geometry": ("S-20", "S-21", "S-22"),
    "early in training, the gradients of permuted examples are small": ("S-17.batch", "S-17.eval", "S-19.zero"),
}


@dataclass(frozen=True)
class Outcome:
    """What a sentence comes to, world by world.

    claims, missing: the ids of its claims that were judged in some world, and in none.
    holds, against, unclear: names of worlds. A sentence holds where all of its claims in ``claims`` are SUPPORTED. One REFUTED
        claim is against it. It is open where neither is so, as where a world is not asked all of them.
    """

    claims: tuple[str, ...]
    missing: tuple[str, ...]
    holds: tuple[str, ...]
    against: tuple[str, ...]
    unclear: tuple[str, ...]

    def __str__(self) -> str:
        """The verdict in words."""
        n_worlds = len(self.holds + self.against + self.unclear)
        words = [f"holds in {len(self.holds)} of {n_worlds} {'world' if n_worlds == 1 else 'worlds'}"]
        named = {"against": self.against, "open": self.unclear}
        words += [f"{word} in {len(worlds)} ({', '.join(worlds)})" for word, worlds in named.items() if worlds]
        words += [f"without {', '.join(self.missing)}"] if self.missing else []
        return ", ".join(words)


def outcomes(entries: Iterable[Entry]) -> dict[str, Outcome]:
    """The outcome of every sentence."""
    judged = [entry for entry in entries if entry.verdict.status not in UNJUDGED]
    return {
        words: _outcome(ids, {(entry.id, entry.world): entry.verdict.status for entry in judged if entry.id in ids})
        for words, ids in SENTENCES.items()
    }


def _outcome(ids: tuple[str, ...], found: Mapping[tuple[str, str], Status]) -> Outcome:
    claims = tuple(id for id in ids if id in {claim for claim, _ in found})
    worlds: dict[str, list[str]] = {"holds": [], "against": [], "unclear": []}
    for world in sorted({world for _, world in found}):
        worlds[_side([found.get((claim, world)) for claim in claims])].append(world)
    missing = tuple(id for id in ids if id not in claims)
    return Outcome(claims, missing, **{side: tuple(names) for side, names in worlds.items()})


def _side(statuses: list[Status | None]) -> str:
    if Status.REFUTED in statuses:
        return "against"
    return "holds" if set(statuses) == {Status.SUPPORTED} else "unclear"
