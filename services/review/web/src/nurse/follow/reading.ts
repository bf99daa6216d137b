/** Reads the caseload from the server. */

import { directory } from "../../api/directory";
import { patientOf } from "../../api/names";
import { wounds as service } from "../../api/wounds";
import type { Citizen } from "../../gen/samspil/directory/v1/directory_pb";
import type { Assessment } from "../../gen/samspil/wound/v1/assessment_pb";
import type { Flag } from "../../gen/samspil/wound/v1/flag_pb";
import type { Visit } from "../../gen/samspil/wound/v1/visit_pb";
import { type Wound, WoundState } from "../../gen/samspil/wound/v1/wound_pb";

/** As many as the contract gives in one page, and as many citizens as it gives at once. */
const PAGE = 1000;
const CITIZENS = 100;
/** Questions about one wound; older ones are no part of what is taken along. */
const QUESTIONS = 20;

/** The open wounds, whose they are, and the flags on them. */
export async function readCaseload(): Promise<{ wounds: Wound[]; citizens: Citizen[]; flags: Flag[] }> {
  const [wounds, flags] = await Promise.all([openWounds(), standingFlags()]);
  const names = [...new Set(wounds.map((wound) => patientOf(wound.name)))];
  const citizens: Citizen[] = [];
  for (let at = 0; at < names.length; at += CITIZENS) {
    const page = await directory.batchGetCitizens({ names: names.slice(at, at + CITIZENS) });
    citizens.push(...page.citizens);
  }
  return { wounds, citizens, flags };
}

/** The last visit to a wound and its questions. */
export async function readCourse(wound: string): Promise<{ visits: Visit[]; assessments: Assessment[] }> {
  const [{ visits }, { assessments }] = await Promise.all([
    service.listVisits({ parent: wound, pageSize: 1 }),
    service.listAssessments({ parent: wound, pageSize: QUESTIONS }),
  ]);
  return { visits, assessments };
}

async function openWounds(): Promise<Wound[]> {
  const found: Wound[] = [];
  let pageToken = "";
  do {
    const page = await service.listWounds({
      parent: "patients/-",
      state: WoundState.OPEN,
      pageSize: PAGE,
      pageToken,
    });
    found.push(...page.wounds);
    pageToken = page.nextPageToken;
  } while (pageToken);
  return found;
}

async function standingFlags(): Promise<Flag[]> {
  const found: Flag[] = [];
  let pageToken = "";
  do {
    const page = await service.listFlags({ parent: "patients/-/wounds/-", pageSize: PAGE, pageToken });
    found.push(...page.flags);
    pageToken = page.nextPageToken;
  } while (pageToken);
  return found;
}
