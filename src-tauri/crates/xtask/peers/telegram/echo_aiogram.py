"""`cargo xtask bench telegram`: as many aiogram bots as there are tokens, each saying again what is said to it."""

import asyncio
import ssl

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from told import told


async def main():
    api, tokens = told()
    # aiogram trusts certifi's certificates alone; the stand-in's is in SSL_CERT_FILE.
    trusted = ssl.create_default_context()
    bots = []
    for token in tokens:
        session = AiohttpSession(api=TelegramAPIServer.from_base(api))
        session._connector_init["ssl"] = trusted
        bots.append(Bot(token, session=session))
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def again(message):
        await message.answer(message.text)

    await dispatcher.start_polling(*bots, handle_signals=False)


asyncio.run(main())
