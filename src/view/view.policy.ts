/** What the rules want to know of a view. */
export interface ViewFacts {
  name: string;
  shared: boolean;
  ownerId: string;
}

/** What the rules want to know of who asks: what they are in the project of the view. */
export interface Asker {
  id: string;
  isMember: boolean;
  isCompanyAdmin: boolean;
}

/** Views that one person keeps in a project, and that are shared there: more is no list that people choose from. */
export const MAX_OWN_VIEWS = 50;
export const MAX_SHARED_VIEWS = 100;

/** Whether somebody sees a view: shared ones whoever sees the project (its members and company admins), others only their owner. */
export const canSeeView = (asker: Asker, view: ViewFacts): boolean =>
  (asker.isMember || asker.isCompanyAdmin) && (view.shared || view.ownerId === asker.id);

/** Why somebody may not save views of a project that they see, or null. */
export const refuseNewView = (asker: Asker, projectName: string): string | null =>
  asker.isMember ? null : `Only members of ${projectName} save views of it.`;

/** Why somebody may not change or delete a view that they see, or null. */
export const refuseChange = (asker: Asker, view: ViewFacts): string | null =>
  view.ownerId === asker.id || asker.isCompanyAdmin
    ? null
    : `Somebody else saved the view "${view.name}"; only they and company admins may change it.`;
