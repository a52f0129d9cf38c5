// One page of a PDF: its picture, its selectable text, and the marks of a quote.

import type { PDFPageProxy, TextLayer } from "pdfjs-dist";
import { useEffect, useRef, useState } from "react";
import type { PageSize } from "./layout";
import { type Pdf, pdfLibrary } from "./pdf";
import css from "./pdf.module.css";
import type { Mark } from "./quote";

/** A canvas larger than this many pixels is drawn coarser: browsers refuse huge ones. */
const MOST_PIXELS = 16_000_000;

type Props = {
  pdf: Pdf;
  /** From 0. */
  index: number;
  scale: number;
  label: string;
  marks: readonly Mark[] | undefined;
  onSize: (index: number, size: PageSize) => void;
  /** Called once the marks stand: the top of the first one, as a share of the page's height. */
  onMarked: (index: number, top: number) => void;
};

/** Percentages of the page. */
type Box = { left: number; top: number; width: number; height: number };

export function PdfPage({ pdf, index, scale, label, marks, onSize, onMarked }: Props) {
  const [page, setPage] = useState<PDFPageProxy>();
  const [isDrawn, setDrawn] = useState(false);
  const [boxes, setBoxes] = useState<Box[]>([]);
  const [layer, setLayer] = useState<TextLayer>();
  const paper = useRef<HTMLDivElement>(null);
  const text = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let isWanted = true;
    pdf.getPage(index + 1).then(
      (opened) => {
        if (!isWanted) return;
        const { width, height } = opened.getViewport({ scale: 1 });
        onSize(index, { width, height });
        setPage(opened);
      },
      // The document was closed meanwhile, or this page is damaged: it stays blank, the others are shown.
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [pdf, index, onSize]);

  useEffect(() => {
    if (!page) return;
    const canvas = document.createElement("canvas");
    const viewport = page.getViewport({ scale });
    const wished = window.devicePixelRatio || 1;
    const fits = Math.sqrt(MOST_PIXELS / (viewport.width * viewport.height));
    const ratio = Math.min(wished, fits);
    canvas.width = Math.floor(viewport.width * ratio);
    canvas.height = Math.floor(viewport.height * ratio);
    const task = page.render({ canvas, viewport, transform: [ratio, 0, 0, ratio, 0, 0] });
    task.promise.then(
      () => {
        paper.current?.replaceChildren(canvas);
        setDrawn(true);
      },
      () => undefined,
    );
    return () => task.cancel();
  }, [page, scale]);

  useEffect(() => {
    const container = text.current;
    if (!page || !container) return;
    let isWanted = true;
    let built: TextLayer | undefined;
    const build = async () => {
      const [{ TextLayer }, content] = await Promise.all([pdfLibrary(), page.getTextContent()]);
      if (!isWanted) return;
      built = new TextLayer({
        textContentSource: content,
        container,
        viewport: page.getViewport({ scale: 1 }),
      });
      await built.render();
      if (isWanted) setLayer(built);
    };
    build().catch(() => undefined);
    return () => {
      isWanted = false;
      built?.cancel();
      container.replaceChildren();
      setLayer(undefined);
    };
  }, [page]);

  useEffect(() => {
    if (!layer || !marks || !text.current) {
      setBoxes([]);
      return;
    }
    const found = boxesOf(layer.textDivs, marks, text.current.getBoundingClientRect());
    setBoxes(found);
    const first = found[0];
    if (first) onMarked(index, first.top / 100);
  }, [layer, marks, index, onMarked]);

  return (
    <section className={css.page} aria-label={label} data-drawn={isDrawn || undefined}>
      <div ref={paper} className={css.paper} aria-hidden="true" />
      <div className={css.marks} aria-hidden="true">
        {boxes.map((box) => (
          <div
            key={`${box.left} ${box.top}`}
            className={css.mark}
            data-testid="quote-mark"
            style={{
              left: `${box.left}%`,
              top: `${box.top}%`,
              width: `${box.width}%`,
              height: `${box.height}%`,
            }}
          />
        ))}
      </div>
      <div ref={text} className={css.text} />
    </section>
  );
}

/** The boxes of the marked words, those of one line joined. */
function boxesOf(spans: readonly HTMLElement[], marks: readonly Mark[], page: DOMRect): Box[] {
  const boxes: Box[] = [];
  for (const mark of marks) {
    const node = spans[mark.piece]?.firstChild;
    if (!(node instanceof Text) || node.data.trim() === "") continue;
    const range = document.createRange();
    range.setStart(node, Math.min(mark.from, node.length));
    range.setEnd(node, Math.min(mark.to, node.length));
    for (const rect of range.getClientRects()) addBox(boxes, rect, page);
  }
  return boxes;
}

function addBox(boxes: Box[], rect: DOMRect, page: DOMRect): void {
  if (rect.width === 0 || page.width === 0) return;
  const box = {
    left: ((rect.left - page.left) / page.width) * 100,
    top: ((rect.top - page.top) / page.height) * 100,
    width: (rect.width / page.width) * 100,
    height: (rect.height / page.height) * 100,
  };
  const last = boxes.at(-1);
  const isSameLine = last && Math.abs(last.top - box.top) < box.height / 2;
  const isNext = last && box.left >= last.left && box.left - (last.left + last.width) < 4;
  if (last && isSameLine && isNext) {
    const bottom = Math.max(last.top + last.height, box.top + box.height);
    last.top = Math.min(last.top, box.top);
    last.height = bottom - last.top;
    last.width = box.left + box.width - last.left;
  } else {
    boxes.push(box);
  }
}
