/** The audit's codes in words that a citizen knows. */
import i18next from "i18next";
import type { AuditEvent } from "../gen/samspil/audit/v1/audit_pb";

const EXPORT = "samspil audit export";

/** What somebody did. A method that nobody has found words for is said as the service says it. */
export function actionText({ action, actionText }: Pick<AuditEvent, "action" | "actionText">): string {
  if (action === EXPORT) return i18next.t("actions:operator.export");
  return known(`actions:${actionKey(action)}`) ?? actionText;
}

/** `WoundService.GetWound` of `samspil.wound.v1.WoundService/GetWound`. */
export function actionKey(action: string): string {
  return action.slice(action.lastIndexOf(".") + 1).replace("/", ".");
}

/** What an access stood on, or why there was none. */
export function basisText({ outcome, basis }: Pick<AuditEvent, "outcome" | "basis">): string {
  if (outcome !== "OK") {
    if (basis === "BLOCK") return i18next.t("citizen:refused.blocked");
    return known(`citizen:refused.${outcome}`) ?? i18next.t("citizen:refused.other", { reason: outcome });
  }
  if (!basis) return i18next.t("citizen:basis.none");
  return known(`citizen:basis.${basis}`) ?? i18next.t("citizen:basis.other", { basis });
}

/** The role that somebody had; as the token says it where there is no word. */
export function roleText(role: string): string {
  const [kind = role] = role.split(":");
  return known(`citizen:role.${kind}`) ?? role;
}

function known(key: string): string | undefined {
  return i18next.exists(key) ? i18next.t(key as never) : undefined;
}
