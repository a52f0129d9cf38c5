export const en = {
  tooLong: { one: "{count} character too many", other: "{count} characters too many" },
} as const;
