import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { queries } from "../../api/queries";
import { dayAndTime } from "../../i18n/format";
import { Failure } from "../../ui/Notice";
import { Organisation } from "../../ui/Organisation";
import { Waiting } from "../../ui/Waiting";
import styles from "./Viewers.module.css";

/** Who has seen the case. */
export function Viewers({ name }: { name: string }) {
  const { t } = useTranslation("case");
  const { data, error, isPending, refetch } = useQuery(queries.viewers(name));
  if (isPending) return <Waiting />;
  if (!data) return <Failure error={error} onRetry={() => refetch()} />;
  if (data.length === 0) return <p>{t("viewers.none")}</p>;
  return (
    <table className={styles.viewers}>
      <caption className="hidden-visually">{t("viewers.caption")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("viewers.person")}</th>
          <th scope="col">{t("viewers.organisation")}</th>
          <th scope="col">{t("viewers.first")}</th>
          <th scope="col">{t("viewers.last")}</th>
        </tr>
      </thead>
      <tbody>
        {data.map(({ actor, firstTime, lastTime }) => (
          <tr key={`${actor?.person} ${actor?.organisation}`}>
            <th scope="row">{actor?.displayName || actor?.person}</th>
            <td>
              <Organisation name={actor?.organisation ?? ""} />
            </td>
            <td>{dayAndTime(firstTime)}</td>
            <td>{dayAndTime(lastTime)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
