/** What people fill in, in all states. */
import { useState } from "react";
import { Button } from "../design/Button";
import { DropZone } from "../design/DropZone";
import { Field, Select, TextArea } from "../design/Field";
import { PickChip } from "../design/Menu";
import { Toggle } from "../design/Toggle";
import { Group, State } from "./Group";
import css from "./gallery.module.css";
import { useWords } from "./words";

export function Fields() {
  const say = useWords();
  const [isOn, setOn] = useState(true);
  const [picked, setPicked] = useState("");
  const nothing = () => undefined;
  const options = [
    { value: "a", label: say("option.one") },
    { value: "b", label: say("option.two") },
  ];
  return (
    <Group id="fields" title={say("fields")}>
      <State name={say("state.normal")}>
        <Field label={say("field.label")} help={say("field.help")} defaultValue={say("field.value")} />
        <Field label={say("field.label")} placeholder={say("field.placeholder")} />
        <Select label={say("field.choice")} options={options} />
      </State>
      <State name={say("state.focus-visible")} force="focus-visible">
        <Field label={say("field.label")} defaultValue={say("field.value")} />
        <Select label={say("field.choice")} options={options} />
      </State>
      <State name={say("state.hover")} force="hover">
        <Field label={say("field.label")} defaultValue={say("field.value")} />
        <Select label={say("field.choice")} options={options} />
      </State>
      <State name={say("state.disabled")}>
        <Field label={say("field.label")} defaultValue={say("field.value")} disabled />
        <Select label={say("field.choice")} options={options} disabled />
      </State>
      <State name={say("state.error")}>
        <Field label={say("field.label")} defaultValue={say("field.value")} error={say("field.error")} />
        <Field
          label={say("field.label")}
          error={say("field.error")}
          after={<Button>{say("button.plain")}</Button>}
        />
      </State>
      <State name={say("state.long")}>
        <TextArea label={say("field.text")} rows={3} defaultValue={say("sample")} />
        <TextArea label={say("field.text")} rows={3} placeholder={say("field.placeholder")} disabled />
      </State>
      <State name={say("toggles")}>
        <Toggle label={say("toggle.label")} help={say("field.help")} checked={isOn} onChange={setOn} />
        <Toggle label={say("toggle.label")} checked={false} onChange={nothing} />
        <Toggle label={say("toggle.label")} checked disabled onChange={nothing} />
        <Toggle label={say("toggle.label")} checked={false} disabled onChange={nothing} />
      </State>
      <State name={say("state.focus-visible")} force="focus-visible">
        <Toggle label={say("toggle.label")} checked onChange={nothing} />
        <Toggle label={say("toggle.label")} checked={false} onChange={nothing} />
      </State>
      <State name={say("picks")}>
        <PickChip
          label={picked === "" ? say("pick.any") : say("option.two")}
          value={picked}
          options={[
            { value: "", label: say("pick.any") },
            { value: "b", label: say("option.two"), count: "4" },
          ]}
          onPick={setPicked}
        />
        <PickChip label={say("option.one")} value="a" options={options} onPick={nothing} />
      </State>
      <State name={say("drop")}>
        <DropZone label={say("drop.label")} onFiles={nothing} className={css.zone}>
          {say("drop.inside")}
        </DropZone>
      </State>
    </Group>
  );
}
