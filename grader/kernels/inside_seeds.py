"""Seeds for the random numbers of a student's kernel.

Sent to the kernel as text, as `inside.py` is; imports the standard library only.
"""

import importlib
from collections.abc import Sequence

SEED = 0
"""The same for every student, so that a run can be repeated."""
_SEEDERS = {"random": ("random", "seed"), "numpy": ("numpy.random", "seed"), "torch": ("torch", "manual_seed")}


def seed(modules: Sequence[str]) -> None:
    """Seed those of random, numpy and torch that are named and can be imported."""
    for name in modules:
        module, function = _SEEDERS[name]
        try:
            getattr(importlib.import_module(module), function)(SEED)
        except Exception:  # noqa: BLE001, S112 - the student's own import will fail in the student's own cell
            continue
