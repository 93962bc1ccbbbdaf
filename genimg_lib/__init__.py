"""Small, tested Keras 3 implementations of the image generators that the course teaches.

Start with `models/base.py`. Lessons import from here and from the folders, never from a module
inside of one.
"""

import lazy_loader

__version__ = "0.1.0"

LAYERS = (
    "data",
    "nn",
    "models",
    "evaluation",
    "notebook",
    "training",
    "language",
    "scenes",
    "practice",
    "classroom",
    "checks",
    "museum",
    "cli",
)
"""The folders. Each imports only from itself and from those before it; a test holds them to it."""

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=LAYERS,
    submod_attrs={
        "data": ["attributes", "captions", "degradations", "exact"],
        "nn": ["augment", "losses", "sampling"],
        "models": ["text_encoders"],
        "evaluation": ["metrics", "pretrained"],
        "notebook": ["callbacks", "lesson", "plots", "widgets"],
    },
)
