"""One network of a run: the images and labels it is trained and measured on, and the network itself at any checkpoint."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from empirical import networks
from empirical.data import datasets
from empirical.data.noise import NoiseLaw, replaced
from empirical.data.permuted_labels import TrainingLabels, permute
from empirical.data.pixel_range import PixelRange
from empirical.errors import SpecError
from empirical.training import checkpoints
from empirical.training.devices import device_of

if TYPE_CHECKING:
    from empirical.runs.runspec import RunSpec


@dataclass(frozen=True)
class Subject:
    """The images and labels that one network of a run is trained and measured on.

    images: training images, some of them replaced by noise where the run says so, float32, (n, channels, height, width), on the
        run's device; all of CIFAR-100 takes 0.6 GB.
    labels: the true labels of these images, the labels trained on, and which labels were permuted.
    tests: the halves "select" and "report" of the test images; each has its images, on the run's device, and its true labels,
        on the processor, where they are counted. They are never noise.
    noisy: bool, (n,), which training images are noise.
    noise: the law of the noise; None in a run without noise.
    pixels: the range of pixel values in the units of the images.
    """

    spec: "RunSpec"
    network: int
    images: Tensor
    labels: TrainingLabels
    tests: dict[str, tuple[Tensor, Tensor]]
    n_classes: int
    noisy: np.ndarray
    noise: NoiseLaw | None
    pixels: PixelRange

    @classmethod
    def of(cls, spec: "RunSpec", network: int) -> "Subject":
        """The subject for one network of the run, with its own draw of classes, split and permutation of labels.

        :raises GeomemError: the run's device is not there, or the data set cannot be loaded or split.
        """
        device = device_of(spec)
        data = datasets.load(spec.dataset)
        if spec.n_classes != data.n_classes:
            data = data.of_classes(spec.rng(network, "classes").choice(data.n_classes, spec.n_classes, replace=False))
        parts = datasets.split(data, spec.split, spec.train_images, spec.rng(network, "split"))
        trained = permute(data.labels[parts.train], spec.permuted_fraction, data.n_classes, spec.rng(network, "labels"))
        images, noisy, noise = _with_noise(data.standardized(parts.train), spec, network)
        halves = (("select", parts.select), ("report", parts.report))
        tests = {name: (_placed(data.standardized(part), device), torch.from_numpy(data.labels[part])) for name, part in halves}
        return cls(
            spec, network, _placed(images, device), trained, tests, data.n_classes, noisy, noise, data.standardization.pixels
        )

    def all_images(self) -> Tensor:
        """The training images, then the test images of the halves "select" and "report", (n, channels, height, width)."""
        return torch.cat([self.images, *(images for images, _ in self.tests.values())])

    def fresh_noise(self, n: int) -> Tensor:
        """``n`` images of the noise that replaces training images, none of them trained on, (n, channels, height, width).

        They are the same in every call, and the first ones are the same for every ``n``.

        :raises SpecError: the run has no noise.
        """
        if self.noise is None:
            raise SpecError(
                f'{self.spec.name} has no images of noise, because its noise is "none"; set noise and noise_share in its TOML'
            )
        return _placed(self.noise.draw(n, self.spec.rng(self.network, "fresh noise")), self.images.device)

    @property
    def owner(self) -> str:
        """The name under which this network's checkpoints are written: the digest of the training and the network's number."""
        return f"{self.spec.training_digest}/{self.network}"

    def build(self) -> nn.Sequential:
        """The network at its initialization, on the run's device."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(self.spec.rng(self.network, "weights").integers(2**63)))
            shape = tuple(self.images.shape[1:])
            spec = self.spec
            model = networks.build(spec.architecture, spec.width, shape, self.n_classes, spec.batch_norm, spec.dropout)
            # torch's own types do not know this keyword of modules.
            return model.to(self.images.device).to(memory_format=memory_format(self.images))  # type: ignore

    def at(self, folder: Path, epoch: int) -> nn.Sequential:
        """The network at a checkpointed epoch, in evaluation mode.

        :param folder: the folder of the network's checkpoints.
        :raises CheckpointError: see :func:`empirical.training.checkpoints.load`.
        """
        state = checkpoints.load(checkpoints.path_of(folder, epoch), self.owner, epoch)[0]
        # Images of one channel are in both formats, and this one takes a third less time, also where there are several.
        model = self.build().to(memory_format=torch.channels_last)  # type: ignore
        model.load_state_dict(state)
        return model.eval()


def _with_noise(images: np.ndarray, spec: "RunSpec", network: int) -> tuple[np.ndarray, np.ndarray, NoiseLaw | None]:
    """The training images of a network with its noise, which of them are noise, (n,), and the law of the noise."""
    if spec.noise == "none":
        return images, np.zeros(len(images), dtype=bool), None
    law = NoiseLaw.of(spec.noise, images)
    return *replaced(images, spec.noise_share, law, spec.rng(network, "noise")), law


def _placed(images: np.ndarray, device: torch.device) -> Tensor:
    return laid_out(torch.from_numpy(images)).to(device)


def memory_format(images: Tensor) -> torch.memory_format:
    """The memory format for these images: channels last where there are several, because convolutions are faster then."""
    return torch.channels_last if images.shape[1] > 1 else torch.contiguous_format


def laid_out(images: Tensor) -> Tensor:
    """The images in the memory format for them."""
    return images.contiguous(memory_format=memory_format(images))
