"""The rooms of the museum: its chapters, in the order of a visit."""

from genimg_lib.museum import (
    flows_and_rewards,
    gan_program,
    gan_silence,
    language_program,
    prose,
    public,
    vae_program,
)
from genimg_lib.museum.exhibit import Exhibit

ROOMS = {
    "A GAN that stops": gan_program.CRASHES,
    "A GAN that runs": gan_silence.ROOM,
    "A GAN's bad habits": gan_program.HABITS,
    "A VAE that stops": vae_program.CRASHES,
    "A VAE that runs": vae_program.SILENCE,
    "A language model asked for a beach": language_program.ROOM,
    "Sentences": prose.ROOM,
    "Famous code": public.ROOM,
    "Famous code of today": flows_and_rewards.ROOM,
}
EXHIBITS = tuple(exhibit for room in ROOMS.values() for exhibit in room)


def find(name: str) -> Exhibit:
    """The exhibit that covers a fault, by its id. Raises `ValueError` for an unknown one."""
    for exhibit in EXHIBITS:
        if name in exhibit.ids:
            return exhibit
    raise ValueError(
        f"there is no exhibit {name!r}; there are: "
        f"{', '.join(i for exhibit in EXHIBITS for i in exhibit.ids)}"
    )
