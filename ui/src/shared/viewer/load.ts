// Where the viewer finds a file, and why it may not.

/** The address of the file as it was added; `inline` for looking at it inside the page. */
export function originalUrl(id: string, how?: "inline"): string {
  return `/api/documents/${id}/original${how ? "?inline=1" : ""}`;
}

/** Why something could not be shown, in the viewer's own few words. */
export type Cause = "gone" | "unreachable" | "encrypted" | "damaged";

export function causeOf(error: unknown): Cause {
  const status = error instanceof Error && "status" in error ? error.status : undefined;
  if (status === 404 || status === 410) return "gone";
  if (error instanceof Error && error.name === "PasswordException") return "encrypted";
  if (error instanceof Error && error.name === "InvalidPDFException") return "damaged";
  return "unreachable";
}
