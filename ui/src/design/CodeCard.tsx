/** A code that is written down by hand: large, in groups, with a button that copies it. */
import { Copy, CopyCheck } from "lucide-react";
import { useState } from "react";
import { copy } from "../host/host";
import { Button } from "./Button";
import styles from "./CodeCard.module.css";
import { useDesignWords } from "./words";

export function CodeCard({ code, label }: { code: string; label: string }) {
  const say = useDesignWords();
  const [isCopied, setCopied] = useState(false);
  const Icon = isCopied ? CopyCheck : Copy;
  return (
    <div className={styles.card}>
      <output className={styles.code} aria-label={label}>
        {code.split("-").map((group, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two groups may be alike, and they never move
          <span key={index}>{group}</span>
        ))}
      </output>
      <Button
        size="small"
        icon={<Icon size={16} strokeWidth={1.5} aria-hidden="true" />}
        onClick={() => void copy(code).then(setCopied)}
      >
        {say(isCopied ? "copied" : "copy")}
      </Button>
    </div>
  );
}
