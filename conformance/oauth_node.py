"""OAuth2 and OpenID Connect, driven by npm's openid-client (`oauth/client.mjs`), as `oauth/package-lock.json` names it."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

from checks import URL
from oauth_ground import PASSWORD, SCHOOL, make_person, register

HERE = pathlib.Path(__file__).resolve().parent
FOLDER = HERE.parent / "target" / "conformance" / "oauth"


def install():
    """Copies the client to where its packages are, and installs these where the lock file changed."""
    lock = HERE / "oauth" / "package-lock.json"
    stamp = FOLDER / "installed"
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", "client.mjs"):
        shutil.copy(HERE / "oauth" / name, FOLDER / name)
    if not stamp.exists() or stamp.read_text() != lock.read_text():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error"], cwd=FOLDER,
                       check=True, stdout=sys.stderr)
        stamp.write_text(lock.read_text())


install()
make_person("clara")
apps = {"confidential": register("openid-client"), "public": register("openid-client, public", type="public"),
        "script": register("openid-client, script", role="accountAdmin", scopes=["edu.admin.users"])}
sys.stdout.flush()
command = ["node", "client.mjs", URL, SCHOOL, "clara", PASSWORD]
sys.exit(subprocess.run(command, cwd=FOLDER, env={**os.environ, "HOMEROOM_APPS": json.dumps(apps)}).returncode)
