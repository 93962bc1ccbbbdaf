"""What a reader does: exercises with their progress, the question bank, interviews."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["exercises", "interview"],
    submod_attrs={
        "exercises.overview": ["progress_bar"],
        "interview.jupyter": ["Cards", "MockInterview"],
        "interview.progress": ["progress_plot"],
        "interview.rendering": ["corner"],
        "interview.reviews": ["Reviews"],
        "interview": ["bank", "mock", "progress", "roles"],
    },
)
