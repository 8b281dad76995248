"""Worlds, which are sets of trained networks, live or recorded, and which claims each world is asked.

Nothing here imports torch.

- recorded: a folder of evidence, which holds one bundle or the bundles of a sweep.
- kept_tables: the measurements of bundles as arrays, kept in the cache.
- scope: what a world's run measures, and so which claims it can be asked.
- recorder: ``Recorder``, evidence of your own networks from any training loop.
- own_networks: what the rows of these networks must have in common.
- answers: what a table still misses before a claim can be judged on it.
- world: a world by name, the source of its evidence, and how live evidence is made.
- summary: the recorded worlds with their networks, time and the accuracy reached.
"""
