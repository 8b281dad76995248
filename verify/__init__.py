"""The claims checker: claims, the judge, the evidence. Run ``pytest verify/``."""

from verify.claim import claim
from verify.drawn import given
from verify.relations import (
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
