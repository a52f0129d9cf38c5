// What `cargo xtask bench telegram` tells a program of bots on its standard input: the server and the tokens. The
// program ends when that input does.
"use strict";

const readline = require("node:readline");

exports.told = (begin) => {
  const lines = readline.createInterface({ input: process.stdin });
  lines.once("line", (line) => begin(JSON.parse(line)));
  lines.once("close", () => process.exit(0));
};
