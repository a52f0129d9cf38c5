// The shapes of the API that a conversation is made of.

/** What was decided about a question. */
export type Outcome = "answered" | "answered_by_qa" | "small_talk" | "refused";

/** The proof of an answer. `start` counts Unicode scalar values in the document's text. */
export type Citation = {
  number: number;
  passage_id: string;
  document_id: string;
  document_title: string;
  page: number | null;
  headings: string[];
  quote: string;
  start: number | null;
};

export type Message = {
  id: string;
  conversation_id: string;
  seq: number;
  author: "contact" | "assistant" | "member";
  text: string;
  outcome: Outcome | null;
  citations: Citation[];
  engine: string;
  answered_by: string | null;
  created_at: string;
};

export type Hit = {
  passage_id: string;
  document_id: string;
  title: string;
  page: number | null;
  text: string;
  score: number;
  keyword: number | null;
  vector: number | null;
};

/** A step of the pipeline; times in milliseconds, likenesses 0..1. */
export type Step = { took_ms: number } & (
  | { step: "question"; text: string; language: string; messages: number }
  | { step: "rule"; rule: string }
  | { step: "rewritten"; text: string; by: string }
  | { step: "qa"; best: string | null; score: number; matched: boolean }
  | { step: "search"; hits: Hit[]; embed_ms: number; limited: string | null }
  | { step: "threshold"; confidence: number; threshold: number; passed: boolean }
  | { step: "engine"; engine: string; failed: string | null }
  | { step: "citations"; kept: number; dropped: number }
);

export type Trace = { total_ms: number; steps: Step[] };
