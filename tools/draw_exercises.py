"""Trains or loads the models that exercises ask about, draws their pictures and prints their logs.

    uv run tools/draw_exercises.py gan           # exercises 30 and 32, two CPU-minutes
    uv run tools/draw_exercises.py vae tokens    # two topics
    uv run tools/draw_exercises.py               # all, about eight CPU-minutes

Pictures are written to solutions/pictures/; logs and tables are printed, and the exercises quote
them.
"""

import importlib
import time

from _shared import chosen, command_line

from genimg_lib import lesson

TOPICS = {
    "measuring": "10: metrics of four faulty generators, and the floor of FID",
    "vae": "20: samples and logs of four VAEs, sound and sick",
    "vae_at_work": "22: logs of four VAEs that differ in the price of the KL",
    "gan": "30 and 32: samples, curves and logs of nine GANs, sound and sick",
    "restoration": "33: digits with holes, repaired in five ways",
    "language": "40: logs of five language models of spelt numbers",
    "tokens": "42: curves and copies of four tokenizers",
    "image_gpt": "44: rows of digits, one fault to a row",
    "diffusion": "50: rows of digits and the velocity error",
}


def main() -> None:
    parser = command_line(__doc__)
    described = "; ".join(f"{topic} (exercises {what})" for topic, what in TOPICS.items())
    parser.add_argument("topics", nargs="*", help=f"all unless named: {described}")
    for topic in chosen(parser, parser.parse_args().topics, TOPICS):
        lesson.start()
        start = time.process_time()
        importlib.import_module(f"exercise_runs.{topic}").main()
        print(f"{topic}: {time.process_time() - start:.0f} CPU-seconds", flush=True)


if __name__ == "__main__":
    main()
