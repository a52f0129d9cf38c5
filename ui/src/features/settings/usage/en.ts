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
  "cost.title": "Cost by engine",
  "cost.words": "These days cost {cost} at the prices of now.",
  "cost.empty":
    "Nothing with a price was used in these days. Models on this computer, quotes and Q&A cost nothing.",
  "prices.title": "Prices",
  "prices.about":
    "What the owners of the servers ask for. From it ChatAI reckons what each engine and each assistant costs.",
  "prices.none": "No engine on a server is set up. Models on this computer, quotes and Q&A cost nothing.",
  "prices.missing": "No price is entered for {engines}: its tokens are counted, its cost is not.",
  "prices.currency": "Currency",
  "prices.read": "A million tokens read",
  "prices.written": "A million tokens written",
  "prices.wrong": "A number from 0, with at most six digits after the point; both or none",
  "prices.help":
    "They stand in the server’s price list as input and output. A new price holds for the past days too. What an engine takes to make a whole question out of a short one is not counted: the bill may be a little higher.",
  "prices.save": "Save prices",
  "prices.saved": "Prices saved",
  others: "Others",
  utc: "These days begin at midnight UTC.",
} as const;
