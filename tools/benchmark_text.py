"""Text encoders compared: the same images, captions, image model and CPU-seconds, and another
reader of the captions each time.

    uv run tools/benchmark_text.py                     # all, 120 CPU-seconds each
    uv run tools/benchmark_text.py words --seconds 60

Adds to benchmarks/text.json. Images are drawn for captions with pairs seen in training and with
held-out pairs, in both languages, and measured again.
"""

import argparse
import json
import time
from pathlib import Path

from genimg_lib.notebook import lesson

lesson.start()

import keras  # noqa: E402
import numpy as np  # noqa: E402
from train_weights import stored_captions_of_digits  # noqa: E402

from genimg_lib.data.attributes import fulfilled, normalise  # noqa: E402
from genimg_lib.data.captions import LANGUAGES, parse  # noqa: E402
from genimg_lib.evaluation import metrics, pretrained  # noqa: E402
from genimg_lib.models import text_encoders as text  # noqa: E402
from genimg_lib.models.text_to_image import TextToImage  # noqa: E402
from genimg_lib.notebook.callbacks import StopAfterCPU  # noqa: E402

RESULTS = Path(__file__).parents[1] / "benchmarks" / "text.json"
ENCODERS = {
    "digit label": text.DigitEncoder,
    "words": text.WordEncoder,
    "states": text.smollm2_states,
    "mean of states": lambda: text.smollm2_states(pooled=True),
}


def evaluate(model) -> dict:
    """Per list of captions: the share of right digits, and for each attribute the share of
    pictures that have it.
    """
    measured = {}
    for kind in ("seen", "held out", "other words"):
        for language in LANGUAGES:
            captions = text.stored_captions(f"{kind}, {language}") * 2
            if kind == "other words":
                if model.text.vocabulary_size is not None:
                    continue  # a table of words has no entry for them, and says so
                facts = np.tile(text.facts_of_other_words(language), (2, 1))
            else:
                facts = parse(captions)
            images = model.generate(len(captions), captions, seed=1)
            right = {
                "digit": metrics.predict_labels(normalise(images)) == facts[:, 0],
                **fulfilled(images, facts),
            }
            measured[f"{kind}, {language}"] = {
                name: round(float(np.nanmean(values)), 3)
                for name, values in right.items()
                if not np.isnan(values).all()
            }
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("encoders", nargs="*", help=f"among {', '.join(ENCODERS)}; all unless told")
    parser.add_argument("--seconds", type=float, default=120)
    options = parser.parse_args()
    if unknown := set(options.encoders) - set(ENCODERS):
        parser.error(f"there is no encoder {sorted(unknown)}; there are: {', '.join(ENCODERS)}")
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    images, captions = stored_captions_of_digits()
    tokenizer = pretrained.load("varied_tokenizer")
    for name in options.encoders or ENCODERS:
        keras.utils.set_random_seed(0)
        model = TextToImage(tokenizer, ENCODERS[name](), seed=0)
        model.compile()
        start = time.process_time()
        model.fit(
            images, captions, epochs=1000, verbose=2, callbacks=[StopAfterCPU(options.seconds)]
        )
        seconds = round(time.process_time() - start)
        results[name] = {
            "CPU-seconds": seconds,
            "steps": int(model.steps),
            "parameters": model.count_params(),
            **evaluate(model),
        }
        print(name, results[name], flush=True)
        RESULTS.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
