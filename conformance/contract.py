"""Compares the server's document with the contract, for every operation that both have.

Everything in the contract must be in ours: operations, parameters, fields, words of enums, limits, defaults,
scopes; requests no narrower and no more required, answers with all that is required and of equal types. What
ours adds or widens stands in `WIDENED`, operations of our own in `OURS`, what it does not have in `LEFT_OUT`, each
with its reason; anything else fails, and so does an entry that is no longer needed.
"""

import argparse
import copy
import json
import pathlib
import sys

from checks import checking, equal, finish, http, ok
from openapi import LIMITS_ABOVE, LIMITS_BELOW, Document

NULL_ABSENT = "scripts write null for what they do not have; it is taken as absent"
NULL_CLEARS = "null clears the field; the contract has no way to do that"

WIDENED = {
    "countOrgaUsers query.licenseExpirationDate: added": "the count takes every filter of the list",
    "listOrganizationUsers query.sort: a list": "several keys, as the SDKs of API 2.20 send them",
    "listOrganizationInvitations query.role: enum adds accountAdmin": "they can be invited, so be asked for",
    "listOrganizationInvitations query.status: added": "expired and revoked invitations can be looked at",
    "UserCreation.email: null": NULL_ABSENT,
    "UserCreation.firstname: null": NULL_ABSENT,
    "UserCreation.lastname: null": NULL_ABSENT,
    "UserCreation.locale: null": NULL_ABSENT,
    "UserAdminUpdate.email: null": NULL_CLEARS,
    "UserAdminUpdate.firstname: null": NULL_CLEARS,
    "UserAdminUpdate.lastname: null": NULL_CLEARS,
    "OrganizationInvitationCreation.email: null": NULL_ABSENT,
    "OrganizationInvitationCreation.allowMultipleUse: added": "one link for many teachers; answers have the field",
    "UserSigninLinkCreation.destinationPath: null": NULL_ABSENT,
    "OrganizationInvitation.status: added": "whether the invitation is still open",
    "OrganizationInvitation.expirationDate: added": "when the invitation stops working",
    "UserDetails.email: added": "with `account.email`: the contract has the scope and not the field",
    "ClassCreation.section: null": NULL_ABSENT,
    "ClassUpdate.section: null": NULL_CLEARS,
    "ClassGradeLevel: null": NULL_CLEARS,
    "EduSkillsFocused: null": NULL_CLEARS,
    "ScoreSource: null": NULL_ABSENT,
    **{f"ScoreCreation.{name}: null": NULL_ABSENT
       for name in ("builderData", "collection", "data", "dataEncoding", "filename", "googleDriveFolder",
                    "supportsTasks", "title")},
    "ScoreRevisionCreation.dataEncoding: null": NULL_ABSENT,
    "ScoreRevisionCreation.description: null": NULL_ABSENT,
    "listClasses query.all: added": "administrators see the classes of others",
    "exportSubmissionsReviewsAsCsv default: application/json added": "a refusal is JSON, whatever was asked for",
    "exportSubmissionsReviewsAsExcel default: application/json added": "the same",
    "getScoreRevisionData path.format: no enum": "other words are told which formats are there",
    **{f"{operation} body: null": "nothing is read from it: it may be absent"
       for operation in ("addScoreToCollection", "deleteScoreFromCollection", "deleteScoreComment",
                         "removeScoreCollaborator")},
    **{f"{operation} query.{name}: added": "every list has pages"
       for operation in ("getGroupScores", "listClasses", "listGroups", "listGroupUsers")
       for name in ("limit", "next", "previous")},
    **{f"{schema}.{name}: added": "the answer is the assignment of the class"
       for schema in ("Assignment", "AssignmentCopyResponse")
       for name in ("assignedStudents", "assigneeMode", "classroom", "creationDate", "creator", "dueDate",
                    "scheduledDate", "state", "submissions")},
}

ELSEWHERE = "attachments made by other services, and previews of pages, are not fetched"
CLASSROOM = "classes and grades of other services come with LTI"
LIBRARY = "there is no resource library: 501"

LEFT_OUT = {
    "listGroups: scopes misses edu.admin.readonly": "no token of the contract can have it: it is not in its list",
    "exportSubmissionsReviewsAsCsv default: text/csv missing": "a refusal is JSON, whatever was asked for",
    "exportSubmissionsReviewsAsExcel default: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet missing":
        "the same",
    "createScore 202: missing": "a score is there when the answer comes: there are no tasks",
    "ScoreCreation.title: maxLength is 300 where the contract has None": "titles have an end, which is told",
    "ScoreCreation.builderData.layoutData: missing": "scores without a file are not made: 501",
    "ScoreCreation.builderData.scoreData: missing": "the same",
    "ScoreSource.googleDrive: missing": "files of other services are not fetched: 501",
    "AssignmentSubmissionHistory.attachment: missing": "the history tells states and grades",
    "AssignmentSubmissionHistory.comment: missing": "comments have their own list",
    "AssignmentSubmissionHistory.source: missing": CLASSROOM,
    "AssignmentCopyResponse.resource: missing": LIBRARY,
    "ClassAssignment.assignedGroups: missing": "assignments are given to students, one by one",
    "ClassAssignment.issue: missing": CLASSROOM,
    "ClassAssignment.mfc: missing": CLASSROOM,
    "ClassAssignment.canvas: missing": CLASSROOM,
    "ClassAssignmentUpdate.googleClassroom: missing": "it is ignored, as every field that is not known",
    "ClassAssignmentUpdate.microsoftGraph: missing": "the same",
    "MediaAttachment.dedicated: missing": LIBRARY,
    "MediaAttachment.track: missing": "there are no tracks: 501",
    "MediaAttachment.worksheet: missing": "there are no worksheets: 501",
    **{f"{schema}.{name}: missing": CLASSROOM for schema in ("AssignmentSubmission", "ClassAssignment")
       for name in ("googleClassroom", "lti", "microsoftGraph")},
    **{f"{schema}.{name}: missing": LIBRARY for schema in ("Assignment", "AssignmentCopyResponse", "ClassAssignment")
       for name in ("useDedicatedAttachments", "capabilities.canPublishInClassError")},
    **{f"MediaAttachment.{name}: missing": ELSEWHERE
       for name in ("authorName", "authorUrl", "description", "googleDriveFileId", "html", "htmlHeight", "htmlWidth",
                    "iconUrl", "mimeType", "thumbnailHeight", "thumbnailUrl", "thumbnailWidth")},
}

OURS = {
    ("GET", "/v2/organizations/users/{user}"): "one user, without searching the list",
    ("GET", "/v2/organizations/users/{user}/export"): "people may ask what is held about them",
    ("GET", "/v2/organizations/users/{user}/erasure"): "a removal goes on in the background, and ends with a receipt",
    ("GET", "/v2/organizations/users/{user}/accessTokens"): "an administrator sees who can act as a user",
    ("DELETE", "/v2/organizations/users/{user}/accessTokens/{token}"): "and ends it",
    ("DELETE", "/v2/organizations/users/{user}/secondFactor"): "for who has lost their phone",
    ("POST", "/v2/organizations/invitations/{invitation}/resend"): "the mail was lost, or the code became known",
    ("GET", "/v2/organizations/mails"): "what was sent, and what was not taken",
    ("GET", "/v2/organizations/apps"): "the contract has no way to register an app for OAuth2",
    ("POST", "/v2/organizations/apps"): "the same",
    ("GET", "/v2/organizations/apps/{app}"): "the same",
    ("PUT", "/v2/organizations/apps/{app}"): "the same",
    ("DELETE", "/v2/organizations/apps/{app}"): "the same",
    ("POST", "/v2/organizations/apps/{app}/secret"): "the same",
    ("GET", "/v2/organizations/licenses"): "the contract shows licences on users, and has no way to add one",
    ("POST", "/v2/organizations/licenses"): "the same",
    ("PUT", "/v2/organizations/licenses/{license}"): "the same",
    ("DELETE", "/v2/organizations/licenses/{license}"): "the same",
    ("PUT", "/v2/organizations/licenses/{license}/users/{user}"): "the same",
    ("DELETE", "/v2/organizations/licenses/{license}/users/{user}"): "the same",
    ("GET", "/v2/organizations/licenses/report"): "how many seats are left, and who has none",
    ("GET", "/v2/organizations/licenses/settings"): "whether people get a seat by themselves",
    ("PUT", "/v2/organizations/licenses/settings"): "the same",
    ("GET", "/v2/organizations/auditLog"): "who did what, for whom, when",
    ("PUT", "/v2/scores/{score}/revisions/upload"): "files that are too large for a field of JSON",
}

NEEDED = {
    "getAuthenticatedUser", "listOrganizationUsers", "countOrgaUsers", "createOrganizationUser",
    "updateOrganizationUser", "removeOrganizationUser", "createOrganizationUserSigninLink",
    "createOrganizationUserAccessToken", "listOrganizationInvitations", "createOrganizationInvitation",
    "removeOrganizationInvitation", "listLtiCredentials", "createLtiCredentials", "revokeLtiCredentials",
}


class Comparison:
    """Collects differences as lines `operation place: what`; `widened` may be listed, `broken` may not.

    What differs in a schema with a name is told once, as `Schema.field: what`, by the contract's name.
    """

    def __init__(self, contract, ours):
        self.contract, self.ours = Document(contract), Document(ours)
        self.widened, self.broken, self.left_out = set(), set(), set()
        self.open = []  # schemas of the contract that are being compared: some hold themselves

    def run(self):
        theirs, ours = self.contract.operations("/v2"), self.ours.operations()
        for key in theirs.keys() & ours.keys():
            if ours[key].get("tags") != ["Not implemented"]:  # those have their name, their scopes and a 501
                self.operation(theirs[key], ours[key])
        found = {theirs[key]["operationId"] for key in theirs.keys() & ours.keys()}
        self.broken |= {f"{name}: missing" for name in NEEDED - found}
        self.widened |= {f"{method} {path}: added" for method, path in ours.keys() - theirs.keys()}
        return self

    def operation(self, theirs, ours):
        name = theirs["operationId"]
        if ours.get("operationId") != name:
            self.broken.add(f"{name}: is called {ours.get('operationId')}")
        if bool(theirs.get("deprecated")) != bool(ours.get("deprecated")):
            self.broken.add(f"{name}: deprecated is {ours.get('deprecated', False)}")
        self.words(f"{name}: scopes", self.contract.scopes(theirs), self.ours.scopes(ours))
        for key, parameter in theirs["parameters"].items():
            self.parameter(f"{name} {key[1]}.{key[0]}", parameter, ours["parameters"].get(key))
        for key in ours["parameters"].keys() - theirs["parameters"].keys():
            self.added(f"{name} {key[1]}.{key[0]}", ours["parameters"][key].get("required"))
        self.body(f"{name} body", theirs.get("requestBody"), ours.get("requestBody"))
        for status, response in theirs["responses"].items():
            self.response(f"{name} {status}", response, self.answered(ours["responses"], status))

    @staticmethod
    def answered(responses, status):
        """The response of ours for a status; refusals that are not named are those of `default`."""
        return responses.get(status) or (responses.get("default") if status.startswith(("4", "5")) else None)

    def added(self, place, required):
        if required:
            self.broken.add(f"{place}: required and not in the contract")
        else:
            self.widened.add(f"{place}: added")

    def parameter(self, place, theirs, ours):
        if ours is None:
            self.broken.add(f"{place}: missing")
            return
        self.required(place, theirs.get("required", False), ours.get("required", False))
        left, right = self.contract.schema(theirs["schema"]), self.ours.schema(ours["schema"])
        if left["types"] == {"string"} and left["items"]:  # a slip of the contract: `sort` is a string with items
            left = self.contract.schema(left["items"])
            if right["types"] == {"string"} and right["items"]:
                right = self.ours.schema(right["items"])
        if "array" in right["types"]:
            for key, usual in (("style", "form"), ("explode", True)):
                if theirs.get(key, usual) != ours.get(key, usual):
                    self.broken.add(f"{place}: {key} is {ours.get(key, usual)}")
            if "array" not in left["types"]:
                self.widened.add(f"{place}: a list")
                right = self.ours.schema(right["items"])
        self.request(place, left, right)

    def required(self, place, theirs, ours):
        if ours and not theirs:
            self.broken.add(f"{place}: required")
        if theirs and not ours:
            self.widened.add(f"{place}: optional")

    def body(self, place, theirs, ours):
        theirs, ours = self.contract.follow(theirs), self.ours.follow(ours)
        if not theirs:
            if ours:
                self.added(place, ours.get("required"))
            return
        if not ours:
            self.broken.add(f"{place}: missing")
            return
        self.required(place, theirs.get("required", False), ours.get("required", False))
        for kind, content in theirs["content"].items():
            if kind in ours["content"]:
                self.inside(self.request, place, content["schema"], ours["content"][kind]["schema"])
            else:
                self.broken.add(f"{place}: {kind} missing")

    def request(self, place, theirs, ours):
        """What the contract lets a client send must be let in by ours."""
        if theirs["alternatives"] and not ours["alternatives"]:
            self.one_for_all(place, [self.contract.schema(option) for option in theirs["alternatives"]], ours)
            return
        if ours["alternatives"] and not theirs["alternatives"]:
            self.broken.add(f"{place}: has alternatives")
        if not theirs["types"] <= ours["types"] | ({"integer"} if "number" in ours["types"] else set()):
            self.broken.add(f"{place}: type is {sorted(ours['types'])}")
            return
        if ours["types"] - theirs["types"]:
            self.widened.add(f"{place}: type adds {', '.join(sorted(ours['types'] - theirs['types']))}")
        self.null(place, theirs, ours)
        self.enum(place, theirs, ours)
        self.limits(place, theirs["other"], ours["other"])
        if ours["closed"] and not theirs["closed"]:
            self.broken.add(f"{place}: refuses other fields")
        for name in sorted(theirs["properties"].keys() | ours["properties"].keys()):
            self.request_field(f"{place}.{name}", name, theirs, ours)
        if theirs["items"] is not None and ours["items"] is not None:
            self.inside(self.request, f"{place}[]", theirs["items"], ours["items"])

    def one_for_all(self, place, options, ours):
        """One object of ours takes what the contract lets stand in several."""
        for option in options:
            fields = {name: ours["properties"][name] for name in option["properties"] if name in ours["properties"]}
            required = option["required"] & ours["required"]
            self.request(place, {**option, "required": required}, {**ours, "properties": fields})
            for name in ours["required"] - option["properties"].keys():
                self.broken.add(f"{place}.{name}: required and not in every alternative")
        known = {name for option in options for name in option["properties"]}
        for name in ours["properties"].keys() - known:
            self.added(f"{place}.{name}", name in ours["required"])

    def request_field(self, place, name, theirs, ours):
        if name not in ours["properties"]:
            self.broken.add(f"{place}: missing")
        elif name not in theirs["properties"]:
            self.added(place, name in ours["required"])
        else:
            self.required(place, name in theirs["required"], name in ours["required"])
            self.inside(self.request, place, theirs["properties"][name], ours["properties"][name])

    def null(self, place, theirs, ours):
        if ours["null"] and not theirs["null"]:
            self.widened.add(f"{place}: null")
        if theirs["null"] and not ours["null"]:
            self.broken.add(f"{place}: refuses null")

    def enum(self, place, theirs, ours):
        if ours["enum"] is None:
            if theirs["enum"] is not None:
                self.widened.add(f"{place}: no enum")
        elif theirs["enum"] is None:
            self.broken.add(f"{place}: enum {sorted(ours['enum'])}")
        else:
            self.words(f"{place}: enum", theirs["enum"], ours["enum"])

    def words(self, place, theirs, ours):
        if theirs - ours:
            self.broken.add(f"{place} misses {', '.join(sorted(theirs - ours))}")
        if ours - theirs:
            self.widened.add(f"{place} adds {', '.join(sorted(ours - theirs))}")

    def limits(self, place, theirs, ours):
        for key in sorted(theirs.keys() | ours.keys()):
            left, right = theirs.get(key), ours.get(key)
            # a number of JSON is a double; a default that is told makes nothing narrower
            if left == right or left is None and (key, right) == ("format", "double") or left is None and key == "default":
                continue
            line = f"{place}: {key} is {right} where the contract has {left}"
            looser = (key in LIMITS_ABOVE and left is not None and (right is None or right > left)
                      or key in LIMITS_BELOW and left is not None and (right is None or right < left)
                      or key in ("pattern", "uniqueItems", "multipleOf") and right is None)
            (self.widened if looser else self.broken).add(line)

    def response(self, place, theirs, ours):
        theirs, ours = self.contract.follow(theirs), self.ours.follow(ours)
        if ours is None:
            self.broken.add(f"{place}: missing")
            return
        left, right = theirs.get("content", {}), ours.get("content", {})
        for kind in left.keys() | right.keys():
            if kind not in right:
                self.broken.add(f"{place}: {kind} missing")
            elif kind not in left:
                self.widened.add(f"{place}: {kind} added")
            else:
                self.inside(self.answer, place, left[kind]["schema"], right[kind]["schema"])

    def answer(self, place, theirs, ours):
        """What ours answers must be what a client of the contract can read."""
        if ours["alternatives"] and not theirs["alternatives"]:
            self.broken.add(f"{place}: has alternatives")
        if theirs["types"] != ours["types"]:
            self.broken.add(f"{place}: type is {sorted(ours['types'])}")
            return
        if ours["null"] and not theirs["null"]:
            self.widened.add(f"{place}: null")
        if theirs["enum"] is not None:
            self.enum(place, theirs, ours)
        if theirs["other"].get("format") not in (None, ours["other"].get("format")):
            self.broken.add(f"{place}: format is {ours['other'].get('format')}")
        for name in sorted(theirs["properties"].keys() | ours["properties"].keys()):
            self.answer_field(f"{place}.{name}", name, theirs, ours)
        if theirs["items"] is not None and "array" in theirs["types"]:
            self.inside(self.answer, f"{place}[]", theirs["items"], ours["items"])

    def answer_field(self, place, name, theirs, ours):
        if name in theirs["required"] - ours["required"]:
            self.broken.add(f"{place}: not required")
        if name not in ours["properties"]:
            (self.broken if name in theirs["required"] else self.left_out).add(f"{place}: missing")
        elif name not in theirs["properties"]:
            self.widened.add(f"{place}: added")
        else:
            left = self.contract.schema(theirs["properties"][name])
            right = self.ours.schema(ours["properties"][name])
            default = left["other"].get("default")
            if default is not None and name not in ours["required"] and right["other"].get("default") != default:
                self.broken.add(f"{place}: may be absent without the default {default}")
            self.inside(self.answer, place, theirs["properties"][name], ours["properties"][name])

    def inside(self, compare, place, theirs, ours):
        """Compares two schemas that stand in others, each once in a chain, under the name of the contract's."""
        theirs, ours = self.contract.schema(theirs), self.ours.schema(ours)
        name = theirs["reference"]
        if name is None or name not in self.open:
            self.open.append(name)
            compare(name.rpartition("/")[2] if name else place, theirs, ours)
            self.open.pop()


def judge(comparison):
    """One check for each difference that is listed or not, and each entry that is not needed."""
    listed = {**WIDENED, **{f"{method} {path}: added": reason for (method, path), reason in OURS.items()}}
    missing = comparison.broken | comparison.left_out
    for line in sorted(missing - LEFT_OUT.keys()):
        with checking(f"the contract is kept: {line}"):
            raise AssertionError("the contract has it, ours does not, or is narrower")
    for line in sorted(comparison.widened):
        with checking(f"what is more than the contract has a reason: {line}"):
            assert line in listed, "it is not in the list"
    for line in sorted((listed.keys() - comparison.widened) | (LEFT_OUT.keys() - missing)):
        with checking(f"every entry of the lists is needed: {line}"):
            raise AssertionError("the document has no such difference")
    if missing <= LEFT_OUT.keys():
        ok(f"what the contract has and the document has not is {len(LEFT_OUT)} things, each with its reason")


def self_test(contract):
    """The comparer finds nothing between a document and itself, and notices what is changed in a copy."""
    def tampered(change):
        ours = copy.deepcopy(contract)
        ours["paths"] = {f"/v2{path}": item for path, item in ours["paths"].items()}
        change(ours)
        found = Comparison(contract, ours).run()
        return found.broken, found.widened, found.left_out

    def users(doc):
        return doc["paths"]["/v2/organizations/users"]

    def schemas(doc):
        return doc["components"]["schemas"]

    def flat(doc, without=None, required=None):
        """The alternatives of `ScoreCreation` as one object."""
        options = [Document(doc).schema(option) for option in schemas(doc)["ScoreCreation"]["oneOf"]]
        fields = {name: field for option in options for name, field in option["properties"].items() if name != without}
        return {"type": "object", "properties": fields, "required": [required] if required else []}

    with checking("the comparer finds no difference between alternatives and one object that has all of them"):
        equal(tampered(lambda doc: schemas(doc).update(ScoreCreation=flat(doc))), (set(), set(), set()), "differences")
    with checking("the comparer finds the refusals of every status in `default`"):
        equal(tampered(lambda doc: doc["paths"]["/v2/scores/{score}"]["get"]["responses"].pop("404")),
              (set(), set(), set()), "differences")
    with checking("the comparer finds no difference between the contract and itself"):
        equal(tampered(lambda doc: None), (set(), set(), set()), "differences")
    for name, change, kind in (
            ("a dropped parameter", lambda doc: users(doc)["get"]["parameters"].pop(), "broken"),
            ("a dropped operation", lambda doc: users(doc).pop("post"), "broken"),
            ("a renamed operation", lambda doc: users(doc)["get"].update(operationId="listUsers"), "broken"),
            ("a narrowed enum", lambda doc: schemas(doc)["LmsName"]["enum"].pop(), "broken"),
            ("a narrowed limit", lambda doc: schemas(doc)["UserCreation"]["properties"]["password"].update(
                maxLength=72), "broken"),
            ("a new limit", lambda doc: schemas(doc)["LtiCredentialsCreation"]["properties"]["name"].update(
                minLength=1), "broken"),
            ("another default", lambda doc: schemas(doc)["UserCreation"]["properties"]["role"].update(
                default="teacher"), "broken"),
            ("another type", lambda doc: schemas(doc)["ApiAccessToken"]["properties"]["token"].update(
                type="integer"), "broken"),
            ("a field that became required", lambda doc: schemas(doc)["UserCreation"]["required"].append("email"),
             "broken"),
            ("a parameter that became required", lambda doc: users(doc)["get"]["parameters"][-1].update(
                required=True), "broken"),
            ("a dropped field of a request", lambda doc: schemas(doc)["UserAdminUpdate"]["properties"].pop(
                "email"), "broken"),
            ("a required field that answers lack", lambda doc: schemas(doc)["UserBasics"]["properties"].pop(
                "picture"), "broken"),
            ("an optional field that answers lack", lambda doc: schemas(doc)["UserSigninLink"]["properties"].pop(
                "token"), "left out"),
            ("a required field that answers may lack", lambda doc: schemas(doc)["OrganizationInvitation"][
                "required"].remove("allowMultipleUse"), "broken"),
            ("a missing scope", lambda doc: users(doc)["get"]["security"][0]["OAuth2"].pop(), "broken"),
            ("a missing status", lambda doc: users(doc)["get"]["responses"].pop("default"), "broken"),
            ("a list that is spelt another way", lambda doc: doc["components"]["parameters"]["role"].update(
                explode=False), "broken"),
            ("fields that are refused", lambda doc: schemas(doc)["UserAdminUpdate"].update(
                additionalProperties=False), "broken"),
            ("a refusal that neither its status nor `default` tells", lambda doc: users(doc)["post"]["responses"].clear(),
             "broken"),
            ("a field that one alternative lacks", lambda doc: schemas(doc).update(ScoreCreation=flat(doc, "data")),
             "broken"),
            ("a field that became required in one of the alternatives", lambda doc: schemas(doc).update(
                ScoreCreation=flat(doc, required="builderData")), "broken"),
            ("an added scope", lambda doc: users(doc)["get"]["security"].append({"Token": ["omr"]}), "widened"),
            ("an added field of an answer", lambda doc: schemas(doc)["LtiCredentials"]["properties"].update(
                prefix={"type": "string"}), "widened"),
            ("a null that is let in", lambda doc: schemas(doc)["UserAdminUpdate"]["properties"].update(
                email={"oneOf": [{"type": "null"}, {"type": "string", "format": "email"}]}), "widened"),
            ("a null in 3.1 spelling", lambda doc: schemas(doc)["UserCreation"]["properties"]["lastname"].update(
                type=["string", "null"]), "widened"),
            ("a widened enum", lambda doc: schemas(doc)["OrganizationRoles"]["enum"].append("billing"), "widened"),
            ("a widened limit", lambda doc: schemas(doc)["UserCreation"]["properties"]["username"].update(
                maxLength=60), "widened"),
            ("an operation of our own", lambda doc: doc["paths"].update({"/v2/new": {"get": {"responses": {}}}}),
             "widened")):
        with checking(f"the comparer notices {name}"):
            broken, widened, left_out = tampered(change)
            found = {"broken": broken, "widened": widened, "left out": left_out}
            assert found.pop(kind), f"nothing is {kind}, but {found}"
            assert not any(found.values()), f"more than {kind}: {found}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--contract", required=True, type=pathlib.Path, help="the contract, OpenAPI 3.0 in JSON")
    path = parser.parse_args().contract
    if not path.is_file():
        print(f"FAIL the contract is there: no file {path}; give its path with --contract")
        sys.exit(1)
    contract = json.loads(path.read_text(encoding="utf-8"))
    self_test(contract)
    answer = http("GET", "/openapi.json")
    with checking("the document is served as OpenAPI 3.1"):
        equal(answer.status, 200, answer.text[:200])
        assert answer.json["openapi"].startswith("3.1."), answer.json["openapi"]
        judge(Comparison(contract, answer.json).run())
    finish()


if __name__ == "__main__":
    main()
