const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a string is a UUID. PostgreSQL refuses to compare an id with any other string. */
export const isId = (text: string): boolean => uuid.test(text);
