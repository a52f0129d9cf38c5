/** What the panel shows about an answer. */
import type { Citation } from "./wire";

/** A place in a document: a citation's, or a passage's that the search found. */
export type SourcePlace = Pick<
  Citation,
  "document_id" | "document_title" | "page" | "headings" | "quote" | "start"
> & {
  number?: number;
  /** The address of the page, where it is one of a web site. */
  address?: string | null;
};

export type SourceSide = { kind: "source"; messageId: string; places: readonly SourcePlace[]; index: number };
export type TraceSide = {
  kind: "trace";
  messageId: string;
  /** What became of the question, where it was not answered. */
  became?: "refused" | "stopped" | undefined;
};
export type AnswerSide = SourceSide | TraceSide;
