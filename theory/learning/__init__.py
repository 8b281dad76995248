"""What gradient descent learns from true and from permuted labels.

In reading order:

    permuted_gradient        moments of the gradient of permuted examples, for any network
    permuted_gradient_share  the size of that gradient relative to the gradient of unpermuted examples
    exchangeable_kernels     kernels that depend on the classes of examples only, and their rates of learning
    early_learning           losses of permuted and unpermuted examples over time, for exchangeable kernels
    fitting_times            times to fit true labels, permuted labels and noise, against the number of examples
    label_noise              moments of permuted labels
    kernel_flow              how outputs respond to labels during training, from a kernel
    output_gaps              how far apart the outputs of right and of wrong labels are, and when furthest
    alignment_laws           the law of an example's alignment with the examples of its label, over permutations
    mislabel_detection       how well alignment ranks mislabeled examples
    loss_drops               alignment summed over training, and the drop of the loss
    misclassification_counts how often examples are misclassified over runs, where none is easier than another of its class
    linear_learning_curves   training and test error of linear networks with noisy labels over time
    deep_linear_networks     features of deep linear networks, layer by layer
"""
