"""Verdicts on claims that draw their own examples, kept with the trained networks under a key of all that they depend on.

Such a verdict follows from the sources that the claim runs through, the versions of packages, the processor, the number of
threads, the seed and the verdicts that are accepted. A run in which none of these changed reads it instead of judging for a
minute and a half again. A kept verdict has its digest beside it, so that a damaged file is noticed.
"""

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from empirical import installation
from empirical.errors import StorageError
from empirical.runs import provenance
from empirical.storage import cache_root, make_folder, write_atomic
from verify.judging.drawn_examples import body_of
from verify.judging.error_rates import Chance
from verify.judging.verdicts import Status, Verdict
from verify.registry import CLAIMS, Claim

FOLDER = "verdicts"
# How many threads the libraries of linear algebra use, on which the last digits of a sum depend; where none is set, as many as
# there are cores.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
KEPT = frozenset({Status.SUPPORTED, Status.REFUTED, Status.INCONCLUSIVE})


def kept_or_judged(
    claim: Claim,
    chance: Chance,
    accept: frozenset[Status],
    judge: Callable[[], Verdict],
    say: Callable[[str], object],
) -> tuple[Verdict, bool]:
    """The verdict, and whether it was kept by an earlier run.

    Claims of other repositories are judged each time: of what their files import only our rooms are known. Nothing is kept from
    the moment when a source of ours is edited: what runs may be the earlier code, and the key is of the later.

    :param judge: judges the claim with this chance and these accepted verdicts.
    :param say: tells the user a line, where a kept verdict is damaged and so not used.
    """
    place = Path(body_of(claim.function).__code__.co_filename)
    if not place.is_relative_to(CLAIMS):
        return judge(), False
    file = cache_root() / FOLDER / f"{_key(claim, place, chance, accept)}.json"
    try:
        if verdict := _read(file):
            return verdict, True
    except (OSError, ValueError, KeyError, TypeError):
        say(f"{file} is damaged, and {claim.id} is judged again")
    verdict = judge()
    if verdict.status in KEPT and _edited() == AT_START:
        _keep(file, verdict)
    return verdict, False


def _edited() -> dict[Path, int]:
    """When each source of the rooms was edited last."""
    found = {}
    for path in (path for room in installation.ROOMS for path in (installation.ROOT / room).rglob("*.py")):
        with suppress(FileNotFoundError):
            found[path] = path.stat().st_mtime_ns
    return found


AT_START = _edited()


def _key(claim: Claim, place: Path, chance: Chance, accept: frozenset[Status]) -> str:
    """64 hexadecimal digits, equal where the verdict must be."""
    about = {
        "claim": claim.id,
        "chance": repr(chance),
        "accept": sorted(accept),
        "sources": provenance.sources(place.relative_to(provenance.ROOT).as_posix()),
        "machine": provenance.machine(),
        "threads": {name: os.environ.get(name, "") for name in THREADS},
        "cores": os.cpu_count(),
    }
    return _digest(about)


def _digest(record: dict) -> str:
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


def _read(file: Path) -> Verdict | None:
    """The verdict in the file; None where there is no file.

    :raises ValueError: the verdict is not the one that was kept. A file that is no record raises the errors of reading it.
    """
    if not file.exists():
        return None
    kept = json.loads(file.read_text(encoding="utf-8"))
    if kept["sha256"] != _digest(kept["verdict"]):
        raise ValueError
    return Verdict.from_record(kept["verdict"])


def _keep(file: Path, verdict: Verdict) -> None:
    try:
        make_folder(file.parent)
        record = verdict.record()
        write_atomic(file, json.dumps({"verdict": record, "sha256": _digest(record)}).encode())
    except StorageError:
        # The verdict stands without being kept, and the networks' own folder says what is wrong with the disk.
        return
