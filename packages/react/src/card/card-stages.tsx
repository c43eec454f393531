"use client";
import type { ComponentProps, ReactElement } from "react";
import { useLook } from "../look/look-context.ts";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { askedNames } from "../person/asked-names.ts";
import { Avatar } from "../person/avatar.tsx";
import { personName } from "../person/person-name.ts";
import { visibleText } from "../text/visible-text.ts";
import { useCard } from "./card-context.ts";
import { type StageProgress, stageProgress } from "./stage-progress.ts";

/** Who has approved and who comes next. Renders an `<ol>` element, or where one yes is enough a line that says whom it asks. */
export function CardStages({ className, ...rest }: ComponentProps<"ol">): ReactElement | null {
  const { approval } = useCard();
  const slot = useSlots();
  const stages = stageProgress(approval);
  if (stages.length === 0) return <Asked />;
  return (
    <ol {...rest} className={slot("stages", className)}>
      {stages.map((progress, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: stages never move
        <li key={i} className={slot("stage")} data-standing={progress.standing}>
          <StageView progress={progress} />
        </li>
      ))}
    </ol>
  );
}

/** Whom the only stage asks; nothing when that is everybody. */
function Asked(): ReactElement | null {
  const { approval } = useCard();
  const { format, t } = useLook();
  const slot = useSlots();
  const [stage] = approval.stages;
  const names = stage ? askedNames(stage, t) : [];
  if (names.length === 0) return null;
  return <p className={slot("asked")}>{t("stage.asked", { names: format.list(names) })}</p>;
}

function StageView({ progress }: { progress: StageProgress }): ReactElement {
  const slot = useSlots();
  const name = useStageName(progress);
  const { viewer, ability } = useCard();
  const { standing, approvals } = progress;
  const isTurn = standing === "current" && ability.allow.includes("approve");
  return (
    <>
      {standing === "done" && (
        <span className={slot("stage-mark")} aria-hidden="true">
          ✓
        </span>
      )}
      {standing !== "done" && approvals.map((decision) => <Avatar key={decision.id} person={decision.by} />)}
      {isTurn && viewer && <Avatar person={viewer} />}
      <b className={slot("stage-name")}>{name}</b>
      <span>
        <StageNote progress={progress} />
      </span>
    </>
  );
}

/** What the request calls the stage, or whom it asks; "You" when it is the viewer's turn. */
function useStageName({ stage, standing }: StageProgress): string {
  const { viewer, ability } = useCard();
  const { format, t } = useLook();
  if (stage.name) return visibleText(stage.name);
  if (standing === "current" && viewer && ability.allow.includes("approve")) return String(t("stage.you"));
  const asked = [...stage.users, ...stage.groups].map(visibleText);
  return asked.length > 0 ? format.list(asked) : String(t("stage.anyone"));
}

function StageNote({ progress }: { progress: StageProgress }): ReactElement {
  const { format } = useLook();
  const t = useMessages();
  const { standing, approvals, needed } = progress;
  const last = approvals.at(-1);
  if (standing === "done" && last) {
    const names = format.list(approvals.map((decision) => personName(decision.by)));
    return <>{t("stage.approvedBy", { names, time: format.time(last.at) })}</>;
  }
  if (standing === "next") return <>{t("stage.next")}</>;
  if (needed === undefined) return <>{t("stage.everyone")}</>;
  return <>{t("stage.needed", { approved: approvals.length, needed })}</>;
}
