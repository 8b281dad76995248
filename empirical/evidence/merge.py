"""Bundles of some networks of one run, made on other machines or days, as one bundle."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from empirical.errors import GeomemError
from empirical.evidence.bundle import TABLE, Bundle, all_passed, is_made, of_networks, read_bundle, write_bundle
from empirical.runs.folders import OUTPUTS
from empirical.runs.network_numbers import words
from empirical.runs.runspec import RunSpec, from_values
from empirical.storage import cache_root, make_folder, write_atomic

# What must be the same for numbers to be of one world and one instrument; versions, devices and processors may differ.
SAME = ("spec_sha256", "sources_sha256", "measuring_sources_sha256", "data_sha256")
# What a manifest says of the whole, and each part for itself.
OF_A_PART = ("networks", "provenance", "made", "table_sha256")


class MergeError(GeomemError):
    """Bundles that are not parts of one."""


@dataclass(frozen=True)
class Part:
    """A bundle to be merged, and its picture of outputs where it has network 0's."""

    folder: Path
    bundle: Bundle
    outputs: bytes | None

    @classmethod
    def of(cls, folder: Path) -> "Part":
        """Read it; nothing edited gets a new seal.

        :raises MergeError: edited, or of an earlier version. :raises EvidenceMissing: there is none.
        """
        bundle = read_bundle(folder)
        about = bundle.manifest
        if "final_digests" not in about:
            raise MergeError(f"{folder} does not say which networks it is of; make it again with this version")
        _require_written(folder / TABLE, bundle.digest)
        outputs = folder / OUTPUTS if "outputs_sha256" in about else None
        if outputs:
            _require_written(outputs, about["outputs_sha256"])
        return cls(folder, bundle, outputs.read_bytes() if outputs else None)

    @property
    def networks(self) -> list[int]:
        """Those it is of."""
        return self.bundle.manifest["networks"]

    @property
    def origins(self) -> list[dict]:
        """Where it comes from: itself, or the parts that it was merged of."""
        about = self.bundle.manifest
        return about.get("parts") or [{name: about[name] for name in OF_A_PART}]


def merge_bundles(spec: RunSpec, folders: Sequence[Path], root: Path | None = None) -> Path:
    """Write the bundle of all networks in the bundles given, or find it written.

    :returns: its folder, named by its parts.
    :raises GeomemError: the bundles are not parts of one; the message names them.
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
    """When the last part was made, how long all took, on which machines and of which commits."""
    named = {name: {part.get(name, "unknown") for part in parts} for name in ("host", "commit")}
    return {
        "utc": max(part["utc"] for part in parts),
        "seconds": round(sum(part["seconds"] for part in parts), 1),
        **{name: ", ".join(sorted(found)) for name, found in named.items()},
    }


def _require_written(path: Path, sha: str) -> None:
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha:
        raise MergeError(f"{path} was edited: it is not the file that its manifest names; restore it, or make the bundle again")


def _require_of(spec: RunSpec, part: Part, first: Part) -> None:
    about = part.bundle.manifest
    if from_values(about["spec"]) != spec:
        raise MergeError(f"{part.folder} is of another run than {spec.name} as it is specified here; give the .toml of its run")
    for name in SAME:
        one, other = (_only(each.origins, name) for each in (part, first))
        if one != other:
            raise MergeError(
                f"{part.folder} and {first.folder} have different {name} ({one[:12]}, {other[:12]}): their numbers cannot be "
                "compared; make both with the same version and data"
            )


def _only(origins: list[dict], name: str) -> str:
    """What all parts of a bundle share: it would not have been merged otherwise."""
    return origins[0]["provenance"][name]


def _require_disjoint(parts: list[Part]) -> None:
    seen: dict[int, Path] = {}
    for part in parts:
        if twice := seen.keys() & set(part.networks):
            others = ", ".join(str(seen[network]) for network in sorted(twice)[:1])
            raise MergeError(f"{part.folder} and {others} both have the networks {words(twice)}; leave one out, or make others")
        seen |= dict.fromkeys(part.networks, part.folder)
