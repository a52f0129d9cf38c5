/** The shapes of the API that a conversation is made of, under short names. */
import type { components } from "../../api/schema";

type Schemas = components["schemas"];

export type Message = Schemas["Message"];
export type Citation = Schemas["Citation"];
export type Outcome = Schemas["Outcome"];
export type Conversation = Schemas["Conversation"];
export type Trace = Schemas["Trace"];
export type Step = Schemas["Step"];
export type Hit = Schemas["TraceHit"];
