/** The shapes of the API that an answer and its proof are made of, under short names. */
import type { components } from "../../api/schema";

type Schemas = components["schemas"];

export type Citation = Schemas["Citation"];
export type Outcome = Schemas["Outcome"];
export type Step = Schemas["Step"];
export type Hit = Schemas["TraceHit"];
export type Reranked = Schemas["Reranked"];
