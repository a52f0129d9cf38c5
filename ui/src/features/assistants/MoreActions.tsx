/** Another assistant, and away with this one. */
import { useMutation } from "@tanstack/react-query";
import { Ellipsis, Plus, Trash2 } from "lucide-react";
import { type FormEvent, useId, useRef, useState } from "react";
import { useLocation } from "wouter";
import { Button, IconButton } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Field } from "../../design/Field";
import { Menu } from "../../design/Menu";
import { ErrorNote } from "../../design/Parts";
import { makeAssistant, removeAssistant } from "./api";
import { dropDraft } from "./drafts";
import type { Assistant } from "./wire";
import { useWords } from "./words";

interface Props {
  assistant: Assistant;
  isOnly: boolean;
  /** One was made or removed. */
  onDone: () => void;
}

export function MoreActions({ assistant, isOnly, onDone }: Props) {
  const say = useWords();
  const [shown, setShown] = useState<"new" | "remove">();
  const close = () => setShown(undefined);
  return (
    <>
      <Menu
        trigger={<IconButton label={say("more")} icon={<Ellipsis size={20} strokeWidth={1.5} />} />}
        entries={[
          {
            label: say("new.title"),
            icon: <Plus size={16} strokeWidth={1.5} />,
            onPick: () => setShown("new"),
          },
          ...(isOnly
            ? []
            : [
                {
                  label: say("remove.button"),
                  icon: <Trash2 size={16} strokeWidth={1.5} />,
                  danger: true,
                  onPick: () => setShown("remove"),
                },
              ]),
        ]}
      />
      {shown === "new" && <New onClose={close} onDone={onDone} />}
      {shown === "remove" && <Remove assistant={assistant} onClose={close} onDone={onDone} />}
    </>
  );
}

function New({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const say = useWords();
  const form = useId();
  const start = useRef<HTMLInputElement>(null);
  const [, go] = useLocation();
  const [name, setName] = useState("");
  const make = useMutation({
    mutationFn: () => makeAssistant(name.trim()),
    meta: { stale: ["assistants"] },
    onSuccess: ({ id }) => {
      onDone();
      go(`/assistants/${id}`);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "") make.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={say("new.title")}
      about={say("new.about")}
      initialFocus={start}
      actions={
        <>
          <Button onClick={onClose}>{say("cancel")}</Button>
          <Button
            type="submit"
            form={form}
            look="primary"
            busy={make.isPending}
            disabled={name.trim() === ""}
          >
            {say("new.make")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit}>
        <Field
          ref={start}
          label={say("name.label")}
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        {make.isError && <ErrorNote error={make.error} />}
      </form>
    </Dialog>
  );
}

function Remove({ assistant, onClose, onDone }: Omit<Props, "isOnly"> & { onClose: () => void }) {
  const say = useWords();
  const [, go] = useLocation();
  const remove = useMutation({
    mutationFn: () => removeAssistant(assistant.id),
    meta: { stale: ["assistants", "bots", "conversations", "inbox", "home"] },
    onSuccess: () => {
      dropDraft(assistant.id);
      onDone();
      go("/assistants");
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={say("remove.title", { name: assistant.name })}
      about={say("remove.about")}
      actions={
        <>
          <Button onClick={onClose}>{say("cancel")}</Button>
          <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
            {say("remove.button")}
          </Button>
        </>
      }
    >
      {remove.isError && <ErrorNote error={remove.error} />}
    </Dialog>
  );
}
