import type { Config } from '../../config.ts';

/** Whether ADMIN_USERNAMES names it. The username is given as it is stored. */
export const isAdminName = (config: Config, username: string): boolean =>
  config.ADMIN_USERNAMES.some((name) => name.toLowerCase() === username);
