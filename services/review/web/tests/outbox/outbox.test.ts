import { Code, ConnectError } from "@connectrpc/connect";
import { beforeAll, describe, expect, test } from "vitest";
import { paced } from "../../src/nurse/outbox/upload";
import { CHUNK, Death, Phone, photo, visit } from "./phone";
import { digest, refusal, Server } from "./server";

function set(photos = [3 * CHUNK + 17, 1000]) {
  const server = new Server();
  const phone = new Phone(server.api);
  const record = visit(
    phone,
    photos.map((size, at) => photo(phone, at + 11, size)),
  );
  return { server, phone, record };
}

/** What there is at the end when nothing goes wrong, and how many moments it took. */
async function undisturbed(more: (server: Server, phone: Phone) => void = () => undefined) {
  const { server, phone } = set();
  more(server, phone);
  let moments = 0;
  phone.moment = () => {
    moments++;
  };
  await phone.run();
  return { found: server.found(), moments };
}

test("a visit arrives with its photos and its question, and leaves the phone", async () => {
  const { server, phone, record } = set();
  const bytes = record.photos.map((one) => digest(phone.photos.get(one.id) ?? new Uint8Array()));
  await phone.run();
  const found = server.found();
  expect(found.visits).toEqual([{ name: expect.stringContaining(record.id), complete: true }]);
  expect(found.photos.map((one) => one.state)).toEqual(["STORED", "STORED"]);
  expect(found.photos.map((one) => one.bytes)).toEqual(bytes);
  expect(found.questions).toEqual(["Is it infected?"]);
  expect(phone.visits.size + phone.photos.size).toBe(0);
  expect(phone.sent).toEqual([record.id]);
});

test("what was asked for is supplied with the visit", async () => {
  const { server, phone } = set();
  const record = visit(phone, [photo(phone, 11, 1000)], {
    more: { requestId: "m", assessment: "a", reply: "here", supplied: false },
  });
  const { question: _, ...without } = record;
  phone.put(without);
  await phone.run();
  expect(server.found().supplied).toEqual([expect.stringContaining(record.id)]);
  expect(server.found().questions).toEqual([]);
});

describe("nothing is lost and nothing is doubled", () => {
  let found: ReturnType<Server["found"]>;
  let every: number[];
  beforeAll(async () => {
    const undone = await undisturbed();
    found = undone.found;
    every = Array.from({ length: undone.moments }, (_, at) => at);
    expect(every.length).toBeGreaterThan(25);
  });

  test("wherever the page dies", async () => {
    for (const fatal of every) {
      const { server, phone } = set();
      let at = 0;
      phone.moment = () => {
        if (at++ === fatal) throw new Death();
      };
      await expect(phone.run(), `death at ${fatal}`).rejects.toThrow(Death);
      // What the server does not have for good is still in the phone.
      const arrived = server.found().photos.every((one) => one.state === "STORED");
      if (!arrived || server.visits.size === 0) expect(phone.photos.size).toBe(2);
      phone.moment = () => undefined;
      await phone.run();
      expect(server.found(), `death at ${fatal}`).toEqual(found);
      expect(phone.visits.size + phone.photos.size).toBe(0);
    }
  });

  test("wherever it dies twice", async () => {
    for (const first of every.filter((one) => one % 3 === 0)) {
      for (const second of every.filter((one) => one % 2 === 0)) {
        const { server, phone } = set();
        for (const fatal of [first, second]) {
          let at = 0;
          phone.moment = () => {
            if (at++ === fatal) throw new Death();
          };
          await phone.run().catch((error) => expect(error).toBeInstanceOf(Death));
        }
        phone.moment = () => undefined;
        await phone.run();
        expect(server.found(), `deaths at ${first} and ${second}`).toEqual(found);
      }
    }
  });

  test("wherever the link breaks, with the question or with the answer", async () => {
    for (const broken of every) {
      const { server, phone } = set();
      let at = 0;
      phone.moment = (what) => {
        const local = what === "change" || what === "file";
        if (at++ === broken && !local) throw new ConnectError("broken", Code.Unavailable);
      };
      await phone.run();
      phone.moment = () => undefined;
      const { stop } = await phone.run();
      expect(stop).toBeUndefined();
      expect(server.found(), `break at ${broken}`).toEqual(found);
    }
  });

  test("when the server takes only a part of each chunk", async () => {
    const disturbed = await undisturbed((server) => {
      server.mouthful = 3_000;
    });
    expect(disturbed.found).toEqual(found);
  });

  test("when the ids of requests are long forgotten", async () => {
    const { server, phone, record } = set();
    await phone.run();
    // A phone that lay in a drawer right after its first calls: the server knows the visit, but not the requests.
    const forgetful = new Phone(server.api);
    const photos = record.photos.map((one, at) => photo(forgetful, at + 11, one.size));
    const { question: _, ...without } = visit(forgetful, photos, {
      createRequestId: "x",
      completeRequestId: "y",
    });
    forgetful.put(without);
    await forgetful.run();
    expect(server.found()).toEqual(found);
    expect(forgetful.visits.size).toBe(0);
  });
});

describe("trouble", () => {
  test("no server: everything stays, and is known to be out of reach", async () => {
    const { server, phone } = set();
    server.closed = new ConnectError("no", Code.Unavailable);
    expect((await phone.run()).stop).toBe("unreachable");
    expect(phone.photos.size).toBe(2);
    expect(phone.record([...phone.visits.keys()][0] ?? "").trouble).toBeUndefined();
  });

  test("an expired sign-in: everything stays until somebody signs in", async () => {
    const { server, phone } = set();
    server.closed = refusal(Code.Unauthenticated, "TOKEN_EXPIRED");
    expect((await phone.run()).stop).toBe("signIn");
    server.closed = undefined;
    await phone.run();
    expect(phone.visits.size).toBe(0);
  });

  test("a withdrawn consent: everything stays, the nurse is told, and it is tried again later", async () => {
    const { server, phone, record } = set();
    server.closed = refusal(Code.PermissionDenied, "NO_RELATION");
    const { stop, again } = await phone.run();
    expect(stop).toBeUndefined();
    expect(phone.record(record.id).trouble?.reason).toBe("NO_RELATION");
    expect(phone.photos.size).toBe(2);

    server.closed = undefined;
    await phone.run();
    expect(server.visits.size).toBe(0);
    phone.now = again;
    await phone.run();
    expect(server.found().questions).toHaveLength(1);
  });

  test("one visit in trouble does not hold up another", async () => {
    const { server, phone, record } = set();
    const other = visit(phone, [photo(phone, 15, 500)], {
      id: "other",
      createRequestId: "o1",
      completeRequestId: "o2",
    });
    const { question: _, ...without } = other;
    phone.put(without);
    phone.moment = (what, when) => {
      if (what === "createVisit" && when === "before" && server.visits.size === 0 && !phone.sent.length) {
        phone.moment = () => undefined;
        throw refusal(Code.FailedPrecondition, "WOUND_CLOSED");
      }
    };
    await phone.run();
    expect(phone.sent).toEqual(["other"]);
    expect(phone.record(record.id).trouble?.reason).toBe("WOUND_CLOSED");
  });

  test("a fault of this page is told, and no reason to give up the rest", async () => {
    const { phone, record } = set();
    phone.moment = (what) => {
      if (what === "getUpload") throw new RangeError("a bug");
    };
    await phone.run();
    expect(phone.record(record.id).trouble?.reason).toBe("RangeError");
    expect(phone.photos.size).toBe(2);
  });
});

describe("a photo that the server refuses", () => {
  async function refused() {
    const all = set();
    const [first] = all.record.photos;
    all.server.bad.set(first?.sha256 ?? "", "IMAGE_DAMAGED");
    await all.phone.run();
    return { ...all, first: first?.id ?? "" };
  }

  test("waits for the nurse, with its reason, while the others arrive", async () => {
    const { server, phone, record } = await refused();
    const [bad, good] = phone.record(record.id).photos;
    expect(bad).toMatchObject({ state: "refused", refusal: "IMAGE_DAMAGED" });
    expect(good?.state).toBe("stored");
    expect(server.found().visits[0]?.complete).toBe(false);
  });

  test("is withdrawn, and another takes its place", async () => {
    const { server, phone, record } = await refused();
    const now = phone.record(record.id);
    if (now.photos[0]) now.photos[0].withdraw = { requestId: "w", reason: "taken again" };
    now.photos.push({ ...photo(phone, 19, 2000), withVisit: false });
    phone.put(now);
    await phone.run();
    expect(server.found().photos.map((one) => one.state)).toEqual(["WITHDRAWN", "STORED", "STORED"]);
    expect(server.found().visits[0]?.complete).toBe(true);
    expect(phone.visits.size).toBe(0);
  });

  test("keeps that place wherever the page dies", async () => {
    for (let fatal = 0; ; fatal++) {
      const { server, phone, record } = await refused();
      const now = phone.record(record.id);
      if (now.photos[0]) now.photos[0].withdraw = { requestId: "w", reason: "taken again" };
      now.photos.push({ ...photo(phone, 19, 2000), withVisit: false });
      phone.put(now);
      let at = 0;
      phone.moment = () => {
        if (at++ === fatal) throw new Death();
      };
      const died = await phone.run().then(
        () => false,
        () => true,
      );
      phone.moment = () => undefined;
      await phone.run();
      expect(server.found().photos.map((one) => one.state)).toEqual(["WITHDRAWN", "STORED", "STORED"]);
      expect(server.found().questions).toHaveLength(1);
      if (!died) break;
    }
  });

  test("whose bytes are gone from the phone is told as such, and nothing is made up", async () => {
    const { server, phone, record } = set();
    phone.photos.delete(record.photos[1]?.id ?? "");
    await phone.run();
    expect(phone.record(record.id).photos.map((one) => one.state)).toEqual(["stored", "refused"]);
    expect(phone.record(record.id).photos[1]?.refusal).toBe("PHOTO_LOST_HERE");
    expect(server.found().visits[0]?.complete).toBe(false);
  });
});

test("a photo that the wound has already is not sent twice", async () => {
  const { server, phone } = set();
  await phone.run();
  const before = server.found().photos.length;
  const again = photo(phone, 11, 3 * CHUNK + 17);
  visit(phone, [{ ...again, id: "another" }, photo(phone, 14, 700)], {
    id: "second",
    createRequestId: "s1",
    completeRequestId: "s2",
    question: { requestId: "s3", receiver: "r", priority: 1, text: "And now?" },
  });
  await phone.run();
  expect(server.found().photos).toHaveLength(before + 1);
  expect(server.found().questions).toEqual(["Is it infected?", "And now?"]);
  expect(phone.visits.size).toBe(0);
});

describe("a verdict", () => {
  test("that warns lets the nurse take another, but holds the visit only for a while", async () => {
    const { server, phone, record } = set();
    server.warned.set(record.photos[0]?.sha256 ?? "", ["BLURRED"]);
    const { again } = await phone.run();
    expect(server.found().visits[0]?.complete).toBe(false);
    expect(phone.record(record.id).photos[0]?.warnings?.[0]?.code).toBe("BLURRED");
    phone.now = again;
    await phone.run();
    expect(server.found().visits[0]?.complete).toBe(true);
  });

  test("that she has seen while taking it holds nothing", async () => {
    const { server, phone, record } = set();
    if (record.photos[0]) record.photos[0].known = ["BLURRED"];
    phone.put(record);
    server.warned.set(record.photos[0]?.sha256 ?? "", ["BLURRED"]);
    await phone.run();
    expect(server.found().visits[0]?.complete).toBe(true);
  });
});

test("a photo that a crash cut off while it was sealed holds the visit no longer than it may take", async () => {
  const { server, phone, record } = set();
  const cut = {
    ...photo(phone, 17, 9),
    capturedAt: new Date(phone.now).toISOString(),
    state: "sealing" as const,
  };
  phone.put({ ...record, photos: [...record.photos, { ...cut, withVisit: false }] });
  const { again } = await phone.run();
  expect(server.found().visits[0]?.complete).toBe(false);
  phone.now = again;
  await phone.run();
  expect(server.found().visits[0]?.complete).toBe(true);
  expect(server.found().photos).toHaveLength(2);
});

test("a photo taken while the visit is completed is not thrown away without a word", async () => {
  const { server, phone, record } = set();
  phone.moment = (what, when) => {
    if (what !== "completeVisit" || when !== "after") return;
    phone.moment = () => undefined;
    const now = phone.record(record.id);
    phone.put({ ...now, photos: [...now.photos, { ...photo(phone, 18, 900), withVisit: false }] });
  };
  await phone.run();
  expect(server.found().questions).toHaveLength(1);
  const late = phone.record(record.id).photos[2];
  expect(late).toMatchObject({ state: "refused", refusal: "VISIT_COMPLETE" });
  expect(phone.photos.has(late?.id ?? "")).toBe(true);

  const now = phone.record(record.id);
  phone.put({
    ...now,
    photos: now.photos.map((one) =>
      one.id === late?.id ? { ...one, withdraw: { requestId: "w", reason: "late" } } : one,
    ),
  });
  await phone.run();
  expect(phone.visits.size + phone.photos.size).toBe(0);
});

test("chunks grow and shrink with the link, within the contract", () => {
  expect(paced(256 << 10, 10)).toBe(512 << 10);
  expect(paced(1 << 20, 10)).toBe(1 << 20);
  expect(paced(256 << 10, 20_000)).toBe(128 << 10);
  expect(paced(64 << 10, 60_000)).toBe(64 << 10);
  expect(paced(256 << 10, 2_000)).toBe(256 << 10);
});
