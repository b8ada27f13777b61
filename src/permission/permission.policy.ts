/** Levels of access to a tool in a project, from nothing to everything (domain.md 3). */
export const ACCESS_LEVELS = ['NONE', 'READ_ONLY', 'STANDARD', 'ADMIN'] as const;
export type AccessLevel = (typeof ACCESS_LEVELS)[number];

/** Single rights that are given on top of a level. */
export const GRANULAR_PERMISSIONS = [
  'CREATE',
  'EDIT_ITEMS_THEY_CREATED',
  'CREATE_RESPONSE',
  'RESPOND_TO_VENDOR_ITEMS',
  'VIEW_VENDOR_ITEMS',
] as const;
export type GranularPermission = (typeof GRANULAR_PERMISSIONS)[number];

/** What somebody holds on one tool in one project, as it is stored. */
export interface Grant {
  accessLevel: AccessLevel;
  granularPermissions: readonly GranularPermission[];
}

/** What the viewer holds on a tool in a project, with what else decides about sight there. Only READ_ONLY or more has one. */
export interface Right extends Grant {
  projectId: string;
  genericToolId: string;
  adminsSeePrivateItems: boolean;
}

export const NO_ACCESS: Grant = { accessLevel: 'NONE', granularPermissions: [] };

const IMPLIED: Record<AccessLevel, readonly GranularPermission[]> = {
  NONE: [],
  READ_ONLY: [],
  STANDARD: ['CREATE', 'EDIT_ITEMS_THEY_CREATED'],
  ADMIN: ['CREATE', 'EDIT_ITEMS_THEY_CREATED', 'CREATE_RESPONSE', 'RESPOND_TO_VENDOR_ITEMS'],
};

/** Whether a grant comes to this right: stored, or implied by the level. VIEW_VENDOR_ITEMS is never implied. */
export const holds = ({ accessLevel, granularPermissions }: Grant, permission: GranularPermission): boolean =>
  accessLevel !== 'NONE' && (granularPermissions.includes(permission) || IMPLIED[accessLevel].includes(permission));

export const canRead = ({ accessLevel }: Grant): boolean => accessLevel !== 'NONE';

/** Why a level and granular permissions cannot be stored together, or null when they can. */
export function refuseGrant({ accessLevel, granularPermissions }: Grant): string | null {
  if (accessLevel === 'NONE' && granularPermissions.length > 0)
    return `${granularPermissions.join(', ')} cannot be given with level NONE.`;
  const idle = granularPermissions.filter((permission) => permission !== 'VIEW_VENDOR_ITEMS');
  if (accessLevel === 'ADMIN' && idle.length > 0)
    return `${idle.join(', ')} cannot be given with level ADMIN, which implies every right but VIEW_VENDOR_ITEMS.`;
  return null;
}
