"""What is in a file of video or sound, told by ffprobe, and whether that is within limits. Blocks."""

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

import msgspec

from node.errors import Invalid
from node.media import programs
from node.media.probe import Kind, kind_of
from node.media.probe import Limits as PictureLimits
from node.media.probe import probe as probe_picture
from node.media.programs import Failed
from node.speech import said

HEAD_BYTES = 64
MAX_SILENT_SECONDS = 60  # longer ones do not begin anew for ever
UNREADABLE = (
    "This file cannot be read. It may be damaged or incomplete."
    " MP4, QuickTime, WebM, MP3, M4A, Ogg, FLAC and WAV are accepted."
)
MIMES = (
    "video/mp4", "video/quicktime", "video/webm", "video/ogg",
    "audio/mpeg", "audio/mp4", "audio/aac", "audio/ogg", "audio/webm", "audio/flac", "audio/wav",
)  # fmt: skip

_PROBE_SECONDS = 20
_MAX_STREAMS = 16
_ENTRIES = (
    "format=duration,bit_rate:stream=codec_type,codec_name,width,height,pix_fmt,avg_frame_rate,channels"
    ":stream_disposition=attached_pic:stream_side_data=rotation"
)
# The decoders of what people record and download. Each is known by several names, and unknown ones do no harm.
_DECODERS = (
    "h264,hevc,vp8,libvpx,vp9,libvpx-vp9,av1,libdav1d,libaom-av1,mpeg4,theora,gif,mjpeg,png,"
    "aac,aac_fixed,mp3,mp3float,opus,libopus,vorbis,libvorbis,flac,alac,pcm_s16le,pcm_s24le,pcm_f32le,pcm_u8,pcm_s16be"
)


class FilmKind(StrEnum):
    """The client API's words."""

    VIDEO = "video"
    GIFV = "gifv"
    AUDIO = "audio"


@dataclass(frozen=True, kw_only=True)
class FilmLimits:
    max_bytes: int = 99 << 20
    max_pixels: int = 3840 * 2160
    max_frames_per_second: int = 120
    max_seconds: int = 1800


@dataclass(frozen=True, kw_only=True)
class Film:
    """What a file holds, as it is shown: a phone's rotation is applied already."""

    kind: FilmKind
    demuxer: str
    video_codec: str = ""
    pixel_format: str = ""
    audio_codec: str = ""
    width: int | None = None
    height: int | None = None
    frame_rate: str = ""  # "30000/1001"
    duration_seconds: float | None = None
    bitrate: int | None = None
    has_cover: bool = False


class _Disposition(msgspec.Struct, frozen=True):
    attached_pic: int = 0


class _SideData(msgspec.Struct, frozen=True):
    rotation: float = 0


class _Stream(msgspec.Struct, frozen=True):
    codec_type: str = ""
    codec_name: str = ""
    width: int = 0
    height: int = 0
    pix_fmt: str = ""
    avg_frame_rate: str = ""
    disposition: _Disposition = _Disposition()
    side_data_list: tuple[_SideData, ...] = ()


class _Format(msgspec.Struct, frozen=True):
    duration: str = ""
    bit_rate: str = ""


class _Answer(msgspec.Struct, frozen=True):
    streams: tuple[_Stream, ...] = ()
    format: _Format = _Format()


def demuxer_of(head: bytes) -> str | None:
    """ffmpeg's name for the container that begins with `head`; None for pictures and everything else.

    It is forced on ffmpeg, which else would also read playlists that name other files.
    """
    kind = kind_of(head)
    if kind is not None:
        return "gif" if kind is Kind.GIF else None
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide"):
        return "mov"
    if head[:4] == b"RIFF":
        return "wav" if head[8:12] == b"WAVE" else None
    if head[:3] == b"ID3":
        return "mp3"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return "aac" if head[1] & 0x06 == 0 else "mp3"  # the layer, of which ADTS has none
    return {b"\x1a\x45\xdf\xa3": "matroska", b"OggS": "ogg", b"fLaC": "flac"}.get(head[:4])


def reading(file: Path, demuxer: str) -> list[str]:
    """Arguments of both programs to read `file`, and nothing but it."""
    return ["-protocol_whitelist", "file", "-codec_whitelist", _DECODERS, "-f", demuxer, "-i", f"file:{file}"]


def examine(file: Path, limits: FilmLimits) -> Film:
    """Invalid says what is wrong with a file that is not taken, or that there is no ffmpeg here."""
    size_bytes = file.stat().st_size
    with file.open("rb") as opened:
        demuxer = demuxer_of(opened.read(HEAD_BYTES))
    if demuxer is None:
        raise Invalid(UNREADABLE)
    if not programs.available():
        raise Invalid(programs.MISSING)
    if size_bytes > limits.max_bytes:
        raise Invalid(
            said(
                "This file is too large: %(megabytes)s MB are the most.", megabytes=limits.max_bytes // (1024 * 1024)
            )
        )
    if demuxer == "gif":
        probe_picture(file.read_bytes(), PictureLimits())
    film = measure(file, demuxer)
    check(film, limits)
    return film


def measure(file: Path, demuxer: str) -> Film:
    """Without a look at limits: what we made ourselves is measured as well."""
    arguments = ["-v", "error", "-of", "json", "-show_entries", _ENTRIES, *reading(file, demuxer)]
    try:
        answer = msgspec.json.decode(programs.run("ffprobe", arguments, seconds=_PROBE_SECONDS), type=_Answer)
    except (Failed, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Invalid(UNREADABLE) from error
    if len(answer.streams) > _MAX_STREAMS:
        raise Invalid("This file has too many tracks. Export it with one of video and one of sound.")
    moving = [one for one in answer.streams if one.codec_type == "video" and not one.disposition.attached_pic]
    sound = [one for one in answer.streams if one.codec_type == "audio"]
    if not moving and not sound:
        raise Invalid(UNREADABLE)
    duration = _number(answer.format.duration)
    sounding = Film(
        kind=FilmKind.AUDIO,
        demuxer=demuxer,
        audio_codec=sound[0].codec_name if sound else "",
        duration_seconds=duration,
        bitrate=int(_number(answer.format.bit_rate) or 0) or None,
        has_cover=any(one.disposition.attached_pic for one in answer.streams),
    )
    if not moving:
        return sounding
    video = moving[0]
    turned = any(side.rotation % 180 for side in video.side_data_list)
    width, height = (video.height, video.width) if turned else (video.width, video.height)
    silent = not sound and (demuxer == "gif" or (duration is not None and duration <= MAX_SILENT_SECONDS))
    return replace(
        sounding,
        kind=FilmKind.GIFV if silent else FilmKind.VIDEO,
        video_codec=video.codec_name,
        pixel_format=video.pix_fmt,
        width=width,
        height=height,
        frame_rate="" if _rate(video.avg_frame_rate) is None else video.avg_frame_rate,
    )


def check(film: Film, limits: FilmLimits) -> None:
    """Of an upload, and of what came out of it, since a file may say less of itself than is true."""
    if film.duration_seconds is not None and film.duration_seconds > limits.max_seconds:
        raise Invalid(said("This is too long: %(minutes)s min are the most.", minutes=limits.max_seconds // 60))
    if film.kind is FilmKind.AUDIO:
        return
    width, height = film.width or 0, film.height or 0
    if width < 1 or height < 1:
        raise Invalid(UNREADABLE)
    if width * height > limits.max_pixels:
        raise Invalid(
            said(
                "This video is too large: %(width)s × %(height)s pixels, but %(number)s megapixels are the most.",
                width=width,
                height=height,
                number=f"{limits.max_pixels / 1_000_000:.1f}",
            )
        )
    rate = _rate(film.frame_rate)
    if rate is not None and rate > limits.max_frames_per_second:
        raise Invalid(
            said(
                "This video has too many frames a second: %(number)s, but %(most)s are the most.",
                number=f"{float(rate):.0f}",
                most=limits.max_frames_per_second,
            )
        )


def _rate(text: str) -> Fraction | None:
    try:
        rate = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
    return rate if rate > 0 else None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 < number < 10_000_000_000 else None
