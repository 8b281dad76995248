"""Instruments that train small networks of their own on a subject's images (Arpit et al. 2017).

- data_kinds: the kinds of data that they are trained on.
- first_epochs: which examples are misclassified after one epoch, over many trainings.
- loss_sensitivity: how the loss depends on the examples that were trained on.
"""
