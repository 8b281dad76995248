"""Networks small enough that their boundaries are known: by a formula, or on a grid."""

import numpy as np
import torch
from torch import nn

from empirical.data.pixel_range import PixelRange

# Pixels of 0..1 in standardized units of two channels: a grey level differs between the channels.
PIXELS = PixelRange(np.array([-0.5, -1.0], np.float32), np.array([2.05, 4.1], np.float32))


def linear(n_classes, side=4, seed=0):
    """A linear map from images of two channels to logits, in evaluation mode."""
    torch.manual_seed(seed)
    return nn.Sequential(nn.Flatten(), nn.Linear(2 * side**2, n_classes)).eval()


def distances(model, images, pixels=PIXELS):
    """The distance of each image from the nearest boundary in the max norm, in grey levels: margin over the 1-norm."""
    weights, bias = model[1].weight.detach().double(), model[1].bias.detach().double()
    logits = images.flatten(1).double() @ weights.T + bias
    steps = torch.from_numpy(pixels.step).double().repeat_interleave(images[0, 0].numel())
    own = logits.argmax(1)
    apart = ((weights[own][:, None] - weights[None]).abs() * steps).sum(2)
    margins = logits.gather(1, own[:, None]) - logits
    return torch.where(apart > 0, margins / apart, torch.inf).amin(1)


def drawn_images(n, side=4, seed=0):
    """Images with all pixels within the range of pixel values."""
    low, high = (torch.from_numpy(ends)[:, None, None] for ends in (PIXELS.low, PIXELS.high))
    return low + (high - low) * torch.rand((n, 2, side, side), generator=torch.Generator().manual_seed(seed))
