"""The claims checker: every claim of a paper is judged in the worlds that ask it. Run ``pytest verify/``.

In reading order; each imports only what stands above it, figures and worlds nothing of each other:

- judging: what a claim can assert, and how observations decide it.
- registry: a claim, and all claims there are.
- measurements: a world's measurements as arrays, in the words of claims.
- strategies: what hypothesis draws for claims that draw their own examples.
- counterfeits: measurements and formulas in which a claim is false.
- claims: one file for each, by paper; evidence: the recorded bundles that they are judged on.
- worlds: where networks live, live or recorded, and what each world is asked.
- figures: pictures of one world.
- report: ledger, registered verdicts (deviations.toml), board, explanations.
- check, claim_item, conftest: one run of ``pytest verify/``, from the options to the exit status.
- __main__: ``python -m verify``, to list, explain, accept and draw.

A claim file needs the names below alone, and what it measures with.
"""

from verify.judging.drawn_examples import given
from verify.judging.relations import (
    agrees,
    approximates,
    averages,
    both,
    differs,
    dominates,
    equivalent,
    increases,
    law,
    matches,
    negligible,
    positive,
    rises,
    vanishes,
)
from verify.registry import claim

__all__ = [
    "agrees",
    "approximates",
    "averages",
    "both",
    "claim",
    "differs",
    "dominates",
    "equivalent",
    "given",
    "increases",
    "law",
    "matches",
    "negligible",
    "positive",
    "rises",
    "vanishes",
]
