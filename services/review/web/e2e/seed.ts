/** What has to be there before somebody opens the page, made over the same calls that people make. */
import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { type Assessment, AssessmentPriority } from "../src/gen/samspil/wound/v1/assessment_pb";
import type { Visit } from "../src/gen/samspil/wound/v1/visit_pb";
import { ExudateAmount, ExudateType, TissueType } from "../src/gen/samspil/wound/v1/visit_pb";
import { Laterality, type Wound, WoundType } from "../src/gen/samspil/wound/v1/wound_pb";
import type { Site } from "./site";

/** The organisations of the made-up people. */
export const organisations = {
  municipality: "organisations/990000000000766",
  hospital: "organisations/990000000006008",
  practice: "organisations/990000000012345",
  otherHospital: "organisations/990000000006620",
};

const CHUNK = 1 << 20;
const DAY_MS = 86_400_000;

/** A time so many days ago. */
export function daysAgo(days: number): Date {
  return new Date(Date.now() - days * DAY_MS);
}

/** Drawn photographs of one wound, visit by visit. */
export function photographs(): Buffer[] {
  const folder = process.env.SAMSPIL_PHOTOS;
  if (!folder) throw new Error("SAMSPIL_PHOTOS is not set: run `cargo xtask web test`");
  const files = readdirSync(folder).filter((name) => name.endsWith(".jpg"));
  return files.sort().map((name) => readFileSync(join(folder, name)));
}

/** A picture that is far too small and shows nothing. */
export function poorPicture(): Buffer {
  const [width, height] = [64, 48];
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0], 8);
  const rows = Buffer.alloc(height * (1 + width), 128);
  for (let row = 0; row < height; row++) rows[row * (1 + width)] = 0;
  const parts = { IHDR: header, IDAT: deflateSync(rows), IEND: Buffer.alloc(0) };
  const chunks = Object.entries(parts).map(([name, data]) => {
    const named = Buffer.concat([Buffer.from(name), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
  });
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...chunks]);
}

let serial = 0;

/** A number that no person has, of one born in 1945: the seventh digit tells the century. */
export function personNumber(): string {
  serial += 1;
  return `010145${String(serial + 1000 * (process.pid % 4)).padStart(4, "0")}`;
}

/** A citizen whose consent covers everybody who takes part. */
export async function citizen(site: Site, name = "Inger Prøvesen"): Promise<string> {
  const { directory } = site.as("nurse");
  const found = await directory.registerCitizen({
    personNumber: personNumber(),
    displayName: name,
    municipalityCode: "0766",
    requestId: randomUUID(),
  });
  await directory.grantConsent({
    parent: found.name,
    consent: {
      organisations: Object.values(organisations),
      document: "sag 26/0815",
      givenTime: timestampFromDate(daysAgo(60)),
    },
    requestId: randomUUID(),
  });
  return found.name;
}

/** A pressure ulcer on the left heel. */
export function wound(site: Site, patient: string): Promise<Wound> {
  return site.as("nurse").wounds.openWound({
    parent: patient,
    wound: {
      type: WoundType.TS6_PRESSURE,
      bodySite: { system: "http://snomed.info/sct", code: "84607009", display: "Hæl" },
      laterality: Laterality.LEFT,
      onsetDate: daysAgo(60).toISOString().slice(0, 10),
      label: "hæl",
    },
    requestId: randomUUID(),
  });
}

/** A complete visit with photos. */
export async function visit(
  site: Site,
  parent: string,
  { at = new Date(), photos = photographs().slice(0, 1), lengthMm = 42, widthMm = 30 } = {},
): Promise<Visit> {
  const { wounds } = site.as("nurse");
  const announced = photos.map((bytes) => ({
    photoId: randomUUID(),
    sizeBytes: BigInt(bytes.length),
    sha256: createHash("sha256").update(bytes).digest("hex"),
    captureTime: timestampFromDate(at),
  }));
  const made = await wounds.createVisit({
    parent,
    visitId: randomUUID(),
    visit: {
      visitTime: timestampFromDate(at),
      findings: {
        lengthMm,
        widthMm,
        depthMm: 4,
        tissue: [
          { type: TissueType.GRANULATION, percent: 60 },
          { type: TissueType.FIBRIN, percent: 30 },
        ],
        exudateAmount: ExudateAmount.MODERATE,
        exudateType: ExudateType.SEROUS,
        pain: 3,
        dressing: "Skumbandage",
      },
      photos: announced,
    },
    requestId: randomUUID(),
  });
  for (const [n, bytes] of photos.entries()) {
    await upload(site, `${made.name}/photos/${announced[n]?.photoId}`, bytes);
  }
  return wounds.completeVisit({ name: made.name, etag: "", requestId: randomUUID() });
}

async function upload(site: Site, name: string, bytes: Buffer): Promise<void> {
  const { wounds } = site.as("nurse");
  for (let offset = 0; offset < bytes.length; ) {
    const data = Uint8Array.from(bytes.subarray(offset, offset + CHUNK));
    const answer = await wounds.appendPhoto({ name, offset: BigInt(offset), data });
    offset = Number(answer.committedBytes);
  }
}

/** A question to the hospital about a visit. */
export function question(
  site: Site,
  visit: Visit,
  { text = "Heler såret, som det skal?", priority = AssessmentPriority.ROUTINE } = {},
): Promise<Assessment> {
  return site.as("nurse").wounds.requestAssessment({
    parent: visit.name.split("/").slice(0, 4).join("/"),
    assessment: { visits: [visit.name], question: text, priority, receiver: organisations.hospital },
    requestId: randomUUID(),
  });
}

/** A citizen with a wound, visits so many days ago with a photo each, the oldest first, and a question about the newest. */
export async function aCase(site: Site, days: number[] = [0]) {
  const patient = await citizen(site);
  const { name } = await wound(site, patient);
  const photos = photographs();
  const visits: Visit[] = [];
  for (const [n, ago] of days.entries()) {
    const picture = photos[n % photos.length];
    const size = { lengthMm: Math.max(8, 48 - 6 * n), widthMm: Math.max(6, 34 - 5 * n) };
    visits.push(await visit(site, name, { at: daysAgo(ago), photos: picture ? [picture] : [], ...size }));
  }
  const newest = visits.at(-1);
  if (!newest) throw new Error("a case has a visit");
  return { patient, wound: name, visits, assessment: await question(site, newest) };
}
