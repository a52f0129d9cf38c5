/** The shapes of the API that a conversation is made of, under short names. */
import type { components } from "../../api/schema";

type Schemas = components["schemas"];

export type Message = Schemas["Message"];
export type Conversation = Schemas["Conversation"];
export type Step = Schemas["Step"];
