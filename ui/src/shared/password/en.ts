export const en = {
  short: {
    one: "{count} more character",
    other: "{count} more characters",
  },
  guessed: "This password is among the first that are guessed",
} as const;
