// The first steps and their order. Pure.

import type { FirstStep } from "../../api/types";

export const steps = [
  "language",
  "business",
  "files",
  "questions",
  "engine",
  "telegram",
  "done",
] as const satisfies readonly FirstStep[];

export function isStep(text: string | undefined): text is FirstStep {
  return steps.some((step) => step === text);
}

export function after(step: FirstStep): FirstStep {
  return steps[steps.indexOf(step) + 1] ?? "done";
}

export function before(step: FirstStep): FirstStep | undefined {
  return steps[steps.indexOf(step) - 1];
}
