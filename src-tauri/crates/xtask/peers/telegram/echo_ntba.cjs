// `cargo xtask bench telegram`: a bot of node-telegram-bot-api, alone in its process, saying again what is said to it.
"use strict";

const { Bot } = require("node-telegram-bot-api");
const { told } = require("./told.cjs");

told(({ api, tokens: [token] }) => {
  const bot = new Bot(token, { apiRoot: api });
  bot.on("message", (context) => context.reply(context.message.text));
  bot.startPolling();
});
