import type { LinkAnswerer } from '../link/link.ts';

/** Who answers the links of each kind: /links/KIND/TOKEN. */
export const linkAnswerers: Record<string, LinkAnswerer> = {};
