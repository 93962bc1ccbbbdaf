"""`genimg train`: from a folder to a report, whatever interrupts it; and what it refuses."""

import dataclasses
import html
import json
import re
import shutil
import signal
import subprocess
import sys

import filelock
import keras
import numpy as np
import pytest
import tiny_folder
from PIL import Image

from genimg_lib import cli, training
from genimg_lib.data import load_folder
from genimg_lib.evaluation import extractors
from genimg_lib.evaluation.copies import nearest
from genimg_lib.models.families import FAMILIES
from genimg_lib.training import plan, report, run, watch

DIFFERENT = r"was begun with --family vae, not gan: continue it with that, or begin another"


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "discs"
    tiny_folder.write_pictures(folder)
    return folder


@pytest.fixture(autouse=True)
def small(monkeypatch):
    tiny_folder.make_small(monkeypatch.setattr, monkeypatch.setitem)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The folder of a run of the VAE in one go, from the same pictures as `pictures` has. Nobody
    may change it.
    """
    folder = tmp_path_factory.mktemp("finished")
    tiny_folder.write_pictures(folder / "discs")
    with pytest.MonkeyPatch.context() as patched:
        tiny_folder.make_small(patched.setattr, patched.setitem)
        tiny_folder.train(folder / "discs", folder / "run")
    return folder / "run"


@pytest.fixture
def without_report(monkeypatch):
    """A run ends with its model: neither the network that measures distances is trained, nor the
    report written.
    """
    monkeypatch.setattr(run, "trained_extractor", lambda *arguments: None)
    monkeypatch.setattr(report, "write", lambda *arguments: None)


def state(file):
    return [np.array(variable) for variable in keras.models.load_model(file).state()]


def assert_equal_models(first, second):
    for one, other in zip(state(first), state(second), strict=True):
        np.testing.assert_array_equal(one, other)


# --- from a folder to a report --------------------------------------------------------------------


@pytest.mark.parametrize("family", ["gan", "image_gpt", "diffusion"])
def test_a_folder_becomes_a_report_and_a_model(family, tmp_path, monkeypatch):
    classes = ("dark", "light") if family == "gan" else ("",)
    tiny_folder.write_pictures(tmp_path / "discs", classes=classes)
    (tmp_path / "discs" / "broken.png").write_bytes(b"no picture")
    said = []
    path = tiny_folder.train(tmp_path / "discs", tmp_path / "run", family, said.append)
    page = path.read_text(encoding="utf-8")
    # nothing on the page is anywhere else
    assert not re.findall(r"(?:src|href|srcset)=[\"'](?!data:)|url\(|@import|<script", page)
    assert page.count("data:image/png;base64,") >= 5
    assert "not selected" in page
    assert "broken.png: not a PNG, JPEG, WebP or GIF picture" in page  # the others were trained on
    assert "Has it learned the pictures by heart?" in page
    card = json.loads((tmp_path / "run" / "card.json").read_text())
    assert card["classes"] == ("dark, light" if family == "gan" else "none")
    learned = json.loads((tmp_path / "run" / "extractor.json").read_text())
    assert card["distances are seen by"] == learned["name"]
    assert page.count(learned["name"]) >= 2  # beside the distance, and over its card
    assert "±" in card["distance to real pictures"]
    assert "±" in card["distance of real pictures to others"]
    assert ("samples that show their class" in card) == (family == "gan")
    assert learned["class_names"] == (["dark", "light"] if family == "gan" else None)
    assert not (tmp_path / "run" / "backup").exists()
    assert str(tmp_path) not in page

    code = html.unescape(re.search(r"<pre>\n(import keras.*?)</pre>", page, re.DOTALL)[1])
    monkeypatch.chdir(tmp_path / "run")
    names = {}
    exec(code, names)
    assert names["images"].shape == (16, 8, 8, 3)
    first = Image.open(min((tmp_path / "run" / "samples").glob("*.png")))
    assert first.size == (16 * 10, 4 * 10)
    assert sum("every picture is shown" in line for line in "\n".join(said).splitlines()) == (
        2 if family in ("image_gpt", "diffusion") else 1
    )


def test_generate_writes_pictures_that_a_seed_repeats(finished, tmp_path, capsys):
    command = ["generate", str(finished), "--count", "3", "--seed", "5", "--to"]
    assert cli.main([*command, str(tmp_path / "first")]) == 0
    assert "3 pictures in" in capsys.readouterr().out
    training.generate(finished / "model.keras", 3, seed=5, to=tmp_path / "second")
    names = {"0000.png", "0001.png", "0002.png", "all.png"}
    for folder in ("first", "second"):
        assert {path.name for path in (tmp_path / folder).iterdir()} == names
    for name in names:
        one, other = (Image.open(tmp_path / folder / name) for folder in ("first", "second"))
        np.testing.assert_array_equal(one, other)
    model = keras.models.load_model(finished / "model.keras")
    np.testing.assert_array_equal(
        Image.open(tmp_path / "first" / "0001.png"), model.generate(3, seed=5)[1]
    )


def test_a_report_measures_with_the_extractor_that_it_is_given(pictures, finished, tmp_path):
    """Two runs that are compared need one ruler: that of the first is given to the second."""
    first = extractors.load(finished / "extractor.keras")
    second = shutil.copytree(finished, tmp_path / "run")
    for name in ("extractor.keras", "extractor.json"):
        (second / name).unlink()
    given = dataclasses.replace(first, name="the ruler of another run")
    tiny_folder.train(pictures, second, extractor=given)
    card, before = (json.loads((folder / "card.json").read_text()) for folder in (second, finished))
    assert card["distances are seen by"] == "the ruler of another run"
    assert card["distance to real pictures"] == before["distance to real pictures"]
    assert not (second / "extractor.keras").exists()
    with pytest.raises(ValueError, match=r"must look at images of \(12, 12, 3\), got one for"):
        tiny_folder.train(pictures, tmp_path / "larger", extractor=given, size=12)


# --- interrupted ----------------------------------------------------------------------------------


def test_killed_and_called_again_it_ends_with_the_same_model(
    pictures, finished, without_report, tmp_path
):
    program = [sys.executable, tiny_folder.__file__, pictures, tmp_path / "killed"]
    killed = subprocess.run(program, capture_output=True, text=True, timeout=300)
    assert killed.returncode == -signal.SIGKILL, killed.stderr[-2000:]
    assert not (tmp_path / "killed" / "model.keras").exists()
    with (tmp_path / "killed" / "model_losses.csv").open("a") as losses:
        losses.write("12,12.3")  # a line that was being written
    tiny_folder.train(pictures, tmp_path / "killed")
    assert_equal_models(tmp_path / "killed" / "model.keras", finished / "model.keras")
    curves = report.read_losses(tmp_path / "killed" / "model_losses.csv")
    assert curves == report.read_losses(finished / "model_losses.csv")
    assert len(curves["kl"]) == 20


def test_interrupted_by_hand_it_continues_from_the_backup(
    pictures, without_report, tmp_path, monkeypatch
):
    """In the first of two stages; the other test kills a run of one stage."""

    class Interrupt(run.Progress):
        def on_epoch_end(self, epoch, logs=None):
            if self.name == "codec" and epoch == 3:
                raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(run.Backup, "SECONDS", 0.0)  # after every epoch
        patched.setattr(run, "Progress", Interrupt)
        with pytest.raises(KeyboardInterrupt):
            tiny_folder.train(pictures, tmp_path / "stopped", "image_gpt")
    begun = []

    class Watch(run.Progress):
        def on_epoch_begin(self, epoch, logs=None):
            begun.append((self.name, epoch))

    monkeypatch.setattr(run, "Progress", Watch)
    tiny_folder.train(pictures, tmp_path / "stopped", "image_gpt")
    assert begun[0] == ("codec", 4)
    tiny_folder.train(pictures, tmp_path / "whole", "image_gpt")
    assert_equal_models(*(tmp_path / name / "model.keras" for name in ("stopped", "whole")))


def test_a_finished_run_is_not_trained_again(pictures, finished, tmp_path):
    run_folder = shutil.copytree(finished, tmp_path / "run")
    before = (run_folder / "model.keras").read_bytes()
    (run_folder / "report.html").unlink()
    assert tiny_folder.train(pictures, run_folder) == run_folder / "report.html"
    assert (run_folder / "report.html").exists()
    assert (run_folder / "model.keras").read_bytes() == before


# --- the plan -------------------------------------------------------------------------------------


def test_a_step_is_measured_on_a_model_that_learns_nothing_for_the_run(monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(plan, "MEASURED_SECONDS", 0.0)
    model = FAMILIES["vae"].build_small(image_shape=(8, 8, 3), seed=0)
    assert plan.seconds_per_step(model, np.zeros((8, 8, 8, 3), np.uint8), None, 4) > 0
    assert int(model.steps) == 3


def test_stages_fill_the_time_with_whole_passes():
    assert plan.stage(100, 32, 60.0, 0.5) == plan.Stage(40, 3, 0.5)
    assert plan.stage(100, 32, 0.1, 0.5).epochs == 1


def test_what_is_unrealistic_is_said():
    options = {"family": "vae", "size": 32, "minutes": 5.0, "seed": 0, "data": "", "batch_size": 32}
    short = plan.describe(plan.Plan(**options, stages={"model": plan.Stage(10, 50, 0.6)}), 1600)
    assert "--minutes 10 would be better" in short
    assert "copies" not in short
    long = plan.describe(plan.Plan(**options, stages={"model": plan.Stage(500, 5, 0.1)}), 160)
    assert "160 pictures are few for so many passes" in long
    assert "blurs" not in long


def measured_plan(folder, family: str) -> plan.Plan:
    train, _ = run.split(load_folder(folder, tiny_folder.SIZE))
    wanted = {"family": family, "size": tiny_folder.SIZE, "minutes": 0.02, "seed": 0, "data": ""}
    return plan.measured(wanted, train)


def test_few_pictures_are_trained_on_with_settings_that_copy_less(pictures, monkeypatch):
    few = measured_plan(pictures, "gan")
    assert few.few
    assert "another way every time (brightness, translation, cutout)" in plan.describe(few, 28)
    assert "held-out pictures no longer falls" in plan.describe(measured_plan(pictures, "vae"), 28)
    train, _ = run.split(load_folder(pictures, tiny_folder.SIZE))
    assert plan.build("gan", 0, train, None, few.few).augmentations
    monkeypatch.setattr(plan, "SMALL_SET", len(train))
    many = measured_plan(pictures, "gan")
    assert not many.few
    assert "few" not in plan.describe(many, len(train))
    assert not plan.build("gan", 0, train, None, many.few).augmentations


def test_a_plan_from_before_there_were_settings_for_few_pictures_has_none(finished, tmp_path):
    found = json.loads((finished / plan.FILE).read_text())
    assert found.pop("few")
    (tmp_path / plan.FILE).write_text(json.dumps(found))
    assert not plan.stored(tmp_path, {}).few


def test_the_weights_of_the_lowest_held_out_loss_are_kept_and_training_ends(tmp_path):
    """Also by a process that comes after one that was killed."""
    model = FAMILIES["vae"].build(image_shape=(8, 8, 3), seed=0)
    model.compile("adam")  # the default one would average the weights
    variable = model.trainable_variables[0]

    def keeper():
        callback = watch.KeepBest(tmp_path / "of" / "best.weights.h5", "negative_elbo", every=2)
        callback.set_model(model)
        model.stop_training = False
        return callback

    callback = keeper()
    last = 7 + 2 * watch.PATIENCE  # passes, of which every other one is evaluated
    for passes in range(1, last + 1):
        if passes == 20:
            callback = keeper()
        assert not callback.ended
        variable.assign(np.full(variable.shape, passes))
        loss = max(5.0, 12.0 - passes)
        logs = {"val_negative_elbo": loss} if passes % 2 else {}
        callback.on_epoch_end(passes - 1, {"negative_elbo": 0.0, **logs})
        assert model.stop_training == (passes == last)
        np.testing.assert_array_equal(variable, np.full(variable.shape, passes))
    assert (callback.passes, callback.best) == (7, 5.0)
    assert keeper().ended
    model.load_weights(callback.file)
    np.testing.assert_array_equal(variable, np.full(variable.shape, 7))


# --- copies ---------------------------------------------------------------------------------------


def test_copies_are_found_and_blurs_are_not_accused():
    """Noise has no near neighbours, its mean is near to all of it, and a copy is near to one."""
    random = np.random.default_rng(0)
    training_set = random.integers(0, 256, (200, 16, 16, 3), np.uint8)
    others = random.integers(0, 256, (20, 16, 16, 3), np.uint8)
    mean = training_set.mean(axis=0, keepdims=True).astype(np.uint8)
    shifts = random.integers(-9, 10, (20, 16, 16, 3))
    copied = np.clip(training_set[40:60] + shifts, 0, 255).astype(np.uint8)
    found = nearest(copied, training_set)
    np.testing.assert_array_equal(found.rows, np.arange(40, 60))
    assert found.copies == 1.0
    assert nearest(others, training_set).copies == 0.0
    assert nearest(mean, training_set).copies == 0.0
    exact = nearest(training_set[:3], training_set)
    np.testing.assert_array_equal(exact.distances, 0.0)
    assert nearest(mean, np.repeat(mean, 60, axis=0)).copies == 1.0


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"family": "vqgan"}, ValueError, "family must be one of gan, vae, .*got 'vqgan'"),
        ({"size": 30}, ValueError, "size must be a multiple of 4, got 30"),
        ({"size": 4}, ValueError, "size must be a whole number of at least 8, got 4"),
        ({"minutes": 0.0}, ValueError, "minutes must be at least 0.01, got 0.0"),
        ({"seed": None}, TypeError, "seed must be a whole number of at least 0, got None"),
    ],
)
def test_bad_arguments(options, error, words, pictures, tmp_path):
    with pytest.raises(error, match=words):
        training.train(pictures, **{"to": tmp_path / "run", **options})
    assert not (tmp_path / "run").exists()


def test_a_run_is_not_mixed_with_another(pictures, finished, tmp_path):
    run_folder = shutil.copytree(finished, tmp_path / "run")
    with pytest.raises(ValueError, match=DIFFERENT):
        tiny_folder.train(pictures, run_folder, "gan")
    with filelock.FileLock(run_folder / ".lock"), pytest.raises(ValueError, match="at work in"):
        tiny_folder.train(pictures, run_folder)
    tiny_folder.write_pictures(pictures, seed=1)
    with pytest.raises(ValueError, match="the pictures have changed since"):
        tiny_folder.train(pictures, run_folder)


def test_too_few_pictures(tmp_path):
    tiny_folder.write_pictures(tmp_path / "few", 7)
    with pytest.raises(ValueError, match="there are 7 pictures, and 20 are the least"):
        tiny_folder.train(tmp_path / "few", tmp_path / "run")


def test_the_command_says_what_is_wrong(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    (tmp_path / "words.keras").write_text("words")
    for command, words in (
        (["train", tmp_path / "empty"], "there is no picture in"),
        (["train", tmp_path / "nowhere"], "is not a folder"),
        (["train", tmp_path, "--extractor", "none.keras"], "none.keras does not exist"),
        (["train", tmp_path, "--extractor", "ResNot=weights.h5"], "got 'ResNot'"),
        (["generate", tmp_path / "empty"], "there is no model"),
        (["generate", tmp_path / "words.keras"], "words.keras is not a model of this course"),
    ):
        assert cli.main([str(part) for part in command]) == 2
        assert words in capsys.readouterr().err


def test_a_loss_that_diverges_ends_the_run_with_its_reason(pictures, tmp_path, monkeypatch, capsys):
    class Spoil(run.Progress):
        def on_train_batch_begin(self, batch, logs=None):
            for variable in self.model.trainable_variables:
                variable.assign(np.full(variable.shape, np.nan))

    monkeypatch.setattr(run, "Progress", Spoil)
    options = ["--size", "8", "--minutes", "0.02", "--to", str(tmp_path / "run")]
    assert cli.main(["train", str(pictures), *options]) == 2
    assert "training has diverged" in capsys.readouterr().err
    assert not (tmp_path / "run" / "model.keras").exists()
