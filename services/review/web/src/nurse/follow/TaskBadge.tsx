import { useTranslation } from "react-i18next";
import { FlagKindSchema } from "../../gen/samspil/wound/v1/flag_pb";
import { term } from "../../i18n/terms";
import { Badge } from "../../ui/Badge";
import { When } from "../../ui/When";
import type { Task } from "./tasks";

const look: Record<Task["kind"], "bad" | "warn" | "info" | undefined> = {
  callIn: "bad",
  answer: "info",
  more: "warn",
  photosOverdue: "bad",
  flag: "warn",
  photosToday: "warn",
  photosSoon: undefined,
  waiting: undefined,
};

/** One thing to do, in a few words. */
export function TaskBadge({ task }: { task: Task }) {
  const { t } = useTranslation("nurse");
  const text = task.kind === "flag" ? term(FlagKindSchema, task.flag.kind) : t(`task.${task.kind}`);
  return (
    <Badge kind={look[task.kind]}>
      {text}
      {task.time && task.kind !== "flag" && (
        <>
          {" · "}
          <When time={task.time} />
        </>
      )}
    </Badge>
  );
}
