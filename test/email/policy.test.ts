import { expect, test } from 'vitest';
import { baseSubject, replySubject, withoutPrefixes } from '../../src/email/subject.policy.ts';
import { canSeeMail, threadSight } from '../../src/email/thread.policy.ts';
import { readTable } from '../kit/oracle.ts';

/** How much of a thread somebody sees (email.md, "Threads"): a row for what they are to it, a column for what it is. */
const SIGHT = readTable(`
| who                              | about something | about something, private | about nothing |
|----------------------------------|-----------------|--------------------------|---------------|
| nobody                           | NOTHING         | NOTHING                  | NOTHING       |
| member                           | NOTHING         | NOTHING                  | ALL           |
| member by bcc                    | NOTHING         | NOTHING                  | NAMED         |
| sees the topic                   | ALL             | NOTHING                  | NOTHING       |
| sees the topic, member           | ALL             | ALL                      | ALL           |
| sees the topic, member by bcc    | ALL             | NAMED                    | NAMED         |
`);

test.each([...SIGHT])('%s sees of a thread what the table says', (who, cells) => {
  const standing = { seesTopic: who.includes('topic'), member: who.includes('member'), hidden: who.includes('bcc') };
  for (const [what, sight] of cells) {
    const topicType = what.includes('nothing') ? null : 'RFI';
    expect([what, threadSight(standing, { topicType, private: what.includes('private') })]).toEqual([what, sight]);
  }
});

/** Which mails of a thread that they see somebody sees. */
const MAILS = readTable(`
| who                           | taken | waiting | rejected | reply with a response | reply without | reply, waiting |
|-------------------------------|-------|---------|----------|-----------------------|---------------|----------------|
| anybody                       | yes   | -       | -        | -                     | -             | -              |
| named by bcc only, not here   | -     | -       | -        | -                     | -             | -              |
| named by bcc here             | yes   | -       | -        | -                     | -             | -              |
| reviewer                      | yes   | yes     | yes      | -                     | -             | yes            |
| author                        | yes   | -       | -        | -                     | yes           | -              |
| ADMIN                         | yes   | -       | -        | yes                   | yes           | -              |
| who may see the response      | yes   | -       | -        | yes                   | -             | -              |
`);

test.each([...MAILS])('%s sees the mails that the table says', (who, cells) => {
  const standing = {
    sight: who.includes('bcc') ? ('NAMED' as const) : ('ALL' as const),
    named: who.includes('bcc here'),
    reviewer: who === 'reviewer',
    author: who === 'author',
    seesResponse: who.includes('response') || who === 'ADMIN',
    admin: who === 'ADMIN',
  };
  for (const [what, sees] of cells) {
    const state = what.includes('waiting') ? 'WAITING' : what === 'rejected' ? 'REJECTED' : null;
    const mail = {
      reviewState: state,
      isReply: what.includes('reply'),
      hasResponse: what.includes('response'),
    } as const;
    expect([what, canSeeMail(standing, mail) ? 'yes' : '-']).toEqual([what, sees]);
  }
});

test.each([
  ['Followup from Monday meeting', 'followup from monday meeting', false],
  ['RE: Re: AW: Followup', 'followup', true],
  ['Re[2]: Fwd: Sv: Gerüst  im Hof', 'gerüst im hof', true],
  ['回复：施工图', '施工图', true],
  ['RE : Réunion', 'réunion', true],
  ['Reinforcement: north wall', 'reinforcement: north wall', false],
  ['re:', '', true],
  [' \t ', '', false],
])('the base of the subject %j is %j', (subject, base, hadPrefix) => {
  expect(baseSubject(subject)).toBe(base);
  expect(withoutPrefixes(subject).hadPrefix).toBe(hadPrefix);
});

test('a reply has one prefix, and a subject of nothing but prefixes takes no time', () => {
  expect(replySubject('AW: Re: Followup')).toBe('Re: Followup');
  expect(baseSubject('re: '.repeat(100_000)).length).toBeLessThan(10);
});
