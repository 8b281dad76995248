"""The number of images of each of four classes, which differ."""

SIZES = [3, 7, 4, 5]
