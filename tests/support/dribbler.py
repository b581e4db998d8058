"""A server that never comes to an end."""

import socket
import threading

HANDSHAKE = (b"\x16\x03\x03\x40\x00", b"\x02")  # the head of a TLS record of 16 KiB


class Dribbler:
    """A server that sends what it is given, and then one byte after the other until nobody listens."""

    def __init__(self, first, byte):
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._first, self._byte = first, byte
        self._over = threading.Event()
        self.heard = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/"

    def _serve(self):
        connection, _ = self._listening.accept()
        with connection:
            connection.recv(65536)
            self.heard.set()
            try:
                connection.sendall(self._first)
                while not self._over.wait(0.01):
                    connection.sendall(self._byte)
            except OSError:
                return

    def close(self):
        self._over.set()
        self._listening.close()
        self._thread.join()
