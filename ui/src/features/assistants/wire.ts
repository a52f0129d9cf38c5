/** The shapes of the API that an assistant is made of, under short names. */
import type { components } from "../../api/schema";

type Schemas = components["schemas"];

export type Assistant = Schemas["Assistant"];
export type Settings = Schemas["AssistantSettings"];
export type Refusal = Schemas["Refusal"];
export type HandoffRules = Schemas["HandoffRules"];
export type Moment = Schemas["HandoffMoment"];
export type Hours = Schemas["Hours"];
export type Week = Schemas["Week"];
export type Interval = Schemas["Interval"];
export type Holiday = Schemas["Holiday"];
export type PastQuestion = Schemas["PastQuestion"];
export type Rung = Schemas["EngineRung"];
export type Version = Schemas["AssistantVersion"];
export type Part = Schemas["AssistantPart"];
export type Then = Schemas["AssistantThen"];
