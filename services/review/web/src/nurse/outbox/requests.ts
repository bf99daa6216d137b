/** The calls that a record leads to. The same record leads to the same request, byte for byte. */
import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { RequestAssessmentRequestSchema } from "../../gen/samspil/wound/v1/assessment_pb";
import type { PhotoSchema } from "../../gen/samspil/wound/v1/photo_pb";
import type { CreateVisitRequestSchema } from "../../gen/samspil/wound/v1/visit_pb";
import { type PhotoRecord, type Question, type VisitRecord, visitName } from "./record";

const time = (iso: string) => timestampFromDate(new Date(iso));

/** The photos that CreateVisit announces, in its order. */
export function announcedWith(record: VisitRecord): PhotoRecord[] {
  return record.photos.filter((photo) => photo.withVisit);
}

export function createVisit(record: VisitRecord): MessageInitShape<typeof CreateVisitRequestSchema> {
  return {
    parent: record.wound,
    visitId: record.id,
    visit: {
      visitTime: time(record.visitTime),
      findings: record.findings,
      photos: announcedWith(record).map(announcement),
    },
    requestId: record.createRequestId,
  };
}

export function announcement(photo: PhotoRecord): MessageInitShape<typeof PhotoSchema> {
  return {
    photoId: photo.id,
    sizeBytes: BigInt(photo.size),
    sha256: photo.sha256,
    captureTime: time(photo.capturedAt),
  };
}

export function ask(
  record: VisitRecord,
  question: Question,
): MessageInitShape<typeof RequestAssessmentRequestSchema> {
  return {
    parent: record.wound,
    assessment: {
      visits: [visitName(record)],
      question: question.text,
      priority: question.priority,
      receiver: question.receiver,
    },
    requestId: question.requestId,
  };
}
