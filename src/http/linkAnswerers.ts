import { answerAttachment } from '../attachment/download.ts';
import { answerZip } from '../attachment/zip.ts';
import type { LinkAnswerer } from '../link/link.ts';

/** Who answers the links of each kind: /links/KIND/TOKEN. */
export const linkAnswerers: Record<string, LinkAnswerer> = {
  attachment: answerAttachment,
  attachments: answerZip,
};
