"""The models, one file a family. All are trained with `fit(images)`; generators make images with
`generate(count)`.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["families", "mean_flow", "one_vocabulary", "reward_tuning", "text_encoders"],
    submod_attrs={
        "captioner": ["Captioner"],
        "classifier": ["build_classifier"],
        "continuous_painter": ["ContinuousPainter"],
        "adversarial": ["update_average"],
        "diffusion": ["Diffusion", "ddim_step"],
        "exact_vae": ["latent_integrals", "tiny_vae"],
        "exporting": ["export"],
        "families": ["FAMILIES", "Family"],
        "gan": ["GAN"],
        "image_gpt": ["ImageGPT"],
        "maskgit": ["MaskGIT"],
        "mean_flow": ["MeanFlow"],
        "namer": ["Namer"],
        "next_scale": ["NextScale"],
        "one_vocabulary": ["OneVocabulary"],
        "restorer": ["Restorer"],
        "reward_tuning": ["DPO", "GRPO"],
        "text_flow": ["TextFlow"],
        "text_to_image": ["TextToImage"],
        "tokenizer": [
            "PixelTokenizer",
            "Tokenizer",
            "coarse_tokenizer",
            "colour_tokenizer",
            "scale_tokenizer",
        ],
        "vae": ["VAE", "reparameterise"],
    },
)
