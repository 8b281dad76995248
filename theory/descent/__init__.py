"""Where gradient descent can stay, and what a layer keeps of its input on the way there.

In reading order:

    stable_interpolation   networks that interpolate points of a sphere with a small largest eigenvalue of the Hessian
    reconstruction         how well inputs are reconstructed from the outputs of a single layer that learns
"""
