"""The network is blocked wherever a test or a lesson runs; otherwise "nothing is fetched" would
prove nothing.
"""

import socket
import subprocess
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import nbformat
import pytest
from nbclient import NotebookClient

REFUSED = "the tests run offline"
FETCH = "import urllib.request; urllib.request.urlopen('http://example.org', timeout=5)"


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "example.org"])
def test_this_process_cannot_leave(address):
    with pytest.raises(RuntimeError, match=REFUSED):
        socket.create_connection((address, 80), timeout=5)


def test_datagrams_cannot_leave():
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one,
        pytest.raises(RuntimeError, match=REFUSED),
    ):
        one.sendto(b"question", ("192.0.2.1", 53))


def test_a_child_process_cannot_leave():
    child = subprocess.run([sys.executable, "-c", FETCH], capture_output=True, text=True)
    assert child.returncode != 0
    assert REFUSED in child.stderr


def test_a_kernel_cannot_leave():
    source = f"try:\n    {FETCH}\nexcept RuntimeError as error:\n    print(error)"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    assert REFUSED in notebook.cells[0].outputs[0].text


def test_this_computer_itself_stays_reachable():  # kernels talk to pytest through it
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.handle_request).start()
        with urllib.request.urlopen(
            f"http://127.0.0.1:{server.server_port}/", timeout=10
        ) as response:
            assert response.status == 204


def test_lessons_run_in_the_fast_mode():
    code = "from genimg_lib import lesson; print(lesson.is_fast(), lesson.scaled(1000, 10))"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert child.stdout.split() == ["True", "10"]
