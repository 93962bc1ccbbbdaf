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
    parts = [
        np.arange(i, min(i + batch_size, len(images))) for i in range(0, len(images), batch_size)
    ]
    return np.vstack([encode(images[rows].astype(np.float64) / 255) for rows in parts])


@wrong("it reads all")
def the_original(encode, images, batch_size):
    return encode(floats(images))


@wrong("images at once; 5 fit into memory")
def batches_twice_as_large(encode, images, batch_size):
    size = 2 * batch_size
    return np.concatenate(
        [encode(floats(images[i : i + size])) for i in range(0, len(images), size)]
    )


@wrong("it encodes")
def read_in_batches_only(encode, images, batch_size):
    pixels = [floats(images[i : i + batch_size]) for i in range(0, len(images), batch_size)]
    return encode(np.concatenate(pixels))


@wrong("it encodes an empty batch")
def one_batch_too_many(encode, images, batch_size):
    count = len(images) // batch_size + 1
    return np.concatenate(
        [encode(floats(images[i * batch_size : (i + 1) * batch_size])) for i in range(count)]
    )


@wrong("the last, smaller batch is lost")
def last_one_lost(encode, images, batch_size):
    count = len(images) // batch_size
    return np.concatenate(
        [encode(floats(images[i * batch_size : (i + 1) * batch_size])) for i in range(count)]
    )


@wrong("for 23 images; it should be (23, 3)")
def a_list_of_batches_flat(encode, images, batch_size):
    return np.concatenate(
        [
            encode(floats(images[i : i + batch_size])).ravel()
            for i in range(0, len(images), batch_size)
        ]
    )


@wrong("bytes / 255")
def bytes_encoded(encode, images, batch_size):
    return np.concatenate(
        [encode(images[i : i + batch_size]) for i in range(0, len(images), batch_size)]
    )


@wrong("in another order than the images")
def backwards(encode, images, batch_size):
    parts = [encode(floats(images[i : i + batch_size])) for i in range(0, len(images), batch_size)]
    return np.concatenate(parts[::-1])


@wrong("encode takes a batch")
def without_a_batch_axis(encode, images, batch_size):
    return np.stack([encode(floats(image)) for image in images])


@wrong("features of shape ()")
def one_number(encode, images, batch_size):
    return 5


@wrong("for 23 images: fill all but the last")
def one_by_one(encode, images, batch_size):
    return np.concatenate([encode(floats(images[i : i + 1])) for i in range(len(images))])


@wrong("is there a `return`?")
def nothing_returned(encode, images, batch_size):
    for i in range(0, len(images), batch_size):
        encode(floats(images[i : i + batch_size]))


@right
def row_by_row_within_a_batch(encode, images, batch_size):
    found = []
    for start in range(0, len(images), batch_size):
        rows = [
            images[row] / np.float32(255)
            for row in range(start, min(start + batch_size, len(images)))
        ]
        found += encode(np.stack(rows)).tolist()
    return found


@wrong("it holds 23 images that are not encoded yet")
def read_one_by_one_into_one_array(encode, images, batch_size):
    pixels = np.stack([floats(images[row]) for row in range(len(images))])
    return np.concatenate(
        [encode(pixels[i : i + batch_size]) for i in range(0, len(images), batch_size)]
    )


@wrong("25 images were encoded, and there are 23")
def last_batch_filled_with_the_one_before(encode, images, batch_size):
    features = []
    for start in range(0, len(images), batch_size):
        first = max(0, min(start, len(images) - batch_size))
        features.append(encode(floats(images[first : first + batch_size]))[start - first :])
    return np.concatenate(features)


@wrong("batches of [3, 5, 5, 5, 5]")
def the_smaller_one_first(encode, images, batch_size):
    stops = range(len(images) % batch_size or batch_size, len(images) + 1, batch_size)
    return np.concatenate(
        [encode(floats(images[max(0, stop - batch_size) : stop])) for stop in stops]
    )


@wrong("a list of batches; put them together")
def list_of_batches(encode, images, batch_size):
    return [encode(floats(images[i : i + batch_size])) for i in range(0, len(images), batch_size)]


@wrong("bytes are divided by 256")
def divided_by_256(encode, images, batch_size):
    return np.concatenate(
        [encode(images[i : i + batch_size] / 256) for i in range(0, len(images), batch_size)]
    )


@wrong("not in [-1, 1]")
def for_a_tanh(encode, images, batch_size):
    return np.concatenate(
        [encode(images[i : i + batch_size] / 127.5 - 1) for i in range(0, len(images), batch_size)]
    )


@wrong("the features are not those of the images")
def integer_division(encode, images, batch_size):
    return np.concatenate(
        [encode(images[i : i + batch_size] // 255) for i in range(0, len(images), batch_size)]
    )


EQUIVALENT = {}
