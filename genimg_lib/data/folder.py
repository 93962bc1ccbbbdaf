"""A folder of your own pictures as arrays: every file is either in them or named in a report."""

import csv
import dataclasses
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from scipy.sparse.csgraph import connected_components
from sklearn.neighbors import radius_neighbors_graph

from genimg_lib.data.arguments import check_number, check_one_of, check_whole
from genimg_lib.data.digests import sha256

SUFFIXES = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".webp": "WEBP",
    ".gif": "GIF",
}
"""Suffix of a file -> the format that it promises, by Pillow's name."""

CAPTION_TABLES = ("captions.csv", "metadata.csv")
FILE_COLUMNS, CAPTION_COLUMNS = ("file", "file_name", "filename"), ("caption", "text")
SAME_WITHIN = 4.0
"""Two pictures are near-duplicates if their 8x8 thumbnails differ by less, in grey levels of 255,
root mean square."""


@dataclasses.dataclass(frozen=True, eq=False)
class ImageFolder:
    """n pictures of a folder, ready for `fit`, and what became of every file.

    `images` goes into `fit` with `labels`, where sub-folders name classes, or with `captions`.
    """

    images: np.ndarray  # (n, size, size, channels) uint8
    files: tuple[str, ...]  # of each picture, relative to the folder, with slashes
    labels: np.ndarray | None  # (n,) indices of class_names
    class_names: tuple[str, ...] | None
    captions: tuple[str, ...] | None  # of each picture; empty where the folder has none
    groups: np.ndarray  # (n,) pictures with the same number are near-duplicates
    left_out: dict[str, str]  # file -> why it is not among the pictures
    altered: dict[str, str]  # file -> what was done to a picture beyond resizing

    def __len__(self) -> int:
        return len(self.images)

    def duplicates(self) -> list[tuple[str, ...]]:
        """The files of each group of two or more near-duplicates."""
        names = np.array(self.files, dtype=object)
        counts = np.bincount(self.groups)
        return [tuple(names[self.groups == group]) for group in np.flatnonzero(counts > 1)]

    def report(self) -> str:
        """What was read, left out and altered, a line for each file that needs one."""
        lines = [f"{len(self)} pictures of {self.images.shape[1]}x{self.images.shape[2]} pixels"]
        if self.class_names:
            counts = np.bincount(self.labels, minlength=len(self.class_names))
            named = zip(self.class_names, counts, strict=True)
            lines.append("classes: " + ", ".join(f"{name} ({count})" for name, count in named))
        if self.captions:
            missing = sum(not caption for caption in self.captions)
            lines.append(f"captions: {len(self) - missing}, {missing} pictures have none")
        for title, found in (("left out", self.left_out), ("altered", self.altered)):
            lines += [f"{title}: {len(found)}"] if found else []
            lines += [f"  {file}: {why}" for file, why in sorted(found.items())]
        duplicates = self.duplicates()
        lines += [f"near-duplicates: {len(duplicates)} groups"] if duplicates else []
        lines += ["  " + ", ".join(group) for group in duplicates]
        return "\n".join(lines)

    def split(self, held_out: float = 0.1) -> tuple["ImageFolder", "ImageFolder"]:
        """Pictures to train on, and about `held_out` of them to test with.

        Near-duplicates stay together. Which side a group of them is on depends on its pixels
        alone, so that a picture that is added later moves none but its own near-duplicates.

        Raises `ValueError` if one side would be empty.
        """
        held_out = check_number("held_out", held_out, 0.0, 1.0, below=True)
        first: dict[int, str] = {}  # of each group, so that its pictures share a place
        for image, group in zip(self.images, self.groups, strict=True):
            digest = sha256(image.tobytes())
            first[group] = min(digest, first.get(group, digest))
        places = np.array([int(first[group][:8], 16) / 16**8 for group in self.groups])
        test = places < held_out
        if test.all() or not test.any():
            raise ValueError(
                f"held_out = {held_out:g} of {len(self)} pictures leaves one side empty: give "
                "more pictures or another share"
            )
        return self._only(np.flatnonzero(~test)), self._only(np.flatnonzero(test))

    def _only(self, rows: np.ndarray) -> "ImageFolder":
        return dataclasses.replace(
            self,
            images=self.images[rows],
            files=tuple(self.files[row] for row in rows),
            labels=None if self.labels is None else self.labels[rows],
            captions=self.captions and tuple(self.captions[row] for row in rows),
            groups=np.unique(self.groups[rows], return_inverse=True)[1],
        )


def load_folder(
    path: Path | str,
    size: int = 32,
    *,
    channels: int = 3,
    shape: str = "crop",
    ground: int = 255,
) -> ImageFolder:
    """Loads the PNG, JPEG, WebP and GIF pictures in a folder and its sub-folders.

    The first level of sub-folders names the classes. Captions come from a table, `captions.csv` or
    `metadata.csv` with columns `file` and `caption`, or from a text file beside a picture that has
    its name. Whatever suffix a file has, its content decides what it is. Files that cannot be used
    are named in `left_out`, with the reason, and the others are loaded; links are not followed.

    Args:
        path: the folder.
        size: height and width in pixels of the result.
        channels: 3 for colour, 1 for grey.
        shape: what is done to pictures that are not square: `crop` their longer side, or `pad`
            the shorter one with the ground.
        ground: the grey level behind transparent and padded pixels, from 0 (black) to 255.

    Raises `NotADirectoryError` if there is no such folder, and `ValueError` if nothing in it can
    be used.
    """
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"path must be the name of a folder, got {path!r}")
    path = Path(path)
    size = check_whole("size", size, 4)
    if check_whole("channels", channels) not in (1, 3):
        raise ValueError(f"channels must be 3 (colour) or 1 (grey), got {channels!r}")
    check_one_of("shape", shape, ("crop", "pad"))
    if check_whole("ground", ground, 0) > 255:
        raise ValueError(f"ground must be a grey level from 0 to 255, got {ground!r}")
    if not path.is_dir():
        raise NotADirectoryError(f"{path} is not a folder")
    left_out, altered, images = {}, {}, {}
    for name in _candidates(path, left_out):
        note: list[str] = []
        try:
            images[name] = _read(path / name, size, channels, shape, ground, note)
        except _Unusable as error:
            left_out[name] = str(error)
            continue
        if note:
            altered[name] = "; ".join(note)
    class_names = _class_names(images, left_out)
    images = {name: image for name, image in images.items() if name not in left_out}
    if not images:
        reasons = "".join(f"\n  {name}: {why}" for name, why in sorted(left_out.items())[:10])
        raise ValueError(f"there is no picture in {path} that can be used{reasons}")
    files = tuple(images)
    pixels = np.stack(list(images.values()))
    labels = class_names and np.array([class_names.index(Path(name).parts[0]) for name in files])
    return ImageFolder(
        images=pixels,
        files=files,
        labels=labels,
        class_names=class_names,
        captions=_captions(path, files, left_out),
        groups=_groups(pixels),
        left_out=left_out,
        altered={name: what for name, what in altered.items() if name in images},
    )


class _Unusable(Exception):
    """Why a file is not loaded, in words for its owner."""


def _candidates(path: Path, left_out: dict[str, str]) -> Iterator[str]:
    """Names of the files that should be pictures, in an order that no file system changes."""
    for folder, folders, files in os.walk(path):
        here = Path(folder).relative_to(path)
        for name in folders:
            if (Path(folder) / name).is_symlink():
                left_out[(here / name).as_posix()] = "a link, which is not followed"
            elif Path(name).suffix.lower() in SUFFIXES:
                left_out[(here / name).as_posix()] = "a folder; the pictures in it are read"
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            file = (here / name).as_posix()
            suffix = Path(name).suffix.lower()
            if name.startswith("."):
                continue
            if suffix not in SUFFIXES:
                if suffix in Image.registered_extensions():
                    left_out[file] = f"{suffix} is not read: convert it to PNG"
            elif (path / file).is_symlink():
                left_out[file] = "a link, which is not followed"
            else:
                yield file


def _read(file: Path, size, channels, shape, ground, note: list[str]) -> np.ndarray:
    """One picture as `uint8` (size, size, channels); what was done to it goes into `note`."""
    try:
        with warnings.catch_warnings():
            # so large that reading it could exhaust the memory
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=list(SUFFIXES.values())) as image:
                promised = SUFFIXES[file.suffix.lower()]
                if image.format != promised:
                    note.append(f"is {image.format}, not {promised} as its name says")
                if getattr(image, "n_frames", 1) > 1:
                    note.append(f"first of {image.n_frames} frames")
                image.load()
                image = ImageOps.exif_transpose(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _Unusable(f"more than {Image.MAX_IMAGE_PIXELS:,} pixels") from None
    except Image.UnidentifiedImageError:
        raise _Unusable("not a PNG, JPEG, WebP or GIF picture") from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise _Unusable(f"damaged or not readable: {error}") from None
    if min(image.size) < size / 4:
        raise _Unusable(f"{image.width}x{image.height} pixels, too few for {size}x{size}")
    if min(image.size) < size:
        note.append(f"enlarged from {image.width}x{image.height}")
    image = _on_ground(_in_bytes(image, note), ground)
    if shape == "crop":
        image = ImageOps.fit(image, (size, size), Image.Resampling.LANCZOS)
    else:
        image = ImageOps.pad(image, (size, size), Image.Resampling.LANCZOS, color=(ground,) * 3)
    pixels = np.asarray(image.convert("RGB" if channels == 3 else "L"))
    return pixels.reshape(size, size, channels)


def _in_bytes(image: Image.Image, note: list[str]) -> Image.Image:
    """The picture with eight bits for each of its channels."""
    if image.mode.startswith("I") or image.mode == "F":
        # Pillow's own conversion clips at 255 instead
        note.append("16 bits, reduced to 8")
        levels = np.asarray(image).astype(np.float64) / 257.0
        return Image.fromarray(np.rint(np.clip(levels, 0, 255)).astype(np.uint8))
    if image.mode == "CMYK":
        note.append("CMYK, converted to RGB without a colour profile")
    return image


def _on_ground(image: Image.Image, ground: int) -> Image.Image:
    """The picture in RGB, on a ground of that grey level where it is transparent."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    below = Image.new("RGBA", image.size, (ground, ground, ground, 255))
    return Image.alpha_composite(below, image).convert("RGB")


def _class_names(images: dict, left_out: dict[str, str]) -> tuple[str, ...] | None:
    """The first level of sub-folders, or `None`; pictures that lie beside them are left out."""
    names = {Path(name).parts[0] for name in images if "/" in name}
    if len(names) < 2:
        return None
    for name in images:
        if "/" not in name:
            left_out[name] = "beside the folders of the classes, so it has none"
    return tuple(sorted(names))


def _captions(path: Path, files: tuple[str, ...], left_out) -> tuple[str, ...] | None:
    """A caption for each file, empty where there is none; `None` if there is none at all."""
    found: dict[str, str] = {}
    for table in CAPTION_TABLES:
        if (path / table).exists():
            found |= _caption_table(path / table, left_out)
    for name in files:
        beside = (path / name).with_suffix(".txt")
        if name not in found and beside.is_file():
            try:
                found[name] = beside.read_text(encoding="utf-8-sig").strip()
            except UnicodeDecodeError:
                left_out[beside.relative_to(path).as_posix()] = "a caption that is not UTF-8"
    for name in found.keys() - set(files):
        left_out.setdefault(name, "has a caption, but there is no such picture")
    captions = tuple(found.get(name, "") for name in files)
    return captions if any(captions) else None


def _caption_table(table: Path, left_out: dict[str, str]) -> dict[str, str]:
    try:
        with table.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            columns = reader.fieldnames or ()
            file = next((name for name in columns if name in FILE_COLUMNS), None)
            caption = next((name for name in columns if name in CAPTION_COLUMNS), None)
            if file and caption:
                rows = [row for row in reader if row[file] and row[caption]]
                return {row[file].replace("\\", "/"): row[caption].strip() for row in rows}
            left_out[table.name] = (
                f"needs a column {' or '.join(FILE_COLUMNS)} and a column "
                f"{' or '.join(CAPTION_COLUMNS)}, has {', '.join(columns) or 'none'}"
            )
    except (UnicodeDecodeError, csv.Error) as error:
        left_out[table.name] = f"not a CSV table in UTF-8: {error}"
    return {}


def _groups(images: np.ndarray) -> np.ndarray:
    """Near-duplicates get the same number: (n,)."""
    pictures = [Image.fromarray(image.squeeze()) for image in images]
    small = [picture.resize((8, 8), Image.Resampling.BOX) for picture in pictures]
    thumbnails = np.stack([np.asarray(image, np.float32).ravel() for image in small])
    radius = SAME_WITHIN * np.sqrt(thumbnails.shape[1])
    near = radius_neighbors_graph(thumbnails, radius, mode="connectivity")
    return connected_components(near, directed=False)[1]
