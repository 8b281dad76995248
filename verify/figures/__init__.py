"""Figures of one world, drawn from its bundle alone; :mod:`verify.figures.album` draws them all. They need matplotlib."""
