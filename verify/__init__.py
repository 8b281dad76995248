"""The claims checker judges every claim of a paper in the worlds that ask it. Run ``pytest verify/``.

The list is in reading order. Each entry imports only entries above it; figures and worlds do not import each other.

- judging: what a claim can assert, and how observations decide it.
- written_commands: commands as their user writes them, in the checkout and outside of it.
- registry: the record of a claim, and the registry of all claims.
- measurements: a world's measurements as arrays, in the words of claims.
- strategies: the examples that hypothesis draws for claims without networks.
- counterfeits: measurements and formulas in which a claim is false.
- claims: one file per claim, by paper; evidence: the recorded bundles on which claims are judged.
- worlds: sets of trained networks, live or recorded, and which claims each world is asked.
- figures: figures of one world.
- report: ledger, registered verdicts (deviations.toml) and their numbers (pins.jsonl), board, explanations.
- gate: differences of ledgers, required verdicts, and tables for a page.
- site: static pages of a ledger and its evidence, and the history of verdicts.
- project, claim_modules: what another repository judges of its own, and claim files as modules.
- commands: what ``python -m verify`` does.
- __main__: the options of ``python -m verify``.
- checking, plugin: one run of pytest, from the options to the exit status and what it prints.
- conftest: the same for ``pytest verify/``.

A claim file needs only the names below, and the modules that it measures with.
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
    exceeds,
    increases,
    law,
    matches,
    negligible,
    positive,
    rises,
    vanishes,
)
from verify.judging.rules import Relation
from verify.registry import claim

__all__ = [
    "Relation",
    "agrees",
    "approximates",
    "averages",
    "both",
    "claim",
    "differs",
    "dominates",
    "equivalent",
    "exceeds",
    "given",
    "increases",
    "law",
    "matches",
    "negligible",
    "positive",
    "rises",
    "vanishes",
]
