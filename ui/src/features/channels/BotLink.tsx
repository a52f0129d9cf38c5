/** The link that opens a chat with the bot, and its QR code for the counter or the shop window. */
import { useMutation } from "@tanstack/react-query";
import { Copy, CopyCheck, Download } from "lucide-react";
import { useMemo, useState } from "react";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { ErrorNote } from "../../design/Parts";
import { copy } from "../../host/host";
import { qrPath, qrSvg } from "../../shared/qr/qr";
import { signedLink } from "./api";
import css from "./channels.module.css";
import { fitsLink, linkTo } from "./state";
import type { Bot } from "./wire";
import { useWords } from "./words";

export function BotLink({ bot }: { bot: Bot }) {
  const say = useWords();
  const { username } = bot.account;
  const [name, setName] = useState("");
  const [isCopied, setCopied] = useState(false);
  const fits = fitsLink(name);
  const sign = useMutation({
    mutationFn: (name: string) => signedLink(bot.id, name),
    onSuccess: () => setCopied(false),
  });
  // A link says what stands beside it, or nothing.
  const signed = sign.variables === name.trim() ? sign.data : undefined;
  const link = signed ?? linkTo(username);
  const { size, path } = useMemo(() => qrPath(link), [link]);
  const Icon = isCopied ? CopyCheck : Copy;
  const save = () => {
    const url = URL.createObjectURL(new Blob([qrSvg(link)], { type: "image/svg+xml" }));
    const anchor = document.createElement("a");
    anchor.href = url;
    anchor.download = `${username}.svg`;
    anchor.click();
    // The browser has taken it by the next turn.
    setTimeout(() => URL.revokeObjectURL(url));
  };
  return (
    <div className={css.link}>
      <svg
        className={css.qr}
        viewBox={`0 0 ${size} ${size}`}
        role="img"
        aria-label={say("link.qr", { link })}
        shapeRendering="crispEdges"
      >
        <path d={path} />
      </svg>
      <div className={css.linkWords}>
        <a href={link} target="_blank" rel="noreferrer" className={css.address}>
          {link}
        </a>
        <div className={css.row}>
          <Button
            size="small"
            icon={<Icon size={16} strokeWidth={1.5} aria-hidden="true" />}
            onClick={() => void copy(link).then(setCopied)}
          >
            {say(isCopied ? "link.copied" : "link.copy")}
          </Button>
          <Button
            size="small"
            icon={<Download size={16} strokeWidth={1.5} aria-hidden="true" />}
            onClick={save}
          >
            {say("link.save")}
          </Button>
        </div>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (fits && name.trim() !== "") sign.mutate(name.trim());
          }}
        >
          <Field
            label={say("link.name")}
            help={say("link.name_help")}
            error={fits ? undefined : say("link.name_long")}
            placeholder={say("link.name_example")}
            maxLength={80}
            value={name}
            onChange={(event) => {
              setName(event.target.value);
              setCopied(false);
            }}
          />
          {name.trim() !== "" && signed === undefined && (
            <Button type="submit" size="small" busy={sign.isPending} disabled={!fits}>
              {say("link.make")}
            </Button>
          )}
        </form>
        {sign.isError && <ErrorNote error={sign.error} />}
      </div>
    </div>
  );
}
