"""What a run reports and keeps: the ledger, the registered verdicts, the board, and explanations.

- ledger: every verdict of a run, one line each.
- deviations: the known and accepted verdicts other than SUPPORTED, from deviations.toml.
- pins: the numbers of registered verdicts, from pins.jsonl.
- lookup: claims by id, paper and world, and the last ledger.
- acceptance: registers a verdict of the ledger as a deviation.
- console: where reports are printed, its width and colours.
- papers: the papers, by the folders of their claims.
- tally: the verdicts on one claim, counted over worlds.
- sentences: the sentences of the main paper's abstract, and what they come to.
- long_board: a row for each claim and world, with parts and layers.
- board: a line for each claim, and the sentences of the abstract.
- changes: what changed since verdicts were registered.
- world_notes: notes on worlds, and what they are not asked.
- listing: all claims, with the worlds that judge them.
- explanation: one claim in full.
"""
