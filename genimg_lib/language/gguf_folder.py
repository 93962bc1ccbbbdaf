"""A language model in one GGUF file -> a folder in the format of Hugging Face, which KerasHub
reads.

GGUF is llama.cpp's format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Only the
Llama architecture is read, with a byte-level BPE tokenizer that keeps digits apart (SmolLM) or does
not (GPT-2).
"""

import json
from pathlib import Path

import numpy as np

LAYER = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
}
TOP = {"token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"}
# how text is cut before byte-pair merges, in llama.cpp's names
SPLITS = ("smollm", "gpt-2", "default")
CONTROL, USER_DEFINED = 3, 4  # token types that are matched as a whole in a text


def convert(path, folder) -> None:
    """Writes config.json, model.safetensors (float32), tokenizer.json and tokenizer_config.json
    into an existing folder.

    Raises `FileNotFoundError`, or `ValueError` for a file that is not GGUF, is truncated, or holds
    another kind of model.
    """
    from safetensors.numpy import save_file

    fields, tensors = _read(path)
    config = _config(path, fields, tied="output.weight" not in tensors)
    weights = {
        new: np.ascontiguousarray(_weight(path, tensors[old], old, shape, config))
        for old, new, shape in _expected(path, tensors, config)
    }
    folder = Path(folder)
    save_file(weights, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config, indent=2))
    _tokenizer(path, fields).save(str(folder / "tokenizer.json"))
    tokens = fields["tokenizer.ggml.tokens"]
    names = {}
    for name in ("bos", "eos"):
        names[f"{name}_token"] = tokens[
            fields.get(f"tokenizer.ggml.{name}_token_id", config["eos_token_id"])
        ]
    names["chat_template"] = fields.get("tokenizer.chat_template")
    (folder / "tokenizer_config.json").write_text(json.dumps(names, indent=2))


def _read(path):
    """The metadata as a dictionary of Python values, and the tensors by name."""
    import gguf

    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no GGUF file {path}")
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise ValueError(f"{path} is not a GGUF file: it does not start with the letters GGUF")
    try:
        reader = gguf.GGUFReader(path)
        fields = {name: field.contents() for name, field in reader.fields.items()}
    except (ValueError, IndexError, KeyError, TypeError, OverflowError, MemoryError) as error:
        raise ValueError(f"{path} is truncated or damaged: {error}") from error
    return fields, {tensor.name: tensor for tensor in reader.tensors}


def _config(path, fields, *, tied) -> dict:
    """What Hugging Face's config.json says of a Llama."""
    architecture = fields.get("general.architecture")
    if architecture != "llama":
        raise ValueError(f"{path} holds a model of architecture {architecture!r}; expected 'llama'")
    unread = [name for name in fields if name.startswith(("llama.rope.scaling", "llama.expert"))]
    if unread:
        raise ValueError(f"{path} needs what is not supported here: {', '.join(unread)}")
    try:
        heads = fields["llama.attention.head_count"]
        hidden = fields["llama.embedding_length"]
        config = {
            "model_type": "llama",
            "architectures": ["LlamaForCausalLM"],
            "vocab_size": len(fields["tokenizer.ggml.tokens"]),
            "num_hidden_layers": fields["llama.block_count"],
            "num_attention_heads": heads,
            "num_key_value_heads": fields.get("llama.attention.head_count_kv", heads),
            "hidden_size": hidden,
            "intermediate_size": fields["llama.feed_forward_length"],
            "max_position_embeddings": fields["llama.context_length"],
            "rms_norm_eps": fields["llama.attention.layer_norm_rms_epsilon"],
            "rope_theta": fields.get("llama.rope.freq_base", 10000.0),
            "tie_word_embeddings": tied,
            "hidden_act": "silu",
            "eos_token_id": fields["tokenizer.ggml.eos_token_id"],
        }
    except KeyError as missing:
        raise ValueError(f"{path} lacks the metadata {missing}") from missing
    if fields.get("llama.rope.dimension_count", hidden // heads) != hidden // heads:
        raise ValueError(f"{path} rotates only a part of each head, which is not supported here")
    return config


def _expected(path, tensors, config):
    """(name in the file, Hugging Face's name, shape) of every tensor; raises if others are
    missing or left over.
    """
    hidden = config["hidden_size"]
    wide = config["intermediate_size"]
    words = config["vocab_size"]
    shared = hidden // config["num_attention_heads"] * config["num_key_value_heads"]
    shapes = {
        "attn_k": (shared, hidden),
        "attn_v": (shared, hidden),
        "ffn_gate": (wide, hidden),
        "ffn_up": (wide, hidden),
    }
    shapes |= {
        "ffn_down": (hidden, wide),
        "attn_norm": (hidden,),
        "ffn_norm": (hidden,),
        "output_norm": (hidden,),
    }
    shapes |= {"token_embd": (words, hidden), "output": (words, hidden)}
    expected = [
        (f"{old}.weight", f"{new}.weight", shapes[old])
        for old, new in TOP.items()
        if old != "output" or not config["tie_word_embeddings"]
    ]
    for i in range(config["num_hidden_layers"]):
        for old, new in LAYER.items():
            shape = shapes.get(old, (hidden, hidden))
            expected.append((f"blk.{i}.{old}.weight", f"model.layers.{i}.{new}.weight", shape))
    differing = {old for old, _, _ in expected} ^ set(tensors)
    if differing:
        raise ValueError(
            f"{path} is not a plain Llama: tensors {sorted(differing)[:5]} are missing or not "
            "expected"
        )
    return expected


def _weight(path, tensor, name, shape, config):
    """One tensor as float32, its rotary dimensions in Hugging Face's order instead of
    llama.cpp's.
    """
    import gguf

    values = gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
    if values.shape != shape:
        raise ValueError(f"{path}: tensor {name} has shape {values.shape}, expected {shape}")
    heads = {"attn_q": config["num_attention_heads"], "attn_k": config["num_key_value_heads"]}.get(
        name.split(".")[-2]
    )
    if heads is None:
        return values
    return values.reshape(heads, -1, 2, shape[1]).swapaxes(1, 2).reshape(shape)


def _tokenizer(path, fields):
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    kind = fields.get("tokenizer.ggml.model")
    split = fields.get("tokenizer.ggml.pre", "default")
    if kind != "gpt2" or split not in SPLITS:
        raise ValueError(
            f"{path} has a tokenizer {kind!r} with split {split!r}; expected 'gpt2' with one of "
            f"{SPLITS}"
        )
    tokens = fields["tokenizer.ggml.tokens"]
    merges = [tuple(merge.split(" ")) for merge in fields["tokenizer.ggml.merges"]]
    tokenizer = Tokenizer(models.BPE({token: i for i, token in enumerate(tokens)}, merges))
    pieces = pre_tokenizers.ByteLevel(add_prefix_space=False)
    if split == "smollm":
        pieces = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pieces])
    tokenizer.pre_tokenizer = pieces
    tokenizer.decoder = decoders.ByteLevel()
    types = fields["tokenizer.ggml.token_type"]
    for kind in (CONTROL, USER_DEFINED):
        whole = [
            AddedToken(token, normalized=False)
            for token, of in zip(tokens, types, strict=True)
            if of == kind
        ]
        (tokenizer.add_special_tokens if kind == CONTROL else tokenizer.add_tokens)(whole)
    return tokenizer
