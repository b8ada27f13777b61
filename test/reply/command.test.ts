import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = async (...args: string[]): Promise<string> =>
  (await promisify(execFile)(process.execPath, ['src/cli/split.ts', ...args])).stdout;
const QUOTE = 'On 5 May 2025 at 10:00, Ann <ann@site.example> wrote:\n> Done?\n';

test('the command shows mails, counts those that should come to something, and says what it cannot read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'split-'));
  const put = (name: string, text: string) => writeFile(join(folder, name), text);
  try {
    await put(
      'mail.eml',
      `From: Bob <bob@site.example>\nSubject: Re: Slab\nContent-Type: text/plain; format=flowed\n\nIt is \ndone.\n\n${QUOTE}`,
    );
    const [mail] = (await run('--json', folder))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(mail).toMatchObject({ name: 'mail.eml', visibleText: 'It is done.' });
    expect(await run(folder)).toContain('- quoted    | > Done?');

    // each case as those who collected it want it
    const kept = `${QUOTE}\nYes.\n\nRegards,\nBob`;
    const cases = [
      {
        name: 'one',
        corpus: 'talon-text',
        input_format: 'text',
        signature: 'kept',
        quotes: 'removed; forwarded messages kept',
        source_repo: 'mailgun/talon',
      },
      {
        name: 'two',
        corpus: 'github',
        input_format: 'text',
        signature: 'removed',
        quotes: 'removed',
        source_repo: 'github/email_reply_parser',
      },
      {
        name: 'three',
        corpus: 'web',
        input_format: 'html',
        expected_kind: 'asserted (compared with all whitespace removed)',
      },
      { name: 'four', corpus: 'web', input_format: 'text', signature: 'removed', quotes: 'removed' },
    ];
    await put('manifest.json', JSON.stringify({ cases }));
    for (const name of ['one', 'two', 'four']) await put(`${name}.in.txt`, kept);
    await put('three.in.txt', '<p>Yes, <b>it</b> is.</p><blockquote type="cite">Done?</blockquote>');
    await put('one.expected.txt', 'Yes.\n\nRegards,\nBob');
    await put('two.expected.txt', kept);
    await put('three.expected.txt', 'Yes,itis.');
    await put('four.expected.txt', 'Yes.\nand more');
    const told = await run('--failed', folder);
    expect(told).toContain('talon-text           1 of 1 exact (100.0 %), 0 of 3 lines lost (0.0 %)');
    expect(told).toContain('github               1 of 1 exact');
    expect(told).toContain('web                  1 of 2 exact (50.0 %), 1 of 3 lines lost (33.3 %)');
    expect(told).toMatch(/^four\n[\s\S]*--- expected:\nYes\.\nand more/m);

    await expect(run('--quotes', 'some', folder)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('not "some"'),
    });
    await expect(run(join(folder, 'none'))).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('none') });
  } finally {
    await rm(folder, { recursive: true });
  }
});
