"""The geometry of layers as a table: what it holds, and how it is read, kept and drawn. Needs no torch.

- rows: a layer, a class in a layer, and a layer that is left out.
- words: the table in a terminal of any width.
- files: the table as CSV, JSON and data frame.
- figure: the table as a picture.
- table: ``LayerTable``, which has all of these.
"""
