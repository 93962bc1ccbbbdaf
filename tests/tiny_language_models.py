"""Language models of a few thousand random weights: in a GGUF file, and in the formats of
Hugging Face and KerasHub.
"""

import numpy as np
from tokenizers.pre_tokenizers import ByteLevel

SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
MERGES = ["t h", "th e", "Ġ the", "i n", "Ġ Ġ", "1 2"]
TOKENS = [*SPECIALS, *sorted(ByteLevel.alphabet()), *(merge.replace(" ", "") for merge in MERGES)]
HEADS = 4  # of queries
SHARED = 2  # heads of keys and values
HIDDEN = 32
WIDE = 48
BLOCKS = 2
CONTEXT = 64
TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] "
    "+ '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def weights(seed=0, tied=True) -> dict[str, np.ndarray]:
    """Tensors by their names in GGUF, queries and keys still in the order that Hugging Face
    uses.
    """
    random = np.random.default_rng(seed)
    shared = HIDDEN // HEADS * SHARED
    shapes = {
        "attn_q": (HIDDEN, HIDDEN),
        "attn_k": (shared, HIDDEN),
        "attn_v": (shared, HIDDEN),
        "attn_output": (HIDDEN, HIDDEN),
    }
    shapes |= {"ffn_gate": (WIDE, HIDDEN), "ffn_up": (WIDE, HIDDEN), "ffn_down": (HIDDEN, WIDE)}
    shapes |= {"attn_norm": (HIDDEN,), "ffn_norm": (HIDDEN,)}
    named = {
        f"blk.{i}.{name}.weight": shape for i in range(BLOCKS) for name, shape in shapes.items()
    }
    named |= {"token_embd.weight": (len(TOKENS), HIDDEN), "output_norm.weight": (HIDDEN,)}
    if not tied:
        named["output.weight"] = (len(TOKENS), HIDDEN)
    return {
        name: random.normal(1.0 if len(shape) == 1 else 0.0, 0.2, shape).astype(np.float32)
        for name, shape in named.items()
    }


def llama_cpp_order(values, heads):
    """The rows of queries or keys in the order of llama.cpp:
    https://github.com/ggml-org/llama.cpp, `LlamaModel.permute`.
    """
    return (
        values.reshape(heads, 2, len(values) // heads // 2, -1).swapaxes(1, 2).reshape(values.shape)
    )


def write_gguf(path, *, seed=0, tied=True, architecture="llama", split="smollm", skip=(), extra=()):
    """A GGUF file; `skip` names tensors or metadata to leave out, `extra` is more metadata."""
    import gguf

    writer = gguf.GGUFWriter(path, architecture)
    numbers = {
        "block_count": BLOCKS,
        "context_length": CONTEXT,
        "embedding_length": HIDDEN,
        "feed_forward_length": WIDE,
    }
    numbers |= {
        "attention.head_count": HEADS,
        "attention.head_count_kv": SHARED,
        "rope.dimension_count": HIDDEN // HEADS,
    }
    for name, value in {**numbers, **dict(extra)}.items():
        if name not in skip:
            writer.add_uint32(f"{architecture}.{name}", value)
    writer.add_float32(f"{architecture}.attention.layer_norm_rms_epsilon", 1e-3)
    writer.add_float32(f"{architecture}.rope.freq_base", 500.0)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(split)
    writer.add_token_list(TOKENS)
    writer.add_token_types([3] * len(SPECIALS) + [1] * (len(TOKENS) - len(SPECIALS)))
    writer.add_token_merges(MERGES)
    writer.add_eos_token_id(2)
    writer.add_chat_template(TEMPLATE)
    for name, values in weights(seed, tied).items():
        heads = {"attn_q": HEADS, "attn_k": SHARED}.get(name.split(".")[-2])
        if name not in skip:
            writer.add_tensor(name, llama_cpp_order(values, heads) if heads else values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
