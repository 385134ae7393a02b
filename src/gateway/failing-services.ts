import { LRUCache } from 'lru-cache';

/** The services that are remembered. */
const servicesMax = 1000;

/**
 * Counts the users whose pushes to a service failed in a row. One user can make a service refuse
 * their own pushes for a while, but not those of others [P13].
 */
export function createFailingServices(usersMin: number) {
  const failedUsers = new LRUCache<string, Set<string>>({ max: servicesMax });
  return {
    /** Returns whether pushes of so many users have failed that the service is paused. */
    record(service: string, userId: string): boolean {
      const users = failedUsers.get(service) ?? new Set();
      failedUsers.set(service, users);
      if (users.size < usersMin) users.add(userId);
      return users.size >= usersMin;
    },
    /** The service has taken a push. */
    forget: (service: string) => void failedUsers.delete(service),
  };
}
