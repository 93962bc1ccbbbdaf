"""The bug museum: the faults of one published article and of famous public code, rebuilt small,
each with its proof.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["gan_program", "gan_silence", "vae_program"],
    submod_attrs={
        "exhibit": ["SEVERITIES", "difference", "said", "show"],
        "rooms": ["EXHIBITS", "ROOMS", "find"],
    },
)
