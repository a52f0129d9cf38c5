// The line above a document: which page, how large, and what else can be done with it.

import { Maximize2, Minus, Plus } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useState } from "react";
import { useFormat } from "../../i18n/format";
import css from "./viewer.module.css";
import { useWords } from "./words";

type Props = {
  page: number;
  pages: number;
  onPage: (page: number) => void;
  /** 1 is 100 %. */
  zoom: number;
  isFit: boolean;
  onLarger: () => void;
  onSmaller: () => void;
  onFit: () => void;
  actions: ReactNode;
};

export function Toolbar({ page, pages, onPage, zoom, isFit, onLarger, onSmaller, onFit, actions }: Props) {
  const t = useWords();
  const { percent } = useFormat();
  return (
    <div className={css.toolbar} role="toolbar" aria-label={t("viewer.tools")}>
      <PageField page={page} pages={pages} onPage={onPage} />
      <span className={css.gap} />
      <button type="button" className={css.tool} onClick={onSmaller} aria-label={t("viewer.smaller")}>
        <Minus size={16} strokeWidth={1.5} aria-hidden />
      </button>
      <output className={css.zoom} aria-label={t("viewer.zoom")}>
        {percent(zoom)}
      </output>
      <button type="button" className={css.tool} onClick={onLarger} aria-label={t("viewer.larger")}>
        <Plus size={16} strokeWidth={1.5} aria-hidden />
      </button>
      <button
        type="button"
        className={css.tool}
        onClick={onFit}
        aria-label={t("viewer.fit")}
        aria-pressed={isFit}
        title={t("viewer.fit")}
      >
        <Maximize2 size={16} strokeWidth={1.5} aria-hidden />
      </button>
      {actions}
    </div>
  );
}

function PageField({ page, pages, onPage }: Pick<Props, "page" | "pages" | "onPage">) {
  const t = useWords();
  const [typed, setTyped] = useState<string>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was typed is void once another page is in view.
  useEffect(() => setTyped(undefined), [page]);

  const go = () => {
    const wanted = Number(typed);
    if (typed !== undefined && Number.isInteger(wanted) && wanted >= 1 && wanted <= pages) onPage(wanted);
    setTyped(undefined);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Enter") go();
    if (event.key === "Escape" && typed !== undefined) {
      event.stopPropagation();
      setTyped(undefined);
    }
  };
  return (
    <label className={css.pageField}>
      <span>{t("viewer.page_word")}</span>
      <input
        inputMode="numeric"
        value={typed ?? String(page)}
        size={Math.max(2, String(pages).length)}
        onChange={(event) => setTyped(event.target.value.replace(/\D/g, ""))}
        onFocus={(event) => event.target.select()}
        onBlur={go}
        onKeyDown={onKeyDown}
      />
      <span>{t("viewer.of_pages", { pages: String(pages) })}</span>
    </label>
  );
}
