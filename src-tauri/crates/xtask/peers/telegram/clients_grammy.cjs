// grammY against the fake Bot API server: everything a bot of ours does, by a client that nobody here wrote.
"use strict";

const { Bot, GrammyError, HttpError, InlineKeyboard, InputFile, InputMediaBuilder } = require("grammy");
const { Scene } = require("./scene.cjs");

const KINDS = [
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
];

const scene = new Scene();
const { step, update, refused, ask } = Object.fromEntries(
  ["step", "update", "refused", "ask"].map((name) => [name, scene[name].bind(scene)]),
);
const botOf = (token) => new Bot(token, { client: { apiRoot: scene.api } });
const is = (code, words) => (error) =>
  error instanceof GrammyError && error.error_code === code && error.description.includes(words);
const kinds = (entities) => (entities ?? []).map((entity) => entity.type).join();
const file = (name, size = 100) => new InputFile(Buffer.alloc(size, "x"), name);

async function main() {
  const made = await ask("bot", { name: "Shop", username: "shop_bot", reads_all: true });
  const anna = (await ask("user", { name: "Anna" })).id;
  const here = { bot: made.id, user: anna };
  const bot = botOf(made.token);
  const api = bot.api;
  await account(api, made);
  bot.use((context) => {
    for (const kind of KINDS) {
      if (context.update[kind] !== undefined) scene.hear(kind, context.update[kind]);
    }
  });
  bot.catch(() => {});
  const polling = bot.start({ allowed_updates: KINDS });
  await ask("start", { ...here, payload: "abc" });
  await update("message", (m) => m.text === "/start abc" && m.entities[0].type === "bot_command");
  const content = async (id) => {
    const path = (await api.getFile(id)).file_path;
    const answer = await fetch(`${scene.api}/file/bot${made.token}/${path}`);
    return Buffer.from(await answer.arrayBuffer()).toString();
  };
  await incoming(api, here, content);
  await sending(api, anna, here);
  await media(api, anna, content);
  await groups(api, made, anna);
  await business(api, made, anna);
  await errors(api, anna, here);
  await bot.stop();
  await polling;
  const first = api.getUpdates({ timeout: 10 });
  first.catch(() => {});
  while (!(await ask("polls", { bot: made.id }))) await new Promise((next) => setTimeout(next, 10));
  await step("getUpdates", () => botOf(made.token).api.getUpdates({ timeout: 0 }));
  await refused("error 409", () => first, is(409, "other getUpdates request"));
  await scene.described();
  await ask("revoke", { bot: made.id });
  await refused("error 401", () => api.getMe(), is(401, "Unauthorized"));
}

async function account(api, made) {
  await step("getMe", () => api.getMe(), (me) => me.id === made.id && me.username === "shop_bot");
  const commands = [{ command: "help", description: "What I can do" }];
  await step("setMyCommands", () => api.setMyCommands(commands, { language_code: "en" }));
  const same = (got) => JSON.stringify(got) === JSON.stringify(commands);
  await step("getMyCommands", () => api.getMyCommands({ language_code: "en" }), same);
  await step("deleteMyCommands", () => api.deleteMyCommands({ language_code: "en" }));
  await step("setMyName", () => api.setMyName("Bicycle shop"));
  await step("getMyName", () => api.getMyName(), (got) => got.name === "Bicycle shop");
  await step("setMyDescription", () => api.setMyDescription("We mend bicycles"));
  await step("getMyDescription", () => api.getMyDescription(), (got) => got.description === "We mend bicycles");
  await step("setMyShortDescription", () => api.setMyShortDescription("Bicycles"));
  await step("getMyShortDescription", () => api.getMyShortDescription(), (got) => got.short_description === "Bicycles");
  const url = "https://shop.example/hook";
  await step("setWebhook", () => api.setWebhook(url, { secret_token: "secret-1", allowed_updates: ["message"] }));
  await step("getWebhookInfo", () => api.getWebhookInfo(), (got) => got.url === url && got.allowed_updates.join() === "message");
  await refused("error 409", () => api.getUpdates(), is(409, "webhook is active"));
  await step("deleteWebhook", () => api.deleteWebhook());
  await refused("error 400", () => api.setWebhook("http://shop.example"), is(400, "HTTPS URL"));
}

async function incoming(api, here, content) {
  const said = (await ask("say", { ...here, text: "Where is https://shop.example?" })).message;
  await update("message", (m) => m.message_id === said && m.entities[0].type === "url");
  await ask("edit", { ...here, message: said, text: "Where?" });
  await update("edited_message", (m) => m.text === "Where?" && m.edit_date > 0);
  await ask("say", { ...here, text: "This", reply_to: said });
  await update("message", (m) => m.reply_to_message?.message_id === said);
  const list = { kind: "document", name: "list.txt", text: "tyre 40" };
  await ask("say", { ...here, text: "my list", file: list });
  let got = await update("message", (m) => m.document && m.caption === "my list");
  await step("getFile", () => api.getFile(got.document.file_id), (f) => f.file_size === 7);
  await step("download", () => content(got.document.file_id), (text) => text === "tyre 40");
  await ask("say", { ...here, file: { kind: "photo", size: 5000 } });
  got = await update("message", (m) => m.photo);
  await step("download", () => content(got.photo.at(-1).file_id), (text) => text.length === 5000);
  await ask("say", { ...here, file: { kind: "voice", size: 100, seconds: 3 } });
  await update("message", (m) => m.voice?.duration === 3);
  await ask("say", { ...here, file: { kind: "video", size: 100, seconds: 4 } });
  await update("message", (m) => m.video?.duration === 4);
  await ask("say", { ...here, location: [52.5, 13.4] });
  await update("message", (m) => m.location?.latitude === 52.5);
  await ask("say", { ...here, contact: "+4912345" });
  await update("message", (m) => m.contact?.phone_number === "+4912345");
  const pictures = [{ file: { kind: "photo", size: 10 }, text: "two" }, { file: { kind: "photo", size: 11 } }];
  await ask("album", { ...here, files: pictures });
  const first = await update("message", (m) => m.media_group_id && m.caption === "two");
  await update("message", (m) => m.media_group_id === first.media_group_id);
  const large = { kind: "document", name: "big.bin", size: 20 * 1024 * 1024 + 1 };
  const big = (await ask("say", { ...here, file: large })).message;
  got = await update("message", (m) => m.message_id === big);
  await refused("error 400", () => api.getFile(got.document.file_id), is(400, "file is too big"));
}

async function sending(api, anna, here) {
  const entities = [
    { type: "bold", offset: 0, length: 2 },
    { type: "text_link", offset: 3, length: 4, url: "https://shop.example/" },
  ];
  const quiet = { link_preview_options: { is_disabled: true } };
  const sent = await step(
    "sendMessage",
    () => api.sendMessage(anna, "🚲 shop", { entities, ...quiet }),
    (m) => kinds(m.entities) === "bold,text_link",
  );
  const html =
    "<b>bold</b> <a href='https://shop.example'>link</a> <pre><code class='language-rust'>fn</code></pre>";
  const reply = { reply_parameters: { message_id: sent.message_id } };
  await step(
    "sendMessage",
    () => api.sendMessage(anna, html, { parse_mode: "HTML", ...reply }),
    (m) => m.reply_to_message.message_id === sent.message_id && kinds(m.entities) === "bold,text_link,pre",
  );
  await step(
    "sendMessage",
    () => api.sendMessage(anna, "*bold* \\. `code`", { parse_mode: "MarkdownV2" }),
    (m) => m.text === "bold . code",
  );
  const choice = new InlineKeyboard().text("Bike", "data-Bike").text("Tyre", "data-Tyre");
  const asked = await step("sendMessage", () => api.sendMessage(anna, "Which?", { reply_markup: choice }));
  const tapped = await ask("tap", { ...here, message: asked.message_id, label: "Tyre" });
  const query = await update("callback_query", (q) => q.data === "data-Tyre" && q.id === tapped);
  await step("answerCallbackQuery", () => api.answerCallbackQuery(query.id, { text: "A tyre" }));
  await refused("error 400", () => api.answerCallbackQuery(query.id), is(400, "query is too old"));
  const back = { reply_markup: new InlineKeyboard().text("Back", "data-Back") };
  const edit = (text, more) => api.editMessageText(anna, asked.message_id, text, more);
  await step("editMessageText", () => edit("Chosen", back), (m) => m.text === "Chosen" && m.edit_date > 0);
  const bare = () => api.editMessageReplyMarkup(anna, asked.message_id);
  await step("editMessageReplyMarkup", bare, (m) => m.reply_markup === undefined);
  await refused("error 400", () => edit("Chosen"), is(400, "message is not modified"));
  await step("sendChatAction", () => api.sendChatAction(anna, "typing"));
  await step("sendMessageDraft", () => api.sendMessageDraft(anna, 1, "Being wri"));
  await step("copyMessage", () => api.copyMessage(anna, anna, sent.message_id));
  const thumb = [{ type: "emoji", emoji: "👍" }];
  await step("setMessageReaction", () => api.setMessageReaction(anna, sent.message_id, thumb));
  await ask("react", { ...here, message: sent.message_id, emoji: "🔥" });
  await update("message_reaction", (r) => r.new_reaction[0].emoji === "🔥");
  await step("sendLocation", () => api.sendLocation(anna, 52.5, 13.4), (m) => m.location.longitude === 13.4);
  await step("sendContact", () => api.sendContact(anna, "+49123", "Shop"), (m) => m.contact.first_name === "Shop");
  await step("deleteMessage", () => api.deleteMessage(anna, asked.message_id));
  await step("deleteMessages", () => api.deleteMessages(anna, [sent.message_id, 999_999]));
  await refused("error 400", () => api.deleteMessage(anna, asked.message_id), is(400, "message to delete not found"));
}

async function media(api, anna, content) {
  const italic = { caption: "<i>one</i>", parse_mode: "HTML" };
  const photo = await step(
    "sendPhoto",
    () => api.sendPhoto(anna, file("a.jpg"), italic),
    (m) => m.caption === "one" && m.photo.length === 3,
  );
  await step(
    "editMessageCaption",
    () => api.editMessageCaption(anna, photo.message_id, { caption: "two" }),
    (m) => m.caption === "two",
  );
  const named = (m) => m.document.file_name === "прайс.txt";
  const sent = await step("sendDocument", () => api.sendDocument(anna, file("прайс.txt", 7)), named);
  await step("download", () => content(sent.document.file_id), (text) => text === "x".repeat(7));
  const again = () => api.sendDocument(anna, sent.document.file_id);
  await step("sendDocument", again, (m) => m.document.file_size === 7);
  const plays = { duration: 2 };
  await step("sendVoice", () => api.sendVoice(anna, file("a.ogg"), plays), (m) => m.voice.duration === 2);
  await step("sendVideo", () => api.sendVideo(anna, file("a.mp4"), plays), (m) => m.video.width > 0);
  await step("sendAudio", () => api.sendAudio(anna, file("a.mp3"), plays), (m) => m.audio.file_name === "a.mp3");
  const both = [
    InputMediaBuilder.photo(file("a.jpg"), { caption: "both" }),
    InputMediaBuilder.photo(photo.photo.at(-1).file_id),
  ];
  await step(
    "sendMediaGroup",
    () => api.sendMediaGroup(anna, both),
    (got) => got.length === 2 && got[0].media_group_id === got[1].media_group_id && got[0].caption === "both",
  );
  const mixed = [InputMediaBuilder.photo(file("a.jpg")), InputMediaBuilder.document(file("a.txt"))];
  await refused("error 400", () => api.sendMediaGroup(anna, mixed), is(400, ""));
}

async function groups(api, made, anna) {
  const staff = (await ask("group", { bot: made.id, user: anna, title: "Staff", forum: true })).id;
  await update("my_chat_member", (c) => c.new_chat_member.status === "administrator" && c.chat.is_forum);
  const topic = await step("createForumTopic", () => api.createForumTopic(staff, "Order 1"), (t) => t.name === "Order 1");
  const thread = topic.message_thread_id;
  const inIt = { message_thread_id: thread };
  await step("sendMessage", () => api.sendMessage(staff, "in it", inIt), (m) => m.is_topic_message && m.message_thread_id === thread);
  await ask("say", { group: staff, user: anna, text: "on it", topic: thread });
  await update("message", (m) => m.text === "on it" && m.message_thread_id === thread);
  await step("editForumTopic", () => api.editForumTopic(staff, thread, { name: "Order 1, paid" }));
  await step("closeForumTopic", () => api.closeForumTopic(staff, thread));
  await step("reopenForumTopic", () => api.reopenForumTopic(staff, thread));
  await ask("delete_topic", { group: staff, topic: thread });
  await refused("error 400", () => api.sendMessage(staff, "lost", inIt), is(400, "message thread not found"));
  const other = await api.createForumTopic(staff, "Order 2");
  await step("deleteForumTopic", () => api.deleteForumTopic(staff, other.message_thread_id));
  await step("getChat", () => api.getChat(staff), (c) => c.title === "Staff" && c.is_forum);
  await step("getChatMember", () => api.getChatMember(staff, anna), (m) => m.status === "creator");
  await step("getChatMemberCount", () => api.getChatMemberCount(staff), (count) => count === 2);
  await step("getChatAdministrators", () => api.getChatAdministrators(staff), (got) => got.length === 2);
  const bob = (await ask("user", { name: "Bob" })).id;
  await ask("rank", { group: staff, user: bob, rank: "member", by: anna });
  await update("chat_member", (c) => c.new_chat_member.status === "member");
  await update("message", (m) => m.new_chat_members);
  await step("banChatMember", () => api.banChatMember(staff, bob));
  await step("unbanChatMember", () => api.unbanChatMember(staff, bob));
  await step("leaveChat", () => api.leaveChat(staff));
  await refused("error 403", () => api.sendMessage(staff, "?"), is(403, "not a member"));
  const small = (await ask("group", { bot: made.id, user: anna, title: "Small" })).id;
  const large = (await ask("migrate", { group: small })).id;
  await update("message", (m) => m.migrate_to_chat_id === large);
  await update("message", (m) => m.migrate_from_chat_id === small);
  const moved = (error) => is(400, "upgraded")(error) && error.parameters.migrate_to_chat_id === large;
  await refused("error 400", () => api.sendMessage(small, "?"), moved);
}

async function business(api, made, anna) {
  const olga = (await ask("user", { name: "Olga" })).id;
  const { id, connection } = await ask("business", { bot: made.id, user: olga });
  const there = { connection, customer: anna };
  const byIt = { business_connection_id: id };
  await update("business_connection", (c) => c.id === id && c.is_enabled && c.rights.can_reply);
  await step("getBusinessConnection", () => api.getBusinessConnection(id), (c) => c.user.id === olga);
  const said = (await ask("say", { ...there, text: "Open today?" })).message;
  await update("business_message", (m) => m.business_connection_id === id && m.text === "Open today?");
  await step("readBusinessMessage", () => api.readBusinessMessage(id, anna, said));
  const sent = await step(
    "sendMessage",
    () => api.sendMessage(anna, "Until six", byIt),
    (m) => m.business_connection_id === id && m.sender_business_bot,
  );
  await update("business_message", (m) => m.message_id === sent.message_id && m.sender_business_bot);
  await step(
    "editMessageText",
    () => api.editMessageText(anna, sent.message_id, "Until seven", byIt),
    (m) => m.text === "Until seven",
  );
  await step("sendChatAction", () => api.sendChatAction(anna, "typing", byIt));
  await ask("say", { ...there, user: olga, text: "It is me" });
  await update("business_message", (m) => m.from.id === olga && m.text === "It is me");
  await ask("edit", { ...there, message: said, text: "Open now?" });
  await update("edited_business_message", (m) => m.text === "Open now?");
  await ask("delete", { ...there, message: said });
  await update("deleted_business_messages", (d) => d.message_ids.join() === String(said));
  await step("deleteBusinessMessages", () => api.deleteBusinessMessages(id, [sent.message_id]));
  await ask("enable_business", { connection, enabled: false });
  await update("business_connection", (c) => !c.is_enabled);
  await refused("error 400", () => api.sendMessage(anna, "?", byIt), is(400, "BUSINESS_CONNECTION_INVALID"));
}

async function errors(api, anna, here) {
  await ask("fault", { trouble: "too_many", method: "sendMessage", retry_after: 1 });
  const wait = (error) => is(429, "retry after 1")(error) && error.parameters.retry_after === 1;
  await refused("error 429", () => api.sendMessage(anna, "soon"), wait);
  await new Promise((next) => setTimeout(next, 1_050));
  await step("sendMessage", () => api.sendMessage(anna, "now"));
  await refused("error 400", () => api.sendMessage(1, "?"), is(400, "chat not found"));
  await refused("error 400", () => api.sendMessage(anna, " "), is(400, "text is empty"));
  await refused("error 400", () => api.sendMessage(anna, "x".repeat(4_097)), is(400, "too long"));
  await refused("error 400", () => api.sendMessage(anna, "<b>", { parse_mode: "HTML" }), is(400, "can't parse entities"));
  await refused("error 400", () => api.sendDocument(anna, "wrong"), is(400, "wrong file identifier"));
  await ask("fault", { trouble: "gateway", method: "getMe", code: 502 });
  await refused("error 502", () => api.getMe(), (error) => error instanceof HttpError);
  await ask("fault", { trouble: "drop_before", method: "getMe" });
  await refused("dropped", () => api.getMe(), (error) => error instanceof HttpError);
  await ask("block", here);
  await update("my_chat_member", (c) => c.new_chat_member.status === "kicked");
  await refused("error 403", () => api.sendMessage(anna, "?"), is(403, "bot was blocked by the user"));
  await ask("unblock", here);
  await update("my_chat_member", (c) => c.new_chat_member.status === "member");
  const stranger = botOf("123:notatoken-notatoken-notatoken-n").api;
  await refused("error 401", () => stranger.getMe(), is(401, "Unauthorized"));
  await refused("error 404", () => botOf("123:short").api.getMe(), is(404, "Not Found"));
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
