"""Neural recordings as clouds: a stimulus is a manifold, a trial a point, a neuron a feature."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from theory.geometry.clouds.blocks import require_real

NEURONS, TRIALS, STIMULI = AXES = ("neurons", "trials", "stimuli")
FEWEST_TRIALS = 2
# Names of so many stimuli or neurons stand in a message.
MOST_NAMED = 5


def clouds_of_recording(responses: Any, axes: Sequence[str] = AXES) -> list[np.ndarray]:
    """The trials of each stimulus as points, a list of P arrays (M_i, N) in float64, for ``manifold_geometry``.

    Stimuli have as many points as trials: a trial in which every neuron is NaN, or masked, is missing and is left out, wherever
    it stands.

    :param responses: neurons by trials by stimuli, padded with NaN, or a masked array; anything that numpy reads.
    :param axes: the names of its axes, in their order, among them "trials" and "stimuli". All others, such as "neurons" and
        "time", become features, in their order.
    :raises ValueError: axes that do not fit; responses that are not real numbers or are infinite; a trial in which some neurons
        are missing and others not; or a stimulus with fewer than two trials. The message names trials and stimuli.
    """
    points = _in_order(responses, axes)
    missing = np.isnan(points)
    _require_whole(missing)
    if np.isinf(points).any():
        stimulus, trial, _ = np.argwhere(np.isinf(points))[0].tolist()
        raise ValueError(f"trial {trial} of stimulus {stimulus} has infinite responses: leave the trial out, with NaN")
    there = np.asarray(~missing.all(axis=2))
    few = np.flatnonzero(there.sum(axis=1) < FEWEST_TRIALS).tolist()
    if few:
        raise ValueError(
            f"a manifold needs {FEWEST_TRIALS} or more trials, and {_named('stimulus', 'stimuli', few)} "
            f"{'has' if len(few) == 1 else 'have'} fewer: leave them out, np.delete(responses, {few}, axis="
            f"{list(axes).index(STIMULI)})"
        )
    return [stimulus[trials] for stimulus, trials in zip(points, there, strict=True)]


def _in_order(responses: Any, axes: Sequence[str]) -> np.ndarray:
    """The responses with NaN where they are missing, (stimuli, trials, features)."""
    values = responses if np.ma.isMaskedArray(responses) else np.asarray(responses)
    require_real(values, "responses")
    names = list(axes)
    if len(set(names)) != len(names) or not {TRIALS, STIMULI} < set(names) or values.ndim != len(names) or 0 in values.shape:
        raise ValueError(
            f'axes must name each axis of responses once, "{TRIALS}", "{STIMULI}" and one or more of features; received '
            f"{tuple(names)} for responses of shape {values.shape}"
        )
    filled = np.ma.filled(values.astype(float), np.nan)
    features = [index for index, name in enumerate(names) if name not in (TRIALS, STIMULI)]
    moved = filled.transpose(names.index(STIMULI), names.index(TRIALS), *features)
    return moved.reshape(*moved.shape[:2], -1)


def _require_whole(missing: np.ndarray) -> None:
    """Raise an error where a trial has responses of some neurons only.

    :param missing: (stimuli, trials, features).
    """
    part = missing.any(axis=2) & ~missing.all(axis=2)
    if part.any():
        stimulus, trial = np.argwhere(part)[0].tolist()
        neurons = np.flatnonzero(missing[part].any(axis=0)).tolist()
        raise ValueError(
            f"trial {trial} of stimulus {stimulus} lacks {missing[stimulus, trial].sum()} of {missing.shape[2]} responses, and "
            f"{part.sum()} trials lack some: leave out {_named('neuron', 'neurons', neurons)} everywhere, or these trials: "
            "with neurons first, responses[:, np.isnan(responses).any(axis=0)] = np.nan"
        )


def _named(one: str, many: str, index: list[int]) -> str:
    more = f" and {len(index) - MOST_NAMED} more" if len(index) > MOST_NAMED else ""
    return f"{one if len(index) == 1 else many} {', '.join(map(str, index[:MOST_NAMED]))}{more}"
