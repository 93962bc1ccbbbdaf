"""Scene programs: small pictures in words, which a language model learns to write."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["drawer", "program"],
    submod_attrs={
        "descriptions": ["make_captions"],
        "pictures": ["render"],
    },
)
