"""Wrong labels found while a network trains on them; loads torch only to train a network of its own.

- cross_entropy: the loss of an example under its given label, from logits.
- class_means: the class-mean margin, from features that come batch by batch, and no example in its own class mean.
- early_average: averages of scores to twice the epoch of least held-out loss, in memory that does not grow with epochs.
- columns: whether the columns of the logits stand for the classes of the labels.
- inputs: labels, indices and rows of numbers of any framework, checked.
- watch: the watch on a training loop of any framework.
- verified: the random sample that a person verifies, drawn and read.
- false_discoveries: p- and q-values from the verified sample, the test that it is random, and the power to expect.
- table: the ranked examples, and how they are written.
- own_network: one of our networks trained on them and watched.
- page: the page of the most suspicious images.
- command: the options of ``python -m empirical label-errors``, and what it does.
"""

from empirical.label_errors.own_network import label_errors
from empirical.label_errors.watch import LabelWatch

__all__ = ["LabelWatch", "label_errors"]
