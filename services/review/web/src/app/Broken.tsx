import { Component, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";

interface BrokenProps {
  /** The page that is shown: another one is tried afresh. */
  page: string;
  children: ReactNode;
}

interface State {
  page: string;
  error?: unknown;
}

/** Says so in place of a page that failed. What is sealed in the device is untouched. */
export class Broken extends Component<BrokenProps, State> {
  override state: State = { page: this.props.page };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error };
  }

  static getDerivedStateFromProps({ page }: BrokenProps, state: State): State | null {
    return page === state.page ? null : { page, error: undefined };
  }

  override render() {
    return this.state.error === undefined ? this.props.children : <Sorry error={this.state.error} />;
  }
}

function Sorry({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const detail = error instanceof Error ? error.name : "";
  return (
    <Notice kind="bad" action={<Button onClick={() => location.reload()}>{t("reload")}</Button>}>
      {t("error.broken", { detail })}
    </Notice>
  );
}
