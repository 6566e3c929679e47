"""Stands for a tagger that `warm.py` has forked: gives it its standard files, and ends as it ends."""

import json
import socket
import sys

with socket.socket(socket.AF_UNIX) as connection:
    connection.connect(sys.argv[1])
    socket.send_fds(connection, [json.dumps(sys.argv[2:]).encode()], [0, 1, 2])
    with connection.makefile("rb") as told:
        code = told.read()  # to the end of the fork: by then its standard files are closed
sys.exit(code[0] if code else 1)
