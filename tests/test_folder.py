"""A folder of pictures: all of them are loaded or named, and nothing depends on the file system."""

import io
import os

import numpy as np
import pytest
from PIL import Image

from genimg_lib import data

RED, BLUE = (200, 30, 30), (30, 30, 200)


def picture(seed: int, width: int = 40, height: int = 40) -> Image.Image:
    """A smooth pattern that no other seed comes near."""
    coarse = np.random.default_rng(seed).integers(0, 256, (5, 5, 3), np.uint8)
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)


def cut(content: bytes, share: float) -> bytes:
    return content[: int(len(content) * share)]


def encoded(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


# Name of a file -> its content. Of those in BAD nothing can be used; those in ODD are loaded, with
# a note that contains the words given.
BAD = {
    "empty.png": b"",
    "words.jpg": b"this is a letter, not a picture",
    "page.png": b"<html><body>404</body></html>",
    "half.png": cut(encoded(picture(1, 90, 90)), 0.5),
    "header.png": cut(encoded(picture(2)), 0.02),
    "half.jpg": cut(encoded(picture(3, 90, 90), "JPEG"), 0.5),
    "half.webp": cut(encoded(picture(4, 90, 90), "WEBP"), 0.4),
    "flipped.png": encoded(picture(5, 90, 90)).replace(b"IDAT", b"IDAX"),
    "one.png": encoded(picture(6, 1, 1)),
    "narrow.jpg": encoded(picture(7, 400, 3), "JPEG"),
    "zero.gif": b"GIF89a" + bytes(7),
    "old.bmp": encoded(picture(8), "BMP"),
    "scan.tiff": encoded(picture(9), "TIFF"),
}
ODD = {
    "print.jpg": (encoded(picture(20).convert("CMYK"), "JPEG"), "CMYK"),
    "suffix.png": (encoded(picture(21), "JPEG"), "is JPEG, not PNG"),
    "suffix.jpg": (encoded(picture(22), "PNG"), "is PNG, not JPEG"),
    "suffix.gif": (encoded(picture(23), "WEBP"), "is WEBP, not GIF"),
    "deep.png": (
        encoded(Image.fromarray(np.linspace(0, 65535, 1600).astype(np.uint16).reshape(40, 40))),
        "16 bits",
    ),
    "moving.gif": (
        encoded(picture(24), "GIF", save_all=True, append_images=[picture(25), picture(26)]),
        "first of 3 frames",
    ),
    "moving.webp": (
        encoded(picture(27), "WEBP", save_all=True, append_images=[picture(28)]),
        "first of 2 frames",
    ),
    "small.png": (encoded(picture(29, 20, 20)), "enlarged from 20x20"),
}
GOOD_NAMES = ("größe.png", "海滩.png", "two words.PNG", "a'b\"c.png", "x" * 100 + ".png", "🍎.png")


def write(folder, name: str, content: bytes):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def test_a_thousand_files_of_which_forty_are_odd(tmp_path):
    """Each of the forty is named or loaded as it should be, and all the others are there."""
    count = 1000 - len(BAD) - len(ODD) - len(GOOD_NAMES) - 13
    for seed in range(count):
        write(tmp_path, f"{seed:04}.png", encoded(picture(100 + seed)))
    for name, content in BAD.items():
        write(tmp_path, name, content)
    for name, (content, _) in ODD.items():
        write(tmp_path, name, content)
    for seed, name in enumerate(GOOD_NAMES):
        write(tmp_path, name, encoded(picture(5000 + seed)))
    (tmp_path / "to_file.png").symlink_to(tmp_path / "0001.png")
    (tmp_path / "to_nothing.png").symlink_to(tmp_path / "nowhere.png")
    (tmp_path / "to_folder").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "folder.png").mkdir()
    expected_links = {"to_file.png", "to_nothing.png", "to_folder"}
    for name in (".hidden.png", "notes.txt", "notes.md", ".DS_Store", "Thumbs.db"):
        write(tmp_path, name, b"not for us")
    for seed in range(4):  # copies, encoded anew
        copy = encoded(picture(100 + seed), "JPEG", quality=60, subsampling=0)
        write(tmp_path, f"copy of {seed}.jpg", copy)

    loaded = data.load_folder(tmp_path)
    assert set(loaded.left_out) == set(BAD) | expected_links | {"folder.png"}
    assert set(loaded.altered) == set(ODD)
    for name, (_, words) in ODD.items():
        assert words in loaded.altered[name], name
    assert len(loaded) == count + len(ODD) + len(GOOD_NAMES) + 4
    assert set(GOOD_NAMES) <= set(loaded.files)
    assert loaded.images.shape == (len(loaded), 32, 32, 3)
    assert loaded.images.dtype == np.uint8
    copies = {(f"{seed:04}.png", f"copy of {seed}.jpg") for seed in range(4)}
    assert set(loaded.duplicates()) == copies
    report = loaded.report()
    for name in (*BAD, *ODD, *expected_links, *(name for pair in copies for name in pair)):
        assert name in report, name


def test_each_picture_is_what_its_file_shows(tmp_path):
    image = picture(0)
    write(tmp_path, "a.png", encoded(image))
    write(tmp_path, "b.jpg", encoded(image, "JPEG", quality=95))
    write(tmp_path, "c.webp", encoded(image, "WEBP", lossless=True))
    write(tmp_path, "d.gif", encoded(image.quantize(256), "GIF"))
    write(tmp_path, "grey.png", encoded(image.convert("L")))
    loaded = data.load_folder(tmp_path, 40)
    np.testing.assert_array_equal(loaded.images[0], image)
    np.testing.assert_array_equal(loaded.images[2], image)
    # what JPEG and a palette of 256 colours may lose on average, in grey levels
    assert np.abs(loaded.images[[1, 3]].astype(int) - np.asarray(image)).mean() < 8
    assert (loaded.images[4] == np.asarray(image.convert("L"))[..., None]).all()
    grey = data.load_folder(tmp_path, 40, channels=1).images
    assert grey.shape == (5, 40, 40, 1)
    np.testing.assert_array_equal(grey[0, ..., 0], image.convert("L"))


def test_sixteen_bits_keep_their_shades(tmp_path):
    shades = (np.arange(1600).reshape(40, 40) * 40).astype(np.uint16)
    write(tmp_path, "deep.png", encoded(Image.fromarray(shades)))
    loaded = data.load_folder(tmp_path, 40, channels=1).images[0, ..., 0]
    np.testing.assert_array_equal(loaded, np.rint(shades / 257))


@pytest.mark.parametrize("ground", [0, 255])
def test_transparency_shows_the_ground(tmp_path, ground):
    clear = np.zeros((40, 40, 4), np.uint8)
    clear[:, :20] = (*RED, 255)
    write(tmp_path, "rgba.png", encoded(Image.fromarray(clear)))
    palette = Image.fromarray(clear[..., :3]).quantize(2)
    write(tmp_path, "palette.png", encoded(palette, transparency=palette.getpixel((30, 0))))
    for image in data.load_folder(tmp_path, 40, ground=ground).images:
        assert (image[:, :20] == RED).all()
        assert (image[:, 20:] == ground).all()


def test_a_photograph_stands_upright(tmp_path):
    top_red = np.full((40, 40, 3), BLUE, np.uint8)
    top_red[:20] = RED
    turned = Image.fromarray(top_red).rotate(90)  # as the sensor saw it
    exif = Image.Exif()
    exif[0x0112] = 6  # "turn by 90 degrees clockwise to view"
    write(tmp_path, "phone.png", encoded(turned, exif=exif))
    np.testing.assert_array_equal(data.load_folder(tmp_path, 40).images[0], top_red)


def test_crop_and_pad(tmp_path):
    wide = np.full((40, 80, 3), BLUE, np.uint8)
    wide[:, 20:60] = RED
    write(tmp_path, "wide.png", encoded(Image.fromarray(wide)))
    assert (data.load_folder(tmp_path, 40, shape="crop").images[0] == RED).all()
    padded = data.load_folder(tmp_path, 80, shape="pad", ground=7).images[0]
    assert (padded[:20] == 7).all()
    assert (padded[60:] == 7).all()
    np.testing.assert_array_equal(padded[20:60], wide)


def test_folders_name_the_classes(tmp_path):
    for seed, name in enumerate(("cat/1.png", "cat/old/2.png", "dog/1.png", "cat/3.png")):
        write(tmp_path, name, encoded(picture(seed)))
    write(tmp_path, "stray.png", encoded(picture(9)))
    loaded = data.load_folder(tmp_path)
    assert loaded.class_names == ("cat", "dog")
    found = dict(zip(loaded.files, loaded.labels, strict=True))
    assert found == {"cat/1.png": 0, "cat/old/2.png": 0, "cat/3.png": 0, "dog/1.png": 1}
    assert "beside the folders" in loaded.left_out["stray.png"]
    (tmp_path / "dog" / "1.png").unlink()  # one folder is a place, not a class
    assert data.load_folder(tmp_path).class_names is None
    assert len(data.load_folder(tmp_path)) == 4


@pytest.mark.parametrize("header", ["file,caption", "file_name,text"])
def test_captions_from_a_table_and_from_text_files(tmp_path, header):
    for seed, name in enumerate(("a.png", "b.png", "sub/c.png", "d.png")):
        write(tmp_path, name, encoded(picture(seed)))
    table = f'{header}\na.png,"a cat, asleep"\nsub/c.png,沙滩\ngone.png,nothing\n'
    write(tmp_path, "captions.csv", table.encode("utf-8-sig"))
    write(tmp_path, "b.txt", b"two dogs\n")
    loaded = data.load_folder(tmp_path)
    found = dict(zip(loaded.files, loaded.captions, strict=True))
    assert found == {
        "a.png": "a cat, asleep",
        "b.png": "two dogs",
        "d.png": "",
        "sub/c.png": "沙滩",
    }
    assert set(loaded.left_out) == {"gone.png"}
    write(tmp_path, "captions.csv", b"picture,words\na.png,a cat\n")
    assert "needs a column file" in data.load_folder(tmp_path).left_out["captions.csv"]
    write(tmp_path, "captions.csv", "file,caption\na.png,ä\n".encode("latin-1"))
    assert "UTF-8" in data.load_folder(tmp_path).left_out["captions.csv"]


def test_a_split_keeps_duplicates_together_and_moves_nobody(tmp_path):
    for seed in range(60):
        write(tmp_path, f"{seed}.png", encoded(picture(seed)))
        write(tmp_path, f"{seed}.jpg", encoded(picture(seed), "JPEG", quality=70, subsampling=0))
    train, test = data.load_folder(tmp_path).split(0.3)
    stems = [{name.split(".")[0] for name in part.files} for part in (train, test)]
    assert not stems[0] & stems[1]
    assert len(train) + len(test) == 120
    # 60 independent places: three standard deviations of a share of 0.3 are 0.18
    assert abs(len(test) / 120 - 0.3) < 0.18
    assert len(test.duplicates()) == len(stems[1])
    for seed in range(60, 90):
        write(tmp_path, f"{seed}.png", encoded(picture(seed)))
    later = data.load_folder(tmp_path).split(0.3)
    assert set(train.files) <= set(later[0].files)
    assert set(test.files) <= set(later[1].files)
    with pytest.raises(ValueError, match="leaves one side empty"):
        train.split(0.0)


def test_the_order_is_that_of_the_names(tmp_path):
    names = ["b/2.png", "a/1.png", "10.png", "b/1.png", "2.png"]
    for seed, name in enumerate(names):
        write(tmp_path, name, encoded(picture(seed)))
    (tmp_path / "a" / "1.png").rename(tmp_path / "b" / "10.png")
    expected = ("10.png", "2.png", "b/1.png", "b/10.png", "b/2.png")
    assert data.load_folder(tmp_path).files == expected


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path):
    for seed in range(2):
        write(tmp_path, f"{seed}.png", encoded(picture(seed)))
    (tmp_path / "0.png").chmod(0)
    assert "not readable" in data.load_folder(tmp_path).left_out["0.png"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"size": 3}, "size must be a whole number of at least 4, got 3"),
        ({"size": 32.0}, "size must be a whole number"),
        ({"channels": 4}, "channels must be 3 .* or 1 .*, got 4"),
        ({"shape": "stretch"}, "shape must be one of crop, pad, got 'stretch'"),
        ({"ground": 256}, "ground must be a grey level from 0 to 255, got 256"),
        ({"ground": "white"}, "ground must be a whole number"),
    ],
)
def test_bad_arguments(tmp_path, options, words):
    with pytest.raises((TypeError, ValueError), match=words):
        data.load_folder(tmp_path, **options)


def test_a_folder_without_pictures(tmp_path):
    write(tmp_path, "words.png", b"words")
    with pytest.raises(ValueError, match=r"no picture .*\n  words.png: not a PNG"):
        data.load_folder(tmp_path)
    with pytest.raises(NotADirectoryError, match="is not a folder"):
        data.load_folder(tmp_path / "words.png")
