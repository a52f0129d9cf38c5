// Text that a browser would take seconds to break into lines.

import type { ClipboardEvent } from "react";

/**
 * True when a run without a space is so long that finding places to break it is slow: Chromium looks through the rest
 * of the run again for every line, so the time grows with its square. Such text may break anywhere, which is fast
 * (`[data-endless]` in base.css).
 */
export function isEndless(text: string): boolean {
  return /\S{2000}/u.test(text);
}

/** Marks a field before such text is pasted into it, so that it is not broken the slow way even once. */
export function beforePaste({ clipboardData, currentTarget }: ClipboardEvent<HTMLElement>): void {
  if (isEndless(clipboardData.getData("text"))) currentTarget.setAttribute("data-endless", "true");
}
