// npm's telegram-test-api as our bot's server: another stand-in for Telegram's, that nobody here wrote. A line of JSON
// asks, a line of JSON answers.
//
// It knows getMe, getUpdates, sendMessage, editMessageText, editMessageReplyMarkup, deleteMessage, answerCallbackQuery
// and webhooks. It has no getWebhookInfo and no setMyCommands, sendChatAction and sendMessageDraft, without which no
// bot of ours begins or answers: those are answered here, in front of it. It hands out each update once, whatever the
// offset, and never holds a poll, so nothing is learned here of redelivery or of waiting.
"use strict";

const http = require("node:http");
const readline = require("node:readline");
const TelegramServer = require("telegram-test-api");

const TOKEN = "666:AAtelegramtestapitelegramtestapi0";
const PATIENCE = 30_000;
const MISSING = {
  getWebhookInfo: { url: "", has_custom_certificate: false, pending_update_count: 0 },
  setMyCommands: true,
  sendChatAction: true,
  sendMessageDraft: true,
};

const calls = {};
let server;

/** Passes a call on, or answers it where the server behind does not know it. */
function front(behind) {
  return http.createServer((request, response) => {
    const method = request.url.split("/").at(-1).split("?")[0];
    calls[method] = (calls[method] ?? 0) + 1;
    if (method in MISSING) {
      request.resume();
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ ok: true, result: MISSING[method] }));
      return;
    }
    const options = { port: behind, path: request.url, method: request.method, headers: request.headers };
    const onward = http.request(options, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
}

async function open() {
  const free = http.createServer().listen(0, "127.0.0.1");
  await new Promise((ready) => free.once("listening", ready));
  const behind = free.address().port;
  await new Promise((closed) => free.close(closed));
  server = new TelegramServer({ host: "127.0.0.1", port: behind, storeTimeout: 3_600 });
  await server.start();
  const before = front(behind).listen(0, "127.0.0.1");
  await new Promise((ready) => before.once("listening", ready));
  return { url: `http://127.0.0.1:${before.address().port}`, token: TOKEN };
}

const said = (chat) =>
  server.storage.botMessages.filter((sent) => Number(sent.message.chat_id) === chat);

/** A customer says something; what the bot says to it is waited for. */
async function say({ chat, text, tap }) {
  const client = server.getClient(TOKEN, { userId: chat, chatId: chat, firstName: `Customer ${chat}` });
  const before = said(chat).length;
  if (tap !== undefined) {
    const message = said(chat).at(-1);
    const query = client.makeCallbackQuery(tap, { message: { message_id: message.messageId } });
    await client.sendCallback(query);
    return { answered: await until(() => (calls.answerCallbackQuery ?? 0) > 0) };
  }
  const isCommand = text.startsWith("/");
  await (isCommand ? client.sendCommand(client.makeCommand(text)) : client.sendMessage(client.makeMessage(text)));
  await until(() => said(chat).length > before);
  const messages = said(chat).slice(before);
  return {
    texts: messages.map((sent) => sent.message.text),
    keyboard: messages.at(-1)?.message.reply_markup?.inline_keyboard ?? [],
  };
}

async function until(isSo) {
  for (const begun = Date.now(); Date.now() - begun < PATIENCE; ) {
    if (isSo()) return true;
    await new Promise((next) => setTimeout(next, 20));
  }
  return false;
}

const commands = { open, say, calls: async () => calls };
const lines = readline.createInterface({ input: process.stdin });
lines.on("line", async (line) => {
  const ask = JSON.parse(line);
  try {
    console.log(JSON.stringify(await commands[ask.do](ask)));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }));
  }
});
lines.on("close", () => process.exit(0));
