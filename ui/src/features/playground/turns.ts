// The conversation on the page: questions and what became of them. Everything that happens to it is an
// action; nothing here knows the network.

import type { Message, Step } from "./wire";

/**
 * How far a question has come. `lost`: the connection broke, the answer is being looked for.
 * `stopped`: the member wants no more of it; what stands of it comes as its answer.
 */
export type TurnState = "sending" | "answering" | "lost" | "stopped" | "failed" | "done";

/** A question and its answer. */
export type Turn = {
  /** Our own id of the question; the server takes the same one twice as one message. */
  key: string;
  question: string;
  state: TurnState;
  /** The server's id of the question, once it was received. */
  questionId?: string;
  askedAt: string;
  /** The words so far: not checked until the answer stands. */
  draft: string;
  steps: Step[];
  answer?: Message;
  /** Why it failed: a code of the API, or `unreachable`. */
  code?: string;
  /** By which the failure can be found in the log. */
  requestId?: string;
};

export type Action =
  | { type: "opened"; messages: readonly Message[] }
  | { type: "asked"; key: string; question: string; at: string }
  | { type: "received"; key: string; questionId: string }
  | { type: "step"; key: string; step: Step }
  | { type: "text"; key: string; text: string }
  | { type: "restarted"; key: string }
  | { type: "done"; key: string; answer: Message }
  | { type: "failed"; key: string; code: string; requestId?: string }
  | { type: "lost"; key: string }
  | { type: "stopped"; key: string }
  | { type: "again"; key: string }
  | { type: "withdrawn"; key: string };

/** What stands on the page after an action. */
export function next(turns: readonly Turn[], action: Action): Turn[] {
  switch (action.type) {
    case "opened":
      return opened(action.messages);
    case "asked":
      return [...turns, fresh(action.key, action.question, action.at)];
    case "withdrawn":
      return turns.filter((turn) => turn.key !== action.key);
    default:
      return turns.map((turn) => (turn.key === action.key ? changed(turn, action) : turn));
  }
}

/** True until it is known what stands. */
export function isOpen(turn: Turn): boolean {
  return turn.state !== "failed" && turn.state !== "done";
}

function changed(turn: Turn, action: Exclude<Action, { type: "opened" | "asked" | "withdrawn" }>): Turn {
  // The kept answer is the truth; nothing that comes late changes it.
  if (turn.state === "done") return turn;
  switch (action.type) {
    case "received":
      return {
        ...turn,
        questionId: action.questionId,
        state: turn.state === "stopped" ? "stopped" : "answering",
      };
    case "step":
      return { ...turn, steps: [...turn.steps, action.step] };
    case "text":
      return turn.state === "stopped"
        ? turn
        : { ...turn, state: "answering", draft: turn.draft + action.text };
    case "restarted":
      return turn.state === "stopped" ? turn : { ...turn, draft: "", steps: [] };
    case "done":
      return { ...turn, state: "done", answer: action.answer, draft: "" };
    case "failed":
      return { ...turn, state: "failed", code: action.code, requestId: action.requestId };
    case "lost":
      return turn.state === "stopped" ? turn : { ...turn, state: "lost" };
    case "stopped":
      return { ...turn, state: "stopped" };
    case "again":
      return { ...turn, state: "sending", draft: "", steps: [], code: undefined, requestId: undefined };
  }
}

function fresh(key: string, question: string, at: string): Turn {
  return { key, question, state: "sending", askedAt: at, draft: "", steps: [] };
}

/** Turns of an earlier conversation. Questions answered together show their answer under the last of them. */
function opened(messages: readonly Message[]): Turn[] {
  const answers = new Map(messages.filter((one) => one.author !== "contact").map((one) => [one.id, one]));
  const questions = messages.filter((one) => one.author === "contact");
  return questions.map((asked, index) => {
    const isLastOfItsAnswer = questions[index + 1]?.answered_by !== asked.answered_by;
    const answer = asked.answered_by && isLastOfItsAnswer ? answers.get(asked.answered_by) : undefined;
    const base = { ...fresh(asked.id, asked.text, asked.created_at), questionId: asked.id };
    if (answer) return { ...base, state: "done", answer };
    return { ...base, state: asked.answered_by ? "done" : "lost" };
  });
}
