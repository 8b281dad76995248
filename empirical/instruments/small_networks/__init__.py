"""Instruments that train networks of their own on a subject's images: small ones (Arpit et al. 2017), or the run's anew.

- data_kinds: the kinds of data that they are trained on.
- first_epochs: which examples are misclassified after one epoch, over many trainings.
- loss_sensitivity: how the loss depends on the examples that were trained on.
- label_errors: how well wrong labels are found, in the run's network trained anew on labels made wrong.
"""
