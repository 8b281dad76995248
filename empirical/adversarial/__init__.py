"""Adversarial examples: images near a given image to which a network assigns another class.

- boxes: the images near given images, with lengths in grey levels.
- langevin: the search for an adversarial example near each image (LASS).
- certificates: whether points are adversarial examples, without the search that found them.
"""
