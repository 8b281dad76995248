"""The worlds that networks live in, live or recorded, and which claims each is asked. Nothing here imports torch.

- recorded: a folder of evidence, which is one bundle or those of a sweep.
- scope: what a world's run measures, and so what it can be asked.
- world: a world by its name, where its evidence comes from, and how a live one is made.
"""
