import numpy as np
from answers import right, wrong


def shifted(image, down, right_):
    height, width = image.shape
    padded = np.pad(image.astype(float), max(abs(down), abs(right_)) or 1)
    edge = max(abs(down), abs(right_)) or 1
    return padded[edge - down : edge - down + height, edge - right_ : edge - right_ + width]


def search(image, training, shifts):
    best = (None, np.inf)
    for down, right_ in shifts:
        moved = shifted(image, down, right_)
        distances = np.sqrt(((training - moved) ** 2).mean(axis=(1, 2)))
        if distances.min() < best[1]:
            best = int(distances.argmin()), float(distances.min())
    return best


def both(reach):
    span = range(-reach, reach + 1)
    return [(down, right_) for down in span for right_ in span]


@right
def in_a_double_loop(image, training, reach):
    return search(image, training, both(reach))


@right
def with_roll_on_a_large_sheet(image, training, reach):
    sheet = np.pad(image.astype(np.int64), reach)
    height, width = image.shape
    stacked = [
        np.roll(sheet, shift, axis=(0, 1))[reach : reach + height, reach : reach + width]
        for shift in both(reach)
    ]
    errors = [np.mean((training - moved) ** 2, axis=(1, 2)) ** 0.5 for moved in stacked]
    errors = np.min(errors, axis=0)
    return np.argmin(errors), np.min(errors)


@right
def one_training_image_after_the_other(image, training, reach):
    found = [search(image, picture[None], both(reach))[1] for picture in training]
    return [int(np.argmin(found)), min(found)]


@wrong("try every shift up to")
def as_it_was(image, training, reach):
    differences = (training - image).astype(float)
    distances = np.sqrt(np.square(differences).mean(axis=(1, 2)))
    return distances.argmin(), distances.min()


@wrong("one of the shifts makes it 0")
def squared_plus_one(image, training, reach):
    row, distance = search(image, training, both(reach))
    return row, distance + 1


@wrong("uint8 wraps around")
def rolls(image, training, reach):
    errors = [
        np.sqrt(np.mean((training - np.roll(image.astype(float), shift, (0, 1))) ** 2, axis=(1, 2)))
        for shift in both(reach)
    ]
    errors = np.min(errors, axis=0)
    return errors.argmin(), errors.min()


@wrong("is the nearest, not 4")
def another_row(image, training, reach):
    row, distance = search(image, training, both(reach))
    return (row, distance) if distance == 0 else ((row + 1) % len(training), distance)


@wrong("return two things")
def only_the_row(image, training, reach):
    return search(image, training, both(reach))[0]


EQUIVALENT = {
    "training[:, None, None] - moved -> moved - training[:, None, None]": "squares have no sign"
}
