"""The claims checker: claims, the judge, the evidence. Run ``pytest verify/``."""

from verify.claim import claim
from verify.drawn import given
from verify.relations import (
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
    vanishes,
)

__all__ = [
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
    "vanishes",
]
