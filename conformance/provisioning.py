"""A school is set up as an integrator would do it, and compared with what Python computes from its own copy.

`--people N` accounts with names of twelve languages are created by flat-api 2.0.4 from eight threads; some are
updated, some invited, some removed; and all are listed in every sort and direction, page by page forwards and
back, searched and counted. Every list must be the one that Python computes.
"""

import argparse
import concurrent.futures
import itertools
import threading
import time

import flat_api

from checks import BASE, TOKEN, checking, equal, finish
from fold import fold
from paging import ids, walk
from people import SEED, School

THREADS = 8
PASSWORD = "correct horse battery staple"
PAGE = 97  # divides neither 500 nor 5,000
ROLES = ["user", "teacher", "accountAdmin"]  # everybody but the administrator, who is active all the time
NAME_SORTS = [(), ("firstname",), ("lastname",), ("lastname", "firstname"), ("firstname", "lastname")]
OTHER_SORTS = [("lastActivityDate",), ("licenseExpirationDate",), ("lastActivityDate", "lastname"),
               ("licenseExpirationDate", "firstname")]
_local = threading.local()


def api():
    """The operations of the organization; one client for each thread."""
    if not hasattr(_local, "api"):
        _local.api = connect(TOKEN)[0]
    return _local.api


def connect(token):
    client = flat_api.FlatClient(access_token=token, base_url=BASE).api_client
    return flat_api.OrganizationApi(client), flat_api.AccountApi(client)


def all_at_once(what, function, items):
    """Calls the function for every item from eight threads, and says how fast it went."""
    start = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        results = list(pool.map(function, items))
    seconds = time.monotonic() - start
    print(f"{what}: {len(results)} in {seconds:.1f} s, {len(results) / max(seconds, 0.001):.0f} a second", flush=True)
    return results


def compare(user, person):
    """An account as the server shows it must be the one of our copy."""
    for field in ("username", "firstname", "lastname", "email"):
        equal(getattr(user, field), person.stored(field), f"{field} of {person.id}")
    equal(user.organization_role.value, person.role, f"role of {person.id}")
    names = " ".join(filter(None, (person.stored("firstname"), person.stored("lastname"))))
    equal(user.printable_name, names or person.stored("username"), f"printable name of {person.id}")


def same_order(found, expected, people):
    """Two lists of ids must be equal; else says where they part, and what is missing or too much."""
    if found == expected:
        return
    names = {person.id: f"{person.username!r} {person.firstname!r} {person.lastname!r}" for person in people}
    lines = [f"{len(found)} found, {len(expected)} expected"]
    lines += [f"missing: {id} {names.get(id)}" for id in expected if id not in set(found)][:5]
    lines += [f"too much: {id} {names.get(id)}" for id in found if id not in set(expected)][:5]
    lines += [f"twice: {id} {names.get(id)}" for id in {id for id in found if found.count(id) > 1}][:5]
    pairs = enumerate(itertools.zip_longest(found, expected))
    place = next(n for n, (left, right) in pairs if left != right)
    for n in range(max(0, place - 1), place + 3):
        pair = [names.get(row[n], row[n]) if n < len(row) else "the end" for row in (found, expected)]
        lines.append(f"at {n}: found {pair[0]}, expected {pair[1]}")
    raise AssertionError("\n".join(lines))


class Run:
    """The steps, in order; `self.people` is our own copy of the organization."""

    def __init__(self, number):
        self.school = School()
        self.random = self.school.random
        self.people = self.school.people(number)
        self.number = number

    def sample(self, share, among=None):
        among = self.people if among is None else among
        return self.random.sample(among, max(1, min(len(among), int(self.number * share))))

    def create(self):
        def one(person):
            fields = {"firstname": person.firstname, "lastname": person.lastname, "email": person.email}
            user = api().create_organization_user(flat_api.UserCreation(
                username=person.username, password=PASSWORD, role=person.role,
                **{name: value for name, value in fields.items() if value is not None}))
            person.id = user.id
            compare(user, person)
        all_at_once("created", one, self.people)
        equal(len({person.id for person in self.people}), len(self.people), "different ids")

    def refuse_taken(self):
        """Usernames of people who are there, in other letters, are refused."""
        def one(person):
            try:
                api().create_organization_user(flat_api.UserCreation(
                    username=self.disguised(person.username), password=PASSWORD))
            except flat_api.FlatError as error:
                equal(error.status, 409, f"status for {self.disguised(person.username)!r}")
            else:
                raise AssertionError(f"{self.disguised(person.username)!r} is free where {person.username!r} is taken")
        all_at_once("refused", one, self.sample(0.05))

    def disguised(self, text):
        """The same text for the fold: in capitals where these fold back and still fit."""
        capitals = text.upper()
        return capitals if fold(capitals) == fold(text) and len(capitals) <= 30 else text

    def update(self):
        def one(numbered):
            number, person = numbered
            if number % 2:
                person.lastname = f"{person.lastname or 'Ng'} Łęcki"[:60]
                person.firstname = ""
                sent = {"lastname": person.lastname, "firstname": ""}
            else:
                person.role = "teacher"
                person.username = renamed[person.id]
                sent = {"organization_role": "teacher", "username": person.username}
            compare(api().update_organization_user(person.id, flat_api.UserAdminUpdate(**sent)), person)
        chosen = self.sample(0.1)
        renamed = {person.id: self.school.unlike_others(f"neu.{person.username}") for person in chosen}
        all_at_once("updated", one, list(enumerate(chosen)))

    def give_addresses(self):
        def one(pair):
            person, address = pair
            person.email = address
            compare(api().update_organization_user(person.id, flat_api.UserAdminUpdate(email=address)), person)
        chosen = self.sample(0.02, [person for person in self.people if not person.email])
        fake = self.school.fakers["pl_PL"]
        all_at_once("given an address", one, [(person, self.school.email(fake)) for person in chosen])

    def use_accounts(self):
        """Some people call the API themselves, which is what `lastActivityDate` shows."""
        def one(person):
            token = api().create_organization_user_access_token(
                person.id, flat_api.OrganizationUserAccessTokenCreation(scopes=["account.public_profile"]))
            equal(connect(token.token)[1].get_authenticated_user().id, person.id, "caller")
        chosen = self.sample(0.06)
        before = int(time.time()) // 60 * 60
        all_at_once("active", one, chosen)
        awaited = {person.id: person for person in chosen}
        deadline = time.monotonic() + 15
        while True:
            dates = {user.id: user.last_activity_date for user in self.listed(role=ROLES)}
            seen = {id for id, date in dates.items() if date}
            if seen == set(awaited) or time.monotonic() > deadline:
                break
            time.sleep(0.5)
        equal(seen, set(awaited), "who was active")
        for person in chosen:
            person.active = int(dates[person.id].timestamp())
            assert person.active % 60 == 0 and before <= person.active <= time.time(), dates[person.id]

    def listed(self, **filters):
        """The whole list in pages of 1,000."""
        return list(flat_api.paginate(api().list_organization_users_with_http_info, limit=1000, **filters))

    def sorted(self, sort, direction):
        def key(person):
            keys = [person.active if name == "lastActivityDate" else 0 if name == "licenseExpirationDate"
                    else person.folded(name).encode() for name in sort]
            return (*keys, person.id)
        return [person.id for person in sorted(self.people, key=key, reverse=direction == "desc")]

    def list_in(self, sort, direction):
        parameters = {"limit": PAGE, "role": ROLES}
        if sort:
            parameters["sort"] = ",".join(sort)
        if direction:
            parameters["direction"] = direction
        pages = walk(api().list_organization_users_with_http_info, **parameters)
        lengths = [len(page) for page in pages]
        assert all(length == PAGE for length in lengths[:-1]) and lengths[-1] > 0, f"lengths of pages: {lengths}"
        same_order(ids(pages), self.sorted(sort, direction), self.people)

    def list_whole(self):
        people = {person.id: person for person in self.people}
        users = self.listed(role=ROLES)
        same_order([user.id for user in users], sorted(people), self.people)
        for user in users:
            compare(user, people[user.id])
        equal(len(self.listed()), len(people) + 1, "users with the administrator")
        equal([user.id for user in self.listed(role=ROLES, only_ids=True)], sorted(people), "only ids")

    def list_by_role(self):
        for roles in (["user"], ["teacher"], ["accountAdmin"], ["teacher", "accountAdmin"]):
            expected = sorted(person.id for person in self.people if person.role in roles)
            same_order([user.id for user in self.listed(role=roles)], expected, self.people)
            equal(api().count_orga_users(role=roles), len(expected), f"count of {roles}")

    def queries(self):
        """Words and pieces of words of the people themselves, in other letters, several, and none that fits."""
        fields = ("username", "firstname", "lastname", "email")
        for person in self.sample(0.1 if self.number < 1000 else 0.02):
            words = [word for field in fields for word in (person.stored(field) or "").split()]
            word = self.random.choice(words)
            start = self.random.randrange(len(word))
            yield word
            yield word.upper()
            yield fold(word)
            yield word[start:start + self.random.choice((1, 1, 2, 3))]
            yield " ".join(self.random.choice(words) for _ in range(self.random.randint(2, 4)))
            yield f"{self.random.choice(words)} {self.random.choice(words)[:2]}"
        yield from ("@", ".", "school.example", "lecki", "ŁĘCKI", "%", "_", "'", '"', "*", "nobody is called so")

    def search(self):
        asked = sorted({q for q in self.queries() if fold(q) and len(q) <= 200 and len(q.split()) <= 10})

        def one(q):
            words = fold(q).split(" ")
            expected = sorted(
                person.id for person in self.people
                if all(any(word in text for text in folded[person.id]) for word in words))
            try:
                found = [user.id for user in
                         flat_api.paginate(api().list_organization_users_with_http_info, limit=1000, q=q, role=ROLES,
                                           only_ids=True)]
                same_order(found, expected, self.people)
                equal(api().count_orga_users(q=q, role=ROLES), len(expected), "count")
            except AssertionError as error:
                raise AssertionError(f"q={q!r}: {error}") from None
            return len(expected)
        folded = {person.id: [person.folded(field) for field in ("username", "firstname", "lastname", "email")]
                  for person in self.people}
        hits = all_at_once("searched", one, asked)
        assert any(hits) and not all(hits), "the queries find something always, or never"

    def invite(self):
        """New addresses get an invitation, members the role; the list holds both, in the order of creation."""
        fake, expected = self.school.fakers["de_DE"], []
        for _ in range(max(1, self.number // 50)):
            address = self.school.email(fake)
            made = api().create_organization_invitation(flat_api.OrganizationInvitationCreation(email=address))
            equal((made.email, made.organization_role.value, made.used_by), (address, "teacher", []), "invitation")
            expected.append(made.id)
        for person in self.sample(0.02, [person for person in self.people if person.email]):
            named = self.random.choice(("teacher", "accountAdmin"))
            # flat-api sends `teacher` where the script names no role, so from it an invitation never lowers.
            person.role = max(named, person.role, key=ROLES.index)
            used = api().create_organization_invitation(flat_api.OrganizationInvitationCreation(
                email=person.email.upper(), organization_role=named))
            equal((used.used_by, used.organization_role.value), ([person.id], person.role), "invitation of a member")
            expected.append(used.id)
        pages = walk(api().list_organization_invitations_with_http_info, limit=7)
        equal(ids(pages), expected, "invitations")
        print(f"invited: {len(expected)}", flush=True)

    def count(self):
        equal(api().count_orga_users(), len(self.people) + 1, "everybody")
        equal(api().count_orga_users(role=ROLES), len(self.people), "everybody but the administrator")
        equal(api().count_orga_users(no_active_license=True, role=ROLES), len(self.people), "without a licence")

    def remove(self):
        gone = self.sample(0.2)
        all_at_once("removed", lambda person: api().remove_organization_user(person.id), gone)
        lost = {person.id for person in gone}
        self.people = [person for person in self.people if person.id not in lost]
        back = gone[:max(1, len(gone) // 10)]  # their usernames and addresses are free again
        for person in back:
            person.id, person.active = "", 0
        everybody, self.people = self.people, back
        self.create()
        self.people = everybody + back


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=500, help="how many accounts are made (default: 500)")
    people = parser.parse_args().people
    run = Run(people)
    print(f"{people} people, seed {SEED}", flush=True)
    steps(run)
    finish()


def steps(run):
    with checking("people of twelve languages are created as they were sent"):
        run.create()
    if not all(person.id for person in run.people):
        return  # nothing that follows would say more
    for name, step in (
            ("the list holds everybody as created", run.list_whole),
            ("usernames that are taken are refused whatever case and accents", run.refuse_taken),
            ("updates change what they name", run.update),
            ("people without an address are given one", run.give_addresses),
            ("invitations make guests, and set the role of members", run.invite),
            ("the last activity of people is shown to the minute", run.use_accounts),
            ("the list holds everybody as updated", run.list_whole),
            ("roles filter and count", run.list_by_role),
            ("the count is the number of people", run.count),
            ("searches find what a substring of the fold finds", run.search)):
        with checking(name):
            step()
    lists(run, "")
    for name, step in (
            ("removed people are gone and their names are free", run.remove),
            ("the list holds everybody who is left", run.list_whole),
            ("the count is the number of those who are left", run.count),
            ("searches find nobody who was removed", run.search)):
        with checking(name):
            step()
    lists(run, " after removals")


def lists(run, when):
    """Every sort in every direction, page by page forwards and back."""
    start, pages = time.monotonic(), 0
    for sort in NAME_SORTS + OTHER_SORTS:
        for direction in (None, "asc", "desc"):
            name = " then ".join(sort) or "the order of creation"
            with checking(f"pages by {name} {direction or 'without a direction'} are those that Python computes{when}"):
                run.list_in(sort, direction)
            pages += 2 * (len(run.people) // PAGE + 1)
    seconds = time.monotonic() - start
    print(f"listed{when}: {pages} pages in {seconds:.1f} s, {pages / seconds:.0f} a second", flush=True)


if __name__ == "__main__":
    main()
