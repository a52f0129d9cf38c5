export const en = {
  about: "What each engine wrote and used up in the last 30 days. A server that costs money counts tokens.",
  "answers.title": "Answers by engine",
  "answers.words": {
    one: "{count} reply was written, most of them by: {engine}.",
    other: "{count} replies were written, most of them by: {engine}.",
  },
  "answers.empty": "No reply was written in these days. Once customers ask, you see here who answers them.",
  "tokens.title": "Tokens by engine",
  "tokens.words": "{read} tokens were read and {written} were written.",
  "tokens.empty": "No engine that counts tokens was used in these days. Quotes and Q&A cost nothing.",
  others: "Others",
  utc: "These days begin at midnight UTC.",
} as const;
