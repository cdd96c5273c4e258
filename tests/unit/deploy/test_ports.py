"""Ports are free, distinct, and kept while they stay free."""

import socket

from deploy.local.ports import answers, choose, is_free


def test_every_name_gets_a_port_of_its_own() -> None:
    chosen = choose(["a", "b", "c"], {})

    assert len(set(chosen.values())) == 3
    assert all(is_free(port) for port in chosen.values())


def test_a_port_is_kept_while_it_is_free() -> None:
    first = choose(["a", "b"], {})

    assert choose(["a", "b"], first) == first


def test_a_taken_port_is_replaced() -> None:
    first = choose(["a"], {})
    with socket.socket() as other:
        other.bind(("127.0.0.1", first["a"]))
        other.listen()

        assert answers(first["a"])
        assert choose(["a"], first)["a"] != first["a"]
