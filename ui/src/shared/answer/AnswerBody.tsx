/** The words of an answer, drawn from their small tree; see answerText.ts for what cannot be in it. */
import { Fragment, type ReactNode } from "react";
import css from "./answer.module.css";
import { answerParts, type Part, type Span } from "./answerText";
import type { Citation } from "./wire";
import { useAnswerWords } from "./words";

type Props = {
  text: string;
  sources: readonly Citation[];
  onSource?: (number: number) => void;
  /** More words may come: a caret stands behind the last one. */
  isGrowing?: boolean;
};

export function AnswerBody({ text, sources, onSource, isGrowing = false }: Props) {
  const parts = answerParts(text, new Set(sources.map((source) => source.number)));
  const spans = (list: readonly Span[]) =>
    list.map((span, index) => key(index, <SpanView span={span} {...{ sources, onSource }} />));
  return (
    <div className={css.body} dir="auto" data-growing={isGrowing || undefined}>
      {parts.map((part, index) => key(index, partView(part, spans)))}
    </div>
  );
}

// Parts have no names of their own and only ever grow at the end, so their place is their key.
function key(index: number, node: ReactNode): ReactNode {
  return <Fragment key={index}>{node}</Fragment>;
}

function partView(part: Part, spans: (list: readonly Span[]) => ReactNode): ReactNode {
  if (part.kind === "code") return <pre>{part.text}</pre>;
  if (part.kind === "paragraph") return <p>{spans(part.spans)}</p>;
  const items = part.items.map((item, index) => key(index, <li>{spans(item)}</li>));
  return part.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
}

type SpanProps = { span: Span; sources: readonly Citation[]; onSource?: (number: number) => void };

function SpanView({ span, sources, onSource }: SpanProps) {
  const t = useAnswerWords();
  switch (span.kind) {
    case "text":
      return span.text;
    case "strong":
      return <strong>{span.text}</strong>;
    case "code":
      return <code>{span.text}</code>;
    case "source": {
      const title = sources.find((source) => source.number === span.number)?.document_title ?? "";
      return (
        <button
          type="button"
          className={css.source}
          onClick={() => onSource?.(span.number)}
          aria-label={t("source.one", { number: span.number, title })}
        >
          {span.number}
        </button>
      );
    }
  }
}
