"""A folder of pictures -> a trained model and a report: what `genimg train` does."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["plan", "report", "run", "watch"],
    submod_attrs={"run": ["generate", "train"]},
)
