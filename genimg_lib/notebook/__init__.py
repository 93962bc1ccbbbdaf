"""What a lesson shows: its start, plots, widgets, and callbacks that draw while a model learns."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["callbacks", "lesson", "plots", "widgets"],
    submod_attrs={
        "callbacks": ["SampleGrid", "StopAfterCPU"],
        "plots": ["image_grid"],
        "widgets": ["sample_browser"],
    },
)
