"""The verdicts on one claim, counted over the worlds that judged it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from verify.judging.verdicts import Status, Verdict
from verify.measurements.geometry_methods import WORDS
from verify.registry import Claim
from verify.report.ledger import Entry

# Of these a world is told once, and not once for each claim.
UNJUDGED = (Status.NOT_ASKED, Status.UNTESTED)
FOR, AGAINST, OPEN, BROKEN = "for", "against", "open", "broken"
SIDES = {Status.SUPPORTED: FOR, Status.REFUTED: AGAINST, Status.INCONCLUSIVE: OPEN, Status.BROKEN: BROKEN}


@dataclass(frozen=True)
class Tally:
    """A claim and the verdicts on it.

    entries: the entries in which it was judged.
    variants: the tallies of the same sentence as measured by other methods.
    """

    claim: Claim
    entries: tuple[Entry, ...]
    variants: tuple["Tally", ...] = ()

    def worlds(self, side: str) -> list[str]:
        """The worlds that are for, against, open or broken."""
        return [entry.world for entry in self.entries if SIDES[entry.verdict.status] == side]

    def differing(self) -> dict[str, list[str]]:
        """The worlds whose verdict is not the most frequent one, by their side; broken ones are always among them.

        Where two verdicts are equally frequent, the first of for, against and open stands for most.
        """
        counts = {side: len(self.worlds(side)) for side in (FOR, AGAINST, OPEN)}
        most = max(counts, key=lambda side: counts[side])
        return {side: found for side in SIDES.values() if side != most and (found := self.worlds(side))}

    def span(self) -> str:
        """The range over worlds of the quantity that most often decides the claim, in words; "" where it has no number."""
        decided = Counter((e.verdict.about, e.verdict.unit) for e in self.entries if e.verdict.value is not None)
        if not decided:
            return ""
        (about, unit), _ = decided.most_common(1)[0]
        found = [one for entry in self.entries for one in quantities(entry.verdict) if (one.about, one.unit) == (about, unit)]
        shown = [_number(one) for one in sorted(found, key=lambda one: one.value or 0.0) if one.value is not None]
        return f"{shown[0] if shown[0] == shown[-1] else f'{shown[0]} to {shown[-1]}'} {unit}".rstrip()

    def by_other_methods(self) -> list[str]:
        """For every variant: its method, and how many of the worlds that judged it are for it."""
        return [f"by {WORDS[one.claim.geometry[0]]} {len(one.worlds(FOR))}/{len(one.entries)}" for one in self.variants]


def quantities(verdict: Verdict) -> list[Verdict]:
    """What a verdict measured: its named parts, or the verdict itself where no part has a name or examples were drawn."""
    named = [] if verdict.examples else [part for part in verdict.parts if part.about]
    return named or [verdict]


def _number(verdict: Verdict) -> str:
    """An estimate with its sign; the error of an identity has none."""
    return f"{verdict.value:.2g}" if verdict.counted == "comparisons" else f"{verdict.value:+.2g}"


def tallies(entries: Iterable[Entry], claims: Mapping[str, Claim]) -> dict[str, Tally]:
    """The tallies of the judged claims, by id; variants are with the claim whose sentence they share, where it was judged."""
    judged: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.verdict.status not in UNJUDGED and entry.id in claims:
            judged[entry.id].append(entry)
    alone = {id: Tally(claims[id], tuple(found)) for id, found in judged.items()}
    return {
        id: Tally(tally.claim, tally.entries, tuple(one for one in alone.values() if one.claim.variant_of == id))
        for id, tally in alone.items()
        if tally.claim.variant_of not in alone
    }
