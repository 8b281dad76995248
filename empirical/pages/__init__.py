"""Static pages from templates, which loads no torch: the common frame, its style, and small charts.

- charts: scales, ticks and marks, as numbers that a template draws.
- rendering: the templates of several folders, and how a page is written.
"""
