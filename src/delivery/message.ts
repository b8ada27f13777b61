import { createTransport, type SendMailOptions } from 'nodemailer';
import { type Address, addressFault, bodyText, headerText, wireAddress } from './address.policy.ts';
import { headerFault, referencesOf } from './mail.policy.ts';
import type { AddressedMail } from './mailer.ts';

// what mail programs show of a subject is far less; servers refuse headers that go on for ever
const MAX_SUBJECT = 300;
// what file systems take
const MAX_FILE_NAME = 200;

/** An address for a header: never a text that would be read as several. Throws where it is none; whoever queued it has checked. */
function inHeader({ name, address }: Address): { name: string; address: string } {
  const fault = addressFault(address);
  if (fault) throw new Error(`${JSON.stringify(address)}: ${fault}`);
  return { name: headerText(name), address: wireAddress(address) };
}

/** A mail as nodemailer takes it. Nothing in it can read a file or an address of the network, or name a recipient of its own. */
export function messageOf({ messageId, recipient, mail }: AddressedMail, from: Address, now: Date): SendMailOptions {
  for (const [name, value] of Object.entries(mail.headers ?? {})) {
    const fault = headerFault(name, value);
    if (fault) throw new Error(fault);
  }
  const to = inHeader(recipient);
  const references = referencesOf(mail.references ?? []);
  return {
    // one transaction for each recipient, whatever the headers say
    envelope: { from: wireAddress(from.address), to: [to.address] },
    messageId,
    date: now,
    from: inHeader({ ...from, name: mail.fromName ?? from.name }),
    to: mail.to?.map(inHeader) ?? [to],
    ...(mail.cc?.length && { cc: mail.cc.map(inHeader) }),
    ...(mail.replyTo && { replyTo: inHeader(mail.replyTo) }),
    subject: headerText(mail.subject, MAX_SUBJECT),
    ...(references.length > 0 && { references, inReplyTo: references.at(-1) }),
    text: bodyText(mail.text),
    html: bodyText(mail.html),
    attachments: mail.attachments?.map(({ filename, contentType, content, cid }) => ({
      ...{ filename: headerText(filename, MAX_FILE_NAME), contentType, content },
      ...(cid && { cid }),
    })),
    headers: {
      ...mail.headers,
      ...(mail.automatic && { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' }),
    },
    xMailer: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** The bytes of a mail, with the line ends of the network. */
export async function bytesOf(addressed: AddressedMail, from: Address, now: Date): Promise<Buffer> {
  const { message } = await createTransport({ streamTransport: true, buffer: true, newline: 'windows' }).sendMail(
    messageOf(addressed, from, now),
  );
  return message as Buffer;
}
