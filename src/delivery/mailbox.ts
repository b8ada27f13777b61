import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../kernel/clock.ts';
import type { Address } from './address.policy.ts';
import { wireAddress } from './address.policy.ts';
import type { Outcome } from './delivery.policy.ts';
import type { AddressedMail } from './mailer.ts';
import { bytesOf } from './message.ts';

/** A mail of the mailbox: its name, and when it was put there. */
export interface KeptMail {
  name: string;
  at: Date;
}

/** The development mailbox: mails as files (.eml) in DATA_DIR/mailbox, a folder for each company. */
export interface Mailbox {
  /** puts a mail there; the same one a second time takes its own place */
  keep(addressed: AddressedMail): Promise<Outcome>;
  /** the mails of a company, the newest first */
  list(companyId: string): Promise<KeptMail[]>;
  /** a mail as it would have been sent, under the lines that a server writes that delivers it; null if there is none of that name */
  read(companyId: string, name: string): Promise<Buffer | null>;
  /** its beginning, with all of its headers */
  head(companyId: string, name: string): Promise<Buffer | null>;
}

// headers of ours are a few kilobytes
const HEAD_BYTES = 65_536;

// the id of the delivery, and how often it was sent anew (keptName)
const NAME = /^[0-9a-f-]{36}\.\d{1,9}$/;

/** Opens the mailbox; its folder is made with the first mail. */
export function openMailbox(dataDir: string, from: Address, clock: Clock): Mailbox {
  const root = join(dataDir, 'mailbox');
  const folderOf = (companyId: string): string => join(root, companyId);
  return {
    async keep(addressed) {
      const { name } = addressed;
      if (!NAME.test(name)) throw new Error(`${name} is no name of a mail`);
      const envelope = `Return-Path: <${wireAddress(from.address)}>\r\nDelivered-To: ${wireAddress(addressed.recipient.address)}\r\n`;
      const now = clock.now();
      const bytes = await bytesOf(addressed, from, now);
      const folder = folderOf(addressed.companyId);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const partial = join(folder, `.${name}.${randomBytes(6).toString('hex')}`);
      try {
        const file = await open(partial, 'wx', 0o600);
        try {
          await file.writeFile(Buffer.concat([Buffer.from(envelope), bytes]));
          await file.sync();
        } finally {
          await file.close();
        }
        await utimes(partial, now, now);
        await rename(partial, join(folder, `${name}.eml`));
      } catch (error) {
        await rm(partial, { force: true });
        throw error;
      }
      return { kind: 'SENT' };
    },
    async list(companyId) {
      const folder = folderOf(companyId);
      const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'));
      const mails = await Promise.all(
        names.map(async (name) => ({ name: name.slice(0, -4), at: (await stat(join(folder, name))).mtime })),
      );
      return mails.sort((a, b) => b.at.getTime() - a.at.getTime() || (a.name < b.name ? 1 : -1));
    },
    async read(companyId, name) {
      if (!NAME.test(name)) return null;
      return readFile(join(folderOf(companyId), `${name}.eml`)).catch(() => null);
    },
    async head(companyId, name) {
      if (!NAME.test(name)) return null;
      const file = await open(join(folderOf(companyId), `${name}.eml`)).catch(() => null);
      if (!file) return null;
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
        const head = buffer.subarray(0, bytesRead);
        const end = head.indexOf('\r\n\r\n');
        return end < 0 ? head : head.subarray(0, end + 4);
      } finally {
        await file.close();
      }
    },
  };
}
