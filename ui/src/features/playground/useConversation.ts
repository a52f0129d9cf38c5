// Holds a conversation: asks, listens, and goes on by itself when the connection breaks.

import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import { ApiProblem } from "../../api/problem";
import { ask, messages, type Piece, startConversation, stopAnswer } from "./calls";
import { type Action, isOpen, next, type Turn } from "./turns";

/** Milliseconds between two tries to reach the program again; the last one repeats. */
const PAUSES = [500, 1000, 2000, 4000, 8000, 15000];

type Options = {
  conversationId: string | undefined;
  assistantId: string | undefined;
  /** A new conversation got its id with the first question. */
  onStarted: (id: string) => void;
};

export type Held = {
  turns: Turn[];
  /** The turn whose words may still come. */
  open: Turn | undefined;
  /** An earlier conversation is on its way. */
  isOpening: boolean;
  /** Why it could not be opened; while the program is not reached, it goes on trying. */
  problem: ApiProblem | undefined;
  reopen: () => void;
  say: (question: string) => void;
  stop: () => void;
  /** Looks for the answer again. */
  again: (turn: Turn) => void;
  withdraw: (turn: Turn) => void;
};

export function useConversation({ conversationId, assistantId, onStarted }: Options): Held {
  const [turns, dispatch] = useReducer(next as (turns: Turn[], action: Action) => Turn[], []);
  const current = useRef<{ id: string | undefined; abort: AbortController | undefined }>({
    id: undefined,
    abort: undefined,
  });
  /** The question that was stopped before the program had received it. */
  const unheard = useRef<string>(undefined);
  const [isOpening, setOpening] = useState(conversationId !== undefined);
  const [problem, setProblem] = useState<ApiProblem>();
  const open = turns.findLast(isOpen);

  /** Shows what is kept, until every question in it has its answer. */
  const reopen = useCallback((id: string) => {
    const abort = new AbortController();
    current.current.abort?.abort();
    current.current.abort = abort;
    void keepTrying(abort.signal, async () => {
      try {
        const kept = await messages(id, abort.signal);
        if (abort.signal.aborted) return true;
        setProblem(undefined);
        setOpening(false);
        dispatch({ type: "opened", messages: kept });
        return kept.every((message) => message.author !== "contact" || message.answered_by !== null);
      } catch (error) {
        if (abort.signal.aborted) return true;
        const failure = error instanceof ApiProblem ? error : new ApiProblem("unreachable", 0);
        setProblem(failure);
        return failure.code !== "unreachable";
      }
    });
  }, []);

  useEffect(() => {
    if (conversationId !== undefined && conversationId === current.current.id) return;
    current.current.abort?.abort();
    current.current = { id: conversationId, abort: undefined };
    dispatch({ type: "opened", messages: [] });
    setProblem(undefined);
    setOpening(conversationId !== undefined);
    if (conversationId !== undefined) reopen(conversationId);
  }, [conversationId, reopen]);

  useEffect(() => () => current.current.abort?.abort(), []);

  /** Stops the answer, and goes on trying until the program has heard it. */
  const halt = useCallback((id: string, key: string, questionId: string) => {
    const signal = current.current.abort?.signal ?? new AbortController().signal;
    void keepTrying(signal, async () => {
      try {
        const stands = await stopAnswer(id, questionId);
        if (!signal.aborted) dispatch({ type: "done", key, answer: stands });
        return true;
      } catch (error) {
        // Anything but silence means that there is nothing to stop: the answer comes, or its failure.
        return error instanceof ApiProblem && error.code !== "unreachable";
      }
    });
  }, []);

  const run = useCallback(
    (key: string, question: string) => {
      const abort = new AbortController();
      current.current.abort?.abort();
      current.current.abort = abort;
      const isCurrent = () => !abort.signal.aborted;
      void keepTrying(abort.signal, async () => {
        try {
          let id = current.current.id;
          if (id === undefined) {
            if (assistantId === undefined) throw new ApiProblem("not_found", 404);
            id = (await startConversation(assistantId)).id;
            if (!isCurrent()) return true;
            current.current.id = id;
            onStarted(id);
          }
          let isOver = false;
          let isFirst = true;
          for await (const piece of ask(id, question, key, abort.signal)) {
            if (!isCurrent()) return true;
            // A second try tells everything from the beginning.
            if (isFirst) dispatch({ type: "restarted", key });
            isFirst = false;
            dispatch(actionOf(piece, key));
            // It was stopped before it was known by which name.
            if (piece.name === "received" && unheard.current === key) halt(id, key, piece.message_id);
            isOver = piece.name === "done" || piece.name === "failed";
          }
          if (!isOver && isCurrent()) dispatch({ type: "lost", key });
          return isOver;
        } catch (error) {
          if (!isCurrent()) return true;
          const failure = error instanceof ApiProblem ? error : new ApiProblem("unreachable", 0);
          if (failure.code !== "unreachable") {
            dispatch({ type: "failed", key, code: failure.code, requestId: failure.requestId });
            return true;
          }
          dispatch({ type: "lost", key });
          return false;
        }
      });
    },
    [assistantId, onStarted, halt],
  );

  return {
    turns,
    open,
    isOpening,
    problem,
    reopen: () => conversationId !== undefined && reopen(conversationId),
    say: (question) => {
      const key = newKey();
      dispatch({ type: "asked", key, question, at: new Date().toISOString() });
      run(key, question);
    },
    stop: () => {
      const id = current.current.id;
      if (!open || open.state === "stopped") return;
      dispatch({ type: "stopped", key: open.key });
      if (id !== undefined && open.questionId !== undefined) halt(id, open.key, open.questionId);
      else unheard.current = open.key;
    },
    again: (turn) => {
      const isKept = turn.key === turn.questionId;
      if (isKept && conversationId !== undefined) return reopen(conversationId);
      dispatch({ type: "again", key: turn.key });
      run(turn.key, turn.question);
    },
    withdraw: (turn) => dispatch({ type: "withdrawn", key: turn.key }),
  };
}

function actionOf(piece: Piece, key: string): Action {
  switch (piece.name) {
    case "received":
      return { type: "received", key, questionId: piece.message_id };
    case "step":
      return { type: "step", key, step: piece.step };
    case "text":
      return { type: "text", key, text: piece.text };
    case "restarted":
      return { type: "restarted", key };
    case "done":
      return { type: "done", key, answer: piece.message };
    case "failed":
      return { type: "failed", key, code: piece.code };
  }
}

/** Repeats `attempt` until it says true; a network that comes back ends a pause at once. */
async function keepTrying(signal: AbortSignal, attempt: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !signal.aborted; tries += 1) {
    const isOver = await attempt().catch(() => signal.aborted);
    if (isOver) return;
    await pause(PAUSES[Math.min(tries, PAUSES.length - 1)] ?? 0, signal);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    window.addEventListener("online", end);
    signal.addEventListener("abort", end);
  });
}

/** 128 random bits. Not crypto.randomUUID: over plain HTTP in a local network it is not there. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
