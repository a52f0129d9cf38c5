/** The shapes of the API that the Inbox shows, under short names. */
import type { components } from "../../api/schema";

type Schemas = components["schemas"];

/** The lists of the Inbox, by who has a conversation. */
export const sections = ["needs", "taken", "ai", "closed"] as const;
export type Section = (typeof sections)[number];

export type Channel = Schemas["Channel"];
export type Operator = Schemas["Operator"];
/** Who answers in a conversation. */
export type Handoff = Schemas["Handoff"];
/** What happened to a conversation. */
export type Transition = Schemas["Transition"];
/** A conversation as the lists show it. */
export type Row = Schemas["Conversation"];
/** What is known of a customer; what is unknown is empty. */
export type Contact = Schemas["Profile"];
export type Attachment = Schemas["Attachment"];
export type Message = Schemas["Message"];
export type Note = Schemas["Note"];
export type Label = Schemas["InboxLabel"];
export type LabelColour = Schemas["LabelColour"];
export type SavedReply = Schemas["SavedReply"];
export type Colleague = Schemas["Colleague"];
export type Assignment = Schemas["Assignment"];
export type Hit = Schemas["InboxHit"];
