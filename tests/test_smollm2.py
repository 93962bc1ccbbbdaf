"""SmolLM2 itself, where its package is installed: it computes what llama.cpp computes from the
same file, in little memory.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from genimg_lib.language import files

if not files.is_installed():
    pytest.skip("SmolLM2 is not installed: uv run --extra llm pytest", allow_module_level=True)

REFERENCE = json.loads(
    (Path(__file__).parent / "data" / "smollm2_reference.json").read_text(encoding="utf-8")
)
PROMPTS = REFERENCE["prompts"]  # made by tools/record_reference.py, with llama.cpp
TOLERANCE = 1e-3

each_prompt = pytest.mark.parametrize("expected", PROMPTS, ids=range(len(PROMPTS)))


@pytest.fixture(scope="module")
def model():
    from genimg_lib.language import language_model

    return language_model.load()


def test_the_reference_is_that_of_five_prompts_and_says_how_it_was_made():
    assert len(PROMPTS) == 5
    assert REFERENCE["implementation"].startswith("llama.cpp")
    assert "tools/record_reference.py" in REFERENCE["command"]
    assert any(not prompt["prompt"].isascii() for prompt in PROMPTS)


@each_prompt
def test_tokens_and_logits_are_llama_cpps(model, expected):
    (tokens,) = model.tokenize([expected["prompt"]])
    assert tokens == expected["tokens"]
    logits = model.logits([tokens])[0]
    np.testing.assert_allclose(
        logits[:, REFERENCE["columns"]], expected["logits"], rtol=0, atol=TOLERANCE
    )
    # over all 49,152, not a sample of 64
    totals = np.log(np.exp(logits.astype(np.float64)).sum(axis=-1))
    np.testing.assert_allclose(totals, expected["log_sum_exp"], rtol=0, atol=TOLERANCE)
    likeliest = np.argsort(-logits[-1])[: len(expected["likeliest"])]
    np.testing.assert_allclose(
        logits[-1, likeliest], expected["likeliest_logits"], rtol=0, atol=TOLERANCE
    )
    assert likeliest[0] == expected["likeliest"][0]
    assert set(likeliest) == set(expected["likeliest"])


def test_greedy_text_is_llama_cpps_alone_and_in_a_batch(model):
    count = max(len(expected["greedy"]) for expected in PROMPTS)
    together = model.draw([expected["prompt"] for expected in PROMPTS], count)
    for expected, drawn in zip(PROMPTS, together, strict=True):
        assert drawn == expected["greedy"]
        assert model.detokenize([drawn]) == [expected["greedy_text"]]
    assert model.draw([PROMPTS[2]["prompt"]], count) == [PROMPTS[2]["greedy"]]


def test_it_holds_a_conversation(model):
    assert model.chat("What is 7 + 5?").endswith(PROMPTS[2]["prompt"])


MEMORY = """
from pathlib import Path
from genimg_lib.language import language_model
model = language_model.load()
model.logits([model.tokenize(["Once upon a time"])[0]])
model.generate(["Once upon a time"] * 8, 32, temperature=0.7, seed=0)
print(Path("/proc/self/status").read_text())
"""


@pytest.mark.skipif(
    not Path("/proc/self/status").is_file(),
    reason="only Linux tells a process its peak memory this way",
)
def test_converting_loading_and_writing_take_less_than_two_and_a_half_gigabytes(tmp_path):
    # an empty cache: the file is converted too
    environment = os.environ | {"GENIMG_CACHE": str(tmp_path)}
    child = subprocess.run(
        [sys.executable, "-c", MEMORY], env=environment, capture_output=True, text=True
    )
    assert child.returncode == 0, child.stderr
    peak = int(re.search(r"VmHWM:\s+(\d+) kB", child.stdout).group(1)) * 1024
    assert 0.5e9 < peak < 2.5e9, f"{peak / 1e9:.2f} GB"
