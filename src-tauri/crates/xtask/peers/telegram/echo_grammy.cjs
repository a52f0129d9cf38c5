// `cargo xtask bench telegram`: as many grammY bots as there are tokens, each saying again what is said to it.
"use strict";

const { Bot } = require("grammy");
const { told } = require("./told.cjs");

told(({ api, tokens }) => {
  for (const token of tokens) {
    const bot = new Bot(token, { client: { apiRoot: api } });
    bot.on("message:text", (context) => context.reply(context.message.text));
    bot.start();
  }
});
