"""Clouds as people have them, before anything is measured.

- blocks: clouds of any kind as blocks of points in rows; refuses what is none, and warns of features in rows.
- masked: masked arrays without the points that are masked.
- host: libraries that compile every operation, such as jax, whose arrays are solved by numpy.
- recordings: neurons by trials by stimuli, padded or masked, as clouds.
"""
