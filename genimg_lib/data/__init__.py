"""Bytes -> images, labels and captions, checked on the way in. Imports neither Keras nor
TensorFlow.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=[
        "attributes",
        "captions",
        "degradations",
        "emoji_set",
        "emoji_words",
        "exact",
        "folder",
        "images",
        "prose",
    ],
    submod_attrs={
        "images": [
            "DIGIT_NAMES",
            "FASHION_NAMES",
            "check_images",
            "load_fashion_mnist",
            "load_mnist",
            "to_uint8",
        ],
        "attributes": [
            "ATTRIBUTES",
            "FACTS",
            "HELD_OUT",
            "UNSAID",
            "fulfilled",
            "held_out",
            "measure",
            "measured_facts",
            "normalise",
            "vary",
        ],
        "degradations": ["HOLE", "TASKS"],
        "emoji_set": ["EmojiSet", "load_emoji"],
        "folder": ["ImageFolder", "load_folder"],
        "prose": ["load_course_prose"],
    },
)
