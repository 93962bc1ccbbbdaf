import numpy as np
from answers import right, wrong


@right
def with_permutation(images, labels, generate, random):
    order = random.permutation(len(labels))
    images, labels = images[order], labels[order]
    return images, labels, generate(labels), labels


@right
def with_choice(images, labels, generate, random):
    order = random.choice(len(labels), len(labels), replace=False)
    return [images[order], labels[order], generate(labels[order]), labels[order].copy()]


@right
def with_random_keys(images, labels, generate, random):
    pairs = sorted(zip(random.random(len(labels)), images, labels, strict=True), key=lambda p: p[0])
    real, named = (np.array([pair[k] for pair in pairs]) for k in (1, 2))
    return real, named, generate(named), named


@wrong("different orders: D learns")
def as_given(images, labels, generate, random):
    order = random.permutation(len(images))
    return images[order], labels, generate(labels), labels[order]


@wrong("G is punished for obeying")
def half_repaired(images, labels, generate, random):
    order = random.permutation(len(images))
    return images[order], labels[order], generate(labels), labels[order]


@wrong("should have the label of the i-th real image")
def fakes_in_their_own_order(images, labels, generate, random):
    order = random.permutation(len(images))
    return images[order], labels[order], generate(labels), labels


@wrong("distributed differently")
def uniform_labels(images, labels, generate, random):
    order = random.permutation(len(images))
    wanted = np.arange(len(labels)) % 4
    return images[order], labels[order], generate(wanted), wanted


@wrong("not shuffled at all")
def in_order(images, labels, generate, random):
    return images, labels, generate(labels), labels


@wrong("must come from `random`")
def another_generator(images, labels, generate, random):
    return with_permutation(images, labels, generate, np.random)


@wrong("do not sample from it")
def with_replacement(images, labels, generate, random):
    order = random.integers(0, len(images), len(images))
    return images[order], labels[order], generate(labels[order]), labels[order]


@wrong("real images come first")
def fakes_first(images, labels, generate, random):
    real, named, fake, _ = with_permutation(images, labels, generate, random)
    return fake, named, real, named


@wrong("never called")
def real_twice(images, labels, generate, random):
    return images, labels, images, labels


@wrong("return four things")
def only_pairs(images, labels, generate, random):
    return with_permutation(images, labels, generate, random)[:2]


EQUIVALENT = {}
