"""OAuth2 and OpenID Connect, driven by Authlib: what an app written with it can do."""

import os

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet

from checks import URL, check, equal, main
from oauth_ground import CALLBACK, Browser, make_person, register

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # the server of the run is on this machine

DESCRIPTION = requests.get(f"{URL}/.well-known/openid-configuration", timeout=60).json()
TOKEN = DESCRIPTION["token_endpoint"]
PERSON = make_person("clara")
BROWSER = Browser()
BROWSER.sign_in("clara")
VERIFIER = "a-proof-that-only-the-app-knows-0123456789abcdef"


def session(app, scope="openid profile email account.public_profile", **options):
    method = "client_secret_basic" if app.get("secret") else "none"
    return OAuth2Session(app["id"], app.get("secret"), scope=scope, redirect_uri=CALLBACK,
                         token_endpoint_auth_method=options.pop("method", method), code_challenge_method="S256",
                         **options)


def signed_in(app, **options):
    """A session of the library that has its tokens, and the nonce that it sent."""
    client = session(app, **options)
    address, state = client.create_authorization_url(DESCRIPTION["authorization_endpoint"], code_verifier=VERIFIER,
                                                     nonce="once", prompt="consent")
    told = BROWSER.allow(address)
    client.fetch_token(TOKEN, authorization_response=told, code_verifier=VERIFIER, state=state)
    return client


def refused(call, code):
    """The library raises what the server refused."""
    try:
        call()
    except OAuthError as error:
        equal(error.error, code, "error")
    else:
        raise AssertionError(f"this should have been refused with {code}")


@check
def an_app_gets_tokens_and_calls_the_api():
    client = signed_in(register("Authlib"))
    me = client.get(f"{URL}/v2/me")
    equal((me.status_code, me.json()["username"]), (200, "clara"), me.text)


@check
def the_secret_may_be_sent_in_the_body():
    signed_in(register("Authlib, in the body"), method="client_secret_post")


@check
def a_public_app_needs_no_secret():
    signed_in(register("Authlib, public", type="public"))


@check
def the_id_token_is_signed_and_says_who_signed_in():
    app = register("Authlib, signed")
    client = signed_in(app)
    keys = KeySet.import_key_set(requests.get(DESCRIPTION["jwks_uri"], timeout=60).json())
    token = jwt.decode(client.token["id_token"], keys, algorithms=["RS256"])
    rules = jwt.JWTClaimsRegistry(iss={"essential": True, "value": URL}, aud={"essential": True, "value": app["id"]},
                                  nonce={"essential": True, "value": "once"}, exp={"essential": True})
    rules.validate(token.claims)
    equal((token.claims["sub"], token.claims["name"]), (PERSON["id"], "Clara Schümann"), "claims")
    equal(token.claims["email"], "clara@school.example", "email")


@check
def userinfo_tells_the_same_person():
    info = signed_in(register("Authlib, userinfo")).get(DESCRIPTION["userinfo_endpoint"]).json()
    equal((info["sub"], info["given_name"], info["email"]), (PERSON["id"], "Clara", "clara@school.example"), "userinfo")


@check
def a_refresh_token_works_once():
    client = signed_in(register("Authlib, refresh"))
    first = client.token["refresh_token"]
    client.refresh_token(TOKEN, refresh_token=first)
    second = client.token["refresh_token"]
    equal(first == second, False, "the same token")
    refused(lambda: client.refresh_token(TOKEN, refresh_token=first), "invalid_grant")
    refused(lambda: client.refresh_token(TOKEN, refresh_token=second), "invalid_grant")


@check
def a_token_can_be_inspected_and_given_back():
    client = signed_in(register("Authlib, revoke"))
    refresh = client.token["refresh_token"]
    seen = client.introspect_token(DESCRIPTION["introspection_endpoint"], token=refresh)
    equal(seen.json()["active"], True, "active")
    done = client.revoke_token(DESCRIPTION["revocation_endpoint"], token=refresh)
    equal(done.status_code, 200, done.text)
    seen = client.introspect_token(DESCRIPTION["introspection_endpoint"], token=refresh)
    equal(seen.json(), {"active": False}, "after it was given back")


@check
def an_organizations_own_script_acts_for_itself():
    app = register("Authlib, script", role="accountAdmin", scopes=["edu.admin.users"])
    client = OAuth2Session(app["id"], app["secret"], scope="edu.admin.users")
    client.fetch_token(TOKEN, grant_type="client_credentials")
    equal(client.get(f"{URL}/v2/organizations/users/count").status_code, 200, "count")
    equal(client.get(f"{URL}/v2/me").status_code, 403, "me")


@check
def a_wrong_secret_is_refused():
    app = register("Authlib, wrong")
    refused(lambda: signed_in({**app, "secret": "wrong"}), "invalid_client")


main()
