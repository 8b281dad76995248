"""Recorded evidence: a folder that holds one bundle, or one bundle for every value of a sweep."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from empirical.evidence.bundle import MANIFEST, read_bundle, read_manifest
from empirical.storage import cache_root
from verify.measurements.runs import Runs
from verify.measurements.sweeps import Sweep, in_order
from verify.worlds.kept_tables import kept_or_read

EVIDENCE = Path(__file__).parents[1] / "evidence"
# The fields of a manifest, and of its spec, that judging reads; the table's digest stands for the table.
JUDGED = ("table_sha256", "n_classes", "networks", "slices", "checks")
JUDGED_OF_SPEC = ("architecture", "fitted", "instruments", "n_networks", "permuted_fraction")
# Evidence recorded before runs had this field keeps the digests under which its verdicts are registered. Comparisons of later
# worlds read every field, to see that the worlds differ in nothing else.
COMPARED = "noise"


def swept(folder: Path) -> str:
    """The field that differs between the bundles of a folder; "" where it is one bundle, or none."""
    return next((path.parent.name.partition("-")[0] for path in sorted(folder.glob(f"*-*/{MANIFEST}"))), "")


def bundles(folder: Path) -> list[Path]:
    """The folders of the bundles, in the order of the values of a sweep."""
    field = swept(folder)
    return in_order(path.parent for path in folder.glob(f"{field}-*/{MANIFEST}")) if field else [folder]


def manifests(folder: Path) -> list[dict]:
    """The manifests of the bundles, in the order of :func:`bundles`.

    :raises EvidenceMissing: there is no manifest.
    :raises TableError: a manifest was edited.
    """
    return [_manifest(*stamped(path)) for path in bundles(folder)]


def digest(folder: Path) -> str:
    """The digest of all that judging reads, of tables and of manifests; raises as :func:`manifests`."""
    read = [[*map(manifest.get, JUDGED), *_of_spec(manifest)] for manifest in manifests(folder)]
    return hashlib.sha256(json.dumps(read, sort_keys=True).encode()).hexdigest()


def _of_spec(manifest: dict) -> list:
    spec = manifest["spec"]
    every = COMPARED in spec or "permuted_fraction" not in spec
    return [spec[name] for name in sorted(spec) if name != "name"] if every else [*map(spec.get, JUDGED_OF_SPEC)]


def runs(folder: Path) -> Runs | Sweep:
    """The measurements; raises as :func:`manifests`, and TableError where a table cannot be parsed."""
    found = [_runs(*stamped(path)) for path in bundles(folder)]
    return Sweep.of(folder.name, swept(folder), found, manifests(folder)) if swept(folder) else found[0]


def about(folder: Path) -> str:
    """When and on what machine the evidence was made, and on how many networks; raises as :func:`manifests`."""
    first, field = manifests(folder)[0], swept(folder)
    made, provenance = first.get("made", {}), first.get("provenance", {})
    n_networks = len(first.get("networks", range(first["spec"]["n_networks"])))
    parts = [f"recorded {made.get('utc', '')[:10] or 'at a date its manifest does not say'}{_machine(provenance)}"]
    if field:
        values = ", ".join(path.name.partition("-")[2] for path in bundles(folder))
        parts += [f"{field} {values}", f"{n_networks} networks each"]
    else:
        parts.append(f"{n_networks} networks")
    if commit := made.get("commit") or provenance.get("commit"):
        parts.append(commit if " " in commit else f"commit {commit[:12]}{commit[40:]}")
    return ", ".join([*parts, f"digest {digest(folder)[:12]}"])


def _machine(provenance: dict) -> str:
    processor = str(provenance.get("processor", "")).rpartition("-")[0]
    machine = f"{provenance.get('device', '')} {processor}".strip()
    return f" on {machine}" if machine else ""


def stamped(folder: Path) -> tuple[Path, tuple[int, ...]]:
    """A bundle's folder and the times of its files: a bundle is read again only after its files change."""
    return folder, tuple(path.stat().st_mtime_ns for path in sorted(folder.glob("*")) if path.is_file())


@lru_cache(maxsize=256)
def _manifest(folder: Path, stamps: tuple[int, ...]) -> dict:
    return read_manifest(folder)


@lru_cache(maxsize=64)
def _runs(folder: Path, stamps: tuple[int, ...]) -> Runs:
    kept = any(folder.absolute().is_relative_to(place) for place in (EVIDENCE, cache_root()))
    return kept_or_read(folder) if kept else Runs.of(read_bundle(folder))


def is_evidence(folder: Path) -> bool:
    """Whether a folder is a bundle, or holds the bundles of a sweep."""
    return (folder / MANIFEST).is_file() or bool(swept(folder))
