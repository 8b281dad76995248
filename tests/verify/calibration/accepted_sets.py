"""The verdicts that other networks of the same kind would have, by simulation, for every live row.

Run ``python -m tests.verify.calibration.accepted_sets``. It prints the statuses of each row with their shares, and the
probability that a run on a machine whose networks differ raises an alarm. On one machine networks do not differ, and the
probability is 0. Simulated sets have the means and spreads that are pinned, as the accepted sets were chosen for them: by the
networks of the machine at hand, the sets would be judged anew on every machine.
"""

import sys
from collections import Counter
from dataclasses import replace

import numpy as np
from scipy import stats

from verify.judging.error_rates import Chance
from verify.judging.mean_tests import MeanTest
from verify.judging.verdicts import GRAVITY, EvidenceError, Level, Status
from verify.registry import Claim, load_claims
from verify.report import deviations, lookup, pins
from verify.report.pins import Pin
from verify.worlds.world import LIVE, World, all_worlds

SETS = 500


def statuses(claim: Claim, world: World, pin: Pin | None, n_sets: int = SETS) -> dict[Status, float]:
    """The share of simulated sets of networks with each status; none where the claim is not asked.

    The means of the parts lie about the pinned ones by their standard errors, and networks spread about them as pinned,
    normally; parts are independent of each other.
    """
    try:
        relation = claim.relation(world.runs(None))
    except EvidenceError:
        return {}
    numbers = list(pin.numbers) if pin else []
    parts = [_as_pinned(part, numbers) for part in getattr(relation, "relations", (relation,))]
    chance, rng = Chance().split(len(parts)), np.random.default_rng(0)
    found = Counter(max((_status(part, chance, rng) for part in parts), key=GRAVITY.__getitem__) for _ in range(n_sets))
    return {status: count / n_sets for status, count in found.items()}


def _as_pinned(part, numbers: list[Level]):
    """The part with values of the mean and standard error that are pinned for it, which leave the list; else as measured."""
    pinned = [one for one in numbers if one.about == part.about] if isinstance(part, MeanTest) else []
    if not pinned:
        return part
    then = pinned[0]
    numbers.remove(then)
    if not part.values.std():
        return part
    values = then.value + then.se * np.sqrt(len(part.values)) * stats.zscore(part.values, ddof=1)
    return replace(part, values=values, layers=())


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
    pinned = pins.load(pins.PINS)
    rows = [(claim, World(name)) for name in LIVE for claim in claims.values() if claim.needs and World(name).asks(claim)]
    found = {}
    for claim, world in rows:
        row = claim.id, world.name
        entry, shares = registered.get(row), statuses(claim, world, pinned.get(row), n_sets)
        accept = entry.accept if entry else (Status.SUPPORTED,)
        found[row] = shares, sum(share for status, share in shares.items() if status not in accept)
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
