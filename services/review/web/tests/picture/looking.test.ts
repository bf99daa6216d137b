import { describe, expect, test } from "vitest";
import { commandOf, commands, shown } from "../../src/specialist/picture/keys";
import { AS_IT_IS, filter, isChanged, stepped } from "../../src/specialist/picture/look";

const press = (key: string, with_: Partial<Record<"ctrlKey" | "altKey" | "metaKey", boolean>> = {}) =>
  commandOf({ key, ctrlKey: false, altKey: false, metaKey: false, ...with_ });

describe("keys", () => {
  test("mean something each, and no two the same", () => {
    expect(press("+")).toBe("zoomIn");
    expect(press("r")).toBe("turnRight");
    expect(press("R")).toBe("turnLeft");
    expect(press("x")).toBeUndefined();
    const keys = commands.map(shown);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("leave the browser its own", () => {
    expect(press("r", { ctrlKey: true })).toBeUndefined();
    expect(press("0", { metaKey: true })).toBeUndefined();
    expect(press("ArrowLeft", { altKey: true })).toBeUndefined();
  });

  test("are shown as they stand on a keyboard", () => {
    expect(shown("turnLeft")).toBe("Shift + R");
    expect(shown("left")).toBe("←");
  });
});

describe("the look", () => {
  test("is no filter while nothing is changed", () => {
    expect(filter(AS_IT_IS)).toBeUndefined();
    expect(filter({ brightness: 120, contrast: 90 })).toBe("brightness(120%) contrast(90%)");
  });

  test("stays within what can be seen", () => {
    let look = AS_IT_IS;
    for (let times = 0; times < 50; times++) look = stepped(look, "brightness", 1);
    expect(look.brightness).toBe(250);
    for (let times = 0; times < 50; times++) look = stepped(look, "brightness", -1);
    expect(look.brightness).toBe(30);
    expect(isChanged(look)).toBe(true);
  });
});
