"""What the parts share: checks that print `ok NAME` or `FAIL NAME: why`, and a few plain HTTP calls.

A part decorates functions with `@check`; the name of a function is a sentence of behaviour. `main()` runs
them in order and exits with 1 if one failed. The server to talk to comes from the environment, which
`run.py` sets.
"""

import contextlib
import http.client as http_client
import json
import os
import subprocess
import sys
import traceback
import urllib.parse

URL = os.environ.get("HOMEROOM_URL", "http://127.0.0.1:8080").rstrip("/")
TOKEN = os.environ.get("HOMEROOM_TOKEN", "")
ADMIN_ID = os.environ.get("HOMEROOM_ADMIN_ID", "")
BASE = URL + "/v2"
NOBODY = "0" * 24

_checks = []
_failed = []


def check(function):
    """Registers a check; it passes if it returns."""
    _checks.append(function)
    return function


def main():
    """Runs the registered checks and exits."""
    for function in _checks:
        with checking(function.__name__.replace("_", " ")):
            function()
    finish()


@contextlib.contextmanager
def checking(name):
    """One check: what is raised inside is its failure."""
    try:
        yield
    except Exception as error:  # whatever an SDK raises is a finding
        fail(name, reason(error))
    else:
        ok(name)


def ok(name):
    print(f"ok {name}", flush=True)


def fail(name, why):
    _failed.append(name)
    lines = str(why).strip().splitlines() or ["no reason given"]
    print(f"FAIL {name}: {lines[0]}", flush=True)
    for line in lines[1:]:
        print(f"    {line}", flush=True)


def finish():
    """Exits with 1 if a check failed."""
    sys.exit(1 if _failed else 0)


def reason(error):
    """The error in a few lines, with the line of the part that met it."""
    own = [frame for frame in traceback.extract_tb(error.__traceback__)
           if os.path.dirname(frame.filename) == os.path.dirname(os.path.abspath(__file__))
           and not frame.filename.endswith("checks.py")]
    place = f" ({os.path.basename(own[-1].filename)}:{own[-1].lineno})" if own else ""
    text = f"{error}"[:1500]
    if not isinstance(error, AssertionError):
        text = f"{type(error).__name__}: {text}"
        body = getattr(error, "body", None)
        text += f"\n{str(body)[:500]}" if body else ""
    head, _, rest = text.partition("\n")
    return f"{head}{place}\n{rest}"


def equal(actual, expected, what="value"):
    """Fails with both values where they differ."""
    if actual != expected:
        raise AssertionError(f"{what}: expected {expected!r}, got {actual!r}")


def within(actual, least, most, what="value"):
    """Fails where `actual` is outside `least` to `most`."""
    if not least <= actual <= most:
        raise AssertionError(f"{what}: expected {least!r} to {most!r}, got {actual!r}")


def same_elements(actual, expected, what="elements"):
    """Fails where the two hold different elements, whatever the order."""
    equal(sorted(actual), sorted(expected), what)


class Response:
    """What a plain request was answered: status, headers (names in lower case), text."""

    def __init__(self, status, headers, text):
        self.status, self.text = status, text
        self.headers = {name.lower(): value for name, value in headers.items()}

    @property
    def json(self):
        return json.loads(self.text)


def http(method, path, body=None, headers=None, token=TOKEN):
    """One request as it is written here: `path` is sent verbatim, and no `User-Agent` of our own."""
    headers = {**({"Authorization": f"Bearer {token}"} if token else {}), **(headers or {})}
    if body is not None:
        headers.setdefault("Content-Type", "application/json")
    address = urllib.parse.urlsplit(BASE)
    connection = http_client.HTTPConnection(address.hostname, address.port, timeout=60)
    try:
        connection.request(method, address.path + path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        return Response(answer.status, answer.headers, answer.read().decode())
    finally:
        connection.close()


def new_organization(name):
    """Makes another organization on the server's machine: its id, its administrator's id and a token."""
    command = [os.environ["HOMEROOM_BIN"], "organizations", "create",
               "--database", os.environ["HOMEROOM_DATABASE"], "--name", name,
               "--admin-username", "principal", "--admin-email", "principal@school.example", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise RuntimeError(f"`{' '.join(command)}` ended with {done.returncode}: {done.stderr.strip()}")
    made = json.loads(done.stdout)
    return made["organization"]["id"], made["user"]["id"], made["token"]
