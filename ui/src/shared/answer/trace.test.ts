import { describe, expect, it } from "vitest";
import { formatIn } from "../../i18n/format";
import { doing, engineName, lineOf, whyRefused } from "./trace";
import type { Hit, Step } from "./wire";
import { sayAnswer as say } from "./words";

const { percent, language } = formatIn("en");

function hit(place: number, keyword: number | null, vector: number | null): Hit {
  return {
    passage_id: `p${place}`,
    document_id: "d",
    title: "Warranty",
    page: place,
    text: "Two years.",
    score: 1 / (60 + place),
    keyword,
    vector,
  };
}

const search: Step = {
  took_ms: 20,
  step: "search",
  hits: [hit(1, 8, 0.9), hit(2, null, 0.5), hit(3, 2, null)],
  embed_ms: 9,
  limited: null,
  reranked: null,
};
const nothing: Step = { ...search, hits: [] };
const unsure: Step = { took_ms: 0, step: "threshold", confidence: 0.31, threshold: 0.5, passed: false };

function told(step: Step): string {
  const { mood, title, detail } = lineOf(step, say, percent, language);
  return [mood, title, detail].filter(Boolean).join(" | ");
}

describe("a step is told in words", () => {
  const cases: [Step, string][] = [
    [
      { took_ms: 1, step: "question", text: "And batteries?", language: "en", messages: 2 },
      "plain | The question, in English | “And batteries?” Joined from 2 messages.",
    ],
    [
      { took_ms: 1, step: "question", text: "?", language: "", messages: 1 },
      "plain | The question, in a language that could not be told | “?”",
    ],
    [
      { took_ms: 0, step: "rule", rule: "greeting" },
      "good | Small talk, answered by a rule | It is a greeting.",
    ],
    [{ took_ms: 0, step: "rule", rule: "a new one" }, "good | Small talk, answered by a rule"],
    [
      { took_ms: 3, step: "rewritten", text: "warranty on batteries", by: "history" },
      "plain | Made whole from what was said before | “warranty on batteries”",
    ],
    [
      { took_ms: 3, step: "qa", best: "q", score: 0.93, matched: true },
      "good | A Q&A fits: it answers | 93% alike.",
    ],
    [
      { took_ms: 3, step: "qa", best: "q", score: 0.4, matched: false },
      "plain | No Q&A fits | The nearest one is 40% alike.",
    ],
    [{ took_ms: 3, step: "qa", best: null, score: 0, matched: false }, "plain | No Q&A fits"],
    [search, "plain | Searched the documents: 3 passages"],
    [nothing, "bad | Searched the documents: nothing found"],
    [
      { ...search, limited: "no_embedder" },
      "plain | Searched the documents: 3 passages | By words only: no model for meaning is installed.",
    ],
    [
      { ...search, reranked: { model: "some-model", passages: 20, took_ms: 900, failed: null } },
      "plain | Searched the documents: 3 passages | The best 20 put in order with some-model.",
    ],
    [
      { ...search, reranked: { model: "some-model", passages: 0, took_ms: 1, failed: "busy" } },
      "plain | Searched the documents: 3 passages | Not put in order with some-model, which was busy with other questions.",
    ],
    [unsure, "bad | Not sure enough to answer | Confidence 31%, asked for 50%."],
    [
      { ...unsure, confidence: 0.8, passed: true },
      "good | Sure enough to answer | Confidence 80%, asked for 50%.",
    ],
    [{ took_ms: 9, step: "engine", engine: "remote:qwen:7b", failed: null }, "plain | Written by: qwen:7b"],
    [
      { took_ms: 9, step: "engine", engine: "quotes", failed: "timed out" },
      "bad | Failed: Quotes | timed out",
    ],
    [
      { took_ms: 9, step: "engine", engine: "remote:qwen", failed: "key_refused" },
      "bad | Failed: qwen | The server did not take the key. Enter it again in Settings.",
    ],
    [{ took_ms: 0, step: "stopped" }, "plain | You stopped the answer here"],
    [{ took_ms: 1, step: "citations", kept: 1, dropped: 0 }, "good | Sources checked: 1 stands"],
    [
      { took_ms: 1, step: "citations", kept: 0, dropped: 2 },
      "bad | Sources checked: none stands | Left out because their words are not in the passage: 2.",
    ],
  ];
  it.each(cases)("%#", (step, words) => {
    expect(told(step)).toBe(words);
  });
});

it("the parts of a score are shares of the best one, and what was not found has none", () => {
  const hits = lineOf(search, say, percent, language).hits ?? [];
  expect(hits.map((one) => [one.place, one.words, one.meaning])).toEqual([
    [1, 1, 0.9],
    [2, null, 0.5],
    [3, 0.25, null],
  ]);
});

describe("a refusal says why", () => {
  it.each<[Step[], string]>([
    [[nothing, unsure], "No passage in your documents speaks of this."],
    [[search, unsure], "The documents answer this with a confidence of 31%; 50% is asked for."],
    [
      [search, { ...unsure, passed: true }, { took_ms: 1, step: "citations", kept: 0, dropped: 1 }],
      "No sentence in the documents proved what would have been said.",
    ],
    [[], "The documents do not answer this."],
  ])("%#", (steps, words) => {
    expect(whyRefused(steps, say, percent)).toBe(words);
  });
});

it("what is being done is told until there are words", () => {
  expect(doing([], say)).toBe("Reading the question");
  expect(doing([search], say)).toBe("Found something in Warranty");
  expect(doing([nothing], say)).toBe("Weighing what was found");
  expect(doing([search, unsure], say)).toBe("Writing");
});

it("an engine that is not known keeps its own name", () => {
  expect(engineName("quotes", say)).toBe("Quotes");
  expect(engineName("local", say)).toBe("local");
});
