"""Where a run's networks live: on the processor, or on a GPU."""

import torch

from empirical.errors import GeomemError
from empirical.runs.training_spec import TrainingSpec


def device_of(spec: TrainingSpec) -> torch.device:
    """The device a run asks for.

    A GPU is told to try out which algorithm is fastest, and to round its float32 products to float32: by default it
    takes the factors of convolutions with 10 bits.

    :raises GeomemError: it is not there.
    """
    if spec.device == "cuda":
        if not torch.cuda.is_available():
            raise GeomemError(
                f"the run asks for device cuda, and torch {torch.__version__} finds none here: run it on a machine with "
                "an NVIDIA GPU and a torch built for it, or add --device cpu, which takes hundreds of times longer"
            )
        torch.backends.cudnn.benchmark = True
        torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
    return torch.device(spec.device)
