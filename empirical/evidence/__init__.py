"""What is measured, as evidence: text that is read and judged without torch.

- names: the words that tables and claims share.
- measurement: one measured number, and a table of them.
- quantities: every quantity with its unit and its instrument.
- bundle: a table with its manifest, sealed against edits.
- merge: bundles of some networks of a run as one.
- accuracy_table, geometry_tables: what a bundle says, for the terminal.
"""
