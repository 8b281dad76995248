"""Verdicts on claims that draw their own examples, kept with the trained networks under a key of all that they depend on.

Such a verdict follows from the sources that the claim runs through, the versions of packages, the processor, the seed and the
verdicts that are accepted. A run in which none of these changed reads it instead of judging for a minute and a half again.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from empirical.errors import StorageError
from empirical.runs import provenance
from empirical.storage import cache_root, make_folder, write_atomic
from verify.judging.drawn_examples import body_of
from verify.judging.error_rates import Chance
from verify.judging.verdicts import Status, Verdict
from verify.registry import CLAIMS, Claim

FOLDER = "verdicts"
KEPT = frozenset({Status.SUPPORTED, Status.REFUTED, Status.INCONCLUSIVE})


def kept_or_judged(
    claim: Claim, chance: Chance, accept: frozenset[Status], judge: Callable[[], Verdict]
) -> tuple[Verdict, bool]:
    """The verdict, and whether it was kept by an earlier run.

    Claims of other repositories are judged each time: of what their files import only our rooms are known.

    :param judge: judges the claim with this chance and these accepted verdicts.
    """
    place = Path(body_of(claim.function).__code__.co_filename)
    if not place.is_relative_to(CLAIMS):
        return judge(), False
    file = cache_root() / FOLDER / f"{_key(claim, place, chance, accept)}.json"
    if verdict := _read(file):
        return verdict, True
    verdict = judge()
    if verdict.status in KEPT:
        _keep(file, verdict)
    return verdict, False


def _key(claim: Claim, place: Path, chance: Chance, accept: frozenset[Status]) -> str:
    """64 hexadecimal digits, equal where the verdict must be."""
    about = {
        "claim": claim.id,
        "chance": repr(chance),
        "accept": sorted(accept),
        "sources": provenance.sources(place.relative_to(provenance.ROOT).as_posix()),
        "machine": provenance.machine(),
    }
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()


def _read(file: Path) -> Verdict | None:
    """The verdict in the file; None where there is none that can be read."""
    try:
        return Verdict.from_record(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(file: Path, verdict: Verdict) -> None:
    try:
        make_folder(file.parent)
        write_atomic(file, json.dumps(verdict.record()).encode())
    except StorageError:
        # The verdict stands without being kept, and the networks' own folder says what is wrong with the disk.
        return
