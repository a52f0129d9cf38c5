/** The shapes of the API that channels are made of, under short names. */

export interface BotSettings {
  api_url: string;
  proxy: string;
  webhook: boolean;
  groups: boolean;
  show_sources: boolean;
  ask_rating: boolean;
  stream: boolean;
  staff_chat: number;
  operators: number[];
  show_operator: boolean;
  business: "off" | "draft" | "answer";
  languages: string[];
}

export type Trouble =
  | "needs_token"
  | "other_poller"
  | "webhook_set"
  | "unreachable"
  | "limited"
  | "bad_address"
  | "secret_lost";

export interface BotState {
  is: "off" | "starting" | "running" | "troubled";
  trouble: Trouble | null;
  what: string | null;
  since: string | null;
  until: string | null;
}

export interface BotAccount {
  id: number;
  name: string;
  username: string;
  can_join_groups: boolean;
  reads_all_in_groups: boolean;
  can_connect_to_business: boolean;
}

export interface Bot {
  id: string;
  assistant_id: string;
  account: BotAccount;
  is_on: boolean;
  state: BotState;
  settings: BotSettings;
  version: number;
  token_hint: string | null;
  last_update_at: string | null;
  last_heard_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface BotCheck {
  what: string;
  ok: boolean;
  told: string;
}

export interface SimulatorButton {
  label: string;
  url: string | null;
}

export interface SimulatorMessage {
  id: number;
  from: string;
  is_bot: boolean;
  text: string;
  file: string | null;
  buttons: SimulatorButton[][];
  at: string;
}

export type Room = "private" | "group" | "staff";

export interface SimulatorChat {
  id: number;
  topic: number;
  kind: Room;
  title: string;
  is_writing: boolean;
  draft: string;
  messages: SimulatorMessage[];
}

export interface Simulator {
  bot_id: string | null;
  version: number;
  chats: SimulatorChat[];
}
