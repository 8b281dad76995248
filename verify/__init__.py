"""The claims checker: claims, the judge, the evidence. Run ``pytest verify/``."""

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
