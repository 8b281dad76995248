"""What gradient descent learns from true and from permuted labels.

In reading order:

    permuted_gradient        moments of the gradient of permuted examples, for any network
    permuted_gradient_share  the size of that gradient relative to the gradient of unpermuted examples
    early_learning           losses of permuted and unpermuted examples over time, for exchangeable kernels
    fitting_times            times to fit true labels, permuted labels and noise, against the number of examples
    misclassification_counts how often examples are misclassified over runs, where none is easier than another of its class
    linear_learning_curves   training and test error of linear networks with noisy labels over time
    deep_linear_networks     features of deep linear networks, layer by layer
"""
