/** Before the first document: what will be here, and the two ways to begin. */
import { useMay } from "../../api/may";
import { Button } from "../../design/Button";
import { EmptyState } from "../../design/Parts";
import { useLoadDemo } from "./AddActions";
import { useWords } from "./words";

export function EmptyKnowledge({ onFiles }: { onFiles: () => void }) {
  const say = useWords();
  const load = useLoadDemo();
  const may = useMay();
  return (
    <EmptyState
      drawing={<Drawing />}
      title={say("empty.title")}
      action={
        may.change && (
          <>
            <Button look="primary" onClick={onFiles}>
              {say("add.files")}
            </Button>
            <Button busy={load.isPending} onClick={() => load.mutate()}>
              {say("empty.demo")}
            </Button>
          </>
        )
      }
    >
      {say(may.change ? "empty.about" : "empty.looking")}
    </EmptyState>
  );
}

/** Two sheets, one of them with a marked line that becomes an answer. */
function Drawing() {
  return (
    <svg
      width="148"
      height="96"
      viewBox="0 0 148 96"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      aria-hidden="true"
    >
      <g strokeLinecap="round" strokeLinejoin="round">
        <path d="M20 22 44 14l20 58-24 8z" opacity=".45" />
        <path d="m29 30 12-4m-9 13 16-5m-13 14 16-5" opacity=".45" />
        <rect x="48" y="10" width="46" height="62" rx="5" fill="var(--canvas)" />
        <path d="M57 24h20M57 34h28M57 54h28M57 62h16" />
        <path d="M56 44h30" stroke="var(--mark)" strokeWidth="8" />
        <path d="M57 44h28" />
        <path d="M94 44c10 0 8 12 16 12" strokeDasharray="2 4" />
        <path
          d="M112 46h22a6 6 0 0 1 6 6v14a6 6 0 0 1-6 6h-12l-8 8v-8h-2a6 6 0 0 1-6-6V52a6 6 0 0 1 6-6z"
          fill="var(--ai-soft)"
          stroke="var(--ai)"
        />
        <path d="M116 55h14m-14 8h9" stroke="var(--ai)" />
      </g>
    </svg>
  );
}
