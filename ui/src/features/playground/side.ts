/** What the panel on the right shows. */
import type { AnswerSide } from "../../shared/answer/side";

export type Side = AnswerSide | { kind: "earlier" };
