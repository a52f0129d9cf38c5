// The trace of an answer in words: what was done, what came of it, and why that decided what it decided.

import type { Hit, Outcome, Reranked, Step } from "./wire";
import type { AnswerSay as Say } from "./words";

export type Percent = (share: number) => string;

/** `good`: it decided for the answer; `bad`: against it, or something failed; `plain`: a step on the way. */
export type Mood = "plain" | "good" | "bad";

export type Line = {
  title: string;
  detail?: string;
  mood: Mood;
  /** Milliseconds. */
  took: number;
  hits?: RankedHit[];
  scale?: { value: number; threshold: number };
};

/** A passage that was found; the parts of its score as shares of the largest in this search, 0..=1. */
export type RankedHit = Hit & { place: number; share: number; words: number | null; meaning: number | null };

export function lineOf(step: Step, say: Say, percent: Percent, languageName: (code: string) => string): Line {
  const took = step.took_ms;
  switch (step.step) {
    case "question": {
      const language = step.language ? languageName(step.language) : say("trace.language_unknown");
      const joined = step.messages > 1 ? say("trace.joined", { count: step.messages }) : undefined;
      return {
        title: say("trace.question", { language }),
        detail: [say("trace.said", { text: step.text }), joined].filter(Boolean).join(" "),
        mood: "plain",
        took,
      };
    }
    case "rule":
      if (step.rule === "forbidden") {
        return { title: say("trace.forbidden"), detail: ruleName(step.rule, say), mood: "bad", took };
      }
      return { title: say("trace.rule"), detail: ruleName(step.rule, say), mood: "good", took };
    case "rewritten":
      return {
        title: say(step.by === "engine" ? "trace.rewritten_engine" : "trace.rewritten_history"),
        detail: say("trace.said", { text: step.text }),
        mood: "plain",
        took,
      };
    case "qa":
      return step.matched
        ? {
            title: say("trace.qa_matched"),
            detail: say("trace.alike", { share: percent(step.score) }),
            mood: "good",
            took,
          }
        : {
            title: say("trace.qa_none"),
            detail: step.best === null ? undefined : say("trace.qa_best", { share: percent(step.score) }),
            mood: "plain",
            took,
          };
    case "search":
      return {
        title:
          step.hits.length === 0
            ? say("trace.search_nothing")
            : say("trace.search", { count: step.hits.length }),
        detail:
          [step.limited && limitation(step.limited, say), step.reranked && reranked(step.reranked, say)]
            .filter(Boolean)
            .join(" ") || undefined,
        mood: step.hits.length === 0 ? "bad" : "plain",
        took,
        hits: ranked(step.hits),
      };
    case "threshold":
      return {
        title: say(step.passed ? "trace.sure" : "trace.unsure"),
        detail: say("trace.against", {
          confidence: percent(step.confidence),
          threshold: percent(step.threshold),
        }),
        mood: step.passed ? "good" : "bad",
        took,
        scale: { value: step.confidence, threshold: step.threshold },
      };
    case "engine":
      return step.failed === null
        ? { title: say("trace.engine", { engine: engineName(step.engine, say) }), mood: "plain", took }
        : {
            title: say("trace.engine_failed", { engine: engineName(step.engine, say) }),
            detail: failure(step.failed, say),
            mood: "bad",
            took,
          };
    case "heard":
      return heard(step, took, say, languageName);
    case "quoted":
      return {
        title: say("trace.quoted"),
        detail: say("trace.said", { text: step.text }),
        mood: "plain",
        took,
      };
    case "handoff":
      return {
        title: say(step.calls ? "trace.handoff" : "trace.handoff_shown"),
        detail: reason(step.why, step.words, say),
        mood: "plain",
        took,
      };
    case "hours":
      return {
        title: say("trace.hours"),
        detail: step.said ? say("trace.said", { text: step.said }) : outside(step.outside, say),
        mood: "plain",
        took,
      };
    case "contact":
      return { title: say(step.found ? "trace.contact_found" : "trace.contact_asked"), mood: "plain", took };
    case "late":
      return { title: say("trace.late", { count: step.minutes }), mood: "plain", took };
    case "stopped":
      return { title: say("trace.stopped"), mood: "plain", took };
    case "citations":
      return citations(step.kept, step.dropped, took, say);
  }
}

/** What became of a recording. */
function heard(
  step: Extract<Step, { step: "heard" }>,
  took: number,
  say: Say,
  languageName: (code: string) => string,
): Line {
  if (step.failed !== null) {
    const detail = failureOfHearing(step.failed, say);
    return { title: say("trace.heard_failed"), detail, mood: "bad", took };
  }
  if (step.text === "") return { title: say("trace.heard_nothing"), mood: "bad", took };
  const language = step.language ? languageName(step.language) : say("trace.language_unknown");
  return {
    title: say("trace.heard", { count: step.seconds, language }),
    detail: say("trace.said", { text: step.text }),
    mood: "plain",
    took,
  };
}

function failureOfHearing(code: string, say: Say): string {
  switch (code) {
    case "too_long":
      return say("trace.heard_long");
    case "not_audio":
      return say("trace.heard_broken");
    case "busy":
    case "no_memory":
    case "no_model":
      return say(`failed.${code}`);
    default:
      return say("trace.heard_model");
  }
}

/** Why a person is asked for. */
function reason(why: string, words: string, say: Say): string | undefined {
  switch (why) {
    case "customer_asked":
      return say("trace.handoff_asked", { words });
    case "owners_rule":
      return say("trace.handoff_rule", { words });
    case "low_confidence":
      return say("trace.handoff_unsure");
    case "repeated_refusal":
      return say("trace.handoff_refusals");
    default:
      return undefined;
  }
}

/** What the owner wants when nobody is there. */
function outside(policy: string, say: Say): string | undefined {
  switch (policy) {
    case "answer_anyway":
      return say("trace.hours_anyway");
    case "answer_and_say_when":
      return say("trace.hours_said");
    case "collect_contact":
      return say("trace.hours_contact");
    default:
      return undefined;
  }
}

function citations(kept: number, dropped: number, took: number, say: Say): Line {
  const title = kept > 0 ? say("trace.citations", { count: kept }) : say("trace.citations_none");
  const detail = dropped > 0 ? say("trace.citations_dropped", { count: dropped }) : undefined;
  return { title, detail, mood: kept > 0 ? "good" : "bad", took };
}

/** What is being done after the steps so far, while no words have come yet. */
export function doing(steps: readonly Step[], say: Say): string {
  const last = steps.at(-1);
  switch (last?.step) {
    case undefined:
      return say("doing.reading");
    case "question":
    case "heard":
    case "quoted":
    case "rewritten":
    case "qa":
      return say("doing.searching");
    case "search":
      return last.hits[0] ? say("doing.found", { title: last.hits[0].title }) : say("doing.weighing");
    case "rule":
    case "threshold":
    case "engine":
    case "handoff":
    case "hours":
    case "contact":
    case "late":
    case "stopped":
      return say("doing.writing");
    case "citations":
      return say("doing.checking");
  }
}

/** One sentence that says why an answer was refused. */
export function whyRefused(steps: readonly Step[], say: Say, percent: Percent): string {
  const search = steps.find((step) => step.step === "search");
  const threshold = steps.find((step) => step.step === "threshold");
  const checked = steps.find((step) => step.step === "citations");
  if (steps.some((step) => step.step === "rule" && step.rule === "forbidden"))
    return say("refused.forbidden");
  if (search?.hits.length === 0) return say("refused.nothing");
  if (threshold && !threshold.passed) {
    return say("refused.unsure", {
      confidence: percent(threshold.confidence),
      threshold: percent(threshold.threshold),
    });
  }
  if (checked && checked.kept === 0) return say("refused.unproved");
  return say("refused.plain");
}

/** What an engine is called in front of people. */
export function engineName(engine: string, say: Say): string {
  const [kind, model] = engine.split(/:(.*)/s);
  switch (kind) {
    case "quotes":
      return say("engine.quotes");
    case "qa":
      return say("engine.qa");
    case "rules":
      return say("engine.rules");
    default:
      return model || engine;
  }
}

/** The mark beside an answer in a word. */
export function outcomeName(outcome: Outcome, say: Say): string {
  return say(`outcome.${outcome}`);
}

function ruleName(rule: string, say: Say): string | undefined {
  const known = [
    "greeting",
    "thanks",
    "goodbye",
    "yes",
    "no",
    "emoji",
    "who_are_you",
    "start",
    "help",
    "file",
    "unheard",
    "too_large",
    "forbidden",
  ] as const;
  const found = known.find((name) => name === rule);
  return found ? say(`rule.${found}`) : undefined;
}

/** Why an engine failed, in words; what an earlier version kept stands there in its own words. */
export function failure(code: string, say: Say): string {
  const known = [
    "key_refused",
    "no_such_model",
    "wrong_address",
    "unreachable",
    "timed_out",
    "limited",
    "cut_off",
    "bad_reply",
    "server_broken",
    "refused",
    "bad_settings",
    "local_only",
    "paused",
    "busy",
    "used_up",
    "not_set_up",
    "not_believed",
    "no_model",
    "bad_model",
    "no_memory",
    "cancelled",
  ] as const;
  const found = known.find((name) => name === code);
  return found ? say(`failed.${found}`) : code;
}

function limitation(limited: string, say: Say): string {
  const known = ["no_embedder", "embedder_failed", "index_rebuilding"] as const;
  const found = known.find((name) => name === limited);
  return say(found ? `limited.${found}` : "limited.other");
}

function reranked({ model, passages, failed }: Reranked, say: Say): string {
  if (failed === null) return say("trace.reranked", { count: passages, model });
  const known = ["busy", "timed_out", "no_model"] as const;
  const found = known.find((name) => name === failed);
  return say(found ? `reranked.${found}` : "reranked.other", { model });
}

function ranked(hits: readonly Hit[]): RankedHit[] {
  const most = (values: (number | null)[]) =>
    Math.max(...values.map((value) => value ?? 0), Number.MIN_VALUE);
  const best = most(hits.map((hit) => hit.score));
  const bestWords = most(hits.map((hit) => hit.keyword));
  return hits.map((hit, index) => ({
    ...hit,
    place: index + 1,
    share: within(hit.score / best),
    words: hit.keyword === null ? null : within(hit.keyword / bestWords),
    // A cosine is a share of its own; below nothing in common there is nothing to draw.
    meaning: hit.vector === null ? null : within(hit.vector),
  }));
}

function within(share: number): number {
  return Math.min(1, Math.max(0, share));
}
