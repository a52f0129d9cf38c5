// What the viewer asks the API for.

import { problemOf } from "../../api/problem";
import type { Block } from "./blocks";

/** What the viewer needs to know about a document. */
export type DocumentFacts = { id: string; name: string; title: string; media_type: string };

export async function loadDocument(id: string, signal: AbortSignal): Promise<DocumentFacts> {
  return (await get(`/api/documents/${id}`, signal)) as DocumentFacts;
}

export async function loadBlocks(id: string, signal: AbortSignal): Promise<Block[]> {
  const { blocks } = (await get(`/api/documents/${id}/text`, signal)) as { blocks: Block[] };
  return blocks;
}

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

async function get(path: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(path, { signal, headers: { accept: "application/json" } });
  if (!response.ok) throw problemOf(await response.json().catch(() => undefined), response.status);
  return response.json();
}
