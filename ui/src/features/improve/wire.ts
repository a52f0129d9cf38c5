/** The shapes of the API that Improve is made of, under short names. */
import type { components } from "../../api/schema";

type Schemas = components["schemas"];

export type Unanswered = Schemas["Unanswered"];
export type Rated = Schemas["Rated"];
export type Channel = Schemas["Channel"];

/** The lists, each with an address of its own. */
export const tabs = ["unanswered", "suggested", "rated", "dismissed"] as const;
export type Tab = (typeof tabs)[number];
