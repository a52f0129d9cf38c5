/** A question that could not be answered: what, why, and what to do. */
import { ApiProblem } from "../../api/problem";
import { Button } from "../../design/Button";
import { ErrorNote } from "../../design/Parts";
import css from "./thread.module.css";
import type { Turn } from "./turns";
import { useWords } from "./words";

/** Failures that another try cannot mend. */
const LASTING = ["invalid", "forbidden", "not_found"];

type Props = { turn: Turn; onAgain: () => void; onWithdraw: () => void };

export function Failed({ turn, onAgain, onWithdraw }: Props) {
  const t = useWords();
  const code = turn.code ?? "internal";
  const error = new ApiProblem(code, 0, { requestId: turn.requestId });
  const isKept = turn.questionId !== undefined;
  return (
    <div className={css.failed}>
      <ErrorNote
        error={error}
        action={
          <span className={css.remedies}>
            {!isKept && (
              <Button size="small" look="quiet" onClick={onWithdraw}>
                {t("play.withdraw")}
              </Button>
            )}
            {!LASTING.includes(code) && (
              <Button size="small" onClick={onAgain}>
                {t("play.again")}
              </Button>
            )}
          </span>
        }
      />
    </div>
  );
}
