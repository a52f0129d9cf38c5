// What a kept secret is called in front of people.

import type { useWords } from "./words";

export function secretName(name: string, say: ReturnType<typeof useWords>): string {
  if (name === "remote_key") return say("secret.remote_key");
  if (name === "spare_key") return say("secret.spare_key");
  if (name === "mail_password") return say("secret.mail_password");
  if (name.startsWith("totp")) return say("secret.totp");
  if (name.startsWith("invitation:")) return say("secret.invitation");
  return name;
}
