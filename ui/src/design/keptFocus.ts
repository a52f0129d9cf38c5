/**
 * Where the focus goes when what had it goes away, for whoever works by keyboard or screen reader: after a row was
 * removed to the row that took its place, after a page was left to the page that came. Without it the browser starts
 * again at the top of everything. What opens and closes over the page (dialogs, menus) gives the focus back itself.
 */
import { useEffect } from "react";

const focusable =
  "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled)";
const rows = "li, tr, [role=row]";

/** One of them is enough: it looks after everything under `page`, which takes the focus where nothing else can. */
export function useKeptFocus(page: () => HTMLElement | null): void {
  useEffect(() => {
    let last: Element | null = null;
    // Where the focus was last in the page itself.
    let place: HTMLElement | null = null;
    let isByPointer = false;
    const onPointer = () => {
      isByPointer = true;
    };
    const onKey = () => {
      isByPointer = false;
    };
    const onFocus = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement)) return;
      last = target;
      // What lies over the page comes and goes; the place is where it was opened.
      if (page()?.contains(target)) place = target;
    };
    const observer = new MutationObserver((records) => {
      const isGone = place !== null && !place.isConnected;
      if (isByPointer || !(isGone || (last && !last.isConnected))) return;
      const heir = isGone && place ? successor(records, place) : place;
      last = null;
      place = null;
      // Whoever comes with the change may take the focus first.
      afterDrawing(() => {
        if (document.activeElement !== null && document.activeElement !== document.body) return;
        if (document.querySelector("[role=dialog], [role=menu]")) return;
        if (heir?.isConnected) heir.focus();
        else page()?.focus({ preventScroll: true });
      });
    });
    addEventListener("pointerdown", onPointer, true);
    addEventListener("keydown", onKey, true);
    addEventListener("focusin", onFocus);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      removeEventListener("pointerdown", onPointer, true);
      removeEventListener("keydown", onKey, true);
      removeEventListener("focusin", onFocus);
      observer.disconnect();
    };
  }, [page]);
}

/** In the row that stands where the removed one stood, else in the one before it; null when it was no row. */
function successor(records: readonly MutationRecord[], gone: Element): HTMLElement | null {
  for (const { removedNodes, nextSibling, previousSibling } of records) {
    for (const node of removedNodes) {
      if (!(node instanceof Element) || !node.contains(gone) || !node.matches(rows)) continue;
      const row = rowFrom(nextSibling, "nextSibling") ?? rowFrom(previousSibling, "previousSibling");
      return row && firstIn(row);
    }
  }
  return null;
}

function rowFrom(node: Node | null, on: "nextSibling" | "previousSibling"): Element | null {
  let at = node;
  while (at && !(at instanceof Element && at.matches(rows))) at = at[on];
  return at instanceof Element ? at : null;
}

/** The row itself where it takes the focus, else the first thing in it that does. */
function firstIn(row: Element): HTMLElement | null {
  if (row instanceof HTMLElement && row.hasAttribute("tabindex")) return row;
  return row.querySelector<HTMLElement>(focusable);
}

function afterDrawing(run: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(run));
}
