"""A school of invented people, with names of twelve languages; the same people for the same number."""

import dataclasses
import random

from faker import Faker

from fold import fold, trim

LOCALES = ("ar_AA", "zh_CN", "cs_CZ", "fr_FR", "de_DE", "el_GR", "hi_IN", "ja_JP", "pl_PL", "es_ES", "tr_TR",
           "vi_VN")
SEED = 20260301


@dataclasses.dataclass
class Person:
    """Our own copy of an account, with the fields as they were sent."""

    username: str
    firstname: str | None
    lastname: str | None
    email: str | None
    role: str
    id: str = ""
    active: int = 0

    def stored(self, field):
        """What the server keeps of a text: trimmed, and nothing for what is empty."""
        return trim(getattr(self, field) or "") or None

    def folded(self, field):
        return fold(getattr(self, field) or "")


class School:
    """Invents people whose usernames and addresses are all different once folded."""

    def __init__(self):
        self.random = random.Random(SEED)
        self.fakers = {}
        for number, locale in enumerate(LOCALES):
            self.fakers[locale] = Faker(locale)
            self.fakers[locale].seed_instance(SEED + number)
        self.taken = set()

    def people(self, number):
        return [self.person(LOCALES[n % len(LOCALES)]) for n in range(number)]

    def person(self, locale):
        fake = self.fakers[locale]
        first, last = fake.first_name()[:60], fake.last_name()[:60]
        role = self.random.choices(("user", "teacher", "accountAdmin"), (85, 13, 2))[0]
        email = self.email(fake) if role != "user" or self.random.random() < 0.4 else None
        username = self.username(fake, first, last)
        return Person(username, self.odd(first), self.odd(last), email, role)

    def username(self, fake, first, last):
        """Half of them as generated in ASCII, half from the name in its own script."""
        name = fake.user_name() if self.random.random() < 0.5 else f"{first}.{last}"
        return self.unlike_others("".join(c for c in name if c.isprintable() and not c.isspace()))

    def unlike_others(self, name):
        """The name, cut and numbered so that it fits 30 characters and nobody has it."""
        candidate, number = name[:30], 1
        while not fold(candidate) or fold(candidate) in self.taken:
            number += 1
            candidate = f"{name[:30 - len(str(number))]}{number}"
        self.taken.add(fold(candidate))
        return candidate

    def email(self, fake):
        local, number = fake.user_name()[:40], 1
        address = f"{local}@school.example"
        while fold(address) in self.taken:
            number += 1
            address = f"{local}{number}@school.example"
        self.taken.add(fold(address))
        return address

    def odd(self, name):
        """Names as they come out of spreadsheets: some missing, some with white space too much."""
        dice = self.random.random()
        if dice < 0.03:
            return None
        if dice < 0.04:
            return f"  {name}\u3000"
        if dice < 0.05:
            return f"\t{name}\u00a0 {name}"[:60]
        return name
