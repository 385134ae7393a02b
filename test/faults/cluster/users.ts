import { SignJWT } from 'jose';
import { request } from './request.ts';

/** The address for creating users, without a proxy, and the secret of their issuer. */
export interface Access {
  readonly url: string;
  readonly secret: string;
}

/** A user of the application's issuer, with tokens of a chosen lifetime. */
export interface User {
  readonly id: string;
  readonly name: string;
  sign(): Promise<{ token: string; endsAt: number }>;
}

/** Makes a user by coming for the first time; to be called while nothing is broken. */
export async function createUser(
  access: Access,
  name: string,
  tokenLifeMs = 3_600_000,
): Promise<User> {
  const key = new TextEncoder().encode(access.secret);
  const sign = async () => {
    const seconds = Math.ceil((Date.now() + tokenLifeMs) / 1000);
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(name)
      .setExpirationTime(seconds)
      .sign(key);
    return { token, endsAt: seconds * 1000 };
  };
  const { token } = await sign();
  const { viewer } = await request(access.url, token, '{ viewer { id } }');
  return { id: viewer.id, name, sign };
}

/** Several, a few at a time. */
export async function createUsers(
  access: Access,
  names: readonly string[],
  tokenLifeMs?: number,
): Promise<User[]> {
  const users: User[] = [];
  for (let from = 0; from < names.length; from += 20)
    users.push(
      ...(await Promise.all(
        names.slice(from, from + 20).map((name) => createUser(access, name, tokenLifeMs)),
      )),
    );
  return users;
}
