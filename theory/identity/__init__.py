"""Networks trained to reproduce one image, and what they return for other images (Zhang et al. 2020).

In reading order:

    gaussian_cosines         cosines of a Gaussian vector with other vectors
    identity_maps            output of a layer, trained to reproduce images, for images it was not trained on
    rotation_symmetry        exact law of outputs of fully connected networks that reproduce images
    wide_networks            output of wide fully connected networks that reproduce one image, over depth and gain
    convolutional_kernels    kernels of networks of convolutions between the pixels of two images
    one_image_outputs        output of wide convolutional networks that reproduce one image
    border_growth            what convolutional networks can return for constant and for shifted images
"""
