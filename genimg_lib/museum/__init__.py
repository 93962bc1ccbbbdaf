"""The bug museum: faults of a published article and of famous public code, each with a proof.

The article is 《图像生成新速度:LLM带来的惊喜》 ("A new speed of image generation: the surprise that
LLMs bring"), published in Chinese. It prints three programs, a GAN, a VAE and a call of the
language model T5, and none of them works. Nothing of its text or code is copied: each fault is
rebuilt in our own code, as small as possible, as a broken and a fixed function with one measurement
for both.

Every fault has an id, a letter and a number:

- G: the first program, the GAN (G05+G06 are two faults that are only visible together)
- V: the second program, the VAE
- L: the third program, the language model
- P: the prose, a claim of the article
- B: a bug that was found in famous public code; its label names the repository and the thread

An exhibit may cover several ids. Rooms are the museum's chapters, in the order of a visit.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["gan_program", "gan_silence", "vae_program"],
    submod_attrs={
        "exhibit": ["SEVERITIES", "difference", "said", "show"],
        "rooms": ["EXHIBITS", "ROOMS", "find"],
    },
)
