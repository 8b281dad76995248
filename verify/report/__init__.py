"""What a run reports and keeps: the ledger, the registered verdicts, the board, and explanations.

- ledger: every verdict of a run, one line each.
- deviations: the known and accepted verdicts other than SUPPORTED, from deviations.toml.
- lookup: claims by id, paper and world, and the last ledger.
- acceptance: registers a verdict of the ledger as a deviation.
- board: the table that a run prints.
- papers: the papers, by the folders of their claims.
- listing: all claims as a table.
- explanation: one claim in full.
"""
