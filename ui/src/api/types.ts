/** The shapes of the API that several places use, under the names that the product uses. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Session = Schemas["Session"];
export type Member = Schemas["Member"];
export type Status = Schemas["Status"];
export type Source = Schemas["Source"];
export type Document = Schemas["Document"];
export type ReadFailure = Schemas["ReadFailure"];
export type ReadNote = Schemas["ReadNote"];
export type ReadReport = Schemas["ReadReport"];
export type DocumentState = Schemas["DocumentState"];
export type Difference = Schemas["Difference"];
export type TextChange = Schemas["TextChange"];
export type CellChange = Schemas["CellChange"];
export type DocumentKinds = Schemas["DocumentKinds"];
export type Passage = Schemas["Passage"];
export type Block = Schemas["Block"];
export type Qa = Schemas["Qa"];
export type Assistant = Schemas["Assistant"];
export type AssistantSettings = Schemas["AssistantSettings"];
export type FirstRun = Schemas["FirstRun"];
export type FirstStep = Schemas["FirstStep"];
export type Settings = Schemas["Settings"];
export type Model = Schemas["Model"];
export type OfferedModel = Schemas["OfferedModel"];
export type SearchFound = Schemas["SearchFound"];
export type SearchHit = Schemas["SearchHit"];
export type Backup = Schemas["Backup"];
export type Change = Schemas["Change"];
export type Topic = Schemas["Topic"];
