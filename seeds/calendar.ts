import type { Clock } from '../src/kernel/clock.ts';

const DAY_MS = 86_400_000;
const isWeekend = (time: number): boolean => [0, 6].includes(new Date(time).getUTCDay());

/** The days of a story, counted in working days (Monday to Friday) from the day of seeding: -10 was two weeks ago. */
export interface Calendar extends Clock {
  /** sets the clock to some working hour of a past day; each look at it is a millisecond later */
  go(day: number): void;
  /** a day as due dates have it: "2020-08-31" */
  date(day: number): string;
}

// building sites of the demo's project write from 8 to 16 o'clock in summer and from 7 to 15 in winter
const FIRST_HOUR_UTC = 15;
const WORKING_HOURS = 8;

/** The calendar of stories that end on the day of `now`; its clock never shows a time to come. */
export function calendarOf(now: Date): Calendar {
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  let time = now.getTime();
  let steps = 0;
  function midnightOf(day: number): number {
    let at = today;
    for (let left = Math.abs(day); left > 0; ) {
      at += Math.sign(day) * DAY_MS;
      if (!isWeekend(at)) left -= 1;
    }
    return at;
  }
  return {
    now: () => new Date(time++),
    go(day) {
      if (day >= 0) throw new Error(`Day ${day} is not past: nothing can have happened on it.`);
      // 97 minutes further at each step: spread over the hours of a day, and the same at every seeding
      const minutes = (steps++ * 97) % (WORKING_HOURS * 60);
      time = midnightOf(day) + (FIRST_HOUR_UTC * 60 + minutes) * 60_000;
    },
    date: (day) => new Date(midnightOf(day)).toISOString().slice(0, 10),
  };
}
