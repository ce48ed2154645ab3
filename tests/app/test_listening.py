"""Answers leave the server at once: connections do not wait for larger packets."""

import socket

from app import listening


def waits_for_larger_packets(connection: socket.socket) -> bool:
    return not connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_connection_accepted_by_a_listening_socket_of_this_process_sends_at_once():
    with socket.socket(socket.AF_INET) as listener:  # as Streamlit makes it: asyncio then leaves the wait on
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        assert listening.send_at_once() >= 1
        with socket.create_connection(listener.getsockname()) as browser:
            accepted, _ = listener.accept()
            with accepted:
                assert not waits_for_larger_packets(accepted)
            assert waits_for_larger_packets(browser)  # nobody else's sockets are touched
