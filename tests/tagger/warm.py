"""The tagger without its imports: a server has imported them, and each tagger is a fork of it.

Importing scikit-learn takes 2.5 s of a processor, and to learn from 36 texts a fifth of that. Pipes, signals and exit
codes are those of a program of its own, which `warm_client.py` is in its place.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CLIENT = Path(__file__).with_name("warm_client.py")
_READY = b"ready\n"


@contextmanager
def warm_tagger_command(folder: Path) -> Iterator[tuple[str, ...]]:
    """Starts the server. The command takes the arguments of `python -m holdline.tagger`."""
    address = folder / "tagger.sock"
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.tagger.warm", str(address)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with server:
        assert server.stdin is not None and server.stdout is not None
        assert server.stdout.readline() == _READY
        yield (sys.executable, "-I", "-S", str(CLIENT), str(address))
        server.stdin.close()  # it ends with its input


def serve(address: str) -> None:
    import sklearn.feature_extraction.text  # noqa: PLC0415
    import sklearn.linear_model  # noqa: F401, PLC0415 - what each would import, with the next line

    from holdline.tagger import evaluation, model_file, training  # noqa: F401, PLC0415

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        os.write(1, _READY)
        threading.Thread(target=_end_with_the_input, daemon=True).start()
        while True:
            connection, _ = listener.accept()
            with connection:
                sent, descriptors, _, _ = socket.recv_fds(connection, 1 << 16, 3)
                if os.fork() == 0:
                    _be_the_tagger(connection, json.loads(sent), descriptors)
                for descriptor in descriptors:
                    os.close(descriptor)


def _be_the_tagger(connection: socket.socket, arguments: list[str], descriptors: list[int]) -> None:
    """In the fork: what the program does, with the standard files of the client."""
    from holdline.tagger.__main__ import main  # noqa: PLC0415

    for standard, descriptor in enumerate(descriptors):
        os.dup2(descriptor, standard)
        os.close(descriptor)
    threading.Thread(target=_end_with_the_client, args=(connection,), daemon=True).start()
    code = 1
    try:
        code = main(arguments)
        sys.stdout.flush()
    finally:
        connection.sendall(bytes([code]))
        os._exit(code)


def _end_with_the_input() -> None:
    os.read(0, 1)
    os._exit(0)


def _end_with_the_client(connection: socket.socket) -> None:
    """A client that is killed takes its fork with it."""
    connection.recv(1)
    os._exit(1)


if __name__ == "__main__":
    serve(sys.argv[1])
