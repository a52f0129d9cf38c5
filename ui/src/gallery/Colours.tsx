/** The colours by their names, and the sizes of type. */
import { colours } from "../design/tokens";
import { Group } from "./Group";
import css from "./gallery.module.css";
import { useWords } from "./words";

const names = Object.keys(colours);
const sizes = ["28", "20", "16", "15", "14", "13", "12"] as const;

export function Colours() {
  const say = useWords();
  return (
    <Group id="colours" title={say("colours")}>
      <ul className={css.colours}>
        {names.map((name) => (
          <li key={name}>
            <span style={{ background: `var(--${name})` }} />
            <code>{name}</code>
          </li>
        ))}
      </ul>
      {sizes.map((size) => (
        <p key={size} className={css.sample} style={{ fontSize: `var(--size-${size})` }}>
          <code>{size}</code> {say("sample")}
        </p>
      ))}
    </Group>
  );
}
