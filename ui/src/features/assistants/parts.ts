/** The parts of an assistant's page, in their order. */
export const parts = [
  "identity",
  "instructions",
  "rules",
  "hours",
  "knowledge",
  "writer",
  "versions",
] as const;
export type Part = (typeof parts)[number];
