/** What the way of a visit needs of the world around it. */
import type { Client } from "@connectrpc/connect";
import type { WoundService } from "../../gen/samspil/wound/v1/wound_service_pb";
import type { PhotoRecord, VisitRecord } from "./record";

/** The calls that bring a visit. */
export type Api = Pick<
  Client<typeof WoundService>,
  | "createVisit"
  | "getVisit"
  | "announcePhoto"
  | "withdrawPhoto"
  | "getPhoto"
  | "getUpload"
  | "appendPhoto"
  | "completeVisit"
  | "requestAssessment"
  | "supplyMore"
>;

/** Where visits and photos wait. Each change is durable once it returns. */
export interface Store {
  read(id: string): Promise<VisitRecord | undefined>;
  /** Changes the record as it is now: nobody else can in between. */
  change(id: string, change: (record: VisitRecord) => void): Promise<VisitRecord>;
  /** Bytes of a photo from an offset on, at most as many as wanted. Throws `LostHere` when they are not there. */
  bytes(photo: PhotoRecord, offset: number, wanted: number): Promise<Uint8Array<ArrayBuffer>>;
  /** All has arrived: leaves a receipt in the record's place and forgets the photos. */
  file(record: VisitRecord, at: Date): Promise<void>;
}

export interface World {
  api: Api;
  store: Store;
  now(): number;
  /** A new id for a request. */
  id(): string;
  sleep(ms: number): Promise<void>;
  /** Chunks as large as the link is fast, from photo to photo. */
  pace: { chunk: number };
  /** How much of a photo has arrived. For the eye only. */
  progress(photo: string, bytes: number): void;
}
