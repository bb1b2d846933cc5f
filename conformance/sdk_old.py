"""flat-api 1.1.3 (API 2.20), unchanged but for its host: every operation that it has in this API.

It knows neither `accountAdmin` nor a count that is a number, and raises over both; so the server answers this
family, by its `User-Agent`, what it declares. Usernames that it makes hold only letters of ASCII, digits and `-_.`.
Errors are `ApiException`s with `status` and `body`.
"""

import json
import re

import flat_api
from flat_api.exceptions import ApiException

from checks import (ADMIN_ID, BASE, NOBODY, TOKEN, URL, check, equal, http, main, new_organization,
                    same_elements)
from paging import ids, walk

PEOPLE = 9
PASSWORD = "correct horse"


def connect(token=TOKEN):
    """The operations of an organization, and those of an account, for a token."""
    configuration = flat_api.Configuration(host=BASE, access_token=token)
    client = flat_api.ApiClient(configuration)
    return flat_api.OrganizationApi(client), flat_api.AccountApi(client)


API, ACCOUNT = connect()


def create(username, **fields):
    return API.create_organization_user(flat_api.UserCreation(username=username, password=PASSWORD, **fields))


def create_account_admin(username, **fields):
    """An account administrator, which this SDK cannot make itself."""
    answer = http("POST", "/organizations/users",
                  {"username": username, "password": PASSWORD, "role": "accountAdmin", **fields})
    equal(answer.status, 200, answer.text)
    return answer.json["id"]


def role_of(user):
    """The role as a client without quirks sees it."""
    return next(found["organizationRole"] for found in http("GET", "/organizations/users?limit=1000").json
                if found["id"] == user)


def users(**parameters):
    return [user.id for user in API.list_organization_users(limit=1000, **parameters)]


def refused(status, code, call, param=None):
    try:
        answer = call()
    except ApiException as error:
        equal(error.status, status, f"status of {error.body}")
        body = json.loads(error.body)
        equal(body["code"], code, "code")
        if param:
            equal(body.get("param"), param, "param")
        return
    raise AssertionError(f"expected {status} {code}, got {answer!r}")


PUPILS = []


@check
def the_token_stands_for_the_administrator():
    me = ACCOUNT.get_authenticated_user()
    equal((me.id, me.organization_role), (ADMIN_ID, "admin"), "caller")
    equal(ACCOUNT.get_authenticated_user(only_id=True).id, ADMIN_ID, "id")


@check
def users_are_created_with_and_without_an_address():
    user = create("ada", firstname="Ada", lastname="Lovelace", email="ada@school.example", role="teacher",
                  locale="fr")
    equal((user.username, user.printable_name, user.email, user.organization_role, user.product),
          ("ada", "Ada Lovelace", "ada@school.example", "teacher", "flatEdu"), "user")
    equal(create("pupil").email, None, "email")
    equal(create("head", role="admin").organization_role, "admin", "role")


@check
def pages_follow_each_other_forwards_and_back():
    PUPILS.extend(create(f"page{n}", firstname=f"F{n % 3}", lastname=f"L{n % 2}").id for n in range(PEOPLE))
    pages = walk(API.list_organization_users_with_http_info, q="page", limit=4)
    equal(ids(pages), PUPILS, "ids")
    equal([len(page) for page in pages], [4, 4, 1], "lengths of the pages")


@check
def several_sort_keys_are_taken_as_a_list():
    for direction, reverse in (("asc", False), ("desc", True)):
        found = users(q="page", sort=["lastname", "firstname"], direction=direction)
        by_name = sorted(range(PEOPLE), key=lambda n: (n % 2, n % 3, PUPILS[n]), reverse=reverse)
        equal(found, [PUPILS[n] for n in by_name], direction)
    for sort in ("lastActivityDate", "licenseExpirationDate"):
        equal(users(q="page", sort=[sort]), PUPILS, sort)


@check
def filters_are_combined():
    same_elements(users(role=["user", "teacher"], q="page"), PUPILS, "pupils")
    equal(users(role=["teacher"], q="page"), [], "teachers among them")
    equal(users(q="page", no_active_license=True, group=[NOBODY]), [], "in a group")
    equal(users(q="page", no_active_license=True), PUPILS, "without a licence")
    equal(users(license_expiration_date=["active", "notActive", "2030-01-31"]), [], "with a licence")
    equal(users(only_ids=True), users(), "ids only")


@check
def the_length_of_the_count_is_the_count():
    for filters in ({}, {"role": ["teacher", "admin"]}, {"q": "page"}, {"q": "nobody at all"},
                    {"no_active_license": True}, {"group": [NOBODY]}):
        counted = API.count_orga_users(**filters)
        equal(len(counted), len(users(**filters)), f"count of {filters}")
    equal({user.id for user in API.count_orga_users()}, {NOBODY}, "elements")


@check
def answers_that_depend_on_the_sdk_say_so():
    for answer in (API.count_orga_users_with_http_info(), API.list_organization_users_with_http_info()):
        assert "user-agent" in answer.headers.get("Vary", "").lower(), f"Vary: {answer.headers.get('Vary')}"


@check
def an_account_administrator_is_seen_as_an_administrator():
    deputy = create_account_admin("deputy", email="deputy@school.example")
    seen = {user.id: user.organization_role for user in API.list_organization_users(limit=1000)}
    equal(seen[deputy], "admin", "role in the list")
    equal(role_of(deputy), "accountAdmin", "role that it is")
    token = API.create_organization_user_access_token(deputy, flat_api.OrganizationUserAccessTokenCreation(
        scopes=["account.public_profile", "account.education_profile"]))
    equal(connect(token.token)[1].get_authenticated_user().organization_role, "admin", "role in /me")


@check
def writing_back_the_role_that_was_read_changes_nothing():
    deputy = create_account_admin("deputy2")
    read = next(user for user in API.list_organization_users(limit=1000) if user.id == deputy)
    changed = API.update_organization_user(deputy, flat_api.UserAdminUpdate(
        organization_role=read.organization_role, firstname="Deputy"))
    equal((changed.organization_role, changed.firstname), ("admin", "Deputy"), "answer")
    equal(role_of(deputy), "accountAdmin", "role that it is")


@check
def other_roles_are_changed_as_asked():
    user, deputy = create("promoted").id, create_account_admin("deputy3")
    API.update_organization_user(user, flat_api.UserAdminUpdate(organization_role="admin"))
    API.update_organization_user(deputy, flat_api.UserAdminUpdate(organization_role="teacher"))
    equal((role_of(user), role_of(deputy)), ("admin", "teacher"), "roles")


@check
def an_update_changes_only_the_fields_that_came():
    user = create("update", firstname="Before", lastname="Kept", email="kept@school.example")
    changed = API.update_organization_user(user.id, flat_api.UserAdminUpdate(
        firstname="", username="updated", password="another horse"))
    equal((changed.firstname, changed.lastname, changed.email, changed.username),
          (None, "Kept", "kept@school.example", "updated"), "fields")


@check
def a_removed_user_is_gone():
    user = create("removed")
    equal(API.remove_organization_user_with_http_info(user.id).status_code, 204, "status")
    refused(404, "NOT_FOUND", lambda: API.remove_organization_user(user.id))
    user = create("removed", email="removed@home.example")
    equal(API.remove_organization_user(user.id, convert_to_individual=True), None, "answer")
    assert user.id not in users(), "the converted user is in the list"


@check
def a_signin_link_leads_to_this_server():
    link = API.create_organization_user_signin_link(
        PUPILS[0], flat_api.UserSigninLinkCreation(destination_path="/classes"))
    assert link.url.startswith(f"{URL}/auth/signin-link/"), link.url
    assert link.expiration_date, "no expiry"


@check
def an_access_token_acts_as_its_user():
    token = API.create_organization_user_access_token(
        PUPILS[1], flat_api.OrganizationUserAccessTokenCreation(scopes=["account.public_profile"]))
    assert re.fullmatch("hr_[0-9A-Za-z]{49}", token.token), token.token
    api, account = connect(token.token)
    equal(account.get_authenticated_user().id, PUPILS[1], "id")
    refused(403, "INSUFFICIENT_SCOPE", api.list_organization_users)


@check
def invitations_are_made_listed_page_by_page_and_removed():
    made = [API.create_organization_invitation(flat_api.OrganizationInvitationCreation(
        email=f"guest{n}@school.example", organization_role="admin" if n == 0 else "teacher")) for n in range(5)]
    equal([one.allow_multiple_use for one in made], [False] * 5, "multiple use")
    equal([one.used_by for one in made], [[]] * 5, "used by")
    equal(ids(walk(API.list_organization_invitations_with_http_info, limit=2)), [one.id for one in made], "ids")
    equal([one.id for one in API.list_organization_invitations(role="admin")], [made[0].id], "of one role")
    equal(API.remove_organization_invitation(made[0].id), None, "answer")
    refused(404, "NOT_FOUND", lambda: API.remove_organization_invitation(made[0].id))


@check
def an_invitation_as_account_administrator_does_not_break_the_list():
    answer = http("POST", "/organizations/invitations", {"organizationRole": "accountAdmin"})
    equal(answer.status, 200, answer.text)
    seen = {one.id: one.organization_role for one in API.list_organization_invitations(limit=1000)}
    equal(seen[answer.json["id"]], "admin", "role in the list")


@check
def an_invitation_of_a_member_sets_the_members_role():
    user = create("member", email="member@school.example")
    used = API.create_organization_invitation(flat_api.OrganizationInvitationCreation(email="member@school.example"))
    equal((used.used_by, used.organization_role), ([user.id], "teacher"), "user and role")
    equal(role_of(user.id), "teacher", "role")


@check
def lti_credentials_are_made_listed_and_revoked():
    made = API.create_lti_credentials(flat_api.LtiCredentialsCreation(name="Our Canvas", lms="canvas"))
    equal((made.name, made.lms, made.creator), ("Our Canvas", "canvas", ADMIN_ID), "credentials")
    assert made.id in {one.id for one in API.list_lti_credentials()}, "not in the list"
    equal(API.revoke_lti_credentials(made.id), None, "answer")
    refused(404, "NOT_FOUND", lambda: API.revoke_lti_credentials(made.id))


@check
def errors_are_raised_with_status_and_body():
    create("jose")
    refused(409, "USERNAME_TAKEN", lambda: create("JOSE"), "username")
    refused(404, "NOT_FOUND", lambda: API.remove_organization_user(NOBODY))
    refused(400, "INVALID_PARAMETER", lambda: API.list_organization_users(sort=["lastname", "shoesize"]), "sort")
    refused(400, "INVALID_CURSOR", lambda: API.list_organization_users(next="a+b/c="), None)
    refused(401, "UNAUTHORIZED", connect("hr_" + "0" * 49)[0].list_organization_users)


@check
def the_last_administrator_stays():
    _, admin, token = new_organization("A school seen by an older script")
    refused(409, "LAST_ADMIN", lambda: connect(token)[0].remove_organization_user(admin))


if __name__ == "__main__":
    main()
