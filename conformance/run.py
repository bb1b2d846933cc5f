"""Runs the conformance suite against a real server: official SDKs, a provisioning run, client libraries for OAuth2,
schemathesis, the contract.

    python3 conformance/run.py --homeroom target/release/homeroom --contract flat-api-v2.24.0.json

Makes the virtual environments that the parts need (`target/conformance/`, only where the requirements changed),
then for each part a fresh database with one organization and a server on a free port. Prints a line for each
check, and at last `N passed, N failed`.
"""

import argparse
import contextlib
import hashlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv

HERE = pathlib.Path(__file__).resolve().parent
ENVIRONMENTS = HERE.parent / "target" / "conformance"
PARTS = {  # name: (script, requirements)
    "contract": ("contract.py", "requirements.txt"),
    "sdk-current": ("sdk_current.py", "requirements.txt"),
    "sdk-old": ("sdk_old.py", "requirements-old.txt"),
    "sdk-ruby": ("sdk_ruby_requests.py", "requirements.txt"),
    "class-tour": ("class_tour.py", "requirements.txt"),
    "provisioning": ("provisioning.py", "requirements.txt"),
    "oauth-authlib": ("oauth_authlib.py", "requirements-oauth.txt"),
    "oauth-node": ("oauth_node.py", "requirements-oauth.txt"),
    "schema": ("schema.py", "requirements.txt"),
}


def environment_for(requirements):
    """The Python of a virtual environment that has what the file names; made anew where the file changed."""
    wanted = HERE / requirements
    folder = ENVIRONMENTS / wanted.stem
    python, stamp = folder / "bin" / "python", folder / "installed"
    state = hashlib.sha256(wanted.read_bytes() + sys.version.encode()).hexdigest()
    if not stamp.exists() or stamp.read_text() != state:
        packages = wanted.read_text().partition("\n\n")[0].splitlines()
        named = ", ".join(line for line in packages if "==" in line)
        print(f"installing into {folder}: {named}, and what these bring along", flush=True)
        venv.create(folder, clear=True, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", wanted],
                       check=True)
        stamp.write_text(state)
    return python


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_organization(homeroom, database):
    """One organization with its administrator, as the command line prints it."""
    command = [homeroom, "organizations", "create", "--database", database, "--name", "Conformance School",
               "--admin-username", "principal", "--admin-email", "principal@school.example", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise RuntimeError(f"`organizations create` ended with {done.returncode}: {done.stderr.strip()}")
    made = json.loads(done.stdout)
    shape = {key: sorted(value) if isinstance(value, dict) else None for key, value in made.items()}
    if shape != {"organization": ["id"], "user": ["id"], "token": None, "signinLink": None}:
        raise RuntimeError(f"`organizations create --json` printed other fields: {sorted(made)}")
    return made


@contextlib.contextmanager
def server(homeroom, folder):
    """A server on a fresh database; gives the environment of a part."""
    database, url = f"sqlite://{folder}/homeroom.db", f"http://127.0.0.1:{free_port()}"
    made = make_organization(homeroom, database)
    log_path = folder / "server.log"
    with log_path.open("w") as log:
        process = subprocess.Popen(
            [homeroom, "serve", "--database", database, "--listen", url.removeprefix("http://"),
             "--public-url", url, "--rate-limit-user", "0", "--rate-limit-address", "0"],
            stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_until_ready(url, process, log_path)
        yield {"HOMEROOM_URL": url, "HOMEROOM_TOKEN": made["token"], "HOMEROOM_ADMIN_ID": made["user"]["id"],
               "HOMEROOM_BIN": str(homeroom), "HOMEROOM_DATABASE": database}
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}: {tail(log_path)}")
    finally:
        stop(process)


def wait_until_ready(url, process, log_path):
    """Waits for `/readyz`, at most 30 seconds."""
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}: {tail(log_path)}")
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            with urllib.request.urlopen(f"{url}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        time.sleep(0.1)
    raise RuntimeError(f"the server was not ready after 30 seconds: {tail(log_path)}")


def stop(process):
    """Asks the server to end, and ends it where it does not within ten seconds."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def tail(path):
    return "\n".join(path.read_text(errors="replace").splitlines()[-10:])


def run_part(name, homeroom, arguments):
    """Runs one part on a server of its own; gives how many checks passed and failed."""
    script, requirements = PARTS[name]
    python = environment_for(requirements)
    print(f"\n== {name}", flush=True)
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="homeroom-") as folder, \
            server(homeroom, pathlib.Path(folder)) as variables:
        part = subprocess.Popen([python, HERE / script, *arguments], text=True, stdout=subprocess.PIPE,
                                env={**os.environ, **variables, "PYTHONDONTWRITEBYTECODE": "1",
                                     "PYTHONUNBUFFERED": "1"})
        try:
            for line in part.stdout:
                print(line, end="", flush=True)
                passed += line.startswith("ok ")
                failed += line.startswith("FAIL ")
            code = part.wait()
        finally:
            stop(part)
    if code != 0 and not failed:
        print(f"FAIL {name} ran to its end: it ended with {code}")
        failed += 1
    if code == 0 and not passed:
        print(f"FAIL {name} checked something: no check ran")
        failed += 1
    return passed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--homeroom", required=True, type=pathlib.Path, help="the program to test")
    parser.add_argument("--contract", type=pathlib.Path,
                        help="the contract, OpenAPI 3.0 in JSON; without it that part is left out")
    parser.add_argument("--people", type=int, default=500, help="accounts of the provisioning run (default: 500)")
    parser.add_argument("--seconds", type=int, default=90, help="length of the schemathesis run (default: 90)")
    parser.add_argument("--only", choices=PARTS, action="append", help="only this part; can be repeated")
    options = parser.parse_args()
    if options.contract is None and "contract" in (options.only or []):
        parser.error("the part `contract` needs --contract")
    contract = ["--contract", str(options.contract.resolve())] if options.contract else None
    arguments = {"contract": contract, "provisioning": ["--people", str(options.people)],
                 "schema": ["--seconds", str(options.seconds)]}
    homeroom = options.homeroom.resolve()
    if not homeroom.is_file():
        parser.error(f"no program {homeroom}: build it with `cargo build --release`")
    passed = failed = 0
    for name in options.only or [part for part in PARTS if part != "contract" or contract]:
        try:
            good, bad = run_part(name, homeroom, arguments.get(name, []))
        except (RuntimeError, OSError, ValueError, subprocess.SubprocessError) as error:
            print(f"FAIL {name} could be run: {error}", flush=True)
            good, bad = 0, 1
        passed, failed = passed + good, failed + bad
    print(f"\n{passed} passed, {failed} failed", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
