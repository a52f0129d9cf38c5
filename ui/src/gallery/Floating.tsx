/** What opens above the page. */
import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "../design/Button";
import { Dialog, Sheet } from "../design/Dialog";
import { Field } from "../design/Field";
import { Menu } from "../design/Menu";
import { SidePanel } from "../design/Panel";
import { ErrorNote } from "../design/Parts";
import { Tip } from "../design/Tip";
import { toast } from "../design/Toast";
import { Group, State } from "./Group";
import { useWords } from "./words";

export function Floating() {
  const say = useWords();
  const [open, setOpen] = useState<"dialog" | "sheet" | "panel">();
  const close = () => setOpen(undefined);
  const nothing = () => undefined;
  /** Stays until it is closed: pictures are made of it. */
  const stays = 3_600_000;
  return (
    <Group id="floating" title={say("floating")}>
      <State name={say("state.normal")}>
        <Button onClick={() => setOpen("dialog")}>{say("open.dialog")}</Button>
        <Button onClick={() => setOpen("sheet")}>{say("open.sheet")}</Button>
        <Button onClick={() => setOpen("panel")}>{say("open.panel")}</Button>
        <Menu
          trigger={<Button>{say("open.menu")}</Button>}
          entries={[
            { label: say("button.edit"), icon: <Pencil size={16} strokeWidth={1.5} />, onPick: nothing },
            { label: say("option.two"), disabled: true, onPick: nothing },
            {
              label: say("button.remove"),
              icon: <Trash2 size={16} strokeWidth={1.5} />,
              danger: true,
              onPick: nothing,
            },
          ]}
        />
        <Tip text={say("field.help")}>
          <Button>{say("open.tip")}</Button>
        </Tip>
        <Button
          onClick={() => {
            toast({ text: say("toast.done"), action: { label: say("toast.undo"), run: nothing }, stays });
            toast({ text: say("sample"), stays });
          }}
        >
          {say("open.toast")}
        </Button>
      </State>
      <Dialog
        open={open === "dialog"}
        onClose={close}
        title={say("section.title")}
        about={say("sample")}
        actions={
          <>
            <Button onClick={close}>{say("button.plain")}</Button>
            <Button look="primary" onClick={close}>
              {say("button.primary")}
            </Button>
          </>
        }
      >
        <Field label={say("field.label")} help={say("field.help")} />
        <ErrorNote error={undefined} />
      </Dialog>
      <Sheet open={open === "sheet"} onClose={close} title={say("section.title")}>
        <p>{say("sample")}</p>
      </Sheet>
      <SidePanel open={open === "panel"} onClose={close} title={say("section.title")}>
        <p>{say("sample")}</p>
      </SidePanel>
    </Group>
  );
}
