"""Writes CLAIMS.md from the registry and the planted errors: python -m tests.verify.catalogue.page."""

import sys
from pathlib import Path

from tests.verify.calibration import alarm_counts
from tests.verify.planted.comparisons import CHOICE_LEAKED, COMPARED
from tests.verify.planted.drawn import DRAWN
from tests.verify.planted.instruments import CHECKED, LAYERS, MEASURING
from tests.verify.planted.label_errors import LABEL_ERRORS
from tests.verify.planted.slips.every import SLIPS
from tests.verify.planted.slips.twenty import TWENTY
from tests.verify.planted.small_networks import SMALL_NETWORKS
from tests.verify.planted.sweeps import PEAK_LEAKED, SWEEPS
from verify.registry import load_claims

FILE = Path(__file__).parents[3] / "CLAIMS.md"
HEAD = """# Claims

`python -m tests.verify.catalogue.page` writes this page from the claims; a test compares the page with the claims. The page
has no verdicts, because every `pytest verify/` measures them again.

"""
PLANTED = """
## Planted errors

`tests/verify/planted` plants {} wrong theories, wrong instruments and slips of the code, one at a time. The table names the
claim or the test that detects each error. Twenty of the slips were chosen before any of them was planted; {} of these were
detected by the claims and tests of that time.

"""
ALARMS = "\n## Alarms\n"


def text() -> str:
    """The text of CLAIMS.md."""
    claims = sorted(load_claims().values(), key=lambda claim: claim.id)
    sections = [f"## {claim.document.rstrip()}\n\n{_reads(claim)}\n" for claim in claims]
    planted = DRAWN + COMPARED + MEASURING + LAYERS + SWEEPS + SMALL_NETWORKS + LABEL_ERRORS + SLIPS
    errors = [(p.name, p.wrong, p.detector) for p in planted] + [*CHECKED, PEAK_LEAKED, CHOICE_LEAKED]
    rows = [
        "| error | what is wrong | claim or test that detects the error |",
        "| --- | --- | --- |",
        *(f"| {' | '.join(e)} |" for e in errors),
    ]
    first = sum(error.first == "caught" for error in TWENTY)
    end = PLANTED.format(len(errors), first) + "\n".join(rows)
    return "\n".join([HEAD + "\n".join(sections) + end, ALARMS, alarm_counts.text(alarm_counts.recorded()), ""])


def _reads(claim) -> str:
    if claim.needs:
        return f"*Reads* {', '.join(claim.needs)} of {_networks(claim)}."
    return "*Draws* its own examples."


def _networks(claim) -> str:
    """The networks that a claim is about."""
    about = [
        *([f"over a sweep of `{claim.sweep}`"] if claim.sweep else []),
        *(["that reproduce images"] if claim.labels == ("images",) else []),
        *([f"of {' or '.join(claim.labels)} labels"] if claim.labels not in (("mixed",), ("images",)) else []),
        *([f"{', '.join(claim.architectures)} alone"] if claim.architectures else []),
        *([f"measured by {', '.join(claim.instruments)}"] if claim.instruments else []),
        *([f"compared with those of the worlds {', '.join(f'...{name}' for name in claim.beside)}"] if claim.beside else []),
    ]
    return "; ".join(["trained networks", *about])


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
    sys.exit(0)
