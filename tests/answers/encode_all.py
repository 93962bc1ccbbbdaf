import numpy as np

from answers import right, wrong


def floats(images):
    return np.asarray(images).astype(np.float32) / 255


@right
def with_a_loop(encode, images, batch_size):
    features, start = [], 0
    while start < len(images):
        features.extend(encode(floats(images[start : start + batch_size])))
        start += batch_size
    return np.array(features)


@right
def into_one_array(encode, images, batch_size):
    features = None
    for start in range(0, len(images), batch_size):
        batch = encode(floats(images[start : start + batch_size]))
        if features is None:
            features = np.empty((len(images), batch.shape[1]))
        features[start : start + len(batch)] = batch
    return features


@right
def by_rows(encode, images, batch_size):
    parts = [np.arange(i, min(i + batch_size, len(images))) for i in range(0, len(images), batch_size)]
    return np.vstack([encode(images[rows].astype(np.float64) / 255) for rows in parts])


@wrong("it reads all")
def the_original(encode, images, batch_size):
    return encode(floats(images))


@wrong("images at once; 5 fit into memory")
def batches_twice_as_large(encode, images, batch_size):
    size = 2 * batch_size
    return np.concatenate([encode(floats(images[i : i + size])) for i in range(0, len(images), size)])


@wrong("it encodes")
def read_in_batches_only(encode, images, batch_size):
    pixels = [floats(images[i : i + batch_size]) for i in range(0, len(images), batch_size)]
    return encode(np.concatenate(pixels))


@wrong("it encodes an empty batch")
def one_batch_too_many(encode, images, batch_size):
    count = len(images) // batch_size + 1
    return np.concatenate([encode(floats(images[i * batch_size : (i + 1) * batch_size])) for i in range(count)])


@wrong("the last, smaller batch is lost")
def last_one_lost(encode, images, batch_size):
    count = len(images) // batch_size
    return np.concatenate([encode(floats(images[i * batch_size : (i + 1) * batch_size])) for i in range(count)])


@wrong("for 23 images; it should be (23, 3)")
def a_list_of_batches_flat(encode, images, batch_size):
    return np.concatenate([encode(floats(images[i : i + batch_size])).ravel() for i in range(0, len(images), batch_size)])


@wrong("bytes / 255")
def bytes_encoded(encode, images, batch_size):
    return np.concatenate([encode(images[i : i + batch_size]) for i in range(0, len(images), batch_size)])


@wrong("not those of the images, in their order")
def backwards(encode, images, batch_size):
    parts = [encode(floats(images[i : i + batch_size])) for i in range(0, len(images), batch_size)]
    return np.concatenate(parts[::-1])


@wrong("encode takes a batch")
def without_a_batch_axis(encode, images, batch_size):
    return np.stack([encode(floats(image)) for image in images])


@wrong("features of shape ()")
def one_number(encode, images, batch_size):
    return 5


@wrong("23 calls for 23 images")
def one_by_one(encode, images, batch_size):
    return np.concatenate([encode(floats(images[i : i + 1])) for i in range(len(images))])


@wrong("is there a `return`?")
def nothing_returned(encode, images, batch_size):
    for i in range(0, len(images), batch_size):
        encode(floats(images[i : i + batch_size]))


EQUIVALENT = {}
