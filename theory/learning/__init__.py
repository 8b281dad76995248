"""What gradient descent learns from true and from permuted labels.

In reading order:

    permuted_gradient        moments of the gradient of permuted examples, for any network
    permuted_gradient_share  the size of that gradient relative to the gradient of unpermuted examples
    exchangeable_kernels     kernels that depend on the classes of examples only, and their rates of learning
    early_learning           losses of permuted and unpermuted examples over time, for exchangeable kernels
    fitting_times            times to fit true labels, permuted labels and noise, against the number of examples
    label_noise              moments of permuted labels
    misclassification_counts how often examples are misclassified over runs, where none is easier than another of its class
    linear_learning_curves   training and test error of linear networks with noisy labels over time
    deep_linear_networks     features of deep linear networks, layer by layer
    gaussian_cosines         cosines of a Gaussian vector with other vectors
    identity_maps            output of a layer, trained to reproduce images, for images it was not trained on
    rotation_symmetry        exact law of outputs of fully connected networks that reproduce images
    wide_networks            output of wide fully connected networks that reproduce one image, over depth and gain
    convolutional_kernels    kernels of networks of convolutions between the pixels of two images
    one_image_outputs        output of wide convolutional networks that reproduce one image
    border_growth            what convolutional networks can return for constant and for shifted images
"""
