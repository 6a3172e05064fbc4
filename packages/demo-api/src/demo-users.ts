import { draw } from '@clew/service';
import { type Static, Type } from 'typebox';

export const userSchema = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  email: Type.String({ description: 'At example.com, where nobody is.' }),
});

export type User = Static<typeof userSchema>;

/** Made-up users with ids from 1 on; the same ones for the same seed. */
export function demoUsers(seed: number, count = 500): User[] {
  return Array.from({ length: count }, (_, index) => {
    const id = index + 1;
    const first = pick(firstNames, draw(seed, 'user first name', id));
    const last = pick(lastNames, draw(seed, 'user last name', id));
    return { id, name: `${first} ${last}`, email: `${first}.${last}.${id}@example.com`.toLowerCase() };
  });
}

function pick(names: string[], drawn: number): string {
  return names[Math.floor(drawn * names.length)] ?? '';
}

const firstNames = 'Ada Alan Barbara Claude Donald Edsger Frances Grace Hedy Joan Katherine Ken Linus Margaret'.split(
  ' ',
);
const lastNames = 'Ariadne Daedalus Icarus Minos Pasiphae Phaedra Theseus Aegeus Naucrate Talos Perdix'.split(' ');
