// Prices as they are typed, and the currency that somebody likely pays in. Pure.

/** A price as it is typed, in millionths of the currency's unit; null when it is none. */
export function microsOf(text: string): number | null {
  const typed = /^(\d{1,6})(?:[.,](\d{1,6}))?$/.exec(text.replaceAll(/\s/g, ""));
  if (!typed) return null;
  return Number(typed[1]) * 1_000_000 + Number((typed[2] ?? "").padEnd(6, "0"));
}

/** Millionths as they are typed again, without zeros at the end. */
export function typed(micros: number, point: string): string {
  const whole = Math.floor(micros / 1_000_000);
  const rest = String(micros % 1_000_000)
    .padStart(6, "0")
    .replace(/0+$/, "");
  return rest === "" ? String(whole) : `${whole}${point}${rest}`;
}

/** What is likely paid in by somebody who lives in this time zone. */
export function likelyCurrency(zone: string): string {
  const russian =
    /^Europe\/(Moscow|Kaliningrad|Samara|Saratov|Ulyanovsk|Volgograd|Kirov|Astrakhan)$|^Asia\/(Yekaterinburg|Omsk|Novosibirsk|Barnaul|Tomsk|Novokuznetsk|Krasnoyarsk|Irkutsk|Chita|Yakutsk|Vladivostok|Khandyga|Ust-Nera|Magadan|Sakhalin|Srednekolymsk|Kamchatka|Anadyr)$/;
  if (russian.test(zone)) return "RUB";
  if (zone === "Europe/London") return "GBP";
  return zone.startsWith("Europe/") ? "EUR" : "USD";
}
