"""A mail server for tests: takes every mail and prints it to standard output as a line of JSON.

    smtp_sink.py [--tls implicit|starttls --certificate FILE --key FILE] [--user NAME --password WORD]

Listens on a free port of 127.0.0.1; the first line tells it: {"port": 2525}. What it does with a mail is asked for by
the name before the @ of its recipient:

    refused…   550, always          busy…     451 the first time
    relayed…   554 5.7.1, the first time
    broken…    hangs up in the middle of DATA, the first time
    slow…      answers after a second         silent…   never answers
    parting…   never answers to QUIT
"""

import argparse
import asyncio
import email
import email.policy
import json
import ssl

from aiosmtpd.smtp import SMTP, AuthResult


def show(**what):
    print(json.dumps(what), flush=True)


class Sink:
    def __init__(self):
        self.met = set()

    def is_first(self, address):
        known = address in self.met
        self.met.add(address)
        return not known

    async def handle_MAIL(self, server, session, envelope, address, options):
        if address.startswith("refused"):
            return "550 5.1.8 who are you"
        envelope.mail_from = address
        return "250 2.1.0 fine"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused"):
            return f"550 5.1.1 <{address}> is unknown here"
        if address.startswith("relayed") and self.is_first(address):
            return "554 5.7.1 relay access denied"
        if address.startswith("busy") and self.is_first(address):
            return "451 4.7.1 try again later"
        if address.startswith("slow"):
            await asyncio.sleep(1)
        if address.startswith("silent"):
            await asyncio.sleep(3600)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}
        show(envelope_from=envelope.mail_from, to=envelope.rcpt_tos, subject=message["Subject"],
             text=parts.get("text/plain", ""), html=parts.get("text/html", ""),
             headers=[[name, str(value)] for name, value in message.items()],
             encrypted=server.transport.get_extra_info("ssl_object") is not None, signed_in=bool(session.authenticated))
        return "250 2.0.0 taken"


class Server(SMTP):
    clings = False

    async def smtp_QUIT(self, arg):
        if self.clings:
            await asyncio.sleep(3600)
        await super().smtp_QUIT(arg)

    async def smtp_DATA(self, arg):
        for address in self.envelope.rcpt_tos:
            self.clings |= address.startswith("parting")
            if address.startswith("broken") and self.event_handler.is_first(address):
                await self.push("354 go on")
                await self._reader.readline()
                self.transport.abort()
                return
        await super().smtp_DATA(arg)


def authenticator(user, password):
    def check(server, session, envelope, mechanism, data):
        right = (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=right, handled=False)
    return check


async def main():
    parser = argparse.ArgumentParser()
    for name in ("tls", "certificate", "key", "user", "password"):
        parser.add_argument(f"--{name}")
    args = parser.parse_args()
    context = None
    if args.tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(args.certificate, args.key)
    sink, settings = Sink(), {"enable_SMTPUTF8": True, "hostname": "sink.example"}
    if args.user:
        settings |= {"authenticator": authenticator(args.user, args.password), "auth_required": True,
                     "auth_require_tls": args.tls == "starttls"}
    if args.tls == "starttls":
        settings |= {"tls_context": context, "require_starttls": True}
    implicit = context if args.tls == "implicit" else None
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Server(sink, loop=loop, **settings), "127.0.0.1", 0, ssl=implicit)
    show(port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


asyncio.run(main())
