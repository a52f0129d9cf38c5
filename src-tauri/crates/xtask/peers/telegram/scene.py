"""What every Python client of `cargo xtask telegram-clients` needs: the people (the fake's second port), the
steps and how they are told. A line of JSON tells each step: what it is about, and what went wrong."""

import asyncio
import json
import os
import urllib.error
import urllib.request

PATIENCE = 20
KINDS = [
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "chat_member",
    "message_reaction",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
]


class Scene:
    def __init__(self):
        self.api = os.environ["API"]
        self._control = os.environ["CONTROL"]
        self._heard = []
        self._came = asyncio.Event()

    def ask(self, verb, **given):
        """Asks the people, or the world, to do something."""
        body = json.dumps(given).encode()
        request = urllib.request.Request(f"{self._control}/{verb}", body, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()) from None

    def hear(self, kind, update):
        """An update came to a handler of the client."""
        self._heard.append((kind, update))
        self._came.set()

    async def until(self, kind, fits=lambda update: True):
        """Waits for an update that no one waited for yet."""
        while True:
            for at, (heard, update) in enumerate(self._heard):
                if heard == kind and fits(update):
                    del self._heard[at]
                    return update
            self._came.clear()
            await self._came.wait()

    async def step(self, about, doing, right=lambda result: True):
        """Does something, and tells how it went. Nothing comes back where it failed."""
        try:
            result = await asyncio.wait_for(doing, PATIENCE)
            if not right(result):
                raise AssertionError(f"not as it should be: {result!r}")
        except Exception as error:  # Whatever a client raises is what we are here to see.
            tell(about, error)
            return None
        tell(about)
        return result

    async def update(self, kind, fits=lambda update: True):
        """Waits for an update, and tells."""
        return await self.step(f"update {kind}", self.until(kind, fits))

    async def refused(self, about, doing, kind, says):
        """Does something that the server must refuse, and sees that the client knows why."""
        try:
            await asyncio.wait_for(doing, PATIENCE)
        except kind as error:
            right = says(error) if callable(says) else says.lower() in str(error).lower()
            tell(about, None if right else error)
            return
        except Exception as error:
            tell(about, error)
            return
        tell(about, "it was not refused")

    def described(self):
        """Tells what of all that was called does not fit the Bot API's description."""
        wrong = self.ask("violations")
        tell("the description", "; ".join(wrong) if wrong else None)


def tell(about, error=None):
    line = {"about": about}
    if error is not None:
        line["error"] = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    print(json.dumps(line), flush=True)
