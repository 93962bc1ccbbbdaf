import numpy as np

from answers.lessons import right, wrong

GIVEN = {
    "weakest": [
        right("vae"),
        wrong("strokes are firm", "GAN"),
        wrong("strokes are firm", "diffusion"),
    ],
    "sizes": [
        right(lambda *shape: (np.prod(shape), np.prod(shape) * 4)),
        right(lambda n, h, w, c: [n * h * w * c, n * h * w * c * 32 // 8]),
        wrong("(bytes as uint8, bytes as float32)", lambda *shape: np.prod(shape)),
        wrong("each is one byte", lambda n, h, w, c: (n * h * w, 4 * n * h * w)),
        wrong("each is one byte", lambda n, h, w, c: (4 * n * h * w * c, n * h * w * c)),
        wrong("counts bits; a byte", lambda n, h, w, c: (8 * n * h * w * c, 32 * n * h * w * c)),
        wrong("bits of float32", lambda n, h, w, c: (n * h * w * c, 32 * n * h * w * c)),
        wrong("four bytes", lambda n, h, w, c: (n * h * w * c, 8 * n * h * w * c)),
    ],
    "to_network": [
        right(lambda images: images / np.float32(255) * 2 - 1),
        right(lambda images: (images.astype("float32") - 127.5) / 127.5),
        wrong("still scaled twice", lambda images: images.astype("float32") / 255 / 127.5 - 1),
        wrong("ends in a sigmoid", lambda images: images.astype("float32") / 255),
        wrong("0 must become -1", lambda images: images.astype("float32") / 128 - 1),
        wrong("should be float32", lambda images: images / 127.5 - 1),
    ],
}
