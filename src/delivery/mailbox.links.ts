import PostalMime, { type Email } from 'postal-mime';
import type { Context } from '../graph/context.ts';
import { type LinkAnswerer, linkTo } from '../link/link.ts';

const KIND = 'mail';
const FORMS = ['html', 'text', 'eml'] as const;
type Form = (typeof FORMS)[number];

interface MailOptions {
  m: string;
  f: Form;
}

/** The path of a link to a mail of the mailbox, in one of its forms, for a company admin. */
export const pathToMail = (context: Context, name: string, form: Form): string =>
  new URL(linkTo(context, KIND, { m: name, f: form } satisfies MailOptions)).pathname;

// Whatever a mail has in it: nothing runs, nothing is fetched, and no other page shows it as its own. Its links open in windows of their
// own, which are not bound by this.
const INERT = [
  'sandbox allow-popups allow-popups-to-escape-sandbox',
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

const headers = (contentType: string, more: Record<string, string> = {}) => ({
  headers: { 'content-type': `${contentType}; charset=utf-8`, 'content-security-policy': INERT, ...more },
});

const ANSWERS: Record<Form, (raw: Buffer, name: string) => Promise<Response>> = {
  html: async (raw) =>
    new Response(`<base target="_blank">${shownHtml(await PostalMime.parse(raw))}`, headers('text/html')),
  text: async (raw) => new Response((await PostalMime.parse(raw)).text ?? '', headers('text/plain')),
  eml: async (raw, name) =>
    new Response(
      new Uint8Array(raw),
      headers('message/rfc822', { 'content-disposition': `attachment; filename="${name}.eml"` }),
    ),
};

/** The HTML of a mail, with the pictures that it brings in it. */
function shownHtml({ html = '', attachments }: Email): string {
  return attachments.reduce((text, { contentId, mimeType, content }) => {
    if (!contentId || !/^image\/[a-z]+$/.test(mimeType)) return text;
    const data = `data:${mimeType};base64,${Buffer.from(content as ArrayBuffer).toString('base64')}`;
    return text.replaceAll(`cid:${contentId.replace(/^<|>$/g, '')}`, data);
  }, html);
}

/** A mail of the mailbox of the company, for its company admins. */
const answerMail: LinkAnswerer = async ({ world, viewer }, options) => {
  const { m, f } = options as MailOptions;
  if (!viewer.isCompanyAdmin || !FORMS.includes(f)) return null;
  const raw = await world.mailer.mailbox?.read(viewer.companyId, String(m));
  return raw ? ANSWERS[f](raw, m) : null;
};

/** Who answers these links. */
export const mailAnswerers: Record<string, LinkAnswerer> = { [KIND]: answerMail };
