/** A team is shown as a whole, and mailed as one. */
export const MAX_TEAM_USERS = 500;
