/**
 * Where on the body a wound can be, SNOMED CT, as parts of the skin where there is such a code.
 *
 * The codes and their English names are those of DICOM's context group 4029 (Dermatology Anatomic Site); sacrum, heel and toe are those
 * of the HL7 wound guide too. Hip, shoulder, and great toe are regions, since that group has no skin of them. Sole and back of the
 * foot are left out: no code for them was seen in a source, so they are the foot and its borders.
 */
import i18next from "i18next";
import type { Coding } from "../../gen/samspil/common/v1/common_pb";

export const SNOMED = "http://snomed.info/sct";

/** Part of the figure that is pressed. Regions of the two sides share a name. */
export type Region =
  | "head"
  | "neck"
  | "chest"
  | "abdomen"
  | "groin"
  | "upperBack"
  | "lowerBack"
  | "seat"
  | "hip"
  | "upperArm"
  | "elbow"
  | "forearm"
  | "hand"
  | "thigh"
  | "knee"
  | "lowerLeg"
  | "ankle"
  | "foot";

export interface BodySite {
  code: string;
  region: Region;
  /** From which side of the figure it is seen. */
  view: "front" | "back" | "both";
  da: string;
  en: string;
  /** Left, right; or in the middle, where a side may still be told; or never with a side. */
  sides: "pair" | "either" | "none";
}

const site = (
  code: string,
  region: Region,
  view: BodySite["view"],
  sides: BodySite["sides"],
  da: string,
  en: string,
): BodySite => ({ code, region, view, sides, da, en });

export const bodySites: readonly BodySite[] = [
  site("84607009", "foot", "both", "pair", "Hæl", "Heel"),
  site("699919007", "foot", "both", "pair", "Hæl, indersiden", "Heel, inner side"),
  site("699909001", "foot", "both", "pair", "Hæl, ydersiden", "Heel, outer side"),
  site("78883009", "foot", "both", "pair", "Storetå", "Great toe"),
  site("52034004", "foot", "both", "pair", "Tå", "Toe"),
  site("52953006", "foot", "both", "pair", "Fodsål, inderste rand", "Sole, inner border"),
  site("35739000", "foot", "both", "pair", "Fodsål, yderste rand", "Sole, outer border"),
  site("60496002", "foot", "both", "pair", "Fod", "Foot"),
  site("181563003", "ankle", "both", "pair", "Ankel, indersiden", "Ankle, inner side"),
  site("181564009", "ankle", "both", "pair", "Ankel, ydersiden", "Ankle, outer side"),
  site("25763004", "lowerLeg", "front", "pair", "Underben, forsiden", "Lower leg, front"),
  site("47224004", "lowerLeg", "back", "pair", "Underben, læggen", "Lower leg, calf"),
  site("181553006", "knee", "front", "pair", "Knæ, forsiden", "Knee, front"),
  site("84507004", "knee", "back", "pair", "Knæhase", "Hollow of the knee"),
  site("61248009", "thigh", "front", "pair", "Lår, forsiden", "Thigh, front"),
  site("73958006", "thigh", "front", "pair", "Lår, indersiden", "Thigh, inner side"),
  site("4578000", "thigh", "back", "pair", "Lår, bagsiden", "Thigh, back"),
  site("29836001", "hip", "both", "pair", "Hofte", "Hip"),
  site("51027004", "seat", "back", "either", "Korsben (sacrum)", "Sacrum"),
  site("22180002", "seat", "back", "pair", "Balde", "Buttock"),
  site("63029009", "seat", "back", "pair", "Under balden (sædebensknuden)", "Gluteal fold"),
  site("59112000", "seat", "back", "none", "Omkring endetarmsåbningen", "Around the anus"),
  site("48014002", "groin", "front", "none", "Mellemkød", "Perineum"),
  site("60944009", "groin", "front", "none", "Kønsdele", "Genitalia"),
  site("39687006", "groin", "front", "pair", "Lyske", "Groin"),
  site("699935000", "abdomen", "front", "either", "Mave, øverst", "Abdomen, upper"),
  site("699914002", "abdomen", "front", "either", "Mave, nederst", "Abdomen, lower"),
  site("315003", "abdomen", "front", "none", "Navle", "Navel"),
  site("75093004", "abdomen", "front", "either", "Mave", "Abdomen"),
  site("244106003", "chest", "front", "either", "Bryst, forsiden", "Chest, front"),
  site("82038008", "chest", "front", "pair", "Bryst (mamma)", "Breast"),
  site("76261009", "chest", "front", "pair", "Armhule", "Armpit"),
  site("244111001", "upperBack", "back", "either", "Ryg, øverst", "Back, upper"),
  site("16982005", "upperBack", "both", "pair", "Skulder", "Shoulder"),
  site("66643007", "upperBack", "back", "either", "Ryg", "Back"),
  site("113182001", "lowerBack", "back", "either", "Lænd", "Lower back"),
  site("45981001", "upperArm", "front", "pair", "Overarm, forsiden", "Upper arm, front"),
  site("72939005", "upperArm", "back", "pair", "Overarm, bagsiden", "Upper arm, back"),
  site("181536004", "elbow", "back", "pair", "Albue", "Elbow"),
  site("17957002", "elbow", "front", "pair", "Albuebøjning", "Hollow of the elbow"),
  site("70559009", "forearm", "front", "pair", "Underarm, indersiden", "Forearm, front"),
  site("41550009", "forearm", "back", "pair", "Underarm, ydersiden", "Forearm, back"),
  site("244169007", "hand", "both", "pair", "Finger", "Finger"),
  site("70887009", "hand", "front", "pair", "Håndflade", "Palm of the hand"),
  site("281642007", "hand", "back", "pair", "Håndryg", "Back of the hand"),
  site("33712006", "hand", "both", "pair", "Hånd", "Hand"),
  site("11584001", "neck", "front", "either", "Hals", "Neck, front"),
  site("4658004", "neck", "back", "none", "Nakke", "Nape of the neck"),
  site("79951008", "head", "back", "none", "Baghoved", "Back of the head"),
  site("43067004", "head", "both", "either", "Hovedbund", "Scalp"),
  site("68698007", "head", "front", "either", "Pande", "Forehead"),
  site("113179006", "head", "front", "none", "Næse", "Nose"),
  site("36141000", "head", "front", "pair", "Kind", "Cheek"),
  site("1902009", "head", "both", "pair", "Øre", "Ear"),
  site("73897004", "head", "front", "either", "Ansigt", "Face"),
];

const byCode = new Map(bodySites.map((one) => [one.code, one]));

export const siteOf = (code: string): BodySite | undefined => byCode.get(code);

/** A place in the page's language; as it was written where it is none of these. */
export function siteText(coding: Coding | undefined): string {
  if (!coding) return "";
  const known = coding.system === SNOMED ? byCode.get(coding.code) : undefined;
  if (!known) return coding.display || coding.code;
  return i18next.language === "en" ? known.en : known.da;
}

/** Those of a part of the figure, as it is seen from one side. */
export function sitesIn(region: Region, view: "front" | "back"): BodySite[] {
  return bodySites.filter((one) => one.region === region && (one.view === "both" || one.view === view));
}

/** Those whose name has all the words in it. */
export function searchSites(words: string): BodySite[] {
  const wanted = words.toLocaleLowerCase("da").split(/\s+/).filter(Boolean);
  return bodySites.filter((one) => {
    const name = `${one.da} ${one.en}`.toLocaleLowerCase("da");
    return wanted.every((word) => name.includes(word));
  });
}
