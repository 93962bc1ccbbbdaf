"""Tunes the shipped text-to-image model and image GPT on rewards, and measures what became of them.

    uv run tools/measure_rewards.py                           # all: about 16 minutes of one core
    uv run tools/measure_rewards.py captioner --seeds 0 --steps 8

Each run is repeated with three seeds. Every few steps images are sampled that nobody trains on, and
measured: is what the caption says true; which digit do the shipped and a second classifier read,
which took no part; how far are the images from real ones in the features of either, how many of
them lie among real ones, how varied are they? Writes benchmarks/rewards.json, which keeps the runs
that are not repeated.
"""

import functools
import json
import time

import numpy as np
from _shared import BENCHMARKS, chosen, command_line, mnist, read_json, write_json

from genimg_lib import lesson, models

PATH = BENCHMARKS / "rewards.json"
GROUP = 8
PLAIN = {"guidance": 1.0, "temperature": 1.0}
"""The policy itself. Guidance and temperature make another distribution of it."""

UPDATES = 4
"""On the images of one step, each of which is in one of them."""

COMMON = {"learning rate": 5e-4, "group": GROUP}
FACTS = COMMON | {"world": "captions", "prompts": 32, "beta": 0.1, "steps": 24, "every": 8}
RUNS = {
    "facts": FACTS,
    # Chosen on seed 9: at the rate of GRPO the loss on new pairs rises above log 2, here it stays
    # near it.
    "facts, DPO": FACTS | {"learning rate": 2e-4, "pairs of": "policy"},
    "captioner": COMMON | {"world": "names", "prompts": 20, "beta": 0.0, "steps": 24, "every": 4},
    "captioner, KL": COMMON
    | {"world": "names", "prompts": 20, "beta": 0.4, "steps": 24, "every": 4},
    "distance": COMMON | {"world": "digits", "prompts": 60, "beta": 0.0, "steps": 30, "every": 6},
}


@functools.cache
def second_classifier():
    """A classifier of the same kind from another seed, trained for two epochs on half the digits:
    nothing is tuned on it. With its accuracy on the test digits.
    """
    import keras

    keras.utils.set_random_seed(7)
    judge = models.build_classifier()
    judge.compile("adam", [None, keras.losses.SparseCategoricalCrossentropy(from_logits=True)])
    judge.fit(mnist().train_images[:30000], mnist().train_labels[:30000], epochs=2, verbose=0)
    read = judge.predict(mnist().test_images, verbose=0)[1].argmax(axis=1)
    return judge, float(np.mean(read == mnist().test_labels))


def judged(images):
    """Features and labels of the second classifier."""
    features, logits = second_classifier()[0].predict(images, batch_size=500, verbose=0)
    return features, logits.argmax(axis=1)


def common(images, digits, real, group_size: int, full=lambda images: images) -> dict:
    """What is measured in every world: images of one prompt are neighbours."""
    from genimg_lib import metrics

    found = {}
    half = len(real) // 2
    for name, features in (
        ("", metrics.features),
        (", second classifier", lambda some: judged(some)[0]),
    ):
        first, second, ours = features(real[:half]), features(real[half:]), features(images)
        found[f"distance{name}"] = metrics.frechet_distance(ours, first)
        found[f"floor{name}"] = metrics.frechet_distance(second, first)
        found[f"precision{name}"] = metrics.precision_recall(ours, first)[0]
    pixels = images.reshape(len(images) // group_size, group_size, -1).astype(np.float64)
    return found | {
        "digit": float(np.mean(metrics.predict_labels(full(images)) == digits)),
        "digit, second classifier": float(np.mean(judged(full(images))[1] == digits)),
        # root mean square of the difference of two images of one prompt, in grey levels
        "variety": float(np.sqrt(2 * pixels.var(axis=1, ddof=1).mean())),
    }


class Captions:
    """Captions of held-out pairs and of anything, half and half; the reward is measured."""

    weights = "text_to_image"

    def __init__(self):
        from genimg_lib.data import attributes, captions, measured_facts

        self.real = attributes.vary(mnist().test_images[:4000], 1)
        facts = measured_facts(self.real, mnist().test_labels[:4000])
        told = captions.choose_facts(facts, 0, digit_share=1.0)
        learned, kept = slice(2000), slice(2000, None)
        self.learned = told[learned], attributes.held_out_pairs(facts[learned])
        self.asked = told[kept][:75], attributes.held_out_pairs(facts[kept])[:300]

    def prompts(self, rng, count: int) -> list[str]:
        from genimg_lib.data import captions

        rows = [facts[rng.integers(0, len(facts), count // 2)] for facts in self.learned]
        return captions.write(np.concatenate(rows), int(rng.integers(2**31)))

    def reward(self, images, asked):
        from genimg_lib.evaluation import rewards

        return rewards.facts_shown(images, asked)

    def measure(self, model, **options) -> dict:
        from genimg_lib.data import captions, fulfilled, normalise
        from genimg_lib.evaluation import rewards

        shares = {}
        for name, facts, times in zip(("any", "held out"), self.asked, (4, 1), strict=True):
            facts = np.repeat(facts, times, axis=0)
            texts = captions.write(facts, 3)
            images = model.generate(len(texts), texts, seed=5, **options)
            shown = np.stack(list(fulfilled(images, facts).values()))
            shares[f"attributes, {name}"] = float(np.nanmean(shown))
            if name == "any":
                shares |= common(images, facts[:, 0], self.real[-1000:], times, normalise)
            else:
                shares["reward"] = float(rewards.facts_shown(images, texts).mean())
        return shares


class Names:
    """Captions that name a digit and nothing else; the reward is the captioner's likelihood."""

    weights = "text_to_image"

    def __init__(self):
        from genimg_lib import pretrained
        from genimg_lib.data import DIGIT_NAMES, attributes

        self.captioner = pretrained.load("captioner")
        self.real = attributes.vary(mnist().test_images[:1000], 1)
        self.names = [f"{'an' if name == 'eight' else 'a'} {name}" for name in DIGIT_NAMES]

    def prompts(self, rng, count: int) -> list[str]:
        return self.names * (count // 10)

    def reward(self, images, asked):
        from genimg_lib.evaluation import rewards

        return rewards.caption_log_likelihood(self.captioner, images, asked)

    def measure(self, model, **options) -> dict:
        from genimg_lib.data import normalise

        asked = np.repeat(self.names, 30).tolist()
        images = model.generate(len(asked), asked, seed=5, **options)
        found = common(images, np.repeat(np.arange(10), 30), self.real, 30, normalise)
        return {"reward": float(self.reward(images, asked).mean())} | found


class Digits:
    """The image GPT, asked for all digits; the reward is to lower the Frechet distance."""

    weights = "image_gpt"

    def __init__(self):
        from genimg_lib import metrics

        self.features = metrics.features(mnist().train_images[:10000])

    def prompts(self, rng, count: int) -> list[int]:
        return (np.arange(count) % 10).tolist()

    def reward(self, images, asked):
        from genimg_lib import metrics
        from genimg_lib.evaluation import rewards

        return -rewards.frechet_influence(metrics.features(images), self.features)

    def measure(self, model, **options) -> dict:
        labels = np.repeat(np.arange(10), 100)
        images = model.generate(1000, labels, seed=5, **options)
        found = common(images, labels, mnist().test_images[:2000], 100)
        return {"reward": -found["distance"]} | found


WORLDS = {"captions": Captions, "names": Names, "digits": Digits}


def rounded(found: dict) -> dict:
    return {key: round(value, 4) for key, value in found.items()}


def grpo_step(run: dict, model, reference, seed: int):
    """Conditions and a reward -> one step of GRPO, and what it tells."""
    from genimg_lib.models import GRPO

    return GRPO(
        model,
        reference,
        beta=run["beta"],
        learning_rate=run["learning rate"],
        group_size=run["group"],
        minibatches=UPDATES,
        seed=seed,
    ).step


def dpo_step(run: dict, model, reference, seed: int):
    """Conditions and a reward -> one step of DPO, and what it tells.

    As in a step of GRPO, as many images are sampled, by the policy of that moment or by the
    reference, and each serves one update. The first update has the best and the worst of each
    group, the next one the second best and the second worst, and so on. `chosen` and
    `rejected` are the nats by which the policy holds the first pairs likelier than the reference
    does, before the step.
    """
    import keras

    from genimg_lib.models import DPO
    from genimg_lib.models.reward_tuning import ranked_pairs, sample_groups

    tuner = DPO(model, reference, beta=run["beta"], learning_rate=run["learning rate"])
    sampler = {"policy": model, "reference": reference}[run["pairs of"]]
    seeds = keras.random.SeedGenerator(seed)

    def step(conditions, reward) -> dict[str, float]:
        tokens, encoded, images = sample_groups(sampler, conditions, run["group"], seeds)
        earned = reward(images, np.repeat(conditions, run["group"]).tolist())
        pairs = ranked_pairs(tokens, encoded, earned, run["group"])
        encoded, *ends = pairs[0]
        moved = [
            tuner.log_probabilities(part, encoded)
            - tuner.reference_log_probabilities(part, encoded)
            for part in ends
        ]
        losses = [tuner.step(*pair) for pair in pairs if len(pair[0])]
        chosen, rejected = (float(np.sum(nats, axis=1).mean()) for nats in moved)
        return {
            "reward": float(np.mean(earned)),
            "pairs": sum(len(pair[0]) for pair in pairs),
            "loss": losses[0],
            "chosen": chosen,
            "rejected": rejected,
        }

    return step


def tune(run: dict, world, seed: int) -> dict:
    """One run: what was measured before, every few steps and in the end; with the guidance that
    `generate` uses; and the processor's seconds that the learning took, sampling included.
    """
    from genimg_lib import pretrained

    model, reference = pretrained.load(world.weights), pretrained.load(world.weights)
    learn = dpo_step if "pairs of" in run else grpo_step
    take_step = learn(run, model, reference, seed)
    rng = np.random.default_rng(seed)
    rows, log, seconds = [], [], 0.0
    for step in range(run["steps"] + 1):
        if step % run["every"] == 0:
            rows.append({"step": step} | rounded(world.measure(model, **PLAIN)))
            print(seed, json.dumps(rows[-1]), f"{seconds:.0f} s", flush=True)
        if step < run["steps"]:
            start = time.process_time()
            log.append(take_step(world.prompts(rng, run["prompts"]), world.reward))
            seconds += time.process_time() - start
    training = {key: [round(entry[key], 3) for entry in log] for key in log[0]}
    return {
        "measured": rows,
        "training": training,
        "guided": rounded(world.measure(model)),
        "processor seconds": round(seconds, 1),
    }


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("runs", nargs="*", help=f"of {', '.join(RUNS)}; all unless told")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--steps", type=int, help="of each run, instead of its own number")
    options = parser.parse_args()
    names = chosen(parser, options.runs, RUNS)
    lesson.start()
    from genimg_lib import pretrained

    worlds = {}
    for name in names:
        run = RUNS[name] | ({"steps": options.steps} if options.steps else {})
        world = worlds.setdefault(run["world"], None) or WORLDS[run["world"]]()
        worlds[run["world"]] = world
        shipped = rounded(world.measure(pretrained.load(world.weights)))
        print(name, json.dumps(shipped), flush=True)
        for seed in options.seeds:
            found = tune(run, world, seed)
            # read again: another process may have written its own runs
            table = read_json(PATH)
            table["second classifier"] = second_classifier()[1]
            entry = table.setdefault(name, {})
            if entry.get("run") != run:
                entry = table[name] = {"run": run, "seeds": {}}
            entry["shipped, guided"] = shipped
            entry["seeds"][str(seed)] = found
            write_json(PATH, table)


if __name__ == "__main__":
    main()
