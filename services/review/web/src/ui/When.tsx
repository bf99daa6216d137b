import { type Timestamp, timestampDate } from "@bufbuild/protobuf/wkt";
import { useEffect, useState } from "react";
import { dayAndTime, relative } from "../i18n/format";

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

/** Now, anew each minute. */
function useMinute(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
