import { expect, test } from "vitest";
import type { Settings } from "../../../api/types";
import { pricedEngines, unpriced } from "./engines";

const settings = (prices: string[]): Settings => ({
  business: "Shop",
  remote: { base_url: "", model: "one", key_hint: null, daily_answers: null, daily_tokens: null },
  spare: null,
  embedder: "",
  chat_model: "",
  speech_model: "",
  reranker: "",
  currency: "EUR",
  prices: prices.map((engine) => ({ engine, read_micros: 1, written_micros: 1 })),
});
const used = (engine: string, tokens: number) => ({
  date: "2026-11-22",
  engine,
  answers: 1,
  prompt_tokens: tokens,
  answer_tokens: 0,
  cost_micros: null,
});

test("engines on servers have a price: those that are set up, were used, or had one", () => {
  const rows = [used("quotes", 0), used("remote:two", 5), used("local:three", 5), used("remote:one", 5)];
  expect(pricedEngines(settings(["remote:gone"]), rows)).toEqual(["remote:one", "remote:two", "remote:gone"]);
});

test("what used up tokens on a server and has no price is named", () => {
  const rows = [used("remote:one", 5), used("remote:two", 5), used("remote:idle", 0), used("local:three", 5)];
  expect(unpriced(settings(["remote:two"]), rows)).toEqual(["remote:one"]);
});
