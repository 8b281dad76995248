"""The merging of bundles of some networks of a run, made on different machines or days, into one bundle."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from empirical.errors import GeomemError
from empirical.evidence.bundle import (
    Bundle,
    all_passed,
    is_made,
    of_networks,
    read_bundle,
    table_file,
    table_sha256,
    write_bundle,
)
from empirical.runs.folders import OUTPUTS
from empirical.runs.network_numbers import words
from empirical.runs.runspec import RunSpec, from_values
from empirical.storage import cache_root, make_folder, write_atomic

# Numbers of one world and one instrument share these; versions, devices and processors may differ.
SAME = ("spec_sha256", "sources_sha256", "measuring_sources_sha256", "data_sha256")
# A manifest has these entries for the whole, and one for each part.
OF_A_PART = ("networks", "provenance", "made", "table_sha256")


class MergeError(GeomemError):
    """The bundles are not parts of one bundle."""


@dataclass(frozen=True)
class Part:
    """A bundle to be merged, and its picture of outputs if network 0 is among its networks."""

    folder: Path
    bundle: Bundle
    outputs: bytes | None

    @classmethod
    def of(cls, folder: Path) -> "Part":
        """The bundle in a folder, after a check that neither its table nor its picture was edited.

        :raises MergeError: a file was edited, or an earlier version wrote the bundle.
        :raises EvidenceMissing: the folder has no bundle.
        """
        bundle = read_bundle(folder)
        about = bundle.manifest
        if "final_digests" not in about:
            raise MergeError(f"{folder} does not say which networks it has; make the bundle again with this version")
        table = table_file(folder, about)
        _require_written(table, table_sha256(table) == bundle.digest)
        outputs = None
        if "outputs_sha256" in about:
            path = folder / OUTPUTS
            outputs = path.read_bytes() if path.is_file() else b""
            _require_written(path, hashlib.sha256(outputs).hexdigest() == about["outputs_sha256"])
        return cls(folder, bundle, outputs)

    @property
    def networks(self) -> list[int]:
        """The numbers of the networks of this part."""
        return self.bundle.manifest["networks"]

    @property
    def origins(self) -> list[dict]:
        """The records of where the part comes from: of the part itself, or of the parts that it was merged from."""
        about = self.bundle.manifest
        return about.get("parts") or [{name: about[name] for name in OF_A_PART}]


def merge_bundles(spec: RunSpec, folders: Sequence[Path], root: Path | None = None) -> Path:
    """The folder of the bundle of all networks in the given bundles; the bundle is written unless it is there.

    :param folders: folders of the bundles.
    :param root: folder of all runs; None stands for :func:`empirical.storage.cache_root`.
    :returns: a folder whose name depends on the content of the parts.
    :raises GeomemError: the bundles are not parts of one bundle; the message names them.
    """
    parts = sorted((Part.of(folder) for folder in folders), key=lambda part: part.networks)
    for part in parts:
        _require_of(spec, part, parts[0])
    _require_disjoint(parts)
    content = hashlib.sha256("".join(part.bundle.digest for part in parts).encode()).hexdigest()[:16]
    target = (root or cache_root()) / f"{spec.name}-merged-{content}" / "bundle"
    if not is_made(target):
        for part in parts:
            if part.outputs is not None:
                write_atomic(make_folder(target) / OUTPUTS, part.outputs)
        write_bundle(target, _manifest(parts), (row for part in parts for row in part.bundle.rows))
    return target


def _manifest(parts: list[Part]) -> dict:
    abouts = [part.bundle.manifest for part in parts]
    finals = {int(network): digest for about in abouts for network, digest in about["final_digests"].items()}
    pictures = [about["outputs_sha256"] for about in abouts if "outputs_sha256" in about]
    origins = sorted((origin for part in parts for origin in part.origins), key=lambda origin: origin["networks"])
    provenances = _distinct(origin["provenance"] for origin in origins)
    kept = {name: abouts[0][name] for name in ("world", "spec", "n_classes", "quantities")}
    return {
        **kept,
        **of_networks(finals, all_passed(about["checks"] for about in abouts)),
        **({"outputs_sha256": pictures[0]} if pictures else {}),
        "provenance": provenances[0] if len(provenances) == 1 else provenances,
        "made": _made([origin["made"] for origin in origins]),
        "parts": origins,
    }


def _distinct(records: Iterable[dict]) -> list[dict]:
    texts = dict.fromkeys(json.dumps(record, sort_keys=True) for record in records)
    return [json.loads(text) for text in texts]


def _made(parts: list[dict]) -> dict:
    """When the last part was made, the time for all parts, and the machines and commits of the parts."""
    named = {name: {part.get(name, "unknown") for part in parts} for name in ("host", "commit")}
    return {
        "utc": max(part["utc"] for part in parts),
        **{
            name: round(sum(part[name] for part in parts), 1)
            for name in ("seconds", "training_seconds", "measuring_seconds")
            if all(name in part for part in parts)
        },
        **{name: ", ".join(sorted(found)) for name, found in named.items()},
    }


def _require_written(path: Path, as_written: bool) -> None:
    if not as_written:
        raise MergeError(
            f"{path} was edited: it does not have the digest in its manifest; restore it, or make the bundle again"
        )


def _require_of(spec: RunSpec, part: Part, first: Part) -> None:
    about = part.bundle.manifest
    if from_values(about["spec"]) != spec:
        raise MergeError(
            f"{part.folder} is of another run than {spec.name}, or of an earlier specification of it; give the .toml file of "
            "its run"
        )
    for name in SAME:
        one, other = (_only(each.origins, name) for each in (part, first))
        if one != other:
            raise MergeError(
                f"{part.folder} and {first.folder} have different {name} ({one[:12]}, {other[:12]}), so their numbers cannot "
                "be compared; make both bundles with one version and one copy of the data"
            )


def _only(origins: list[dict], name: str) -> str:
    """The value that all parts of a bundle share; parts with different values are not merged."""
    return origins[0]["provenance"][name]


def _require_disjoint(parts: list[Part]) -> None:
    seen: dict[int, Path] = {}
    for part in parts:
        if twice := seen.keys() & set(part.networks):
            others = ", ".join(str(seen[network]) for network in sorted(twice)[:1])
            raise MergeError(
                f"{part.folder} and {others} both have the networks {words(twice)}; leave one bundle out, or make bundles "
                "without common networks"
            )
        seen |= dict.fromkeys(part.networks, part.folder)
