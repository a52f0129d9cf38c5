/** The shapes of the API that Home is made of, under short names. */
import type { components } from "../../api/schema";

type Schemas = components["schemas"];

export type Home = Schemas["Home"];
export type Bot = Schemas["Bot"];
export type Role = Schemas["Role"];
