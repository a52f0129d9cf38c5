/** A small button that puts something on the clipboard and says so. */
import { Copy, CopyCheck } from "lucide-react";
import { useState } from "react";
import { Button } from "../../../design/Button";
import { copy } from "../../../host/host";

export function CopyButton({ text, label, done }: { text: string; label: string; done: string }) {
  const [isCopied, setCopied] = useState(false);
  const Icon = isCopied ? CopyCheck : Copy;
  return (
    <Button
      size="small"
      icon={<Icon size={16} strokeWidth={1.5} aria-hidden="true" />}
      onClick={() => void copy(text).then(setCopied)}
    >
      {isCopied ? done : label}
    </Button>
  );
}
