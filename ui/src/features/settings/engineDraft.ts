/** What was typed of an engine and is not saved yet. Lives outside the page, so that leaving it loses nothing. */

export type EnginePlace = "remote" | "spare";

/** The fields as they stand. */
export interface EngineDraft {
  address: string;
  model: string;
  key: string;
  answers: string;
  tokens: string;
}

const drafts = new Map<EnginePlace, EngineDraft>();

export function engineDraft(place: EnginePlace): EngineDraft | undefined {
  return drafts.get(place);
}

export function keepEngineDraft(place: EnginePlace, draft: EngineDraft): void {
  drafts.set(place, draft);
}

export function dropEngineDraft(place: EnginePlace): void {
  drafts.delete(place);
}

addEventListener("beforeunload", (event) => {
  if (drafts.size > 0) event.preventDefault();
});
