"""What gradient descent learns, of true and of permuted labels.

In reading order:

    permuted_gradient        moments of the gradient of permuted examples, for any network
    permuted_gradient_share  how large that gradient is beside the unpermuted one
    exchangeable_kernels     kernels that know of examples only their classes, and how fast they learn
    early_learning           losses of permuted and unpermuted examples over time, under such kernels
    label_noise              moments of permuted labels
    linear_learning_curves   training and test error of linear networks with noisy labels over time
    deep_linear_networks     features of deep linear networks, layer by layer
    identity_maps            what a layer that reproduces its training images does to others
"""
