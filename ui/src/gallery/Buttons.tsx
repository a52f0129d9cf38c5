/** Buttons of all looks and sizes, in all states. */
import { Pencil, Plus, Trash2 } from "lucide-react";
import { Button, type ButtonLook, IconButton } from "../design/Button";
import { Chip } from "../design/Parts";
import { type Forced, Group, State } from "./Group";
import { useWords } from "./words";

const looks: readonly ButtonLook[] = ["primary", "plain", "quiet", "danger"];
const forced: readonly Forced[] = ["hover", "focus-visible", "active"];

export function Buttons() {
  const say = useWords();
  const nothing = () => undefined;
  const row = (more: { disabled?: boolean; busy?: boolean; size?: "small" }) => (
    <>
      {looks.map((look) => (
        <Button key={look} look={look} {...more}>
          {say(`button.${look}`)}
        </Button>
      ))}
      <Button {...more} icon={<Plus size={16} strokeWidth={1.75} aria-hidden="true" />}>
        {say("button.icon")}
      </Button>
      <IconButton
        label={say("button.edit")}
        icon={<Pencil size={16} strokeWidth={1.5} />}
        size={more.size}
        disabled={more.disabled || more.busy}
      />
    </>
  );
  return (
    <Group id="buttons" title={say("buttons")}>
      <State name={say("state.normal")}>{row({})}</State>
      {forced.map((one) => (
        <State key={one} name={say(`state.${one}`)} force={one}>
          {row({})}
        </State>
      ))}
      <State name={say("state.disabled")}>{row({ disabled: true })}</State>
      <State name={say("state.loading")}>{row({ busy: true })}</State>
      <State name={say("state.small")}>{row({ size: "small" })}</State>
      <State name={say("state.pressed")}>
        <IconButton label={say("button.edit")} icon={<Pencil size={16} strokeWidth={1.5} />} pressed />
        <IconButton
          label={say("button.remove")}
          icon={<Trash2 size={16} strokeWidth={1.5} />}
          pressed={false}
        />
        <Chip pressed count="12" onClick={nothing}>
          {say("chip.one")}
        </Chip>
        <Chip pressed={false} count="3" onClick={nothing}>
          {say("chip.two")}
        </Chip>
        <Chip disabled>{say("chip.two")}</Chip>
      </State>
    </Group>
  );
}
