"""Films become what every browser and app plays: H.264 with AAC in mp4, or mp3 and AAC alone; and a still of them.

What is so already is copied, not encoded again; titles, places and names of people are left out. Blocks for long.
"""

from dataclasses import dataclass
from pathlib import Path

from node.errors import Invalid
from node.media import films, programs
from node.media.films import Film, FilmKind, FilmLimits, reading
from node.media.images import ProcessedImage, process_image
from node.media.programs import Failed

UNPLAYABLE = "This file could not be made into what browsers play. It may be damaged, or too long for this server."
MAX_SECONDS = 840  # of work on one file
_STILL_SECONDS = 60
_MAX_STILL_BYTES = 32 << 20

_LONGEST_EDGE = 1920
_STILL_EDGE = 1280
_FRAMES_COMPARED = 24  # the one most like its neighbours is the still; the very first is often black
_THREADS = "2"
_QUIET = ["-v", "error", "-nostdin", "-y", "-threads", _THREADS]
_NOTHING_ELSE = ["-map_metadata", "-1", "-map_metadata:s", "-1", "-map_chapters", "-1", "-sn", "-dn"]
_H264 = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-maxrate", "6M", "-bufsize", "12M", "-pix_fmt", "yuv420p",
         "-fpsmax", "60", "-threads", _THREADS]  # fmt: skip
_AAC = ["-c:a", "aac", "-b:a", "160k", "-ac", "2"]
_MP4 = ["-movflags", "+faststart", "-f", "mp4"]
_PLAYED = frozenset({"yuv420p", "yuvj420p"})


@dataclass(frozen=True, kw_only=True)
class MadeFilm:
    """`film` is measured anew; `still` is a frame or the cover, none for most of what only sounds."""

    file: Path
    mime: str
    film: Film
    still: ProcessedImage | None


def make(source: Path, kind: FilmKind, folder: Path, limits: FilmLimits) -> MadeFilm:
    """In `folder`, which is the caller's to clear. Invalid for what ffmpeg cannot read to its end."""
    film = films.examine(source, limits)
    if film.kind is FilmKind.AUDIO:
        return _sound(source, film, folder, limits)
    made = folder / "film.mp4"
    is_copied = film.video_codec == "h264" and film.pixel_format in _PLAYED
    video = ["-c:v", "copy"] if is_copied else [*_H264, "-vf", _within(_LONGEST_EDGE)]
    audio = ["-c:a", "copy"] if film.audio_codec in ("aac", "mp3") else _AAC
    tracks = ["-map", "0:V:0", *video] + ([] if kind is FilmKind.GIFV else ["-map", "0:a:0?", *audio])
    _convert([*reading(source, film.demuxer), *tracks, *_MP4], made, limits)
    measured = films.measure(made, "mov")
    films.check(measured, limits)
    still = _still(made, "mov", "0:V:0", folder)
    if still is None:
        raise Invalid(UNPLAYABLE)
    return MadeFilm(file=made, mime="video/mp4", film=measured, still=still)


def _sound(source: Path, film: Film, folder: Path, limits: FilmLimits) -> MadeFilm:
    suffix, mime = ("mp3", "audio/mpeg") if film.audio_codec == "mp3" else ("m4a", "audio/mp4")
    made = folder / f"sound.{suffix}"
    codec = ["-c:a", "copy"] if film.audio_codec in ("mp3", "aac") else _AAC
    container = ["-f", "mp3"] if suffix == "mp3" else _MP4
    _convert([*reading(source, film.demuxer), "-map", "0:a:0", *codec, *container], made, limits)
    measured = films.measure(made, "mp3" if suffix == "mp3" else "mov")
    films.check(measured, limits)
    cover = _still(source, film.demuxer, "0:v:0", folder) if film.has_cover else None
    return MadeFilm(file=made, mime=mime, film=measured, still=cover)


def _convert(arguments: list[str], made: Path, limits: FilmLimits) -> None:
    # One second more than is allowed, so that what lied about its length is found too long.
    cut = ["-t", str(limits.max_seconds + 1)]
    try:
        programs.run(
            "ffmpeg",
            [*_QUIET, *arguments, *_NOTHING_ELSE, *cut, f"file:{made}"],
            seconds=MAX_SECONDS,
            file_bytes=2 * limits.max_bytes,
        )
    except Failed as error:
        raise Invalid(UNPLAYABLE) from error


def _still(source: Path, demuxer: str, track: str, folder: Path) -> ProcessedImage | None:
    made = folder / "still.png"
    chosen = f"{_within(_STILL_EDGE)},thumbnail={_FRAMES_COMPARED}"
    picture = ["-map", track, "-vf", chosen, "-frames:v", "1", "-c:v", "png", "-f", "image2pipe", f"file:{made}"]
    try:
        programs.run(
            "ffmpeg",
            [*_QUIET, *reading(source, demuxer), *picture],
            seconds=_STILL_SECONDS,
            file_bytes=_MAX_STILL_BYTES,
        )
        return process_image(made.read_bytes())
    except (Failed, Invalid, OSError):
        return None


def _within(edge: int) -> str:
    """Not wider or higher than `edge`, in even numbers, which H.264 wants."""
    return f"scale=w='min({edge},iw)':h='min({edge},ih)':force_original_aspect_ratio=decrease:force_divisible_by=2"
