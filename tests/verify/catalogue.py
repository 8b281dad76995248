"""CLAIMS.md, from the registry and the planted errors: python -m tests.verify.catalogue."""

import sys
from pathlib import Path

from tests.verify import alarm_counts
from tests.verify.planted_drawn import DRAWN
from tests.verify.planted_instruments import CHECKED, LAYERS, MEASURING
from tests.verify.planted_sweeps import PEAK_LEAKED, SWEEPS
from verify.claim import load_claims

FILE = Path(__file__).parents[2] / "CLAIMS.md"
HEAD = """# Claims

Written by `python -m tests.verify.catalogue` from the claims themselves; a test compares the two. Verdicts are not here: they
are measured anew by every `pytest verify/`.

"""
PLANTED = """
## Planted errors

{} wrong theories and wrong instruments, planted one at a time by `tests/verify/test_planted.py` and its
neighbours, and the claim each of them turns.

"""
ALARMS = "\n## Alarms\n"


def text() -> str:
    """The whole file."""
    claims = sorted(load_claims().values(), key=lambda claim: claim.id)
    sections = [f"## {claim.document.rstrip()}\n\n{_reads(claim)}\n" for claim in claims]
    errors = [(p.name, p.wrong, p.claim) for p in DRAWN + MEASURING + LAYERS + SWEEPS] + [*CHECKED, PEAK_LEAKED]
    rows = ["| error | what is wrong | claim it turns |", "| --- | --- | --- |", *(f"| {' | '.join(e)} |" for e in errors)]
    planted = PLANTED.format(len(errors)) + "\n".join(rows)
    return "\n".join([HEAD + "\n".join(sections) + planted, ALARMS, alarm_counts.text(alarm_counts.recorded()), ""])


def _reads(claim) -> str:
    if claim.needs:
        over = f" over a sweep of the {claim.sweep}" if claim.sweep else ""
        return f"*Reads* {', '.join(claim.needs)} of trained networks{over}."
    return "*Draws* its own worlds, live."


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
    sys.exit(0)
