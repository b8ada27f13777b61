import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { transaction } from '../../src/database/transaction.ts';
import { addMail, insertThread, join, type NewMail, type NewThread } from '../../src/email/email.write.ts';
import { canSeeMail, threadSight } from '../../src/email/thread.policy.ts';
import { newId, toGlobalId } from '../../src/kernel/ids.ts';
import { createOffice, type Office, type Payload } from '../kit/office.ts';
import type { Person } from '../kit/world.ts';

/** Members of the project by what they hold on the tool; Olga is no member. */
const LEVELS = { Ada: 'ADMIN', Rita: 'READ_ONLY', Sven: 'STANDARD', Nora: null, Olga: null } as const;
type Name = keyof typeof LEVELS;
const NAMES = Object.keys(LEVELS) as Name[];

let office: Office;
const people = new Map<Name, Person>();
const items = { open: '', hidden: '' };
let caseId: string;
beforeAll(async () => {
  office = await createOffice();
  for (const name of NAMES) {
    const who = await office.person(name);
    people.set(name, who);
    const level = LEVELS[name];
    if (level) await office.grant(who, office.tower, office.review, level);
    else if (name === 'Nora') await office.member(who, office.tower);
  }
  const made = async (isPrivate: boolean) => {
    const { item } = await office.create(people.get('Sven')!, {
      ...{ title: 'x', private: isPrivate, statusId: office.review.statuses.Open!.gid },
    });
    const { rows } = await sql<{ id: string }>`select id from items where number = ${item.number}`.execute(office.db);
    return rows[0]!.id;
  };
  items.open = await made(false);
  items.hidden = await made(true);
  caseId = newId(office.clock.now());
  await sql`insert into cases (id, company_id, created_at, updated_at, title, title_key, search_key, owner_id)
    values (${caseId}, ${office.home.id}, now(), now(), 'Leak', 'leak', 'leak', ${people.get('Olga')!.id})`.execute(
    office.db,
  );
});
afterAll(() => office[Symbol.asyncDispose]());

/** What a thread can be about, and who sees that (domain.md 3, email.md "Threads"). */
const TOPICS: Record<string, { of: () => Partial<NewThread>; seenBy: Name[] }> = {
  nothing: { of: () => ({}), seenBy: [] },
  'an item': {
    of: () => ({ topicType: 'GENERIC_TOOL_ITEM', itemId: items.open, projectId: office.tower.id }),
    seenBy: ['Ada', 'Rita', 'Sven'],
  },
  'a private item': {
    of: () => ({ topicType: 'GENERIC_TOOL_ITEM', itemId: items.hidden, projectId: office.tower.id }),
    seenBy: ['Ada', 'Sven'],
  },
  'a project': {
    of: () => ({ topicType: 'PROJECT', projectId: office.tower.id }),
    seenBy: ['Ada', 'Rita', 'Sven', 'Nora'],
  },
  'a case': { of: () => ({ topicType: 'CASE', caseId }), seenBy: ['Olga'] },
};

interface Mail extends NewMail {
  names: Name[];
}

/** A mail by Sven, or from outside, to some and with blind copies for others. */
function mail(to: Name[], bcc: Name[], reviewState: 'WAITING' | null): Mail {
  const id = newId(office.clock.now());
  const who = (role: 'TO' | 'BCC', name: Name) => ({
    role,
    address: people.get(name)!.email,
    name,
    userId: people.get(name)!.id,
    contactId: null,
  });
  return {
    ...{
      id,
      type: 'OUTGOING',
      subject: 's',
      userId: people.get('Sven')!.id,
      content: 'c',
      body: null,
      visibleText: 'c',
      fragments: [],
    },
    ...{
      splitterVersion: 0,
      messageId: `${id}@x`,
      inReplyTo: null,
      referenceIds: [],
      quotedEmailId: null,
      trust: 'VERIFIED',
    },
    ...{
      automatic: false,
      reviewState,
      rawFileId: null,
      rawSha256: null,
      sentAt: null,
      receivedAt: null,
      attached: [],
    },
    participants: [
      { role: 'FROM', address: 'sven@example.com', name: 'Sven', userId: people.get('Sven')!.id, contactId: null },
      ...to.map((name) => who('TO', name)),
      ...bcc.map((name) => who('BCC', name)),
    ],
    names: ['Sven', ...to, ...bcc],
  };
}

const LOOK = `query ($id: ID!) { emailCommunication(id: $id) { emailCount unreadCount latestEmail { id } users { name }
  emails(first: 100) { totalCount nodes { id bcc { name } } } } viewer { inbox(first: 100) { nodes { id } } } }`;

const cases = Object.keys(TOPICS).flatMap((topic) => [false, true].map((isPrivate) => ({ topic, isPrivate })));

test.each(cases)('about $topic, private: $isPrivate: each sees what the rule says, in every number', async ({
  topic,
  isPrivate,
}) => {
  const about = TOPICS[topic]!;
  const thread: NewThread = {
    ...{
      id: newId(office.clock.now()),
      companyId: office.home.id,
      projectId: null,
      subject: 's',
      private: isPrivate,
      topicType: null,
    },
    ...{ itemId: null, externalTopicId: null, caseId: null, ownerId: people.get('Sven')!.id, takesReplies: false },
    ...about.of(),
  };
  // Rita is named openly in the second mail only; Nora and Olga by bcc, in the first and the last
  const mails = [
    mail(['Ada'], ['Nora'], null),
    mail(['Rita'], [], null),
    mail(['Ada'], [], 'WAITING'),
    mail([], ['Olga', 'Nora'], null),
  ];
  await transaction(office.world, async (act) => {
    await insertThread(act, thread);
    for (const each of mails)
      await addMail(
        act,
        thread,
        { id: people.get('Sven')!.id },
        each,
        each.participants.flatMap(({ userId, role }) => (userId ? [{ userId, hidden: role === 'BCC' }] : [])),
      );
    await join(act, thread, []);
  });
  for (const name of NAMES) {
    const hidden = name === 'Nora' || name === 'Olga';
    const seesTopic = about.seenBy.includes(name);
    const sight = threadSight({ seesTopic, member: true, hidden }, thread);
    const got: Payload = await office.get(people.get(name)!, LOOK, { id: toGlobalId('EmailCommunication', thread.id) });
    const inInbox = got.viewer.inbox.nodes.some(
      ({ id }: Payload) => id === toGlobalId('EmailCommunication', thread.id),
    );
    expect([name, inInbox]).toEqual([name, sight !== 'NOTHING']);
    if (sight === 'NOTHING') {
      expect([name, got.emailCommunication]).toEqual([name, null]);
      continue;
    }
    // of what is about an item, its creator and the ADMINs of the tool review; nobody is set to read the mail of project and company
    const reviewer = thread.itemId !== null && (name === 'Sven' || name === 'Ada');
    const seen = mails.filter((each) =>
      canSeeMail(
        {
          ...{
            sight,
            reviewer,
            named: each.names.includes(name),
            author: name === 'Sven',
            seesResponse: false,
            admin: false,
          },
        },
        { reviewState: each.reviewState, isReply: false, hasResponse: false },
      ),
    );
    const { emailCount, unreadCount, latestEmail, users, emails } = got.emailCommunication;
    const gids = seen.map(({ id }) => toGlobalId('Email', id));
    expect([name, emails.nodes.map(({ id }: Payload) => id)]).toEqual([name, gids]);
    expect([name, emailCount, emails.totalCount, latestEmail.id]).toEqual([
      name,
      gids.length,
      gids.length,
      gids.at(-1),
    ]);
    expect([name, unreadCount]).toEqual([
      name,
      name === 'Sven' ? 0 : seen.filter(({ reviewState }) => !reviewState).length,
    ]);
    // of blind copies: all for Sven, who sent them, their own for Nora and Olga
    const known =
      name === 'Sven' ? NAMES : NAMES.filter((other) => !['Nora', 'Olga'].includes(other) || other === name);
    expect([name, users.map((user: Payload) => user.name).sort()]).toEqual([name, [...known].sort()]);
    const blind = emails.nodes.flatMap(({ bcc }: Payload) => bcc.map((who: Payload) => who.name));
    expect(blind.every((who: string) => name === 'Sven' || who === name)).toBe(true);
  }
});
