"""A-08: the time to fit a training set grows faster with its size where all images are Gaussian noise.

Arpit et al. 2017, figure 6 right: because of the patterns that underlie real data, more data does not increase the training
time as much as it does for noise. Time is the number of updates to a training loss of a tenth of ln C. The exponent of time
over the number of training images is a least-squares slope of logarithms for each network number. It is larger for noise by a
quarter or more: with ten times as many images, the time for noise is multiplied by 1.8 times as much. Time in epochs would
have exponents smaller by 1, and the same difference.

A number of images is left out where a network of either world does not reach the loss. Noise is the slowest at large numbers,
so that what is left understates its exponent.
"""

from verify import Relation, claim, dominates
from verify.counterfeits import exchanged
from verify.measurements.memorization.time_to_loss import times_to_loss
from verify.measurements.sweeps import Sweep

WHERE = {"needs": "loss", "sweep": "train_images", "labels": "clean", "source": "figure"}


@claim("A-08", beside="-randX", counterfeit=exchanged("-randX"), **WHERE)
def claim_noise_inputs_slow_more_with_size(sweep: Sweep) -> Relation:
    return slows_more(sweep, "-randX")


@claim("A-08.randXpix", beside="-randXpix", counterfeit=exchanged("-randXpix"), **{**WHERE, "source": "ours"})
def claim_noise_by_pixel_slows_more_with_size(sweep: Sweep) -> Relation:
    """A-08.randXpix: the time to fit a training set grows faster with its size where all images are noise, pixel by pixel.

    Arpit et al. 2017, figure 6 right, whose noise has one mean and deviation for all pixels. This is A-08 for Gaussian noise
    in which every pixel has the mean and the deviation that it has in the data.
    """
    return slows_more(sweep, "-randXpix")


@claim("A-08.randY", beside="-randY", counterfeit=exchanged("-randY"), **{**WHERE, "source": "ours"})
def claim_random_labels_slow_more_with_size(sweep: Sweep) -> Relation:
    """A-08.randY: the time to fit a training set grows faster with its size where all labels are random.

    Arpit et al. 2017, figure 6 right, whose noise is in the inputs; this is A-08 for real images with all labels permuted.
    """
    return slows_more(sweep, "-randY")


def slows_more(sweep: Sweep, kind: str) -> Relation:
    """The relation that time grows faster with the number of images for one kind of noise than for real data."""
    times = times_to_loss(sweep, sweep.beside(kind))
    real, noise = times.exponents()
    return dominates(noise, real, effect=0.25, unit="exponent of size", note=times.left_out)
