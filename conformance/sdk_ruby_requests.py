"""What the Ruby SDK 0.3.5 sends, sent without Ruby; and how the JavaScript and PHP SDKs 0.6 spell lists.

The Ruby SDK numbers the elements of lists (`role[0]=user&role[1]=teacher`, brackets percent-encoded), sends
`Content-Type: application/json` with every request, also where there is no body, and declares that the count
is an array. JavaScript joins lists with commas; PHP repeats the parameter.
"""

import re
import urllib.parse

from checks import ADMIN_ID, NOBODY, check, equal, http, main, same_elements

RUBY = {"User-Agent": "OpenAPI-Generator/0.3.5/ruby", "Content-Type": "application/json",
        "Accept": "application/json"}
JAVASCRIPT = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
                            "Chrome/126.0.0.0 Safari/537.36", "Accept": "application/json"}
PHP = {"User-Agent": "Swagger-Codegen/0.6.0/php", "Content-Type": "application/json", "Accept": "application/json"}
USERS = "/organizations/users"
PEOPLE = {}


def ruby(method, path, body=None, **query):
    """A request as the Ruby SDK makes it; keyword arguments that are lists become numbered parameters."""
    pairs = [(name, value) for name, value in query.items() if not isinstance(value, list)]
    pairs += [(f"{name}[{n}]", value) for name, values in query.items() if isinstance(values, list)
              for n, value in enumerate(values)]
    question = "?" + urllib.parse.urlencode(pairs, quote_via=urllib.parse.quote) if pairs else ""
    return http(method, path + question, body, RUBY)


def listed(answer):
    """The ids in the answer, which must be a list of users that these SDKs parse."""
    equal(answer.status, 200, answer.text)
    for user in answer.json:
        assert user.get("organizationRole") in (None, "admin", "billing", "teacher", "user"), user
    return [user["id"] for user in answer.json]


@check
def ruby_creates_users():
    for name, role in (("ruby-a", "user"), ("ruby-b", "teacher"), ("ruby-c", "user"), ("ruby-d", "teacher")):
        answer = ruby("POST", USERS, {"username": name, "password": "correct horse", "role": role,
                                      "firstname": name[-1].upper(), "lastname": "Same" if role == "user" else "Other"})
        equal(answer.status, 200, answer.text)
        PEOPLE[name[-1]] = answer.json["id"]
    answer = http("POST", USERS, {"username": "ruby-e", "password": "correct horse", "role": "accountAdmin"})
    equal(answer.status, 200, answer.text)
    PEOPLE["e"] = answer.json["id"]


@check
def ruby_lists_with_numbered_parameters():
    teachers = [PEOPLE[name] for name in "bd"]
    pupils = [PEOPLE[name] for name in "ac"]
    equal(listed(ruby("GET", USERS, q="ruby-", role=["teacher"])), teachers, "teachers")
    equal(listed(ruby("GET", USERS, q="ruby-", role=["user", "teacher"], limit=1000)),
          [PEOPLE[name] for name in "abcd"], "both")
    equal(listed(ruby("GET", USERS, q="ruby-", role=["user", "teacher"], sort=["lastname", "firstname"],
                      direction="desc")), [*pupils[::-1], *teachers[::-1]], "sorted")
    equal(listed(ruby("GET", USERS, q="ruby-", group=[NOBODY], noActiveLicense="true",
                      licenseExpirationDate=["active", "2030-01-31"])), [], "other filters")


@check
def ruby_follows_the_pages_of_a_list_with_numbered_parameters():
    answer = ruby("GET", USERS, q="ruby-", role=["user", "teacher"], sort=["firstname"], limit=3)
    equal(listed(answer), [PEOPLE[name] for name in "abc"], "first page")
    url = re.search(r'<([^>]+)>; *rel="next"', answer.headers["link"])[1]
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)
    answer = ruby("GET", USERS, q="ruby-", role=["user", "teacher"], sort=["firstname"], limit=3,
                  next=query["next"][0])
    equal(listed(answer), [PEOPLE["d"]], "second page")
    followed = http("GET", url.partition("/v2")[2], headers=RUBY)
    equal(listed(followed), [PEOPLE["d"]], "the link itself")


@check
def ruby_sees_account_administrators_as_administrators():
    roles = {user["id"]: user["organizationRole"] for user in ruby("GET", USERS, limit=1000).json}
    equal(roles[PEOPLE["e"]], "admin", "role")
    answer = ruby("GET", USERS, limit=1)
    assert "user-agent" in answer.headers.get("vary", "").lower(), f"Vary: {answer.headers.get('vary')}"


@check
def ruby_counts_by_the_length_of_an_array():
    for query in ({}, {"role": ["user", "teacher"]}, {"q": "ruby-"}, {"q": "nobody at all"}):
        counted = ruby("GET", USERS + "/count", **query)
        equal(counted.status, 200, counted.text)
        equal(len(counted.json), len(listed(ruby("GET", USERS, limit=1000, **query))), f"count of {query}")
    constant = {"id": NOBODY, "type": "user", "product": "flatEdu", "username": "-", "picture": None}
    equal(ruby("GET", USERS + "/count", q="ruby-a").json, [constant], "elements")


@check
def ruby_updates_and_writes_roles_back():
    equal(ruby("PUT", f"{USERS}/{PEOPLE['e']}", {"organizationRole": "admin"}).json["organizationRole"], "admin",
          "answer")
    roles = {user["id"]: user["organizationRole"] for user in http("GET", f"{USERS}?limit=1000").json}
    equal(roles[PEOPLE["e"]], "accountAdmin", "role that it is")
    equal(ruby("PUT", f"{USERS}/{PEOPLE['a']}", {"firstname": "Ada"}).json["firstname"], "Ada", "first name")


@check
def ruby_makes_links_tokens_invitations_and_credentials():
    answer = ruby("POST", f"{USERS}/{PEOPLE['a']}/signinLink", {"destinationPath": "/"})
    equal(answer.status, 200, answer.text)
    answer = ruby("POST", f"{USERS}/{PEOPLE['a']}/accessToken", {"scopes": ["account.public_profile"]})
    equal(answer.status, 200, answer.text)
    for path, body in (("/organizations/invitations", {"organizationRole": "teacher"}),
                       ("/organizations/lti/credentials", {"name": "Our Sakai", "lms": "sakai"})):
        made = ruby("POST", path, body)
        equal(made.status, 200, made.text)
        assert made.json["id"] in [one["id"] for one in ruby("GET", path).json], f"not in the list of {path}"
        gone = ruby("DELETE", f"{path}/{made.json['id']}")
        equal((gone.status, gone.text), (204, ""), f"removal from {path}")


@check
def ruby_asks_who_it_is_and_removes_users():
    equal(ruby("GET", "/me").json["id"], ADMIN_ID, "id")
    equal(ruby("DELETE", f"{USERS}/{PEOPLE['d']}").status, 204, "status")
    equal(ruby("DELETE", f"{USERS}/{PEOPLE['d']}").status, 404, "status of the second")
    equal(ruby("DELETE", f"{USERS}/{PEOPLE['c']}", convertToIndividual="true").status, 204, "status")


@check
def javascript_lists_with_commas():
    expected = [PEOPLE[name] for name in "ab"]
    for query in ("role=user,teacher", "role=user%2Cteacher", "role=user&role=teacher"):
        equal(listed(http("GET", f"{USERS}?q=ruby-&{query}", headers=JAVASCRIPT)), expected, query)


@check
def php_lists_with_repeated_parameters_and_parses_every_role():
    answer = http("GET", f"{USERS}?role=user&role=teacher&limit=1000", headers=PHP)
    assert set(listed(answer)) >= {PEOPLE["a"], PEOPLE["b"]}, "users are missing"
    roles = {user["id"]: user["organizationRole"] for user in http("GET", f"{USERS}?limit=1000", headers=PHP).json}
    equal(roles[PEOPLE["e"]], "admin", "role of the account administrator")
    answer = http("PUT", f"{USERS}/{PEOPLE['e']}", {"organizationRole": "admin"}, PHP)
    equal((answer.status, answer.json["organizationRole"]), (200, "admin"), "answer")
    roles = {user["id"]: user["organizationRole"] for user in http("GET", f"{USERS}?limit=1000").json}
    equal(roles[PEOPLE["e"]], "accountAdmin", "role that it is")


@check
def every_spelling_of_a_list_means_the_same():
    spellings = ("{0}={1}&{0}={2}", "{0}[]={1}&{0}[]={2}", "{0}%5B%5D={1}&{0}%5B%5D={2}", "{0}[0]={1}&{0}[1]={2}",
                 "{0}%5B0%5D={1}&{0}%5B1%5D={2}", "{0}={1},{2}", "{0}={1}%2C{2}")
    for name, values in (("role", ("user", "teacher")), ("sort", ("lastname", "firstname")),
                         ("group", (NOBODY, NOBODY[:-1] + "1")),
                         ("licenseExpirationDate", ("active", "2030-01-31"))):
        answers = [listed(http("GET", f"{USERS}?limit=1000&{spelling.format(name, *values)}", headers=RUBY))
                   for spelling in spellings]
        for spelling, answer in zip(spellings, answers):
            equal(answer, answers[0], spelling.format(name, *values))
    same_elements(listed(http("GET", f"{USERS}?q=ruby-&role[0]=user&role[1]=teacher")),
                  [PEOPLE[name] for name in "ab"], "roles")


if __name__ == "__main__":
    main()
