import { cleanFiles } from '../file/file.jobs.ts';
import type { AnyJob } from '../job/job.ts';
import { overdue, overdueInProject } from '../notification/overdue.jobs.ts';
import { act } from './act.ts';
import { forget } from './forget.ts';
import { sendEmail } from './sendEmail.ts';

/** Every job that there is. */
export const jobs: AnyJob[] = [act, forget, cleanFiles, sendEmail, overdue, overdueInProject];

/** When jobs run by themselves: crontab, in UTC, once for all processes. */
export const schedules: [time: string, job: AnyJob][] = [
  ['*/10 * * * *', cleanFiles],
  ['*/15 * * * *', overdue],
  ['17 3 * * *', forget],
];
