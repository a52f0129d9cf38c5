// `cargo xtask bench telegram`: as many telegraf bots as there are tokens, each saying again what is said to it.
"use strict";

const { Telegraf } = require("telegraf");
const { told } = require("./told.cjs");

told(({ api, tokens }) => {
  for (const token of tokens) {
    const bot = new Telegraf(token, { telegram: { apiRoot: api } });
    bot.on("message", (context) => context.reply(context.message.text));
    bot.launch();
  }
});
