"""Measurements as evidence: text files that can be read and judged without torch.

- names: the words that tables and claims share.
- measurement: the record of one measured number, and a table of such records.
- quantities: the unit and the instrument of every quantity.
- bundle: a table and its manifest, sealed so that edits are detected.
- merge: one bundle from bundles of some networks of a run.
- accuracy_table, geometry_tables: tables of a bundle for the terminal.
"""
