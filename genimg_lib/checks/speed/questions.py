"""What exercises 70 ask: numbers.

Every function returns name -> (number, {mistaken number: what it forgot}, advice).
"""


def amdahl() -> dict:
    """Source: Amdahl, AFIPS spring joint computer conference, 1967."""
    whole = "Time after = 0.3 + 0.7 / 10 of the time before."
    return {
        "speedup": (
            1 / (0.3 + 0.7 / 10),
            {
                7: "10 x 0.7 treats the speed-up as if it could be shared out; times add up, "
                "speed-ups do not.",
                7.3: "0.7 x 10 + 0.3 x 1 averages speed-ups; times add up, speed-ups do not.",
                1 / (0.7 + 0.3 / 10): "the 30 % became ten times as fast; it is the 70 % that did.",
                0.37: "that is the share of time that is left; the speed-up is its reciprocal.",
                1 / 0.37
                - 1: "that is by how much faster; the factor is the old time over the new one.",
                0.63: "that is the share of time that is saved; the speed-up is the old time over "
                "the new one.",
            },
            whole,
        ),
        "limit": (
            1 / 0.3,
            {
                1 / 0.7: "it is the network, 70 % of the time, that takes no time now.",
                10: "10 is one particular network; let its time go to nothing.",
                0.3: "that is the time which is left; the speed-up is its reciprocal.",
                0.7: "that is the share which a free network saves; the speed-up is the old time "
                "over what is left.",
            },
            "If the network took no time at all, the other 30 % would remain.",
        ),
        "network_for_three": (
            0.7 / (1 / 3 - 0.3),
            {
                3: "three times the network gives 1 / (0.3 + 0.7 / 3) = 1.9 in all.",
                3 / 0.7: "dividing by the share assumes that speed-ups can be shared out.",
                30: "check it: 1 / (0.3 + 0.7 / 30) = 3.09.",
            },
            "Solve 0.3 + 0.7 / s = 1 / 3 for s.",
        ),
    }


def decoding_flops() -> dict:
    """Source: Kaplan et al., arXiv:2001.08361, section 2.1."""
    parameters = 302e6
    layers = 24
    width = 1024
    tokens = 64
    step = 2 * parameters
    attention = 4 * layers * tokens * width
    positions = tokens * (tokens + 1) / 2
    return {
        "dense_step": (
            step,
            {
                parameters: "that counts multiply-adds; each is two FLOPs, one multiplication and "
                "one addition.",
                3 * step: "6 per weight is a training step, with the backward pass; drawing needs "
                "the forward pass alone.",
                step * tokens: "that is the whole image; with a cache a step sends one position "
                "through the layers.",
            },
            "Each weight is used once per position: one multiplication, one addition.",
        ),
        "attention_step": (
            attention,
            {
                attention
                / 2: "two products, queries with keys and weights with values, and two FLOPs for "
                "a multiply-add.",
                attention
                / 4: "neither the second product nor the two FLOPs of a multiply-add are counted.",
                attention
                * tokens: "the square of the length: with a cache only the last position asks, a "
                "row of scores.",
                attention / layers: "that is one layer; there are 24.",
            },
            "In every layer: 64 scores of 1,024 multiply-adds (over all heads), then a sum of 64 "
            "values of 1,024 numbers.",
        ),
        "cached_image": (
            step * tokens,
            {
                step
                * positions: "that is the uncached loop; with a cache each position passes once.",
                parameters * tokens: "that counts multiply-adds; each is two FLOPs.",
            },
            "Each of the 64 positions passes through the dense layers once.",
        ),
        "uncached_image": (
            step * positions,
            {
                step
                * tokens
                ** 2: "that is the full length at every step; the first step sends one position, "
                "the last one 64.",
                step * tokens: "that is the cached loop; without a cache step t sends t positions.",
                parameters * positions: "that counts multiply-adds; each is two FLOPs.",
            },
            "Without a cache step t sends t positions: 1 + 2 + ... + 64.",
        ),
    }


def bandwidth_floor() -> dict:
    """Source: Shazeer, arXiv:1911.02150; Pope et al., arXiv:2211.05102."""
    parameters = 1.4e9
    bytes_per_weight = 2
    bandwidth = 2e12
    tokens = 576
    step = parameters * bytes_per_weight / bandwidth
    image = step * tokens
    return {
        "step_seconds": (
            step,
            {
                8 * step: "the bandwidth is in bytes, so is the size: no factor 8.",
                step / 2: "a 16-bit weight is two bytes.",
                step * 1000: "those are milliseconds; the entry is in seconds.",
                step * 1e9 / 2**30: "GB and GiB are mixed: two bytes for 1.4e9 weights are 2.8 GB.",
            },
            "Every weight is read once per step: bytes of the weights / bytes per second.",
        ),
        "image_seconds": (
            image,
            {
                image * (tokens + 1) / 2: "that is the triangle of an uncached loop; the "
                "weights are read once per step.",
                step: "that is one step; the image has 576 tokens that wait for each other.",
            },
            "576 tokens wait for each other, one step each.",
        ),
        "guided_seconds": (
            image,
            {
                2 * image: "the two branches go through the network as a batch of two: the weights "
                "are read once for both.",
                image / 2: "guidance does not make it faster; what is read for "
                "the two branches together?",
            },
            "What is read from memory, if both branches go through the network together?",
        ),
        "int8_seconds": (
            image / 2,
            {
                image: "the weights are half as many bytes now, and bytes are what takes the time.",
                image / 4: "from 16 to 8 bits is a factor 2.",
            },
            "Half the bytes, all else the same.",
        ),
    }


def serving_cost() -> dict:
    """An hour's price over the images of that hour."""
    price = 2.50
    rate = 4
    utilisation = 0.35
    api = 0.30
    busy = price / 3600 / rate * 1000
    cost = busy / utilisation
    return {
        "dollars_per_thousand": (
            cost,
            {
                busy: "that is a card that is busy all day; the idle 65 % are paid as well.",
                busy * utilisation: "idle time makes an image dearer: divide by the utilisation.",
                cost / 1000: "that is one image; the entry is for 1,000.",
                cost * 60: "an hour has 3,600 seconds; 60 were used.",
                cost * 100: "those are cents; the entry is in dollars.",
            },
            "Price of an hour / images drawn in an hour x 1,000; drawn are 0.35 x 4 x 3,600.",
        ),
        "break_even_utilisation": (
            busy / api,
            {
                100 * busy / api: "that is in per cent; the entry is a share between 0 and 1.",
                api / busy: "the reciprocal: a share above 1 cannot be.",
                cost / api: "that compares at 35 %; at which utilisation are both equal?",
                api
                / cost: "that is the ratio of the prices at 35 %; at which utilisation are both "
                "equal?",
            },
            "Solve: price of an hour / (utilisation x 14,400 images) = 0.30 / 1,000.",
        ),
        "cards_at_peak": (
            23,
            {
                22: "22 cards draw 88 images a second, and 90 are asked for: round up.",
                22.5: "cards come whole: round up.",
                65: "at the peak a card works all the time; the utilisation of 35 % is the "
                "average of the day.",
                64: "at the peak a card works all the time; the utilisation of 35 % is the "
                "average of the day.",
            },
            "90 images a second, 4 from each card, and cards come whole.",
        ),
    }


def compute_bound_batch() -> dict:
    """Source: Williams, Waterman and Patterson, CACM 52(4), 2009; Pope et al., arXiv:2211.05102."""
    parameters = 1.2e9
    size = 2
    peak = 312e12
    bandwidth = 2e12
    layers = 24
    width = 2048
    tokens = 576
    heads = 16
    ridge = peak / bandwidth
    rows = ridge * size / 2
    cache = 2 * layers * width * tokens * size
    shared = parameters * size / (2 * parameters / ridge - cache / heads)
    return {
        "ridge": (
            ridge,
            {
                1 / ridge: "the reciprocal: bytes per FLOP.",
                ridge / 8: "the bandwidth is in bytes already: no factor 8.",
            },
            "FLOPs that the card can do while it reads one byte.",
        ),
        "rows": (
            rows,
            {
                rows
                * 2: "each weight does a multiplication and an addition for every row: two FLOPs.",
                rows / 2: "a 16-bit weight is two bytes.",
            },
            "A row costs two FLOPs a weight, a weight is two bytes: which batch has as many FLOPs "
            "per byte as the ridge?",
        ),
        "guided_images": (
            rows / 2,
            {
                rows: "a guided image is two rows of the batch.",
                rows * 2: "a guided image is two rows, so half as many images.",
            },
            "How many rows does a guided image take?",
        ),
        "int8_rows": (
            rows / 2,
            {
                rows: "half the bytes are read in half the time; the arithmetic is still in 16 "
                "bits.",
                rows
                * 2: "fewer bytes are read sooner, so arithmetic becomes the limit at a smaller "
                "batch, not a larger one.",
            },
            "Weights of one byte, arithmetic as before.",
        ),
        "intensity_limit": (
            2 * parameters / cache,
            {
                ridge: "that is what the card needs; what does the model offer, if each row "
                "brings a cache of its own?",
                4 * parameters / cache: "keys and values: the cache has a factor 2.",
                parameters / cache: "each weight does two FLOPs a row.",
                8
                * parameters
                / cache: "keys and values, and two bytes for each number: two factors of 2 in the "
                "cache.",
            },
            "With ever more rows the weights no longer count: FLOPs of a row / bytes of its cache.",
        ),
        "shared_rows": (
            shared,
            {
                rows: "without the cache; set 2 P B / peak = (2 P + B x cache / 16) / bandwidth.",
                rows / heads: "the batch is not divided by the heads; the cache of a row is.",
            },
            "Set the seconds of arithmetic equal to those of reading, weights and caches, and "
            "solve for the batch.",
        ),
    }


def parallel_steps() -> dict:
    """Source: Chang et al., arXiv:2202.04200."""
    fixed = 1e-3
    position = 2e-6
    tokens = 256
    steps = 8

    def one_by_one(images):
        return tokens * (fixed + position * images)

    def parallel(images):
        return steps * (fixed + position * tokens * images)

    def ratio(images):
        return one_by_one(images) / parallel(images)

    return {
        "ratio_at_1": (
            ratio(1),
            {
                tokens
                / steps: "32 is the ratio of the passes; a pass over 256 positions takes longer "
                "than one over 1.",
                1 / ratio(1): "the reciprocal: one by one takes longer.",
            },
            "256 (1 ms + 2 us) against 8 (1 ms + 256 x 2 us).",
        ),
        "ratio_at_64": (
            ratio(64),
            {
                ratio(1): "that is batch 1; each of 64 images pays for its positions.",
                tokens
                / steps: "32 is the ratio of the passes; of the times only if positions cost "
                "nothing.",
            },
            "256 (1 ms + 64 x 2 us) against 8 (1 ms + 64 x 256 x 2 us).",
        ),
        "ratio_at_infinity": (
            1 / steps,
            {
                1: "each of the 8 passes sends all 256 positions; one by one sends each once.",
                steps: "the reciprocal: with all positions paid for, one by one is the faster.",
                0: "it falls to a limit that is not zero.",
            },
            "With very many images only positions count: 256 against 8 x 256.",
        ),
        "break_even_images": (
            (tokens - steps) * fixed / (position * tokens * (steps - 1)),
            {
                (tokens - steps)
                * fixed
                / (
                    position * tokens * steps
                ): "the positions of one by one cost, too: 8 - 1 times more, not 8.",
                fixed
                / position: "that is where a position costs as much as a pass; set the two times "
                "equal.",
            },
            "Set 256 (a + b B) = 8 (a + 256 b B) and solve for B.",
        ),
    }
