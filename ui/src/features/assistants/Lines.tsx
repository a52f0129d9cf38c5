/** A list that is typed one a line. */
import { type ReactNode, useState } from "react";
import { TextArea } from "../../design/Field";
import { useTooLong } from "../../shared/length/length";
import { linesOf } from "./lines";

interface Props {
  label: string;
  help?: ReactNode;
  value: readonly string[];
  /** Most lines; what comes after them is left out. */
  most: number;
  /** Longest line, in characters; a longer one is told. */
  longest: number;
  rows?: number;
  onChange: (lines: string[]) => void;
}

export function Lines({ label, help, value, most, longest, rows = 3, onChange }: Props) {
  const tooLong = useTooLong();
  const [text, setText] = useState(value.join("\n"));
  // What is typed is kept with its empty lines, unless the list was changed from elsewhere.
  const isTyped = linesOf(text, most).join("\n") === value.join("\n");
  return (
    <TextArea
      label={label}
      help={help}
      error={value.map((line) => tooLong(line, longest)).find(Boolean)}
      rows={rows}
      value={isTyped ? text : value.join("\n")}
      onChange={(event) => {
        setText(event.target.value);
        onChange(linesOf(event.target.value, most));
      }}
    />
  );
}
