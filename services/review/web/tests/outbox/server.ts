/** A wound service in memory, as faithful as the outbox can tell: what is asked twice under one id is done once. */
import { createHash } from "node:crypto";
import { create, type DescMessage, type MessageInitShape, type MessageShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema } from "../../src/gen/google/rpc/error_details_pb";
import {
  AssessmentSchema,
  RequestAssessmentRequestSchema,
  SupplyMoreRequestSchema,
} from "../../src/gen/samspil/wound/v1/assessment_pb";
import {
  AnnouncePhotoRequestSchema,
  AppendPhotoRequestSchema,
  AppendPhotoResponseSchema,
  GetPhotoRequestSchema,
  GetUploadRequestSchema,
  type Photo,
  PhotoSchema,
  PhotoState,
  UploadSchema,
  WithdrawPhotoRequestSchema,
} from "../../src/gen/samspil/wound/v1/photo_pb";
import {
  CompleteVisitRequestSchema,
  CreateVisitRequestSchema,
  GetVisitRequestSchema,
  VisitSchema,
  VisitState,
} from "../../src/gen/samspil/wound/v1/visit_pb";
import type { Api } from "../../src/nurse/outbox/ports";

/** Bytes, for comparing. */
export const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

export function refusal(code: Code, reason: string, metadata: Record<string, string> = {}): ConnectError {
  const info = { desc: ErrorInfoSchema, value: { reason, domain: "samspil", metadata } };
  return new ConnectError(reason, code, undefined, [info]);
}

interface Kept {
  photo: Photo;
  bytes: Uint8Array<ArrayBuffer>;
}

const wait = [PhotoState.ANNOUNCED, PhotoState.REFUSED];

export class Server {
  readonly visits = new Map<string, { complete: boolean; findings: unknown }>();
  readonly photos = new Map<string, Kept>();
  readonly questions: string[] = [];
  readonly supplied: string[] = [];
  /** Why a photo with this digest is no photo, once its bytes are here. */
  readonly bad = new Map<string, string>();
  /** The codes of the warnings on a photo with this digest. */
  readonly warned = new Map<string, string[]>();
  /** Takes at most so many bytes of a chunk. */
  mouthful = Number.POSITIVE_INFINITY;
  /** Every call fails with this, such as when a consent is withdrawn. */
  closed: ConnectError | undefined;
  readonly #answers = new Map<string, { request: string; answer: unknown }>();

  readonly api: Api = {
    createVisit: this.#rpc(CreateVisitRequestSchema, (request) =>
      this.#once(request, () => {
        const name = `${request.parent}/visits/${request.visitId}`;
        if (this.visits.has(name)) throw refusal(Code.AlreadyExists, "VISIT_EXISTS");
        const photos = request.visit?.photos ?? [];
        for (const [index, photo] of photos.entries()) this.#check(photo, `visit.photos[${index}]`);
        this.visits.set(name, { complete: false, findings: request.visit?.findings });
        for (const photo of photos) this.#put(name, photo);
        return this.#visit(name);
      }),
    ),
    getVisit: this.#rpc(GetVisitRequestSchema, ({ name }) => this.#visit(name)),
    announcePhoto: this.#rpc(AnnouncePhotoRequestSchema, (request) =>
      this.#once(request, () => {
        this.#open(request.parent);
        if (!request.photo) throw refusal(Code.InvalidArgument, "INVALID_REQUEST");
        this.#check(request.photo, "photo");
        return this.#put(request.parent, request.photo);
      }),
    ),
    withdrawPhoto: this.#rpc(WithdrawPhotoRequestSchema, (request) =>
      this.#once(request, () => {
        const { photo } = this.#get(request.name);
        if (photo.state === PhotoState.STORED) throw refusal(Code.FailedPrecondition, "PHOTO_STORED");
        if (photo.state === PhotoState.WITHDRAWN) throw refusal(Code.FailedPrecondition, "PHOTO_WITHDRAWN");
        photo.state = PhotoState.WITHDRAWN;
        return photo;
      }),
    ),
    getPhoto: this.#rpc(GetPhotoRequestSchema, ({ name }) => this.#get(name).photo),
    getUpload: this.#rpc(GetUploadRequestSchema, ({ name }) => {
      const { photo, bytes } = this.#get(name);
      const committedBytes = BigInt(bytes.length);
      return create(UploadSchema, { name, state: photo.state, committedBytes, sizeBytes: photo.sizeBytes });
    }),
    appendPhoto: this.#rpc(AppendPhotoRequestSchema, ({ name, offset, data }) => {
      const kept = this.#get(name);
      const { photo } = kept;
      let { bytes } = kept;
      if (photo.state === PhotoState.REFUSED) throw refusal(Code.FailedPrecondition, "PHOTO_REFUSED");
      if (photo.state === PhotoState.WITHDRAWN) throw refusal(Code.FailedPrecondition, "PHOTO_WITHDRAWN");
      if (data.length === 0 || data.length > 1 << 20) throw refusal(Code.InvalidArgument, "INVALID_REQUEST");
      if (offset > bytes.length) throw refusal(Code.FailedPrecondition, "UPLOAD_OFFSET");
      if (photo.state === PhotoState.ANNOUNCED) {
        const unseen = data.subarray(bytes.length - Number(offset)).subarray(0, this.mouthful);
        bytes = Uint8Array.from(Buffer.concat([bytes, unseen]));
        kept.bytes = bytes;
        if (bytes.length > photo.sizeBytes) throw refusal(Code.OutOfRange, "UPLOAD_TOO_LONG");
        if (bytes.length === Number(photo.sizeBytes)) this.#judge(photo);
      }
      const stored = photo.state === PhotoState.STORED;
      return create(AppendPhotoResponseSchema, {
        committedBytes: BigInt(bytes.length),
        ...(stored && { photo }),
      });
    }),
    completeVisit: this.#rpc(CompleteVisitRequestSchema, (request) =>
      this.#once(request, () => {
        const visit = this.#open(request.name);
        if (this.#visit(request.name).missingPhotos.length > 0)
          throw refusal(Code.FailedPrecondition, "PHOTOS_MISSING");
        visit.complete = true;
        return this.#visit(request.name);
      }),
    ),
    requestAssessment: this.#rpc(RequestAssessmentRequestSchema, (request) =>
      this.#once(request, () => {
        const about = request.assessment?.visits[0] ?? "";
        if (!this.visits.get(about)?.complete) throw refusal(Code.FailedPrecondition, "VISIT_NOT_COMPLETE");
        this.questions.push(request.assessment?.question ?? "");
        const name = `${request.parent}/assessments/${this.questions.length}`;
        return create(AssessmentSchema, { name });
      }),
    ),
    supplyMore: this.#rpc(SupplyMoreRequestSchema, (request) =>
      this.#once(request, () => {
        if (this.supplied.length > 0) throw refusal(Code.FailedPrecondition, "NOTHING_ASKED_FOR");
        this.supplied.push(request.visit);
        return create(AssessmentSchema, { name: request.name });
      }),
    ),
  };

  /** A call as it arrives: a message of its own, whatever the caller does with his. */
  #rpc<I extends DescMessage, O>(schema: I, act: (request: MessageShape<I>) => O) {
    return async (request: MessageInitShape<I>): Promise<O> => {
      if (this.closed) throw this.closed;
      return structuredClone(act(create(schema, request)));
    };
  }

  #once<T>(request: { requestId: string }, act: () => T): T {
    const said = JSON.stringify(request, (_, value) => (typeof value === "bigint" ? String(value) : value));
    const before = this.#answers.get(request.requestId);
    if (before && before.request !== said) throw refusal(Code.InvalidArgument, "REQUEST_ID_REUSED");
    if (before) return before.answer as T;
    const answer = act();
    this.#answers.set(request.requestId, { request: said, answer: structuredClone(answer) });
    return answer;
  }

  #open(name: string) {
    const visit = this.visits.get(name);
    if (!visit) throw refusal(Code.NotFound, "RESOURCE_NOT_FOUND");
    if (visit.complete) throw refusal(Code.FailedPrecondition, "VISIT_COMPLETE");
    return visit;
  }

  #check(photo: Photo, field: string): void {
    for (const { photo: other } of this.photos.values()) {
      const stands = other.state !== PhotoState.WITHDRAWN;
      if (stands && other.sha256 === photo.sha256)
        throw refusal(Code.AlreadyExists, "PHOTO_ALREADY_ANNOUNCED", { photo: other.name, field });
      if (other.photoId === photo.photoId) throw refusal(Code.AlreadyExists, "PHOTO_ID_TAKEN");
    }
  }

  #put(visit: string, asked: Photo): Photo {
    const name = `${visit}/photos/${asked.photoId}`;
    const photo = create(PhotoSchema, { ...asked, name, state: PhotoState.ANNOUNCED });
    this.photos.set(name, { photo, bytes: new Uint8Array() });
    return photo;
  }

  #get(name: string): Kept {
    const kept = this.photos.get(name);
    if (!kept) throw refusal(Code.NotFound, "RESOURCE_NOT_FOUND");
    return kept;
  }

  /** All bytes are here. */
  #judge(photo: Photo): void {
    const reason = this.bad.get(photo.sha256);
    if (reason) {
      Object.assign(photo, { state: PhotoState.REFUSED, refusalReason: reason });
      throw refusal(Code.InvalidArgument, reason);
    }
    const warnings = (this.warned.get(photo.sha256) ?? []).map((code) => ({
      code,
      adviceDa: "Tag det igen.",
      adviceEn: "Again.",
    }));
    const { quality } = create(PhotoSchema, { quality: { warnings } });
    Object.assign(photo, { state: PhotoState.STORED, quality });
  }

  #visit(name: string) {
    const visit = this.visits.get(name);
    if (!visit) throw refusal(Code.NotFound, "RESOURCE_NOT_FOUND");
    const own = [...this.photos.values()].filter(({ photo }) => photo.name.startsWith(`${name}/`));
    const missing = own.filter(({ photo }) => wait.includes(photo.state));
    return create(VisitSchema, {
      name,
      state: visit.complete ? VisitState.COMPLETE : VisitState.OPEN,
      missingPhotos: missing.map(({ photo }) => photo.name),
    });
  }

  /** What a person would find, for comparing. */
  found() {
    return {
      visits: [...this.visits].map(([name, { complete }]) => ({ name, complete })),
      photos: [...this.photos.values()].map(({ photo, bytes }) => ({
        name: photo.name,
        state: PhotoState[photo.state],
        bytes: digest(bytes),
      })),
      questions: [...this.questions],
      supplied: [...this.supplied],
    };
  }
}
