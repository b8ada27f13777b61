import type { Grant } from '../permission/permission.policy.ts';

/** Whether an item that somebody sees is in the lists that they export (domain.md 3): private ones are for ADMINs of their tool. */
export const canExport = ({ accessLevel }: Grant, item: { private: boolean }): boolean =>
  !item.private || accessLevel === 'ADMIN';
