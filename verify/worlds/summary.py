"""A summary of the recorded worlds from their bundles: networks, time and the accuracy reached. Needs no torch."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from empirical.evidence.names import PERMUTED, TEST, TURNING_POINT, UNPERMUTED
from verify.judging.verdicts import EvidenceError
from verify.measurements.runs import Runs
from verify.measurements.sweeps import Sweep
from verify.worlds import recorded
from verify.worlds.world import State, World

HEADINGS = (
    *("world", "network", "data", "permuted share", "networks", "epochs", "hours"),
    *("unpermuted", "permuted", "test best", "test end", "made"),
)
SECONDS = ("training_seconds", "measuring_seconds")
HOUR = 3600


@dataclass(frozen=True)
class Summary:
    """One recorded world in words and numbers.

    network: architecture and width. data: data set, classes and training images of each. permuted_share: of the labels.
    networks, epochs: numbers of them, of every run of a sweep.
    hours: of one core, for training and measuring; "wall" follows where only the time of the command is known.
    unpermuted, permuted: training accuracy at the end. test_best, test_end: test accuracy at the turning point and at the end.
        Means over networks, from lowest to highest over the runs of a sweep.
    made: date and commit.
    """

    world: str
    network: str
    data: str
    permuted_share: str
    networks: str
    epochs: str
    hours: str
    unpermuted: str
    permuted: str
    test_best: str
    test_end: str
    made: str

    @classmethod
    def of(cls, world: World, folder: Path) -> "Summary":
        """The summary of a recorded world; raises as :func:`verify.worlds.recorded.manifests`."""
        manifests, found = recorded.manifests(folder), world.runs(None)
        spec, made = manifests[0]["spec"], manifests[0].get("made", {})
        if "permuted_fraction" not in spec:
            return cls._of_images(world.name, manifests)
        runs = found.runs if isinstance(found, Sweep) else (found,)
        field = found.field if isinstance(found, Sweep) else ""
        specs = [manifest["spec"] for manifest in manifests]
        return cls(
            world.name,
            f"{spec['architecture']} {_span([one['width'] for one in specs if 'width' in one], 'g')}".strip(),
            _data(specs),
            _span([one["permuted_fraction"] for one in specs], ".0%"),
            f"{len(manifests)} x {len(runs[0].networks)}" if field else str(len(runs[0].networks)),
            str(spec.get("epochs", "")),
            _hours([manifest.get("made", {}) for manifest in manifests]),
            _over(runs, UNPERMUTED),
            _over(runs, PERMUTED),
            _over(runs, TEST, best=True),
            _over(runs, TEST),
            f"{made.get('utc', '')[:10]} {made.get('commit', '')[:7]}".strip(),
        )

    @classmethod
    def _of_images(cls, name: str, manifests: list[dict]) -> "Summary":
        """The summary of networks that reproduce images, which have neither labels nor epochs."""
        spec, made = manifests[0]["spec"], manifests[0].get("made", {})
        hours = f"{sum(manifest['made']['seconds'] for manifest in manifests) / HOUR:.2f}"
        return cls(
            name,
            f"{spec['architecture']} {' to '.join(map(str, sorted({manifest['spec']['width'] for manifest in manifests})))}",
            f"{spec['dataset']} {spec['side']} x {spec['side']}, {spec['n_images']:,} of them",
            "",
            f"{len(manifests)} x {spec['n_networks']}",
            "",
            hours,
            *("", "", "", ""),
            f"{made.get('utc', '')[:10]} {made.get('commit', '')[:7]}".strip(),
        )

    def cells(self) -> tuple[str, ...]:
        """The values in the order of :data:`HEADINGS`."""
        return tuple(vars(self).values())


def summaries(worlds: Mapping[str, World]) -> list[Summary]:
    """The summaries of the recorded worlds."""
    return [Summary.of(world, world.recorded) for world in worlds.values() if world.state is State.RECORDED and world.recorded]


def markdown(rows: Iterable[Summary]) -> str:
    """The summaries as a table of a page."""
    lines = [HEADINGS, ["---"] * len(HEADINGS), *(row.cells() for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _data(specs: list[dict]) -> str:
    """Data set, classes and training images of each; recorders of other loops may not say what they trained on."""
    images = _span([one["train_images"] // one["n_classes"] for one in specs if "train_images" in one], ",.0f")
    return f"{specs[0].get('dataset', '')} {specs[0]['n_classes']} x {images or '?'}".strip()


def _over(runs: Iterable[Runs], group: str, best: bool = False) -> str:
    """The accuracy of a group over the runs, at the turning point or at the last epoch."""
    return _span([value for one in runs for value in _reached(one, group, best)])


def _reached(runs: Runs, group: str, best: bool) -> list[float]:
    """The mean accuracy over networks; none where the group was not measured."""
    try:
        accuracy = runs.accuracy(group, TURNING_POINT) if best else runs.accuracy(group)[:, -1]
    except EvidenceError:
        return []
    return [float(accuracy.mean())]


def _hours(made: list[dict]) -> str:
    if all(name in one for one in made for name in SECONDS):
        return f"{sum(one[name] for one in made for name in SECONDS) / HOUR:.1f}"
    if all("seconds" in one for one in made):
        return f"{sum(one['seconds'] for one in made) / HOUR:.1f} wall"
    return ""


def _span(values: list[float], form: str = ".2f") -> str:
    """The lowest and the highest value, or the one value; "" for none."""
    if not values:
        return ""
    low, high = (format(np.float64(value), form) for value in (min(values), max(values)))
    return low if low == high else f"{low} to {high}"
