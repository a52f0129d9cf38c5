/** What came with a message: pictures are shown, files are downloaded, places and numbers stand as words. */
import {
  AudioLines,
  Contact,
  FileText,
  Film,
  Image,
  type LucideIcon,
  MapPin,
  Mic,
  Sticker,
} from "lucide-react";
import { useFormat } from "../../i18n/format";
import css from "./thread.module.css";
import type { Attachment } from "./wire";
import { useWords } from "./words";

const icons: Record<Attachment["kind"], LucideIcon> = {
  photo: Image,
  voice: Mic,
  audio: AudioLines,
  video: Film,
  document: FileText,
  sticker: Sticker,
  location: MapPin,
  contact: Contact,
};

export function Attachments({ attachments }: { attachments: readonly Attachment[] }) {
  if (attachments.length === 0) return null;
  return (
    <ul className={css.files}>
      {attachments.map((one) => (
        <li key={one.id}>
          <File file={one} />
        </li>
      ))}
    </ul>
  );
}

/** Only these are drawn by the page; whatever else a customer sends is only ever downloaded. */
const drawn = ["image/jpeg", "image/png", "image/webp", "image/gif"];

/** What became of listening to it; nothing where nobody did. */
function useHearing({ hearing, spoken }: Attachment): string | undefined {
  const say = useWords();
  const { language } = useFormat();
  switch (hearing) {
    case "not_yet":
      return undefined;
    case "words":
      return spoken === ""
        ? say("file.transcript")
        : say("file.transcript_in", { language: language(spoken) });
    default:
      return say(`file.heard.${hearing}`);
  }
}

function File({ file }: { file: Attachment }) {
  const say = useWords();
  const { size } = useFormat();
  const heard = useHearing(file);
  const kind = say(`file.${file.kind}`);
  const href = `/api/attachments/${file.id}/file`;
  if (file.state === "kept" && file.kind === "photo" && drawn.includes(file.media_type)) {
    return (
      <a href={href} target="_blank" rel="noreferrer" className={css.picture}>
        <img src={href} alt={file.name || kind} loading="lazy" decoding="async" />
      </a>
    );
  }
  const Icon = icons[file.kind];
  const name = file.name || kind;
  const about =
    file.state === "kept"
      ? file.size > 0 && size(file.size)
      : file.state === "no_file"
        ? file.detail
        : say(`file.${file.state}`);
  const inside = (
    <>
      <Icon size={20} strokeWidth={1.5} aria-hidden="true" />
      <span className={css.fileWords}>
        <b dir="auto">{name}</b>
        {about && <small>{about}</small>}
        {heard && <small>{heard}</small>}
      </span>
    </>
  );
  if (file.state !== "kept")
    return (
      <span className={css.file} data-state={file.state}>
        {inside}
      </span>
    );
  return (
    <a
      className={css.file}
      href={href}
      download={file.name || true}
      aria-label={say("file.download", { name })}
    >
      {inside}
    </a>
  );
}
