"""A short search of each reader in every run, from the same samples as `make fuzz`."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.readers import READERS
from tests.fuzz.samples import samples, words


@st.composite
def spoiled(draw: st.DrawFn, reader: str) -> bytes:
    """A sample, or nothing, with parts taken out, words put in, or others' bytes between."""
    data = draw(st.sampled_from([b"", *samples(reader)]))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 40)))
        data = data[:start] + draw(st.sampled_from([b"", *words(reader)]) | st.binary(max_size=12)) + data[end:]
    return data


@pytest.mark.parametrize("reader", READERS)
def test_samples_are_understood(reader: str) -> None:
    for sample in samples(reader):
        READERS[reader](sample)


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_anything_is_read_or_refused(reader: str, data: st.DataObject) -> None:
    READERS[reader](data.draw(spoiled(reader)))
