"""aiogram against the fake Bot API server: everything a bot of ours does, by a client that nobody here wrote."""

import asyncio
import logging

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    LinkPreviewOptions,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyParameters,
)
from scene import KINDS as MOST_KINDS
from scene import Scene

# aiogram knows Bot API 10.3.
KINDS = [*MOST_KINDS, "stopped_message_generation"]


def keyboard(*labels):
    row = [InlineKeyboardButton(text=label, callback_data=f"data-{label}") for label in labels]
    return InlineKeyboardMarkup(inline_keyboard=[row])


def bot_of(scene, token):
    return Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(scene.api)))


async def main():
    logging.disable(logging.CRITICAL)
    scene = Scene()
    step, ask, update = scene.step, scene.ask, scene.update
    made = ask("bot", name="Shop", username="shop_bot", reads_all=True)
    anna = ask("user", name="Anna")["id"]
    bot = bot_of(scene, made["token"])
    here = {"bot": made["id"], "user": anna}

    await account(scene, bot, made)
    dispatcher = Dispatcher()
    for kind in KINDS:

        async def hear(event, kind=kind):
            scene.hear(kind, event)

        dispatcher.observers[kind].register(hear)
    polling = asyncio.create_task(
        dispatcher.start_polling(bot, allowed_updates=KINDS, handle_signals=False)
    )
    ask("start", **here, payload="abc")
    await update("message", lambda m: m.text == "/start abc" and m.entities[0].type == "bot_command")
    await incoming(scene, bot, here)
    await sending(scene, bot, anna, here)
    await media(scene, bot, anna)
    await groups(scene, bot, made, anna)
    await business(scene, bot, made, anna)
    await errors(scene, bot, made, anna, here)
    await dispatcher.stop_polling()
    await polling
    other = bot_of(scene, made["token"])
    first = asyncio.create_task(bot.get_updates(timeout=10))
    while not ask("polls", bot=made["id"]):
        await asyncio.sleep(0.01)
    await step("getUpdates", other.get_updates(timeout=0))
    await scene.refused("error 409", first, TelegramConflictError, "other getUpdates request")
    await other.session.close()
    scene.described()
    ask("revoke", bot=made["id"])
    await scene.refused("error 401", bot.get_me(), TelegramUnauthorizedError, "unauthorized")
    await bot.session.close()


async def account(scene, bot, made):
    step = scene.step
    await step("getMe", bot.get_me(), lambda me: me.id == made["id"] and me.username == "shop_bot")
    commands = [BotCommand(command="help", description="What I can do")]
    await step("setMyCommands", bot.set_my_commands(commands, language_code="en"))
    await step("getMyCommands", bot.get_my_commands(language_code="en"), lambda got: [c.command for c in got] == ["help"])
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
        lambda got: got.url == url and got.allowed_updates == ["message"],
    )
    await scene.refused("error 409", bot.get_updates(), TelegramConflictError, "webhook is active")
    await step("deleteWebhook", bot.delete_webhook())
    await scene.refused(
        "error 400", bot.set_webhook("http://shop.example"), TelegramBadRequest, "HTTPS URL"
    )


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
    await step("download", bot.download(got.document), lambda f: f.read() == b"tyre 40")
    ask("say", **here, file={"kind": "photo", "size": 5000})
    got = await update("message", lambda m: m.photo)
    await step("download", bot.download(got.photo[-1]), lambda f: len(f.read()) == 5000)
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
    await scene.refused(
        "error 400", bot.get_file(got.document.file_id), TelegramBadRequest, "file is too big"
    )


async def sending(scene, bot, anna, here):
    step, ask, update = scene.step, scene.ask, scene.update
    marks = [
        MessageEntity(type="bold", offset=0, length=2),
        MessageEntity(type="text_link", offset=3, length=4, url="https://shop.example/"),
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
            reply_parameters=ReplyParameters(message_id=sent.message_id),
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
    await scene.refused(
        "error 400", bot.answer_callback_query(query.id), TelegramBadRequest, "query is too old"
    )
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
        TelegramBadRequest,
        "message is not modified",
    )
    await step("sendChatAction", bot.send_chat_action(anna, "typing"))
    draft = bot.send_message_draft(chat_id=anna, draft_id=1, text="Being wri", can_stop=True)
    await step("sendMessageDraft", draft)
    ask("stop_draft", **here)
    await update("stopped_message_generation", lambda s: s.draft_id == 1)
    await step("copyMessage", bot.copy_message(anna, anna, sent.message_id))
    await step("setMessageReaction", bot.set_message_reaction(anna, sent.message_id, [ReactionTypeEmoji(emoji="👍")]))
    ask("react", **here, message=sent.message_id, emoji="🔥")
    await update("message_reaction", lambda r: r.new_reaction[0].emoji == "🔥")
    await step("sendLocation", bot.send_location(anna, 52.5, 13.4), lambda m: m.location.longitude == 13.4)
    await step("sendContact", bot.send_contact(anna, "+49123", "Shop"), lambda m: m.contact.first_name == "Shop")
    await step("deleteMessage", bot.delete_message(anna, asked.message_id))
    await step("deleteMessages", bot.delete_messages(anna, [sent.message_id, 999_999]))
    await scene.refused(
        "error 400", bot.delete_message(anna, asked.message_id), TelegramBadRequest, "message to delete not found"
    )


async def media(scene, bot, anna):
    step = scene.step

    def file(name, size=100):
        return BufferedInputFile(b"x" * size, name)

    photo = await step("sendPhoto", bot.send_photo(anna, file("a.jpg"), caption="<i>one</i>", parse_mode="HTML"), lambda m: m.caption == "one" and len(m.photo) == 3)
    await step(
        "editMessageCaption",
        bot.edit_message_caption(chat_id=anna, message_id=photo.message_id, caption="two"),
        lambda m: m.caption == "two",
    )
    sent = await step("sendDocument", bot.send_document(anna, file("прайс.txt", 7)), lambda m: m.document.file_name == "прайс.txt")
    await step("download", bot.download(sent.document), lambda f: f.read() == b"x" * 7)
    await step("sendDocument", bot.send_document(anna, sent.document.file_id), lambda m: m.document.file_size == 7)
    await step("sendVoice", bot.send_voice(anna, file("a.ogg"), duration=2), lambda m: m.voice.duration == 2)
    await step("sendVideo", bot.send_video(anna, file("a.mp4"), duration=2), lambda m: m.video.width)
    await step("sendAudio", bot.send_audio(anna, file("a.mp3"), duration=2), lambda m: m.audio.file_name == "a.mp3")
    await step(
        "sendMediaGroup",
        bot.send_media_group(anna, [InputMediaPhoto(media=file("a.jpg"), caption="both"), InputMediaPhoto(media=photo.photo[-1].file_id)]),
        lambda got: len(got) == 2 and got[0].media_group_id == got[1].media_group_id and got[0].caption == "both",
    )
    await scene.refused(
        "error 400",
        bot.send_media_group(anna, [InputMediaPhoto(media=file("a.jpg")), InputMediaDocument(media=file("a.txt"))]),
        TelegramBadRequest,
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
    await scene.refused("error 400", bot.send_message(staff, "lost", message_thread_id=thread), TelegramBadRequest, "message thread not found")
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
    await scene.refused("error 403", bot.send_message(staff, "?"), TelegramForbiddenError, "not a member")
    small = ask("group", bot=made["id"], user=anna, title="Small")["id"]
    large = ask("migrate", group=small)["id"]
    await update("message", lambda m: m.migrate_to_chat_id == large)
    await update("message", lambda m: m.migrate_from_chat_id == small)
    await scene.refused("error 400", bot.send_message(small, "?"), TelegramMigrateToChat, lambda e: e.migrate_to_chat_id == large)


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
    await update("deleted_business_messages", lambda d: d.message_ids == [said])
    await step("deleteBusinessMessages", bot.delete_business_messages(id, [sent.message_id]))
    ask("enable_business", connection=made["connection"], enabled=False)
    await update("business_connection", lambda c: not c.is_enabled)
    await scene.refused("error 400", bot.send_message(anna, "?", business_connection_id=id), TelegramBadRequest, "BUSINESS_CONNECTION_INVALID")


async def errors(scene, bot, made, anna, here):
    step, ask, update = scene.step, scene.ask, scene.update
    ask("fault", trouble="too_many", method="sendMessage", retry_after=1)
    await scene.refused("error 429", bot.send_message(anna, "soon"), TelegramRetryAfter, lambda e: e.retry_after == 1)
    await asyncio.sleep(1.05)
    await step("sendMessage", bot.send_message(anna, "now"))
    await scene.refused("error 400", bot.send_message(1, "?"), TelegramBadRequest, "chat not found")
    await scene.refused("error 400", bot.send_message(anna, " "), TelegramBadRequest, "text is empty")
    await scene.refused("error 400", bot.send_message(anna, "x" * 4097), TelegramBadRequest, "too long")
    await scene.refused("error 400", bot.send_message(anna, "<b>", parse_mode="HTML"), TelegramBadRequest, "can't parse entities")
    await scene.refused("error 400", bot.send_document(anna, "wrong"), TelegramBadRequest, "wrong file identifier")
    ask("fault", trouble="gateway", method="getMe", code=502)
    await scene.refused("error 502", bot.get_me(), (TelegramServerError, TelegramNetworkError, Exception), "")
    ask("fault", trouble="drop_before", method="getMe")
    await scene.refused("dropped", bot.get_me(), TelegramNetworkError, "")
    ask("block", **here)
    await update("my_chat_member", lambda c: c.new_chat_member.status == "kicked")
    await scene.refused("error 403", bot.send_message(anna, "?"), TelegramForbiddenError, "bot was blocked by the user")
    ask("unblock", **here)
    await update("my_chat_member", lambda c: c.new_chat_member.status == "member")
    stranger = bot_of(scene, "123:notatoken-notatoken-notatoken-n")
    await scene.refused("error 401", stranger.get_me(), TelegramUnauthorizedError, "unauthorized")
    await stranger.session.close()
    malformed = bot_of(scene, "123:short")
    await scene.refused("error 404", malformed.get_me(), TelegramNotFound, "not found")
    await malformed.session.close()


asyncio.run(main())
