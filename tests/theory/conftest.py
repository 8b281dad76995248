"""One test body, every array library: on a device that refuses to be read by numpy where there is one."""

import importlib.util
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest


@dataclass(frozen=True)
class Backend:
    """An array library, a device and a precision."""

    xp: Any
    device: Any
    dtype: str

    def array(self, values):
        return self.xp.asarray(np.asarray(values), dtype=getattr(self.xp, self.dtype), device=self.device)

    def numpy(self, array) -> np.ndarray:
        """Back, after a look at where it was: a result in another library fell back silently."""
        assert type(array) is type(self.array(0.0))
        assert str(array.device) == str(self.array(0.0).device)
        return np.asarray(self.xp.asarray(array, device="cpu") if self.device == "cuda" else _on_host(array), dtype=float)

    @property
    def tolerance(self) -> float:
        """What two backends may differ by: 4 sqrt(eps), of float32 where it is used."""
        return 4 * float(np.sqrt(np.finfo(self.dtype).eps))


def _on_host(array):
    return array.to_device(type(array.device)("CPU_DEVICE")) if "device1" in str(array.device) else array


def _backends():
    yield "numpy", "float64"
    yield "numpy", "float32"
    for name in ("array_api_strict", "torch"):
        if importlib.util.find_spec(name):
            yield name, "float64"
            yield name, "float32"
    if importlib.util.find_spec("torch"):
        import torch

        if torch.cuda.is_available():
            yield "cuda", "float64"
            yield "cuda", "float32"


@pytest.fixture(params=list(_backends()), ids=lambda pair: "-".join(pair))
def backend(request) -> Backend:
    name, dtype = request.param
    if name == "numpy":
        return Backend(np, None, dtype)
    module = importlib.import_module("torch" if name == "cuda" else name)
    return Backend(
        module, {"array_api_strict": _refusing, "cuda": lambda _: "cuda", "torch": lambda _: None}[name](module), dtype
    )


def _refusing(strict):
    """A device whose arrays numpy may not read."""
    return strict.Device("device1")
