"""Image GPT, MaskGIT and the next-scale model: exact likelihoods, what is drawn, completion,
classes, and their tokenizer.
"""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny_models

from genimg_lib.data import exact
from genimg_lib.models.token_generator import TokenGenerator

EVERYTHING = exact.all_images()
CLASSES = tiny_models.CLASSES
BUILDERS = {
    "image_gpt": tiny_models.image_gpt,
    "maskgit": tiny_models.maskgit,
    "next_scale": tiny_models.next_scale,
}
LARGE = 20_000


def most_total_variation(probabilities, count):
    """What the total variation between a distribution and `count` draws from it exceeds once in a
    million seeds.

    The share of an outcome has standard deviation sqrt(p (1 - p) / n), so the expected total
    variation is at most half their sum; one draw moves it by at most 1 / n, so it exceeds that by t
    with probability at most exp(-2 n t^2).
    """
    expected = np.sqrt(probabilities * (1 - probabilities) / count).sum() / 2
    return expected + np.sqrt(np.log(1e6) / (2 * count))


def assert_drawn_from(probabilities, outcomes):
    """The indices `outcomes` are distributed as `probabilities`, as far as so many can tell."""
    shares = np.bincount(outcomes, minlength=len(probabilities)) / len(outcomes)
    assert np.abs(shares - probabilities).sum() / 2 < most_total_variation(
        probabilities, len(outcomes)
    )


def truths():
    """The enumerable world: the distribution, and given that the pixel in the middle is off or
    on.
    """
    truth, light = exact.strokes(), tiny_models.labels(EVERYTHING) == 1
    return (
        truth,
        np.where(~light, truth, 0) / truth[~light].sum(),
        np.where(light, truth, 0) / truth[light].sum(),
    )


@pytest.fixture(scope="module")
def trained_gpt():
    return train(tiny_models.image_gpt(class_names=CLASSES, label_drop=0.25))


@pytest.fixture(scope="module")
def trained_maskgit():
    return train(tiny_models.maskgit(class_names=CLASSES, label_drop=0.25))


def train(model):
    images = tiny_models.images(6400)
    model.compile(steps_per_execution=50)
    model.fit(images, tiny_models.labels(images), batch_size=64, epochs=8, verbose=0)
    return model


def untrained(kind, class_names=CLASSES, **options):
    return BUILDERS[kind](class_names=class_names, **options)


@pytest.fixture(scope="module")
def models():
    """kind -> a model with classes, as it is built; tests here do not train it. Its classes
    differ by much.
    """
    built = {kind: untrained(kind) for kind in BUILDERS}
    for model in built.values():
        embedding = getattr(model, "network", model).condition_embedding.embeddings
        embedding.assign(20.0 * embedding)
    return built


def pictures(model, count=30):
    """Images that the model's tokenizer takes."""
    if model.image_shape == tiny_models.SHAPE:
        return tiny_models.images(count)
    return np.random.default_rng(0).integers(0, 256, (count, *model.image_shape), dtype=np.uint8)


# --- exact likelihood: image GPT ------------------------------------------------------------------


def test_probabilities_of_all_images_sum_to_one(trained_gpt):
    """Over all 512 images, for each class and without one."""
    for labels in (None, 0, 1, "light"):
        log_p = trained_gpt.log_likelihood(EVERYTHING, labels)
        assert log_p.shape == (512,)
        assert np.exp(log_p.astype(np.float64)).sum() == pytest.approx(1.0, abs=1e-5)
    np.testing.assert_array_equal(
        trained_gpt.log_likelihood(EVERYTHING, "light"), trained_gpt.log_likelihood(EVERYTHING, 1)
    )
    unconditional = tiny_models.image_gpt()
    assert np.exp(
        unconditional.log_likelihood(EVERYTHING).astype(np.float64)
    ).sum() == pytest.approx(1.0, abs=1e-5)


def test_training_comes_near_the_entropy(trained_gpt):
    """Exact: no model can be below the entropy; without training the gap is about 9 log 2 less the
    entropy, 3 nats.

    Without a class the model has learned the whole world (from the labels dropped), with one the
    half that has it.
    """
    for truth, label in zip(truths(), (None, 0, 1), strict=True):
        model = np.exp(trained_gpt.log_likelihood(EVERYTHING, label).astype(np.float64))
        gap = exact.kl_divergence(truth, model)
        print(f"condition {label}: entropy {exact.entropy(truth):.3f}, gap {gap:.3f} nats")
        assert 0 < gap < 0.15  # 0.02 to 0.06 when the bound was set


def test_log_likelihood_of_a_subset_and_in_batches(trained_gpt):
    """1100 images with a label each, in three batches of at most 500: the same numbers as one by
    one, up to rounding.
    """
    rows = np.random.default_rng(0).integers(0, 512, 1100)
    labels = rows % 2
    by_class = np.stack([trained_gpt.log_likelihood(EVERYTHING, label) for label in (0, 1)])
    np.testing.assert_allclose(
        trained_gpt.log_likelihood(EVERYTHING[rows], labels), by_class[labels, rows], rtol=1e-4
    )
    assert np.median(np.abs(by_class[0] - by_class[1])) > 0.1  # the labels matter


def test_evaluate_is_the_mean_over_the_tokens(trained_gpt):
    images = tiny_models.images(500, seed=3)
    labels = tiny_models.labels(images)
    expected = -trained_gpt.log_likelihood(images, labels).mean() / 9
    measured = trained_gpt.evaluate(images, labels, batch_size=100, verbose=0)
    assert measured == {"nats_per_token": pytest.approx(expected, rel=1e-4)}


# --- what is drawn --------------------------------------------------------------------------------


def test_image_gpt_draws_from_its_own_distribution(trained_gpt):
    for label in (None, 0, 1):
        log_p = trained_gpt.log_likelihood(EVERYTHING, label).astype(np.float64)
        conditions = np.full(LARGE, trained_gpt.num_classes if label is None else label)
        tokens = np.asarray(
            trained_gpt.draw(np.full((LARGE, 9), -1), conditions, seed=0, guidance=1.0)
        )
        assert_drawn_from(np.exp(log_p), tokens @ (1 << np.arange(9)[::-1]))


def test_the_uncached_loop_draws_the_same_images(trained_gpt):
    for options in ({}, {"guidance": 1.0, "temperature": 0.5, "top_k": 1}):
        images = trained_gpt.generate(20, "light", seed=0, **options)
        np.testing.assert_array_equal(
            trained_gpt.generate(20, "light", seed=0, cached=False, **options), images
        )


def test_generate_draws_what_draw_draws(trained_gpt):
    """`generate` in batches of 500, with its options handed on: guidance 1 is the model's own
    distribution.
    """
    p = np.exp(trained_gpt.log_likelihood(EVERYTHING, "light").astype(np.float64))
    images = trained_gpt.generate(3000, "light", seed=1, guidance=1.0)
    assert_drawn_from(p, exact.image_index(images))
    guided = trained_gpt.generate(3000, "light", seed=1, guidance=4.0)
    assert exact.total_variation(p, exact.empirical(guided)) > 1.5 * most_total_variation(p, 3000)


def test_image_gpt_completes_with_its_conditional_distribution(trained_gpt):
    """The upper two rows of one image are known: the eight ways to go on are drawn as often as
    the model finds them likely.
    """
    known = np.array([[True] * 3, [True] * 3, [False] * 3])
    image = EVERYTHING[0b010_010_000]  # the upper part of the stroke in the middle
    log_p = trained_gpt.log_likelihood(EVERYTHING, "light").astype(np.float64)
    ways = 0b010_010_000 + np.arange(8)
    completed = trained_gpt.complete(
        np.tile(image, (LARGE, 1, 1, 1)), known, "light", seed=0, guidance=1.0
    )
    outcomes = exact.image_index(completed) - 0b010_010_000
    assert_drawn_from(np.exp(log_p[ways]) / np.exp(log_p[ways]).sum(), outcomes)


def test_maskgit_in_one_step_draws_every_token_by_itself(trained_maskgit):
    """All masked, one step: the product of nine marginals, those of the logits, is what 20,000
    draws must follow.
    """
    logits = np.asarray(
        trained_maskgit.logits(np.full((1, 9), trained_maskgit.mask_token), np.array([1])),
        np.float64,
    )[0]
    on = 1 / (1 + np.exp(logits[:, 0] - logits[:, 1]))
    pixels = EVERYTHING.reshape(512, 9) > 0
    product = np.where(pixels, on, 1 - on).prod(axis=1)
    tokens = np.asarray(
        trained_maskgit.draw(
            np.full((LARGE, 9), -1), np.ones(LARGE, int), seed=0, steps=1, guidance=1.0
        )
    )
    assert_drawn_from(product, tokens @ (1 << np.arange(9)[::-1]))


@pytest.mark.parametrize("steps", [1, 3])
def test_maskgit_draws_a_last_token_from_its_conditional(trained_maskgit, steps):
    """One pixel is unknown: however many steps there are, it is drawn from softmax of its logits
    given the others.
    """
    known = np.ones((3, 3), bool)
    known[1, 1] = False
    image = EVERYTHING[0b001_010_100]
    masked = trained_maskgit.tokenizer.encode(image[None])
    masked[0, 4] = trained_maskgit.mask_token
    logits = np.asarray(trained_maskgit.logits(masked, np.array([2])), np.float64)[0, 4]
    p = np.exp(logits) / np.exp(logits).sum()
    drawn = trained_maskgit.complete(
        np.tile(image, (4000, 1, 1, 1)), known, seed=0, steps=steps, guidance=1.0
    )
    assert_drawn_from(p, tiny_models.labels(drawn))
    assert p[1] > 0.8  # the diagonal goes through the middle


def test_maskgit_has_two_temperatures(trained_maskgit):
    """One is for the tokens, the other for the order in which they are fixed, and it has faded
    at the last step.
    """
    free, light = np.full((200, 9), -1), np.ones(200, int)
    logits = np.asarray(
        trained_maskgit.logits(np.full((1, 9), trained_maskgit.mask_token), np.array([1]))
    )

    def distinct(**options):
        return len(
            np.unique(trained_maskgit.draw(free, light, seed=0, guidance=1.0, **options), axis=0)
        )

    at_once = trained_maskgit.draw(
        free, light, seed=0, guidance=1.0, steps=1, temperature=0.0, choice_temperature=9.0
    )
    np.testing.assert_array_equal(at_once, np.tile(logits.argmax(axis=-1), (200, 1)))
    assert distinct(steps=9, temperature=0.0, choice_temperature=0.0) == 1
    # the likeliest tokens, in another order
    assert distinct(steps=9, temperature=0.0, choice_temperature=9.0) > 1
    assert distinct(steps=1, temperature=1.0, choice_temperature=0.0) > 9


def test_maskgit_learns_the_world(trained_maskgit):
    """One token a step takes no two as independent: nearer to the truth than all at once, which
    shows no strokes.
    """
    truth = truths()[2]
    far, near = (
        exact.total_variation(
            truth,
            exact.empirical(trained_maskgit.generate(2000, 1, seed=0, steps=steps, guidance=1.0)),
        )
        for steps in (1, 9)
    )
    print(f"total variation in one step {far:.3f}, in nine {near:.3f}")
    assert far > 0.5
    assert near < far / 2


def test_the_likelihood_of_next_scale_sums_to_one():
    """Over all 3^5 token sequences, for each class and without one; samples follow it."""
    model = tiny_models.next_scale(class_names=CLASSES)
    sequences = np.array(list(itertools.product(range(3), repeat=5)), np.int32)
    for condition in range(3):
        conditions = np.full(243, condition, np.int32)
        log_p = -np.sum(model.token_loss(sequences, conditions), axis=1, dtype=np.float64)
        assert np.exp(log_p).sum() == pytest.approx(1.0, abs=1e-5)
        free = np.full((LARGE, 5), -1)
        tokens = np.asarray(model.draw(free, np.full(LARGE, condition), seed=0, guidance=1.0))
        assert_drawn_from(np.exp(log_p), tokens @ 3 ** np.arange(5)[::-1])


def test_next_scale_log_likelihood_is_that_of_the_tokens():
    model = tiny_models.next_scale(class_names=CLASSES)
    images = pictures(model)
    tokens = model.tokenizer.encode(images)
    for labels, conditions in (
        (None, np.full(30, 2)),
        ("light", np.full(30, 1)),
        (np.arange(30) % 2, np.arange(30) % 2),
    ):
        expected = -np.sum(model.token_loss(tokens, conditions), axis=1)
        np.testing.assert_allclose(model.log_likelihood(images, labels), expected, rtol=1e-5)


def test_next_scale_sees_coarser_scales_only():
    """A fine token changes nothing; the coarse one changes the loss of all fine ones, if they
    are scored the same.
    """
    model = tiny_models.next_scale()
    tokens = np.zeros((1, 5), np.int32)
    before = np.asarray(model.token_loss(tokens, np.zeros(1, np.int32)))[0]
    for position in range(5):
        other = tokens.copy()
        other[0, position] = 1
        change = np.abs(np.asarray(model.token_loss(other, np.zeros(1, np.int32)))[0] - before)
        same = np.arange(5) != position
        assert (change[same] > 1e-6).all() if position == 0 else (change[same] == 0).all()


# --- drawing: every family ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", BUILDERS)
def test_given_tokens_are_kept_and_the_others_drawn(models, kind):
    model = models[kind]
    length, vocabulary = model.tokenizer.length, model.tokenizer.vocabulary_size
    rng = np.random.default_rng(0)
    fixed = np.where(rng.random((40, length)) < 0.5, rng.integers(0, vocabulary, (40, length)), -1)
    fixed[0], fixed[1] = -1, 1  # nothing given, and everything
    for options in [{}, {"guidance": 1.0}, {"temperature": 0.0}] + (
        [{"steps": 1}, {"steps": 30}] * (kind == "maskgit")
    ):
        drawn = np.asarray(model.draw(fixed, np.arange(40) % 3, seed=0, **options))
        np.testing.assert_array_equal(drawn[fixed >= 0], fixed[fixed >= 0])
        assert drawn.min() >= 0
        assert drawn.max() < vocabulary
        if options.get("temperature", 1.0):
            assert len(np.unique(drawn[fixed < 0])) == vocabulary


@pytest.mark.parametrize("kind", ["image_gpt", "maskgit"])
def test_complete_never_changes_what_is_known(models, kind):
    model, images = models[kind], tiny_models.images(50, seed=2)
    for known in (
        np.zeros((3, 3), bool),
        np.ones((3, 3), bool),
        np.eye(3, dtype=bool),
        np.tri(3, dtype=bool),
    ):
        for labels in (None, "dark", np.arange(50) % 2):
            completed = model.complete(images, known, labels, seed=0)
            np.testing.assert_array_equal(completed[:, known], images[:, known])
            assert (completed[:, ~known] != images[:, ~known]).any() or known.all()


def test_complete_keeps_whole_patches_only():
    """A patch of 2x2 pixels is kept if all four are known, with the token that it has when all
    else is erased.
    """
    model = tiny_models.image_gpt(tokenizer=tiny_models.trained_tokenizer())
    images = tiny_models.patched_images(5)
    known = np.ones((8, 8), bool)
    known[4:, :] = False
    known[1, 1] = False
    seen = []
    draw = model.draw
    object.__setattr__(
        model,
        "draw",
        lambda fixed, *rest, **options: seen.append(fixed) or draw(fixed, *rest, **options),
    )
    model.complete(images, known, seed=0)
    free = np.zeros((4, 4), bool)
    free[2:] = free[0, 0] = True
    np.testing.assert_array_equal(seen[0] == -1, np.tile(free.ravel(), (5, 1)))
    erased = np.where(known[..., None], images, np.uint8(0))
    np.testing.assert_array_equal(
        seen[0][:, ~free.ravel()], model.tokenizer.encode(erased)[:, ~free.ravel()]
    )


@pytest.mark.parametrize("kind", BUILDERS)
def test_tokens_of_several_scales_cannot_complete(kind):
    model = untrained(kind, tokenizer=tiny_models.scale_tokenizer())
    with pytest.raises(ValueError, match="do not belong to one place"):
        model.complete(pictures(model), np.ones((4, 4), bool))


@pytest.mark.parametrize("tokenizer", [tiny_models.pixel_tokenizer, tiny_models.trained_tokenizer])
def test_next_scale_needs_several_scales(tokenizer):
    with pytest.raises(ValueError, match="needs a Tokenizer with several scales"):
        tiny_models.next_scale(tokenizer=tokenizer())


@pytest.mark.parametrize("kind", BUILDERS)
def test_a_seed_repeats_and_no_seed_does_not(models, kind):
    model = models[kind]
    np.testing.assert_array_equal(model.generate(20, seed=3), model.generate(20, seed=3))
    assert (model.generate(20, seed=3) != model.generate(20, seed=4)).any()
    assert (model.generate(20) != model.generate(20)).any()
    twin = untrained(kind)
    twin.set_weights(model.get_weights())
    # whatever was drawn before
    np.testing.assert_array_equal(twin.generate(20, seed=3), model.generate(20, seed=3))


@pytest.mark.parametrize("kind", BUILDERS)
def test_temperature_zero_needs_no_seed(models, kind):
    options = {"temperature": 0.0} | ({"choice_temperature": 0.0} if kind == "maskgit" else {})
    images = models[kind].generate(6, "light", **options)
    np.testing.assert_array_equal(images, models[kind].generate(6, "light", **options))
    assert len(np.unique(images.reshape(6, -1), axis=0)) == 1


@pytest.mark.parametrize("kind", BUILDERS)
def test_guidance_zero_ignores_the_class(models, kind):
    dark, light = (models[kind].generate(100, label, seed=0, guidance=0.0) for label in CLASSES)
    np.testing.assert_array_equal(dark, light)
    dark, light = (models[kind].generate(100, label, seed=0, guidance=1.0) for label in CLASSES)
    assert (dark != light).any()


# --- classes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["image_gpt", "maskgit"])
def test_the_class_is_drawn(kind, request):
    """Each image has the class asked for, in the order asked for, by word or by number."""
    model = request.getfixturevalue(
        {"image_gpt": "trained_gpt", "maskgit": "trained_maskgit"}[kind]
    )
    wanted = np.random.default_rng(0).integers(0, 2, 600)  # across the batches of 500
    images = model.generate(600, wanted, seed=2)
    assert (tiny_models.labels(images) == wanted).mean() > 0.95
    np.testing.assert_array_equal(
        model.generate(600, [CLASSES[label] for label in wanted], seed=2), images
    )
    share = tiny_models.labels(model.generate(2000, seed=3)).mean()
    # five standard errors, and the 5% above
    assert share == pytest.approx(0.5, abs=0.05 + 5 * np.sqrt(0.25 / 2000))


def condition_changes(kind, label_drop):
    """How much one step of gradient descent moves the embedding of each condition."""
    model = untrained(kind, label_drop=label_drop)
    model.compile(keras.optimizers.SGD(1.0))
    embedding = getattr(model, "network", model).condition_embedding.embeddings
    before = embedding.numpy()
    images = pictures(model, 32)
    model.train_step((tf.constant(model.prepare(images)), tf.constant(np.arange(32) % 2)))
    return np.abs(embedding.numpy() - before).max(axis=1)


@pytest.mark.parametrize("kind", BUILDERS)
def test_dropped_labels_train_the_unconditional_model(kind):
    """Without dropping, the embedding of no condition (the last) gets no gradient; all but
    always, only it gets one.
    """
    dark, light, none = condition_changes(kind, 0.0)
    assert min(dark, light) > 0
    assert none == 0
    assert min(condition_changes(kind, 0.5)) > 0
    # 32 labels: one is kept once in 30,000 seeds
    dark, light, none = condition_changes(kind, 0.999_999)
    assert none > 0
    assert max(dark, light) == 0


def test_models_without_classes_train_and_draw_too():
    for kind in BUILDERS:
        model = untrained(kind, class_names=None)
        assert model.num_classes == 0
        images = model.generate(7, seed=0)
        assert images.shape == (7, *model.image_shape)
        assert images.dtype == np.uint8
        # there is nothing to guide
        np.testing.assert_array_equal(model.generate(7, seed=0, guidance=4.0), images)


# --- the training loss of MaskGIT -----------------------------------------------------------------


def test_maskgit_is_scored_on_masked_tokens_only():
    """A model that knows nothing has log 2 nats per masked token, whatever share is masked;
    given tokens cost nothing.
    """
    model = tiny_models.maskgit()
    model.transformer.head.set_weights(
        [np.zeros(weight.shape) for weight in model.transformer.head.get_weights()]
    )
    tokens = model.prepare(tiny_models.images(64))
    shares = []
    for _ in range(40):
        losses = np.asarray(model.token_loss(tokens, np.zeros(64, np.int32)))
        assert losses.mean() == pytest.approx(np.log(2), rel=1e-5)
        # nothing, or log 2 over the share of the batch
        assert len(np.unique(np.round(losses, 4))) == 2
        shares.append((losses > 0).mean())
    # The share is cos(pi u / 2), with mean 2 / pi and variance 1/2 - 4 / pi^2; a token adds at most
    # 1/4 / 9 to it.
    error = np.sqrt((0.5 - 4 / np.pi**2 + 0.25 / 9) / (40 * 64))
    assert np.mean(shares) == pytest.approx(2 / np.pi, abs=5 * error)


# --- the tokenizer --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", BUILDERS)
def test_training_leaves_the_tokenizer_alone_and_can_be_saved(kind, tmp_path):
    build = tiny_models.scale_tokenizer if kind == "next_scale" else tiny_models.trained_tokenizer
    model, other = untrained(kind, tokenizer=build()), untrained(kind, tokenizer=build(), seed=5)
    tokenizer = model.tokenizer
    mine = {id(variable) for variable in (*model.variables, *model.trainable_variables)}
    assert not mine & {id(variable) for variable in tokenizer.variables}
    for each in (model, other):
        each.compile()
    before, fingerprint = model.get_weights(), tokenizer.fingerprint()
    model.fit(pictures(model, 64), np.arange(64) % 2, batch_size=32, verbose=0)
    np.testing.assert_array_equal(tokenizer.fingerprint(), fingerprint)
    assert any((old != new).any() for old, new in zip(before, model.get_weights(), strict=True))
    assert int(model.steps) == 2
    assert int(tokenizer.steps) == 1

    model.save_weights(tmp_path / "model.weights.h5")
    other.load_weights(tmp_path / "model.weights.h5")
    mine = model.variables + model.optimizer.variables + [model.seed_generator.state]
    theirs = other.variables + other.optimizer.variables + [other.seed_generator.state]
    for weight, loaded in zip(mine, theirs, strict=True):
        np.testing.assert_array_equal(weight, loaded, err_msg=weight.path)
    # unseeded: the random state came along
    np.testing.assert_array_equal(model.generate(10), other.generate(10))


@pytest.mark.parametrize("kind", BUILDERS)
def test_weights_of_another_tokenizer_are_refused(kind, tmp_path):
    """The same architecture, and a tokenizer that differs by its weights: loading fails and
    changes nothing.
    """
    build = tiny_models.scale_tokenizer if kind == "next_scale" else tiny_models.trained_tokenizer
    theirs, mine = (untrained(kind, tokenizer=build(seed), seed=seed) for seed in (0, 1))
    for model in (theirs, mine):
        model.compile(keras.optimizers.SGD(0.1))
    theirs.save_weights(tmp_path / "theirs.weights.h5")
    variables = [*mine.variables, *mine.optimizer.variables, mine.seed_generator.state]
    before = [variable.numpy() for variable in variables]
    with pytest.raises(
        ValueError, match=f"(?s)weights of this {type(mine).__name__}: .*another tokenizer"
    ):
        mine.load_weights(tmp_path / "theirs.weights.h5")
    for value, variable in zip(before, variables, strict=True):
        np.testing.assert_array_equal(variable, value, err_msg=variable.path)
    # another object with the same weights is the same tokenizer
    same = untrained(kind, tokenizer=build(0), seed=7)
    same.load_weights(tmp_path / "theirs.weights.h5")
    np.testing.assert_array_equal(same.generate(5, seed=0), theirs.generate(5, seed=0))


def test_weights_of_other_pixels_are_refused(tmp_path):
    tiny_models.image_gpt().save_weights(tmp_path / "pixels.weights.h5")
    # nine tokens too
    model = tiny_models.image_gpt(tokenizer=tiny_models.trained_tokenizer(shape=(6, 6, 1)))
    with pytest.raises(ValueError, match="another tokenizer"):
        model.load_weights(tmp_path / "pixels.weights.h5")


# --- bad input ------------------------------------------------------------------------------------

KNOWN = np.ones((3, 3), bool)
BAD_OPTIONS = {
    "temperature": (-1.0, "temperature must be finite and not negative, got -1.0"),
    "guidance": (-0.5, "guidance must be finite and not negative, got -0.5"),
    "top_k": (0, "top_k must be a whole number of at least 1, got 0"),
    "top_p": (1.5, "top_p must be in (0, 1], got 1.5"),
    "steps": (0, "steps must be a whole number of at least 1, got 0"),
    "choice_temperature": (-1.0, "choice_temperature must be finite and not negative, got -1.0"),
}
OPTIONS_OF = {
    "image_gpt": ("temperature", "guidance", "top_k", "top_p"),
    "maskgit": ("temperature", "guidance", "steps", "choice_temperature"),
    "next_scale": ("temperature", "guidance", "top_k", "top_p"),
}


@pytest.mark.parametrize("class_names", [CLASSES, None], ids=["conditional", "unconditional"])
@pytest.mark.parametrize(
    ("kind", "option"),
    [(kind, option) for kind, options in OPTIONS_OF.items() for option in options],
)
def test_bad_options(models, kind, option, class_names):
    value, message = BAD_OPTIONS[option]
    model = models[kind] if class_names else untrained(kind, class_names=None)
    with pytest.raises(ValueError) as raised:
        model.generate(2, **{option: value})
    assert message in str(raised.value)


@pytest.mark.parametrize("kind", BUILDERS)
@pytest.mark.parametrize(
    ("action", "exception", "message"),
    [
        (lambda model: model.generate(0), ValueError, "of at least 1, got 0"),
        (lambda model: model.generate(2.0), TypeError, "of at least 1, got 2.0"),
        (
            lambda model: model.generate(2, "grey"),
            ValueError,
            "unknown label 'grey'; known are: dark, light",
        ),
        (lambda model: model.generate(2, 2), ValueError, "label 2 is outside 0..1"),
        (lambda model: model.generate(2, speed=3), TypeError, "speed"),
        (lambda model: model.fit(pictures(model)), ValueError, "has 2 classes: give one label"),
        (
            lambda model: model.fit(pictures(model) / 255.0),
            TypeError,
            "must be uint8 in 0..255, got float64",
        ),
        (
            lambda model: model.draw(np.full((2, 4), -1), [0, 0]),
            ValueError,
            "fixed must have shape (n, ",
        ),
        (
            lambda model: model.draw(np.full((2, model.tokenizer.length), 99), [0, 0]),
            ValueError,
            "token 99 is outside",
        ),
        (
            lambda model: model.draw(np.full((2, model.tokenizer.length), -1), [0, 3]),
            ValueError,
            "2 conditions in 0..2",
        ),
    ],
)
def test_bad_input(models, kind, action, exception, message):
    with pytest.raises(exception) as raised:
        action(models[kind])
    assert message in str(raised.value)


@pytest.mark.parametrize("kind", ["image_gpt", "maskgit"])
@pytest.mark.parametrize(
    ("images", "known", "labels", "exception", "message"),
    [
        (tiny_models.images(4) / 255.0, KNOWN, None, TypeError, "must be uint8"),
        (tiny_models.patched_images(4), KNOWN, None, ValueError, "must have shape (n, 3, 3, 1)"),
        (
            tiny_models.images(4),
            KNOWN.astype(int),
            None,
            ValueError,
            "known must be booleans of shape (3, 3), got int64",
        ),
        (
            tiny_models.images(4),
            KNOWN[:2],
            None,
            ValueError,
            "known must be booleans of shape (3, 3), got bool (2, 3)",
        ),
        (tiny_models.images(4), KNOWN, "grey", ValueError, "known are: dark, light"),
        (tiny_models.images(4), KNOWN, [0, 1], ValueError, "expected 4 labels"),
    ],
)
def test_bad_completions(models, kind, images, known, labels, exception, message):
    with pytest.raises(exception) as raised:
        models[kind].complete(images, known, labels)
    assert message in str(raised.value)


@pytest.mark.parametrize("label_drop", [-0.1, 1.0, 2.0])
def test_impossible_label_drop(label_drop):
    with pytest.raises(ValueError, match=r"label_drop must be in \[0, 1\), got"):
        TokenGenerator(tiny_models.pixel_tokenizer(), label_drop=label_drop)


@pytest.mark.parametrize("kind", ["image_gpt", "next_scale"])
def test_bad_log_likelihoods(models, kind):
    images = pictures(models[kind])
    with pytest.raises(ValueError, match="expected 30 labels"):
        models[kind].log_likelihood(images, [0, 1])
    with pytest.raises(TypeError, match="must be uint8"):
        models[kind].log_likelihood(images / 255.0)
    with pytest.raises(ValueError, match="this model has no classes"):
        untrained(kind, class_names=None).log_likelihood(images, 0)
