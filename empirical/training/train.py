"""The training of one network, which resumes after a kill at any moment.

Random numbers are drawn from streams named by network and epoch, so that no generator state has to be saved. On one processor
a resumed training is bit-identical to an uninterrupted one. On a GPU it is not: the order in which some sums are taken varies.
"""

from pathlib import Path

import torch

from empirical.errors import CheckpointError, GeomemError
from empirical.training import checkpoints
from empirical.training.sgd import Steps, optimizer_of
from empirical.training.subject import Subject


def train(subject: Subject, folder: Path) -> None:
    """Train one network to its last epoch and write its checkpoints to ``folder``; resume from the checkpoints found there.

    :raises GeomemError: the loss is not finite.
    :raises StorageError: the disk is full; the same command resumes the training.
    """
    spec, model, device = subject.spec, subject.build(), subject.images.device
    optimizer = optimizer_of(model, spec, device)
    done = _resume(model, optimizer, folder, subject)
    if done < 0:
        _save(model, optimizer, folder, subject.owner, 0)
    steps = Steps(model, optimizer, subject.images, torch.from_numpy(subject.labels.trained).to(device), spec)
    keep = set(spec.checkpoint_epochs())
    for epoch in range(max(done, 0) + 1, spec.epochs + 1):
        # What a network draws in training, dropout and noise, it draws from the epoch's own stream.
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(spec.rng(subject.network, "dropout", epoch).integers(2**63)))
            one_epoch(steps, subject, epoch)
        if epoch in keep:
            _save(model, optimizer, folder, subject.owner, epoch)


def one_epoch(steps: Steps, subject: Subject, epoch: int) -> None:
    """Train on every training image once, in the order drawn for this epoch.

    :raises GeomemError: the loss is not finite.
    """
    steps.model.train()
    order = subject.spec.rng(subject.network, "order", epoch).permutation(len(subject.images))
    batches = torch.from_numpy(order).to(subject.images.device).split(subject.spec.batch_size)
    for step, batch in enumerate(batches):
        # A linear rate is 0 at the end of the last epoch.
        progress = (epoch - 1 + step / len(batches)) / subject.spec.epochs if subject.spec.schedule == "linear" else 0
        loss = steps.take(batch, subject.spec.learning_rate * (1 - progress))
    if not torch.isfinite(loss):
        raise GeomemError(
            f"network {subject.network}: the loss is {loss.item()} in epoch {epoch}, so training cannot go on; lower "
            f"learning_rate (now {subject.spec.learning_rate}) in the run's TOML"
        )


def _save(model, optimizer, folder, owner, epoch) -> None:
    """Write the weights first, then the state to resume from: a kill between the two repeats epochs and never skips one."""
    state = model.state_dict()
    checkpoints.save(checkpoints.path_of(folder, epoch), state, owner, epoch)
    momenta = {
        f"momentum.{name}": optimizer.state[parameter]["momentum_buffer"]
        for name, parameter in model.named_parameters()
        if "momentum_buffer" in optimizer.state[parameter]
    }
    checkpoints.save(folder / checkpoints.LAST, {**state, **momenta}, owner, epoch)


def _resume(model, optimizer, folder, subject) -> int:
    """Restore the last saved state and return its epoch, or -1 where no saved state can be trusted."""
    try:
        state, epoch = checkpoints.load(folder / checkpoints.LAST, subject.owner)
        for kept in (e for e in subject.spec.checkpoint_epochs() if e <= epoch):
            checkpoints.load(checkpoints.path_of(folder, kept), subject.owner, kept)
    except CheckpointError:
        return -1
    for name, parameter in model.named_parameters():
        momentum = state.pop(f"momentum.{name}", None)
        if momentum is not None:
            # In the memory format of the parameter: the file has none.
            optimizer.state[parameter]["momentum_buffer"] = torch.empty_like(parameter, requires_grad=False).copy_(momentum)
    model.load_state_dict(state)
    return epoch
