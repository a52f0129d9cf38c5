// Labels of conversations: their colours, and which a conversation has. Pure.

import type { Label, LabelColour } from "./wire";

export const colours: readonly LabelColour[] = ["grey", "blue", "violet", "teal", "green", "amber", "red"];

/** A conversation's labels, in the order they were made; those that are gone are left out. */
export function labelsOf(ids: readonly string[], all: readonly Label[] | undefined): readonly Label[] {
  return (all ?? []).filter(({ id }) => ids.includes(id));
}
