"""The verdicts that other networks of the same kind would have, by simulation, for every live row.

Run ``python -m tests.verify.calibration.accepted_sets``. It prints the statuses of each row with their shares, and the
probability that a run on a machine whose networks differ raises an alarm. On one machine networks do not differ, and the
probability is 0.
"""

import sys
from collections import Counter
from dataclasses import replace

import numpy as np

from verify.judging.error_rates import Chance
from verify.judging.mean_tests import MeanTest
from verify.judging.verdicts import GRAVITY, EvidenceError, Status
from verify.registry import Claim, load_claims
from verify.report import deviations, lookup
from verify.worlds.world import LIVE, World, all_worlds

SETS = 500


def statuses(claim: Claim, world: World, n_sets: int = SETS) -> dict[Status, float]:
    """The share of simulated sets of networks with each status; none where the claim is not asked.

    The means of the parts lie about the measured ones by their standard errors, and networks spread about them as measured,
    normally; parts are independent of each other.
    """
    try:
        relation = claim.relation(world.runs(None))
    except EvidenceError:
        return {}
    parts = getattr(relation, "relations", (relation,))
    chance, rng = Chance().split(len(parts)), np.random.default_rng(0)
    found = Counter(max((_status(part, chance, rng) for part in parts), key=GRAVITY.__getitem__) for _ in range(n_sets))
    return {status: count / n_sets for status, count in found.items()}


def _status(part, chance: Chance, rng: np.random.Generator) -> Status:
    if not isinstance(part, MeanTest):
        return part.judge(chance).status
    n, spread = len(part.values), part.values.std(ddof=1)
    values = part.values.mean() + spread * (rng.normal() / np.sqrt(n) + rng.normal(size=n)) if spread else part.values
    drawn = replace(part, values=values, layers=())
    decided = drawn._decided(drawn._undecided(chance), chance)
    return decided.status if decided else Status.INCONCLUSIVE


def outside(n_sets: int = SETS) -> dict[tuple[str, str], tuple[dict[Status, float], float]]:
    """For every live row: the shares of statuses, and of those outside the accepted set."""
    claims = load_claims()
    registered = deviations.load(deviations.DEVIATIONS, lookup.pairs(claims, all_worlds()))
    rows = [(claim, World(name)) for name in LIVE for claim in claims.values() if claim.needs and World(name).asks(claim)]
    found = {}
    for claim, world in rows:
        entry, shares = registered.get((claim.id, world.name)), statuses(claim, world, n_sets)
        accept = entry.accept if entry else (Status.SUPPORTED,)
        found[claim.id, world.name] = shares, sum(share for status, share in shares.items() if status not in accept)
    return found


def main() -> None:
    found = outside()
    for (claim, world), (shares, beyond) in found.items():
        words = ", ".join(f"{status} {share:.3f}" for status, share in sorted(shares.items()))
        sys.stdout.write(f"{claim} in {world}: {words}; outside {beyond:.3f}\n")
    total = sum(beyond**2 for _, beyond in found.values())
    sys.stdout.write(f"an alarm needs two sets outside: {total:.2g} over all rows\n")


if __name__ == "__main__":
    main()
