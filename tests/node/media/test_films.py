"""Video and sound: what is taken, what becomes of it, and what ffmpeg may do meanwhile (ADR 25)."""

import base64
import fcntl
import os
import socket
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from node.errors import Invalid, Unavailable
from node.media import programs, transcode
from node.media.blurhash import is_blurhash
from node.media.films import FilmKind, FilmLimits, demuxer_of, examine, reading
from node.media.programs import Failed
from node.media.transcode import MadeFilm
from tests.node.media import moving, pictures
from tests.node.media.moving import needs_ffmpeg

LIMITS = FilmLimits()
VP8 = ("-c:v", "libvpx", "-c:a", "libopus")


def made(tmp_path: Path, data: bytes) -> MadeFilm:
    source, folder = tmp_path / "source", tmp_path / "work"
    source.write_bytes(data)
    folder.mkdir()
    return transcode.make(source, examine(source, LIMITS).kind, folder, LIMITS)


def refusal(tmp_path: Path, data: bytes, **limits: int) -> str:
    source = tmp_path / "source"
    source.write_bytes(data)
    with pytest.raises(Invalid) as caught:
        examine(source, FilmLimits(**limits))
    return str(caught.value)


@needs_ffmpeg
def test_what_browsers_play_is_copied_without_what_it_says_of_people(tmp_path: Path) -> None:
    data = moving.film()

    result = made(tmp_path, data)

    assert (result.mime, result.film.kind) == ("video/mp4", FilmKind.VIDEO)
    assert (result.film.video_codec, result.film.audio_codec) == ("h264", "aac")
    assert (result.film.width, result.film.height, result.film.frame_rate) == (96, 64, "10/1")
    assert result.film.duration_seconds == pytest.approx(1, abs=0.1)
    assert result.film.bitrate
    secrets = (b"SecretTitle", b"SecretPlace", b"SecretName")
    assert all(secret in data for secret in secrets)
    assert not any(secret in result.file.read_bytes() for secret in secrets)
    assert result.still is not None
    assert (result.still.thumb_width, result.still.thumb_height) == (96, 64)
    assert is_blurhash(result.still.blurhash)


@needs_ffmpeg
@pytest.mark.parametrize(
    ("suffix", "codecs"), [(".webm", VP8), (".mkv", VP8), (".mov", ("-c:v", "mpeg4", "-c:a", "pcm_s16le"))]
)
def test_everything_else_is_encoded_anew(tmp_path: Path, suffix: str, codecs: tuple[str, ...]) -> None:
    result = made(tmp_path, moving.film(suffix, *codecs))

    assert (result.film.video_codec, result.film.pixel_format, result.film.audio_codec) == ("h264", "yuv420p", "aac")
    assert (result.film.width, result.film.height) == (96, 64)


@needs_ffmpeg
def test_odd_sizes_become_even_and_large_ones_smaller(tmp_path: Path) -> None:
    result = made(tmp_path, moving.film(".mkv", "-c:v", "mpeg4", size="2001x101", rate=2))

    assert (result.film.width, result.film.height) == (1920, 96)


@needs_ffmpeg
def test_a_phone_held_upright_is_shown_upright(tmp_path: Path) -> None:
    result = made(tmp_path, moving.turned())

    assert (result.film.width, result.film.height) == (64, 96)
    assert result.still is not None
    assert (result.still.thumb_width, result.still.thumb_height) == (64, 96)


@needs_ffmpeg
@pytest.mark.parametrize("data", [".gif", ".mp4"])
def test_what_moves_without_sound_is_gifv(tmp_path: Path, data: str) -> None:
    codecs = () if data == ".mp4" else ("-loop", "0")

    result = made(tmp_path, moving.film(data, *codecs, sound=False))

    assert (result.film.kind, result.film.audio_codec) == (FilmKind.GIFV, "")
    assert result.film.video_codec == "h264"


@needs_ffmpeg
@pytest.mark.parametrize(
    ("suffix", "mime"),
    [
        (".mp3", "audio/mpeg"),
        (".m4a", "audio/mp4"),
        (".ogg", "audio/mp4"),
        (".flac", "audio/mp4"),
        (".wav", "audio/mp4"),
    ],
)
def test_sound_becomes_mp3_or_aac(tmp_path: Path, suffix: str, mime: str) -> None:
    result = made(tmp_path, moving.tone(suffix))

    assert (result.mime, result.film.kind, result.still) == (mime, FilmKind.AUDIO, None)
    assert result.film.duration_seconds == pytest.approx(1, abs=0.1)
    assert b"Secret" not in result.file.read_bytes()


@needs_ffmpeg
def test_the_picture_on_a_record_is_its_thumbnail(tmp_path: Path) -> None:
    result = made(tmp_path, moving.tone_with_cover())

    assert result.film.kind is FilmKind.AUDIO
    assert result.still is not None
    assert (result.still.thumb_width, result.still.thumb_height) == (60, 60)


@needs_ffmpeg
@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ({"max_bytes": 1000}, "too large"),
        ({"max_pixels": 96 * 63}, "too large: 96 × 64 pixels"),
        ({"max_frames_per_second": 9}, "too many frames a second: 10"),
        ({"max_seconds": 0}, "too long"),
    ],
)
def test_what_is_beyond_a_limit_is_refused(tmp_path: Path, limits: dict[str, int], says: str) -> None:
    assert says in refusal(tmp_path, moving.film(), **limits)


@needs_ffmpeg
def test_many_tracks_are_refused(tmp_path: Path) -> None:
    many = moving.film(".mkv", *["-map", "0", *["-map", "1"] * 17])

    assert "too many tracks" in refusal(tmp_path, many)


@needs_ffmpeg
def test_what_is_damaged_is_refused_sooner_or_later(tmp_path: Path) -> None:
    whole = moving.film(".webm", *VP8)

    assert "cannot be read" in refusal(tmp_path, whole[:200])
    with pytest.raises(Invalid):
        made(tmp_path, moving.film()[:-2000])


@needs_ffmpeg
@pytest.mark.parametrize(
    "data",
    [
        b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"",
        b"not a film",
    ],
)
def test_a_list_of_other_files_is_no_film(tmp_path: Path, data: bytes) -> None:
    assert "cannot be read" in refusal(tmp_path, data)


@needs_ffmpeg
def test_a_playlist_behind_the_first_bytes_of_another_kind_is_read_as_that_kind(tmp_path: Path) -> None:
    secret = tmp_path / "secret.mp3"
    secret.write_bytes(moving.tone())
    playlist = f"ID3\n#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{secret}\n#EXT-X-ENDLIST\n".encode()

    assert "cannot be read" in refusal(tmp_path, playlist)


class _Canaries:
    """An address that counts who connects, and a file that shows what was read of it: a pipe."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "secret.mp3"
        os.mkfifo(self.file)
        self._pipe = os.open(self.file, os.O_RDWR)
        self._written = os.write(self._pipe, moving.tone())
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.setblocking(False)
        self.places = (f"http://127.0.0.1:{self._server.getsockname()[1]}/secret.mp3", f"file://{self.file}")

    def sung(self) -> bool:
        """Whether somebody has connected since it was asked last, or has read."""
        left = int.from_bytes(fcntl.ioctl(self._pipe, termios.FIONREAD, bytes(4)), sys.byteorder)
        try:
            self._server.accept()[0].close()
        except BlockingIOError:
            return left < self._written
        return True

    def close(self) -> None:
        self._server.close()
        os.close(self._pipe)


@pytest.fixture
def canaries(tmp_path: Path) -> Iterator[_Canaries]:
    made = _Canaries(tmp_path)
    yield made
    made.close()


# As films begin of whose rest ffmpeg forgives the most.
_HEADS = (b"", b"ID3\n", b"fLaC\n", b"\0\0\0\x18ftypisom\n")
_LISTS = {
    "hls": ("#EXTM3U\n#EXT-X-TARGETDURATION:1\n", "#EXTINF:1,\n{}\n"),
    "concat": ("ffconcat version 1.0\n", "file {}\n"),
}


@needs_ffmpeg
@pytest.mark.parametrize("form", _LISTS)
def test_a_film_that_names_other_places_has_ffmpeg_look_at_none(
    tmp_path: Path, canaries: _Canaries, form: str
) -> None:
    source, (head, line) = tmp_path / "source", _LISTS[form]
    for number, disguise in enumerate(_HEADS):
        source.write_bytes(disguise + (head + "".join(map(line.format, canaries.places))).encode())
        folder = tmp_path / f"{number}"
        folder.mkdir()
        with pytest.raises(Invalid):
            transcode.make(source, examine(source, LIMITS).kind, folder, LIMITS)
    assert not canaries.sung()

    # Whoever takes a list for what it is, and lets it, is led to each.
    unsafe = ["-safe", "0"] if form == "concat" else []
    for place in canaries.places:
        source.write_text(head + line.format(place))
        options = ["-v", "error", *unsafe, "-protocol_whitelist", "file,http,tcp", "-f", form, "-i", f"file:{source}"]
        led = subprocess.Popen(["ffprobe", *options], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _until(canaries.sung)
        led.kill()
        led.wait()


@needs_ffmpeg
def test_of_what_ffmpeg_would_read_by_itself_it_may_read_the_file_alone(tmp_path: Path) -> None:
    """Were a list ever taken for one: nothing within it, nothing elsewhere."""
    source = tmp_path / "source"
    sound = base64.b64encode(moving.tone()).decode()
    source.write_text(f"ffconcat version 1.0\nfile data:audio/mpeg;base64,{sound}\n")
    arguments = ["-v", "error", "-safe", "0", *reading(source, "concat")]

    with pytest.raises(Failed):
        programs.run("ffprobe", arguments, seconds=60)

    limit = arguments.index("-protocol_whitelist")
    programs.run("ffprobe", [*arguments[:limit], *arguments[limit + 2 :]], seconds=60)


@pytest.mark.parametrize(
    ("head", "demuxer"),
    [
        (b"\0\0\0\x18ftypisom", "mov"),
        (b"\x1a\x45\xdf\xa3", "matroska"),
        (b"ID3\x04", "mp3"),
        (b"\xff\xfb\x90", "mp3"),
        (b"\xff\xf1\x50", "aac"),
        (b"RIFF\0\0\0\0WAVE", "wav"),
        (b"RIFF\0\0\0\0AVI ", None),
        (b"GIF89a", "gif"),
        (pictures.picture(".png"), None),
        (b"\0\0\0\x18ftypavif", None),
        (b"\xff", None),
        (b"", None),
    ],
)
def test_the_kind_of_file_is_told_by_its_first_bytes(head: bytes, demuxer: str | None) -> None:
    assert demuxer_of(head) == demuxer


def test_without_ffmpeg_people_are_told_who_can_change_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert not programs.available()
    assert refusal(tmp_path, b"ID3\x04 and more") == programs.MISSING


@needs_ffmpeg
def test_a_program_that_goes_beyond_its_limits_is_ended(tmp_path: Path) -> None:
    endless = ["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=60"]

    with pytest.raises(Failed):
        programs.run("ffmpeg", [*endless, "-f", "null", "-"], seconds=1)
    with pytest.raises(Failed):
        programs.run(
            "ffmpeg", [*endless, "-c:v", "rawvideo", "-f", "rawvideo", f"{tmp_path}/x"], seconds=60, file_bytes=1000
        )
    with pytest.raises(Failed):  # what it prints has an end as well
        programs.run("ffmpeg", [*endless, "-c:v", "rawvideo", "-f", "rawvideo", "-"], seconds=60)
    assert (tmp_path / "x").stat().st_size <= 1000


@needs_ffmpeg
def test_what_runs_ends_with_the_node() -> None:
    endless = ["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=96x64", "-f", "null", "-"]
    ended: list[Exception] = []

    def work() -> None:
        try:
            programs.run("ffmpeg", endless, seconds=60)
        except Unavailable as error:
            ended.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        _until(lambda: bool(programs._running))
        programs.stop()
        thread.join(20)
    finally:
        programs.start()

    assert ended
    assert not programs._running


@needs_ffmpeg
@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux, which ends children with their parent")
def test_a_node_that_is_killed_leaves_no_work_behind() -> None:
    endless = ["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=96x64", "-f", "null", "-"]
    code = f"from node.media import programs; programs.run('ffmpeg', {endless!r}, seconds=300)"
    node = subprocess.Popen([sys.executable, "-c", code])
    children = Path(f"/proc/{node.pid}/task/{node.pid}/children")
    try:
        _until(lambda: any(_name_of(pid) == "ffmpeg" for pid in children.read_text().split()))
        (program,) = children.read_text().split()
    finally:
        node.kill()
        node.wait()

    _until(lambda: _name_of(program) != "ffmpeg")


def _name_of(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)
