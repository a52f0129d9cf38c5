/** Whether and how this browser tells of what happens in the Inbox. */
import { useRef, useState } from "react";
import { Dialog } from "../../design/Dialog";
import { Toggle } from "../../design/Toggle";
import { canNotify, chime, mayNotify } from "./chime";
import css from "./inbox.module.css";
import { setNotices, useNoticeSettings } from "./noticeSettings";
import { useWords } from "./words";

export function NoticesDialog({ onClose }: { onClose: () => void }) {
  const say = useWords();
  const { desktop, sound } = useNoticeSettings();
  const start = useRef<HTMLDivElement>(null);
  const [isRefused, setRefused] = useState(false);
  const turn = async (isOn: boolean) => {
    const may = !isOn || (await mayNotify());
    setRefused(!may);
    setNotices({ desktop: isOn && may });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      initialFocus={start}
      title={say("notices.title")}
      about={say("notices.about")}
    >
      <div ref={start} tabIndex={-1} className={`${css.toggles} ${css.quiet}`}>
        <Toggle
          label={say("notices.desktop")}
          help={
            !canNotify
              ? say("notices.cannot")
              : isRefused
                ? say("notices.refused")
                : say("notices.desktop_help")
          }
          checked={desktop}
          disabled={!canNotify}
          onChange={(isOn) => void turn(isOn)}
        />
        <Toggle
          label={say("notices.sound")}
          help={say("notices.sound_help")}
          checked={sound}
          onChange={(isOn) => {
            setNotices({ sound: isOn });
            if (isOn) chime();
          }}
        />
      </div>
    </Dialog>
  );
}
