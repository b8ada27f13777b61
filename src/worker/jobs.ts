import { cleanFiles } from '../file/file.jobs.ts';
import type { AnyJob } from '../job/job.ts';
import { overdue, overdueInProject } from '../notification/overdue.jobs.ts';
import { deliverSlowWebhook, deliverWebhook, resealSecrets, wakeWebhooks } from '../webhook/delivery.jobs.ts';
import { act } from './act.ts';
import { forget } from './forget.ts';
import { sendEmail, sendForgotten } from './sendEmail.ts';

/** Every job that there is. */
export const jobs: AnyJob[] = [
  act,
  forget,
  cleanFiles,
  sendEmail,
  sendForgotten,
  overdue,
  overdueInProject,
  deliverWebhook,
  deliverSlowWebhook,
  wakeWebhooks,
  resealSecrets,
];

/** When jobs run by themselves: crontab, in UTC, once for all processes. */
export const schedules: [time: string, job: AnyJob][] = [
  ['*/10 * * * *', cleanFiles],
  ['*/15 * * * *', overdue],
  ['*/10 * * * *', wakeWebhooks],
  ['17 3 * * *', forget],
  ['47 * * * *', resealSecrets],
  ['52 * * * *', sendForgotten],
];
