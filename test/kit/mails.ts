import PostalMime, { type Email } from 'postal-mime';
import type { World } from '../../src/world.ts';

/** A mail as its recipient's program reads it. */
export interface ReadMail extends Email {
  raw: Buffer;
  /** a header's value by its name in lower case */
  header(name: string): string | undefined;
}

/** Reads a mail. */
export async function readMail(raw: Buffer): Promise<ReadMail> {
  const email = await PostalMime.parse(raw);
  const header = (name: string) => email.headers.find(({ key }) => key === name)?.value;
  return Object.assign(email, { raw, header });
}

/** The mails of a company that are in the mailbox, the oldest first. */
export async function mailsIn({ mailer }: World, companyId: string): Promise<ReadMail[]> {
  const kept = (await mailer.mailbox?.list(companyId)) ?? [];
  const raws = await Promise.all(kept.reverse().map(({ name }) => mailer.mailbox!.read(companyId, name)));
  return Promise.all(raws.map((raw) => readMail(raw!)));
}
