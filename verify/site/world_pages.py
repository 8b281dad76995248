"""What the page of a world shows: what was trained on what, accuracies, figures, verdicts, and how to make it again."""

from collections.abc import Iterable

from verify.report.ledger import Entry
from verify.site import words
from verify.site.material import Material
from verify.site.matrix import statement
from verify.worlds.summary import HEADINGS, Summary
from verify.worlds.world import State, declared_names
from verify.written_commands import BUNDLE, JUDGE

# Fields of a specification that say nothing to a reader, or that the summary has in words.
LEFT_OUT = {"name", "n_networks", "dataset", "n_classes", "train_images", "architecture", "width", "specs"}


def values(material: Material, name: str) -> dict:
    """The values of the template ``world.html`` for one world."""
    world, manifests, entries = material.worlds[name], material.manifests(name), material.of_world(name)
    return {
        "world": name,
        "about": world.about() or "made live: its networks are trained where it is judged, and cached",
        "summary": summary(material, name),
        "spec": specification([manifest["spec"] for manifest in manifests] or [material.spec(name)]),
        "made": made(manifests),
        "checks": checks(manifests),
        "entries": [(material.claims[entry.id], statement(material.claims[entry.id]), entry) for entry in entries],
        "counts": counts(entries),
        "figures": material.drawings.get(name, []),
        "command": _command(name, world.state),
    }


def summary(material: Material, name: str) -> dict[str, str]:
    """What was trained on what, and the accuracies reached, by their headings; empty where there is no evidence."""
    if not material.manifests(name) or (folder := material.folder(name)) is None:
        return {}
    cells = Summary.of(material.worlds[name], folder).cells()
    return {heading: cell for heading, cell in zip(HEADINGS[1:], cells[1:], strict=True) if cell}


def specification(specs: list[dict]) -> dict[str, str]:
    """The other fields of the run; where the runs of a sweep differ, all of their values."""
    found = {}
    for field in sorted(set(specs[0]) - LEFT_OUT):
        texts = list(dict.fromkeys(_text(spec.get(field)) for spec in specs))
        found[field.replace("_", " ")] = ", ".join(texts)
    return found


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def made(manifests: list[dict]) -> dict[str, str]:
    """Versions, device and digests of what made the evidence; empty where there is no evidence."""
    if not manifests:
        return {}
    provenance = manifests[0].get("provenance", {})
    versions = ", ".join(f"{name} {version}" for name, version in provenance.get("versions", {}).items())
    found = {"device": provenance.get("device"), "number type": provenance.get("dtype"), "versions": versions}
    found |= {"digest of the data": provenance.get("data_sha256"), "digest of the code": provenance.get("sources_sha256")}
    return {heading: str(text) for heading, text in found.items() if text}


def checks(manifests: list[dict]) -> str:
    """How many of the checks of the recording passed, and which did not."""
    found = {name: value for manifest in manifests for name, value in manifest.get("checks", {}).items()}
    failed = [name for name, value in found.items() if not value]
    passed = f"{len(found) - len(failed)} of {words.counted(len(found), 'check')} passed" if found else ""
    return f"{passed}; failed: {', '.join(failed)}" if failed else passed


def counts(entries: Iterable[Entry]) -> list[tuple[str, int]]:
    """(kind of verdict, how often) in the order of the legend."""
    kinds = [words.kind(entry.verdict.status) for entry in entries]
    return [(kind, kinds.count(kind)) for kind in words.LEGEND if kind in kinds]


def _command(name: str, state: State) -> str:
    """The command that trains and measures the world's networks; "" where no run of the package does."""
    if state is State.LIVE:
        return f"{JUDGE} --world {name}"
    return f"{BUNDLE} {name}" if name in declared_names() else ""
