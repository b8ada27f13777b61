/** As many as an item has people: a team is shown as a whole, and mailed as one. */
export const MAX_TEAM_USERS = 200;
