"""A real language model: text -> tokens -> hidden states, next-token logits, more text. It needs
the extra `llm`.

The default is SmolLM2-135M-Instruct (Allal et al., arXiv:2502.02737) out of an installed Python
package; nothing is downloaded. KerasHub holds the network, the decoding loop is ours.
"""

import functools
import hashlib
import math
import warnings

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from genimg_lib.language import files, llama
from genimg_lib.language.automaton import Automaton
from genimg_lib.language.files import is_installed  # noqa: F401
from genimg_lib.nn import sampling

BATCH = 64  # texts that go through the network at a time


def load(source=None) -> "LanguageModel":
    """Loads a language model.

    Args:
        source: `None` for SmolLM2-135M-Instruct from the installed package (converted once into the
            folder of `files.cache_folder`), a GGUF file, a local folder in the format of Hugging
            Face or KerasHub, or any name that KerasHub's `from_preset` takes (`"hf://..."`,
            `"gpt2_base_en"`, `"all_minilm_l6_v2_en"`). Only such a name makes KerasHub look for
            files on the network.

    Raises `ImportError` without the extra, `FileNotFoundError`, and `ValueError` for an altered,
    truncated or unfitting file.
    """
    preset = files.find(source)
    return LanguageModel(files.read_backbone(preset), *files.read_tokenizer(preset))


class LanguageModel:
    """A network, its tokenizer and its chat template; made by `load`.

    `network` is KerasHub's `CausalLM`: a `keras.Model` from token_ids and padding_mask (batch, n)
    to logits, that is compiled and fitted the Keras way. It is `None` for a model that does not
    write (MiniLM, T5): of those there are only tokens and `token_states`.
    """

    def __init__(self, backbone, tokenizer, stop, template, context):
        import keras_hub

        tasks = [task for task in vars(keras_hub.models).values() if isinstance(task, type)]
        writers = [task for task in tasks if issubclass(task, keras_hub.models.CausalLM)]
        writers = [task for task in writers if not issubclass(task, keras_hub.models.Seq2SeqLM)]
        fitting = [task for task in writers if task.backbone_cls is type(backbone)]
        self.backbone = backbone
        self.tokenizer = tokenizer
        self.stop = stop
        self.network = fitting[0](backbone, preprocessor=None) if fitting else None
        self.blocks = (
            getattr(backbone, "transformer_layers", None) or backbone.encoder_transformer_layers
        )
        self.hidden_size = backbone.hidden_dim
        self.vocabulary_size = backbone.vocabulary_size
        self.context = context or getattr(backbone, "max_sequence_length", None)
        self.template = template
        self._decoders = {}

    # --- text and tokens ---

    def tokenize(self, texts) -> list[list[int]]:
        """Tokens of each text: what was written, and for a model that does not write the start and
        end that it expects.

        Raises `ValueError` for anything but a list of strings.
        """
        if isinstance(texts, str) or not all(isinstance(text, str) for text in texts):
            raise ValueError(f"expected a list of texts, got {texts!r}")
        encodings = self.tokenizer.encode_batch(
            list(texts), add_special_tokens=self.network is None
        )
        return [encoding.ids for encoding in encodings]

    def detokenize(self, tokens) -> list[str]:
        """Texts from lists of tokens; control tokens such as the stop token are left out."""
        return self.tokenizer.decode_batch(
            [list(map(int, row)) for row in tokens], skip_special_tokens=True
        )

    def chat(self, text: str) -> str:
        """A user's words in the model's own format for a conversation, ready for the answer."""
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        if not self.template:
            raise ValueError(
                "this model has no chat template: it was not trained for conversations"
            )
        template = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True).from_string(
            self.template
        )
        return template.render(
            messages=[{"role": "user", "content": text}], add_generation_prompt=True
        )

    def _padded(self, texts, room=0):
        """Tokens (n, longest + room), padded on the right with 0, and their counts (n,)."""
        rows = self.tokenize(texts)
        lengths = np.array([len(row) for row in rows], np.int32)
        if not rows or not lengths.all():
            raise ValueError("expected at least one text, and no empty ones")
        if self.context and lengths.max() + room > self.context:
            raise ValueError(
                f"the model sees {self.context} tokens; asked for a text of {lengths.max()} and "
                f"{room} more"
            )
        tokens = np.zeros((len(rows), lengths.max() + room), np.int32)
        for padded, row in zip(tokens, rows, strict=True):
            padded[: len(row)] = row
        return tokens, lengths

    # --- looking inside ---

    def logits(self, tokens) -> np.ndarray:
        """Of the token after each: whole numbers (batch, n) -> float32 (batch, n,
        vocabulary_size).
        """
        self._writes()
        tokens = np.asarray(tokens)
        whole = tokens.ndim == 2 and tokens.size and tokens.dtype.kind in "iu"
        if not whole or tokens.min() < 0 or tokens.max() >= self.vocabulary_size:
            raise ValueError(
                f"expected tokens (batch, n) in 0..{self.vocabulary_size - 1}, got {tokens!r}"
            )
        tokens = tf.constant(tokens, tf.int32)
        return np.asarray(_quietly(self.network, self._feed(tokens, ops.ones_like(tokens))))

    def token_states(self, texts, layer: int) -> tuple[np.ndarray, np.ndarray]:
        """What the network knows of each token after `layer` blocks; 0 is what enters the first.

        Returns float32 (n, longest, hidden_size), zeros after a text's end, and the mask bool (n,
        longest).
        """
        if not 0 <= layer <= len(self.blocks):
            raise ValueError(f"layer must be in 0..{len(self.blocks)}, got {layer}")
        tokens, lengths = self._padded(texts)
        mask = np.arange(tokens.shape[1]) < lengths[:, None]
        output = self.blocks[layer - 1].output if layer else self.blocks[0].input
        part = keras.Model(
            self.backbone.input, output[0] if isinstance(output, (list, tuple)) else output
        )
        states = np.zeros((*tokens.shape, self.hidden_size), np.float32)
        for start in range(0, len(tokens), BATCH):
            rows = slice(start, start + BATCH)
            states[rows] = _quietly(
                part, self._feed(tf.constant(tokens[rows]), tf.constant(mask[rows], tf.int32))
            )
        return states * mask[..., None], mask

    def _feed(self, tokens, mask):
        """The named inputs that a backbone of KerasHub takes."""
        kinds = {"token_ids": tokens, "padding_mask": mask, "segment_ids": ops.zeros_like(tokens)}
        return {
            name: next(x for kind, x in kinds.items() if name.endswith(kind))
            for name in self.backbone.input
        }

    # --- writing ---

    def generate(
        self,
        prompts,
        max_tokens: int = 64,
        *,
        temperature=0.0,
        top_k=None,
        top_p=None,
        seed=None,
        allowed=None,
    ) -> list[str]:
        """Writes on from each prompt until the stop token or for `max_tokens`, and returns what was
        added.

        Args:
            prompts: texts; prompts of different lengths are completed together.
            temperature, top_k, top_p: see `sampling.choose`; 0 takes the likeliest token.
            seed: an integer; without it, draws differ from call to call.
            allowed: an `Automaton` that every answer obeys. If it has an end, answers reach it
                within `max_tokens`.

        Raises `ValueError` for an empty prompt, one too long to leave `max_tokens` of the model's
        context, or if no allowed answer has only `max_tokens`.
        """
        return self.detokenize(
            self.draw(prompts, max_tokens, temperature, top_k, top_p, seed, allowed)
        )

    def draw(
        self, prompts, max_tokens, temperature=0.0, top_k=None, top_p=None, seed=None, allowed=None
    ) -> list[list[int]]:
        """What `generate` does, as tokens; the stop token, if it was drawn, is the last."""
        self._writes()
        if max_tokens < 1:
            raise ValueError(f"max_tokens must be at least 1, got {max_tokens}")
        sampling.check_options(temperature=temperature, top_k=top_k, top_p=top_p)
        tokens, lengths = self._padded(prompts, max_tokens)
        steered = allowed is not None
        allowed = allowed or Automaton(np.zeros((1, 1), int), np.zeros(self.vocabulary_size, int))
        allowed.check(self.vocabulary_size, self.stop)
        to_end = steered * allowed.tokens_to_end(self.stop)
        if to_end[0] > max_tokens:
            raise ValueError(
                f"the shortest allowed answer has {to_end[0]} tokens with the stop token, "
                f"max_tokens is {max_tokens}"
            )
        numbers = (
            tokens,
            lengths,
            lengths + max_tokens,
            *allowed,
            to_end,
            sampling.stateless_seed(seed),
        )
        numbers = [tf.cast(number, tf.int32) for number in numbers]
        decode = self._decoder(top_k, top_p is not None)
        drawn = decode(
            *numbers,
            tf.constant(float(temperature)),
            tf.constant(float(1.0 if top_p is None else top_p)),
        ).numpy()
        rows = [
            row[length : length + max_tokens].tolist()
            for row, length in zip(drawn, lengths, strict=True)
        ]
        return [row[: row.index(self.stop) + 1] if self.stop in row else row for row in rows]

    def _decoder(self, top_k, uses_top_p):
        """The compiled loop: traced once for each choice of `top_k`, since that is no tensor,
        and not for each shape.
        """
        if (top_k, uses_top_p) not in self._decoders:

            def decode(*arguments):
                return self._decode_cached(
                    *arguments[:-1], top_k, arguments[-1] if uses_top_p else None
                )

            shapes = ((None, None), (None,), (None,), (None, None), (None,), (None,), (2,))
            signature = [tf.TensorSpec(shape, tf.int32) for shape in shapes] + [
                tf.TensorSpec((), tf.float32)
            ] * 2
            self._decoders[top_k, uses_top_p] = tf.function(
                decode, input_signature=signature, autograph=False
            )
        return self._decoders[top_k, uses_top_p]

    def _decode_cached(
        self, tokens, lengths, ends, next_state, kind, to_end, seed, temperature, top_k, top_p
    ):
        """Prompts are read together up to the end of the shortest; from there one position at a
        time, prompt or drawn.
        """
        batch = ops.shape(tokens)[0]
        total = ops.shape(tokens)[1]
        stop = -1 if self.stop is None else self.stop
        shortest = ops.min(lengths)
        cache, extend = self._start(tokens[:, :shortest], total)

        def step(position, tokens, cache, state, done):
            logits, cache = extend(
                ops.slice(tokens, (0, position - 1), (batch, 1)), cache, position - 1
            )
            after = ops.take(next_state, state, axis=0)
            in_time = (after >= 0) & (
                ops.take(to_end, ops.maximum(after, 0)) < (ends - position)[:, None]
            )
            ending = (ops.take(after, kind[stop], axis=1) >= 0)[:, None] & (
                ops.arange(self.vocabulary_size) == stop
            )
            logits = ops.where(ops.take(in_time, kind, axis=1) | ending, logits, -math.inf)
            noise = sampling.gumbel((batch, self.vocabulary_size), seed, position)
            drawn = sampling.choose(logits, noise, temperature, top_k, top_p)
            free = tf.logical_and(position >= lengths, tf.logical_not(done))
            token = ops.where(free, drawn, tokens[:, position])
            state = ops.where(
                free,
                tf.gather_nd(next_state, ops.stack([state, ops.take(kind, drawn)], axis=1)),
                state,
            )
            done = done | (free & (drawn == stop)) | (position + 1 >= ends)
            return (
                position + 1,
                ops.slice_update(tokens, (0, position), token[:, None]),
                cache,
                state,
                done,
            )

        start = shortest, tokens, cache, ops.zeros_like(lengths), lengths < 0
        return tf.while_loop(
            lambda position, tokens, cache, state, done: (position < total) & ~tf.reduce_all(done),
            step,
            start,
        )[1]

    def _start(self, tokens, length):
        """A cache of that length with the tokens (batch, n) in it, and the function that extends
        it by one position.
        """
        if llama.fits(self.backbone):
            extend = functools.partial(llama.extend, self.backbone)
            return extend(
                tokens, llama.empty_cache(self.backbone, ops.shape(tokens)[0], length), 0
            )[1], extend

        def extend(tokens, cache, start):
            logits, _, cache = self.network.call_with_cache(tokens, cache, start)
            return logits[:, 0], cache

        _, cache = self.network._build_cache(tokens)
        return tf.pad(
            cache, [[0, 0]] * 3 + [[0, length - ops.shape(tokens)[1]], [0, 0], [0, 0]]
        ), extend

    def _writes(self):
        if self.network is None:
            raise ValueError(
                f"{type(self.backbone).__name__} turns text into states; it does not write"
            )

    # --- adapting (LoRA) ---

    def enable_lora(self, rank: int, layers=("query", "value")) -> None:
        """Freezes the network and adds to each named layer's kernel the product of two small
        trainable matrices.

        Compile `network` after this, not before. Source: Hu et al., arXiv:2106.09685, section 4.1.
        """
        if self._adapted() or rank < 1:
            raise ValueError(
                f"LoRA needs a rank of at least 1, and a model that has none yet; got rank {rank}"
            )
        self.backbone.enable_lora(rank, list(layers))
        self._decoders = {}  # a traced loop does not notice that kernels have changed

    def save_adapter(self, path) -> None:
        """Writes the LoRA matrices alone, as 16-bit floats in the format of `safetensors`."""
        from safetensors.numpy import save_file

        adapted = self._adapted()
        if not adapted:
            raise ValueError("there is no adapter to save: call enable_lora first")
        rank = next(
            str(variable.shape[0]) for name, variable in adapted.items() if name.endswith("_b")
        )
        about = {"model": self.fingerprint(), "rank": rank}
        about["layers"] = " ".join(sorted({name.split("/")[-2] for name in adapted}))
        save_file(
            {name: variable.numpy().astype(np.float16) for name, variable in adapted.items()},
            path,
            about,
        )

    def load_adapter(self, path) -> None:
        """Reads what `save_adapter` wrote; enables LoRA if that was not done.

        Raises `ValueError` for a damaged file, or one made for another model, rank or choice of
        layers.
        """
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, "numpy") as file:
                about = file.metadata() or {}
                matrices = {name: file.get_tensor(name) for name in file.keys()}
        except SafetensorError as error:
            raise ValueError(f"{path} is not an adapter, or is damaged: {error}") from error
        if about.get("model") != self.fingerprint():
            raise ValueError(
                f"{path} was made for model {about.get('model')}, this is model "
                f"{self.fingerprint()}"
            )
        if not self._adapted():
            self.enable_lora(int(about["rank"]), about["layers"].split())
        adapted = self._adapted()
        given, expected = (
            {name: tuple(x.shape) for name, x in some.items()} for some in (matrices, adapted)
        )
        if given != expected:
            raise ValueError(
                f"{path} has rank {about['rank']} on {about['layers']}; this model's LoRA has "
                "other matrices"
            )
        for name, variable in adapted.items():
            variable.assign(matrices[name].astype(np.float32))

    def _adapted(self):
        variables = {
            "/".join(weight.path.split("/")[-4:]): weight for weight in self.backbone.weights
        }
        return {name: weight for name, weight in variables.items() if "lora_kernel" in name}

    def fingerprint(self) -> str:
        """Eight bytes, as text, that tell this model from others: of its first token embeddings
        and its size.
        """
        first = self.backbone.token_embedding.embeddings[:BATCH].numpy()
        size = f"{self.vocabulary_size} {self.hidden_size} {len(self.blocks)}"
        return hashlib.sha256(first.tobytes() + size.encode()).hexdigest()[:16]


def _quietly(network, inputs):
    """Without Keras's advice on how KerasHub's layers might be written better."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=UserWarning, module="keras")
        return network(inputs)
