"""NumPy as it was when the checks were imported: with another `np.allclose` anything would pass."""

import numpy as np

_MODULES = (np, np.linalg, np.testing, np.random)
_ORIGINAL = [
    (module, name, getattr(module, name))
    for module in _MODULES
    for name in module.__all__
    if hasattr(module, name)
]


def mended() -> str:
    """Puts back every function of NumPy that was replaced; the name of one of them, or empty."""
    replaced = ""
    for module, name, original in _ORIGINAL:
        if getattr(module, name, None) is not original:
            setattr(module, name, original)
            replaced = f"{module.__name__}.{name}"
    return replaced
