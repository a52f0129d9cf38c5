/** Below each step: back, skip, and on. */
import { Button } from "../../design/Button";
import css from "./start.module.css";
import { useStartWords } from "./words";

interface Props {
  onBack: (() => void) | undefined;
  /** Goes on without doing what the step is for; nothing where it was done or nothing is to be done. */
  onSkip?: (() => void) | undefined;
  onNext: () => void;
  next?: string;
  isBusy?: boolean;
  isDisabled?: boolean;
}

export function Foot({ onBack, onSkip, onNext, next, isBusy, isDisabled }: Props) {
  const say = useStartWords();
  return (
    <div className={css.foot}>
      {onBack && (
        <Button look="quiet" onClick={onBack}>
          {say("back")}
        </Button>
      )}
      <span className={css.gap} />
      {onSkip && (
        <Button look="quiet" onClick={onSkip}>
          {say("skip")}
        </Button>
      )}
      <Button look="primary" busy={isBusy} disabled={isDisabled} onClick={onNext}>
        {next ?? say("next")}
      </Button>
    </div>
  );
}
