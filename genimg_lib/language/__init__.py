"""A real language model, offline: its file, its network, what it may write, and recordings of
what it answered.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["files", "language_model", "recordings"],
    submod_attrs={
        "automaton": ["Automaton"],
        "grammar": ["compile_grammar"],
    },
)
