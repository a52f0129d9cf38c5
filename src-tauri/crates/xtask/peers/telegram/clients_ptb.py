"""python-telegram-bot against the fake Bot API server: everything a bot of ours does, by a client that nobody
here wrote."""

import asyncio
import logging

from scene import KINDS, Scene
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaDocument,
    InputMediaPhoto,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
)
from telegram.ext import Application, TypeHandler


def keyboard(*labels):
    row = [InlineKeyboardButton(label, callback_data=f"data-{label}") for label in labels]
    return InlineKeyboardMarkup([row])


def bot_of(scene, token):
    return Bot(token, base_url=f"{scene.api}/bot", base_file_url=f"{scene.api}/file/bot")


async def main():
    logging.disable(logging.CRITICAL)
    scene = Scene()
    step, ask, update = scene.step, scene.ask, scene.update
    made = ask("bot", name="Shop", username="shop_bot", reads_all=True)
    anna = ask("user", name="Anna")["id"]
    here = {"bot": made["id"], "user": anna}
    builder = Application.builder().token(made["token"])
    builder = builder.base_url(f"{scene.api}/bot").base_file_url(f"{scene.api}/file/bot")
    application = builder.build()
    bot = application.bot
    await application.initialize()

    async def hear(update, context):
        for kind in KINDS:
            if getattr(update, kind) is not None:
                scene.hear(kind, getattr(update, kind))

    application.add_handler(TypeHandler(Update, hear))
    await account(scene, bot, made)
    await application.start()
    await application.updater.start_polling(allowed_updates=KINDS)
    ask("start", **here, payload="abc")
    await update("message", lambda m: m.text == "/start abc" and m.entities[0].type == "bot_command")
    await incoming(scene, bot, here)
    await sending(scene, bot, anna, here)
    await media(scene, bot, anna)
    await groups(scene, bot, made, anna)
    await business(scene, bot, made, anna)
    await errors(scene, bot, made, anna, here)
    await application.updater.stop()
    await application.stop()
    other = bot_of(scene, made["token"])
    first = asyncio.create_task(bot.get_updates(timeout=10))
    while not ask("polls", bot=made["id"]):
        await asyncio.sleep(0.01)
    await step("getUpdates", other.get_updates(timeout=0))
    await scene.refused("error 409", first, Conflict, "other getUpdates request")
    scene.described()
    ask("revoke", bot=made["id"])
    await scene.refused("error 401", bot.get_me(), InvalidToken, "")
    await application.shutdown()


async def account(scene, bot, made):
    step = scene.step
    await step("getMe", bot.get_me(), lambda me: me.id == made["id"] and me.username == "shop_bot")
    commands = (BotCommand("help", "What I can do"),)
    await step("setMyCommands", bot.set_my_commands(commands, language_code="en"))
    await step("getMyCommands", bot.get_my_commands(language_code="en"), lambda got: got == commands)
    await step("deleteMyCommands", bot.delete_my_commands(language_code="en"))
    await step("setMyName", bot.set_my_name("Bicycle shop"))
    await step("getMyName", bot.get_my_name(), lambda got: got.name == "Bicycle shop")
    await step("setMyDescription", bot.set_my_description("We mend bicycles"))
    await step(
        "getMyDescription", bot.get_my_description(), lambda got: got.description == "We mend bicycles"
    )
    await step("setMyShortDescription", bot.set_my_short_description("Bicycles"))
    await step(
        "getMyShortDescription",
        bot.get_my_short_description(),
        lambda got: got.short_description == "Bicycles",
    )
    url = "https://shop.example/hook"
    await step("setWebhook", bot.set_webhook(url, secret_token="secret-1", allowed_updates=["message"]))
    await step(
        "getWebhookInfo",
        bot.get_webhook_info(),
        lambda got: got.url == url and tuple(got.allowed_updates) == ("message",),
    )
    await scene.refused("error 409", bot.get_updates(), Conflict, "webhook is active")
    await step("deleteWebhook", bot.delete_webhook())
    await scene.refused("error 400", bot.set_webhook("http://shop.example"), BadRequest, "HTTPS URL")


async def content(bot, file):
    """What is in a file, however long the way to it."""
    return bytes(await (await bot.get_file(file)).download_as_bytearray())


async def incoming(scene, bot, here):
    ask, update, step = scene.ask, scene.update, scene.step
    said = ask("say", **here, text="Where is https://shop.example?")["message"]
    await update("message", lambda m: m.message_id == said and m.entities[0].type == "url")
    ask("edit", **here, message=said, text="Where?")
    await update("edited_message", lambda m: m.text == "Where?" and m.edit_date)
    ask("say", **here, text="This", reply_to=said)
    await update("message", lambda m: m.reply_to_message and m.reply_to_message.message_id == said)
    file = {"kind": "document", "name": "list.txt", "text": "tyre 40"}
    ask("say", **here, text="my list", file=file)
    got = await update("message", lambda m: m.document and m.caption == "my list")
    await step("getFile", bot.get_file(got.document.file_id), lambda f: f.file_size == 7)
    await step("download", content(bot, got.document), lambda bytes: bytes == b"tyre 40")
    ask("say", **here, file={"kind": "photo", "size": 5000})
    got = await update("message", lambda m: m.photo)
    await step("download", content(bot, got.photo[-1]), lambda bytes: len(bytes) == 5000)
    ask("say", **here, file={"kind": "voice", "size": 100, "seconds": 3})
    await update("message", lambda m: m.voice and m.voice.duration == 3)
    ask("say", **here, file={"kind": "video", "size": 100, "seconds": 4})
    await update("message", lambda m: m.video and m.video.duration == 4)
    ask("say", **here, location=[52.5, 13.4])
    await update("message", lambda m: m.location and m.location.latitude == 52.5)
    ask("say", **here, contact="+4912345")
    await update("message", lambda m: m.contact and m.contact.phone_number == "+4912345")
    ask("album", **here, files=[{"file": {"kind": "photo", "size": 10}, "text": "two"}, {"file": {"kind": "photo", "size": 11}}])
    first = await update("message", lambda m: m.media_group_id and m.caption == "two")
    await update("message", lambda m: m.media_group_id == first.media_group_id)
    big = ask("say", **here, file={"kind": "document", "name": "big.bin", "size": 20 * 1024 * 1024 + 1})
    got = await update("message", lambda m: m.message_id == big["message"])
    await scene.refused("error 400", bot.get_file(got.document.file_id), BadRequest, "file is too big")


async def sending(scene, bot, anna, here):
    step, ask, update = scene.step, scene.ask, scene.update
    marks = [
        MessageEntity("bold", 0, 2),
        MessageEntity("text_link", 3, 4, url="https://shop.example/"),
    ]
    sent = await step(
        "sendMessage",
        bot.send_message(
            anna, "🚲 shop", entities=marks, link_preview_options=LinkPreviewOptions(is_disabled=True)
        ),
        lambda m: [mark.type for mark in m.entities] == ["bold", "text_link"],
    )
    await step(
        "sendMessage",
        bot.send_message(
            anna,
            "<b>bold</b> <a href='https://shop.example'>link</a> <pre><code class='language-rust'>fn</code></pre>",
            parse_mode="HTML",
            reply_parameters=ReplyParameters(sent.message_id),
        ),
        lambda m: m.reply_to_message.message_id == sent.message_id
        and [mark.type for mark in m.entities] == ["bold", "text_link", "pre"],
    )
    await step(
        "sendMessage",
        bot.send_message(anna, r"*bold* \. `code`", parse_mode="MarkdownV2"),
        lambda m: m.text == "bold . code",
    )
    asked = await step(
        "sendMessage", bot.send_message(anna, "Which?", reply_markup=keyboard("Bike", "Tyre"))
    )
    tapped = ask("tap", **here, message=asked.message_id, label="Tyre")
    query = await update("callback_query", lambda q: q.data == "data-Tyre" and q.id == tapped)
    await step("answerCallbackQuery", bot.answer_callback_query(query.id, text="A tyre"))
    await scene.refused("error 400", bot.answer_callback_query(query.id), BadRequest, "query is too old")
    await step(
        "editMessageText",
        bot.edit_message_text("Chosen", chat_id=anna, message_id=asked.message_id, reply_markup=keyboard("Back")),
        lambda m: m.text == "Chosen" and m.edit_date,
    )
    await step(
        "editMessageReplyMarkup",
        bot.edit_message_reply_markup(chat_id=anna, message_id=asked.message_id, reply_markup=None),
        lambda m: m.reply_markup is None,
    )
    await scene.refused(
        "error 400",
        bot.edit_message_text("Chosen", chat_id=anna, message_id=asked.message_id),
        BadRequest,
        "message is not modified",
    )
    await step("sendChatAction", bot.send_chat_action(anna, "typing"))
    await step("sendMessageDraft", bot.send_message_draft(anna, 1, "Being wri"))
    await step("copyMessage", bot.copy_message(anna, anna, sent.message_id))
    await step("setMessageReaction", bot.set_message_reaction(anna, sent.message_id, "👍"))
    ask("react", **here, message=sent.message_id, emoji="🔥")
    await update("message_reaction", lambda r: r.new_reaction[0].emoji == "🔥")
    await step("sendLocation", bot.send_location(anna, 52.5, 13.4), lambda m: m.location.longitude == 13.4)
    await step("sendContact", bot.send_contact(anna, "+49123", "Shop"), lambda m: m.contact.first_name == "Shop")
    await step("deleteMessage", bot.delete_message(anna, asked.message_id))
    await step("deleteMessages", bot.delete_messages(anna, [sent.message_id, 999_999]))
    await scene.refused(
        "error 400", bot.delete_message(anna, asked.message_id), BadRequest, "message to delete not found"
    )


async def media(scene, bot, anna):
    step = scene.step

    def file(name, size=100):
        return InputFile(b"x" * size, name)

    photo = await step("sendPhoto", bot.send_photo(anna, file("a.jpg"), caption="<i>one</i>", parse_mode="HTML"), lambda m: m.caption == "one" and len(m.photo) == 3)
    await step(
        "editMessageCaption",
        bot.edit_message_caption(chat_id=anna, message_id=photo.message_id, caption="two"),
        lambda m: m.caption == "two",
    )
    sent = await step("sendDocument", bot.send_document(anna, file("прайс.txt", 7)), lambda m: m.document.file_name == "прайс.txt")
    await step("download", content(bot, sent.document), lambda bytes: bytes == b"x" * 7)
    await step("sendDocument", bot.send_document(anna, sent.document.file_id), lambda m: m.document.file_size == 7)
    await step("sendVoice", bot.send_voice(anna, file("a.ogg"), duration=2), lambda m: m.voice.duration == 2)
    await step("sendVideo", bot.send_video(anna, file("a.mp4"), duration=2), lambda m: m.video.width)
    await step("sendAudio", bot.send_audio(anna, file("a.mp3"), duration=2), lambda m: m.audio.file_name == "a.mp3")
    # The client makes an upload of bytes itself: an InputFile inside an album is to be attached.
    await step(
        "sendMediaGroup",
        bot.send_media_group(anna, [InputMediaPhoto(b"x" * 100, caption="both"), InputMediaPhoto(photo.photo[-1].file_id)]),
        lambda got: len(got) == 2 and got[0].media_group_id == got[1].media_group_id and got[0].caption == "both",
    )
    await scene.refused(
        "error 400",
        bot.send_media_group(anna, [InputMediaPhoto(b"x" * 100), InputMediaDocument(b"x" * 100)]),
        BadRequest,
        "",
    )


async def groups(scene, bot, made, anna):
    step, ask, update = scene.step, scene.ask, scene.update
    staff = ask("group", bot=made["id"], user=anna, title="Staff", forum=True)["id"]
    await update("my_chat_member", lambda c: c.new_chat_member.status == "administrator" and c.chat.is_forum)
    topic = await step("createForumTopic", bot.create_forum_topic(staff, "Order 1"), lambda t: t.name == "Order 1")
    thread = topic.message_thread_id
    await step("sendMessage", bot.send_message(staff, "in it", message_thread_id=thread), lambda m: m.is_topic_message and m.message_thread_id == thread)
    ask("say", group=staff, user=anna, text="on it", topic=thread)
    await update("message", lambda m: m.text == "on it" and m.message_thread_id == thread)
    await step("editForumTopic", bot.edit_forum_topic(staff, thread, name="Order 1, paid"))
    await step("closeForumTopic", bot.close_forum_topic(staff, thread))
    await step("reopenForumTopic", bot.reopen_forum_topic(staff, thread))
    ask("delete_topic", group=staff, topic=thread)
    await scene.refused("error 400", bot.send_message(staff, "lost", message_thread_id=thread), BadRequest, "message thread not found")
    other = await bot.create_forum_topic(staff, "Order 2")
    await step("deleteForumTopic", bot.delete_forum_topic(staff, other.message_thread_id))
    await step("getChat", bot.get_chat(staff), lambda c: c.title == "Staff" and c.is_forum)
    await step("getChatMember", bot.get_chat_member(staff, anna), lambda m: m.status == "creator")
    await step("getChatMemberCount", bot.get_chat_member_count(staff), lambda n: n == 2)
    await step("getChatAdministrators", bot.get_chat_administrators(staff), lambda got: len(got) == 2)
    bob = ask("user", name="Bob")["id"]
    ask("rank", group=staff, user=bob, rank="member", by=anna)
    await update("chat_member", lambda c: c.new_chat_member.status == "member")
    await update("message", lambda m: m.new_chat_members)
    await step("banChatMember", bot.ban_chat_member(staff, bob))
    await step("unbanChatMember", bot.unban_chat_member(staff, bob))
    await step("leaveChat", bot.leave_chat(staff))
    await scene.refused("error 403", bot.send_message(staff, "?"), Forbidden, "not a member")
    small = ask("group", bot=made["id"], user=anna, title="Small")["id"]
    large = ask("migrate", group=small)["id"]
    await update("message", lambda m: m.migrate_to_chat_id == large)
    await update("message", lambda m: m.migrate_from_chat_id == small)
    await scene.refused("error 400", bot.send_message(small, "?"), ChatMigrated, lambda e: e.new_chat_id == large)


async def business(scene, bot, made, anna):
    step, ask, update = scene.step, scene.ask, scene.update
    olga = ask("user", name="Olga")["id"]
    made = ask("business", bot=made["id"], user=olga)
    id, there = made["id"], {"connection": made["connection"], "customer": anna}
    await update("business_connection", lambda c: c.id == id and c.is_enabled and c.rights.can_reply)
    await step("getBusinessConnection", bot.get_business_connection(id), lambda c: c.user.id == olga)
    said = ask("say", **there, text="Open today?")["message"]
    await update("business_message", lambda m: m.business_connection_id == id and m.text == "Open today?")
    await step("readBusinessMessage", bot.read_business_message(id, anna, said))
    sent = await step("sendMessage", bot.send_message(anna, "Until six", business_connection_id=id), lambda m: m.business_connection_id == id and m.sender_business_bot)
    await update("business_message", lambda m: m.message_id == sent.message_id and m.sender_business_bot)
    await step("editMessageText", bot.edit_message_text("Until seven", business_connection_id=id, chat_id=anna, message_id=sent.message_id), lambda m: m.text == "Until seven")
    await step("sendChatAction", bot.send_chat_action(anna, "typing", business_connection_id=id))
    ask("say", **there, user=olga, text="It is me")
    await update("business_message", lambda m: m.from_user.id == olga and m.text == "It is me")
    ask("edit", **there, message=said, text="Open now?")
    await update("edited_business_message", lambda m: m.text == "Open now?")
    ask("delete", **there, message=said)
    await update("deleted_business_messages", lambda d: tuple(d.message_ids) == (said,))
    await step("deleteBusinessMessages", bot.delete_business_messages(id, [sent.message_id]))
    ask("enable_business", connection=made["connection"], enabled=False)
    await update("business_connection", lambda c: not c.is_enabled)
    await scene.refused("error 400", bot.send_message(anna, "?", business_connection_id=id), BadRequest, "BUSINESS_CONNECTION_INVALID")


async def errors(scene, bot, made, anna, here):
    step, ask, update = scene.step, scene.ask, scene.update
    ask("fault", trouble="too_many", method="sendMessage", retry_after=1)
    await scene.refused("error 429", bot.send_message(anna, "soon"), RetryAfter, lambda e: e._retry_after.total_seconds() == 1)
    await asyncio.sleep(1.05)
    await step("sendMessage", bot.send_message(anna, "now"))
    await scene.refused("error 400", bot.send_message(1, "?"), BadRequest, "chat not found")
    await scene.refused("error 400", bot.send_message(anna, " "), BadRequest, "text is empty")
    await scene.refused("error 400", bot.send_message(anna, "x" * 4097), BadRequest, "too long")
    await scene.refused("error 400", bot.send_message(anna, "<b>", parse_mode="HTML"), BadRequest, "can't parse entities")
    await scene.refused("error 400", bot.send_document(anna, "wrong"), BadRequest, "wrong file identifier")
    ask("fault", trouble="gateway", method="getMe", code=502)
    await scene.refused("error 502", bot.get_me(), NetworkError, "")
    ask("fault", trouble="drop_before", method="getMe")
    await scene.refused("dropped", bot.get_me(), NetworkError, "")
    ask("block", **here)
    await update("my_chat_member", lambda c: c.new_chat_member.status == "kicked")
    await scene.refused("error 403", bot.send_message(anna, "?"), Forbidden, "bot was blocked by the user")
    ask("unblock", **here)
    await update("my_chat_member", lambda c: c.new_chat_member.status == "member")
    stranger = bot_of(scene, "123:notatoken-notatoken-notatoken-n")
    await scene.refused("error 401", stranger.get_me(), InvalidToken, "")
    malformed = bot_of(scene, "123:short")
    await scene.refused("error 404", malformed.get_me(), InvalidToken, "")


asyncio.run(main())
