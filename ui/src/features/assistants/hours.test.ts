import { expect, test } from "vitest";
import {
  areRight,
  copied,
  faultOf,
  holidayFault,
  keptEnd,
  nextInterval,
  shownEnd,
  usualHours,
} from "./hours";

test("what is wrong with a day is told, and a night is no mistake", () => {
  expect(
    faultOf([
      { from: "09:00", to: "13:00" },
      { from: "14:00", to: "18:00" },
    ]),
  ).toBeUndefined();
  expect(faultOf([{ from: "22:00", to: "02:00" }])).toBeUndefined();
  expect(
    faultOf([
      { from: "09:00", to: "14:00" },
      { from: "13:00", to: "18:00" },
    ]),
  ).toBe("overlap");
  expect(
    faultOf([
      { from: "20:00", to: "09:30" },
      { from: "21:00", to: "22:00" },
    ]),
  ).toBe("overlap");
  expect(faultOf([{ from: "09:00", to: "09:00" }])).toBe("nothing");
  expect(faultOf([{ from: "", to: "09:00" }])).toBe("empty");
});

test("midnight ends a day", () => {
  expect(keptEnd("00:00")).toBe("24:00");
  expect(shownEnd("24:00")).toBe("00:00");
  expect(faultOf([{ from: "00:00", to: "24:00" }])).toBeUndefined();
});

test("another interval begins after the last one", () => {
  expect(nextInterval([])).toEqual({ from: "09:00", to: "18:00" });
  expect(nextInterval([{ from: "09:00", to: "13:00" }])).toEqual({ from: "14:00", to: "16:00" });
  expect(nextInterval([{ from: "09:00", to: "23:00" }])).toEqual({ from: "20:00", to: "22:00" });
});

test("a holiday has a day and does not end before it begins", () => {
  const holiday = { first: "2026-12-24", last: "2026-12-26", name: "", every_year: false, intervals: [] };
  expect(holidayFault(holiday)).toBeUndefined();
  expect(holidayFault({ ...holiday, first: "" })).toBe("day");
  expect(holidayFault({ ...holiday, last: "2026-12-01" })).toBe("backwards");
});

test("a day is copied, not shared", () => {
  const hours = usualHours("Europe/Berlin");
  const week = copied(hours.week, "monday", ["saturday"]);
  expect(week.saturday).toEqual([{ from: "09:00", to: "18:00" }]);
  expect(week.saturday[0]).not.toBe(week.monday[0]);
  expect(areRight({ ...hours, week })).toBe(true);
  expect(areRight({ ...hours, zone: " " })).toBe(false);
});
