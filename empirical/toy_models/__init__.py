"""Small networks that claims about theory draw and train during the check, in float64.

- linear_networks: layers that reproduce images, deep linear networks, linear regression.
- small_networks: gradients of groups, of labellings and of single logits.
- kernel_descent: gradient descent of a linear model.
"""
