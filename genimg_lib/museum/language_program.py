"""The article's third program, which asks a language model for a picture of a beach.

The package transformers is not installed here, so each fault is shown on a miniature. What the real
library does was observed with transformers 5.23 and a T5 of random weights; see the labels.
"""

import ast
import inspect

import numpy as np

from genimg_lib.museum.exhibit import Exhibit

BEACH = "生成一张漂亮的海滩图片"
PROMPTS = (BEACH, "一只猫", "红色的汽车")
BYTES = {f"<0x{value:02X}>": 100 + value for value in range(256)}
ENGLISH = {"</s>": 1, "<unk>": 2} | {
    letter: 3 + i for i, letter in enumerate("abcdefghijklmnopqrstuvwxyz ")
}


class Backbone:
    """What `AutoModel` loads: token ids (n,) -> hidden states (n, 8)."""

    def __call__(self, ids):
        return np.sin(np.outer(np.asarray(ids) + 1.0, np.arange(1, 9)))


class LanguageModel(Backbone):
    """What `AutoModelForSeq2SeqLM` loads: the backbone with a head to the vocabulary, and so
    with `generate`.
    """

    def generate(self, ids, max_length=50):
        tokens = [int(np.argmax(self(ids).sum(0)))]
        while len(tokens) < max_length:
            tokens.append(int(np.argmax(self(tokens[-1:])[0])))
        return np.array(tokens)


def auto_model(ids):
    """'T5Model' object has no attribute 'generate': `AutoModel` is the network without its
    language-model head.
    """
    return Backbone().generate(ids)


def auto_model_with_head(ids):
    """The class says what the network is for: `AutoModelForSeq2SeqLM`."""
    return LanguageModel().generate(ids)


def unknown_for_all(text):
    """The model never sees the prompt: the vocabulary has no Chinese, so every Chinese text is
    one unknown token.
    """
    ids = [ENGLISH.get(letter, ENGLISH["<unk>"]) for letter in text]
    return [i for n, i in enumerate(ids) if not n or i != ids[n - 1] or i != ENGLISH["<unk>"]]


def bytes_for_unknown(text):
    """A tokenizer that falls back to bytes (or mT5's, or translation first) loses nothing."""
    vocabulary = ENGLISH | BYTES
    parts = [
        [letter] if letter in vocabulary else [f"<0x{byte:02X}>" for byte in letter.encode()]
        for letter in text
    ]
    return [vocabulary[part] for letter in parts for part in letter]


def prompts_told_apart(tokenize) -> int:
    """How many of three Chinese prompts the model can tell from each other."""
    return len({tuple(tokenize(prompt)) for prompt in PROMPTS})


def words_from(tokens):
    """A string comes out, and no setting turns it into pixels. Captions, listed among the ways
    to make images, are strings.
    """
    return "".join("abcdefgh"[token] for token in tokens)


def picture_from(tokens):
    """Let the tokens stand for pieces of pictures, and decode them: a codebook of patches
    (lessons 42 and 44).
    """
    codebook = np.uint8(np.linspace(0, 255, 8 * 16).reshape(8, 4, 4))
    return codebook[tokens[:49]].reshape(7, 7, 4, 4).swapaxes(1, 2).reshape(28, 28)


def pixels(decode) -> int:
    """How many `uint8` pixels the output holds."""
    found = np.asarray(decode(LanguageModel().generate([3], max_length=50)))
    return found.size if found.dtype == np.uint8 else 0


def bare_text(task, text):
    """A model trained on tasks that are named by a prefix is not told which one: it can only
    guess.
    """
    return text


def text_with_prefix(task, text):
    """Write the prefix of training ("translate English to German: ..."), or take a model that
    was tuned on instructions.
    """
    return f"{task}: {text}"


def task_in_doubt(write) -> float:
    """Entropy in nats over the tasks of training that fit an input, when four tasks were trained
    on the same texts.
    """
    seen = [
        (task, f"{task}: {text}")
        for task in ("translate", "summarise", "rate", "answer")
        for text in ("a beach", "a cat")
    ]
    return float(
        np.log(
            len({task for task, prompt in seen if prompt.endswith(write("translate", "a beach"))})
        )
    )


def large_by_size(parameters, trained_on_text):
    """By this definition a giant image classifier is a language model, and t5-small, which the
    program loads, is not large.
    """
    return parameters > 1e9


def large_by_training(parameters, trained_on_text):
    """What makes one is training to predict text, token by token, then tuning on instructions.
    Size is how well it works.
    """
    return trained_on_text


def t5_parameters(
    width=512, hidden=2048, layers=6, inner=512, vocabulary=32128, buckets=32, heads=8
) -> int:
    """Parameters of a T5 of version 1.0, by its configuration: t5-small unless told. Source:
    Raffel et al., 1910.10683.
    """
    attention = 4 * width * inner + width
    dense = 2 * width * hidden + width
    return (
        vocabulary * width + layers * (3 * attention + 2 * dense) + 2 * buckets * heads + 2 * width
    )


def wrong_verdicts(is_language_model) -> int:
    """Errors about t5-small, SmolLM2-135M (both trained on text) and ViT-22B (a classifier of
    images).
    """
    models = ((t5_parameters(), True), (135e6, True), (22e9, False))
    return sum(is_language_model(*model) != model[1] for model in models)


def fifty_tokens(side, patch):
    """`max_length=50`: even with an image vocabulary the picture would end in its fourth row of
    patches.
    """
    return 50


def tokens_of_the_grid(side, patch):
    """The length is the tokenizer's grid: 256 pixels at 16 a token are 16 x 16 tokens, neither
    more nor fewer.
    """
    return (side // patch) ** 2


def mean_over_padding(states, mask):
    """The same prompt means something else in a longer batch: no attention mask is passed on.
    Nothing is pinned, either.
    """
    return states.mean(axis=0)


def mean_under_mask(states, mask):
    """Hand the mask to the model with the ids; pin versions, and use one framework."""
    return states[mask].mean(axis=0)


def change_by_padding(pool) -> float:
    """How far three zeros behind a prompt move its vector."""
    ids = np.array([5, 9, 4, 0, 0, 0])
    mask = np.arange(6) < 3
    return float(np.abs(pool(Backbone()(ids), mask) - pool(Backbone()(ids[:3]), mask[:3])).max())


def text_program(model, tokenize, prompt):
    """The text speaks of a text encoder that is trained, a fully connected generator and images.
    The code has none of them.
    """
    return model.generate(tokenize(prompt))


def image_program(text_encoder, generator, captions, images):
    """Describe the code that exists; or write the one described, with a frozen encoder, as
    Imagen and Muse do.
    """
    states = text_encoder(captions)
    generator.fit(states, images)
    return generator(states)


def promises_kept(program) -> int:
    """How many of four promises appear among the program's names: text encoder, generator,
    training, images.
    """
    words = {
        node.id if isinstance(node, ast.Name) else getattr(node, "attr", getattr(node, "arg", ""))
        for node in ast.walk(ast.parse(inspect.getsource(program)))
    }
    return len({"text_encoder", "generator", "fit", "images"} & words)


ROOM = (
    Exhibit(
        "L01",
        auto_model,
        auto_model_with_head,
        "has no attribute 'generate'",
        lambda part: len(part([3])),
    ),
    Exhibit(
        "L02", unknown_for_all, bytes_for_unknown, lambda found: found == 1, prompts_told_apart
    ),
    Exhibit("L03 P10 P11", words_from, picture_from, lambda found: found == 0, pixels),
    Exhibit("L04", bare_text, text_with_prefix, lambda nats: nats > 1, task_in_doubt),
    Exhibit("L05 P09", large_by_size, large_by_training, lambda errors: errors > 0, wrong_verdicts),
    Exhibit(
        "L06",
        fifty_tokens,
        tokens_of_the_grid,
        lambda share: share < 1,
        lambda length: length(256, 16) / 256,
    ),
    Exhibit(
        "L07", mean_over_padding, mean_under_mask, lambda moved: moved > 0.01, change_by_padding
    ),
    Exhibit("P18", text_program, image_program, lambda kept: kept == 0, promises_kept),
)
