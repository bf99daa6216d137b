import { type Timestamp, timestampDate } from "@bufbuild/protobuf/wkt";
import { dayAndTime, relative } from "../i18n/format";
import { useMinute } from "./now";

/** How long ago or until, kept up to date; the exact time on hover and for machines. */
export function When({ time }: { time: Timestamp | undefined }) {
  const now = useMinute();
  if (!time) return null;
  return (
    <time dateTime={timestampDate(time).toISOString()} title={dayAndTime(time)}>
      {relative(time, now)}
    </time>
  );
}
