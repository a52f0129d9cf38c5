// What a kept secret is called in front of people.

import type { useWords } from "./words";

export function secretName(name: string, say: ReturnType<typeof useWords>): string {
  return name === "remote_key" ? say("secret.remote_key") : name;
}
