"""Checks of exercises 33: restoration, synthesis on demand and translation with GANs."""

import numpy as np

from genimg_lib.checks.core import array, checker, close, expect, short, value_checker
from genimg_lib.checks.judge import choices, estimates, match, pair, several, whole
from genimg_lib.checks.restoration import faults, questions


@checker
def paste_back(answer):
    """Source: Pathak et al., arXiv:1604.07379, section 3 (the mask; only the hole is predicted)."""
    random = np.random.default_rng(2)
    for shape in ((4, 5, 6, 1), (3, 3, 3, 3)):
        damaged, restored = random.integers(0, 256, (2, *shape), dtype=np.uint8)
        missing = random.random(shape[:3]) < 0.4
        damaged[missing] = 128
        known = np.argwhere(~missing)
        for place in known[::3]:
            damaged[tuple(place)] = 128  # grey that was there in truth
        pasted = answer(damaged, restored, missing)
        found = array(pasted, "the pasted images", shape)
        wanted = np.where(missing[..., None], restored, damaged)
        tempting = {
            "it is the other way round: the hole keeps its grey, and known pixels are "
            "replaced.": np.where(missing[..., None], damaged, restored),
            "known pixels that happen to be grey are replaced too: use the mask, not the "
            "colour.": np.where(damaged == 128, restored, damaged),
            "both at once: the two are exchanged, and known grey pixels count as missing.": (
                np.where(damaged == 128, damaged, restored)
            ),
            "that is the restorer's answer everywhere: known pixels must stay.": restored,
        }
        if len(set(shape)) == 1:  # elsewhere such a mask does not fit at all
            tempting |= {
                "the mask (n, height, width) meets the wrong axes: give it a last one.": np.where(
                    missing, restored, damaged
                )
            }
        changed = np.mean(found[~missing] != damaged[~missing])
        told = f"{changed:.0%} of the known values differ from what was given"
        match(found, wanted, f"{told}; all of them must stay.", tempting)
        dtype = np.asarray(pasted).dtype
        expect(dtype == np.uint8, f"the result is {dtype}; bytes in, bytes out.")
        yield f"the hole is filled, the rest is as given: {shape[-1]} channels"


@checker
def paint_counts(answer):
    """Source: Odena, Dumoulin and Olah, "Deconvolution and checkerboard artifacts" (2016)."""
    for count, kernel, stride in ((5, 3, 2), (4, 4, 2), (6, 5, 2), (3, 3, 1), (4, 2, 3), (1, 3, 2)):
        case = f"{count} inputs a side, kernel {kernel}, stride {stride}"
        side = (count - 1) * stride + kernel
        found = np.asarray(answer(count, kernel, stride))
        expect(
            found.ndim != 1,
            "that is one line; an image has two axes, and each pixel its own number.",
        )
        expect(
            found.shape == (side, side) or found.shape != (count * stride, count * stride),
            f'{case}: the side is count * stride, as with padding "same"; here nothing is cut.',
        )
        found = whole(found, f"{case}: the counts", (side, side))
        lines = np.arange(side)[:, None] - stride * np.arange(count)
        line = ((lines >= 0) & (lines < kernel)).sum(axis=1)
        wanted = line[:, None] * line
        tempting = {
            f"{case}: along a row and down a column the counts multiply; yours are added.": (
                line[:, None] + line
            ),
            f"{case}: each pixel counts once; count each input that paints it.": (
                np.minimum(wanted, 1)
            ),
        }
        at = np.unravel_index(np.argmax(np.abs(found - wanted)), wanted.shape)
        told = f"{case}: pixel {tuple(map(int, at))} is painted {wanted[at]} times"
        match(found, wanted, f"{told}, not {found[at]}.", tempting)
        yield case


@checker
def judged_pairs(answer):
    """Source: Mirza and Osindero, arXiv:1411.1784, section 3 (D sees image and label)."""
    names = "real images, real labels, fake images, fake labels"
    labels = np.repeat([0, 1, 2, 5], [12, 8, 6, 4])
    images = faults.labelled_images(labels)
    orders = []
    for seed in (3, 4, 3):
        asked = []

        def generate(wanted, asked=asked):
            asked.append(np.array(wanted))
            return faults.labelled_images(np.asarray(wanted), fake=True)

        parts = several(answer(images, labels, generate, np.random.default_rng(seed)), names)
        real, of_real, fake, of_fake = (
            array(part, name, part_shape)
            for part, name, part_shape in zip(
                parts, names.split(", "), 2 * (images.shape, labels.shape), strict=True
            )
        )
        expect(len(asked) > 0, "`generate` is never called: where do the fakes come from?")
        expect(
            not faults.is_fake(real).any() and faults.is_fake(fake).all(),
            "real images come first, then the fakes that `generate` returned.",
        )
        order = faults.positions(real)
        expect(
            sorted(order) == list(range(len(labels))),
            "every image of the batch occurs once: shuffle it, do not sample from it.",
        )
        expect(
            np.array_equal(of_real, labels[order]),
            "real images and their labels are in different orders: D learns that labels mean "
            "nothing.",
        )
        expect(
            np.array_equal(of_fake, faults.labels_of(fake)),
            "the fakes are judged with other labels than they were made for: G is punished for "
            "obeying.",
        )
        expect(
            np.array_equal(np.sort(of_fake), np.sort(labels)),
            "the fakes' labels are distributed differently from the batch's: D can tell fakes "
            "by how often a label comes.",
        )
        expect(
            np.array_equal(of_fake, of_real),
            "the i-th fake should have the label of the i-th real image: a relativistic loss "
            "compares the two.",
        )
        orders.append(order)
    yield "each image is judged with its own label, and the i-th pair shares a label"
    expect(
        not np.array_equal(orders[0], np.arange(len(labels))), "the batch is not shuffled at all."
    )
    expect(
        np.array_equal(orders[0], orders[2]) and not np.array_equal(orders[0], orders[1]),
        "the order must come from `random`, and from nothing else.",
    )
    yield "a random order, from `random`"


@checker
def cycle_loss(answer):
    """Source: Zhu et al., arXiv:1703.10593, section 3.2, equation 2."""
    random = np.random.default_rng(5)
    for sizes, weight in (((6, 6), 1.0), ((4, 7), 10.0)):
        x, y = (random.normal(size=(size, 3)) for size in sizes)
        found = array(answer(x, y, faults.forth, faults.back, weight), "the loss", ())
        wanted, tempting = faults.cycle_losses(x, y, weight)
        match(
            found,
            wanted,
            f"got {short(found)}; there and back from both sides costs {short(wanted)}.",
            tempting,
        )
        yield f"batches of {sizes[0]} and {sizes[1]}, weight {weight:g}"
    expect(
        close(_loss_of_inverses(answer), 0), "translators that undo each other must cost nothing."
    )
    yield "nothing to pay for translators that undo each other"


def _loss_of_inverses(answer):
    """The loss of x -> 2 x + 1 and its inverse, which is 0."""
    x, y = np.linspace(-1, 1, 8), np.linspace(0, 3, 5)
    loss = answer(x, y, lambda one: 2 * one + 1, lambda other: (other - 1) / 2, 10.0)
    return array(loss, "the loss", ())


@checker
def patch_field(answer):
    """Source: Isola et al., arXiv:1611.07004, section 3.2.2 and appendix 6.1.2."""
    stacks = (
        [(4, 2), (4, 2), (4, 2), (4, 1), (4, 1)],
        [(3, 1)],
        [(3, 2), (3, 1)],
        [(5, 1), (3, 3), (2, 2), (3, 1)],
        [(2, 2), (3, 1), (3, 2), (3, 1), (3, 1)],
        [],
    )
    for layers in stacks:
        found = pair(answer(list(layers)), "field, step", ())
        wanted = faults.seen_patch(layers)
        told = f"layers {layers}: yours are ({found[0]:g}, {found[1]:g})"
        match(
            found,
            wanted,
            f"{told}; a change further away than {wanted[0]} pixels reaches no single logit.",
            faults.mistaken_patches(layers),
        )
        yield f"{len(layers)} layers: a side of {wanted[0]}, {wanted[1]} pixels apart"


@checker
def fitted(answer):
    """Source: Wang, Yu and Zhang, arXiv:2212.00490, section 3.1 (the range of the degradation is
    taken from the input, the rest from the model).
    """
    random = np.random.default_rng(6)
    for shape in ((2, 3, 4, 1), (1, 4, 2, 3)):
        n, height, width, channels = shape
        given = random.uniform(0, 255, shape)
        restored = random.uniform(-20, 275, (n, 2 * height, 2 * width, channels))
        found = array(answer(restored, given), "the result", restored.shape)
        wanted = faults.nearest_fit(restored, given)
        off = np.abs(faults.block_means(found) - given).max()
        match(
            found,
            wanted,
            f"the 2x2 means are off by up to {off:.4g}; they must be those of `given`."
            if off > 1e-6
            else "the 2x2 means fit, but a nearer image does as well: change each pixel of a block "
            "by the same amount.",
            faults.mistaken_fits(restored, given),
        )
        again = array(answer(wanted, given), "the result", restored.shape)
        expect(close(again, wanted), "images that fit already must stay as they are.")
        yield f"the nearest images that fit, shape {restored.shape}"


@checker
def three_errors(answer):
    """Source: Blau and Michaeli, arXiv:1711.06077, section 4; Freirich, Michaeli and Meir,
    arXiv:2107.02555, section 3 (Gaussians).
    """
    for spread, correlation in ((1.0, 0.6), (3.0, 0.9), (2.0, -0.8), (0.5, 0.0)):
        names = "of the mean, of a sample, of the best realistic one"
        found = np.array(
            [array(part, "an error", ()) for part in several(answer(spread, correlation), names)]
        )
        wanted = faults.errors_of_gaussians(spread, correlation)
        told = f"spread {spread:g}, correlation {correlation:g}"
        tempting = faults.mistaken_errors(spread, correlation)
        for index, name in enumerate(names.split(", ")):
            words = f"{told}: the error {name} is {found[index]:.4f}, not {wanted[index]:.4f}."
            match(found[index], wanted[index], words, tempting[index])
        yield told


@value_checker(tries=2)
def name_the_repairs(answers):
    """Source: tools/draw_exercises.py restoration."""
    yield from choices(answers, questions.REPAIRS)


@value_checker
def invented_numbers(answers):
    """Source: the definition of PSNR; Zhu et al., arXiv:1703.10593, section 3.2."""
    yield from estimates(answers, questions.INVENTED)
