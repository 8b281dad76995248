"""Libraries that compile every operation for every shape, such as jax: their arrays are measured by numpy.

A measurement has hundreds of small operations, whose shapes change with the points that the probes touch. jax compiles each of
them for each shape, which took 30 s for 32 clouds of 20 points where numpy took 0.2 s.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import array_api_compat as api
import numpy as np

from theory.geometry.grams import Grams

Array = Any


def compiles(values: Any) -> bool:
    """Whether the values, or the first of a list, are an array of a library that compiles or delays operations."""
    first = values[0] if isinstance(values, list | tuple) and len(values) else values
    return api.is_lazy_array(first)


def on_host(values: Array) -> np.ndarray:
    """The values as a numpy array of their own precision, or in float32 where numpy has no such precision."""
    found = np.asarray(values)
    return found if found.dtype.kind in "fiubcO" else found.astype(np.float32)


def clouds_on_host(clouds: Any) -> Any:
    """The clouds as numpy arrays where their library compiles operations, else as they are."""
    if not compiles(clouds):
        return clouds
    return [on_host(cloud) for cloud in clouds] if isinstance(clouds, list | tuple) else on_host(clouds)


def grams_on_host(grams: Grams) -> Grams:
    """The inner products as numpy arrays where their library compiles operations, else as they are."""
    if not compiles(grams.centers):
        return grams
    moved = {field.name: _moved(getattr(grams, field.name)) for field in fields(grams)}
    return Grams(**moved)


def _moved(part: Any) -> Any:
    if part is None or isinstance(part, int):
        return part
    return [on_host(block) for block in part] if isinstance(part, list) else on_host(part)


def given_back(columns: Mapping[str, np.ndarray], like: Any) -> dict[str, Array]:
    """The columns in the library of ``like``, or as they are where it solves itself.

    jax keeps float32 unless ``jax_enable_x64`` is set.
    """
    if not compiles(like):
        return dict(columns)
    first = like[0] if isinstance(like, list | tuple) else like
    xp = api.array_namespace(first)
    return {name: xp.asarray(values) for name, values in columns.items()}
