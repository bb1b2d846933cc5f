"""schemathesis against the server's own document: bounded, with a fixed seed, with a token of the administrator's.

Every answer must be one that the document describes and none a server error; bodies that the document forbids
are refused; there is no answer without a token. The parameters of queries are only checked for server errors
and described answers: a server that ignores unknown ones and takes an empty value as an absent one accepts
much that a schema forbids.

This file is also what schemathesis loads (`SCHEMATHESIS_HOOKS`): see `spare_the_administrator`.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from checks import ADMIN_ID, NOBODY, TOKEN, URL, checking, equal, fail, finish, http, ok
from openapi import METHODS

SEED = 20260301
CHECKS = ("nothing_breaks", "status_code_conformance", "content_type_conformance",
          "response_headers_conformance", "response_schema_conformance", "unsupported_method", "ignored_auth",
          "use_after_free", "wrong_bodies_are_refused")


def hooks():
    """What schemathesis is told beyond its options."""
    import schemathesis
    from schemathesis.core.parameters import ParameterLocation

    @schemathesis.hook("before_call")
    def spare_the_administrator(context, case, kwargs):
        """Requests that would end the token of the run, by a change of its owner, go to nobody instead."""
        if case.method != "GET" and case.path_parameters and case.path_parameters.get("user") == ADMIN_ID:
            case.path_parameters["user"] = NOBODY

    @schemathesis.check
    def nothing_breaks(context, response, case):
        """No answer is a server error; 501 says that something is not there, which is none."""
        if response.status_code >= 500 and response.status_code != 501:
            raise AssertionError(f"the server failed with {response.status_code}: {response.text[:300]}")

    @schemathesis.check
    def wrong_bodies_are_refused(context, response, case):
        """A body that the document forbids is answered with a client error."""
        if case.meta and case.meta.is_negative_at(ParameterLocation.BODY) and response.status_code < 400:
            raise AssertionError(f"a body that the document forbids was answered with {response.status_code}: "
                                 f"{str(case.body)[:300]}")


def open_every_door():
    """A token of the administrator's that carries every scope: the first one has those of the organization."""
    scopes = sorted({scope for item in http("GET", "/openapi.json").json["paths"].values()
                     for operation in item.values() for alternative in operation.get("security", [])
                     for scope in alternative.get("OAuth2", [])})
    answer = http("POST", f"/organizations/users/{ADMIN_ID}/accessToken", body={"scopes": scopes})
    equal(answer.status, 200, answer.text[:200])
    return answer.json["token"]


def run(seconds, directory, token):
    """Runs schemathesis; gives its exit code and its report."""
    report = directory / "report.json"
    command = [str(pathlib.Path(sys.executable).parent / "st"), "run", f"{URL}/v2/openapi.json",
               "--url", URL, "--header", f"Authorization: Bearer {token}", "--checks", ",".join(CHECKS),
               "--max-time", str(seconds), "--seed", str(SEED), "--generation-database", "none",
               "--request-timeout", "20", "--workers", "1", "--continue-on-failure", "--no-color",
               "--report", "json", "--report-json-path", str(report)]
    here = str(pathlib.Path(__file__).parent)
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "schema", "PYTHONPATH": here, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, env=environment, cwd=directory, timeout=seconds + 180)
    return done.returncode, json.loads(report.read_text(encoding="utf-8")) if report.exists() else None


def judge(code, report):
    """A line for each operation that kept to the document, and for each finding."""
    if report is None:
        fail("schemathesis ran to its end", f"it ended with {code} and without a report; see above")
        return
    found = set()
    for failure in report["failures"]:
        for operation in failure["operations"]:
            found.add(operation)
            fail(f"{operation} keeps to the document", f"{failure['title']} ({failure['code']}); see above")
    for error in report["errors"]:
        fail("schemathesis ran without errors of its own", f"{error['title']}; see above")
    counted = report["operations"]
    with checking(f"all {counted['total']} operations of the document were tried"):
        equal(counted["tested"], counted["total"], "operations tried")
        assert counted["total"] >= 14, "the document has fewer operations than the contract asks for"
    for operation in sorted(document_operations() - found):
        ok(f"{operation} keeps to the document")
    print(f"{report['test_cases']['generated']} requests in {report['running_time']:.0f} s", flush=True)


def document_operations():
    paths = http("GET", "/openapi.json").json["paths"]
    return {f"{method.upper()} {path}" for path, item in paths.items() for method in item if method in METHODS}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=90, help="how long to go on (default: 90)")
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as directory:
        judge(*run(seconds, pathlib.Path(directory), open_every_door()))
    with checking("the token of the administrator still works afterwards"):
        equal(http("GET", "/me").status, 200, "status")
    finish()


if __name__ == "__main__":
    main()
elif "SCHEMATHESIS_HOOKS" in os.environ:
    hooks()
