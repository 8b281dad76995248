"""The figures of Arpit et al. 2017, of one world and the worlds of noise beside it.

- kinds: the colour, the marker and the words of every kind of data.
- panels: panels of one figure that can be left out one by one.
- misclassification: how often images are misclassified after one epoch (figure 1).
- sensitivity: on how few images the loss depends, and how classes depend on each other (figures 3 and 4).
- best_accuracy: test accuracy over widths at three shares of noise (figure 5).
- time_to_loss: updates to a loss level over widths, or over numbers of images (figure 6).
- noise_levels: accuracies and critical samples over epochs, by share of noise (figures 7 and 8).
- critical_samples: critical samples over epochs, by kind of data (figure 9).
- regularizers: accuracies under regularizers, on true and on random labels (figures 10 and 11).
"""
