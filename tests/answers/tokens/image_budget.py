import math

from answers import right, wrong

RIGHT = {
    "tokens": 256,
    "bits": 3584,
    "compression": 438.9,
    "pairs_at_512": 16,
    "bits_if_doubled": 256,
}


def but(**changes):
    return RIGHT | changes


right("rounded", RIGHT)
right(
    "formulas",
    but(
        tokens=16 * 16.0,
        bits=256 * math.log2(2**14),
        compression=256**2 * 24 / 3584,
        pairs_at_512=4**2,
    ),
)
wrong("one side of the grid", "one side", but(tokens=16))
wrong("that is pixels", "pixels", but(tokens=65536))
wrong("How many such squares", "a grid of 15", but(tokens=225))
wrong("that is one token; the image has 256", "one token", but(bits=14))
wrong("that is bytes", "bytes", but(bits=448))
wrong("costs its logarithm", "no logarithm", but(bits=256 * 16384))
wrong("use the logarithm to base 2", "nats", but(bits=256 * math.log(16384)))
wrong("has three channels", "grey", but(compression=146.2857))
wrong("bytes are divided by bits", "bytes over bits", but(compression=54.857))
wrong("that is the inverse", "inverse", but(compression=1 / 438.857))
wrong("numbers are divided by tokens", "numbers", but(compression=768))
wrong("that is the number of tokens", "linear", but(pairs_at_512=4))
wrong("that is the side of the image", "side", but(pairs_at_512=2))
wrong("that is the new total", "total", but(bits_if_doubled=3840))
wrong("the logarithm grows by 1", "twice", but(bits_if_doubled=3584))
wrong("that is one token's; there", "one bit", but(bits_if_doubled=1))
wrong("A choice among 16,384 costs log2", "a bit too much", but(bits=256 * 15))
wrong("Divide the bits of the raw image", "one bit a token", but(compression=256**2 * 24 / 256))
wrong("attention compares each with each", "pixels", but(pairs_at_512=64))
wrong("one bit more for each token", "on the side", but(bits_if_doubled=16))
wrong("should be a dictionary", "a list", [256, 3584, 439, 16, 256])
wrong("should be a number, but is 'many'", "words", but(tokens="many"))
right("three digits", but(bits=3580, compression=439))
wrong("440 is nearly right", "two digits", but(compression=440))
wrong("how many times as many as before", "pairs", but(pairs_at_512=1024**2))

EQUIVALENT = dict.fromkeys(["16 -> -16", "4 -> -4"], "the square of a number has no sign")
