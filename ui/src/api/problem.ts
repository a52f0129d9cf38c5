/** What went wrong, as the API tells it (application/problem+json). The words are made from `code`. */
export class ApiProblem extends Error {
  /** One of the API's closed list, or `unreachable` when there was no answer at all. */
  readonly code: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly field: string | undefined;
  readonly requestId: string | undefined;
  readonly detail: string | undefined;

  constructor(
    code: string,
    status: number,
    more: { field?: string; requestId?: string; detail?: string } = {},
  ) {
    super(code);
    this.name = "ApiProblem";
    this.code = code;
    this.status = status;
    this.field = more.field;
    this.requestId = more.requestId;
    this.detail = more.detail;
  }
}

/** Whether the answer was that nobody is signed in. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === "not_signed_in";
}

/** Reads a problem from the body of an answer; one without our code is a gateway's. */
export function problemOf(body: unknown, status: number): ApiProblem {
  const told = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const text = (name: string) => (typeof told[name] === "string" ? (told[name] as string) : undefined);
  const code = text("code") ?? codeOfGateway(status);
  return new ApiProblem(code, status, {
    field: text("field"),
    requestId: text("request_id"),
    detail: text("detail"),
  });
}

function codeOfGateway(status: number): string {
  if (status >= 502 && status <= 504) return "unreachable";
  return status === 413 ? "too_large_for_proxy" : "internal";
}
