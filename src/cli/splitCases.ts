import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import PostalMime from 'postal-mime';
import { z } from 'zod';
import type { SplitOptions } from '../reply/split.policy.ts';
import { optionsOf } from './splitConventions.ts';

/** A mail to split, and what it should come to where somebody has said so. */
export interface Case {
  name: string;
  /** what it is counted with */
  group: string;
  isHtml: boolean;
  text: string;
  options: SplitOptions;
  expected: string | null;
  /** whether white space counts for nothing when the two are compared, or only how much of it there is */
  ignoresSpace: boolean;
}

const MANIFEST = z.object({
  cases: z.array(
    z.object({
      name: z.string(),
      corpus: z.string().optional(),
      input_format: z.string().optional(),
      expected_kind: z.string().optional(),
      signature: z.string().optional(),
      quotes: z.string().optional(),
      forwards: z.string().optional(),
      source_repo: z.string().optional(),
      sender: z.string().optional(),
    }),
  ),
});
const EXPECTED = '.expected.txt';

/** The mails of a file or a folder: those that a manifest.json lists, or all that are there. */
export async function casesIn(path: string, options: SplitOptions): Promise<Case[]> {
  if (!(await stat(path)).isDirectory()) return [await caseOf(path, options)];
  const files = (await readdir(path)).sort();
  if (files.includes('manifest.json')) return listed(path, options);
  const mails = files.filter((file) => /\.(?:txt|html?|eml)$/i.test(file) && !file.endsWith(EXPECTED));
  return Promise.all(mails.map((file) => caseOf(join(path, file), options, files)));
}

async function listed(folder: string, options: SplitOptions): Promise<Case[]> {
  const manifest = MANIFEST.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')));
  return Promise.all(
    manifest.cases.map(async (one) => {
      const convention = optionsOf({ ...one, source: `${one.source_repo ?? ''} ${one.corpus ?? ''}` });
      const text = await readFile(join(folder, `${one.name}.in.txt`), 'utf8');
      return {
        name: one.name,
        group: one.corpus ?? basename(folder),
        isHtml: one.input_format === 'html',
        text,
        options: { ...convention, ...(one.sender && { sender: one.sender }), ...options },
        expected: await readFile(join(folder, one.name + EXPECTED), 'utf8'),
        ignoresSpace: /all white ?space removed/i.test(one.expected_kind ?? ''),
      };
    }),
  );
}

async function caseOf(path: string, options: SplitOptions, beside: readonly string[] = []): Promise<Case> {
  const [name, kind] = [basename(path), extname(path).toLowerCase()];
  const expected = name.replace(/(?:\.in)?\.[^.]*$/, EXPECTED);
  const mail =
    kind === '.eml' ? await readMail(path) : { text: await readFile(path, 'utf8'), isHtml: /^\.html?$/.test(kind) };
  return {
    name,
    group: 'mails',
    isHtml: mail.isHtml,
    text: mail.text,
    options: { ...('options' in mail && mail.options), ...options },
    expected: beside.includes(expected) ? await readFile(join(path, '..', expected), 'utf8') : null,
    ignoresSpace: mail.isHtml,
  };
}

/** The text of a raw mail, its plain part before its HTML, with what its head tells the splitter. */
async function readMail(path: string): Promise<{ text: string; isHtml: boolean; options: SplitOptions }> {
  const mail = await PostalMime.parse(await readFile(path));
  const type = mail.headers.find(({ key }) => key === 'content-type')?.value ?? '';
  const options = {
    sender: mail.from?.name ?? '',
    subject: mail.subject ?? '',
    flowed: /format="?flowed/i.test(type),
    delSp: /delsp="?yes/i.test(type),
  };
  return mail.text?.trim()
    ? { text: mail.text, isHtml: false, options }
    : { text: mail.html ?? '', isHtml: true, options };
}
