"""What the parts on OAuth2 stand on: an app, a person, and a browser that signs in and answers the page."""

import html
import re
import urllib.parse

import requests

from checks import URL, equal, http

PASSWORD = "a long conformance secret"
CALLBACK = "http://127.0.0.1:9/callback"
SCHOOL = "conformance-school"


def register(name, **fields):
    """Registers an app; its fields, with its secret."""
    body = {"name": name, "redirectUris": [CALLBACK], "scopes": ["account.public_profile", "account.email"], **fields}
    answer = http("POST", "/organizations/apps", body)
    equal(answer.status, 200, answer.text)
    return answer.json


def make_person(username):
    """Makes somebody who can sign in."""
    body = {"username": username, "password": PASSWORD, "firstname": "Clara", "lastname": "Schümann",
            "email": f"{username}@school.example", "role": "teacher"}
    answer = http("POST", "/organizations/users", body)
    equal(answer.status, 200, answer.text)
    return answer.json


class Browser:
    """A browser without a screen: it keeps cookies, sends forms with their token, and follows nothing by itself."""

    def __init__(self):
        self.session = requests.Session()
        self.csrf = ""

    def get(self, address):
        return self._seen(self.session.get(urllib.parse.urljoin(URL, address), allow_redirects=False, timeout=60))

    def post(self, address, **fields):
        fields["csrf"] = self.csrf
        return self._seen(self.session.post(urllib.parse.urljoin(URL, address), data=fields, allow_redirects=False,
                                            timeout=60))

    def _seen(self, page):
        found = re.search(r'name="csrf" value="([^"]*)"', page.text)
        self.csrf = html.unescape(found[1]) if found else self.csrf
        return page

    def sign_in(self, username):
        self.get(f"/o/{SCHOOL}/auth/signin")
        page = self.post(f"/o/{SCHOOL}/auth/signin", name=username, password=PASSWORD, next="")
        equal(page.status_code, 303, page.text)

    def allow(self, address):
        """Opens what an app asks, and allows it; the address at which the app is told."""
        page = self.get(address)
        if page.status_code == 200:
            query = urllib.parse.urlsplit(address).query
            page = self.post("/auth/oauth", request=query, decision="allow")
        equal(page.status_code, 303, page.text)
        return page.headers["Location"]
