/** The shapes of the API that channels are made of, under short names. */
import type { components } from "../../api/schema";

type Schemas = components["schemas"];

export type Bot = Schemas["Bot"];
export type BotAccount = Schemas["BotAccount"];
export type BotState = Schemas["BotState"];
export type BotSettings = Schemas["BotSettings"];
export type Simulator = Schemas["Simulator"];
export type SimulatorChat = Schemas["SimulatorChat"];
export type SimulatorMessage = Schemas["SimulatorMessage"];
export type Room = SimulatorChat["kind"];
