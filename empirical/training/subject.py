"""What one network of a run is trained and measured on, and the network itself, at its initialization or at a checkpoint."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from empirical import networks
from empirical.data import datasets
from empirical.data.permuted_labels import TrainingLabels, permute
from empirical.training import checkpoints
from empirical.training.devices import device_of

if TYPE_CHECKING:
    from empirical.runs.runspec import RunSpec


@dataclass(frozen=True)
class Subject:
    """What one network of a run is trained and measured on.

    images: training images (n, channels, height, width), float32, on the run's device: 0.6 GB for all of CIFAR-100.
    labels: their true labels, the labels trained on, and which were permuted.
    tests: the halves "select" and "report": images, on the device, and true labels, which are only counted, each.
    """

    spec: "RunSpec"
    network: int
    images: Tensor
    labels: TrainingLabels
    tests: dict[str, tuple[Tensor, Tensor]]
    n_classes: int

    @classmethod
    def of(cls, spec: "RunSpec", network: int) -> "Subject":
        """Draw the classes, the split and the permutation of one network.

        :raises GeomemError: no such device here; or what loading and splitting the data set raise.
        """
        device = device_of(spec)
        data = datasets.load(spec.dataset)
        if spec.n_classes != data.n_classes:
            data = data.of_classes(spec.rng(network, "classes").choice(data.n_classes, spec.n_classes, replace=False))
        parts = datasets.split(data, spec.split, spec.train_images, spec.rng(network, "split"))
        images, true = laid_out(torch.from_numpy(data.images)), torch.from_numpy(data.labels)
        trained = permute(data.labels[parts.train], spec.permuted_fraction, data.n_classes, spec.rng(network, "labels"))
        halves = (("select", parts.select), ("report", parts.report))
        tests = {name: (images[part].to(device), true[part]) for name, part in halves}
        return cls(spec, network, images[parts.train].to(device), trained, tests, data.n_classes)

    def all_images(self) -> Tensor:
        """Training images, then both halves of the test images, "select" first."""
        return torch.cat([self.images, *(images for images, _ in self.tests.values())])

    @property
    def owner(self) -> str:
        """Whose checkpoints these are: the way of training and the network."""
        return f"{self.spec.training_digest}/{self.network}"

    def build(self) -> nn.Sequential:
        """The network at its initialization."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(self.spec.rng(self.network, "weights").integers(2**63)))
            shape = tuple(self.images.shape[1:])
            spec = self.spec
            model = networks.build(spec.architecture, spec.width, shape, self.n_classes, spec.batch_norm, spec.dropout)
            # torch's own types do not know this keyword of modules.
            return model.to(self.images.device).to(memory_format=memory_format(self.images))  # type: ignore

    def at(self, folder: Path, epoch: int) -> nn.Sequential:
        """The network as it was at a checkpointed epoch, in evaluation mode.

        :raises CheckpointError: see :func:`empirical.training.checkpoints.load`.
        """
        state = checkpoints.load(checkpoints.path_of(folder, epoch), self.owner, epoch)[0]
        model = self.build()
        model.load_state_dict(state)
        return model.eval()


def memory_format(images: Tensor) -> torch.memory_format:
    """Channels last where there are several: convolutions are faster then."""
    return torch.channels_last if images.shape[1] > 1 else torch.contiguous_format


def laid_out(images: Tensor) -> Tensor:
    """The images in their memory format."""
    return images.contiguous(memory_format=memory_format(images))
