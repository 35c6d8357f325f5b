"""One file for each version of the stored state, with instances in the middle of their lives, kept for ever.

`python -m tests.engine.states` writes the file of the version the engine writes now; it is never written again.
Version 1 lost what a branch had written where it met another, so the instances it had spoilt so are not among its own.
"""
