"""A language model that answers captions with scene programs, and how it is tuned for that.

The network is untouched but for LoRA matrices: Hu et al., "LoRA", arXiv:2106.09685, section 4.1.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from genimg_lib.data.digests import check_digest
from genimg_lib.scenes.descriptions import Caption
from genimg_lib.scenes.program import agreement, complete, parse, write

FOLDER = Path(__file__).parent / "adapters"
LONGEST_CAPTION = 300  # characters
MAX_TOKENS = 72  # a program of six things takes 70 when it is spelled in whole words
EXAMPLES = (  # for a model that was not tuned: captions with the programs that are wanted
    ("a red house", "background: meadow\nhouse: red, medium, bottom"),
    (
        "A tiny golden star above a blue cat.",
        "background: night\nstar: yellow, small, top\ncat: blue, medium, bottom",
    ),
    (
        "by the sea, a purple boat and a big sun",
        "background: sea\nboat: purple, medium, bottom\nsun: yellow, large, top right",
    ),
    (
        "two green kites",
        "background: meadow\nkite: green, medium, top left\nkite: green, medium, top right",
    ),
    ("an apple that is grey on the left, in winter", "background: snow\napple: grey, medium, left"),
)


def prompt(caption: str, examples: Sequence[tuple[str, str]] = ()) -> str:
    """What the model reads before it writes a program; `examples` are captions with their programs.

    Raises `ValueError` for an empty caption, one of more than 300 characters, or one with control
    characters.
    """
    text = caption.strip()
    if not text or len(text) > LONGEST_CAPTION or not text.isprintable():
        shown = repr(caption if len(caption) <= 40 else caption[:37] + "...")
        raise ValueError(
            f"a caption is one line of 1 to {LONGEST_CAPTION} printable characters, got "
            f"{len(caption)}: {shown}"
        )
    shown = "".join(f"Caption: {example}\nProgram:\n{program}\n\n" for example, program in examples)
    return f"{shown}Caption: {text}\nProgram:\n"


def draw_programs(
    model, captions: Sequence[str], *, allowed=None, examples=(), batch_size: int = 16
) -> list[str]:
    """One program for each caption, each token the likeliest one.

    Programs are certain to be valid only with `allowed`, the compiled grammar. What follows an
    empty line is cut off: there an untuned model goes on to the next example.
    """
    prompts = [prompt(caption, examples) for caption in captions]
    # texts of about one length are read together
    order = np.argsort([len(text) for text in prompts])
    programs = [""] * len(prompts)
    for start in range(0, len(prompts), batch_size):
        rows = order[start : start + batch_size]
        texts = model.generate([prompts[row] for row in rows], MAX_TOKENS, allowed=allowed)
        for row, text in zip(rows, texts, strict=True):
            programs[row] = text.split("\n\n")[0].rstrip("\n")
    return programs


def tune(
    model,
    captions: Sequence[Caption],
    *,
    batch_size: int = 8,
    learning_rate: float = 2e-3,
    seed: int = 0,
) -> Iterator:
    """Tunes the LoRA matrices of `model` once through the captions; yields each step's loss.

    The loss, in nats for each token, is that of the program alone: nobody asks the model to write
    captions. The learning rate rises for 20 steps or a quarter of them, and falls with a cosine.
    Take as many steps as you like.
    """
    if len(captions) < batch_size:
        raise ValueError(
            f"tuning takes at least one batch of {batch_size} captions, got {len(captions)}"
        )
    backbone = model.backbone
    variables = model.network.trainable_variables
    if not all("lora" in variable.path for variable in variables):
        raise ValueError("the whole model would be tuned: call model.enable_lora first")
    steps = len(captions) // batch_size
    warmup = min(20, steps // 4)
    rates = keras.optimizers.schedules.CosineDecay(
        0.0, max(steps - warmup, 1), 0.05, warmup_target=learning_rate, warmup_steps=warmup
    )
    optimizer = keras.optimizers.Adam(rates, beta_2=0.98, clipnorm=1.0)
    optimizer.build(variables)

    @tf.function(
        input_signature=[
            tf.TensorSpec((None, None), tf.int32),
            tf.TensorSpec((None, None), tf.bool),
        ],
        autograph=False,
    )
    def step(tokens, written):
        with tf.GradientTape() as tape:
            read = tokens[:, :-1]
            states = backbone(
                {"token_ids": read, "padding_mask": ops.ones_like(read)}, training=True
            )
            # (written, vocabulary)
            logits = backbone.token_embedding(tf.boolean_mask(states, written[:, 1:]), reverse=True)
            wanted = tf.boolean_mask(tokens[:, 1:], written[:, 1:])
            nats = keras.losses.sparse_categorical_crossentropy(wanted, logits, from_logits=True)
            loss = ops.mean(nats)
        optimizer.apply(tape.gradient(loss, variables), variables)
        return loss

    for tokens, written in _batches(model, captions, batch_size, np.random.default_rng(seed)):
        yield float(step(tf.constant(tokens), tf.constant(written)))


def _batches(model, captions, batch_size, generator):
    """Padded batches, see `_padded`; rows of about one length stand together."""
    prompts = model.tokenize([prompt(caption.text) for caption in captions])
    programs = model.tokenize([write(complete(caption.facts)) for caption in captions])
    rows = []
    for read, program in zip(prompts, programs, strict=True):
        rows.append((read, [*program, model.stop]))
    chunk_size = 16 * batch_size
    for chunk_start in range(0, len(rows), chunk_size):
        chunk = sorted(rows[chunk_start : chunk_start + chunk_size], key=_length)
        for start in generator.permutation(len(chunk) // batch_size) * batch_size:
            yield _padded(chunk[start : start + batch_size])


def _length(row) -> int:
    read, program = row
    return len(read) + len(program)


def _padded(batch) -> tuple[np.ndarray, np.ndarray]:
    """Tokens (batch, longest), padded with 0, and a mask of those that the model has to write."""
    tokens = np.zeros((len(batch), max(map(_length, batch))), np.int32)
    written = np.zeros(tokens.shape, bool)
    for i, (read, program) in enumerate(batch):
        end = len(read) + len(program)
        tokens[i, :end] = read + program
        written[i, len(read) : end] = True
    return tokens, written


class Result(NamedTuple):
    """Shares of what is right.

    Attributes:
        valid: share of programs that are valid.
        colours: share of the said colours that are right.
        objects: share of programs with exactly the objects asked for.
        exact: share of programs with everything that the caption says.
    """

    valid: float
    colours: float
    objects: float
    exact: float


def measure(programs: Sequence[str], captions: Sequence[Caption]) -> Result:
    """How well programs fit the captions that they were written for.

    An invalid program has nothing right; `colours` is NaN where no caption says a colour.
    """
    found = [
        agreement(program, caption.facts)
        for program, caption in zip(programs, captions, strict=True)
    ]
    said = sum(one.colours_said for one in found)
    right = sum(one.colours_right for one in found)
    return Result(
        valid=float(np.mean([is_valid(program) for program in programs])),
        colours=right / said if said else float("nan"),
        objects=float(np.mean([one.objects for one in found])),
        exact=float(np.mean([one.exact for one in found])),
    )


def is_valid(program: str) -> bool:
    try:
        parse(program)
    except ValueError:
        return False
    return True


# --- what is shipped ---


def card() -> dict:
    """How the shipped adapter was made, and what was measured with it."""
    return json.loads((FOLDER / "drawer.json").read_text())


def load_adapter(model) -> None:
    """Puts the shipped adapter into SmolLM2-135M-Instruct.

    Raises `ValueError` if its file was altered, or if the model is another one.
    """
    path = FOLDER / "drawer.safetensors"
    check_digest(path, card()["sha256"], expected_by="its card says")
    model.load_adapter(path)


def recorded() -> dict[str, dict[str, list[str]]]:
    """Programs that were written before and after tuning, for readers without the extra.

    kind of caption -> way of writing -> a program for each of `make_captions(100, RECORDED_SEED,
    kind)`.
    """
    return json.loads((FOLDER / "drawer_programs.json").read_text())


RECORDED_SEED = 2026
