"""Tunes the shipped text-to-image model and image GPT on rewards, and measures what became of them.

    uv run tools/measure_rewards.py                           # all: about 20 minutes of one core
    uv run tools/measure_rewards.py captioner --seeds 1 --steps 10

Each run is repeated with three seeds. Every few steps the reward is measured on images that were
not trained on, beside what the reward stands for: is each statement of the caption true, measured;
which digit does a second classifier read, that took no part; how far are the images from real ones
in the features of either classifier; how varied are they? Writes benchmarks/rewards.json, which
keeps the runs that are not repeated.
"""

import json
import time

import numpy as np
from _shared import BENCHMARKS, chosen, command_line, mnist, write_json

from genimg_lib import lesson, models

PATH = BENCHMARKS / "rewards.json"
PROMPTS, GROUP = 32, 8
EVALUATED = 256
"""Images of held-out pairs, and as many of any caption, at each measurement."""

RUNS = {
    "facts": {"reward": "facts", "beta": 0.0, "steps": 60, "every": 12},
    "captioner": {"reward": "captioner", "beta": 0.0, "steps": 60, "every": 12},
    "captioner, KL": {"reward": "captioner", "beta": 0.1, "steps": 60, "every": 12},
    "captioner and facts": {"reward": "both", "beta": 0.0, "steps": 60, "every": 12},
    "distance": {"reward": "distance", "beta": 0.0, "steps": 60, "every": 12},
}
LEARNING_RATE = 5e-4


def second_classifier():
    """A classifier of the same kind from another seed, trained for two epochs on half the digits:
    neither a reward nor a distance that is tuned on looks at it.
    """
    import keras

    keras.utils.set_random_seed(7)
    judge = models.build_classifier()
    judge.compile("adam", [None, keras.losses.SparseCategoricalCrossentropy(from_logits=True)])
    judge.fit(mnist().train_images[:30000], mnist().train_labels[:30000], epochs=2, verbose=0)
    accuracy = np.mean(
        judge.predict(mnist().test_images, verbose=0)[1].argmax(1) == mnist().test_labels
    )
    print(f"second classifier: {accuracy:.1%} of the test digits", flush=True)
    return judge, float(accuracy)


class Captioned:
    """The text-to-image model: prompts of any facts and of held-out pairs, half and half."""

    weights = "text_to_image"

    def __init__(self, judge):
        from genimg_lib import pretrained
        from genimg_lib.data import attributes, captions, measured_facts

        self.judge = judge
        self.captioner = pretrained.load("captioner")
        images, labels = mnist().test_images[:4000], mnist().test_labels[:4000]
        self.real = attributes.vary(images, 1)
        facts = measured_facts(self.real, labels)
        half = len(facts) // 2  # the second half is for the measurements
        pairs = attributes.held_out_pairs(facts[:half]), attributes.held_out_pairs(facts[half:])
        told = captions.choose_facts(facts, 0, digit_share=1.0)
        self.told = told[:half], pairs[0]
        self.asked = told[half : half + EVALUATED], pairs[1][:EVALUATED]

    def prompts(self, rng) -> list[str]:
        from genimg_lib.data import captions

        rows = [facts[rng.integers(0, len(facts), PROMPTS // 2)] for facts in self.told]
        return captions.write(np.concatenate(rows), int(rng.integers(2**31)))

    def reward(self, name: str):
        from genimg_lib.evaluation import rewards

        def likelihood(images, captions):
            return rewards.caption_log_likelihood(self.captioner, images, captions)

        def both(images, captions):
            # a nat of the captioner counts as much as a tenth of the facts
            return likelihood(images, captions) / 10 + rewards.facts_shown(images, captions)

        return {"facts": rewards.facts_shown, "captioner": likelihood, "both": both}[name]

    def measure(self, model, reference, **options) -> dict:
        from genimg_lib import metrics
        from genimg_lib.data import captions, fulfilled, normalise
        from genimg_lib.evaluation import rewards

        found = {}
        for name, facts in zip(("any", "held out"), self.asked, strict=True):
            texts = captions.write(facts, 3)
            images = model.generate(len(texts), texts, seed=5, **options)
            right = np.stack(list(fulfilled(images, facts).values()), axis=1)
            full = normalise(images)
            found[f"{name}: attributes"] = float(np.nanmean(right))
            found[f"{name}: digit"] = float(np.mean(metrics.predict_labels(full) == facts[:, 0]))
            judged = self.judge.predict(full, batch_size=500, verbose=0)[1].argmax(axis=1)
            found[f"{name}: digit, second classifier"] = float(np.mean(judged == facts[:, 0]))
            found[f"{name}: captioner"] = float(
                rewards.caption_log_likelihood(self.captioner, images, texts).mean()
            )
            if name == "any":
                found |= distances(images, self.real[-2 * EVALUATED :], self.judge)
        again = np.repeat(captions.write(self.asked[1][:16], 4), 8).tolist()
        images = model.generate(len(again), again, seed=6, **options)
        return found | {"variety": variety(images, 8)}


class Digits:
    """The image GPT, asked for all digits."""

    weights = "image_gpt"

    def __init__(self, judge):
        from genimg_lib import metrics

        self.judge = judge
        self.real = mnist().train_images[:5000]
        self.features = metrics.features(self.real)

    def prompts(self, rng) -> list[int]:
        return np.arange(PROMPTS).tolist()

    def reward(self, name: str):
        from genimg_lib import metrics
        from genimg_lib.evaluation import rewards

        return lambda images, _: -rewards.frechet_influence(metrics.features(images), self.features)

    def measure(self, model, reference, **options) -> dict:
        from genimg_lib import metrics

        labels = np.arange(1000) % 10
        images = model.generate(1000, labels, seed=5, **options)
        judged = self.judge.predict(images, batch_size=500, verbose=0)[1].argmax(axis=1)
        order = np.argsort(labels, kind="stable")
        return distances(images, mnist().test_images[:2000], self.judge) | {
            "digit": float(np.mean(metrics.predict_labels(images) == labels)),
            "digit, second classifier": float(np.mean(judged == labels)),
            "variety": variety(images[order], 100),
        }


def distances(images, real, judge) -> dict:
    """The Frechet distance to real images in the features of either classifier, and the floor."""
    from genimg_lib import metrics

    found = {}
    half = len(real) // 2
    for name, features in (
        ("distance", metrics.features),
        ("distance, second classifier", lambda some: judge.predict(some, verbose=0)[0]),
    ):
        first, second, ours = features(real[:half]), features(real[half:]), features(images)
        found[name] = metrics.frechet_distance(ours, first)
        found[f"{name}: floor"] = metrics.frechet_distance(second, first)
    return found


def variety(images, group_size: int) -> float:
    """The mean distance between two images of one prompt, in grey levels a pixel (root mean
    square).
    """
    pixels = images.reshape(len(images) // group_size, group_size, -1).astype(np.float64)
    return float(np.sqrt(2 * pixels.var(axis=1, ddof=1).mean()))


def measure(run: dict, world, seed: int, steps: int) -> dict:
    """One run: what was measured before, every few steps, and in the end."""
    from genimg_lib import pretrained
    from genimg_lib.models import GRPO

    model, reference = pretrained.load(world.weights), pretrained.load(world.weights)
    whole = run["reward"] == "distance"  # the influence is relative to all images of a step
    tuner = GRPO(
        model,
        reference,
        beta=run["beta"],
        learning_rate=LEARNING_RATE,
        group_size=GROUP,
        seed=seed,
    )
    reward, rng, rows, logs = world.reward(run["reward"]), np.random.default_rng(seed), [], []
    options = {"guidance": 1.0, "temperature": 1.0}
    start = time.process_time()
    for step in range(steps + 1):
        if step % run["every"] == 0 or step == steps:
            row = {"step": step, **world.measure(model, reference, **options)}
            rows.append({key: round(value, 4) for key, value in row.items()})
            print(seed, json.dumps(rows[-1]), f"{time.process_time() - start:.0f} s", flush=True)
        if step < steps:
            logs.append(tuner.step(world.prompts(rng), reward))
    usual = {key: round(value, 4) for key, value in world.measure(model, reference).items()}
    print(seed, "guided", json.dumps(usual), flush=True)
    log = {key: [round(entry[key], 3) for entry in logs] for key in logs[0]}
    return {"measured": rows, "training": log, "guided": usual, "whole": whole}


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("runs", nargs="*", help=f"of {', '.join(RUNS)}; all unless told")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--steps", type=int, help="of each run, if not its own")
    options = parser.parse_args()
    names = chosen(parser, options.runs, RUNS)
    lesson.start()
    table = json.loads(PATH.read_text()) if PATH.exists() else {}
    judge, accuracy = second_classifier()
    worlds = {}
    for name in names:
        run = RUNS[name]
        kind = Digits if run["reward"] == "distance" else Captioned
        world = worlds.setdefault(kind, None) or kind(judge)
        worlds[kind] = world
        entry = table.setdefault(name, {"run": run, "runs": {}})
        entry["run"] = run | {"learning rate": LEARNING_RATE, "prompts": PROMPTS, "group": GROUP}
        for seed in options.seeds:
            print(name, flush=True)
            steps = run["steps"] if options.steps is None else options.steps
            entry["runs"][str(seed)] = measure(run, world, seed, steps)
            write_json(PATH, table)
        entry["before, guided"] = {
            key: round(value, 4) for key, value in world.measure(_shipped(world), None).items()
        }
        entry["second classifier's accuracy"] = accuracy
        write_json(PATH, table)


def _shipped(world):
    from genimg_lib import pretrained

    return pretrained.load(world.weights)


if __name__ == "__main__":
    main()
