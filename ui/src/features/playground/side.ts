/** What the panel on the right shows. */
import type { Citation } from "./wire";

/** A place in a document: a citation's, or a passage's that the search found. */
export type SourcePlace = Pick<
  Citation,
  "document_id" | "document_title" | "page" | "headings" | "quote" | "start"
> & {
  number?: number;
};

export type Side =
  | { kind: "source"; messageId: string; places: readonly SourcePlace[]; index: number }
  | { kind: "trace"; messageId: string }
  | { kind: "earlier" };
