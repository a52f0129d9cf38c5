// A PDF as it looks: its pages under each other, only those in view drawn; opens where the quote stands.

import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { column, drawn, GAP, larger, type PageSize, pageInView, smaller } from "./layout";
import { locate, type QuotePlace } from "./locate";
import { PdfPage } from "./PdfPage";
import { type Pdf, pieces } from "./pdf";
import css from "./pdf.module.css";
import type { Place } from "./place";
import { Toolbar } from "./Toolbar";
import { useWords } from "./words";

/** A4 in CSS pixels at 100 %: what a page is taken for until it is known. */
const A4: PageSize = { width: 595, height: 842 };
const LARGEST_FIT = 1.6;
/** A view narrower than this, in CSS pixels, shows the text of a page rather than the page. */
const NARROW = 480;
/** How much of a page's width its text usually takes. */
const TEXT_SHARE = 0.84;

type Anchor = { page: number; share: number; offset: number };
type Zoom = "fit" | number;

type Props = { pdf: Pdf; place: Place; actions: ReactNode };

export function PdfView({ pdf, place, actions }: Props) {
  const t = useWords();
  const scroller = useRef<HTMLDivElement>(null);
  const anchor = useRef<Anchor>({ page: (place.page ?? 1) - 1, share: 0, offset: -GAP });
  const waitsForMark = useRef(false);
  const [view, setView] = useState({ top: 0, width: 0, height: 0 });
  const [sizes, setSizes] = useState<ReadonlyMap<number, PageSize>>(new Map());
  const [zoom, setZoom] = useState<Zoom>("fit");
  const found = useQuotePlace(pdf, place);

  const usual = sizes.values().next().value ?? A4;
  const fit = fitting(view.width, usual.width);
  const scale = zoom === "fit" ? fit : zoom;
  const pages = useMemo(() => column(pdf.numPages, sizes, usual, scale), [pdf, sizes, usual, scale]);
  const [first, last] = drawn(pages, view.top, view.height);
  const current = pageInView(pages, view.top, view.height);

  const goTo = useCallback(
    (next: Anchor) => {
      anchor.current = next;
      const top = (pages.tops[next.page] ?? 0) + next.share * (pages.heights[next.page] ?? 0) + next.offset;
      scroller.current?.scrollTo({ top });
    },
    [pages],
  );
  const goToPage = (page: number) => {
    waitsForMark.current = false;
    goTo({ page: Math.max(0, Math.min(pdf.numPages - 1, page)), share: 0, offset: -GAP });
  };

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const watcher = new ResizeObserver(() =>
      setView((old) => ({ ...old, width: element.clientWidth, height: element.clientHeight })),
    );
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);

  const goToLatest = useLatest(goTo);

  const widest = Math.max(...[usual, ...sizes.values()].map((size) => size.width)) * scale + 2 * GAP;
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element) element.scrollLeft = (widest - view.width) / 2;
  }, [widest, view.width]);

  // What is looked at stays where it is while pages turn out larger or the zoom changes.
  useLayoutEffect(() => goTo(anchor.current), [goTo]);

  useEffect(() => {
    if (!found) return;
    waitsForMark.current = found.marks.size > 0;
    anchor.current = { page: found.page, share: 0, offset: -GAP };
    goToLatest.current(anchor.current);
  }, [found, goToLatest]);

  const onSize = useCallback((index: number, size: PageSize) => {
    setSizes((old) => {
      const known = old.get(index);
      if (known?.width === size.width && known.height === size.height) return old;
      return new Map(old).set(index, size);
    });
  }, []);

  const onMarked = useCallback(
    (index: number, top: number) => {
      if (!waitsForMark.current || index !== found?.page) return;
      waitsForMark.current = false;
      goToLatest.current({ page: index, share: top, offset: -0.3 * (scroller.current?.clientHeight ?? 0) });
    },
    [found, goToLatest],
  );

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const page = pageInView(pages, element.scrollTop, 0);
    const share = (element.scrollTop - (pages.tops[page] ?? 0)) / (pages.heights[page] ?? 1);
    anchor.current = { page, share, offset: 0 };
    setView((old) => ({ ...old, top: element.scrollTop }));
  };

  const keyAct = (key: string): (() => void) | undefined => {
    switch (key) {
      case "+":
      case "=":
        return () => setZoom(larger(scale));
      case "-":
        return () => setZoom(smaller(scale));
      case "0":
        return () => setZoom("fit");
      case "ArrowRight":
        return () => goToPage(current + 1);
      case "ArrowLeft":
        return () => goToPage(current - 1);
      default:
        return undefined;
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = keyAct(event.key);
    if (!act) return;
    event.preventDefault();
    act();
  };

  return (
    <>
      <Toolbar
        page={current + 1}
        pages={pdf.numPages}
        onPage={(page) => goToPage(page - 1)}
        zoom={scale}
        onLarger={() => setZoom(larger(scale))}
        onSmaller={() => setZoom(smaller(scale))}
        onFit={() => setZoom("fit")}
        isFit={zoom === "fit"}
        actions={actions}
      />
      <section
        ref={scroller}
        className={css.scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
        tabIndex={0}
        aria-label={t("viewer.pages")}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
        onWheel={() => {
          waitsForMark.current = false;
        }}
      >
        <div className={css.pages} style={{ height: pages.total, width: widest }}>
          {view.width > 0 &&
            range(first, last).map((index) => {
              const size = sizes.get(index) ?? usual;
              return (
                <div
                  key={index}
                  className={css.slot}
                  data-page={index + 1}
                  style={slotStyle(
                    pages.tops[index] ?? 0,
                    Math.round(size.width * scale),
                    pages.heights[index] ?? 0,
                    scale,
                  )}
                >
                  <PdfPage
                    pdf={pdf}
                    index={index}
                    scale={scale}
                    label={t("viewer.page", { page: String(index + 1) })}
                    marks={found?.marks.get(index)}
                    onSize={onSize}
                    onMarked={onMarked}
                  />
                </div>
              );
            })}
        </div>
      </section>
      {place.quote && found === null && (
        <p className={css.note} role="status">
          {t("viewer.quote_not_marked")}
        </p>
      )}
    </>
  );
}

/** The scale at which a page fills the width; on a phone its white margins may lie outside. */
function fitting(view: number, page: number): number {
  if (view === 0) return 1;
  const share = view < NARROW ? TEXT_SHARE : 1;
  return Math.min((view - 2 * GAP) / (page * share), LARGEST_FIT);
}

/** Where the quote stands; undefined while it is looked for, null when it is not there. */
function useQuotePlace(pdf: Pdf, { page, quote }: Place): QuotePlace | null | undefined {
  const [found, setFound] = useState<QuotePlace | null>();
  useEffect(() => {
    let isWanted = true;
    const expected = Math.min(Math.max((page ?? 1) - 1, 0), pdf.numPages - 1);
    const texts = new Map<number, Promise<string[]>>();
    const textOf = (index: number) => {
      const text = texts.get(index) ?? pieces(pdf, index);
      texts.set(index, text);
      return text;
    };
    const nowhere = { page: expected, marks: new Map(), isSure: false };
    const looked = quote ? locate(textOf, pdf.numPages, expected, quote) : Promise.resolve(nowhere);
    setFound(undefined);
    looked.then(
      (place) => isWanted && setFound(place ?? null),
      () => isWanted && setFound(null),
    );
    return () => {
      isWanted = false;
    };
  }, [pdf, page, quote]);
  return found;
}

/** pdf.js sizes its text layer by this variable. */
function slotStyle(top: number, width: number, height: number, scale: number): CSSProperties {
  return { top, width, height, "--total-scale-factor": scale } as CSSProperties;
}

function useLatest<T>(value: T) {
  const latest = useRef(value);
  useLayoutEffect(() => {
    latest.current = value;
  });
  return latest;
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}
