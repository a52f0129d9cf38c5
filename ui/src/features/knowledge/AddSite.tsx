/** A web site, or one page, becomes a source. */
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useLocation } from "wouter";
import { api, take } from "../../api/client";
import type { Reach, Rhythm } from "../../api/types";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Field, Select } from "../../design/Field";
import { ErrorNote } from "../../design/Parts";
import { Toggle } from "../../design/Toggle";
import { rhythms } from "./followed";
import styles from "./Knowledge.module.css";
import { useWords } from "./words";

const reaches = ["site", "page"] as const satisfies readonly Reach[];

interface Props {
  open: boolean;
  onClose: () => void;
  /** Instead of going to the list of sources. */
  onAdded?: () => void;
}

export function AddSite({ open, onClose, onAdded }: Props) {
  const say = useWords();
  const form = useId();
  const [, go] = useLocation();
  const [address, setAddress] = useState("");
  const [reach, setReach] = useState<Reach>("site");
  const [rhythm, setRhythm] = useState<Rhythm>("weekly");
  const [pages, setPages] = useState("200");
  const [isPrivate, setIsPrivate] = useState(false);
  const most = Number(pages);
  const add = useMutation({
    mutationFn: () =>
      take(
        api.POST("/api/sites", {
          body: { address, reach, rhythm, pages: most, is_private: isPrivate, vanished: "remove" },
        }),
      ),
    meta: { stale: ["followed", "sources", "documents", "status"] },
    onSuccess: () => {
      setAddress("");
      onClose();
      if (onAdded) onAdded();
      else go("/knowledge/sources");
    },
  });
  const isWhole = address.trim() !== "" && Number.isInteger(most) && most >= 1 && most <= 2000;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isWhole) add.mutate();
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={say("site.title")}
      about={say("site.about")}
      actions={
        <>
          <Button onClick={onClose}>{say("cancel")}</Button>
          <Button type="submit" form={form} look="primary" busy={add.isPending} disabled={!isWhole}>
            {say("site.read")}
          </Button>
        </>
      }
    >
      <form id={form} className={styles.form} onSubmit={submit}>
        <Field
          label={say("site.address")}
          value={address}
          placeholder={say("site.example")}
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          maxLength={1000}
          onChange={(event) => setAddress(event.target.value)}
          required
        />
        <Select
          label={say("site.reach")}
          value={reach}
          options={reaches.map((value) => ({ value, label: say(`site.reach.${value}`) }))}
          onChange={(event) => setReach(reaches.find((one) => one === event.target.value) ?? "site")}
        />
        {reach === "site" && (
          <Field
            label={say("site.pages")}
            help={say("site.pagesHelp")}
            type="number"
            min={1}
            max={2000}
            value={pages}
            onChange={(event) => setPages(event.target.value)}
          />
        )}
        <Select
          label={say("site.rhythm")}
          value={rhythm}
          options={rhythms.map((value) => ({ value, label: say(`site.rhythm.${value}`) }))}
          onChange={(event) => setRhythm(rhythms.find((one) => one === event.target.value) ?? "weekly")}
        />
        <Toggle
          label={say("site.private")}
          help={say("site.privateHelp")}
          checked={isPrivate}
          onChange={setIsPrivate}
        />
        {add.isError && <ErrorNote error={add.error} />}
      </form>
    </Dialog>
  );
}
