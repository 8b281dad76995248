"""The device of a run's networks: the processor or a GPU."""

import torch

from empirical.errors import GeomemError
from empirical.runs.training_spec import TrainingSpec


def device_of(spec: TrainingSpec) -> torch.device:
    """The device that the run asks for.

    For a GPU this also sets two options of torch. cuDNN times its algorithms and uses the fastest. Products of float32 numbers
    are computed in float32; by default torch rounds the factors of convolutions to 10 bits (TF32).

    :raises GeomemError: the run asks for a GPU, and torch finds none.
    """
    if spec.device == "cuda":
        if not torch.cuda.is_available():
            raise GeomemError(
                f"the run asks for device cuda, and torch {torch.__version__} finds none here; use a machine with an NVIDIA "
                "GPU and a torch built for it, or add --device cpu, which takes hundreds of times longer"
            )
        torch.backends.cudnn.benchmark = True
        torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
    return torch.device(spec.device)
