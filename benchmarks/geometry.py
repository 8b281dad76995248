"""The time and memory of manifold geometry, compared with the published implementation.

Run ``python -m benchmarks.geometry``. Without options it measures the published cases, and then how the time grows with each
size. The small VGG needs torch; all other cases need numpy only.
"""

import argparse
import importlib.util
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import against, machine, scaling, worlds
from benchmarks.case import run_apart

# Seconds of the published implementation on two cores, and the goals for this implementation.
PUBLISHED = {"readme": 84.0, "pixels": 313.0, "layer": (25.0, 133.0)}
GOALS = {"readme": 0.6, "pixels": 2.0, "layer": 0.3}
README = {"n_manifolds": 100, "n_points": 50, "n_features": 5000, "n_probes": 200, "correlations": "published"}
PIXELS = {"n_manifolds": 50, "n_points": 100, "n_probes": 200, "correlations": "published"}
DEVICE = {"n_manifolds": 100, "n_points": 50, "n_features": 65536, "n_probes": 300, "correlations": "published"}
WIDE = {"n_manifolds": 100, "n_points": 50, "n_probes": 300, "correlations": 0}
# What the geometry of one moment of a network takes: the manifolds of permuted, unpermuted, restored and test images.
MOMENT = {**WIDE, "network": "quarter", "groups": 4, "baseline": True}
TINY = {"n_manifolds": 6, "n_points": 5, "n_features": 30, "n_probes": 10}
CORRECTIONS = {"K = 0": 0, "published K": "published", "cavity": "cavity"}
EPOCHS = 10
COLUMNS = 130
TORCH = importlib.util.find_spec("torch") is not None


def main(arguments: list[str] | None = None) -> int:
    """The exit status, after printing tables and writing all numbers to the JSON file."""
    options = _parser().parse_args(arguments)
    if options.data and not worlds.has_cifar(options.data):
        print(f"--data {options.data} has no {worlds.TRAIN}: unpack CIFAR-100's binary version there", file=sys.stderr)
        return 1
    if (options.layers or options.device) and not TORCH:
        print("--layers and --device need torch, which is not installed: python -m pip install torch", file=sys.stderr)
        return 1
    if options.json and not options.json.parent.is_dir():
        print(f"--json {options.json}: there is no folder {options.json.parent}; make it, or choose another", file=sys.stderr)
        return 1
    try:
        before = against.load(options.against) if options.against else {}
    except against.NoNumbers as error:
        print(error, file=sys.stderr)
        return 1
    console, out = Console(stderr=True), Console(width=None if sys.stdout.isatty() else COLUMNS)
    found = {"about": machine.about(), "cases": [], "scaling": []}
    with tempfile.TemporaryDirectory() as folder:
        for case in _cases(options, Path(folder), console):
            asked = {name: value for name, value in case.items() if name not in ("data", "file")}
            found["cases"].append({**asked, **run_apart(case)})
            _say(console, found["cases"][-1])
    if not (options.layers or options.device or options.no_scaling):
        for symbol, words, growing in scaling.cases(options.quick):
            found["scaling"].append({"grows": symbol, "with": words, **scaling.measure(growing)})
    for table in _tables(found, before):
        out.print(table)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if options.against and all(against.ratio(case, before) is None for case in found["cases"]):
        print(f"--against {options.against}: it has none of these cases in this size", file=sys.stderr)
        return 1
    slower = against.slower(found["cases"], before)
    for name, value in slower.items():
        print(f"{name} takes {value:.2f} times as long as in {options.against}", file=sys.stderr)
    return int(bool(slower))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.geometry", description=__doc__)
    parser.add_argument(
        "--data", type=Path, help=f"folder with {worlds.TRAIN}; without it the digits are used, and pixels are left out"
    )
    parser.add_argument("--quick", action="store_true", help="tiny sizes, to see that everything runs; the times mean nothing")
    parser.add_argument("--no-scaling", action="store_true", help="measure the published cases only")
    parser.add_argument(
        "--layers",
        choices=["vgg16", "moment"],
        help="measure all layers of VGG16, and a layer of a million features, instead; or what the geometry of one moment of "
        "cifar100-vgg16-quarter takes, four groups with their shuffled baselines",
    )
    parser.add_argument("--device", help="measure large cases on a torch device, such as cuda, instead")
    parser.add_argument("--json", type=Path, help="write all numbers to this file")
    parser.add_argument(
        "--against",
        type=Path,
        nargs="?",
        const=against.RELEASED,
        help="compare with the numbers of this file (without a name: the last release's), and fail where a case takes more "
        f"than {against.SLOWER:g} times as long",
    )
    return parser


def _cases(options, folder: Path, console: Console) -> Iterator[dict]:
    small = {"repeats": 1, "side": 50} if options.quick else {}
    tiny = {**TINY, **small} if options.quick else {}

    def kind(name: str) -> dict:
        return {} if options.quick else {"kind": name}

    if options.layers:
        some = {"n_manifolds": 3, "n_points": 3, "n_probes": 10, "side": 50} if options.quick else {}
        if options.layers == "moment":
            yield from ({"name": f"moment, {words}", **MOMENT, "correlations": k, **some} for words, k in CORRECTIONS.items())
            return
        yield from ({"name": f"network {name}", "network": name, **WIDE, **some} for name in (options.layers, "million"))
        return
    if options.device:
        yield {"name": "README example", **README, **tiny, **kind("readme"), "device": options.device}
        yield {"name": "wide layer", **DEVICE, **tiny, "device": options.device}
        return
    yield {"name": "README example", **README, **tiny, **kind("readme")}
    if TORCH:
        yield from _layers(options, folder, console, {**small, **kind("layer")})
    else:
        console.print("no torch: the layers of a small VGG are left out")
    if options.data:
        fewer = {"n_manifolds": 6, "n_points": 5, "n_probes": 10} if options.quick else {}
        yield {"name": "CIFAR-100 pixels", **kind("pixels"), "data": str(options.data.resolve()), **PIXELS, **fewer, **small}


def _layers(options, folder: Path, console: Console, small: dict) -> Iterator[dict]:
    start, data = time.perf_counter(), options.data and str(options.data.resolve())
    epochs = 1 if options.quick else EPOCHS
    files = run_apart({"network": "small VGG", "folder": str(folder), "data": data, "epochs": epochs})["files"]
    console.print(f"trained a small VGG on {'CIFAR-100' if options.data else 'digits'} in {time.perf_counter() - start:.0f} s")
    probes = {"n_probes": 10 if options.quick else 300, "correlations": "published", **small}
    for layer, file in files.items():
        yield {"name": f"small VGG {layer}", "file": file, **probes}


def _say(console: Console, found: dict) -> None:
    console.print(f"{found['name']}: {found['seconds']:.2f} s, {found['peak_bytes'] / 2**20:.0f} MiB")


def _tables(found: dict, before: dict[str, dict]) -> Iterator[Table]:
    about = found["about"]
    title = (
        f"geometry: {about['cores']} cores, OMP_NUM_THREADS {about['threads']}, numpy {about['numpy']}, torch {about['torch']}"
    )
    table = Table(title=title)
    _fill(table, [_times(one, before) for one in found["cases"]])
    yield table
    table = Table(title="where the time goes: shares of inner products, centres, solver; worst certificate; memory")
    _fill(table, [_details(one) for one in found["cases"]])
    yield table
    if found["scaling"]:
        table = Table("grows", "with", "from, to", "seconds", "exponent", "last doubling", title="how the time grows")
        for one in found["scaling"]:
            wall = ", ".join(f"{seconds:.3f}" for seconds in one["seconds"])
            first, last = (one["cases"][i]["name"].split()[1] for i in (0, -1))
            table.add_row(one["grows"], one["with"], f"{first}, {last}", wall, f"{one['exponent']:.2f}", f"{one['last']:.2f}")
        yield table


def _fill(table: Table, rows: list[dict[str, str]]) -> None:
    for heading in rows[0]:
        table.add_column(heading, justify="left" if heading == "case" else "right")
    for row in rows:
        table.add_row(*row.values())


def _times(one: dict, before: dict[str, dict]) -> dict[str, str]:
    published, goal = PUBLISHED.get(one.get("kind", "")), GOALS.get(one.get("kind", ""))
    span = published if isinstance(published, tuple) else (published,) if published else ()
    ratio = against.ratio(one, before) if before else None
    spread = f" ({one['fastest']:.2f}-{one['slowest']:.2f})" if "fastest" in one else ""
    return {
        "case": one["name"],
        "P, M, N": ", ".join(map(str, one["shape"])),
        "published s": " to ".join(f"{value:.0f}" for value in span),
        "ours s": f"{one['seconds']:.2f}{spread}",
        "processor s": f"{one['processor_seconds']:.2f}",
        "goal s": f"{goal or ''}",
        "times faster": " to ".join(f"{value / one['seconds']:.0f}" for value in span),
        **({"of the time then": "" if ratio is None else f"{ratio:.2f}"} if before else {}),
    }


def _details(one: dict) -> dict[str, str]:
    shares = {name: f"{share:.0%}" for name, share in one["shares"].items() if name in ("inner products", "centres", "solver")}
    before, peak = (one[name] / 2**20 for name in ("bytes_before", "peak_bytes"))
    return {
        "case": one["name"],
        "probes/s": f"{one['probes_per_second']:,.0f}" if "probes_per_second" in one else "",
        **{name: shares.get(name, "") for name in ("inner products", "centres", "solver")},
        "certificate": f"{one['kkt_residual']:.0e}",
        "MiB before, peak": f"{before:.0f}, {peak:.0f}",
        "of GEMM rate": f"{one['product_rate_reached']:.0%} of {one['product_rate'] / 1e9:.0f} GF/s"
        if "product_rate" in one
        else "",
    }


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", str(os.cpu_count() or 1))
    sys.exit(main())
