"""Checks of exercises 92: code it in 20 minutes. One module for each subject.

Answers are functions of NumPy arrays; inputs are float64, and float32 results are accurate enough.
"""

from genimg_lib.checks.coding.attention import attend_grouped, merge_attention, rotate
from genimg_lib.checks.coding.layers import group_norm, modulated_block, patches
from genimg_lib.checks.coding.losses import dpo_loss, free_bits_kl, grpo_loss, info_nce
from genimg_lib.checks.coding.measures import density_coverage, fid_of_shards
from genimg_lib.checks.coding.samplers import (
    cosine_alpha_bars,
    ddim_eta_step,
    flow_matching_loss,
    guided_noise,
    heun_step,
    zero_snr_alpha_bars,
)
from genimg_lib.checks.coding.tokens import (
    bpe_encode,
    fsq_quantise,
    speculative_tokens,
    top_p_token,
)
from genimg_lib.checks.coding.training import adamw_step, ema_shard, tiled_decode

__all__ = [
    "adamw_step",
    "attend_grouped",
    "bpe_encode",
    "cosine_alpha_bars",
    "ddim_eta_step",
    "density_coverage",
    "dpo_loss",
    "ema_shard",
    "fid_of_shards",
    "flow_matching_loss",
    "free_bits_kl",
    "fsq_quantise",
    "group_norm",
    "grpo_loss",
    "guided_noise",
    "heun_step",
    "info_nce",
    "merge_attention",
    "modulated_block",
    "patches",
    "rotate",
    "speculative_tokens",
    "tiled_decode",
    "top_p_token",
    "zero_snr_alpha_bars",
]
