/** Says that the demo company is loaded, and takes it away in one click. */
import { Store } from "lucide-react";
import { Link } from "wouter";
import { useMay } from "../../api/may";
import { Button } from "../../design/Button";
import { useRemoveDemo } from "./AddActions";
import styles from "./Knowledge.module.css";
import { useWords } from "./words";

export function DemoNote() {
  const say = useWords();
  const remove = useRemoveDemo();
  const may = useMay();
  return (
    <div className={styles.demo}>
      <Store size={16} strokeWidth={1.5} aria-hidden="true" />
      <p>
        {say("demo.loaded")} <Link href="/playground">{say("demo.ask")}</Link>
      </p>
      {may.change && (
        <Button look="quiet" size="small" busy={remove.isPending} onClick={() => remove.mutate()}>
          {say("demo.remove")}
        </Button>
      )}
    </div>
  );
}
