"""Notes on worlds, one line each: when a world was recorded, what it is not asked, and what is not recorded yet."""

from collections import Counter
from collections.abc import Iterable, Mapping

from empirical.errors import how_to_install
from theory.geometry.manifolds import FEW_MANIFOLDS
from verify.judging.verdicts import Status
from verify.registry import THEORY, Claim
from verify.report.ledger import Entry
from verify.report.tally import UNJUDGED
from verify.worlds.world import State, World
from verify.written_commands import record

VERBS = {Status.NOT_ASKED: "not asked", Status.UNTESTED: "untested"}


def not_judged(entries: Iterable[Entry]) -> list[str]:
    """A line for each world and reason for which claims were not judged: how many, and the reason."""
    alike = Counter((e.world, e.verdict.status, e.verdict.reason) for e in entries if e.verdict.status in UNJUDGED)
    return [f"{world}: {_claims(n)} {VERBS[status]}: {reason}" for (world, status, reason), n in alike.items()]


def left_out(claims: Iterable[Claim]) -> list[str]:
    """A line on the claims that were left out because their package is not installed; none where there are none."""
    packages = [claim.package for claim in claims]
    if not packages:
        return []
    needed = " and ".join(sorted(set(packages)))
    return [f"{THEORY}: {_claims(len(packages))} left out, which need {needed}; {how_to_install('networks')}"]


def kept(n: int) -> list[str]:
    """A line on the verdicts that were not judged anew; none where there are none."""
    words = "as judged here before, by the same sources, versions, processor and seed; --no-cache judges anew"
    return [f"theory: {_claims(n)} {words}"] if n else []


def waiting(claims: Iterable[Claim], worlds: Mapping[str, World]) -> list[str]:
    """A line for every world that is not recorded yet: how many of the claims need it, and the command that records it."""
    claims = list(claims)
    missing = [world for world in worlds.values() if world.state is State.MISSING]
    counts = {world.name: sum(world.asks(claim) for claim in claims) for world in missing}
    return [
        f"{name}: not recorded, {_claims(n)} wait{'s' if n == 1 else ''} for it: {record(name)}"
        for name, n in counts.items()
        if n
    ]


def recorded(worlds: Mapping[str, World]) -> list[str]:
    """A line for every recorded world: date, machine and number of networks."""
    return [f"{name}: {about}" for name, world in worlds.items() if (about := world.about())]


def few_manifolds(worlds: Mapping[str, World]) -> list[str]:
    """A line on the worlds of few classes, whose geometry is far from the limit of the theory; none where there are none."""
    of: dict[int, list[str]] = {}
    for name, world in worlds.items():
        if 0 < (size := world.n_classes()) < FEW_MANIFOLDS:
            of.setdefault(size, []).append(name)
    few = "; ".join(f"{size} manifolds in {', '.join(names)}" for size, names in sorted(of.items()))
    limit = f"far below the theory's limit of many ({FEW_MANIFOLDS} or more): compare numbers with each other and with the"
    return [f"geometry of few manifolds, {limit} shuffled baseline, not with a constant. {few}"] if few else []


def judged_in(entries: Iterable[Entry], claims: Mapping[str, Claim], worlds: Mapping[str, World]) -> list[str]:
    """The notes on the worlds in which claims were judged."""
    judged = [entry for entry in entries if entry.verdict.status not in UNJUDGED]
    there = {name: worlds[name] for name in dict.fromkeys(entry.world for entry in judged) if name in worlds}
    geometry = {e.world for e in judged if e.id in claims and any(n.endswith("capacity") for n in claims[e.id].needs)}
    return [*recorded(there), *few_manifolds({name: world for name, world in there.items() if name in geometry})]


def _claims(n: int) -> str:
    return f"{n} claim{'' if n == 1 else 's'}"
