/** The second step of signing in: whether it is on, switching it on with an app, spare codes. */
import { useQuery } from "@tanstack/react-query";
import { ShieldCheck, ShieldOff } from "lucide-react";
import { useState } from "react";
import { api, take } from "../../../api/client";
import { secondStepQuery } from "../../../api/queries";
import { Button } from "../../../design/Button";
import { ErrorNote, Section, Skeleton } from "../../../design/Parts";
import { toast } from "../../../design/Toast";
import { AskPassword } from "./AskPassword";
import { Enrol, type Offered } from "./Enrol";
import css from "./people.module.css";
import { SpareCodes } from "./SpareCodes";
import { useWords } from "./words";

type Step = "on" | "off" | "codes";

const stale = ["second-step", "team", "sessions"];

export function SecondStep() {
  const say = useWords();
  return (
    <Section title={say("step.title")} about={say("step.about")}>
      <State />
    </Section>
  );
}

function State() {
  const say = useWords();
  const step = useQuery(secondStepQuery);
  const [asked, ask] = useState<Step>();
  const [offered, offer] = useState<Offered>();
  const [codes, show] = useState<readonly string[]>();
  if (step.isPending) return <Skeleton lines={2} height={20} />;
  if (step.isError && !step.data) return <ErrorNote error={step.error} onRetry={() => void step.refetch()} />;
  const { is_on, spare_codes } = step.data;
  const Icon = is_on ? ShieldCheck : ShieldOff;
  const close = () => ask(undefined);
  const common = { title: say("step.ask"), about: say("step.askAbout"), onClose: close };
  return (
    <>
      <p className={is_on ? css.good : css.state}>
        <Icon size={16} strokeWidth={1.5} aria-hidden="true" />
        {say(is_on ? "step.on" : "step.off")}
      </p>
      {is_on && <p className={css.note}>{say("step.spare", { count: spare_codes })}</p>}
      <div className={css.actions}>
        {is_on ? (
          <>
            <Button onClick={() => ask("codes")}>{say("step.newCodes")}</Button>
            <Button look="quiet" onClick={() => ask("off")}>
              {say("step.turnOff")}
            </Button>
          </>
        ) : (
          <Button onClick={() => ask("on")}>{say("step.turnOn")}</Button>
        )}
      </div>
      {asked === "on" && (
        <AskPassword
          {...common}
          verb={say("step.next")}
          run={(password) => take(api.POST("/api/second-step/offer", { body: { password } }))}
          onDone={(made) => {
            close();
            offer(made);
          }}
        />
      )}
      {asked === "off" && (
        <AskPassword
          {...common}
          verb={say("step.turnOff")}
          run={(password) => take(api.POST("/api/second-step/off", { body: { password } }))}
          stale={stale}
          onDone={() => {
            close();
            toast({ text: say("step.turnedOff") });
          }}
        />
      )}
      {asked === "codes" && (
        <AskPassword
          {...common}
          verb={say("step.newCodes")}
          run={(password) => take(api.POST("/api/second-step/spare-codes", { body: { password } }))}
          stale={stale}
          onDone={(made) => {
            close();
            show(made.codes);
          }}
        />
      )}
      {offered && (
        <Enrol
          offered={offered}
          stale={stale}
          onOn={(made) => {
            offer(undefined);
            show(made);
          }}
          onClose={() => offer(undefined)}
        />
      )}
      {codes && <SpareCodes codes={codes} onClose={() => show(undefined)} />}
    </>
  );
}
