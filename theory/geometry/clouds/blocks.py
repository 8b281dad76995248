"""Clouds of any kind as blocks (p, M, N), points in rows; a block holds the manifolds of one array."""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import array_api_compat as api
import numpy as np

from theory.geometry.clouds.host import clouds_on_host
from theory.geometry.clouds.masked import is_masked, without_masked

Array = Any
Clouds = Array | Sequence[Array]  # (P, M, N), or P arrays (M_i, N)
MORE_POINTS = "every manifold has more points than features"


def blocks_of(clouds: Clouds) -> list[Array]:
    """Blocks (p, M, N): a single block where the clouds are one array, else one block per manifold.

    Integers and booleans count as numbers. A one-dimensional numpy array of objects is a list of its members, and a mapping a
    list of its values. Points of masked arrays that are masked as a whole are left out.

    :raises ValueError: clouds that are complex, sparse, of objects, of several libraries, of different widths, or empty; or a
        point of which a part is masked.
    """
    clouds = without_masked(clouds) if is_masked(clouds) else clouds
    if isinstance(clouds, np.ndarray) and clouds.dtype == object and clouds.ndim == 1:
        clouds = list(clouds)
    clouds = clouds_on_host(listed(clouds))
    if api.is_array_api_obj(clouds):
        stacked: Array = clouds
        if stacked.ndim != 3 or 0 in stacked.shape:
            raise ValueError(f"clouds must be (manifolds, points, features), none of them 0; received shape {stacked.shape}")
        require_real(stacked, "clouds")
        return [stacked]
    blocks = [_cloud(cloud, index) for index, cloud in enumerate(clouds)]
    if len({api.array_namespace(block) for block in blocks}) > 1:
        raise ValueError("clouds must be of one array library; received several: convert them to one")
    if not blocks or len({block.shape[1] for block in blocks}) != 1:
        raise ValueError(
            f"clouds must be one or more, of one width; received widths {[b.shape[1] for b in blocks]}. Points stand in rows, "
            "features in columns"
        )
    return [block[None, :, :] for block in blocks]


def listed(clouds: Any) -> Any:
    """The clouds, in a list unless they are one array; of a mapping, such as classes by name, its values."""
    if api.is_array_api_obj(clouds):
        return clouds
    return list(clouds.values()) if isinstance(clouds, Mapping) else list(clouds)


def _cloud(cloud: Any, index: int) -> Array:
    """One manifold, (M, N)."""
    if hasattr(cloud, "toarray"):
        raise ValueError(f"manifold {index} must be dense; received {type(cloud).__name__}: pass cloud.toarray()")
    # Subclasses of numpy's array, such as matrices, have rules of their own.
    block: Array = cloud if api.is_array_api_obj(cloud) and not isinstance(cloud, np.ndarray) else np.asarray(cloud)
    if block.ndim != 2 or 0 in block.shape:
        raise ValueError(f"manifold {index} must be (points, features), neither of them 0; received shape {block.shape}")
    require_real(block, f"manifold {index}")
    return block


def require_real(values: Array, name: str) -> None:
    """Raise an error unless the values are real numbers, integers or booleans; the message says what to pass instead.

    Complex values are refused and not stacked: whether real and imaginary parts are features of their own is for the user to
    say.

    :raises ValueError: complex values, objects, text.
    """
    kind = getattr(values.dtype, "kind", "")
    if kind == "c" or "complex" in str(values.dtype):
        raise ValueError(
            f"{name} must be real; received {values.dtype}: pass real and imaginary parts as features, "
            "concatenate([z.real, z.imag], axis=-1)"
        )
    if kind in ("O", "S", "U", "M", "m"):
        raise ValueError(
            f"{name} must be numbers; received dtype {values.dtype}: convert to float, and pass manifolds of different sizes "
            "as a list of (M_i, N) arrays"
        )


def warn_of_layout(blocks: list[Array], stacklevel: int = 3) -> None:
    """Warn where every manifold has more points than features, as clouds with features in rows have.

    Few features are no mistake: the text :data:`MORE_POINTS` is what a filter of warnings finds.
    """
    fewest, width = min(block.shape[1] for block in blocks), blocks[0].shape[2]
    if fewest > width:
        warnings.warn(
            f"{MORE_POINTS}: M >= {fewest}, N = {width}. Points stand in rows here, (M, N). If yours are features by points, "
            "(N, M), as in neural_manifolds_replicaMFT, pass [cloud.T for cloud in clouds]; if they are neurons by trials by "
            "stimuli, pass theory.geometry.clouds_of_recording(responses)",
            stacklevel=stacklevel,
        )
