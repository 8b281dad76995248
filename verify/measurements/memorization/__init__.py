"""What claims about noise in place of data compare (Arpit et al. 2017).

- small_networks: error counts and loss sensitivities of small networks that instruments train themselves.
- widths: the best test accuracy over widths, at three shares of noise.
- time_to_loss: the number of updates until the training loss is low, over the values of a sweep.
- regularizers: what regularizers cost on true labels, and suppress on random labels.
- critical_samples: critical sample ratios, and how much they rise.
- noise_levels: the step from no noise to the smallest share of noise.
"""
