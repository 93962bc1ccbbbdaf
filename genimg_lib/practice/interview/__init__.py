"""The question bank: checked questions in English and Chinese.

Dealt as cards, as a mock interview, on paper or to Anki.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["bank", "mock", "progress", "roles"],
)
