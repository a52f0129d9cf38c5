/** Why a letter was not sent: the API's words for it. */
const reasons = [
  "local_only",
  "unreachable",
  "timed_out",
  "no_starttls",
  "not_trusted",
  "wrong_password",
  "no_login",
  "sender_refused",
  "recipient_refused",
  "letter_refused",
  "later",
  "broken",
  "bad_address",
  "no_mail",
  "closed",
] as const;

export type Reason = (typeof reasons)[number];

export function reasonOf(code: string | null): Reason | undefined {
  return reasons.find((one) => one === code);
}
