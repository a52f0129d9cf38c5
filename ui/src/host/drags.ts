/**
 * Files over the program's own window. Under Linux its page is shown none of them (WebKitGTK, CVE-2025-13947): the window
 * tells where they hang and what was dropped, and here that becomes the events that a browser would have made of it, so
 * every place for files works as it does there.
 */
import { problemOf } from "../api/problem";

interface Place {
  x: number;
  y: number;
}

interface Dropped extends Place {
  files: readonly { name: string; ticket: string }[];
}

/** Listens to the window; `failed` hears of each file that could not be fetched. The answer ends it. */
export function hearDrags(failed: (name: string, why: unknown) => void): () => void {
  // What the files hang over.
  let under: Element | null = null;

  const leave = () => {
    under?.dispatchEvent(drag("dragleave", anyFile()));
    under = null;
  };

  const hang = (event: Event) => {
    const place = detailOf<Place | null>(event);
    if (!place) return leave();
    const next = elementAt(place);
    if (next !== under) {
      // First into the new, then out of the old, as the standard wants it.
      next.dispatchEvent(drag("dragenter", anyFile(), place));
      under?.dispatchEvent(drag("dragleave", anyFile(), place, next));
      under = next;
    }
    next.dispatchEvent(drag("dragover", anyFile(), place));
  };

  const drop = async (event: Event) => {
    const dropped = detailOf<Dropped>(event);
    const target = elementAt(dropped);
    const over = drag("dragover", anyFile(), dropped);
    target.dispatchEvent(over);
    // Nobody there takes files.
    if (!over.defaultPrevented) return leave();
    const files: File[] = [];
    for (const { name, ticket } of dropped.files) {
      try {
        files.push(await fetched(name, ticket));
      } catch (why) {
        failed(name, why);
      }
    }
    if (files.length === 0) return leave();
    under = null;
    target.dispatchEvent(drag("drop", transferOf(files), dropped));
  };

  const heard = (event: Event) => void drop(event);
  window.addEventListener("filesover", hang);
  window.addEventListener("filesdropped", heard);
  return () => {
    window.removeEventListener("filesover", hang);
    window.removeEventListener("filesdropped", heard);
  };
}

async function fetched(name: string, ticket: string): Promise<File> {
  const reply = await fetch(`/api/host/dropped/${encodeURIComponent(ticket)}`);
  if (!reply.ok) throw problemOf(await reply.json().catch(() => undefined), reply.status);
  return new File([await reply.blob()], name);
}

function elementAt({ x, y }: Place): Element {
  return document.elementFromPoint(x, y) ?? document.body;
}

function transferOf(files: readonly File[]): DataTransfer {
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  return transfer;
}

/** While files only hang, a page learns no more of them than that they are some. */
function anyFile(): DataTransfer {
  return transferOf([new File([], "")]);
}

/** @param to what was entered instead; nothing outside of the window */
function drag(kind: string, dataTransfer: DataTransfer, at?: Place, to: Element | null = null): DragEvent {
  return new DragEvent(kind, {
    bubbles: true,
    cancelable: true,
    clientX: at?.x ?? 0,
    clientY: at?.y ?? 0,
    relatedTarget: to,
    dataTransfer,
  });
}

/** What the window tells with an event. */
function detailOf<Detail>(event: Event): Detail {
  return (event as CustomEvent<Detail>).detail;
}
