import numpy as np

from answers.lessons import right, wrong

GIVEN = {
    "first_message": [
        wrong("Which lines run before it", "a"),
        wrong("inside the training loop", "c"),
        wrong("No step has begun", "d"),
    ],
    "cause_of_log": [
        wrong("something moves", "a"),
        wrong("Can opponents agree", "b"),
        wrong("its loss would be small", "d"),
    ],
    "repaired_scale": [
        right(lambda images: images / 127.5 - 1),
        right(lambda images: np.interp(images, [0, 255], [-1, 1])),
        wrong("formula for floats", lambda images: (images - 0.5) * 2),
        wrong("that is [0, 1]", lambda images: images / 255),
        wrong("wrap around", lambda images: (images - np.uint8(127)) / 127.5),
        wrong("0 must become -1", lambda images: images / 128 - 1),
    ],
    "negative_elbo": [
        right(lambda bce, kl: (bce.sum() + kl.sum()) / len(bce)),
        right(lambda bce, kl: 784 * np.mean(bce) + 16 * np.mean(kl)),
        wrong("the colleague's loss", lambda bce, kl: np.mean(bce)),
        wrong("trains an autoencoder", lambda bce, kl: bce.sum((1, 2)).mean()),
        wrong("the wrong sign", lambda bce, kl: (bce.sum((1, 2)) - kl.sum(1)).mean()),
        wrong("each weighs 1/784", lambda bce, kl: bce.mean() + kl.sum(1).mean()),
        wrong("49 times too much", lambda bce, kl: bce.mean() + kl.mean()),
        wrong("numbers are averaged", lambda bce, kl: bce.sum((1, 2)).mean() + kl.mean()),
        wrong("images are summed", lambda bce, kl: bce.sum() + kl.sum()),
        wrong("compare: sum", lambda bce, kl: kl.sum(1).mean()),
    ],
    "mixing": [
        right(lambda random, images: random.random((len(images), 1, 1, 1))),
        right(lambda random, images: 1 - random.uniform(size=len(images))[:, None, None, None]),
        wrong("leaves the line", lambda random, images: random.normal(size=images.shape)),
        wrong("every image needs its own", lambda random, images: random.uniform()),
        wrong("must broadcast", lambda random, images: random.uniform(size=len(images))),
        wrong("lie beyond", lambda random, images: random.normal(size=(len(images), 1, 1, 1))),
        wrong("spread evenly", lambda random, images: random.beta(9, 9, (len(images), 1, 1, 1))),
    ],
}
