/** Says at the top of every page that the program is away, until it is back. */
import { Unplug } from "lucide-react";
import { useAway } from "../api/line";
import styles from "./Away.module.css";
import { useAppWords } from "./words";

export function Away() {
  const say = useAppWords();
  const isAway = useAway();
  return (
    <div role="status">
      {isAway && (
        <p className={styles.away}>
          <Unplug size={16} strokeWidth={1.5} aria-hidden="true" />
          {say("away")}
        </p>
      )}
    </div>
  );
}
