"""The teacher's view in JupyterLab: what the panel shows of a real class, and what it hides."""

import asyncio

import pytest
from test_class_page import EVIL, EXERCISES, named, send
from test_classroom import Room

from genimg_lib.classroom import mistakes
from genimg_lib.classroom.panel import panel

PATIENCE = 60  # seconds after which something hangs


async def until(shown, found):
    """Waits until the panel shows what is looked for."""
    async with asyncio.timeout(PATIENCE):
        while not found(shown.value):
            await asyncio.sleep(0.02)


def test_shows_the_mistake_of_the_room_and_goes_on_when_the_server_comes_back(tmp_path):
    key = named(EXERCISES[0])

    async def teach():
        with Room(tmp_path) as room:
            tokens = [room.join(0, EVIL), *(room.join(number) for number in range(1, 6))]
            shown = panel(room.address, room.teacher)
            await until(shown, lambda value: "6 of 30 joined" in value)
            assert "<img" not in shown.value and "&lt;img" in shown.value
            for token in tokens:
                await asyncio.to_thread(send, room, token, EXERCISES[0], key)
            await until(shown, lambda value: mistakes.what_to_say(key)[:20] in value)
        await until(shown, lambda value: "does not answer" in value)
        assert shown.value.count("does not answer") == 1 and "6 of 30 joined" in shown.value
        with room:
            await until(shown, lambda value: "does not answer" not in value)
        shown.close()
        await asyncio.wait_for(shown.refreshing, PATIENCE)

    asyncio.run(teach())


def test_the_projector_has_no_names_and_a_wrong_token_shows_nothing(tmp_path):
    async def teach():
        with Room(tmp_path) as room:
            for number in range(5):
                await asyncio.to_thread(room.join, number, f"somebody {number}")
            shown = panel(room.address, room.teacher, projector=True)
            await until(shown, lambda value: "5 of 30 joined" in value)
            assert "somebody" not in shown.value
            wrong = panel(room.address, "no-token")
            await asyncio.wait_for(wrong.refreshing, PATIENCE)
            assert "Only the teacher" in wrong.value
            for one in (shown, wrong):
                one.close()
            await asyncio.wait_for(shown.refreshing, PATIENCE)

    asyncio.run(teach())


def test_refuses_what_is_no_address():
    with pytest.raises(ValueError, match="no address of a class"):
        panel("ftp://somewhere", "token")
