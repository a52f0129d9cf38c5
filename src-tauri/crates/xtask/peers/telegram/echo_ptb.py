"""`cargo xtask bench telegram`: as many bots of python-telegram-bot as there are tokens, each saying again what is
said to it."""

import asyncio

from telegram.ext import Application, MessageHandler, filters
from told import told


async def again(update, context):
    await update.message.reply_text(update.message.text)


async def main():
    api, tokens = told()
    for token in tokens:
        builder = Application.builder().token(token)
        application = builder.base_url(f"{api}/bot").base_file_url(f"{api}/file/bot").build()
        application.add_handler(MessageHandler(filters.TEXT, again))
        await application.initialize()
        await application.start()
        await application.updater.start_polling()
    await asyncio.Event().wait()


asyncio.run(main())
