import { parse } from 'csv-parse/sync';
import { PNG } from 'pngjs';
import { extractImages, extractText, getDocumentProxy } from 'unpdf';
import { expect, test } from 'vitest';
import { putCustomFields } from '../kit/customFields.ts';
import { createArchive } from '../kit/files.ts';

/** A picture of some pixels: with transparency, or without. */
const picture = (size: number, colorType: 2 | 6) => {
  const png = new PNG({ width: size, height: size, colorType, inputHasAlpha: true });
  png.data.fill(120);
  return Buffer.from(PNG.sync.write(png, { colorType }));
};
/** The same with its pixels cut: a program that unpacks it finds that late. */
const broken = (png: Buffer) => {
  const at = png.indexOf('IDAT') + 4;
  return Buffer.concat([png.subarray(0, at), Buffer.alloc(20, 7), png.subarray(at + 20)]);
};

test('attachments have their names in lists and on paper, and those that are images are shown there', async () => {
  await using office = await createArchive();
  const { ada, ben, rae, tower } = office;
  const files: [string, Buffer][] = [
    ['plain.png', picture(40, 2)],
    ['clear.png', picture(50, 6)],
    ['broken.png', broken(picture(60, 6))],
    ['huge.png', picture(1500, 6)],
    ['notes.txt', Buffer.from('notes')],
  ];
  const uploadIds = await Promise.all(files.map(([name, bytes]) => office.bring(ben, name, Buffer.from(bytes))));
  const references = [{ kind: 'FORM', externalId: '5', name: 'Form 5', url: 'https://forms.example.com/5' }];
  const item = await office.item(ben, { statusName: 'Open', uploadIds, references });
  await office.respond(ada, item.id, { uploadIds: [await office.bring(ada, 'answer.png', picture(30, 2))] });
  await office.respond(ada, item.id, { official: true, uploadIds: [await office.bring(ada, 'official.txt')] });
  const source = `query ($id: ID!, $item: ID!) {
    project(id: $id) { itemsExportUrl(format: CSV, columns: ["ATTACHMENTS"]) } item(id: $item) { pdfUrl } }`;
  const urls = await office.get(rae, source, { id: tower.gid, item: item.id });
  const [, names] = parse(await (await office.openLink(urls.project.itemsExportUrl)).text(), {
    bom: true,
  }).flat();
  expect((names as string).split('; ').sort()).toEqual([...files.map(([name]) => name), 'Form 5'].sort());

  const answer = await office.openLink(urls.item.pdfUrl);
  const pdf = await getDocumentProxy(new Uint8Array(await answer.arrayBuffer()));
  const text = (await extractText(pdf, { mergePages: true })).text.replace(/\s+/g, ' ');
  for (const [name] of files) expect.soft(text).toContain(name);
  expect(text).toContain('Form 5 form: https://forms.example.com/5');
  expect(text).toContain('official.txt 12 B, text/plain');
  // what is with an unofficial response is hidden with it
  expect(text).not.toContain('answer.png');
  const shown = await extractImages(pdf, 1);
  expect(shown.map(({ width }) => width).sort()).toEqual([40, 50]);
});

test('custom fields are columns, by their labels, with the texts of screens', async () => {
  await using office = await createArchive();
  const { ben, tower, review } = office;
  const boss = await office.person('Bo Boss', { admin: true });
  const fields = await putCustomFields(office, boss, review, {
    Phase: { dataType: 'SINGLE_SELECT', options: ['Shell', '=Fit-out'] },
    Checked: { dataType: 'DATETIME' },
    Delta: { dataType: 'DECIMAL' },
    Who: { dataType: 'USERS' },
    Note: { dataType: 'RICH_TEXT' },
  });
  const { Phase, Checked, Delta, Who, Note } = fields;
  const value = (field: { gid: string }, given: unknown) => ({ customFieldId: field.gid, value: given });
  await office.item(ben, {
    customFields: [
      value(Phase, Phase.options['=Fit-out']!.gid),
      value(Checked, '2026-03-02T17:05:00.000Z'),
      value(Delta, '-12.50'),
      value(Who, [ben.gid]),
      value(Note, '<p>a<b>b</b></p>'),
    ],
  });
  const columns = ['NUMBER', ...Object.values(fields).map(({ gid }) => `customField:${gid}`)];
  const source = `query ($id: ID!, $columns: [String!], $order: [ItemOrder!], $filter: ItemFilter) {
    project(id: $id) { itemsExportUrl(format: CSV, columns: $columns, orderBy: $order, filter: $filter) } }`;
  const filter = { customFields: [{ customFieldId: Delta.gid, decimal: { lt: '0' } }] };
  const variables = { id: tower.gid, columns, order: [{ customFieldId: Delta.gid }], filter };
  const { project } = await office.get(ben, source, variables);
  const rows = parse(await (await office.openLink(project.itemsExportUrl)).text(), { bom: true });
  expect(rows).toEqual([
    ['Number', 'Phase', 'Checked (America/Los_Angeles)', 'Delta', 'Who', 'Note'],
    ['DR-001', "'=Fit-out", '2026-03-02 09:05', '-12.5', 'Ben Standard', 'ab'],
  ]);
});
