"""Exercise 40.9: the logs of small language models, sound and sick, in nats per line of spelt
numbers.
"""

import math
import time

import keras
import numpy as np
from keras import ops

from genimg_lib.data import DIGIT_NAMES
from genimg_lib.nn import CausalTransformer

TEENS = (
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
MOMENTS = (100, 200, 300, 400, 500)
BATCH = 32


def spell(number, joint=" and "):
    """A whole number from 0 to 999 in words."""
    if number < 20:
        return (DIGIT_NAMES + TEENS)[number]
    if number < 100:
        return TENS[number // 10 - 2] + (f"-{DIGIT_NAMES[number % 10]}" if number % 10 else "")
    return f"{DIGIT_NAMES[number // 100]} hundred" + (
        f"{joint}{spell(number % 100)}" if number % 100 else ""
    )


LINES = [f"{number}={spell(number)}\n" for number in range(1000)]
AMERICAN = [f"{number}={spell(number, ' ')}\n" for number in range(1000)]
SYMBOLS = sorted(set("".join(LINES)))
LENGTH = max(map(len, LINES))


def table(lines) -> np.ndarray:
    """Tokens (n, LENGTH): lines end with a newline, and newlines fill the rest, which costs a
    model nothing.
    """
    return np.array(
        [[SYMBOLS.index(character) for character in line.ljust(LENGTH, "\n")] for line in lines],
        np.int32,
    )


def nats_per_line(model, tokens) -> float:
    return float(ops.mean(ops.sum(model.token_nll(tokens), axis=1)))


def train(name, train_tokens, validation_tokens, rate=1e-2, leak=False):
    """Trains one model and prints, at every moment, both losses in nats per line."""
    keras.utils.set_random_seed(0)
    start = time.process_time()
    random = np.random.default_rng(0)
    model = CausalTransformer(len(SYMBOLS), LENGTH, width=48, depth=2, heads=2)
    if leak:
        model.transformer.mask = np.zeros_like(model.transformer.mask)
    schedule = keras.optimizers.schedules.InverseTimeDecay(rate, 300, 1.0)
    optimizer = keras.optimizers.Muon(
        schedule, exclude_layers=["head", "positions"], use_ema=True, ema_momentum=0.95
    )
    model.compile(
        optimizer,
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,
    )
    for step in MOMENTS:
        batches = train_tokens[
            random.choice(len(train_tokens), size=BATCH * (step - int(optimizer.iterations)))
        ]
        model.fit(batches[:, :-1], batches, batch_size=BATCH, verbose=0)
        losses = nats_per_line(model, train_tokens), nats_per_line(model, validation_tokens)
        print(f"{name:22} step {step:4}: train {losses[0]:7.2f}, validation {losses[1]:7.2f}")
    print(f"{name:22} {time.process_time() - start:.0f} CPU-seconds", flush=True)


def main() -> None:
    shuffled = np.random.default_rng(0).permutation(1000)
    validation = shuffled[:100]
    seen = shuffled[100:]
    everything = table(LINES)
    other_spelling = table(AMERICAN)
    print(
        f"ln 1000 = {math.log(1000):.2f}, ln 100 = {math.log(100):.2f}; {LENGTH} characters of "
        f"{len(SYMBOLS)} at most"
    )
    train("healthy", everything[seen], everything[validation])
    train("no causal mask", everything[seen], everything[validation], leak=True)
    train("100 lines only", everything[seen[:100]], everything[validation])
    train("another spelling", everything[seen], other_spelling[validation])
    train("rate too high", everything[seen], everything[validation], rate=1.0)
