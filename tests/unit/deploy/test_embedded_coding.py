"""The fast packing of the embedded database against the binding's own, byte by byte."""

import pytest
import wiredtiger
from hypothesis import given
from hypothesis import strategies as st

from deploy.local.embedded.coding import packer, unpacker

pack, unpack = packer(wiredtiger.pack), unpacker(wiredtiger.unpack)

_VALUES = {
    "S": st.text(max_size=12),  # with NULs among them, which end a text
    "q": st.integers(-(2**63), 2**63 - 1) | st.integers(-20_000, 20_000),
    "u": st.binary(max_size=40),
}
_FORMATS = ("S", "SS", "SSS", "SSq", "SSu", "SSSu", "q", "u", "SqS", "SSSS", "uS", "Q")


@st.composite
def _packed(draw):
    fmt = draw(st.sampled_from(_FORMATS))
    values = tuple(draw(_VALUES.get(one, st.integers(0, 2**63))) for one in fmt)
    return fmt, values


@given(_packed())
def test_packs_as_the_binding_does(case):
    fmt, values = case

    assert pack(fmt, *values) == wiredtiger.pack(fmt, *values)


@given(_packed())
def test_unpacks_as_the_binding_does(case):
    fmt, values = case
    packed = wiredtiger.pack(fmt, *values)

    assert unpack(fmt, packed) == wiredtiger.unpack(fmt, packed)


@pytest.mark.parametrize("number", [-1, 0, 63, 64, 8_255, 8_256, 8_257, 8_511, 8_512, 2**63 - 1])
def test_numbers_come_back_at_every_border(number):
    packed = pack("SSq", "db", "days", number)

    assert packed == wiredtiger.pack("SSq", "db", "days", number)
    assert unpack("SSq", packed) == ["db", "days", number]


@pytest.mark.parametrize(
    ("fmt", "values"),
    [("SSu", ("db", "days", "text")), ("SSq", ("db", "days", True)), ("u", ("text",))],
)
def test_what_is_unusual_is_packed_all_the_same(fmt, values):
    assert pack(fmt, *values) == wiredtiger.pack(fmt, *values)


@pytest.mark.parametrize(
    ("fmt", "values"),
    [("SSS", ("db", "days")), ("SSq", ("db", "days", "1")), ("SS", (b"db", "days"))],
)
def test_what_the_binding_refuses_is_refused(fmt, values):
    with pytest.raises((IndexError, TypeError)):
        wiredtiger.pack(fmt, *values)

    with pytest.raises((IndexError, TypeError)):
        pack(fmt, *values)


@pytest.mark.parametrize("packed", [None, b"", b"no end"])
def test_a_value_without_an_end_is_read_as_the_binding_does(packed):
    assert unpack("u", packed) == wiredtiger.unpack("u", packed)
    if packed:
        assert unpack("SS", packed) == wiredtiger.unpack("SS", packed)
