"""A real language model: text -> tokens -> hidden states, next-token logits, more text.

It needs the extra `llm`. The default is SmolLM2-135M-Instruct (Allal et al., arXiv:2502.02737) out
of an installed Python package; nothing is downloaded. KerasHub holds the network, the decoding loop
is ours.
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
from genimg_lib.nn import private_names, sampling

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
        self.backbone = backbone
        self.tokenizer = tokenizer
        self.stop = stop
        writer = _writer_class(type(backbone))
        self.network = writer and writer(backbone, preprocessor=None)
        blocks = getattr(backbone, "transformer_layers", None)
        self.blocks = blocks or backbone.encoder_transformer_layers
        self.hidden_size = backbone.hidden_dim
        self.vocabulary_size = backbone.vocabulary_size
        self.context = context or getattr(backbone, "max_sequence_length", None)
        self.template = template
        self._decoders = {}

    # --- text and tokens ---

    def tokenize(self, texts) -> list[list[int]]:
        """Tokens of each text.

        A model that does not write also gets the start and end tokens that it expects. Raises
        `ValueError` for anything but a list of strings.
        """
        if isinstance(texts, str) or not all(isinstance(text, str) for text in texts):
            raise ValueError(f"expected a list of texts, got {texts!r}")
        encodings = self.tokenizer.encode_batch(
            list(texts), add_special_tokens=self.network is None
        )
        return [encoding.ids for encoding in encodings]

    def detokenize(self, tokens) -> list[str]:
        """Texts from lists of tokens; control tokens such as the stop token are left out."""
        rows = [[int(token) for token in row] for row in tokens]
        return self.tokenizer.decode_batch(rows, skip_special_tokens=True)

    def chat(self, text: str) -> str:
        """A user's words in the model's own format for a conversation, ready for the answer."""
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        if not self.template:
            raise ValueError(
                "this model has no chat template: it was not trained for conversations"
            )
        environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
        messages = [{"role": "user", "content": text}]
        template = environment.from_string(self.template)
        return template.render(messages=messages, add_generation_prompt=True)

    def _padded(self, texts, more=0):
        """Tokens (n, longest + more), padded on the right with 0, and their counts (n,)."""
        rows = self.tokenize(texts)
        lengths = np.array([len(row) for row in rows], np.int32)
        if not rows or not lengths.all():
            raise ValueError("expected at least one text, and no empty ones")
        if self.context and lengths.max() + more > self.context:
            raise ValueError(
                f"the model sees {self.context} tokens; asked for a text of {lengths.max()} and "
                f"{more} more"
            )
        tokens = np.zeros((len(rows), lengths.max() + more), np.int32)
        for padded, row in zip(tokens, rows, strict=True):
            padded[: len(row)] = row
        return tokens, lengths

    # --- looking inside ---

    def logits(self, tokens) -> np.ndarray:
        """Logits of the token that follows each of `tokens`.

        Whole numbers (batch, n) -> float32 (batch, n, vocabulary_size). Raises `ValueError` for
        other numbers, and for a model that does not write.
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
        """Hidden states of each token after `layer` blocks; 0 is what enters the first block.

        Returns float32 (n, longest, hidden_size), zeros after a text's end, and a mask, bool (n,
        longest), of the positions before it. Raises `ValueError` for a block that is not there.
        """
        if not 0 <= layer <= len(self.blocks):
            raise ValueError(f"layer must be in 0..{len(self.blocks)}, got {layer}")
        tokens, lengths = self._padded(texts)
        mask = np.arange(tokens.shape[1]) < lengths[:, None]
        output = self.blocks[layer - 1].output if layer else self.blocks[0].input
        if isinstance(output, (list, tuple)):
            output = output[0]
        part = keras.Model(self.backbone.input, output)
        states = np.zeros((*tokens.shape, self.hidden_size), np.float32)
        for start in range(0, len(tokens), BATCH):
            rows = slice(start, start + BATCH)
            inputs = self._feed(tf.constant(tokens[rows]), tf.constant(mask[rows], tf.int32))
            states[rows] = _quietly(part, inputs)
        return states * mask[..., None], mask

    def _feed(self, tokens, mask):
        """The named inputs that a backbone of KerasHub takes.

        An encoder-decoder's names have a prefix, such as encoder_token_ids.
        """
        inputs = {}
        for name in self.backbone.input:
            if name.endswith("token_ids"):
                inputs[name] = tokens
            elif name.endswith("padding_mask"):
                inputs[name] = mask
            elif name.endswith("segment_ids"):
                inputs[name] = ops.zeros_like(tokens)
            else:
                raise ValueError(f"{type(self.backbone).__name__} needs the input {name}")
        return inputs

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
        """Continues each prompt until the stop token or for `max_tokens`; returns what was added.

        Args:
            prompts: texts; prompts of different lengths are completed together.
            temperature, top_k, top_p: see `sampling.choose`; 0 takes the likeliest token.
            seed: an integer; without it, texts differ from call to call.
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
        """What `generate` does, as tokens; the stop token, if it was sampled, is the last."""
        self._writes()
        if max_tokens < 1:
            raise ValueError(f"max_tokens must be at least 1, got {max_tokens}")
        sampling.check_options(temperature=temperature, top_k=top_k, top_p=top_p)
        tokens, lengths = self._padded(prompts, max_tokens)
        constraint = self._everything_allowed() if allowed is None else allowed
        constraint.check(self.vocabulary_size, self.stop)
        to_end = constraint.tokens_to_end(self.stop)
        if allowed is None:
            to_end = np.zeros_like(to_end)  # a free text need not reach the stop token
        if to_end[0] > max_tokens:
            raise ValueError(
                f"the shortest allowed answer has {to_end[0]} tokens with the stop token, "
                f"max_tokens is {max_tokens}"
            )
        integers = (
            tokens,
            lengths,
            lengths + max_tokens,
            constraint.next_state,
            constraint.kind,
            to_end,
            sampling.stateless_seed(seed),
        )
        decode = self._decoder(top_k, top_p is not None)
        written = decode(
            *(tf.cast(numbers, tf.int32) for numbers in integers),
            tf.constant(float(temperature)),
            tf.constant(1.0 if top_p is None else float(top_p)),
        ).numpy()
        rows = []
        for row, length in zip(written, lengths, strict=True):
            added = row[length : length + max_tokens].tolist()
            end = added.index(self.stop) + 1 if self.stop in added else max_tokens
            rows.append(added[:end])
        return rows

    def _everything_allowed(self) -> Automaton:
        one_state = np.zeros((1, 1), int)
        one_kind = np.zeros(self.vocabulary_size, int)
        return Automaton(one_state, one_kind)

    def _decoder(self, top_k, uses_top_p):
        """The compiled loop, traced once for each choice of `top_k`, which is no tensor.

        Its arguments are those of `_decode_cached` but for `top_k`. Other shapes do not make it
        trace again.
        """
        key = top_k, uses_top_p
        if key not in self._decoders:

            def decode(*arguments):
                *numbers, top_p = arguments
                return self._decode_cached(*numbers, top_k, top_p if uses_top_p else None)

            signature = [
                tf.TensorSpec((None, None), tf.int32),  # tokens
                tf.TensorSpec((None,), tf.int32),  # lengths
                tf.TensorSpec((None,), tf.int32),  # ends
                tf.TensorSpec((None, None), tf.int32),  # next_state
                tf.TensorSpec((None,), tf.int32),  # kind
                tf.TensorSpec((None,), tf.int32),  # to_end
                tf.TensorSpec((2,), tf.int32),  # seed
                tf.TensorSpec((), tf.float32),  # temperature
                tf.TensorSpec((), tf.float32),  # top_p
            ]
            self._decoders[key] = tf.function(decode, input_signature=signature, autograph=False)
        return self._decoders[key]

    def _decode_cached(
        self, tokens, lengths, ends, next_state, kind, to_end, seed, temperature, top_k, top_p
    ):
        """Completes `tokens` (batch, total) one position at a time, and returns them.

        Prompts are read together up to the end of the shortest. From there each position is a token
        of the prompt, if that is longer, or a sampled one. `ends` (batch,) are the positions where
        texts must stop; `next_state`, `kind` and `to_end` are those of an `Automaton`.
        """
        batch = ops.shape(tokens)[0]
        total = ops.shape(tokens)[1]
        stop = -1 if self.stop is None else self.stop
        shortest = ops.min(lengths)
        cache, extend = self._start(tokens[:, :shortest], total)

        def allowed_tokens(state, position):
            """Bool (batch, vocabulary): tokens after which the text can still end in time."""
            after = ops.take(next_state, state, axis=0)  # (batch, kinds)
            left = (ends - position)[:, None]
            in_time = (after >= 0) & (ops.take(to_end, ops.maximum(after, 0)) < left)
            may_stop = (ops.take(after, kind[stop], axis=1) >= 0)[:, None]
            is_stop = ops.arange(self.vocabulary_size) == stop
            return ops.take(in_time, kind, axis=1) | (may_stop & is_stop)

        def step(position, tokens, cache, state, done):
            previous = ops.slice(tokens, (0, position - 1), (batch, 1))
            logits, cache = extend(previous, cache, position - 1)
            logits = ops.where(allowed_tokens(state, position), logits, -math.inf)
            noise = sampling.gumbel((batch, self.vocabulary_size), seed, position)
            chosen = sampling.choose(logits, noise, temperature, top_k, top_p)
            is_free = tf.logical_and(position >= lengths, tf.logical_not(done))
            token = ops.where(is_free, chosen, tokens[:, position])
            moved = tf.gather_nd(next_state, ops.stack([state, ops.take(kind, chosen)], axis=1))
            state = ops.where(is_free, moved, state)
            done = done | (is_free & (chosen == stop)) | (position + 1 >= ends)
            tokens = ops.slice_update(tokens, (0, position), token[:, None])
            return position + 1, tokens, cache, state, done

        def goes_on(position, tokens, cache, state, done):
            return (position < total) & ~tf.reduce_all(done)

        nothing_done = lengths < 0
        start = shortest, tokens, cache, ops.zeros_like(lengths), nothing_done
        _, tokens, *_ = tf.while_loop(goes_on, step, start)
        return tokens

    def _start(self, tokens, length):
        """A cache of that length with the tokens (batch, n) in it, and its function `extend`.

        `extend(tokens, cache, start)` takes one token of each text, (batch, 1), at position
        `start`, and returns the logits (batch, vocabulary) after it and the cache with it.
        """
        if llama.fits(self.backbone):
            extend = functools.partial(llama.extend, self.backbone)
            cache = llama.empty_cache(self.backbone, ops.shape(tokens)[0], length)
            _, cache = extend(tokens, cache, 0)
            return cache, extend

        def extend(tokens, cache, start):
            logits, _, cache = self.network.call_with_cache(tokens, cache, start)
            return logits[:, 0], cache

        # (batch, blocks, keys and values, n, heads, numbers of a head)
        cache = private_names.filled_cache(self.network, tokens)
        missing = length - ops.shape(tokens)[1]
        return tf.pad(cache, [[0, 0]] * 3 + [[0, missing], [0, 0], [0, 0]]), extend

    def _writes(self):
        if self.network is None:
            raise ValueError(
                f"{type(self.backbone).__name__} turns text into states; it does not write"
            )

    # --- adapting (LoRA) ---

    def enable_lora(self, rank: int, layers=("query", "value")) -> None:
        """Freezes the network, and adds a trainable product of two matrices to some kernels.

        `layers` are names of layers. Compile `network` after this, not before. Source: Hu et al.,
        arXiv:2106.09685, section 4.1.
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
        second = next(name for name in adapted if name.endswith("_b"))
        layers = {name.split("/")[-2] for name in adapted}
        about = {
            "model": self.fingerprint(),
            "rank": str(adapted[second].shape[0]),
            "layers": " ".join(sorted(layers)),
        }
        matrices = {name: weight.numpy().astype(np.float16) for name, weight in adapted.items()}
        save_file(matrices, path, about)

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
        given = {name: matrix.shape for name, matrix in matrices.items()}
        expected = {name: tuple(weight.shape) for name, weight in adapted.items()}
        if given != expected:
            raise ValueError(
                f"{path} has rank {about['rank']} on {about['layers']}; this model's LoRA has "
                "other matrices"
            )
        for name, variable in adapted.items():
            variable.assign(matrices[name].astype(np.float32))

    def _adapted(self):
        """The LoRA matrices by the last four parts of their paths."""
        adapted = {}
        for weight in self.backbone.weights:
            if "lora_kernel" in weight.path:
                adapted["/".join(weight.path.split("/")[-4:])] = weight
        return adapted

    def fingerprint(self) -> str:
        """16 hexadecimal digits that tell this model from others.

        A hash of its first token embeddings and its size.
        """
        first = self.backbone.token_embedding.embeddings[:BATCH].numpy()
        size = f"{self.vocabulary_size} {self.hidden_size} {len(self.blocks)}"
        return hashlib.sha256(first.tobytes() + size.encode()).hexdigest()[:16]


def _writer_class(backbone_class):
    """KerasHub's `CausalLM` for a class of backbones, or `None` where there is none."""
    import keras_hub

    for task in vars(keras_hub.models).values():
        if (
            isinstance(task, type)
            and issubclass(task, keras_hub.models.CausalLM)
            and not issubclass(task, keras_hub.models.Seq2SeqLM)
            and task.backbone_cls is backbone_class
        ):
            return task
    return None


def _quietly(network, inputs):
    """Calls a network without Keras's warnings about how KerasHub's layers are written."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=UserWarning, module="keras")
        return network(inputs)
