/** The link that opens a chat with the bot, and its QR code for the counter or the shop window. */
import { Copy, CopyCheck, Download } from "lucide-react";
import { useMemo, useState } from "react";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { copy } from "../../host/host";
import { qrPath, qrSvg } from "../../shared/qr/qr";
import css from "./channels.module.css";
import { fitsLink, linkTo } from "./state";
import { useWords } from "./words";

export function BotLink({ username }: { username: string }) {
  const say = useWords();
  const [payload, setPayload] = useState("");
  const [isCopied, setCopied] = useState(false);
  const fits = fitsLink(payload);
  const link = linkTo(username, fits ? payload : "");
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
        <Field
          label={say("link.payload")}
          help={say("link.payload_help")}
          error={fits ? undefined : say("link.payload_wrong")}
          placeholder="shop-window"
          maxLength={80}
          value={payload}
          onChange={(event) => {
            setPayload(event.target.value.trim());
            setCopied(false);
          }}
        />
      </div>
    </div>
  );
}
