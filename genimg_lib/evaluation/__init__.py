"""Images -> numbers, and the shipped weights that they are measured with."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["copies", "extractors", "membership", "metrics", "pretrained", "rewards"],
    submod_attrs={
        "extractors": ["Extractor", "trained_on"],
        "metrics": ["features", "frechet_distance", "predict_labels", "score"],
    },
)
