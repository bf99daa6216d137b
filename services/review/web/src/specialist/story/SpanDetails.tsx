import { useTranslation } from "react-i18next";
import type { Span } from "../../gen/samspil/trace/v1/trace_pb";
import { Button } from "../../ui/Button";
import styles from "./StoryTree.module.css";
import type { Happening, Node } from "./story";
import { duration } from "./words";

/** All that is known of a span. */
export function SpanDetails({
  span,
  happening,
  statements,
  traceUrl,
  linked,
  onLinked,
}: {
  span: Span;
  happening: Happening;
  statements: Node["statements"] | undefined;
  traceUrl: string;
  linked: readonly { trace: string; text: string | undefined }[];
  onLinked: (trace: string) => void;
}) {
  const { t } = useTranslation("story");
  const attributes = Object.entries(span.attributes).sort(([a], [b]) => a.localeCompare(b));
  return (
    <dl className={styles.details}>
      <dt>{t("name")}</dt>
      <dd>{span.name}</dd>
      <dt>{t("service")}</dt>
      <dd>{span.service}</dd>
      {statements && statements.count > 0 && (
        <dd className={styles.whole}>
          {t("statements", { count: statements.count, time: duration(statements.durationUs) })}
        </dd>
      )}
      <dt>{t("trace")}</dt>
      <dd>
        {happening.traceId}{" "}
        {traceUrl && (
          <a
            href={traceUrl.replace("{trace_id}", encodeURIComponent(happening.traceId))}
            target="_blank"
            rel="noreferrer"
          >
            {t("backend")}
          </a>
        )}
      </dd>
      {linked.map(({ trace, text }) => (
        <dd key={trace} className={styles.whole}>
          {t("linked")}{" "}
          {text ? (
            <Button small onClick={() => onLinked(trace)}>
              {text}
            </Button>
          ) : (
            t("elsewhere")
          )}
        </dd>
      ))}
      {attributes.map(([key, value]) => (
        <div key={key} className={styles.attribute}>
          <dt>{key}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
