"""All figures of one world as SVG files, with the same bytes every time."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from matplotlib import rc_context
from matplotlib.figure import Figure

from empirical.errors import GeomemError, StorageError
from empirical.storage import make_folder, write_atomic
from verify.figures.accuracies import accuracies
from verify.figures.double_descent import double_descent
from verify.figures.geometry import geometry, geometry_epochs
from verify.figures.gradients import gradients
from verify.figures.identity.borders import borders
from verify.figures.identity.copying import copying
from verify.figures.identity.gains import gains
from verify.figures.identity.reproduced import reproduced
from verify.figures.memorization.best_accuracy import best_accuracy
from verify.figures.memorization.critical_samples import critical_samples
from verify.figures.memorization.misclassification import misclassification
from verify.figures.memorization.noise_levels import noise_levels
from verify.figures.memorization.regularizers import regularizer_curves, regularizers
from verify.figures.memorization.sensitivity import class_sensitivity, sensitivity
from verify.figures.memorization.time_to_loss import time_to_loss
from verify.figures.outputs import outputs
from verify.figures.probes import probes
from verify.figures.rewinding import rewinding
from verify.figures.style import LOOK, TEXT, svg, titled
from verify.judging.verdicts import EvidenceError
from verify.measurements.runs import Runs
from verify.measurements.sweeps import Sweep

OF_RUNS = (
    *(accuracies, geometry, geometry_epochs, gradients, rewinding, probes),
    *(misclassification, sensitivity, class_sensitivity, critical_samples, noise_levels),
)
# By the field that is swept.
OF_SWEEPS = {
    "width": (double_descent, best_accuracy, time_to_loss),
    "train_images": (double_descent, time_to_loss),
    "noise_share": (noise_levels,),
    "permuted_fraction": (noise_levels,),
    "regularizers": (regularizers, regularizer_curves),
}
# The first line of each function, which says what its figure shows.
ABOUT = {
    figure.__name__: (figure.__doc__ or figure.__name__).partition("\n")[0]
    for figure in (
        *OF_RUNS,
        *(one for found in OF_SWEEPS.values() for one in found),
        outputs,
        reproduced,
        copying,
        borders,
        gains,
    )
}


class FigureError(GeomemError):
    """A figure could not be written; the message says where and why, and what to do."""


def draw(runs: Runs | Sweep, bundle: Path, out: Path, as_text: bool = False) -> Iterator[tuple[Path, str]]:
    """Draw every figure that the world's measurements allow, and yield each file with why it was left out, or "".

    :param bundle: the folder of the world's bundle.
    :param out: the folder of the files, which is made if it is missing.
    :param as_text: keep text as text, with a title and a description for who does not see the figure.
    :raises FigureError: a file could not be written.
    """
    for name, figure in _figures(runs, bundle).items():
        try:
            with rc_context(LOOK | TEXT if as_text else LOOK):
                content = svg(figure())
        except EvidenceError as error:
            yield out / f"{name}.svg", str(error)
        else:
            described = titled(content, f"{runs.world}: {name.replace('_', ' ')}", ABOUT[name]) if as_text else content
            _keep(out, f"{name}.svg", described)
            yield out / f"{name}.svg", ""


def _figures(runs: Runs | Sweep, bundle: Path) -> dict[str, Callable[[], Figure]]:
    if isinstance(runs, Sweep) and "n_images" in runs.runs[0].spec:
        # Networks that reproduce images.
        pictured = {figure.__name__: partial(figure, runs, bundle) for figure in (reproduced, copying, borders)}
        return pictured | {gains.__name__: partial(gains, runs)}
    if isinstance(runs, Sweep):
        return {figure.__name__: partial(figure, runs) for figure in OF_SWEEPS.get(runs.field, (double_descent,))}
    return {figure.__name__: partial(figure, runs) for figure in OF_RUNS} | {"outputs": partial(outputs, runs, bundle)}


def _keep(out: Path, name: str, content: bytes) -> None:
    try:
        write_atomic(make_folder(out) / name, content)
    except StorageError as error:
        cause = getattr(error.__cause__, "strerror", error)
        raise FigureError(f"cannot write {out / name}: {cause}; give --out a folder you can write to") from error
