import subprocess
import sys

import pytest

from node.text.language import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Heute ist ein schöner Tag, und die Vögel singen im Garten.", "de"),
        ("The birds are singing in the garden this morning.", "en"),
        ("Les oiseaux chantent dans le jardin ce matin.", "fr"),
        ("今朝、庭で鳥たちが歌っています。とても気持ちがいいです。", "ja"),
        (
            "@alice@example.com https://example.com/a-long-english-address Die Vögel singen heute im Garten #birds",
            "de",
        ),
    ],
)
def test_the_language_of_a_sentence_is_recognised(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    "text", ["", "Hi!", "12345 67890 12345 67890", "https://example.com/this/is/not/a/language", "\ud800"]
)
def test_what_is_too_short_to_tell_has_no_language(text: str) -> None:
    assert detect(text) is None


def test_the_model_is_not_loaded_at_the_start() -> None:
    script = "import sys, node.text.language; print('fasttext' in sys.modules)"

    output = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert output.strip() == "False"
