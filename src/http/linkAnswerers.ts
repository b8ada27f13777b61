import { answerAttachment } from '../attachment/download.ts';
import { answerZip } from '../attachment/zip.ts';
import { mailAnswerers } from '../delivery/mailbox.links.ts';
import { exportAnswerers } from '../export/export.links.ts';
import { inputReader } from '../graph/readInput.ts';
import { schema } from '../graph/schema.ts';
import type { LinkAnswerer } from '../link/link.ts';
import { viewAnswerers } from '../view/view.links.ts';

const read = inputReader(schema);

/** Who answers the links of each kind: /links/KIND/TOKEN. */
export const linkAnswerers: Record<string, LinkAnswerer> = {
  attachment: answerAttachment,
  attachments: answerZip,
  ...exportAnswerers(read),
  ...viewAnswerers(read),
  ...mailAnswerers,
};
