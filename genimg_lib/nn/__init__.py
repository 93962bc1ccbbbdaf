"""Pure pieces that the models are built of: layers, losses, quantizers, transformers, sampling."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=[
        "augment",
        "batches",
        "cross_attention",
        "flow_transformer",
        "layers",
        "losses",
        "precision",
        "quantizers",
        "replicas",
        "rewards",
        "sampling",
        "transformer",
        "watermark",
    ],
    submod_attrs={
        "cross_attention": ["ReadingTransformer"],
        "transformer": ["Attention", "CausalTransformer", "Transformer"],
        "quantizers": [
            "FSQ",
            "Unrounded",
            "VQ",
            "codebook_usage",
            "fsq_bound",
            "fsq_codes_to_tokens",
            "fsq_tokens_to_codes",
            "nearest_token",
        ],
        "watermark": ["Watermark"],
        "losses": ["bernoulli_nll", "gaussian_log_density", "kl_to_standard_normal"],
    },
)
