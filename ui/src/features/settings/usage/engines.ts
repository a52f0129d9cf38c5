// Engines that may cost money: which there are, and which used up something that has no price. Pure.

import type { components } from "../../../api/schema";
import type { Settings } from "../../../api/types";

type EngineDay = components["schemas"]["EngineDay"];

/** How the names of engines begin that lie on a server; all others cost nothing. */
const ON_A_SERVER = "remote:";

/** Those that are set up first, then those that were. */
export function pricedEngines(settings: Settings, rows: readonly EngineDay[]): string[] {
  const setUp = [settings.remote, settings.spare].flatMap((remote) =>
    remote ? [`${ON_A_SERVER}${remote.model}`] : [],
  );
  const used = rows.map(({ engine }) => engine).filter((engine) => engine.startsWith(ON_A_SERVER));
  const once = settings.prices.map(({ engine }) => engine);
  return [...new Set([...setUp, ...used.sort(), ...once])];
}

/** Engines whose tokens are counted and whose cost nobody knows. */
export function unpriced(settings: Settings, rows: readonly EngineDay[]): string[] {
  const priced = new Set(settings.prices.map(({ engine }) => engine));
  const used = rows.filter((row) => row.prompt_tokens + row.answer_tokens > 0).map(({ engine }) => engine);
  return [...new Set(used)].filter((engine) => engine.startsWith(ON_A_SERVER) && !priced.has(engine));
}
