"""flat-api 2.0.4, unchanged but for its host: every organization operation that it has in this API, and /me.

Its errors are `FlatError`s: `status` and `body` (the text of the answer) are set; `code` is not, because the
SDK parses the body into a model first and then looks for a dictionary.
"""

import datetime
import json
import re
import time
import urllib.parse

import flat_api
from flat_api import errors

from checks import (ADMIN_ID, BASE, NOBODY, TOKEN, URL, check, equal, main, new_organization, same_elements,
                    within)
from paging import ids, links, walk

PEOPLE = 9
PASSWORD = "correct horse"


def connect(token=TOKEN):
    """The operations of an organization, and those of an account, for a token."""
    client = flat_api.FlatClient(access_token=token, base_url=BASE).api_client
    return flat_api.OrganizationApi(client), flat_api.AccountApi(client)


API, ACCOUNT = connect()


def create(username, **fields):
    return API.create_organization_user(flat_api.UserCreation(username=username, password=PASSWORD, **fields))


def refused(status, code, call, param=None):
    """The call answers with an error of this status, code and parameter, and says what to do."""
    try:
        answer = call()
    except errors.FlatError as error:
        equal(error.status, status, f"status of {error.body}")
        body = json.loads(error.body)
        if code:
            equal(body["code"], code, "code")
        if param:
            equal(body.get("param"), param, "param")
        assert body["message"], "the error has no message"
        equal(error.headers.get("x-request-id") or error.headers.get("X-Request-Id"), body["id"], "id")
        return error
    raise AssertionError(f"expected {status} {code}, got {answer!r}")


def users(**parameters):
    """The ids of the users that a filter gives, in one page."""
    return [user.id for user in API.list_organization_users(limit=1000, **parameters)]


PUPILS = []


@check
def a_user_without_a_picture_is_one_that_the_sdk_parses():
    # Its models take a string and no null, whatever the contract says: every call that answers a user would raise.
    assert isinstance(ACCOUNT.get_authenticated_user().picture, str), "picture is not a string"


@check
def the_token_of_the_administrator_stands_for_the_administrator():
    me = ACCOUNT.get_authenticated_user()
    equal(me.id, ADMIN_ID, "id")
    equal(me.organization_role, "admin", "role")
    equal(me.product, "flatEdu", "product")


@check
def only_the_id_of_the_caller_can_be_asked_for():
    equal(ACCOUNT.get_authenticated_user(only_id=True).id, ADMIN_ID, "id")


@check
def a_created_user_is_answered_with_all_that_was_given():
    user = create("ada", firstname="Ada", lastname="Lovelace", email="ada@school.example", role="teacher",
                  locale="fr")
    for field, value in {"username": "ada", "firstname": "Ada", "lastname": "Lovelace",
                         "printable_name": "Ada Lovelace", "email": "ada@school.example", "type": "user",
                         "product": "flatEdu", "organization_role": "teacher"}.items():
        equal(getattr(user, field), value, field)
    equal(user.organization, ACCOUNT.get_authenticated_user().organization, "organization")
    assert re.fullmatch("[0-9a-f]{24}", user.id), user.id


@check
def a_pupil_needs_no_email_and_no_name():
    user = create("pupil")
    equal((user.email, user.firstname, user.lastname), (None, None, None), "email and names")
    equal((user.organization_role, user.printable_name), ("user", "pupil"), "role and printable name")


@check
def every_role_can_be_created():
    for role in ("user", "teacher", "accountAdmin", "admin"):
        equal(create(f"role-{role}", role=role).organization_role, role, "role")


@check
def users_are_listed_in_the_order_of_their_creation():
    PUPILS.extend(create(f"page{n}", firstname=f"F{n % 3}", lastname=f"L{n % 2}").id for n in range(PEOPLE))
    equal([id for id in users() if id in PUPILS], PUPILS, "order")
    equal(users(), sorted(users()), "ids")


@check
def pages_follow_each_other_forwards_and_back():
    pages = walk(API.list_organization_users_with_http_info, q="page", limit=4)
    equal(ids(pages), PUPILS, "ids")
    equal([len(page) for page in pages], [4, 4, 1], "lengths of the pages")


@check
def pages_keep_filters_sort_and_direction():
    pages = walk(API.list_organization_users_with_http_info, q="page", role=["user", "teacher"],
                 sort="lastname,firstname", direction="desc", limit=2)
    by_name = sorted(range(PEOPLE), key=lambda n: (n % 2, n % 3, PUPILS[n]), reverse=True)
    equal(ids(pages), [PUPILS[n] for n in by_name], "ids")


@check
def the_iterator_of_the_sdk_gives_every_user_once():
    found = [user.id for user in flat_api.paginate(API.list_organization_users_with_http_info, limit=2)]
    equal(found, users(), "ids")


@check
def every_sort_key_is_taken_in_both_directions():
    for sort in ("firstname", "lastname", "lastActivityDate", "licenseExpirationDate"):
        up = users(q="page", sort=sort, direction="asc")
        down = users(q="page", sort=sort, direction="desc")
        equal(down, up[::-1], f"desc by {sort}")
        equal(up, users(q="page", sort=sort), f"the default direction by {sort}")


@check
def roles_filter_by_any_of_them():
    def roles(*wanted):
        return {user.organization_role.value for user in API.list_organization_users(role=list(wanted), limit=1000)}
    equal(roles("teacher"), {"teacher"}, "teachers")
    equal(roles("teacher", "accountAdmin"), {"teacher", "accountAdmin"}, "teachers and account administrators")
    equal(roles("user", "teacher", "accountAdmin", "admin"), {"user", "teacher", "accountAdmin", "admin"}, "all")


@check
def search_finds_words_in_names_and_addresses_whatever_case_and_accents():
    user = create("astrid", firstname="Åsa Łucja", lastname="Großmann-山田", email="astrid.g@school.example")
    for q in ("asa", "ŁUCJA", "lucja", "grossmann", "GROSS", "山", "STRID.G@", "lucja asa", "山田 astrid", "  Åsa  "):
        equal(users(q=q), [user.id], f"q={q!r}")
    equal(users(q="lucja nobody"), [], "a word that is nowhere")


@check
def test_accounts_can_be_left_out_or_asked_for():
    equal(users(test_accounts="only"), [], "test accounts")
    equal(users(test_accounts="exclude"), users(), "others")


@check
def licence_filters_work_where_nobody_has_one():
    equal(users(no_active_license=True), users(), "without an active licence")
    equal(users(no_active_license=False), users(), "`false` is no filter")
    for value in ("active", "notActive", "2030-01-31", "2030-01-31T10:00:00+02:00"):
        equal(users(license_expiration_date=[value]), [], f"licenseExpirationDate={value}")
    equal(users(license_expiration_date=["active", "2030-01-31"]), [], "several dates")


@check
def a_group_that_is_not_here_has_no_members():
    equal(users(group=[NOBODY]), [], "members")
    equal(users(group=[NOBODY, "0" * 23 + "1"]), [], "members of several")


@check
def only_ids_answers_the_smallest_users_that_parse():
    found = API.list_organization_users(only_ids=True, limit=1000)
    equal([user.id for user in found], users(), "ids")
    for user in found:
        equal((user.firstname, user.email, user.organization_role, user.groups), (None,) * 4, "other fields")


@check
def the_count_is_the_length_of_the_list():
    for filters in ({}, {"role": ["teacher", "admin"]}, {"q": "page"}, {"no_active_license": True},
                    {"test_accounts": "only"}, {"group": [NOBODY]}, {"q": "page", "role": ["admin"]}):
        equal(API.count_orga_users(**filters), len(users(**filters)), f"count of {filters}")


@check
def an_update_changes_only_the_fields_that_came():
    user = create("update", firstname="Before", lastname="Kept", email="kept@school.example")
    changed = API.update_organization_user(user.id, flat_api.UserAdminUpdate(firstname="After"))
    equal((changed.firstname, changed.lastname, changed.email, changed.username),
          ("After", "Kept", "kept@school.example", "update"), "fields")
    changed = API.update_organization_user(user.id, flat_api.UserAdminUpdate(
        username="updated", lastname="Changed", email="changed@school.example", password="another horse",
        organization_role="teacher"))
    equal((changed.username, changed.lastname, changed.email, changed.organization_role, changed.firstname),
          ("updated", "Changed", "changed@school.example", "teacher", "After"), "fields")


@check
def an_empty_name_is_a_missing_name():
    user = create("nameless", firstname="Name", lastname="Less")
    changed = API.update_organization_user(user.id, flat_api.UserAdminUpdate(firstname="", lastname="  "))
    equal((changed.firstname, changed.lastname, changed.printable_name), (None, None, "nameless"), "names")


@check
def what_comes_is_stored_trimmed():
    user = create("  trimmed ", firstname=" Ada\u3000", lastname="\tvan  der Berg ")
    equal((user.username, user.firstname, user.lastname), ("trimmed", "Ada", "van  der Berg"), "names")


@check
def a_removed_user_is_gone_and_the_username_free():
    user, before = create("removed", email="removed@school.example"), API.count_orga_users()
    equal(API.remove_organization_user_with_http_info(user.id).status_code, 204, "status")
    equal(API.count_orga_users(), before - 1, "count")
    assert user.id not in users(), "the removed user is in the list"
    refused(404, "NOT_FOUND", lambda: API.remove_organization_user(user.id))
    refused(404, "NOT_FOUND", lambda: API.update_organization_user(user.id, flat_api.UserAdminUpdate(firstname="x")))
    assert create("removed", email="removed@school.example").id != user.id, "the id came back"


@check
def a_user_converted_to_an_individual_leaves_the_organization():
    user = create("convert", email="convert@home.example")
    equal(API.remove_organization_user_with_http_info(user.id, convert_to_individual=True).status_code, 204, "status")
    assert user.id not in users(), "the converted user is in the list"
    again = create("convert", email="convert@home.example")
    refused(409, "EMAIL_TAKEN", lambda: API.remove_organization_user(again.id, convert_to_individual=True))
    assert again.id in users(), "the refused conversion removed the user"


@check
def a_signin_link_leads_to_this_server_for_an_hour():
    user = create("signin")
    link = API.create_organization_user_signin_link(
        user.id, flat_api.UserSigninLinkCreation(destination_path="/classes?tab=1"))
    address = urllib.parse.urlsplit(link.url)
    equal(link.url.partition("?")[0], f"{URL}/auth/signin-link/{link.token}", "url")
    equal(urllib.parse.parse_qs(address.query)["next"], ["/classes?tab=1"], "next")
    left = link.expiration_date - datetime.datetime.now(datetime.timezone.utc)
    within(left.total_seconds(), 3500, 3601, "seconds that it lasts")


@check
def a_signin_link_goes_to_the_start_page_by_default():
    link = API.create_organization_user_signin_link(create("start").id, flat_api.UserSigninLinkCreation())
    equal(urllib.parse.parse_qs(urllib.parse.urlsplit(link.url).query)["next"], ["/"], "next")


@check
def a_signin_link_leads_nowhere_else():
    user = create("elsewhere")
    for path in ("//evil.example", "https://evil.example", "/\\evil.example", "classes", "/a\nb"):
        creation = flat_api.UserSigninLinkCreation(destination_path=path)
        refused(400, "INVALID_PARAMETER", lambda: API.create_organization_user_signin_link(user.id, creation),
                "destinationPath")


def token_for(user, *scopes):
    return API.create_organization_user_access_token(
        user, flat_api.OrganizationUserAccessTokenCreation(scopes=list(scopes)))


@check
def an_access_token_acts_as_its_user():
    user = create("token", firstname="To", lastname="Ken", email="token@school.example")
    token = token_for(user.id, "account.public_profile", "account.email", "account.education_profile")
    assert re.fullmatch("hr_[0-9A-Za-z]{49}", token.token), token.token
    same_elements([scope.value for scope in token.scopes],
                  ["account.public_profile", "account.email", "account.education_profile"], "scopes")
    left = token.expiration_date - datetime.datetime.now(datetime.timezone.utc)
    within(left.total_seconds(), 86000, 86401, "seconds that it lasts")
    me = connect(token.token)[1].get_authenticated_user()
    equal((me.id, me.username, me.organization_role), (user.id, "token", "user"), "who it is")
    equal(me.additional_properties.get("email"), "token@school.example", "email")


@check
def an_access_token_does_nothing_beyond_its_scopes():
    token = token_for(create("scoped", email="scoped@school.example").id, "account.public_profile")
    api, account = connect(token.token)
    refused(403, "INSUFFICIENT_SCOPE", api.list_organization_users)
    refused(403, "INSUFFICIENT_SCOPE", api.list_lti_credentials)
    assert "email" not in account.get_authenticated_user().additional_properties, "e-mail without its scope"


@check
def an_access_token_carries_no_scope_above_its_users_role():
    user = create("above")
    refused(403, None, lambda: token_for(user.id, "edu.admin.users"))


@check
def an_access_token_of_a_removed_user_is_refused():
    user = create("ended")
    account = connect(token_for(user.id, "account.public_profile").token)[1]
    equal(account.get_authenticated_user().id, user.id, "id")
    API.remove_organization_user(user.id)
    for _ in range(30):
        try:
            account.get_authenticated_user()
        except errors.FlatAuthenticationError:
            return

        time.sleep(0.1)
    raise AssertionError("the token works three seconds after its user's removal")


def invite(**fields):
    return API.create_organization_invitation(flat_api.OrganizationInvitationCreation(**fields))


def invitations(**parameters):
    return {found.id: found for found in API.list_organization_invitations(limit=1000, **parameters)}


@check
def an_invitation_has_a_code_and_a_link():
    made = invite(email="grace@school.example")
    equal((made.email, made.organization_role, made.allow_multiple_use, made.used_by, made.invited_by),
          ("grace@school.example", "teacher", False, [], ADMIN_ID), "invitation")
    equal(len(made.custom_code), 10, "length of the code")
    equal(made.html_url, f"{URL}/organization/enroll?enrollcode={made.custom_code}", "link")
    equal(invitations()[made.id].custom_code, made.custom_code, "code in the list")


@check
def an_invitation_needs_no_address():
    equal(invite(organization_role="accountAdmin").email, None, "email")


@check
def invitations_are_filtered_by_role():
    made = invite(email="head@school.example", organization_role="admin")
    assert made.id in invitations(role="admin"), "the invitation is not in the list of its role"
    assert made.id not in invitations(role="teacher"), "the invitation is in the list of another role"


@check
def invitations_come_in_pages_forwards_and_back():
    for n in range(5):
        invite(email=f"many{n}@school.example")
    equal(ids(walk(API.list_organization_invitations_with_http_info, limit=2)), list(invitations()), "ids")


@check
def a_second_invitation_for_an_address_replaces_the_code_of_the_first():
    first = invite(email="twice@school.example")
    second = invite(email="Twice@school.example", organization_role="admin")
    equal((second.id, second.organization_role), (first.id, "admin"), "id and role")
    assert second.custom_code != first.custom_code, "the code is the same"


@check
def an_invitation_of_a_member_sets_the_members_role():
    user = create("member", email="member@school.example")
    used = invite(email="member@school.example", organization_role="accountAdmin")
    equal((used.organization_role, used.used_by), ("accountAdmin", [user.id]), "role and user")
    equal([found.organization_role.value for found in API.list_organization_users(q="member@school.example")],
          ["accountAdmin"], "role of the member")


@check
def a_removed_invitation_is_gone():
    made = invite(email="revoked@school.example")
    equal(API.remove_organization_invitation_with_http_info(made.id).status_code, 204, "status")
    assert made.id not in invitations(), "the revoked invitation is in the list"
    refused(404, "NOT_FOUND", lambda: API.remove_organization_invitation(made.id))


@check
def lti_credentials_are_made_listed_and_revoked():
    made = API.create_lti_credentials(flat_api.LtiCredentialsCreation(name="Our Moodle", lms="moodle"))
    equal((made.name, made.lms, made.creator, made.enable_email_matching, made.last_usage),
          ("Our Moodle", "moodle", ADMIN_ID, True, None), "credentials")
    assert re.fullmatch("[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", made.consumer_key), made.consumer_key
    assert re.fullmatch("[0-9A-Za-z]{40}", made.consumer_secret), "the secret has another form"
    found = {one.id: one for one in API.list_lti_credentials()}
    equal((found[made.id].consumer_key, found[made.id].consumer_secret), (made.consumer_key, made.consumer_secret),
          "key and secret in the list")
    equal(API.revoke_lti_credentials_with_http_info(made.id).status_code, 204, "status")
    assert made.id not in {one.id for one in API.list_lti_credentials()}, "revoked credentials are in the list"
    refused(404, "NOT_FOUND", lambda: API.revoke_lti_credentials(made.id))


@check
def every_learning_platform_is_taken():
    for lms in flat_api.LmsName:
        equal(API.create_lti_credentials(flat_api.LtiCredentialsCreation(name="x", lms=lms)).lms, lms, "lms")


@check
def a_taken_username_is_a_conflict_whatever_case_and_accents():
    create("jose")
    for username in ("jose", "José", " JOSE "):
        refused(409, "USERNAME_TAKEN", lambda: create(username), "username")
    other = create("jose2")
    refused(409, "USERNAME_TAKEN", lambda: API.update_organization_user(
        other.id, flat_api.UserAdminUpdate(username="JOSÉ")), "username")


@check
def a_taken_address_is_a_conflict():
    create("address1", email="same@school.example")
    refused(409, "EMAIL_TAKEN", lambda: create("address2", email="Same@School.example"))


@check
def what_is_not_there_is_not_found():
    refused(404, "NOT_FOUND", lambda: API.update_organization_user(NOBODY, flat_api.UserAdminUpdate(firstname="x")))
    refused(404, "NOT_FOUND", lambda: API.remove_organization_user(NOBODY))
    refused(404, "NOT_FOUND", lambda: API.create_organization_user_signin_link(
        NOBODY, flat_api.UserSigninLinkCreation()))
    refused(404, "NOT_FOUND", lambda: token_for(NOBODY, "account.public_profile"))
    refused(404, "NOT_FOUND", lambda: API.remove_organization_invitation(NOBODY))
    refused(404, "NOT_FOUND", lambda: API.revoke_lti_credentials("not-an-id"))


@check
def what_belongs_to_another_organization_is_not_found():
    _, stranger, token = new_organization("Another school")
    refused(404, "NOT_FOUND", lambda: API.remove_organization_user(stranger))
    refused(404, "NOT_FOUND", lambda: token_for(stranger, "account.public_profile"))
    theirs, _ = connect(token)
    equal(theirs.count_orga_users(), 1, "users of the other organization")
    equal([user.id for user in theirs.list_organization_users()], [stranger], "users of the other organization")


@check
def wrong_parameters_are_named():
    refused(400, "INVALID_PARAMETER", lambda: API.list_organization_users(sort="shoesize"), "sort")
    refused(400, "INVALID_PARAMETER", lambda: API.list_organization_users(direction="sideways"), "direction")
    refused(400, "INVALID_PARAMETER", lambda: API.list_organization_users(role=["user", "pirate"]), "role")
    refused(400, "INVALID_PARAMETER", lambda: API.count_orga_users(test_accounts="some"), "testAccounts")
    refused(400, "INVALID_PARAMETER", lambda: API.list_organization_users(
        license_expiration_date=["yesterday"]), "licenseExpirationDate")
    refused(400, "INVALID_PARAMETER", lambda: API.list_organization_users(q="x" * 201), "q")
    refused(400, "INVALID_PARAMETER", lambda: create("who", email="nobody"), "email")


@check
def a_damaged_cursor_and_one_of_another_list_are_refused():
    cursor = links(API.list_organization_users_with_http_info(limit=1).headers)["next"]["next"][0]
    damaged = cursor[:-4] + ("AAAA" if not cursor.endswith("AAAA") else "BBBB")
    refused(400, "INVALID_CURSOR", lambda: API.list_organization_users(next=damaged))
    refused(400, "INVALID_CURSOR", lambda: API.list_organization_users(next=cursor, sort="lastname"))
    refused(400, "INVALID_CURSOR", lambda: API.list_organization_users(next=cursor, role=["admin"]))
    refused(400, None, lambda: API.list_organization_users(next=cursor, previous=cursor))
    assert API.list_organization_users(next=cursor, limit=3, only_ids=True), "limit may change between pages"


@check
def an_unknown_token_is_unauthorized():
    error = refused(401, "UNAUTHORIZED", connect("hr_" + "0" * 49)[0].list_organization_users)
    assert isinstance(error, errors.FlatAuthenticationError), type(error)


@check
def the_last_administrator_stays():
    _, admin, token = new_organization("A school with one administrator")
    api, _ = connect(token)
    refused(409, "LAST_ADMIN", lambda: api.remove_organization_user(admin))
    refused(409, "LAST_ADMIN", lambda: api.remove_organization_user(admin, convert_to_individual=True))
    refused(409, "LAST_ADMIN", lambda: api.update_organization_user(
        admin, flat_api.UserAdminUpdate(organization_role="teacher")))


@check
def an_account_administrator_does_not_touch_an_administrator():
    deputy = create("deputy", role="accountAdmin")
    api, _ = connect(token_for(deputy.id, "edu.admin.users").token)
    assert api.count_orga_users() > 1, "an account administrator counts"
    refused(403, "FORBIDDEN", lambda: api.remove_organization_user(ADMIN_ID))
    refused(403, "FORBIDDEN", lambda: api.create_organization_user(
        flat_api.UserCreation(username="usurper", password=PASSWORD, role="admin")))


@check
def a_token_that_an_administrator_made_for_a_user_makes_no_signin_link():
    deputy, pupil = create("deputy2", role="accountAdmin"), create("pupil2")
    api, _ = connect(token_for(deputy.id, "edu.admin.users").token)
    refused(403, "FORBIDDEN", lambda: api.create_organization_user_signin_link(
        pupil.id, flat_api.UserSigninLinkCreation()))


if __name__ == "__main__":
    main()
