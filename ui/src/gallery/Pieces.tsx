/** The small parts that pages are made of. */
import { Check, FileText, MessageCircleQuestion } from "lucide-react";
import { Button } from "../design/Button";
import { CodeCard } from "../design/CodeCard";
import { Badge, Kbd, LookingNote, PageHead, ProgressLine, Section, type Tone } from "../design/Parts";
import { TabLinks } from "../design/Tabs";
import { Group, State } from "./Group";
import css from "./gallery.module.css";
import { useWords } from "./words";

const tones: readonly Tone[] = ["plain", "good", "warn", "danger", "ai", "person", "accent"];

export function Pieces() {
  const say = useWords();
  return (
    <Group id="pieces" title={say("pieces")}>
      <div className={css.wide}>
        <PageHead
          title={say("field.value")}
          about={say("sample")}
          actions={
            <>
              <Button>{say("button.plain")}</Button>
              <Button look="primary">{say("button.primary")}</Button>
            </>
          }
        />
        <TabLinks
          label={say("tabs")}
          current="/gallery.html"
          tabs={[
            {
              href: "/gallery.html",
              label: say("option.one"),
              count: "12",
              icon: <FileText size={16} strokeWidth={1.5} aria-hidden="true" />,
            },
            {
              href: "/gallery.html?b",
              label: say("option.two"),
              icon: <MessageCircleQuestion size={16} strokeWidth={1.5} aria-hidden="true" />,
            },
            { href: "/gallery.html?c", label: say("chip.one"), count: "0" },
          ]}
        />
        <LookingNote />
        <Section title={say("section.title")} about={say("field.help")}>
          <p>{say("sample")}</p>
        </Section>
      </div>
      <State name={say("badges")}>
        {tones.map((tone) => (
          <Badge key={tone} tone={tone}>
            {say(`tone.${tone}`)}
          </Badge>
        ))}
        <Badge tone="good" icon={<Check size={12} strokeWidth={2} aria-hidden="true" />}>
          {say("tone.good")}
        </Badge>
      </State>
      <State name={say("keys")}>
        <Kbd>Ctrl K</Kbd>
        <Kbd>J</Kbd>
        <Kbd>↵</Kbd>
      </State>
      <State name={say("progress")}>
        <div className={css.lines}>
          <ProgressLine value={0.35} label={say("progress")} />
          <ProgressLine value={0.7} label={say("progress")} tone="ai" />
          <ProgressLine value={1} label={say("progress")} />
        </div>
      </State>
      <CodeCard code="K7QM-2XWP-9RTC-VH4D-ZB6N-3FYJ-8GAE" label={say("code")} />
    </Group>
  );
}
