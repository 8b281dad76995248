"""A-08.slower: a training set whose images are all Gaussian noise takes longer to fit than a real one of the same size.

Arpit et al. 2017, figure 6: noise takes longer at every size. Time is the number of updates to a training loss of a tenth of
ln C, as for A-08. Its logarithm is compared network by network and averaged over the numbers of training images. Noise takes
longer by a tenth or more. Krueger et al. 2017, a workshop abstract of the same group, report the opposite for noise inputs.

A number of images is left out where a network of either world does not reach the loss; the slower world is then understated.
"""

from verify import Relation, claim, dominates
from verify.claims.arpit2017.claim_a08 import WHERE
from verify.counterfeits import exchanged
from verify.measurements.memorization.time_to_loss import times_to_loss
from verify.measurements.sweeps import Sweep


@claim("A-08.slower", beside="-randX", counterfeit=exchanged("-randX"), **WHERE)
def claim_noise_inputs_take_longer(sweep: Sweep) -> Relation:
    return takes_longer(sweep, "-randX")


@claim("A-08.slower.randXpix", beside="-randXpix", counterfeit=exchanged("-randXpix"), **{**WHERE, "source": "ours"})
def claim_noise_by_pixel_takes_longer(sweep: Sweep) -> Relation:
    """A-08.slower.randXpix: a training set whose images are all noise, pixel by pixel, takes longer to fit than a real one.

    Arpit et al. 2017, figure 6, as A-08.slower, for Gaussian noise in which every pixel has the mean and the deviation that
    it has in the data.
    """
    return takes_longer(sweep, "-randXpix")


@claim("A-08.slower.randY", beside="-randY", counterfeit=exchanged("-randY"), **{**WHERE, "source": "ours"})
def claim_random_labels_take_longer(sweep: Sweep) -> Relation:
    """A-08.slower.randY: random labels take longer to fit than the true labels of the same images.

    Arpit et al. 2017, figure 6, as A-08.slower, for real images with all labels permuted.
    """
    return takes_longer(sweep, "-randY")


def takes_longer(sweep: Sweep, kind: str) -> Relation:
    """The relation that one kind of noise takes longer to fit than real data, on average over the numbers of images."""
    times = times_to_loss(sweep, sweep.beside(kind))
    real, noise = times.logs
    return dominates(noise, real, effect=0.1, unit="log time", note=times.left_out)
