import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { pages } from "../../api/names";
import { traces } from "../../api/traces";
import { Page } from "../../app/Page";
import { Button, ButtonLink } from "../../ui/Button";
import { Failure, Notice } from "../../ui/Notice";
import { Waiting } from "../../ui/Waiting";
import styles from "./StoryPage.module.css";
import { StoryTree } from "./StoryTree";
import { happenings } from "./story";
import { usePeople } from "./usePeople";

/** Everything that happened to a wound, by whom, and what followed from it. */
export function Component() {
  const { t } = useTranslation("story");
  const { patient, wound } = useParams();
  const name = `patients/${patient}/wounds/${wound}`;
  const people = usePeople(name);
  const [reads, setReads] = useState(false);
  const story = useQuery({
    queryKey: ["story", name],
    queryFn: ({ signal }) => traces.getStory({ name }, { signal }),
  });
  const told = useMemo(() => (story.data ? happenings(story.data, reads) : []), [story.data, reads]);
  return (
    <Page title={t("title")}>
      <p>{t("intro")}</p>
      <div className={styles.bar}>
        <ButtonLink small to={pages.wound(name)}>
          ← {t("back")}
        </ButtonLink>
        <Button small busy={story.isFetching} onClick={() => story.refetch()}>
          {t("refresh")}
        </Button>
        <label className={styles.choice}>
          <input type="checkbox" checked={reads} onChange={(event) => setReads(event.target.checked)} />
          {t("reads")}
        </label>
      </div>
      {story.data?.truncated && <Notice kind="info">{t("truncated")}</Notice>}
      {story.isPending && <Waiting />}
      <Failure error={story.error} onRetry={() => story.refetch()} />
      {story.data && told.length === 0 && <p>{t("none")}</p>}
      {/* What was read before does not stay when it may not be read again. */}
      {!story.error && told.length > 0 && <StoryTree story={told} people={people} />}
    </Page>
  );
}
