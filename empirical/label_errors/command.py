"""The options of ``python -m empirical label-errors``, and what it does: draw a sample to verify, or train and rank."""

import argparse
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from empirical.data import examples
from empirical.data.examples import Examples
from empirical.errors import LabelsError
from empirical.label_errors import own_network, page, verified
from empirical.label_errors.false_discoveries import expected_power
from empirical.label_errors.own_network import label_errors
from empirical.label_errors.table import GEOMETRY, SCORES, LabelTable

Progress = Callable[[str], AbstractContextManager[Callable[[float, float], None]]]
TABLE = "label-errors.csv"
# For which the power is said beforehand: shares of wrong labels, and how well scores separate them.
SHARES, AUROCS = (0.02, 0.05, 0.1, 0.2), (0.9, 0.97, 0.99)


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    command.add_argument(
        "data",
        type=Path,
        help="DATA.npz with images and labels; or a folder of images with labels.csv, or with a sub-folder for each class",
    )
    command.add_argument("--into", type=Path, required=True, help="folder of the table and the page; with --draw, a .csv file")
    command.add_argument("--draw", type=int, metavar="N", help="write a random sample of N examples to verify, and stop")
    command.add_argument("--verified", type=Path, metavar="CSV", help="the sample that --draw wrote, filled in")
    command.add_argument("--fdr", type=float, default=0.1, help="rate of false discoveries (default: 0.1)")
    command.add_argument("--by", choices=SCORES, default=GEOMETRY, help="the score that ranks (default: %(default)s)")
    command.add_argument("--network", default="mlp", help=f"one of {', '.join(own_network.WIDTHS)} (default: mlp)")
    command.add_argument("--width", type=int, help="channels of its first layer, or hidden units")
    command.add_argument("--epochs", type=int, default=own_network.EPOCHS, help="at most (default: %(default)s)")
    command.add_argument("--batch-size", type=int, default=own_network.BATCH, help="(default: %(default)s)")
    command.add_argument("--learning-rate", type=float, default=own_network.RATE, help="(default: %(default)s)")
    command.add_argument("--held-out", type=float, default=own_network.HELD_OUT, help="share (default: %(default)s)")
    command.add_argument("--seed", type=int, default=0, help="(default: 0)")


def run(options: argparse.Namespace, progress: Progress) -> str:
    """Do what the options say; what is to be printed.

    :param progress: the progress of a training under these words; it is called with (epochs done, epochs at most).
    :raises GeomemError: a file, an option or the data are wrong.
    """
    _check(options)
    found = examples.read(options.data)
    if options.draw is not None:
        return draw(found, options.draw, options.into, options.fdr, options.seed)
    sample = verified.read(options.verified, len(found.labels)) if options.verified else None
    same = ("network", "width", "epochs", "batch_size", "learning_rate", "held_out", "seed", "by")
    passed_on = {name: getattr(options, name) for name in same}
    with progress("training") as report:
        table = label_errors(found, found.labels, verified=sample, report=report, **passed_on)
    table.write_csv(options.into / TABLE, found.names, found.classes)
    written = page.write_worst(options.into, table, found, options.fdr, f"Label errors in {options.data.name}")
    return "\n".join([*told(table, options.fdr), f"{options.into / TABLE}", f"{written}"])


def draw(found: Examples, size: int, into: Path, rate: float, seed: int) -> str:
    """Write a random sample to verify, and a page that shows it; what is to be printed."""
    if into.suffix != ".csv":
        raise LabelsError(f"--draw writes a file, and --into is {into}; name a .csv file, such as verify.csv")
    index = verified.drawn(len(found.labels), size, seed)
    names = [found.names[number] for number in index.tolist()] if found.names else None
    verified.write(into, index, found.words(index), names)
    lines = [
        f"{into}: say of each of the {size} labels whether it is right, yes or no, and leave none out; then "
        "give the file as --verified"
    ]
    if found.have_pictures:
        lines.append(f"{page.write_sample(into.parent, f'{into.stem}.html', index, found)}: the images")
    return "\n".join([*lines, "", *power_told(size, rate)])


def power_told(size: int, rate: float) -> list[str]:
    """What a sample of this size can be expected to find, in lines."""
    lines = [
        f"What {size} verified examples can be expected to find, with {rate:.0%} of the reports false on average or fewer: the",
        "share of the wrong labels that is reported, by the share that is wrong and by how well scores separate them.",
        f"{'wrong':>8}" + "".join(f"{f'AUROC {auroc:g}':>13}" for auroc in AUROCS),
    ]
    for share in SHARES:
        found = [expected_power(size, share, auroc, rate) for auroc in AUROCS]
        lines.append(f"{share:>8.0%}" + "".join(f"{one.found:>13.0%}" for one in found))
    least = expected_power(size, 0.0, 0.9, rate).least
    few = SHARES[0]
    return [
        *lines,
        f"Fewer than {least:.1%} of all labels are never reported. Where {few:.0%} are wrong, {round(1 / (rate * few)):,} "
        "or more have to be verified.",
    ]


def told(table: LabelTable, rate: float) -> list[str]:
    """What was found, in lines."""
    twice = f", twice the epoch of least held-out loss ({table.best})" if table.epochs == 2 * table.best else ""
    lines = [*(f"warning: {note}" for note in table.warnings), f"scores averaged over {table.epochs} epochs{twice}"]
    if table.why_no_p:
        return [*lines, f"{table.why_no_p}: --draw 150 --into verify.csv"]
    n_right, n_verified = int((table.verified == 1).sum()), int((table.verified >= 0).sum())
    reported = len(table.reported(rate))
    promise = f"on average {rate:.0%} of such reports or fewer are right labels"
    if not table.is_random:
        promise = "how many of these are right is not known, because the sample is not random"
    lines += [
        f"{n_verified - n_right} of {n_verified} verified labels are wrong",
        f"{reported:,} of the other {len(table) - n_verified:,} labels are reported as wrong; {promise}",
    ]
    if not reported:
        least = 1 / (rate * (n_right + 1))
        lines.append(
            f"with {n_right} right labels verified, labels are reported only where these are {least:.1%} of all or more: "
            "verify more"
        )
    return lines


def _check(options: argparse.Namespace) -> None:
    for name, low, high in (("fdr", 0, 1), ("held_out", 0, 1), ("learning_rate", 0, float("inf"))):
        value = getattr(options, name)
        if not low < value < high:
            raise LabelsError(f"--{name.replace('_', '-')} must be between {low} and {high}; received {value}")
    for name in ("epochs", "batch_size", "width"):
        value = getattr(options, name)
        if value is not None and value < 1:
            raise LabelsError(f"--{name.replace('_', '-')} must be 1 or more; received {value}")
    if options.draw is not None and options.verified:
        raise LabelsError("--draw writes a sample to verify, and --verified reads it; give one of them")
